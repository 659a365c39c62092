package io.chasqui.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns a failure of an administration command into one line and an exit status. */
public final class AdminFailures implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult arguments) throws Exception {
        if (failure instanceof AdminFailure expected) {
            command.getErr().println("chasqui: " + expected.getMessage());
            return expected.status();
        }
        throw failure;
    }
}

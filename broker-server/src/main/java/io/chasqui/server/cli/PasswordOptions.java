package io.chasqui.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a new password comes from: asked for on a terminal, otherwise the first line of input. */
final class PasswordOptions {

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            description =
                    "The password. Others on this machine may see it; left out, it is asked for, or"
                            + " read from standard input.")
    private @Nullable String given;

    String password() {
        String password = given != null ? given : asked();
        if (password.isEmpty()) {
            throw new AdminFailure(AdminFailure.FAILED, "the password must not be empty");
        }
        return password;
    }

    private static String asked() {
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            String first = typed(console, "Password: ");
            if (!first.equals(typed(console, "Again: "))) {
                throw new AdminFailure(AdminFailure.FAILED, "the two passwords differ");
            }
            return first;
        }
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String typed(Console console, String prompt) {
        char @Nullable [] typed = console.readPassword(prompt);
        return typed == null ? "" : new String(typed);
    }
}

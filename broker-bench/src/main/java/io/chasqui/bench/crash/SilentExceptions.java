package io.chasqui.bench.crash;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.DefaultExceptionHandler;

/** Says nothing of sockets that break when a broker is killed; the ledger is told elsewhere. */
final class SilentExceptions extends DefaultExceptionHandler {

    @Override
    public void handleUnexpectedConnectionDriverException(Connection connection, Throwable e) {}

    @Override
    protected void log(String message, Throwable e) {}
}

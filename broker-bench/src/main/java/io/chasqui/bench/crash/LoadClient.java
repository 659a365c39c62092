package io.chasqui.bench.crash;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An application that connects again whenever its broker has died. */
abstract sealed class LoadClient permits LoadPublisher, LoadConsumer {

    private static final int CONNECT_TIMEOUT_MS = 5000;
    private static final long PAUSE_MS = 20;
    private static final int CLOSE_TIMEOUT_MS = 5000;

    private final String name;
    private final CrashPlan plan;
    private final Ledger ledger;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    LoadClient(String name, CrashPlan plan, Ledger ledger) {
        this.name = name;
        this.plan = plan;
        this.ledger = ledger;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Finishes what it is about, and closes its connection. */
    void stop() {
        stopping.countDown();
    }

    void join(Duration patience) throws InterruptedException {
        thread.join(patience);
    }

    boolean isStopping() {
        return stopping.getCount() == 0;
    }

    void awaitStop(Duration patience) throws InterruptedException {
        stopping.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    static Connection connect(String uri, String name) throws IOException {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(uri);
            factory.setAutomaticRecoveryEnabled(false);
            factory.setTopologyRecoveryEnabled(false);
            factory.setConnectionTimeout(CONNECT_TIMEOUT_MS);
            factory.setExceptionHandler(new SilentExceptions());
            return factory.newConnection(name);
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new IllegalArgumentException(uri, e);
        } catch (TimeoutException e) {
            throw new IOException(e);
        }
    }

    /** Uses the connection until told to stop; throws as soon as it is dead. */
    abstract void work(Connection connection, int life) throws IOException, InterruptedException;

    private void run() {
        try {
            while (!isStopping()) {
                connectAndWork();
                awaitStop(Duration.ofMillis(PAUSE_MS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connectAndWork() throws InterruptedException {
        Connection connection;
        try {
            connection = connect(plan.uri(), name);
        } catch (IOException | ShutdownSignalException e) {
            return; // not up yet, or already gone again
        }
        // Asked for now: a connection that was made before the last kill is of no use any more.
        int life = ledger.life();
        try {
            connection.addShutdownListener(cause -> report(life, cause));
            work(connection, life);
            connection.close(CLOSE_TIMEOUT_MS);
        } catch (IOException | ShutdownSignalException e) {
            connection.abort();
        }
    }

    /** A channel whose end is reported to the ledger. */
    Channel channelOf(Connection connection, int life) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("no channel");
        }
        channel.addShutdownListener(cause -> report(life, cause));
        return channel;
    }

    private void report(int life, ShutdownSignalException cause) {
        if (!cause.isInitiatedByApplication()) {
            ledger.disconnected(life, name + ": " + cause.getMessage());
        }
    }
}

package io.chasqui.bench.crash;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.chasqui.bench.crash.Tally.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Carries out a {@link CrashPlan}: so many kills under load, then a drain and the verdict. */
final class CrashRun {

    /** Between two tries to connect to a broker that is starting. */
    private static final long RETRY_MS = 20;

    /** A start that is cut short is killed within this time; it covers most of a recovery. */
    private static final int KILL_STARTING_WITHIN_MS = 800;

    /** Without a delivery for so long, empty queues are drained. */
    private static final long QUIET_MS = 1000;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final CrashPlan plan;
    private final CrashableBroker broker;
    private final PrintStream out;
    private final SplittableRandom random;
    private final LoadTopology topology;
    private final Ledger ledger;
    private final List<LoadPublisher> publishers = new ArrayList<>();
    private final List<LoadConsumer> consumers = new ArrayList<>();
    private final RecoveryTimes untilReady = new RecoveryTimes();
    private final RecoveryTimes untilConnected = new RecoveryTimes();

    CrashRun(CrashPlan plan, CrashableBroker broker, PrintStream out) {
        this.plan = plan;
        this.broker = broker;
        this.out = out;
        this.random = new SplittableRandom(plan.seed());
        this.topology = new LoadTopology(plan);
        List<ConsumerId> ids = topology.consumers();
        this.ledger = new Ledger(CrashRun::nowMs, plan.publishers(), plan.prefetch() * ids.size());
        for (ConsumerId id : ids) {
            consumers.add(new LoadConsumer(id, plan, ledger));
        }
        for (int i = 0; i < plan.publishers(); i++) {
            publishers.add(new LoadPublisher(i, plan, topology, ledger));
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Leaves the broker running, unless something goes wrong with it. */
    CrashReport run() throws IOException, InterruptedException {
        start();
        declare();
        consumers.forEach(LoadClient::start);
        publishers.forEach(LoadClient::start);
        for (int round = 1; round <= plan.rounds(); round++) {
            round(round);
        }
        awaitConfirm();
        stop(publishers);
        boolean drained = drain();
        stop(consumers);
        return new CrashReport(
                ledger.verdict(), ledger.examples(), untilReady, untilConnected, drained);
    }

    private void declare() throws IOException {
        try (Connection connection = LoadClient.connect(plan.uri(), "crash-test")) {
            topology.declare(connection);
        } catch (TimeoutException e) {
            throw new IOException(e);
        }
    }

    private void round(int round) throws IOException, InterruptedException {
        Tally before = ledger.soFar();
        awaitConfirm();
        int delayMs = random.nextInt(plan.killAfterLeastMs(), plan.killAfterMostMs() + 1);
        broker.letLive(delayMs);
        kill();
        int cutShort = 0;
        while (broker instanceof ChildBroker && cutsNextStartShort()) {
            launch();
            broker.letLive(random.nextInt(KILL_STARTING_WITHIN_MS));
            kill();
            cutShort++;
        }
        String recovery = start();
        out.println(CrashReport.round(round, delayMs, cutShort, recovery, before, ledger.soFar()));
    }

    private boolean cutsNextStartShort() {
        return random.nextInt(100) < plan.killStartingPercent();
    }

    private void kill() throws IOException, InterruptedException {
        ledger.killing();
        broker.kill();
    }

    private void launch() throws IOException {
        ledger.starting();
        broker.launch();
    }

    /** Returns how long it took, in words. */
    private String start() throws IOException, InterruptedException {
        long launched = nowMs();
        FutureTask<Long> firstConnection = new FutureTask<>(this::awaitConnection);
        launch();
        Thread.ofPlatform().name("first-connection").daemon().start(firstConnection);
        broker.awaitReady(plan.startPatience());
        long ready = nowMs() - launched;
        untilReady.add(ready);
        try {
            long patience = plan.startPatience().toMillis();
            long connected = firstConnection.get(patience, TimeUnit.MILLISECONDS) - launched;
            untilConnected.add(connected);
            return "ready after " + ready + " ms, connected after " + connected + " ms";
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the broker is ready, but nobody can connect", e);
        }
    }

    /** Returns when the broker had let somebody in. */
    private long awaitConnection() throws IOException, InterruptedException {
        while (true) {
            try (Connection _ = LoadClient.connect(plan.uri(), "crash-test-first")) {
                return nowMs();
            } catch (IOException _) {
                broker.letLive(RETRY_MS); // not up yet
            }
        }
    }

    /** The load counts as begun with the first message that is confirmed. */
    private void awaitConfirm() throws IOException, InterruptedException {
        long before = ledger.soFar().get(Kind.CONFIRMED);
        if (!ledger.awaitMore(Kind.CONFIRMED, before, plan.startPatience().toMillis())) {
            throw new IOException("nothing is confirmed: " + ledger.examples());
        }
    }

    private static void stop(List<? extends LoadClient> clients) throws InterruptedException {
        clients.forEach(LoadClient::stop);
        for (LoadClient client : clients) {
            client.join(STOP_PATIENCE);
        }
    }

    /** Lets consumers empty every queue; returns whether they did in time. */
    private boolean drain() throws IOException, InterruptedException {
        if (topology.hasBacklog()) {
            LoadConsumer last = new LoadConsumer(topology.backlogConsumer(), plan, ledger);
            consumers.add(last);
            last.start();
        }
        long deadline = nowMs() + plan.drainPatience().toMillis();
        try (Connection connection = LoadClient.connect(plan.uri(), "crash-test-drain");
                Channel channel = connection.createChannel()) {
            while (nowMs() < deadline) {
                long delivered = ledger.soFar().get(Kind.DELIVERED);
                boolean quiet = !ledger.awaitMore(Kind.DELIVERED, delivered, QUIET_MS);
                if (quiet && ready(channel) == 0) {
                    return true;
                }
            }
        } catch (TimeoutException e) {
            throw new IOException(e);
        }
        return false;
    }

    private long ready(Channel channel) throws IOException {
        long messages = 0;
        for (String queue : topology.queues()) {
            messages += channel.messageCount(queue);
        }
        return messages;
    }
}

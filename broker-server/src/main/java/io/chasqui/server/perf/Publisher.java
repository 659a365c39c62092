package io.chasqui.server.perf;

import io.chasqui.protocol.amqp091.AckReader;
import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ConfirmMethod;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.protocol.amqp091.NackReader;
import io.chasqui.server.client.ClientConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Sends messages as fast as the broker, the confirm window and the rate allow, one write a batch.
 *
 * <p>It reads confirms itself, between two batches: when something has arrived, and when the window
 * is full.
 */
final class Publisher implements Worker {

    /**
     * How long a publisher with a rate sleeps at most while confirms are outstanding; its confirm
     * latencies may be that much too long, about 0.1 ms with the kernel's timer slack.
     */
    private static final long POLL_NANOS = 50_000;

    /** Octets a batch may have, unless one message has more. */
    private static final int BATCH_BYTES = 1024 * 1024;

    private final ClientConnection connection;
    private final LongSupplier nanoTime;
    private final PublishTemplate template;
    private final int batch;
    private final boolean confirms;
    private final Histogram confirmLatencies = new Histogram();
    private final ConfirmWindow window;
    private final Pace pace;
    private final Count sent = new Count();
    private final Count confirmed = new Count();
    private final Count nacked = new Count();
    private volatile boolean stopping;

    Publisher(
            ClientConnection connection,
            BasicMethod.Publish publish,
            PerfPlan.Publishing plan,
            LongSupplier nanoTime)
            throws IOException {
        this.connection = connection;
        this.nanoTime = nanoTime;
        this.template =
                new PublishTemplate(
                        publish, plan.persistent(), plan.bodyBytes(), connection.frameMax());
        this.batch = Math.clamp(BATCH_BYTES / template.size(), 1, plan.batch());
        this.confirms = plan.confirmWindow() > 0;
        this.window = new ConfirmWindow(plan.confirmWindow(), confirmLatencies);
        this.pace = new Pace(plan.ratePerSecond());
        connection.reserve(batch * template.size());
        if (confirms) {
            connection.call(new ConfirmMethod.Select(false), ConfirmMethod.SelectOk.class);
        }
    }

    @Override
    public void work() throws IOException {
        pace.start(nanoTime.getAsLong());
        while (!stopping) {
            int free = confirms ? Math.min(batch, window.free()) : batch;
            if (free == 0) {
                connection.read(this::answer);
                continue;
            }
            int due = pace.due(free, nanoTime.getAsLong());
            if (due == 0) {
                sleep();
            } else {
                send(due);
            }
            while (connection.hasInput()) {
                connection.read(this::answer);
            }
        }
    }

    private void sleep() {
        long nanos = pace.untilNext(nanoTime.getAsLong());
        boolean waiting = confirms && !window.isEmpty();
        LockSupport.parkNanos(waiting ? Math.min(nanos, POLL_NANOS) : nanos);
    }

    private void send(int messages) throws IOException {
        ByteBuffer out = connection.out();
        long now = nanoTime.getAsLong();
        for (int i = 0; i < messages; i++) {
            long stamp = pace.stamp(now);
            template.write(out, stamp);
            if (confirms) {
                window.sent(stamp);
            }
        }
        connection.flush();
        sent.add(messages);
    }

    private void answer(FrameCursor frame, ByteBuffer in) throws IOException {
        int at = frame.payloadAt();
        int method = frame.type() == Amqp091.FRAME_METHOD ? MethodReader.id(in, at) : 0;
        switch (method) {
            case MethodId.BASIC_ACK ->
                    confirmed.add(
                            settle(AckReader.deliveryTag(in, at), AckReader.multiple(in, at)));
            case MethodId.BASIC_NACK ->
                    nacked.add(settle(NackReader.deliveryTag(in, at), NackReader.multiple(in, at)));
            default -> connection.unasked(frame, in);
        }
    }

    private int settle(long tag, boolean multiple) {
        return window.settled(tag, multiple, nanoTime.getAsLong());
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public ClientConnection connection() {
        return connection;
    }

    @Override
    public Sample addTo(Sample sample) {
        return sample.plusPublisher(
                sent.get(), confirmed.get(), nacked.get(), confirmLatencies.snapshot());
    }
}

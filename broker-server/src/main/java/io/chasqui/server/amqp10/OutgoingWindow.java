package io.chasqui.server.amqp10;

import io.chasqui.server.net.OutputBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.apache.qpid.proton.amqp.transport.Flow;

/**
 * How many frames of deliveries the client of a session takes (1.0 §2.5.6).
 *
 * <p>What was given out before the window closed is held back in the order it came, and goes out frame
 * by frame, as far as the window allows. More than one consumer's window is never held, because nobody
 * is {@link #isOpen writable} then.
 */
final class OutgoingWindow {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Wire wire;
    private final OutputBuffer output;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private final Runnable whenReopened;

    /** The first of all, and so what the client expects before it knows. */
    static final int FIRST_ID = 0;

    private int nextId = FIRST_ID;
    private long left;
    private int lastFrames;
    private boolean lastHeld;
    private boolean tickEndDue;
    private volatile boolean open;

    /**
     * What waits for the window.
     *
     * @param link whose it is
     * @param frames of a delivery, from the position on
     * @param behind done once they are sent
     */
    private record Held(Attachment link, ByteBuffer frames, Runnable behind) {}

    /**
     * @param window frames that the client takes to begin with
     * @param whenReopened called when the client takes frames again
     */
    OutgoingWindow(Wire wire, long window, Runnable whenReopened) {
        this.wire = wire;
        this.whenReopened = whenReopened;
        this.output = wire.output();
        this.left = window;
        this.open = left > 0;
    }

    /** Whether the client takes at least one more frame. Any thread. */
    boolean isOpen() {
        return open;
    }

    /** The id of the transfer frame that comes next. */
    int nextId() {
        return nextId;
    }

    /** Where to write a link's delivery, in so many frames of together so many octets. */
    ByteBuffer begin(Attachment link, int frames, int bytes) {
        lastFrames = frames;
        lastHeld = !held.isEmpty() || left < frames;
        if (!lastHeld) {
            sent(frames);
            return output.begin(bytes);
        }
        ByteBuffer kept = ByteBuffer.allocate(bytes);
        held.add(new Held(link, kept, () -> {}));
        open = false;
        if (left > 0 && !tickEndDue) {
            // Not at once: it may yet be taken back.
            tickEndDue = true;
            wire.broker().shard().atTickEnd(this::tickEnded);
        }
        return kept.duplicate();
    }

    private void tickEnded() {
        tickEndDue = false;
        sendHeld();
        noteOpen();
    }

    private void sent(int frames) {
        left -= frames;
        nextId += frames;
        open = left > 0;
    }

    /** Takes the delivery back that was written last. */
    void undo() {
        if (lastHeld) {
            held.removeLast();
            open = held.isEmpty() && left > 0;
        } else {
            output.takeBack();
            sent(-lastFrames);
        }
    }

    /** Does something behind a link's deliveries so far: at once, unless they wait for the window. */
    void behindDeliveries(Attachment link, Runnable task) {
        if (held.isEmpty()) {
            task.run();
        } else {
            held.add(new Held(link, NOTHING, task));
        }
    }

    /** The client tells what it takes. */
    void flow(Flow flow) {
        int seen =
                flow.getNextIncomingId() == null ? FIRST_ID : flow.getNextIncomingId().intValue();
        left = flow.getIncomingWindow().longValue() - (nextId - seen);
        sendHeld();
        noteOpen();
    }

    private void noteOpen() {
        boolean was = open;
        open = held.isEmpty() && left > 0;
        if (open && !was) {
            whenReopened.run();
        }
    }

    private void sendHeld() {
        while (!held.isEmpty()) {
            ByteBuffer frames = held.element().frames;
            while (frames.hasRemaining() && left > 0) {
                int size = frames.getInt(frames.position());
                output.begin(size).put(frames.slice(frames.position(), size));
                frames.position(frames.position() + size);
                sent(1);
            }
            if (frames.hasRemaining()) {
                return;
            }
            held.remove().behind.run();
        }
    }

    /** A link is detached: what is still to go out of it does not (1.0 §2.6.3). */
    void forget(Attachment link) {
        if (held.removeIf(each -> each.link == link)) {
            sendHeld();
            noteOpen();
        }
    }

    /** The session is gone, and its links before it. */
    void close() {
        open = false;
        held.clear();
    }
}

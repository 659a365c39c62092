package io.chasqui.core.message;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory the annotations take that clients have added to messages. Any thread. */
public final class AnnotationRoom {

    /** Some hundred thousand messages with a few annotations each. */
    static final long MAX_BYTES = 64L << 20;

    private final AtomicLong taken = new AtomicLong();

    /** Takes so many bytes; false if there are not so many left. */
    public boolean take(int bytes) {
        if (taken.addAndGet(bytes) <= MAX_BYTES || bytes <= 0) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    /** Takes what was there before the broker was started. */
    public void takeAnyway(int bytes) {
        taken.addAndGet(bytes);
    }

    public void giveBack(int bytes) {
        taken.addAndGet(-bytes);
    }

    /** Bytes taken. */
    public long taken() {
        return taken.get();
    }
}

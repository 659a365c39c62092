package io.chasqui.server.perf;

import java.util.concurrent.atomic.AtomicLong;

/** A number that one thread raises and others read a moment later, without a locked instruction. */
final class Count {

    private final AtomicLong value = new AtomicLong();

    void add(long amount) {
        value.setOpaque(value.getPlain() + amount);
    }

    long get() {
        return value.getOpaque();
    }
}

package io.chasqui.core.queue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/** Pages in a map, answered only when the test says so; in any order; with failures at will. */
final class DelayedPages implements PageIo {

    private final Map<Integer, byte[]> slots = new HashMap<>();
    private final Set<Integer> released = new HashSet<>();
    private final ArrayDeque<Runnable> pending = new ArrayDeque<>();
    private int nextSlot;
    int writes;
    int reads;
    boolean atOnce;
    boolean writesFail;
    boolean readsFail;

    static DelayedPages atOnce() {
        DelayedPages pages = new DelayedPages();
        pages.atOnce = true;
        return pages;
    }

    @Override
    public void write(long queueId, long pageNumber, ByteBuffer page, IntConsumer slotWritten) {
        writes++;
        answer(() -> {
            if (writesFail) {
                slotWritten.accept(FAILED);
                return;
            }
            byte[] image = new byte[page.remaining()];
            page.get(page.position(), image);
            slots.put(nextSlot, image);
            slotWritten.accept(nextSlot++);
        });
    }

    @Override
    public void read(int slot, long queueId, long pageNumber, ByteBuffer target, Arrival arrival) {
        reads++;
        answer(() -> {
            byte[] image = slots.get(slot);
            if (image == null) {
                throw new AssertionError("slot " + slot + " was never written");
            }
            if (!readsFail) {
                target.put(image);
            }
            arrival.arrived(!readsFail);
        });
    }

    @Override
    public void release(int slot) {
        if (!slots.containsKey(slot) || !released.add(slot)) {
            throw new AssertionError("slot " + slot + " is not in use");
        }
    }

    private void answer(Runnable answer) {
        if (atOnce) {
            answer.run();
        } else {
            pending.add(answer);
        }
    }

    /** Answers what was asked first; false if nothing is asked. */
    boolean answerOne() {
        Runnable answer = pending.poll();
        if (answer == null) {
            return false;
        }
        answer.run();
        return true;
    }

    void answerAll() {
        while (answerOne()) {
            // until nothing is left
        }
    }

    int pending() {
        return pending.size();
    }

    /** A checkpoint refers to these slots; what was released before and is not among them may go. */
    void checkpoint(Set<Integer> slotsOfCheckpoint) {
        Set<Integer> unused = new HashSet<>(released);
        unused.removeAll(slotsOfCheckpoint);
        slots.keySet().removeAll(unused);
        released.removeAll(unused);
    }

    /** The process died: nothing asked is answered, and what a checkpoint refers to is still there. */
    void crash(Set<Integer> slotsOfCheckpoint) {
        pending.clear();
        released.clear();
        slots.keySet().retainAll(slotsOfCheckpoint);
    }

    int slotsInUse() {
        return slots.size() - released.size();
    }
}

package io.chasqui.core.shard;

import java.util.Arrays;

/**
 * What one shard has to tell another at the end of a tick: an ordered batch of primitive messages,
 * each a receiver and three words. One object per tick and pair of shards, none per message.
 *
 * <p>Filled by the sending shard's thread, then read by the receiving one; the hand-over between
 * them goes through the receiver's inbox, which publishes the contents safely.
 */
final class HandOff implements Runnable {

    private static final int INITIAL_SIZE = 64;

    private Receiver[] receivers = new Receiver[INITIAL_SIZE];
    private long[] words = new long[INITIAL_SIZE * 3];
    private int size;

    void add(Receiver receiver, long first, long second, long third) {
        if (size == receivers.length) {
            receivers = Arrays.copyOf(receivers, size * 2);
            words = Arrays.copyOf(words, size * 6);
        }
        int at = size * 3;
        receivers[size++] = receiver;
        words[at] = first;
        words[at + 1] = second;
        words[at + 2] = third;
    }

    /** Delivers the batch, in order, on the receiving shard's thread. */
    @Override
    public void run() {
        for (int i = 0, at = 0; i < size; i++, at += 3) {
            receivers[i].receive(words[at], words[at + 1], words[at + 2]);
        }
    }
}

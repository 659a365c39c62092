package io.chasqui.core.queue;

import java.util.TreeSet;

/**
 * Messages that came back before the place that a search has come to, each once. They are bounded: of
 * too many only the first is remembered, and the search begins there anew.
 */
final class ReturnedSeqs {

    private static final int MOST = 16_384;

    private final TreeSet<Long> seqs = new TreeSet<>();

    boolean isEmpty() {
        return seqs.isEmpty();
    }

    long first() {
        return seqs.first();
    }

    void remove(long seq) {
        seqs.remove(seq);
    }

    /**
     * Adds one.
     *
     * @return whether there are too many: they are to be forgotten, and looked for from the first on
     */
    boolean add(long seq) {
        seqs.add(seq);
        return seqs.size() > MOST;
    }

    void clear() {
        seqs.clear();
    }
}

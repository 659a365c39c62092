package io.chasqui.core.queue;

import io.chasqui.core.store.Lsn;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often messages of one index were given back unharmed; only those that were. An entry has no place
 * for it, and few messages come back at all.
 */
final class ReturnCounts {

    private final IndexPages pages;
    private final Map<Long, Integer> counts = new TreeMap<>();

    ReturnCounts(IndexPages pages) {
        this.pages = pages;
    }

    void add(long seq) {
        counts.merge(seq, 1, Integer::sum);
    }

    void set(long seq, int returns) {
        if (returns > 0) {
            counts.put(seq, returns);
        }
    }

    int of(long seq) {
        return counts.isEmpty() ? 0 : counts.getOrDefault(seq, 0);
    }

    /** The message left the index. */
    void forget(long seq) {
        if (!counts.isEmpty()) {
            counts.remove(seq);
        }
    }

    /** Many messages left the index. */
    void forgetGone() {
        counts.keySet().removeIf(seq -> !isLive(seq));
    }

    /** What survives a restart. */
    void snapshot(IndexSnapshotSink sink) {
        counts.forEach((seq, returns) -> {
            if (isLive(seq) && !isTransient(seq)) {
                sink.returned(seq, returns);
            }
        });
    }

    private boolean isLive(long seq) {
        return pages.isLive(seq);
    }

    private boolean isTransient(long seq) {
        IndexPage page = pages.of(seq);
        return page.resident() && Lsn.isTransient(page.position((int) seq & IndexPage.MASK));
    }
}

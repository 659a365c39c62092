package io.chasqui.core.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The segments the log consists of, found by number without a lock or an allocation, because every
 * settled message looks its segment up. A number's place is {@code number mod slots}; the table
 * doubles when two numbers in use would share one.
 */
final class SegmentTable {

    private static final int INITIAL_SLOTS = 64;

    private final LogCounters counters;
    private volatile AtomicReferenceArray<@Nullable Segment> slots =
            new AtomicReferenceArray<>(INITIAL_SLOTS);

    SegmentTable(LogCounters counters) {
        this.counters = counters;
    }

    @Nullable Segment get(long number) {
        AtomicReferenceArray<@Nullable Segment> now = slots;
        Segment segment = now.get(slot(now, number));
        return segment != null && segment.number == number ? segment : null;
    }

    synchronized Segment add(long number) {
        Segment added = new Segment(number);
        while (slots.get(slot(slots, number)) != null) {
            slots = doubled(slots);
        }
        slots.set(slot(slots, number), added);
        counters.segments.incrementAndGet();
        return added;
    }

    synchronized void remove(Segment segment) {
        int at = slot(slots, segment.number);
        if (slots.get(at) == segment) {
            slots.set(at, null);
            counters.segments.decrementAndGet();
        }
    }

    /** All segments, oldest first. */
    synchronized List<Segment> all() {
        List<Segment> all = new ArrayList<>();
        for (int i = 0; i < slots.length(); i++) {
            Segment segment = slots.get(i);
            if (segment != null) {
                all.add(segment);
            }
        }
        all.sort(Comparator.comparingLong(segment -> segment.number));
        return all;
    }

    private static AtomicReferenceArray<@Nullable Segment> doubled(
            AtomicReferenceArray<@Nullable Segment> old) {
        AtomicReferenceArray<@Nullable Segment> wider =
                new AtomicReferenceArray<>(old.length() * 2);
        for (int i = 0; i < old.length(); i++) {
            Segment segment = old.get(i);
            if (segment != null) {
                wider.set(slot(wider, segment.number), segment);
            }
        }
        return wider;
    }

    private static int slot(AtomicReferenceArray<@Nullable Segment> slots, long number) {
        return (int) number & (slots.length() - 1);
    }
}

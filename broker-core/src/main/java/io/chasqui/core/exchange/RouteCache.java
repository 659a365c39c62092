package io.chasqui.core.exchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The routes that a channel used last, found by the octets of exchange name and routing key as
 * basic.publish carries them, so that a hit decodes no string and allocates nothing. Belongs to one
 * thread.
 *
 * <p>The key is {@code exchange shortstr + routing-key shortstr} with both length octets, which
 * makes it unambiguous. Routes are good for one version of the definitions only: the caller reads
 * the version <em>before</em> it routes, and a definition changes <em>before</em> its version does,
 * so a route that was found while a binding came or went is dropped with the old version.
 *
 * <p>Direct-mapped: a route has one slot that it may take, and the newer one wins. Publishers use
 * one key over and over, so the slot used last is tried before the hash is computed.
 */
public final class RouteCache {

    private static final int SLOTS = 64;

    /** A multiplier whose bits are spread evenly: 2^64 divided by the golden ratio, made odd. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final @Nullable Entry[] slots = new @Nullable Entry[SLOTS];
    private @Nullable Entry last;
    private long version;

    /** The octets of the key, eight to a word, the last word filled up with zeros in front. */
    private record Entry(int length, long[] words, Route route) {

        boolean isFor(ByteBuffer names, int at, int keyLength) {
            if (length != keyLength) {
                return false;
            }
            for (int i = 0; i < words.length; i++) {
                if (words[i] != word(names, at, keyLength, i)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * The route for these names, or null if it is not known for this version.
     *
     * @param version of the definitions, read before this call
     * @param names holds the two short strings below its limit; its position does not matter
     * @param at index of the first octet of the exchange's short string
     * @param length octets of both short strings with their length octets
     */
    public @Nullable Route find(long version, ByteBuffer names, int at, int length) {
        if (version != this.version) {
            return null;
        }
        Entry recent = last;
        if (recent != null && recent.isFor(names, at, length)) {
            return recent.route;
        }
        Entry entry = slots[slot(names, at, length)];
        if (entry == null || !entry.isFor(names, at, length)) {
            return null;
        }
        last = entry;
        return entry.route;
    }

    /**
     * Keeps a route, unless it depends on more than the names.
     *
     * @param version of the definitions, read before the route was computed
     */
    public void put(long version, ByteBuffer names, int at, int length, Route route) {
        if (version != this.version) {
            Arrays.fill(slots, null);
            last = null;
            this.version = version;
        }
        if (!route.isCacheable()) {
            return;
        }
        long[] words = new long[(length + Long.BYTES - 1) / Long.BYTES];
        for (int i = 0; i < words.length; i++) {
            words[i] = word(names, at, length, i);
        }
        Entry entry = new Entry(length, words, route);
        slots[slot(names, at, length)] = entry;
        last = entry;
    }

    private static int slot(ByteBuffer names, int at, int length) {
        long hash = length;
        for (int i = 0; i * Long.BYTES < length; i++) {
            hash = (hash ^ word(names, at, length, i)) * SPREAD;
            hash ^= hash >>> 32;
        }
        return (int) (hash & (SLOTS - 1));
    }

    /** The same word from the same octets, whatever the buffer's byte order is. */
    private static long word(ByteBuffer names, int at, int length, int index) {
        int from = at + index * Long.BYTES;
        int rest = at + length - from;
        if (rest >= Long.BYTES) {
            long word = names.getLong(from);
            return names.order() == ByteOrder.BIG_ENDIAN ? word : Long.reverseBytes(word);
        }
        long word = 0;
        for (int i = from; i < from + rest; i++) {
            word = (word << Byte.SIZE) | (names.get(i) & 0xFF);
        }
        return word;
    }
}

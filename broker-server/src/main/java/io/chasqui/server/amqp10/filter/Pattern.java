package io.chasqui.server.amqp10.filter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pattern of a LIKE: {@code %} stands for any characters, {@code _} for one. Matched as an automaton
 * whose states are bits, so that a character of the text costs one step for every 64 of the pattern,
 * whatever they are.
 *
 * <p>State i: the first i items of the pattern have matched.
 */
final class Pattern {

    private static final int NO_ESCAPE = -1;

    private final int items;
    private final int words;

    /** States that a {@code %} stands at: they stay. */
    private final long[] stay;

    /** States that any character leads on from. */
    private final long[] any;

    /** States that a character leads on from. */
    private final Map<Integer, long[]> by = new HashMap<>();

    private Pattern(int items) {
        this.items = items;
        this.words = items / Long.SIZE + 1;
        this.stay = new long[words];
        this.any = new long[words];
    }

    static Pattern of(String text) throws BadFilterException {
        return read(text, NO_ESCAPE);
    }

    /**
     * @param escape what follows this character stands for itself
     */
    static Pattern of(String text, String escape) throws BadFilterException {
        if (escape.codePointCount(0, escape.length()) != 1) {
            throw new BadFilterException("ESCAPE needs one character");
        }
        return read(text, escape.codePointAt(0));
    }

    private static Pattern read(String text, int escape) throws BadFilterException {
        int[] points = text.codePoints().toArray();
        Pattern pattern = new Pattern(points.length);
        int item = 0;
        for (int i = 0; i < points.length; i++) {
            int point = points[i];
            if (point == escape) {
                if (++i == points.length) {
                    throw new BadFilterException("nothing follows the escape character");
                }
                pattern.literal(item++, points[i]);
            } else if (point == '%') {
                set(pattern.stay, item);
            } else if (point == '_') {
                set(pattern.any, item++);
            } else {
                pattern.literal(item++, point);
            }
        }
        return item == points.length ? pattern : pattern.shortened(item);
    }

    private void literal(int item, int point) {
        set(by.computeIfAbsent(point, _ -> new long[words]), item);
    }

    /** The same with fewer items than there are characters. */
    private Pattern shortened(int to) {
        Pattern shorter = new Pattern(to);
        System.arraycopy(stay, 0, shorter.stay, 0, shorter.words);
        System.arraycopy(any, 0, shorter.any, 0, shorter.words);
        by.forEach((point, states) -> shorter.by.put(point, Arrays.copyOf(states, shorter.words)));
        return shorter;
    }

    private static void set(long[] states, int state) {
        states[state / Long.SIZE] |= 1L << state;
    }

    boolean matches(String text) {
        long[] states = new long[words];
        states[0] = 1;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (!step(states, by.get(point))) {
                return false;
            }
        }
        return (states[items / Long.SIZE] & (1L << items)) != 0;
    }

    /** Takes one character; false if nothing can match any more. */
    private boolean step(long[] states, long @Nullable [] literal) {
        long carry = 0;
        long all = 0;
        for (int word = 0; word < words; word++) {
            long now = states[word];
            long on = now & (any[word] | (literal == null ? 0 : literal[word]));
            states[word] = (now & stay[word]) | (on << 1) | carry;
            carry = on >>> (Long.SIZE - 1);
            all |= states[word];
        }
        return all != 0;
    }
}

package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.ValueWriter;
import io.chasqui.protocol.amqp10.Values;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.jspecify.annotations.Nullable;

/**
 * What clients add to the annotations of messages with the outcome {@code modified} (1.0 §3.4.5), as octets of a
 * map. What the broker says itself of a message in annotations is not taken from clients.
 */
final class ModifiedAnnotations {

    private static final Set<String> OURS =
            Set.of(
                    "x-exchange",
                    "x-routing-key",
                    "x-acquired-count",
                    "x-delivery-count",
                    "x-cc",
                    "x-death",
                    DeathAnnotations.DEATHS);

    private static final Symbol DELIVERY_TIME = Symbol.valueOf("x-opt-delivery-time");

    private ModifiedAnnotations() {}

    /** Encodes a value. */
    @FunctionalInterface
    interface Encoder {
        ByteBuffer encode(Object value);
    }

    /** Whether the outcome adds any. */
    static boolean any(Modified outcome) {
        return outcome.getMessageAnnotations() != null
                && !outcome.getMessageAnnotations().isEmpty();
    }

    /** When the message may be given out again (ms since the epoch); 0 if the outcome does not say. */
    static long deliveryTimeMs(Modified outcome) {
        return switch (outcome.getMessageAnnotations().get(DELIVERY_TIME)) {
            case Date time -> time.getTime();
            case Number time -> time.longValue();
            case null, default -> 0;
        };
    }

    /**
     * What the outcome adds, from 0 to the limit.
     *
     * @throws Amqp10Error if a key is not a symbol that begins with "x-" (1.0 §3.2.10)
     */
    static ByteBuffer of(Modified outcome, Encoder encoder) {
        Map<Object, @Nullable Object> added = new LinkedHashMap<>();
        ((Map<?, ?>) outcome.getMessageAnnotations())
                .forEach((key, value) -> {
                    if (!(key instanceof Symbol name) || !name.toString().startsWith("x-")) {
                        throw Amqp10Error.session(
                                Amqp10Error.INVALID_FIELD,
                                "message-annotations of modified begin with x-, not " + key);
                    }
                    if (!isOurs(name.toString())) {
                        added.put(key, value);
                    }
                });
        ByteBuffer encoded = encoder.encode(added);
        ByteBuffer own = ByteBuffer.allocate(encoded.remaining());
        return own.put(0, encoded, encoded.position(), encoded.remaining());
    }

    private static boolean isOurs(String name) {
        return OURS.contains(name)
                || name.startsWith("x-first-death-")
                || name.startsWith("x-last-death-");
    }

    /** What was added before, and now that: the later of one name counts. */
    static ByteBuffer merge(@Nullable ByteBuffer before, ByteBuffer added) {
        if (before == null) {
            return added;
        }
        ValueWriter out = new ValueWriter();
        merge(out, before, 0, added);
        return ByteBuffer.wrap(out.toArray());
    }

    private static void merge(ValueWriter out, ByteBuffer in, int given, ByteBuffer added) {
        Set<String> names = new HashSet<>();
        int next = Values.elementsAt(added, 0);
        for (int n = Values.count(added, 0); n > 1; n -= 2) {
            names.add(Values.text(added, next));
            next = Values.end(added, Values.end(added, next, added.limit()), added.limit());
        }
        int map = out.beginMap();
        int count = AnnotationCopy.copyWithout(out, in, given, names);
        count += AnnotationCopy.copyWithout(out, added, 0, Set.of());
        out.end(map, count);
    }

    /** See {@link io.chasqui.core.message.MessageFormat#withAnnotations}. */
    static ByteBuffer into(ByteBuffer image, int at, ByteBuffer added) {
        int from = Amqp10Format.sectionsAt(at);
        int end = Amqp10Format.bodyAt(image, at);
        MessageSections sections = new MessageSections();
        sections.scanHead(image, from, end);
        ValueWriter out = new ValueWriter();
        int header = sections.value(MessageSections.HEADER);
        if (header >= 0) {
            out.described(MessageSections.HEADER);
            out.copy(image, header, Values.end(image, header, end) - header);
        }
        out.described(MessageSections.MESSAGE_ANNOTATIONS);
        merge(out, image, sections.value(MessageSections.MESSAGE_ANNOTATIONS), added);
        out.copy(image, sections.bareAt(), end - sections.bareAt());
        return Amqp10Format.head(ByteBuffer.allocate(0), out.memory(), 0, out.size()).slice();
    }
}

package io.chasqui.server.amqp10;

import io.chasqui.core.message.Death;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.ValueWriter;
import io.chasqui.protocol.amqp10.Values;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The deaths of a message in its message-annotations, as RabbitMQ notes them: {@code x-opt-deaths},
 * newest first, and the first and the last one besides.
 */
final class DeathAnnotations {

    /** RabbitMQ's name for them. */
    static final String DEATHS = "x-opt-deaths";

    private static final Set<String> OURS =
            Set.of(
                    DEATHS,
                    "x-first-death-queue",
                    "x-first-death-reason",
                    "x-first-death-exchange",
                    "x-last-death-queue",
                    "x-last-death-reason",
                    "x-last-death-exchange");

    private static final int HEADER_TTL = 2;
    private static final int HEADER_COUNT = 4;

    private DeathAnnotations() {}

    /**
     * One queue that a message died in for one reason.
     *
     * @param ttlMs the time to live it was published with, or -1
     */
    private record Entry(
            String queue,
            String reason,
            long count,
            long firstMs,
            long lastMs,
            String exchange,
            List<String> keys,
            long ttlMs) {

        boolean isOf(Death death) {
            return queue.equals(death.queue()) && reason.equals(death.reason().wireName());
        }

        Entry again(long timeMs) {
            return new Entry(queue, reason, count + 1, firstMs, timeMs, exchange, keys, ttlMs);
        }
    }

    /** See {@link io.chasqui.core.message.MessageFormat#withDeath}. */
    static ByteBuffer add(ByteBuffer image, int at, Death death, boolean known) {
        int from = Amqp10Format.sectionsAt(at);
        int end = Amqp10Format.bodyAt(image, at);
        MessageSections sections = new MessageSections();
        sections.scanHead(image, from, end);
        int annotations = sections.value(MessageSections.MESSAGE_ANNOTATIONS);
        List<Entry> before = known ? entries(image, annotations) : List.of();
        int header = sections.value(MessageSections.HEADER);
        int ttl = header < 0 ? -1 : Values.element(image, header, HEADER_TTL);
        List<Entry> deaths = with(before, death, ttl < 0 ? -1 : Values.integer(image, ttl));
        ValueWriter out = new ValueWriter();
        writeHeader(out, image, header, death.failures());
        out.described(MessageSections.MESSAGE_ANNOTATIONS);
        int map = out.beginMap();
        int count = AnnotationCopy.copyWithout(out, image, annotations, OURS);
        count += writeDeaths(out, image, annotations, deaths, known);
        out.end(map, count);
        int bare = sections.bareAt();
        out.copy(image, bare, end - bare);
        return Amqp10Format.head(ByteBuffer.allocate(0), out.memory(), 0, out.size()).slice();
    }

    /**
     * The header as it was, but for the time to live, which is over, and with more failures in its
     * delivery-count.
     */
    private static void writeHeader(ValueWriter out, ByteBuffer image, int header, int failures) {
        if (header < 0 && failures == 0) {
            return;
        }
        out.described(MessageSections.HEADER);
        int list = out.beginList();
        int fields = header < 0 ? 0 : Values.count(image, header);
        int next = header < 0 ? 0 : Values.elementsAt(image, header);
        for (int i = 0; i < Math.min(fields, HEADER_COUNT); i++) {
            int end = Values.end(image, next, image.capacity());
            if (i == HEADER_TTL) {
                out.putNull();
            } else {
                out.copy(image, next, end - next);
            }
            next = end;
        }
        int counted = header < 0 ? -1 : Values.element(image, header, HEADER_COUNT);
        if (counted < 0 && failures == 0) {
            out.end(list, Math.min(fields, HEADER_COUNT));
            return;
        }
        for (int i = fields; i < HEADER_COUNT; i++) {
            out.putNull();
        }
        out.uint(failures + (counted < 0 ? 0 : Values.integer(image, counted)));
        out.end(list, HEADER_COUNT + 1);
    }

    private static List<Entry> with(List<Entry> before, Death death, long ttlMs) {
        List<Entry> deaths = new ArrayList<>();
        Entry same = null;
        for (Entry entry : before) {
            if (same == null && entry.isOf(death)) {
                same = entry;
            } else {
                deaths.add(entry);
            }
        }
        deaths.addFirst(
                same != null
                        ? same.again(death.timeMs())
                        : new Entry(
                                death.queue(),
                                death.reason().wireName(),
                                1,
                                death.timeMs(),
                                death.timeMs(),
                                death.exchange(),
                                death.routingKeys(),
                                ttlMs));
        return deaths;
    }

    private static int writeDeaths(
            ValueWriter out, ByteBuffer image, int annotations, List<Entry> deaths, boolean known) {
        out.symbol(DEATHS);
        int array = out.beginArrayOfMaps();
        deaths.forEach(death -> write(out, death));
        out.end(array, deaths.size());
        Map<String, String> named = new LinkedHashMap<>();
        Entry last = deaths.getFirst();
        named.put("x-first-death-queue", first(image, annotations, known, "queue", last.queue()));
        named.put(
                "x-first-death-reason", first(image, annotations, known, "reason", last.reason()));
        named.put(
                "x-first-death-exchange",
                first(image, annotations, known, "exchange", last.exchange()));
        named.put("x-last-death-queue", last.queue());
        named.put("x-last-death-reason", last.reason());
        named.put("x-last-death-exchange", last.exchange());
        named.forEach((name, value) -> out.symbol(name).string(value));
        return 2 + 2 * named.size();
    }

    private static String first(
            ByteBuffer image, int annotations, boolean known, String what, String otherwise) {
        int found =
                known && annotations >= 0
                        ? Values.entry(image, annotations, "x-first-death-" + what)
                        : -1;
        return found >= 0 && Values.isText(image, found) ? Values.text(image, found) : otherwise;
    }

    private static void write(ValueWriter out, Entry death) {
        int map = out.beginMapElement();
        int count = 14;
        if (death.ttlMs() >= 0) {
            out.symbol("ttl").uint(death.ttlMs());
            count += 2;
        }
        out.symbol("queue").string(death.queue());
        out.symbol("reason").symbol(death.reason());
        out.symbol("count").ulong(death.count());
        out.symbol("first-time").timestamp(death.firstMs());
        out.symbol("last-time").timestamp(death.lastMs());
        out.symbol("exchange").string(death.exchange());
        out.symbol("routing-keys");
        int keys = out.beginArrayOfStrings();
        death.keys().forEach(out::stringElement);
        out.end(keys, death.keys().size());
        out.end(map, count);
    }

    /** The deaths noted in an image, newest first. */
    static List<Death.Past> read(ByteBuffer image, int at) {
        int map =
                MessageSections.find(
                        image,
                        Amqp10Format.sectionsAt(at),
                        Amqp10Format.bodyAt(image, at),
                        MessageSections.MESSAGE_ANNOTATIONS);
        return entries(image, map).stream()
                .map(entry -> new Death.Past(entry.queue(), entry.reason()))
                .toList();
    }

    private static List<Entry> entries(ByteBuffer image, int annotations) {
        int found = annotations < 0 ? -1 : Values.entry(image, annotations, DEATHS);
        if (found < 0 || !(PlainValues.INSTANCE.read(image, found) instanceof List<?> deaths)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        for (Object death : deaths) {
            if (death instanceof Map<?, ?> fields) {
                entries.add(entry(fields));
            }
        }
        return entries;
    }

    private static Entry entry(Map<?, ?> fields) {
        List<String> keys = new ArrayList<>();
        if (fields.get("routing-keys") instanceof List<?> list) {
            list.forEach(key -> keys.add(String.valueOf(key)));
        }
        return new Entry(
                text(fields.get("queue")),
                text(fields.get("reason")),
                number(fields.get("count")),
                time(fields.get("first-time")),
                time(fields.get("last-time")),
                text(fields.get("exchange")),
                keys,
                fields.get("ttl") instanceof Number ttl ? ttl.longValue() : -1);
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    private static long time(@Nullable Object value) {
        return value instanceof Instant instant ? instant.toEpochMilli() : 0;
    }
}

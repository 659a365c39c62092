package io.chasqui.protocol.amqp091;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Malformed input of every kind meets every reader: nothing but {@link ProtocolException} escapes, and
 * memory stays within four times the input plus 64 KiB.
 *
 * <p>{@code -Dfuzz.seed=N} replays a run, {@code -Dfuzz.cases=N} makes it longer.
 */
class FuzzTest {

    private static final int CASES = Integer.getInteger("fuzz.cases", 100_000);
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_121L);

    /** A name and a type for each octet worth writing into a length, a type or a flag. */
    private static final byte[] HOSTILE = {
        0, 1, 2, 3, 7, 8, 9, 60, 127, -128, -1, (byte) 0xCE, 'S', 'F', 'A', 'x', 'V', 'D', 'U', 'l'
    };

    private final Random random = new Random(SEED);
    private final MethodGenerator methods = new MethodGenerator(SEED);
    private final List<Class<? extends Method>> kinds = MethodGenerator.kinds();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final FrameCursor cursor = new FrameCursor();
    private final PublishReader publish = new PublishReader();

    private int refused;
    private int accepted;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void only_protocol_exceptions_escape_and_memory_follows_the_input() {
        cursor.frameMax(131_072);
        for (int i = 0; i < CASES; i++) {
            byte[] input = input();
            try {
                readEverything(input);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "-Dfuzz.seed="
                                + SEED
                                + " case "
                                + i
                                + ": "
                                + HexFormat.of().formatHex(input),
                        e);
            }
        }
        System.out.printf(
                "fuzz.seed=%d: %d cases, %d readings accepted, %d refused%n",
                SEED, CASES, accepted, refused);
        assertThat(accepted).isPositive();
        assertThat(refused).isGreaterThan(CASES);
    }

    private byte[] input() {
        ByteBuffer out = ByteBuffer.allocate(200_000);
        switch (random.nextInt(8)) {
            case 0 -> FrameWriter.contentHeader(out, 1, random.nextLong(1 << 20), properties());
            case 1 -> FieldTableWriter.write(table(3), out);
            case 2 -> nest(out);
            case 3 -> random.ints(random.nextInt(200)).forEach(n -> out.put((byte) n));
            case 4 -> MethodWriter.write(method(), out);
            case 5 -> bareHeader(out);
            default -> FrameWriter.method(out, 1, method());
        }
        byte[] octets = Arrays.copyOf(out.array(), out.position());
        for (int i = random.nextInt(4); i > 0 && octets.length > 0; i--) {
            octets = mutate(octets);
        }
        return octets;
    }

    /** A content header without its frame, so that no octet lies behind it. */
    private void bareHeader(ByteBuffer out) {
        ContentHeader.writePrefix(out, random.nextLong(1 << 20));
        properties().write(out);
    }

    private Method method() {
        return methods.next(kinds.get(random.nextInt(kinds.size())));
    }

    private BasicProperties properties() {
        return BasicProperties.builder()
                .headers(table(3))
                .correlationId(methods.text(20))
                .deliveryMode(2)
                .timestamp(new Timestamp(random.nextLong()))
                .build();
    }

    private FieldTable table(int depth) {
        FieldTable.Builder table = FieldTable.builder();
        for (int i = random.nextInt(6); i > 0; i--) {
            table.put(methods.text(random.nextInt(10)), value(depth));
        }
        return table.build();
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextLong();
            case 2 -> methods.text(random.nextInt(30));
            case 3 -> Binary.of(new byte[random.nextInt(20)]);
            case 4 -> null;
            case 5 -> random.nextBoolean();
            case 6 -> Arrays.asList(value(depth - 1), value(depth - 1));
            default -> table(depth - 1);
        };
    }

    /** Tables in tables, of sizes that mostly fit, up to thousands deep. */
    private void nest(ByteBuffer out) {
        int depth = random.nextInt(random.nextInt(4) == 0 ? 5_000 : 100);
        for (int left = depth; left > 0; left--) {
            out.put((byte) 1).put((byte) 'n').put((byte) 'F').putInt((left - 1) * 7);
        }
    }

    private byte[] mutate(byte[] octets) {
        int at = random.nextInt(octets.length);
        switch (random.nextInt(5)) {
            case 0 -> octets[at] = (byte) random.nextInt();
            case 1 -> octets[at] = HOSTILE[random.nextInt(HOSTILE.length)];
            case 2 -> octets[at] ^= (byte) (1 << random.nextInt(8));
            case 3 -> {
                return Arrays.copyOf(octets, at);
            }
            default -> {
                int end = Math.min(octets.length, at + 4);
                Arrays.fill(octets, at, end, (byte) (random.nextBoolean() ? 0xFF : 0x7F));
            }
        }
        return octets;
    }

    private void readEverything(byte[] input) {
        ByteBuffer in = ByteBuffer.wrap(input);
        LongString response = LongString.of(input);
        int size = input.length;
        attempt(size, () -> findFrames(in, size));
        attempt(size, () -> MethodReader.read(in, 0, size));
        attempt(size, () -> publish.read(in, 0, size));
        attempt(size, () -> FieldTableReader.read(in, 0, size));
        attempt(size, () -> ContentHeader.validate(in, 0, size));
        attempt(size, () -> BasicProperties.read(in, 0, size));
        attempt(size, () -> SaslPlain.parse(response));
        attempt(size, () -> SaslAmqPlain.parse(response));
        if (size > 15) {
            int payload = size - Amqp091.FRAME_OVERHEAD;
            attempt(size, () -> MethodReader.read(in, 7, payload));
            attempt(size, () -> publish.read(in, 7, payload));
            attempt(size, () -> ContentHeader.validate(in, 7, payload));
            attempt(size, () -> FieldTableReader.read(in, 4, size - 4));
        }
        decodeTable(in, size);
    }

    private void findFrames(ByteBuffer in, int size) {
        cursor.wrap(in, 0, size);
        int consumed = 0;
        while (cursor.next()) {
            consumed += Amqp091.FRAME_OVERHEAD + cursor.payloadSize();
            if (cursor.payloadAt() < 7 || cursor.position() != consumed || consumed > size) {
                throw new AssertionError("frame outside the input");
            }
        }
        if (cursor.missing() <= 0) {
            throw new AssertionError("a whole frame was left");
        }
    }

    /** What was checked can be decoded, every value of it. */
    private static void decodeTable(ByteBuffer in, int size) {
        FieldTable table;
        try {
            table = FieldTableReader.read(in, 0, size);
        } catch (ProtocolException e) {
            return;
        }
        assertThat(table.toString()).isNotEmpty();
        assertThat(table.contains("n")).isEqualTo(table.asMap().containsKey("n"));
        assertThat(FieldTable.of(table.asMap())).isEqualTo(table);
    }

    private void attempt(int inputSize, Runnable reading) {
        long limit = 4L * inputSize + 65_536;
        long allocated = allocatedBy(reading);
        if (allocated > limit) {
            allocated = allocatedBy(reading); // the first time may have loaded classes
        }
        if (allocated > limit) {
            throw new AssertionError(allocated + " octets allocated for " + inputSize);
        }
    }

    private long allocatedBy(Runnable reading) {
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            reading.run();
            accepted++;
        } catch (ProtocolException e) {
            refused++;
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}

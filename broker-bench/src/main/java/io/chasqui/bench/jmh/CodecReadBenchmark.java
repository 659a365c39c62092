package io.chasqui.bench.jmh;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FrameCursor;
import io.chasqui.protocol.amqp091.FrameWriter;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.MethodReader;
import io.chasqui.protocol.amqp091.PublishReader;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Goes through a read buffer of 64 KiB full of publishes, as a connection does. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class CodecReadBenchmark {

    private static final int BUFFER_BYTES = 64 * 1024;

    /** Publishes of 100 octets, and of 1 KiB, that fill the buffer: 158 and 1,082 octets each. */
    private static final int SMALL_MESSAGES = 414;

    private static final int MESSAGES_OF_1_KIB = 60;

    private final FrameCursor frames = new FrameCursor();
    private final PublishReader publish = new PublishReader();
    private ByteBuffer small = ByteBuffer.allocateDirect(0);
    private ByteBuffer of1KiB = ByteBuffer.allocateDirect(0);

    @Setup
    public void fill() {
        frames.frameMax(131_072);
        small = publishes(SMALL_MESSAGES, 100);
        of1KiB = publishes(MESSAGES_OF_1_KIB, 1024);
    }

    private static ByteBuffer publishes(int messages, int bodyBytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        ByteBuffer body = ByteBuffer.allocate(bodyBytes);
        BasicProperties properties = BasicProperties.builder().deliveryMode(2).build();
        for (int i = 0; i < messages; i++) {
            FrameWriter.method(buffer, 1, new BasicMethod.Publish("", "work.queue", false, false));
            FrameWriter.contentHeader(buffer, 1, bodyBytes, properties);
            FrameWriter.body(buffer, 1, body, 0, bodyBytes);
        }
        return buffer;
    }

    @Benchmark
    @OperationsPerInvocation(SMALL_MESSAGES)
    public long read100Bytes() {
        return read(small);
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES_OF_1_KIB)
    public long read1KiB() {
        return read(of1KiB);
    }

    private long read(ByteBuffer in) {
        long seen = 0;
        frames.wrap(in, 0, in.position());
        while (frames.next()) {
            int at = frames.payloadAt();
            int size = frames.payloadSize();
            switch (frames.type()) {
                case Amqp091.FRAME_METHOD -> {
                    if (MethodReader.id(in, at) == MethodId.BASIC_PUBLISH) {
                        publish.read(in, at, size);
                        seen += publish.namesLength();
                    }
                }
                case Amqp091.FRAME_HEADER -> {
                    ContentHeader.validate(in, at, size);
                    seen += ContentHeader.bodySize(in, at) + ContentHeader.deliveryMode(in, at);
                }
                default -> seen += size;
            }
        }
        return seen;
    }
}

package io.chasqui.bench.jmh;

import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.DeliverWriter;
import io.chasqui.protocol.amqp091.FrameWriter;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Writes whole deliveries into a write buffer of 64 KiB, from octets the store would keep. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class CodecWriteBenchmark {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int NAMES_ROOM = 64;

    @Param({"100", "1024"})
    public int bodyBytes;

    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] consumerTag = DeliverWriter.shortString("amq.ctag-0123456789abcdef");
    private ByteBuffer stored = ByteBuffer.allocateDirect(0);
    private int namesLength;
    private int propertiesLength;
    private long deliveryTag;

    @Setup
    public void store() {
        BasicProperties properties = BasicProperties.builder().deliveryMode(2).build();
        stored = ByteBuffer.allocateDirect(NAMES_ROOM + properties.size() + bodyBytes);
        stored.put(DeliverWriter.shortString("")).put(DeliverWriter.shortString("work.queue"));
        namesLength = stored.position();
        properties.write(stored);
        propertiesLength = stored.position() - namesLength;
    }

    @Benchmark
    public int deliver() {
        if (out.remaining() < bodyBytes + 256) {
            out.clear();
        }
        DeliverWriter.deliver(out, 1, consumerTag, ++deliveryTag, false, stored, 0, namesLength);
        FrameWriter.contentHeader(out, 1, bodyBytes, stored, namesLength, propertiesLength);
        FrameWriter.body(out, 1, stored, namesLength + propertiesLength, bodyBytes);
        return out.position();
    }
}

package io.chasqui.core.boot;

import io.chasqui.core.definition.QueueType;
import java.util.OptionalLong;

/**
 * What the engine must be told; everything else is derived.
 *
 * @param durableRingBytes memory of the durable log's ring, a power of two
 * @param transientRingBytes memory of the transient log's ring, a power of two
 * @param segmentBits log2 of a durable segment's bytes, for a new data directory
 * @param indexBytes memory for queue indexes before every queue spills
 * @param readBytes memory for reading messages that have left the rings
 * @param checkpointLogBytes log bytes after which a checkpoint is due
 * @param checkpointIntervalMs longest time from a change to the checkpoint that holds it
 * @param diskFreeLimitBytes free bytes below which publishers are blocked; empty for the larger of
 *     1 GiB and 5 % of the volume
 * @param compactSlackBytes log bytes beyond twice the live bytes before segments are compacted
 * @param defaultVhost the virtual host a new broker begins with
 * @param firstUser the user a new broker begins with
 * @param queues what holds for queues that do not say otherwise
 * @param node what the broker is called in what it says of itself
 */
public record BrokerOptions(
        int durableRingBytes,
        int transientRingBytes,
        int segmentBits,
        long indexBytes,
        long readBytes,
        long checkpointLogBytes,
        long checkpointIntervalMs,
        OptionalLong diskFreeLimitBytes,
        long compactSlackBytes,
        String defaultVhost,
        FirstUser firstUser,
        QueueDefaults queues,
        String node) {

    /**
     * What holds for queues that do not say otherwise.
     *
     * @param type of queues whose declaration names none
     * @param consumerTimeoutMs longest time that a consumer of a quorum queue may take for a message
     */
    public record QueueDefaults(QueueType type, long consumerTimeoutMs) {

        /** As RabbitMQ has it. */
        public static final QueueDefaults STANDARD =
                new QueueDefaults(QueueType.CLASSIC, 1_800_000);
    }

    /**
     * An administrator who may do everything in the default virtual host.
     *
     * @param password in clear, as the configuration has it; only a hash of it is kept
     * @param passwordIterations of PBKDF2 for this hash and for all new ones
     */
    public record FirstUser(String name, String password, int passwordIterations) {

        @Override
        public String toString() {
            return "FirstUser[name=" + name + ", password=hidden]";
        }
    }
}

package io.chasqui.server.fuzz;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.server.testing.ScriptedPeer;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Well-formed methods and parts of frames, to be spoiled. */
final class Parts {

    private Parts() {}

    static Method declare(String queue, FieldTable arguments) {
        return new QueueMethod.Declare(queue, false, false, false, false, false, arguments);
    }

    static Method publish() {
        return new BasicMethod.Publish("", "fuzz", false, false);
    }

    /** A publish and its content header, with these flags and properties. */
    static byte[] content(long bodySize, byte[] properties) {
        ByteBuffer header = ByteBuffer.allocate(12 + properties.length);
        header.putShort((short) Amqp091.CLASS_BASIC).putShort((short) 0).putLong(bodySize);
        header.put(properties);
        return Octets.joined(
                ScriptedPeer.frame(1, publish()), ScriptedPeer.frame(2, 1, header.array()));
    }

    /** What is between a frame's header and its end. */
    static byte[] payload(Method method) {
        byte[] frame = ScriptedPeer.frame(1, method);
        return Arrays.copyOfRange(frame, Amqp091.FRAME_HEADER_SIZE, frame.length - 1);
    }

    /** A frame's header alone. */
    static byte[] head(int type, int channel, int size) {
        return ByteBuffer.allocate(Amqp091.FRAME_HEADER_SIZE)
                .put((byte) type)
                .putShort((short) channel)
                .putInt(size)
                .array();
    }
}

package io.chasqui.server.fuzz;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.protocol.amqp091.ReplyCode;
import io.chasqui.server.testing.ScriptedPeer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Methods that do not exist, that clients may not send, or whose arguments are broken. */
final class MalformedMethods {

    private MalformedMethods() {}

    static MalformedInput serverMethod(Random random) {
        Method method =
                Octets.anyOf(
                        random,
                        new QueueMethod.DeclareOk("q", 0, 0),
                        new BasicMethod.ConsumeOk("t"),
                        new BasicMethod.QosOk(),
                        new ChannelMethod.OpenOk());
        return MalformedInput.closes(
                "method of servers",
                Stage.CHANNEL,
                ScriptedPeer.frame(1, method),
                ReplyCode.COMMAND_INVALID);
    }

    static MalformedInput connectionMethodOnChannel(Random random) {
        Method method =
                Octets.anyOf(
                        random,
                        new ConnectionMethod.Open("/"),
                        new ConnectionMethod.TuneOk(0, 0, 0),
                        new ConnectionMethod.Close(200, "", 0, 0));
        return MalformedInput.closes(
                "connection method on a channel",
                Stage.CHANNEL,
                ScriptedPeer.frame(1, method),
                ReplyCode.COMMAND_INVALID);
    }

    static MalformedInput unknownMethod(Random random) {
        boolean unknownClass = random.nextBoolean();
        ByteBuffer payload = ByteBuffer.allocate(4 + random.nextInt(20));
        payload.putShort((short) (unknownClass ? 200 + random.nextInt(1000) : 60));
        payload.putShort((short) (unknownClass ? random.nextInt(100) : 200 + random.nextInt(99)));
        return MalformedInput.closes(
                "unknown method",
                Stage.CHANNEL,
                ScriptedPeer.frame(1, 1, payload.array()),
                ReplyCode.NOT_IMPLEMENTED);
    }

    static MalformedInput cutArguments(Random random) {
        byte[] payload = Parts.payload(Parts.declare("fuzz", FieldTable.of("x-a", "b")));
        int length = 4 + random.nextInt(payload.length - 4);
        return MalformedInput.closes(
                "arguments cut off",
                Stage.CHANNEL,
                ScriptedPeer.frame(1, 1, Arrays.copyOf(payload, length)),
                ReplyCode.FRAME_ERROR,
                ReplyCode.SYNTAX_ERROR);
    }

    static MalformedInput octetsAfterArguments(Random random) {
        byte[] payload = Parts.payload(Parts.declare("fuzz", FieldTable.EMPTY));
        int length = payload.length + 1 + random.nextInt(30);
        return MalformedInput.closes(
                "octets after the arguments",
                Stage.CHANNEL,
                ScriptedPeer.frame(1, 1, Arrays.copyOf(payload, length)),
                ReplyCode.FRAME_ERROR,
                ReplyCode.SYNTAX_ERROR);
    }

    static MalformedInput brokenText(Random random) {
        byte[] payload = Parts.payload(Parts.declare("fuzz", FieldTable.EMPTY));
        payload[7 + random.nextInt(4)] =
                Octets.anyOf(random, (byte) 0xFF, (byte) 0xC0, (byte) 0x80);
        return MalformedInput.closes(
                "name that is not UTF-8",
                Stage.CHANNEL,
                ScriptedPeer.frame(1, 1, payload),
                ReplyCode.FRAME_ERROR,
                ReplyCode.SYNTAX_ERROR);
    }

    static MalformedInput channelError(Random random) {
        String name = "no" + random.nextInt();
        return random.nextBoolean()
                ? MalformedInput.channelCloses(
                        "missing queue",
                        ScriptedPeer.frame(1, new BasicMethod.Get(name, true)),
                        ReplyCode.NOT_FOUND)
                : MalformedInput.channelCloses(
                        "unknown delivery tag",
                        ScriptedPeer.frame(1, new BasicMethod.Ack(1 + random.nextInt(99), false)),
                        ReplyCode.PRECONDITION_FAILED);
    }
}

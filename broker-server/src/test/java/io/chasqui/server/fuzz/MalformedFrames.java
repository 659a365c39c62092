package io.chasqui.server.fuzz;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.ReplyCode;
import io.chasqui.server.testing.ScriptedPeer;
import java.util.Random;

/** Frames that are none, are too large or come where they may not (0-9-1 §2.3.5, §4.2). */
final class MalformedFrames {

    private static final int FRAME_MAX = 131_072;
    private static final int CHANNEL_MAX = 2047;

    private MalformedFrames() {}

    static MalformedInput unknownFrameType(Random random) {
        int type = 9 + random.nextInt(247);
        return MalformedInput.closes(
                "unknown frame type",
                Octets.anyOf(random, Stage.STARTED, Stage.OPEN, Stage.CHANNEL),
                ScriptedPeer.frame(
                        type, random.nextInt(3), Octets.random(random, random.nextInt(40))),
                ReplyCode.FRAME_ERROR);
    }

    static MalformedInput wrongFrameEnd(Random random) {
        byte[] frame = ScriptedPeer.frame(1, Parts.declare("fuzz", FieldTable.EMPTY));
        frame[frame.length - 1] = (byte) random.nextInt(Amqp091.FRAME_END);
        return MalformedInput.closes(
                "wrong frame end", Stage.CHANNEL, frame, ReplyCode.FRAME_ERROR);
    }

    static MalformedInput largeFrame(Random random) {
        int size =
                random.nextBoolean()
                        ? FRAME_MAX + 1 + random.nextInt(1 << 20)
                        : 0x8000_0000 | random.nextInt();
        int type = Octets.anyOf(random, 1, 2, 3);
        return MalformedInput.closes(
                "large frame", Stage.CHANNEL, Parts.head(type, 1, size), ReplyCode.FRAME_ERROR);
    }

    static MalformedInput wrongChannel(Random random) {
        if (random.nextBoolean()) {
            int channel = CHANNEL_MAX + 1 + random.nextInt(60_000);
            return MalformedInput.closes(
                    "channel above channel-max",
                    Stage.OPEN,
                    ScriptedPeer.frame(channel, new ChannelMethod.Open()),
                    ReplyCode.CHANNEL_ERROR);
        }
        return MalformedInput.closes(
                "channel that is not open",
                Stage.CHANNEL,
                ScriptedPeer.frame(
                        2 + random.nextInt(2000), Parts.declare("fuzz", FieldTable.EMPTY)),
                ReplyCode.CHANNEL_ERROR);
    }

    static MalformedInput heartbeatMisused(Random random) {
        if (random.nextBoolean()) {
            byte[] octets = ScriptedPeer.frame(8, 1 + random.nextInt(100));
            return MalformedInput.closes(
                    "heartbeat on a channel", Stage.CHANNEL, octets, ReplyCode.UNEXPECTED_FRAME);
        }
        byte[] octets = ScriptedPeer.frame(8, 0, Octets.random(random, 1 + random.nextInt(20)));
        return MalformedInput.closes(
                "heartbeat with a payload", Stage.CHANNEL, octets, ReplyCode.FRAME_ERROR);
    }

    static MalformedInput channelOpenedTwice(Random random) {
        byte[] open = ScriptedPeer.frame(1, new ChannelMethod.Open());
        return MalformedInput.closes(
                "channel opened twice", Stage.CHANNEL, open, ReplyCode.CHANNEL_ERROR);
    }
}

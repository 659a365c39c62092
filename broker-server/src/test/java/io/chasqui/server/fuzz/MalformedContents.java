package io.chasqui.server.fuzz;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.ReplyCode;
import io.chasqui.server.testing.ScriptedPeer;
import java.util.Random;

/** Content out of turn, of a wrong size or cut off (0-9-1 §4.2.6). */
final class MalformedContents {

    private MalformedContents() {}

    static MalformedInput contentOutOfTurn(Random random) {
        byte[] publish = ScriptedPeer.frame(1, Parts.publish());
        byte[] header = ScriptedPeer.header(1, 5, BasicProperties.EMPTY);
        byte[] body = ScriptedPeer.frame(3, 1, Octets.random(random, 5));
        byte[] method = ScriptedPeer.frame(1, new BasicMethod.Qos(0, 1, false));
        byte[] octets =
                switch (random.nextInt(5)) {
                    case 0 -> body;
                    case 1 -> header;
                    case 2 -> Octets.joined(publish, body);
                    case 3 -> Octets.joined(publish, method);
                    default -> Octets.joined(publish, Octets.joined(header, method));
                };
        return MalformedInput.closes(
                "content out of turn", Stage.CHANNEL, octets, ReplyCode.UNEXPECTED_FRAME);
    }

    static MalformedInput wrongContentHeader(Random random) {
        byte[] octets = Parts.content(5, new byte[2]);
        int header = ScriptedPeer.frame(1, Parts.publish()).length + Amqp091.FRAME_HEADER_SIZE;
        // The class, or the weight.
        octets[header + (random.nextBoolean() ? 1 : 3)] = (byte) (100 + random.nextInt(100));
        return MalformedInput.closes(
                "wrong content header", Stage.CHANNEL, octets, ReplyCode.UNEXPECTED_FRAME);
    }

    static MalformedInput bodyTooLong(Random random) {
        byte[] octets =
                Octets.joined(
                        Parts.content(5, new byte[2]),
                        ScriptedPeer.frame(3, 1, Octets.random(random, 6 + random.nextInt(100))));
        return MalformedInput.closes("body too long", Stage.CHANNEL, octets, ReplyCode.FRAME_ERROR);
    }

    static MalformedInput absurdBodySize(Random random) {
        long size = Amqp091.MAX_BODY_SIZE + 1 + (random.nextLong() >>> random.nextInt(1, 20));
        return MalformedInput.closes(
                "absurd body size",
                Stage.CHANNEL,
                Parts.content(size, new byte[2]),
                ReplyCode.FRAME_ERROR);
    }

    static MalformedInput cutProperties(Random random) {
        byte[] flags =
                Octets.anyOf(
                        random,
                        new byte[] {(byte) 0x80, 0, 20, 'x'},
                        new byte[] {0x10, 0},
                        new byte[] {0, 1},
                        new byte[] {0, 0, 7});
        return MalformedInput.closes(
                "properties cut off",
                Stage.CHANNEL,
                Parts.content(5, flags),
                ReplyCode.FRAME_ERROR,
                ReplyCode.SYNTAX_ERROR);
    }

    static MalformedInput cutSession(Random random) {
        byte[] octets =
                Octets.joined(
                        ScriptedPeer.frame(1, Parts.declare("fuzz", FieldTable.of("x", "y"))),
                        Octets.joined(
                                Parts.content(5, new byte[2]),
                                ScriptedPeer.frame(3, 1, Octets.random(random, 5))));
        return MalformedInput.anything(
                "session cut off", Stage.CHANNEL, Octets.cut(octets, random));
    }
}

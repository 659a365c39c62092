package io.chasqui.server.fuzz;

import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.ReplyCode;
import io.chasqui.server.testing.ScriptedPeer;
import java.util.Random;
import java.util.Set;

/** What strangers send before they are let in. */
final class MalformedLogins {

    private static final int FRAME_MAX = 131_072;
    private static final int PRE_AUTH_FRAME_MAX = 8192;

    private MalformedLogins() {}

    static MalformedInput noHeader(Random random) {
        byte[] octets = Octets.random(random, 8 + random.nextInt(200));
        octets[0] = (byte) (random.nextBoolean() ? 'A' : random.nextInt(256));
        if (octets[1] == 'M') {
            octets[1] = 'N';
        }
        return MalformedInput.anything("no protocol header", Stage.CONNECTED, octets);
    }

    static MalformedInput wrongVersion(Random random) {
        byte[] octets = {'A', 'M', 'Q', 'P', 0, 0, 9, (byte) (2 + random.nextInt(250))};
        return new MalformedInput(
                "wrong version", Stage.CONNECTED, octets, MalformedInput.Scope.VERSION, Set.of());
    }

    static MalformedInput beginningOnly(Random random) {
        byte[] all = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
        return MalformedInput.anything(
                "half a protocol header", Stage.CONNECTED, Octets.cut(all, random));
    }

    static MalformedInput randomOctets(Random random) {
        return MalformedInput.anything(
                "random octets",
                Octets.anyOf(random, Stage.values()),
                Octets.random(random, 1 + random.nextInt(400)));
    }

    static MalformedInput outOfTurn(Random random) {
        Method tuneOk = new ConnectionMethod.TuneOk(0, FRAME_MAX, 0);
        Method open = new ConnectionMethod.Open("/");
        Method startOk = ScriptedPeer.startOk("guest", "guest", FieldTable.EMPTY);
        return switch (random.nextInt(5)) {
            case 0 -> inTurn("tune-ok before start-ok", Stage.STARTED, tuneOk);
            case 1 -> inTurn("open before start-ok", Stage.STARTED, open);
            case 2 -> inTurn("start-ok twice", Stage.LOGGED_IN, startOk);
            case 3 -> inTurn("open before tune-ok", Stage.LOGGED_IN, open);
            default -> inTurn("tune-ok when open", Stage.OPEN, tuneOk);
        };
    }

    private static MalformedInput inTurn(String kind, Stage stage, Method method) {
        return MalformedInput.closes(
                kind, stage, ScriptedPeer.frame(0, method), ReplyCode.CHANNEL_ERROR);
    }

    static MalformedInput largeFrameOfStranger(Random random) {
        int size = PRE_AUTH_FRAME_MAX + 1 + random.nextInt(1 << 24);
        return MalformedInput.closes(
                "large frame of a stranger",
                Stage.STARTED,
                Parts.head(1, 0, size),
                ReplyCode.FRAME_ERROR);
    }

    static MalformedInput wrongLogin(Random random) {
        FieldTable none = FieldTable.EMPTY;
        LongString junk = LongString.of(Octets.random(random, random.nextInt(50)));
        return switch (random.nextInt(3)) {
            case 0 ->
                    MalformedInput.closes(
                            "unknown mechanism",
                            Stage.STARTED,
                            ScriptedPeer.frame(
                                    0, new ConnectionMethod.StartOk(none, "FOO", junk, "en_US")),
                            ReplyCode.COMMAND_INVALID);
            case 1 ->
                    MalformedInput.closes(
                            "malformed AMQPLAIN",
                            Stage.STARTED,
                            ScriptedPeer.frame(
                                    0,
                                    new ConnectionMethod.StartOk(
                                            none, "AMQPLAIN", LongString.of("\u0005LOG"), "")),
                            ReplyCode.SYNTAX_ERROR);
            default ->
                    MalformedInput.anything(
                            "random credentials",
                            Stage.STARTED,
                            ScriptedPeer.frame(
                                    0, new ConnectionMethod.StartOk(none, "PLAIN", junk, "")));
        };
    }

    static MalformedInput wrongVirtualHost(Random random) {
        return MalformedInput.closes(
                "unknown virtual host",
                Stage.TUNED,
                ScriptedPeer.frame(0, new ConnectionMethod.Open("no" + random.nextInt())),
                ReplyCode.NOT_ALLOWED);
    }

    static MalformedInput channelBeforeOpen(Random random) {
        return MalformedInput.closes(
                "channel before open",
                Octets.anyOf(random, Stage.STARTED, Stage.LOGGED_IN, Stage.TUNED),
                ScriptedPeer.frame(1 + random.nextInt(100), new ChannelMethod.Open()),
                ReplyCode.UNEXPECTED_FRAME);
    }
}

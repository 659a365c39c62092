package io.chasqui.server.fuzz;

import io.chasqui.protocol.amqp091.Amqp091;
import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.Method;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Makes malformed inputs from seeds, the same from the same. */
final class MalformedInputs {

    private static final int FRAME_MAX = 131_072;
    private static final int PRE_AUTH_FRAME_MAX = 8192;
    private static final int CHANNEL_MAX = 2047;

    private static final int FRAME_ERROR = 501;
    private static final int SYNTAX_ERROR = 502;
    private static final int COMMAND_INVALID = 503;
    private static final int CHANNEL_ERROR = 504;
    private static final int UNEXPECTED_FRAME = 505;
    private static final int NOT_ALLOWED = 530;
    private static final int NOT_IMPLEMENTED = 540;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 406;

    private static final List<Maker> MAKERS =
            List.of(
                    MalformedInputs::noHeader,
                    MalformedInputs::wrongVersion,
                    MalformedInputs::beginningOnly,
                    MalformedInputs::randomOctets,
                    MalformedInputs::outOfTurn,
                    MalformedInputs::largeFrameOfStranger,
                    MalformedInputs::wrongLogin,
                    MalformedInputs::wrongVirtualHost,
                    MalformedInputs::channelBeforeOpen,
                    MalformedInputs::unknownFrameType,
                    MalformedInputs::wrongFrameEnd,
                    MalformedInputs::largeFrame,
                    MalformedInputs::wrongChannel,
                    MalformedInputs::serverMethod,
                    MalformedInputs::connectionMethodOnChannel,
                    MalformedInputs::unknownMethod,
                    MalformedInputs::cutArguments,
                    MalformedInputs::octetsAfterArguments,
                    MalformedInputs::wrongFieldType,
                    MalformedInputs::wrongTableSize,
                    MalformedInputs::deepTable,
                    MalformedInputs::brokenText,
                    MalformedInputs::contentOutOfTurn,
                    MalformedInputs::wrongContentHeader,
                    MalformedInputs::bodyTooLong,
                    MalformedInputs::absurdBodySize,
                    MalformedInputs::cutProperties,
                    MalformedInputs::heartbeatMisused,
                    MalformedInputs::channelOpenedTwice,
                    MalformedInputs::channelError,
                    MalformedInputs::cutSession,
                    MutatedSession::make,
                    MutatedSession::make,
                    MutatedSession::make);

    private interface Maker {
        MalformedInput make(Random random);
    }

    private MalformedInputs() {}

    static MalformedInput of(long seed) {
        Random random = new Random(seed);
        random.nextInt(); // neighbouring seeds begin alike
        return MAKERS.get(random.nextInt(MAKERS.size())).make(random);
    }

    // -- before login

    private static MalformedInput noHeader(Random random) {
        byte[] octets = octets(random, 8 + random.nextInt(200));
        octets[0] = (byte) (random.nextBoolean() ? 'A' : random.nextInt(256));
        if (octets[1] == 'M') {
            octets[1] = 'N';
        }
        return anything("no protocol header", Stage.CONNECTED, octets);
    }

    private static MalformedInput wrongVersion(Random random) {
        byte[] octets = {'A', 'M', 'Q', 'P', 0, 0, 9, (byte) (2 + random.nextInt(250))};
        return new MalformedInput(
                "wrong version", Stage.CONNECTED, octets, MalformedInput.Scope.VERSION, Set.of());
    }

    private static MalformedInput beginningOnly(Random random) {
        byte[] all = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
        return anything("half a protocol header", Stage.CONNECTED, cut(all, random));
    }

    private static MalformedInput randomOctets(Random random) {
        return anything(
                "random octets",
                anyOf(random, Stage.values()),
                octets(random, 1 + random.nextInt(400)));
    }

    private static MalformedInput outOfTurn(Random random) {
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
        return closes(kind, stage, ScriptedPeer.frame(0, method), CHANNEL_ERROR);
    }

    private static MalformedInput largeFrameOfStranger(Random random) {
        int size = PRE_AUTH_FRAME_MAX + 1 + random.nextInt(1 << 24);
        return closes("large frame of a stranger", Stage.STARTED, head(1, 0, size), FRAME_ERROR);
    }

    private static MalformedInput wrongLogin(Random random) {
        FieldTable none = FieldTable.EMPTY;
        LongString junk = LongString.of(octets(random, random.nextInt(50)));
        return switch (random.nextInt(3)) {
            case 0 ->
                    closes(
                            "unknown mechanism",
                            Stage.STARTED,
                            ScriptedPeer.frame(
                                    0, new ConnectionMethod.StartOk(none, "FOO", junk, "en_US")),
                            COMMAND_INVALID);
            case 1 ->
                    closes(
                            "malformed AMQPLAIN",
                            Stage.STARTED,
                            ScriptedPeer.frame(
                                    0,
                                    new ConnectionMethod.StartOk(
                                            none, "AMQPLAIN", LongString.of("\u0005LOG"), "")),
                            SYNTAX_ERROR);
            default ->
                    anything(
                            "random credentials",
                            Stage.STARTED,
                            ScriptedPeer.frame(
                                    0, new ConnectionMethod.StartOk(none, "PLAIN", junk, "")));
        };
    }

    private static MalformedInput wrongVirtualHost(Random random) {
        return closes(
                "unknown virtual host",
                Stage.TUNED,
                ScriptedPeer.frame(0, new ConnectionMethod.Open("no" + random.nextInt())),
                NOT_ALLOWED);
    }

    private static MalformedInput channelBeforeOpen(Random random) {
        return closes(
                "channel before open",
                anyOf(random, Stage.STARTED, Stage.LOGGED_IN, Stage.TUNED),
                ScriptedPeer.frame(1 + random.nextInt(100), new ChannelMethod.Open()),
                UNEXPECTED_FRAME);
    }

    // -- frames

    private static MalformedInput unknownFrameType(Random random) {
        int type = 9 + random.nextInt(247);
        return closes(
                "unknown frame type",
                anyOf(random, Stage.STARTED, Stage.OPEN, Stage.CHANNEL),
                ScriptedPeer.frame(type, random.nextInt(3), octets(random, random.nextInt(40))),
                FRAME_ERROR);
    }

    private static MalformedInput wrongFrameEnd(Random random) {
        byte[] frame = ScriptedPeer.frame(1, declare("fuzz", FieldTable.EMPTY));
        frame[frame.length - 1] = (byte) random.nextInt(Amqp091.FRAME_END);
        return closes("wrong frame end", Stage.CHANNEL, frame, FRAME_ERROR);
    }

    private static MalformedInput largeFrame(Random random) {
        int size =
                random.nextBoolean()
                        ? FRAME_MAX + 1 + random.nextInt(1 << 20)
                        : 0x8000_0000 | random.nextInt();
        int type = anyOf(random, 1, 2, 3);
        return closes("large frame", Stage.CHANNEL, head(type, 1, size), FRAME_ERROR);
    }

    private static MalformedInput wrongChannel(Random random) {
        if (random.nextBoolean()) {
            int channel = CHANNEL_MAX + 1 + random.nextInt(60_000);
            return closes(
                    "channel above channel-max",
                    Stage.OPEN,
                    ScriptedPeer.frame(channel, new ChannelMethod.Open()),
                    CHANNEL_ERROR);
        }
        return closes(
                "channel that is not open",
                Stage.CHANNEL,
                ScriptedPeer.frame(2 + random.nextInt(2000), declare("fuzz", FieldTable.EMPTY)),
                CHANNEL_ERROR);
    }

    // -- methods

    private static MalformedInput serverMethod(Random random) {
        Method method =
                anyOf(
                        random,
                        new QueueMethod.DeclareOk("q", 0, 0),
                        new BasicMethod.ConsumeOk("t"),
                        new BasicMethod.QosOk(),
                        new ChannelMethod.OpenOk());
        return closes(
                "method of servers", Stage.CHANNEL, ScriptedPeer.frame(1, method), COMMAND_INVALID);
    }

    private static MalformedInput connectionMethodOnChannel(Random random) {
        Method method =
                anyOf(
                        random,
                        new ConnectionMethod.Open("/"),
                        new ConnectionMethod.TuneOk(0, 0, 0),
                        new ConnectionMethod.Close(200, "", 0, 0));
        return closes(
                "connection method on a channel",
                Stage.CHANNEL,
                ScriptedPeer.frame(1, method),
                COMMAND_INVALID);
    }

    private static MalformedInput unknownMethod(Random random) {
        boolean unknownClass = random.nextBoolean();
        ByteBuffer payload = ByteBuffer.allocate(4 + random.nextInt(20));
        payload.putShort((short) (unknownClass ? 200 + random.nextInt(1000) : 60));
        payload.putShort((short) (unknownClass ? random.nextInt(100) : 200 + random.nextInt(99)));
        return closes(
                "unknown method",
                Stage.CHANNEL,
                ScriptedPeer.frame(1, 1, payload.array()),
                NOT_IMPLEMENTED);
    }

    private static MalformedInput cutArguments(Random random) {
        byte[] payload = payload(declare("fuzz", FieldTable.of("x-a", "b")));
        int length = 4 + random.nextInt(payload.length - 4);
        return closes(
                "arguments cut off",
                Stage.CHANNEL,
                ScriptedPeer.frame(1, 1, Arrays.copyOf(payload, length)),
                FRAME_ERROR,
                SYNTAX_ERROR);
    }

    private static MalformedInput octetsAfterArguments(Random random) {
        byte[] payload = payload(declare("fuzz", FieldTable.EMPTY));
        int length = payload.length + 1 + random.nextInt(30);
        return closes(
                "octets after the arguments",
                Stage.CHANNEL,
                ScriptedPeer.frame(1, 1, Arrays.copyOf(payload, length)),
                FRAME_ERROR,
                SYNTAX_ERROR);
    }

    private static MalformedInput wrongFieldType(Random random) {
        byte[] table = {
            0, 0, 0, 7, 1, 'k', anyOf(random, (byte) 'z', (byte) 'Q', (byte) 0), 0, 0, 0, 0
        };
        return table("unknown field type", random, table);
    }

    private static MalformedInput wrongTableSize(Random random) {
        ByteBuffer table = ByteBuffer.allocate(11);
        table.putInt(anyOf(random, 8, 100, 70_000, Integer.MAX_VALUE, -1));
        table.put(new byte[] {1, 'k', 'I', 0, 0, 0, 0});
        return table("table size beyond the frame", random, table.array());
    }

    private static MalformedInput deepTable(Random random) {
        int depth = FieldTable.MAX_DEPTH + 1 + random.nextInt(2000);
        ByteBuffer table = ByteBuffer.allocate(4 + 7 * depth);
        for (int left = depth; left > 0; left--) {
            table.putInt(7 * left).put((byte) 1).put((byte) 'k').put((byte) 'F');
        }
        table.putInt(0);
        return table("table too deep", random, table.array());
    }

    /** A table as argument of queue.declare, or as headers of a message. */
    private static MalformedInput table(String kind, Random random, byte[] table) {
        if (random.nextBoolean()) {
            byte[] payload = payload(declare("fuzz", FieldTable.EMPTY));
            return closes(
                    kind + " in arguments",
                    Stage.CHANNEL,
                    ScriptedPeer.frame(
                            1, 1, joined(Arrays.copyOf(payload, payload.length - 4), table)),
                    FRAME_ERROR,
                    SYNTAX_ERROR);
        }
        byte[] properties = joined(new byte[] {0x20, 0}, table);
        return closes(
                kind + " in headers",
                Stage.CHANNEL,
                content(5, properties),
                FRAME_ERROR,
                SYNTAX_ERROR);
    }

    private static MalformedInput brokenText(Random random) {
        byte[] payload = payload(declare("fuzz", FieldTable.EMPTY));
        payload[7 + random.nextInt(4)] = anyOf(random, (byte) 0xFF, (byte) 0xC0, (byte) 0x80);
        return closes(
                "name that is not UTF-8",
                Stage.CHANNEL,
                ScriptedPeer.frame(1, 1, payload),
                FRAME_ERROR,
                SYNTAX_ERROR);
    }

    // -- content

    private static MalformedInput contentOutOfTurn(Random random) {
        byte[] publish = ScriptedPeer.frame(1, publish());
        byte[] header = ScriptedPeer.header(1, 5, BasicProperties.EMPTY);
        byte[] body = ScriptedPeer.frame(3, 1, octets(random, 5));
        byte[] method = ScriptedPeer.frame(1, new BasicMethod.Qos(0, 1, false));
        byte[] octets =
                switch (random.nextInt(5)) {
                    case 0 -> body;
                    case 1 -> header;
                    case 2 -> joined(publish, body);
                    case 3 -> joined(publish, method);
                    default -> joined(publish, joined(header, method));
                };
        return closes("content out of turn", Stage.CHANNEL, octets, UNEXPECTED_FRAME);
    }

    private static MalformedInput wrongContentHeader(Random random) {
        byte[] octets = content(5, new byte[2]);
        int header = ScriptedPeer.frame(1, publish()).length + Amqp091.FRAME_HEADER_SIZE;
        // The class, or the weight.
        octets[header + (random.nextBoolean() ? 1 : 3)] = (byte) (100 + random.nextInt(100));
        return closes("wrong content header", Stage.CHANNEL, octets, UNEXPECTED_FRAME);
    }

    private static MalformedInput bodyTooLong(Random random) {
        byte[] octets =
                joined(
                        content(5, new byte[2]),
                        ScriptedPeer.frame(3, 1, octets(random, 6 + random.nextInt(100))));
        return closes("body too long", Stage.CHANNEL, octets, FRAME_ERROR);
    }

    private static MalformedInput absurdBodySize(Random random) {
        long size = Amqp091.MAX_BODY_SIZE + 1 + (random.nextLong() >>> random.nextInt(1, 20));
        return closes("absurd body size", Stage.CHANNEL, content(size, new byte[2]), FRAME_ERROR);
    }

    private static MalformedInput cutProperties(Random random) {
        byte[] flags =
                anyOf(
                        random,
                        new byte[] {(byte) 0x80, 0, 20, 'x'},
                        new byte[] {0x10, 0},
                        new byte[] {0, 1},
                        new byte[] {0, 0, 7});
        return closes(
                "properties cut off", Stage.CHANNEL, content(5, flags), FRAME_ERROR, SYNTAX_ERROR);
    }

    private static MalformedInput heartbeatMisused(Random random) {
        if (random.nextBoolean()) {
            byte[] octets = ScriptedPeer.frame(8, 1 + random.nextInt(100));
            return closes("heartbeat on a channel", Stage.CHANNEL, octets, UNEXPECTED_FRAME);
        }
        byte[] octets = ScriptedPeer.frame(8, 0, octets(random, 1 + random.nextInt(20)));
        return closes("heartbeat with a payload", Stage.CHANNEL, octets, FRAME_ERROR);
    }

    private static MalformedInput channelOpenedTwice(Random random) {
        byte[] open = ScriptedPeer.frame(1, new ChannelMethod.Open());
        return closes("channel opened twice", Stage.CHANNEL, open, CHANNEL_ERROR);
    }

    private static MalformedInput channelError(Random random) {
        String name = "no" + random.nextInt();
        return random.nextBoolean()
                ? channelCloses(
                        "missing queue",
                        ScriptedPeer.frame(1, new BasicMethod.Get(name, true)),
                        NOT_FOUND)
                : channelCloses(
                        "unknown delivery tag",
                        ScriptedPeer.frame(1, new BasicMethod.Ack(1 + random.nextInt(99), false)),
                        PRECONDITION_FAILED);
    }

    private static MalformedInput cutSession(Random random) {
        byte[] octets =
                joined(
                        ScriptedPeer.frame(1, declare("fuzz", FieldTable.of("x", "y"))),
                        joined(
                                content(5, new byte[2]),
                                ScriptedPeer.frame(3, 1, octets(random, 5))));
        return anything("session cut off", Stage.CHANNEL, cut(octets, random));
    }

    // -- the words used above

    static MalformedInput anything(String kind, Stage stage, byte[] octets) {
        return new MalformedInput(kind, stage, octets, MalformedInput.Scope.ANY, Set.of());
    }

    private static MalformedInput closes(
            String kind, Stage stage, byte[] octets, Integer... codes) {
        return new MalformedInput(
                kind, stage, octets, MalformedInput.Scope.CONNECTION, Set.of(codes));
    }

    private static MalformedInput channelCloses(String kind, byte[] octets, int code) {
        return new MalformedInput(
                kind, Stage.CHANNEL, octets, MalformedInput.Scope.CHANNEL, Set.of(code));
    }

    private static Method declare(String queue, FieldTable arguments) {
        return new QueueMethod.Declare(queue, false, false, false, false, false, arguments);
    }

    private static Method publish() {
        return new BasicMethod.Publish("", "fuzz", false, false);
    }

    /** A publish and its content header, with these flags and properties. */
    private static byte[] content(long bodySize, byte[] properties) {
        ByteBuffer header = ByteBuffer.allocate(12 + properties.length);
        header.putShort((short) Amqp091.CLASS_BASIC).putShort((short) 0).putLong(bodySize);
        header.put(properties);
        return joined(ScriptedPeer.frame(1, publish()), ScriptedPeer.frame(2, 1, header.array()));
    }

    private static byte[] payload(Method method) {
        byte[] frame = ScriptedPeer.frame(1, method);
        return Arrays.copyOfRange(frame, Amqp091.FRAME_HEADER_SIZE, frame.length - 1);
    }

    private static byte[] head(int type, int channel, int size) {
        return ByteBuffer.allocate(Amqp091.FRAME_HEADER_SIZE)
                .put((byte) type)
                .putShort((short) channel)
                .putInt(size)
                .array();
    }

    private static byte[] octets(Random random, int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    }

    private static byte[] cut(byte[] octets, Random random) {
        return Arrays.copyOf(octets, random.nextInt(octets.length));
    }

    static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes(first);
        octets.writeBytes(second);
        return octets.toByteArray();
    }

    @SafeVarargs
    private static <T> T anyOf(Random random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}

package io.chasqui.server.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConfirmMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.ExchangeMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.protocol.amqp091.TxMethod;
import io.chasqui.server.testing.ScriptedPeer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A session without fault, changed in a few places. */
final class MutatedSession {

    private MutatedSession() {}

    static MalformedInput make(Random random) {
        List<byte[]> frames = session();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && !frames.isEmpty(); i++) {
            mutate(frames, random);
        }
        byte[] octets = frames.stream().reduce(new byte[0], Octets::joined);
        return MalformedInput.anything("mutated session", Stage.OPEN, octets);
    }

    private static List<byte[]> session() {
        FieldTable none = FieldTable.EMPTY;
        List<byte[]> frames = new ArrayList<>();
        frames.add(ScriptedPeer.frame(1, new ChannelMethod.Open()));
        frames.add(
                ScriptedPeer.frame(
                        1,
                        new QueueMethod.Declare(
                                "fuzz", false, false, false, false, false, arguments())));
        frames.add(
                ScriptedPeer.frame(
                        1,
                        new ExchangeMethod.Declare(
                                "fx", "topic", false, false, false, false, false, none)));
        frames.add(ScriptedPeer.frame(1, new QueueMethod.Bind("fuzz", "fx", "a.*.#", false, none)));
        frames.add(ScriptedPeer.frame(1, new ConfirmMethod.Select(false)));
        frames.add(ScriptedPeer.frame(1, new BasicMethod.Publish("fx", "a.b", true, false)));
        frames.add(
                ScriptedPeer.header(
                        1,
                        5,
                        BasicProperties.builder()
                                .headers(FieldTable.of("h", "v", "n", 7))
                                .deliveryMode(2)
                                .expiration("60000")
                                .build()));
        frames.add(ScriptedPeer.frame(3, 1, "hello".getBytes(UTF_8)));
        frames.add(ScriptedPeer.frame(1, new BasicMethod.Qos(0, 10, false)));
        frames.add(
                ScriptedPeer.frame(
                        1, new BasicMethod.Consume("fuzz", "t", false, false, false, false, none)));
        frames.add(ScriptedPeer.frame(1, new BasicMethod.Ack(1, false)));
        frames.add(ScriptedPeer.frame(1, new BasicMethod.Nack(0, true, true)));
        frames.add(ScriptedPeer.frame(1, new BasicMethod.Recover(true)));
        frames.add(ScriptedPeer.frame(1, new BasicMethod.Cancel("t", false)));
        frames.add(ScriptedPeer.frame(1, new BasicMethod.Get("fuzz", false)));
        frames.add(ScriptedPeer.frame(2, new ChannelMethod.Open()));
        frames.add(ScriptedPeer.frame(2, new TxMethod.Select()));
        frames.add(ScriptedPeer.frame(2, new BasicMethod.Publish("", "fuzz", false, false)));
        frames.add(ScriptedPeer.header(2, 0, BasicProperties.EMPTY));
        frames.add(ScriptedPeer.frame(2, new TxMethod.Rollback()));
        frames.add(ScriptedPeer.frame(1, new QueueMethod.Purge("fuzz", false)));
        frames.add(ScriptedPeer.frame(1, new QueueMethod.Delete("fuzz", false, false, false)));
        frames.add(ScriptedPeer.frame(1, new ChannelMethod.Close(200, "bye", 0, 0)));
        frames.add(ScriptedPeer.frame(0, new ConnectionMethod.Close(200, "bye", 0, 0)));
        return frames;
    }

    private static FieldTable arguments() {
        return FieldTable.of("x-foo", FieldTable.of("y", 1), "z", List.of("a", 2L, true));
    }

    private static void mutate(List<byte[]> frames, Random random) {
        int at = random.nextInt(frames.size());
        byte[] frame = frames.get(at);
        int where = frame.length == 0 ? 0 : random.nextInt(frame.length);
        switch (random.nextInt(6)) {
            case 0 -> frames.set(at, changed(frame, where, random.nextInt(256)));
            case 1 -> {
                int octet = frame.length == 0 ? 0 : frame[where];
                frames.set(at, changed(frame, where, octet ^ (1 << random.nextInt(8))));
            }
            case 2 -> frames.add(random.nextInt(frames.size()), frame);
            case 3 -> frames.remove(at);
            case 4 -> frames.set(at, Arrays.copyOf(frame, where));
            default -> frames.add(at, frames.remove(random.nextInt(frames.size())));
        }
    }

    private static byte[] changed(byte[] frame, int at, int octet) {
        byte[] copy = frame.clone();
        if (at < copy.length) {
            copy[at] = (byte) octet;
        }
        return copy;
    }
}

package io.chasqui.server.amqp091;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.protocol.amqp091.BasicMethod;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.ChannelMethod;
import io.chasqui.protocol.amqp091.ConfirmMethod;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.ExchangeMethod;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.QueueMethod;
import io.chasqui.server.testing.RunningBroker;
import io.chasqui.server.testing.ScriptedPeer;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a peer sends, the broker answers within the protocol and serves everybody else. */
class HostilePeerTest {

    private static final int CASES = 400;
    private static final long SEED = 20_261_121;

    @Test
    void mutated_conversations_do_no_harm() throws Exception {
        try (RunningBroker broker = RunningBroker.withEventLoops(2)) {
            for (int i = 0; i < CASES; i++) {
                long seed = SEED + i;
                try (ScriptedPeer peer = broker.peer()) {
                    converse(peer, new Random(seed), seed);
                }
            }
            eventually(() -> assertThat(broker.connections()).isZero());
            try (ScriptedPeer control = broker.peer().opens().opensChannel(1)) {
                control.sends(1, new BasicMethod.Get("fuzz", true));
                control.hears();
            }
        }
    }

    private static void converse(ScriptedPeer peer, Random random, long seed) throws IOException {
        try {
            if (random.nextInt(5) > 0) {
                peer.opens();
            } else {
                peer.sendsHeader();
            }
            List<byte[]> frames = conversation();
            int changes = 1 + random.nextInt(3);
            for (int i = 0; i < changes; i++) {
                mutate(frames, random);
            }
            for (byte[] frame : frames) {
                peer.sendsOctets(frame);
            }
            peer.endsOutput();
            assertThat(peer.heardToTheEnd()).as("seed %d", seed).doesNotContain("INTERNAL_ERROR");
        } catch (SocketException _) {
            // The broker closed the socket while we were still talking.
        }
    }

    private static List<byte[]> conversation() {
        List<byte[]> frames = new ArrayList<>();
        frames.add(ScriptedPeer.frame(1, new ChannelMethod.Open()));
        frames.add(
                ScriptedPeer.frame(
                        1,
                        new QueueMethod.Declare(
                                "fuzz",
                                false,
                                false,
                                false,
                                false,
                                false,
                                FieldTable.of("x-foo", FieldTable.of("y", 1)))));
        frames.add(
                ScriptedPeer.frame(
                        1,
                        new ExchangeMethod.Declare(
                                "fx",
                                "topic",
                                false,
                                false,
                                false,
                                false,
                                false,
                                FieldTable.EMPTY)));
        frames.add(
                ScriptedPeer.frame(
                        1, new QueueMethod.Bind("fuzz", "fx", "a.*.#", false, FieldTable.EMPTY)));
        frames.add(ScriptedPeer.frame(1, new ConfirmMethod.Select(false)));
        frames.add(ScriptedPeer.frame(1, new BasicMethod.Publish("fx", "a.b", true, false)));
        frames.add(
                ScriptedPeer.header(
                        1,
                        5,
                        BasicProperties.builder()
                                .headers(FieldTable.of("h", "v", "n", 7))
                                .deliveryMode(2)
                                .build()));
        frames.add(ScriptedPeer.frame(3, 1, "hello".getBytes(UTF_8)));
        frames.add(
                ScriptedPeer.frame(
                        1,
                        new BasicMethod.Consume(
                                "fuzz", "t", false, false, false, false, FieldTable.EMPTY)));
        frames.add(ScriptedPeer.frame(1, new BasicMethod.Ack(1, false)));
        frames.add(ScriptedPeer.frame(1, new BasicMethod.Nack(0, true, true)));
        frames.add(ScriptedPeer.frame(1, new BasicMethod.Cancel("t", false)));
        frames.add(ScriptedPeer.frame(1, new BasicMethod.Get("fuzz", false)));
        frames.add(ScriptedPeer.frame(1, new ChannelMethod.Close(200, "bye", 0, 0)));
        frames.add(ScriptedPeer.frame(0, new ConnectionMethod.Close(200, "bye", 0, 0)));
        return frames;
    }

    private static void mutate(List<byte[]> frames, Random random) {
        int at = random.nextInt(frames.size());
        byte[] frame = frames.get(at);
        if (frame.length == 0) {
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
            case 1 -> frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
            case 2 -> frames.add(random.nextInt(frames.size()), frame.clone());
            case 3 -> frames.remove(at);
            case 4 -> frames.set(at, Arrays.copyOf(frame, random.nextInt(frame.length)));
            default -> frames.add(at, frames.remove(random.nextInt(frames.size())));
        }
        if (frames.isEmpty()) {
            frames.add(frame);
        }
    }
}

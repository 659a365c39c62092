package io.chasqui.server.amqp10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.RunningBroker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.transport.Close;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.junit.jupiter.api.Test;

/**
 * Frames with octets that are not what they were: each is taken, or answered with detach, end or
 * close, and the broker goes on. {@code -Dchasqui.malformed-frames=100000} tries more.
 */
class MalformedFramesTest {

    private static final int COUNT = Integer.getInteger("chasqui.malformed-frames", 2_000);
    private static final int SIZE_BYTES = 4;

    private final List<byte[]> frames = new ArrayList<>();

    private void collect() {
        Detach detach = new Detach();
        detach.setHandle(UnsignedInteger.ZERO);
        Disposition disposition = new Disposition();
        disposition.setRole(Role.RECEIVER);
        disposition.setFirst(UnsignedInteger.ZERO);
        Transfer more = Amqp10Peer.transfer(0, 0);
        more.setMore(true);
        frames.add(Amqp10Peer.frame(0, Amqp10Peer.newBegin()));
        frames.add(Amqp10Peer.frame(0, Amqp10Peer.sender(1, "/queues/q")));
        frames.add(Amqp10Peer.frame(0, Amqp10Peer.receiver(2, "/queues/q")));
        frames.add(Amqp10Peer.frame(0, Amqp10Peer.transfer(0, 0), Messages.durable("text")));
        frames.add(Amqp10Peer.frame(0, more, Messages.to("/queues/q", "text")));
        frames.add(Amqp10Peer.frame(0, disposition));
        frames.add(Amqp10Peer.frame(0, detach));
        frames.add(Amqp10Peer.frame(0, new End()));
        frames.add(Amqp10Peer.frame(0, Amqp10Peer.open()));
    }

    @Test
    void every_malformed_frame_is_taken_or_answered() throws Exception {
        collect();
        try (RunningBroker broker = RunningBroker.start()) {
            broker.connect().createChannel().queueDeclare("q", true, false, false, Map.of());
            for (int seed = 0; seed < COUNT; seed++) {
                byte[] octets = mutated(new Random(seed));
                try (Amqp10Peer peer = Amqp10Peer.connect(broker.port())) {
                    peer.logsIn().begins().attachesSender(0, "/queues/q");
                    peer.sendsOctets(octets);
                    awaitClose(peer, seed);
                }
            }
            try (Amqp10Peer peer = Amqp10Peer.connect(broker.port())) {
                peer.logsIn().begins().attachesSender(0, "/queues/q");
                assertThat(peer.publishes(0, Messages.data("still here"))).isNotNull();
            }
        }
    }

    /** A frame of the right size that may say anything. */
    private byte[] mutated(Random random) {
        byte[] octets = frames.get(random.nextInt(frames.size())).clone();
        for (int n = random.nextInt(3); n >= 0; n--) {
            octets[SIZE_BYTES + random.nextInt(octets.length - SIZE_BYTES)] =
                    (byte) random.nextInt();
        }
        return octets;
    }

    private static void awaitClose(Amqp10Peer peer, int seed) {
        try {
            peer.sends(0, new Close());
        } catch (IOException _) {
            // It is closed already; what it said is still to be read.
        }
        try {
            Close close = peer.awaits(Close.class);
            if (close.getError() != null) {
                assertThat(close.getError().getCondition().toString())
                        .as("seed " + seed)
                        .startsWith("amqp:")
                        .isNotEqualTo(Amqp10Error.INTERNAL_ERROR);
            }
        } catch (IOException e) {
            fail("seed " + seed + " was not answered", e);
        }
    }
}

package io.chasqui.server.amqp10;

import static io.chasqui.server.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.chasqui.protocol.amqp10.Amqp10;
import io.chasqui.server.testing.Amqp10Peer;
import io.chasqui.server.testing.RunningBroker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.AmqpSequence;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Footer;
import org.apache.qpid.proton.amqp.messaging.Header;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.security.SaslInit;
import org.apache.qpid.proton.amqp.security.SaslOutcome;
import org.apache.qpid.proton.amqp.security.SaslResponse;
import org.apache.qpid.proton.amqp.transaction.Coordinator;
import org.apache.qpid.proton.amqp.transaction.Declare;
import org.apache.qpid.proton.amqp.transaction.Discharge;
import org.apache.qpid.proton.amqp.transaction.TransactionalState;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Close;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Frames with octets that are not what they were: each is taken, or answered with detach, end or
 * close, and the broker goes on, having made no object as large as a frame only said. {@code
 * -Dchasqui.malformed-frames=100000} tries more.
 */
@Timeout(1800)
class MalformedFramesTest {

    private static final int COUNT = Integer.getInteger("chasqui.malformed-frames", 2_000);
    private static final int SIZE_BYTES = 4;
    private static final long MOST_ALLOCATED = 8 << 20;
    private static final long MOST_GROWN = 48 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final List<byte[]> performatives =
            Stream.concat(
                            Stream.of(
                                            Amqp10Peer.newBegin(),
                                            openWithEverything(),
                                            Amqp10Peer.sender(5, "/queues/q"),
                                            Amqp10Peer.sender(5, "/exchanges/amq.topic/a%2Fb"),
                                            Amqp10Peer.receiver(6, "/queues/q"),
                                            dynamic(Amqp10Peer.receiver(6, "")),
                                            filtered(Amqp10Peer.receiver(6, "/queues/q")),
                                            coordinator(5),
                                            Amqp10Peer.sender(5, ManagementNode.ADDRESS),
                                            flow(),
                                            disposition(Accepted.getInstance()),
                                            disposition(rejected()),
                                            disposition(modified()),
                                            disposition(within()),
                                            disposition(null),
                                            detach(),
                                            new End())
                                    .map(body -> Amqp10Peer.frame(0, body)),
                            Stream.of(
                                    transfer(0, null, Messages.durable("text")),
                                    transfer(0, null, everySection()),
                                    transfer(0, null, section(new AmqpValue(List.of(1, "two")))),
                                    transfer(0, within(), Messages.data("text")),
                                    transfer(1, null, section(new AmqpValue(new Declare()))),
                                    transfer(1, null, section(new AmqpValue(discharge()))),
                                    part()))
                    .toList();

    private final List<byte[]> logins =
            List.of(
                    Amqp10Peer.saslFrame(init("PLAIN", "\0guest\0guest")),
                    Amqp10Peer.saslFrame(init("ANONYMOUS", "")),
                    Amqp10Peer.saslFrame(response()),
                    Amqp10Peer.frame(0, Amqp10Peer.open()));

    // -- what is sent

    private static Open openWithEverything() {
        Open open = Amqp10Peer.open();
        open.setHostname("vhost:/");
        open.setDesiredCapabilities(Symbol.valueOf("a"), Symbol.valueOf("b"));
        open.setProperties(Map.of(Symbol.valueOf("product"), "test", Symbol.valueOf("n"), 1));
        return open;
    }

    private static Attach dynamic(Attach attach) {
        Source source = new Source();
        source.setDynamic(true);
        source.setDynamicNodeProperties(
                Map.of(Symbol.valueOf("lifetime-policy"), List.of("x", 1L)));
        attach.setSource(source);
        return attach;
    }

    private static Attach filtered(Attach attach) {
        Source source = (Source) attach.getSource();
        source.setFilter(
                Map.of(
                        Symbol.valueOf("sql"),
                        "a = 1 AND b LIKE 'x%' OR c IN ('1','2')",
                        Symbol.valueOf("amqp:application-properties-filter"),
                        Map.of("a", 1, "b", "&p:x")));
        source.setOutcomes(Accepted.DESCRIPTOR_SYMBOL, Rejected.DESCRIPTOR_SYMBOL);
        attach.setProperties(Map.of(Symbol.valueOf("rabbitmq:priority"), 1));
        return attach;
    }

    private static Attach coordinator(int handle) {
        Attach attach = Amqp10Peer.sender(handle, null);
        attach.setTarget(new Coordinator());
        return attach;
    }

    private static Flow flow() {
        Flow flow = new Flow();
        flow.setNextIncomingId(UnsignedInteger.ONE);
        flow.setIncomingWindow(UnsignedInteger.valueOf(100));
        flow.setNextOutgoingId(UnsignedInteger.ZERO);
        flow.setOutgoingWindow(UnsignedInteger.valueOf(100));
        flow.setHandle(UnsignedInteger.valueOf(2));
        flow.setDeliveryCount(UnsignedInteger.ZERO);
        flow.setLinkCredit(UnsignedInteger.valueOf(10));
        flow.setDrain(true);
        flow.setEcho(true);
        flow.setProperties(Map.of(Symbol.valueOf("a"), "b"));
        return flow;
    }

    private static Disposition disposition(@Nullable DeliveryState state) {
        Disposition disposition = new Disposition();
        disposition.setRole(Role.RECEIVER);
        disposition.setFirst(UnsignedInteger.ZERO);
        disposition.setLast(UnsignedInteger.valueOf(3));
        disposition.setSettled(true);
        disposition.setState(state);
        return disposition;
    }

    private static Rejected rejected() {
        Rejected rejected = new Rejected();
        ErrorCondition error = new ErrorCondition(Symbol.valueOf("a:b"), "why");
        error.setInfo(Map.of(Symbol.valueOf("k"), List.of(1, 2)));
        rejected.setError(error);
        return rejected;
    }

    private static Modified modified() {
        Modified modified = new Modified();
        modified.setDeliveryFailed(true);
        modified.setMessageAnnotations(Map.of(Symbol.valueOf("x-opt-a"), "b"));
        return modified;
    }

    private static TransactionalState within() {
        TransactionalState state = new TransactionalState();
        state.setTxnId(new Binary(new byte[] {0, 0, 0, 0, 0, 0, 0, 1}));
        state.setOutcome(Accepted.getInstance());
        return state;
    }

    private static Discharge discharge() {
        Discharge discharge = new Discharge();
        discharge.setTxnId(new Binary(new byte[] {0, 0, 0, 0, 0, 0, 0, 1}));
        discharge.setFail(true);
        return discharge;
    }

    private static Detach detach() {
        Detach detach = new Detach();
        detach.setHandle(UnsignedInteger.ZERO);
        detach.setError(new ErrorCondition(Symbol.valueOf("a:b"), "why"));
        return detach;
    }

    private static byte[] transfer(int handle, @Nullable DeliveryState state, byte[] message) {
        Transfer transfer = Amqp10Peer.transfer(handle, 0);
        transfer.setState(state);
        return Amqp10Peer.frame(0, transfer, message);
    }

    private static byte[] part() {
        Transfer more = Amqp10Peer.transfer(0, 0);
        more.setMore(true);
        return Amqp10Peer.frame(0, more, Messages.to("/queues/q", "text"));
    }

    private static byte[] section(Object section) {
        return Amqp10Peer.section(section);
    }

    private static byte[] everySection() {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        Header header = new Header();
        header.setDurable(true);
        header.setTtl(UnsignedInteger.valueOf(10_000));
        Properties properties = new Properties();
        properties.setMessageId(UnsignedLong.valueOf(7));
        properties.setTo("/queues/q");
        properties.setReplyTo("/queues/r");
        properties.setUserId(new Binary("guest".getBytes(UTF_8)));
        message.writeBytes(section(header));
        message.writeBytes(
                section(
                        new MessageAnnotations(
                                Map.of(Symbol.valueOf("x-opt-a"), Map.of("a", List.of(1, 2))))));
        message.writeBytes(section(properties));
        message.writeBytes(section(new ApplicationProperties(Map.of("a", 1, "b", "two"))));
        message.writeBytes(section(new AmqpSequence(List.of(1, "two", 3.0))));
        message.writeBytes(section(new Footer(Map.of(Symbol.valueOf("f"), "x"))));
        return message.toByteArray();
    }

    private static SaslInit init(String mechanism, String response) {
        SaslInit init = new SaslInit();
        init.setMechanism(Symbol.valueOf(mechanism));
        init.setInitialResponse(new Binary(response.getBytes(UTF_8)));
        init.setHostname("localhost");
        return init;
    }

    private static SaslResponse response() {
        SaslResponse response = new SaslResponse();
        response.setResponse(new Binary(new byte[20]));
        return response;
    }

    // -- how it is spoilt

    /** A frame that may say anything but how long it is. */
    private static byte[] mutated(List<byte[]> frames, Random random) {
        byte[] octets = frames.get(random.nextInt(frames.size())).clone();
        int rest = octets.length - SIZE_BYTES;
        switch (random.nextInt(5)) {
            case 0 -> {
                // A length, a count or whatever stands there becomes enormous.
                int at = SIZE_BYTES + random.nextInt(Math.max(1, rest - Integer.BYTES));
                int end = Math.min(octets.length, at + Integer.BYTES);
                Arrays.fill(octets, at, end, (byte) (random.nextBoolean() ? 0xFF : 0x7F));
            }
            case 1 -> octets = Arrays.copyOf(octets, SIZE_BYTES * 2 + random.nextInt(rest));
            case 2 -> {
                // A constructor becomes another.
                byte[] codes = {0x00, 0x40, 0x45, (byte) 0xA0, (byte) 0xB0, (byte) 0xC0};
                byte[] wide = {
                    (byte) 0xD0, (byte) 0xD1, (byte) 0xE0, (byte) 0xF0, (byte) 0x98, 0x53
                };
                byte[] from = random.nextBoolean() ? codes : wide;
                octets[SIZE_BYTES * 2 + random.nextInt(Math.max(1, rest - SIZE_BYTES))] =
                        from[random.nextInt(from.length)];
            }
            case 3 -> {
                // The tail of another frame follows.
                byte[] other = frames.get(random.nextInt(frames.size()));
                int cut = SIZE_BYTES * 2 + random.nextInt(Math.max(1, rest - SIZE_BYTES));
                int from = random.nextInt(other.length);
                octets = Arrays.copyOf(octets, cut + other.length - from);
                System.arraycopy(other, from, octets, cut, other.length - from);
            }
            default -> {
                for (int n = random.nextInt(3); n >= 0; n--) {
                    octets[SIZE_BYTES + random.nextInt(rest)] = (byte) random.nextInt();
                }
            }
        }
        return ByteBuffer.wrap(octets).putInt(0, octets.length).array();
    }

    // -- what comes of it

    @Test
    void every_malformed_frame_is_taken_or_answered() throws Exception {
        try (RunningBroker broker =
                RunningBroker.with(Map.of("event-loops", "1", "anonymous-user", "guest"))) {
            broker.connect()
                    .createChannel()
                    .queueDeclare("q", true, false, false, Map.of("x-max-length", 10));
            sendsMessages(broker, Math.min(COUNT, 500), 0);
            long before = heapInUse();
            sendsMessages(broker, COUNT, 500);
            eventually(() -> assertThat(broker.connections()).isEqualTo(1));
            long after = heapInUse();
            System.out.println(
                    COUNT
                            + " malformed frames, heap before and after: "
                            + (before >> 10)
                            + " and "
                            + (after >> 10)
                            + " KiB");
            assertThat(after - before).isLessThan(MOST_GROWN);
            try (Amqp10Peer peer = Amqp10Peer.connect(broker.port())) {
                peer.logsIn().begins().attachesSender(0, "/queues/q");
                assertThat(peer.publishes(0, Messages.data("still here"))).isNotNull();
            }
        }
    }

    private void sendsMessages(RunningBroker broker, int count, int firstSeed) throws Exception {
        long[] loops = loopThreads();
        assertThat(loops).isNotEmpty();
        long allocated = sum(THREADS.getThreadAllocatedBytes(loops));
        for (int seed = firstSeed; seed < firstSeed + count; seed++) {
            Random random = new Random(seed);
            if (random.nextInt(8) == 0) {
                sendsLogin(broker, mutated(logins, random), seed);
            } else {
                sendsPerformative(broker, mutated(performatives, random), seed);
            }
            long now = sum(THREADS.getThreadAllocatedBytes(loops));
            assertThat(now - allocated).as("allocated for seed " + seed).isLessThan(MOST_ALLOCATED);
            allocated = now;
        }
    }

    private static void sendsPerformative(RunningBroker broker, byte[] octets, int seed)
            throws Exception {
        try (Amqp10Peer peer = Amqp10Peer.connect(broker.port())) {
            peer.logsIn().begins().attachesSender(0, "/queues/q");
            peer.sends(0, coordinator(1)).awaits(Flow.class);
            peer.attachesReceiver(2, "/queues/q", 2);
            peer.sendsOctets(octets);
            awaitClose(peer, seed);
        }
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

    /** Before the login whoever makes no sense is left without a word. */
    private static void sendsLogin(RunningBroker broker, byte[] octets, int seed) throws Exception {
        try (Amqp10Peer peer = Amqp10Peer.connect(broker.port())) {
            peer.sendsOctets(Amqp10.protocolHeader(Amqp10.SASL));
            assertThat(peer.hearsOctets(8)).isEqualTo(Amqp10.protocolHeader(Amqp10.SASL));
            peer.hears();
            peer.sendsOctets(octets);
            try {
                assertThat(peer.hears()).as("seed " + seed).isInstanceOf(SaslOutcome.class);
            } catch (IOException e) {
                assertThat(e)
                        .as("seed " + seed)
                        .isNotInstanceOf(java.net.SocketTimeoutException.class);
            }
        }
    }

    private static long[] loopThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("chasqui-loop"))
                .mapToLong(Thread::threadId)
                .toArray();
    }

    private static long sum(long[] figures) {
        return Arrays.stream(figures).sum();
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}

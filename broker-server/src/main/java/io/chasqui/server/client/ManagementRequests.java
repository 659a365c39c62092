package io.chasqui.server.client;

import io.chasqui.protocol.amqp10.FrameCursor;
import io.chasqui.protocol.amqp10.Performative;
import io.chasqui.protocol.amqp10.TransferReader;
import io.chasqui.server.proton.ProtonCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Asks a broker's management node as RabbitMQ's clients do: HTTP over a pair of links, the subject the
 * method of a request and the status of its answer.
 */
public final class ManagementRequests {

    private static final String NODE = "/management";
    private static final int REQUESTS = 0;
    private static final int ANSWERS = 1;
    private static final int LARGEST = 64 * 1024;
    private static final int FIRST_REFUSAL = 400;

    private final Amqp10ClientConnection connection;
    private final ProtonCodec codec = new ProtonCodec();
    private final TransferReader transfer = new TransferReader();
    private int requests;
    private @Nullable Message answer;

    /** Attaches both links to a connection that has none. */
    public ManagementRequests(Amqp10ClientConnection connection) throws IOException {
        this.connection = connection;
        connection.attach(link(ANSWERS, Role.RECEIVER));
        connection.attach(link(REQUESTS, Role.SENDER));
        connection.grant(ANSWERS, 0, Integer.MAX_VALUE / 2);
    }

    private static Attach link(int handle, Role role) {
        Attach link = new Attach();
        link.setName("management");
        link.setHandle(UnsignedInteger.valueOf(handle));
        link.setRole(role);
        link.setSndSettleMode(SenderSettleMode.SETTLED);
        if (role == Role.SENDER) {
            link.setInitialDeliveryCount(UnsignedInteger.ZERO);
        }
        Source source = new Source();
        source.setAddress(NODE);
        link.setSource(source);
        Target target = new Target();
        target.setAddress(NODE);
        link.setTarget(target);
        link.setProperties(Map.of(Symbol.valueOf("paired"), true));
        return link;
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws IOException if the broker refuses
     */
    public void request(String method, String path, @Nullable Object body) throws IOException {
        while (connection.free(1) <= 0) {
            connection.read(this::frame);
        }
        Message message = Message.Factory.create();
        message.setMessageId(String.valueOf(requests));
        message.setSubject(method);
        message.setAddress(path);
        message.setReplyTo("$me");
        message.setBody(new AmqpValue(body));
        send(message);
        answer = null;
        Message told = awaitAnswer();
        if (Integer.parseInt(told.getSubject()) >= FIRST_REFUSAL) {
            throw new IOException(
                    "%s %s was answered with %s %s"
                            .formatted(method, path, told.getSubject(), told.getBody()));
        }
    }

    private void send(Message message) throws IOException {
        byte[] octets = new byte[LARGEST];
        int size = message.encode(octets, 0, LARGEST);
        Transfer head = new Transfer();
        head.setHandle(UnsignedInteger.valueOf(REQUESTS));
        head.setDeliveryId(UnsignedInteger.valueOf(requests));
        head.setDeliveryTag(new Binary(new byte[] {(byte) requests}));
        head.setMessageFormat(UnsignedInteger.ZERO);
        head.setSettled(true);
        requests++;
        connection.frame(codec.encode(head), ByteBuffer.wrap(octets, 0, size));
        connection.flush();
        connection.sent(1);
    }

    private Message awaitAnswer() throws IOException {
        while (true) {
            Message told = answer;
            if (told != null) {
                return told;
            }
            connection.read(this::frame);
        }
    }

    private void frame(FrameCursor frame, ByteBuffer in) throws IOException {
        int end = frame.bodyAt() + frame.bodySize();
        if (Performative.of(in, frame.bodyAt(), frame.bodySize()) == Performative.TRANSFER) {
            transfer.read(in, frame.bodyAt(), end);
            byte[] octets = new byte[end - transfer.payloadAt()];
            in.get(transfer.payloadAt(), octets);
            Message message = Message.Factory.create();
            message.decode(octets, 0, octets.length);
            answer = message;
        } else {
            Object unused = connection.performative(frame, in);
        }
    }
}

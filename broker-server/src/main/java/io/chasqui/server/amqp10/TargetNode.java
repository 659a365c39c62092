package io.chasqui.server.amqp10;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.vhost.VirtualHost;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.jspecify.annotations.Nullable;

/**
 * Where the messages of a link go: to the address of its target, to the management node, or, if the
 * target has no address, to where each message says.
 */
final class TargetNode {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int LONGEST_NAME = 255;

    private final Attachment attachment;
    private final Wire wire;

    /** Where all messages go; null if each says so itself, or is a request. */
    private @Nullable Address address;

    private @Nullable ManagementNode management;

    /** The queue that was made for the link. */
    private @Nullable TemporaryQueue temporary;

    private boolean topic;
    private ByteBuffer names = NOTHING;

    TargetNode(Attachment attachment) {
        this.attachment = attachment;
        this.wire = attachment.session().wire();
    }

    /**
     * Finds the node, or makes it if it is dynamic.
     *
     * @param ready told once it is there; the target says by then what it is
     * @param refused told if it cannot be made
     * @throws Amqp10Error if the target is none of messages
     * @throws Refusal if it is not there, or the user may not publish to it
     */
    void open(Runnable ready, Consumer<Refusal> refused) {
        if (!(attachment.asked().getTarget() instanceof Target asked)) {
            throw Amqp10Error.link(
                    Amqp10Error.NOT_IMPLEMENTED, "a link that sends needs a target of messages");
        }
        if (!asked.getDynamic()) {
            find(asked, ready);
        } else if (Capabilities.temporaryTopic(asked.getCapabilities())) {
            // Nothing but a name: a topic is there as long as somebody subscribes to it.
            asked.setAddress(wire.broker().vhost().newName("temporary-topic"));
            asked.setDynamicNodeProperties(TemporaryQueue.PROPERTIES);
            find(asked, ready);
        } else {
            TemporaryQueue.check(asked.getDynamicNodeProperties());
            TemporaryQueue queue = attachment.session().temporaryFor(attachment.asked());
            temporary = queue;
            queue.create(
                    name -> {
                        asked.setAddress(Address.ofQueue(name));
                        asked.setDynamicNodeProperties(TemporaryQueue.PROPERTIES);
                        find(asked, ready);
                    },
                    refused);
        }
    }

    private void find(Target asked, Runnable ready) {
        String said = asked.getAddress();
        if (ManagementNode.ADDRESS.equals(said)) {
            management =
                    new ManagementNode(
                            wire.broker(),
                            wire.terms().identity().nodeName(),
                            wire::checkPermissions);
        } else if (said != null) {
            Address parsed = Address.read(said, Capabilities.topic(asked.getCapabilities()));
            check(parsed);
            aimAt(parsed);
            address = parsed;
        }
        ready.run();
    }

    /** What is not there is said at once, not with the first message. */
    private void check(Address where) {
        VirtualHost vhost = wire.broker().vhost();
        switch (where) {
            case Address.Queue(String name) -> {
                if (!vhost.replies().isOpen(name)) {
                    Address.checkQueue(name, vhost);
                }
                wire.broker().exchanges().checkMayPublish(where.exchangeName());
            }
            case Address.Exchange(String name, String _) -> {
                wire.broker().exchanges().checkMayPublish(name);
                if (vhost.existingExchange(name).definition().internal()) {
                    throw new Refusal.AccessRefused(
                            "forbidden to publish to internal exchange '%s' in vhost '%s'"
                                    .formatted(name, vhost.name()));
                }
            }
            case Address.Topic _ -> wire.broker().exchanges().checkMayPublish(where.exchangeName());
        }
    }

    private void aimAt(Address where) {
        byte[] exchange = where.exchangeName().getBytes(UTF_8);
        byte[] key = where.key().getBytes(UTF_8);
        if (exchange.length > LONGEST_NAME || key.length > LONGEST_NAME) {
            throw Amqp10Error.link(
                    Amqp10Error.INVALID_FIELD,
                    "exchange and routing key may have " + LONGEST_NAME + " octets each");
        }
        names =
                ByteBuffer.allocate(exchange.length + key.length + 2)
                        .put((byte) exchange.length)
                        .put(exchange)
                        .put((byte) key.length)
                        .put(key)
                        .flip();
        topic = where instanceof Address.Topic;
    }

    /**
     * Asks again whether the user may publish there.
     *
     * @throws Refusal.AccessRefused if not any more
     */
    void checkPermission() {
        Address known = address;
        if (known != null) {
            wire.broker().exchanges().checkMayPublish(known.exchangeName());
        }
    }

    /** Whether each message says where it goes. */
    boolean isAnonymous() {
        return address == null && management == null;
    }

    /** The queue that the target names. */
    @Nullable String queue() {
        return address instanceof Address.Queue(String name) ? name : null;
    }

    /** Who takes what is sent, if those are requests. */
    @Nullable ManagementNode management() {
        return management;
    }

    /**
     * Aims at where the message says, if the target does not.
     *
     * @throws BadAddress if it says nothing that is there for the user
     * @throws Refusal likewise
     */
    void aim(IncomingMessage message) throws BadAddress {
        if (!isAnonymous()) {
            return;
        }
        String to = message.to().orElse(null);
        if (to == null) {
            throw new BadAddress(
                    Amqp10Error.link(
                            Amqp10Error.PRECONDITION_FAILED,
                            "neither the target nor the message's 'to' has an address"));
        }
        try {
            Address parsed = Address.read(to, message.isToTopic());
            if (!to.startsWith("/")) {
                check(parsed);
            }
            aimAt(parsed);
        } catch (Amqp10Error error) {
            throw new BadAddress(error);
        }
    }

    /** Exchange and routing key of what was aimed at, each behind its length, an octet. */
    ByteBuffer names() {
        return names;
    }

    /** Whether that is a topic of JMS, which takes what nobody has subscribed to. */
    boolean isTopic() {
        return topic;
    }

    /** Gives away the queue that was made for the link. */
    @Nullable TemporaryQueue leaveTemporary() {
        TemporaryQueue left = temporary;
        temporary = null;
        return left;
    }

    /** The link is gone, and what was made for it. */
    void close() {
        TemporaryQueue queue = leaveTemporary();
        if (queue != null) {
            queue.close();
        }
    }

    /** A message that says no good address; only it is refused, the link goes on. */
    static final class BadAddress extends Exception {
        private static final long serialVersionUID = 1L;
        private final Amqp10Error error;

        BadAddress(Amqp10Error error) {
            super(error.text(), null, false, false);
            this.error = error;
        }

        Amqp10Error error() {
            return error;
        }
    }
}

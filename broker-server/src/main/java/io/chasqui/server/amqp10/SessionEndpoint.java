package io.chasqui.server.amqp10;

import io.chasqui.core.queue.Settlement;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.ChannelReport;
import io.chasqui.core.session.ConsumerReport;
import io.chasqui.core.session.Prefetch;
import io.chasqui.protocol.amqp10.DispositionReader;
import io.chasqui.protocol.amqp10.TransferReader;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.transaction.Coordinator;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.FrameBody;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.engine.Session;
import org.jspecify.annotations.Nullable;

/** One session of a client, at the broker's end: its windows, its deliveries and its links (1.0 §2.5). */
final class SessionEndpoint {

    private static final String UNKNOWN = "there is no link with handle ";

    private final Wire wire;
    private final int channel;
    private final Session endpoint;
    private final IncomingWindow incoming;
    private final OutgoingWindow outgoing;
    private final OutgoingDeliveries deliveries;
    private final Settling settling;
    private final Prefetch prefetch;
    private final Transactions transactions;
    private final IntObjectMap<LinkEndpoint> links = new IntObjectHashMap<>();

    /** The dynamic nodes of links that were detached and not closed, which end with the session. */
    private final Map<LinkName, TemporaryQueue> suspended = new LinkedHashMap<>();

    private final int localChannel;
    private boolean entered;
    private boolean ended;

    /** It is about to be closed: what happens to its links is not told any more. */
    private boolean hushed;

    private record LinkName(String name, Role role) {

        static LinkName of(Attach asked) {
            return new LinkName(asked.getName(), asked.getRole());
        }
    }

    /**
     * @param channel that the client sends on
     */
    SessionEndpoint(Wire wire, int channel, Begin begin, Session endpoint) {
        this.wire = wire;
        this.channel = channel;
        this.endpoint = endpoint;
        this.incoming = new IncomingWindow(begin.getNextOutgoingId().intValue());
        endpoint.open();
        wire.endpoints().say();
        this.localChannel = wire.endpoints().lastChannel();
        this.outgoing =
                new OutgoingWindow(wire, begin.getIncomingWindow().longValue(), this::resume);
        this.deliveries = new OutgoingDeliveries(wire, localChannel);
        this.settling = new Settling(wire, localChannel, channel);
        this.prefetch = wire.broker().newPrefetch();
        this.transactions = new Transactions(this, deliveries.ledger());
    }

    Wire wire() {
        return wire;
    }

    /** That we send on. */
    int localChannel() {
        return localChannel;
    }

    /** That the client sends on; the session's number for people. */
    int channel() {
        return channel;
    }

    /** What the client takes. */
    OutgoingWindow outgoing() {
        return outgoing;
    }

    /** What goes to the client. */
    OutgoingDeliveries deliveries() {
        return deliveries;
    }

    /** Deliveries from the client. */
    Settling settling() {
        return settling;
    }

    /** What the client has open of them. */
    Transactions transactions() {
        return transactions;
    }

    Prefetch prefetch() {
        return prefetch;
    }

    /** Whether the broker has ended it, and waits for the client to. */
    boolean isEnded() {
        return ended;
    }

    // -- frames

    /** Handles a transfer of this session, with so many octets of payload. */
    void handle(TransferReader transfer, ByteBuffer in, int size) {
        try {
            transfer(transfer, in, size);
        } catch (Amqp10Error error) {
            endUnlessWorse(error);
        }
    }

    /** Handles a disposition of this session. */
    void handle(DispositionReader told, @Nullable DeliveryState outcome) {
        if (!told.isReceivers()) {
            return;
        }
        try {
            if (transactions.concerns(outcome)) {
                transactions.disposition(told.first(), told.last(), told.settled(), outcome);
            } else {
                deliveries.disposition(told.first(), told.last(), told.settled(), outcome);
            }
        } catch (Amqp10Error error) {
            endUnlessWorse(error);
        }
    }

    private void endUnlessWorse(Amqp10Error error) {
        if (error.scope() == Amqp10Error.Scope.CONNECTION) {
            throw error;
        }
        end(error);
    }

    /** Handles any other frame of this session. */
    void handle(FrameBody body) {
        try {
            switch (body) {
                case Flow flow -> flow(flow);
                case Attach attach -> attach(attach);
                case Detach detach -> detach(detach);
                default ->
                        throw Amqp10Error.connection(
                                Amqp10Error.NOT_ALLOWED, "a frame out of place");
            }
        } catch (Amqp10Error error) {
            endUnlessWorse(error);
        }
    }

    private void attach(Attach asked) {
        long handle = asked.getHandle().longValue();
        int handleMax = wire.terms().limits().handleMax();
        if (handle > handleMax) {
            throw Amqp10Error.connection(
                    Amqp10Error.FRAMING_ERROR,
                    "handle " + handle + " is above the handle-max " + handleMax);
        }
        if (links.containsKey((int) handle)) {
            throw Amqp10Error.session(Amqp10Error.HANDLE_IN_USE, "handle " + handle + " is in use");
        }
        wire.steal(asked);
        boolean sends = asked.getRole() == Role.SENDER;
        if (sends && asked.getInitialDeliveryCount() == null) {
            throw Amqp10Error.session(
                    Amqp10Error.INVALID_FIELD, "a sender must say its initial-delivery-count");
        }
        Attachment attachment =
                new Attachment(this, asked, wire.endpoints().attached(channel, asked));
        LinkEndpoint link = sends ? sender(attachment) : receiver(attachment);
        links.put((int) handle, link);
        try {
            link.begin();
        } catch (Amqp10Error error) {
            fail(link, error);
        } catch (Refusal refusal) {
            fail(link, Amqp10Error.of(Amqp10Error.Scope.LINK, refusal));
        }
    }

    private static LinkEndpoint sender(Attachment attachment) {
        return attachment.asked().getTarget() instanceof Coordinator
                ? new CoordinatorLink(attachment)
                : new IncomingLink(attachment);
    }

    private static LinkEndpoint receiver(Attachment attachment) {
        return attachment.asked().getSource() instanceof Source source
                        && ManagementNode.ADDRESS.equals(source.getAddress())
                ? new ManagementReplies(attachment)
                : new OutgoingLink(attachment);
    }

    /** Where answers to requests on the link of this name go; null if there is no such link. */
    @Nullable ManagementReplies repliesNamed(String name) {
        for (LinkEndpoint link : links.values()) {
            if (link instanceof ManagementReplies replies
                    && replies.attachment().name().equals(name)) {
                return replies;
            }
        }
        return null;
    }

    /** A link of the same name and direction ends where another takes its place (1.0 §2.6.1). */
    void steal(Attach asked) {
        for (LinkEndpoint link : List.copyOf(links.values())) {
            Attach other = link.attachment().asked();
            if (other.getName().equals(asked.getName()) && other.getRole() == asked.getRole()) {
                fail(
                        link,
                        Amqp10Error.link(
                                Amqp10Error.STOLEN, "another link of this name was attached"));
            }
        }
    }

    /** Ends one link. */
    void fail(LinkEndpoint link, Amqp10Error error) {
        if (hushed) {
            return;
        }
        if (error.scope() == Amqp10Error.Scope.CONNECTION) {
            wire.fail(error);
        } else if (error.scope() == Amqp10Error.Scope.SESSION) {
            end(error);
        } else {
            link.close(Settlement.RETURNED);
            link.attachment().fail(error);
        }
    }

    /** Asks again whether the user may do what the links are for; ends if not, as in RabbitMQ. */
    void checkPermissions() {
        try {
            for (LinkEndpoint link : List.copyOf(links.values())) {
                if (!ended && link.attachment().isAttached()) {
                    link.checkPermission();
                }
            }
        } catch (Refusal refusal) {
            end(Amqp10Error.of(Amqp10Error.Scope.SESSION, refusal));
        }
    }

    private void transfer(TransferReader transfer, ByteBuffer in, int size) {
        boolean windowDue = incoming.take();
        switch (link(transfer.handle())) {
            case TransferTaker link -> {
                try {
                    if (link.attachment().isAttached()) {
                        link.transfer(transfer, in, size);
                    }
                } catch (Amqp10Error error) {
                    fail(link, error);
                }
            }
            case OutgoingLink _, ManagementReplies _ ->
                    throw Amqp10Error.session(
                            Amqp10Error.NOT_ALLOWED, "a transfer on a link that receives");
        }
        if (windowDue && !ended) {
            wire.send(localChannel, newFlow());
        }
    }

    private LinkEndpoint link(UnsignedInteger handle) {
        return link(handle.intValue());
    }

    private LinkEndpoint link(int handle) {
        LinkEndpoint link = links.get(handle);
        if (link == null) {
            throw Amqp10Error.session(
                    Amqp10Error.UNATTACHED_HANDLE, UNKNOWN + Integer.toUnsignedString(handle));
        }
        return link;
    }

    private void flow(Flow flow) {
        incoming.peerSent(flow.getNextOutgoingId().intValue());
        LinkEndpoint link = flow.getHandle() == null ? null : link(flow.getHandle());
        outgoing.flow(flow);
        if (link != null) {
            link.flow(flow);
        } else if (flow.getEcho()) {
            wire.send(localChannel, newFlow());
        }
    }

    /** The client takes what is sent to it again. */
    void resume() {
        if (!ended && !hushed) {
            List.copyOf(links.values()).forEach(LinkEndpoint::resume);
        }
    }

    /** The state of this end of the session (1.0 §2.7.4). */
    Flow newFlow() {
        Flow flow = new Flow();
        incoming.open();
        flow.setNextIncomingId(UnsignedInteger.valueOf(incoming.nextId()));
        flow.setIncomingWindow(UnsignedInteger.valueOf(IncomingWindow.SIZE));
        flow.setNextOutgoingId(UnsignedInteger.valueOf(outgoing.nextId()));
        flow.setOutgoingWindow(UnsignedInteger.valueOf(Integer.MAX_VALUE));
        return flow;
    }

    /** Sends a frame of this session. */
    void send(FrameBody body) {
        wire.send(localChannel, body);
    }

    private void detach(Detach detach) {
        LinkEndpoint link = link(detach.getHandle());
        links.remove(detach.getHandle().intValue());
        TemporaryQueue left = detach.getClosed() ? null : link.leaveTemporary();
        if (detach.getClosed()) {
            link.closing();
        } else if (left != null) {
            suspend(LinkName.of(link.attachment().asked()), left);
        }
        link.close(Settlement.RETURNED);
        link.attachment().answer();
        wire.endpoints().detached(channel, detach);
        link.attachment().detach(detach.getClosed());
    }

    /** Keeps a dynamic node for its link, one for each that there may be; of more the first ones go. */
    private void suspend(LinkName name, TemporaryQueue left) {
        if (suspended.size() > wire.terms().limits().handleMax()) {
            Iterator<TemporaryQueue> longest = suspended.values().iterator();
            longest.next().close();
            longest.remove();
        }
        suspended.put(name, left);
    }

    /** The queue of a dynamic node: that of the suspended link if this is it again, or a new one. */
    TemporaryQueue temporaryFor(Attach asked) {
        TemporaryQueue kept = suspended.remove(LinkName.of(asked));
        return kept == null
                ? new TemporaryQueue(wire.broker(), Capabilities.temporaryQueue(asked))
                : kept;
    }

    /**
     * Counts as a channel of the user from now on.
     *
     * @throws Refusal.NotAllowed if the user has as many as may be
     */
    void enter() {
        wire.broker().openChannel(channel);
        entered = true;
    }

    /** Counts as a channel no more. */
    void leave() {
        if (entered) {
            entered = false;
            wire.broker().closeChannel(channel);
        }
    }

    /** Publishers must wait, or may go on. */
    void alarmsChanged(boolean publishersBlocked) {
        for (LinkEndpoint link : List.copyOf(links.values())) {
            if (publishersBlocked) {
                link.blocked();
            } else {
                link.unblocked();
            }
        }
    }

    // -- ending

    /** Ends the session because of an error; what the client still sends in it is ignored. */
    void end(Amqp10Error error) {
        if (ended) {
            return;
        }
        wire.warn("session " + channel + " ended: " + error);
        close();
        endpoint.setCondition(error.toCondition());
        sayEnd();
    }

    /** The client has ended it. */
    void endedByClient() {
        if (!ended) {
            close();
            sayEnd();
        }
    }

    private void sayEnd() {
        ended = true;
        endpoint.close();
        wire.endpoints().say();
        endpoint.free();
    }

    /** Says no more of its links. */
    void hush() {
        hushed = true;
    }

    /** Gives back what the client had, who failed with it, and forgets everything. */
    void close() {
        hush();
        transactions.close();
        for (LinkEndpoint link : List.copyOf(links.values())) {
            link.close(Settlement.REQUEUED);
        }
        suspended.values().forEach(TemporaryQueue::close);
        outgoing.close();
        deliveries.close();
        settling.close();
    }

    /** What there is to tell of it. */
    ChannelReport report() {
        List<ConsumerReport> consumers = new ArrayList<>();
        links.values().forEach(link -> link.report().ifPresent(consumers::add));
        return new ChannelReport(
                channel,
                true,
                !transactions.isEmpty(),
                0,
                0,
                deliveries.unsettled(),
                settling.size(),
                transactions.messages(),
                transactions.settlements(),
                consumers);
    }
}

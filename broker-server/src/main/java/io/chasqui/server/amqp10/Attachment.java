package io.chasqui.server.amqp10;

import java.util.Arrays;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.engine.Link;

/** How a link is tied to its session: attach and detach as the client hears them (1.0 §2.6). */
final class Attachment {

    /** Says that two links of one name and opposite directions belong together. */
    private static final Symbol PAIRED = Symbol.valueOf("paired");

    private final SessionEndpoint session;
    private final Attach asked;
    private final Link link;
    private UnsignedInteger handle = UnsignedInteger.ZERO;
    private boolean attached;
    private boolean detached;

    /**
     * @param asked what the client attached with
     */
    Attachment(SessionEndpoint session, Attach asked, Link link) {
        this.session = session;
        this.asked = asked;
        this.link = link;
    }

    SessionEndpoint session() {
        return session;
    }

    Attach asked() {
        return asked;
    }

    String name() {
        return asked.getName();
    }

    /** Where to say what is accepted, before {@link #accept}. */
    Link link() {
        return link;
    }

    /** The handle that we know the link by. */
    UnsignedInteger handle() {
        return handle;
    }

    /** Whether the link is attached at both ends. */
    boolean isAttached() {
        return attached && !detached;
    }

    /** Whether the client's source knows the outcome rejected. */
    boolean knowsRejected() {
        Symbol[] outcomes =
                asked.getSource() instanceof Source source ? source.getOutcomes() : null;
        return outcomes == null
                || outcomes.length == 0
                || Arrays.asList(outcomes).contains(Rejected.DESCRIPTOR_SYMBOL);
    }

    /** Attaches our end. */
    void accept() {
        link.setSenderSettleMode(asked.getSndSettleMode());
        link.setReceiverSettleMode(asked.getRcvSettleMode());
        if (asked.getProperties() != null && asked.getProperties().containsKey(PAIRED)) {
            link.setProperties(Map.of(PAIRED, true));
        }
        open();
    }

    private void open() {
        attached = true;
        link.open();
        if (asked.getUnsettled() == null) {
            session.wire().endpoints().say();
        } else {
            session.wire().endpoints().sayResumed();
        }
        handle = session.wire().endpoints().lastHandle();
    }

    /** Attaches our end to nothing, unless it is attached: what follows is detach. */
    void answer() {
        if (!attached) {
            open();
        }
    }

    /** Ends the link with an error; one that was not accepted is attached for that, to nothing. */
    void fail(Amqp10Error error) {
        if (detached) {
            return;
        }
        session.wire().warn("link '" + name() + "' detached: " + error);
        answer();
        link.setCondition(error.toCondition());
        detach(true);
    }

    /**
     * Detaches our end, unless it is.
     *
     * @param closed whether the link is gone for good
     */
    void detach(boolean closed) {
        if (detached) {
            return;
        }
        detached = true;
        if (closed) {
            link.close();
        } else {
            link.detach();
        }
        session.wire().endpoints().say();
        link.free();
    }
}

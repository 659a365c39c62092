package io.chasqui.server.amqp10;

import io.chasqui.core.queue.Settlement;
import io.chasqui.core.session.ConsumerReport;
import java.util.Optional;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.jspecify.annotations.Nullable;

/** One link of a session, at the broker's end. */
sealed interface LinkEndpoint permits TransferTaker, OutgoingLink, ManagementReplies {

    /** How it is attached. */
    Attachment attachment();

    /** Looks at what the client asked for, and accepts or refuses the link. */
    void begin();

    /** The client told the state of its end. */
    void flow(Flow flow);

    /** Publishers must wait. */
    default void blocked() {}

    /** Publishers may go on. */
    void unblocked();

    /** The client takes what is sent to it again, after it did not. */
    default void resume() {}

    /** The client closes the link, and does not merely detach it (1.0 §2.6.6); {@link #close} follows. */
    default void closing() {}

    /**
     * The link is no more.
     *
     * @param unsettled what becomes of deliveries that the client has not settled
     */
    void close(Settlement unsettled);

    /** Leaves the queue to the caller that was made for the link; null if there is none. */
    default @Nullable TemporaryQueue leaveTemporary() {
        return null;
    }

    /**
     * Asks again whether the user may do what the link is for.
     *
     * @throws io.chasqui.core.refusal.Refusal.AccessRefused if not any more
     */
    default void checkPermission() {}

    /** What there is to tell of it if it is a consumer. */
    default Optional<ConsumerReport> report() {
        return Optional.empty();
    }
}

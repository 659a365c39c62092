package io.chasqui.server.amqp091;

import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.session.Session;
import io.chasqui.protocol.amqp091.BasicProperty;
import io.chasqui.protocol.amqp091.ContentHeader;
import java.nio.ByteBuffer;

/** What a broker asks of the properties of a message that is published, as RabbitMQ does. */
final class PublishedProperties {

    /** The delivery-mode of a message that shall survive a restart. */
    static final int PERSISTENT = 2;

    private static final int CHECKED =
            BasicProperty.HEADERS.flag()
                    | BasicProperty.USER_ID.flag()
                    | BasicProperty.EXPIRATION.flag();

    private final Session session;
    private long timeToLiveMs = StoredMessage.FOR_EVER;

    PublishedProperties(Session session) {
        this.session = session;
    }

    /**
     * Checks expiration, carbon copies and user-id of the content header at {@code at}, in
     * RabbitMQ's order; {@link #timeToLiveMs} tells the first from then on.
     *
     * @throws io.chasqui.protocol.amqp091.ProtocolException 406, on the channel
     * @throws io.chasqui.core.refusal.Refusal.PreconditionFailed for a user-id of another
     */
    void check(ByteBuffer head, int at) {
        timeToLiveMs = StoredMessage.FOR_EVER;
        if ((ContentHeader.propertyFlags(head, at) & CHECKED) == 0) {
            return;
        }
        ContentHeader.expiration(head, at)
                .ifPresent(text -> timeToLiveMs = Expiration.milliseconds(text));
        if (CarbonCopies.any(head, at)) {
            CarbonCopies.check(head, at);
        }
        ContentHeader.text(head, at, BasicProperty.USER_ID).ifPresent(session::checkUserId);
    }

    /** How long the message checked last may live, or {@link StoredMessage#FOR_EVER}. */
    long timeToLiveMs() {
        return timeToLiveMs;
    }
}

package io.chasqui.server.amqp091;

import io.chasqui.core.message.OwnMessage;
import io.chasqui.protocol.amqp091.BasicProperties;
import io.chasqui.protocol.amqp091.BasicProperty;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.Timestamp;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Properties of a message as tables, for messages of the broker's own about messages and itself. */
final class PropertyTables {

    private PropertyTables() {}

    /** The properties of the content header at {@code at}, by RabbitMQ's names; numbers are ints. */
    static Map<String, @Nullable Object> of(ByteBuffer image, int at) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        for (BasicProperty property : BasicProperty.values()) {
            if (ContentHeader.has(image, at, property)) {
                table.put(property.name().toLowerCase(Locale.ROOT), value(image, at, property));
            }
        }
        return table;
    }

    private static Object value(ByteBuffer image, int at, BasicProperty property) {
        return switch (property) {
            case HEADERS -> ArgumentTables.plainMap(ContentHeader.headers(image, at));
            case DELIVERY_MODE -> ContentHeader.deliveryMode(image, at);
            case PRIORITY -> ContentHeader.priority(image, at);
            case TIMESTAMP -> number(image.getLong(ContentHeader.propertyAt(image, at, property)));
            case CONTENT_TYPE,
                    CONTENT_ENCODING,
                    CORRELATION_ID,
                    REPLY_TO,
                    EXPIRATION,
                    MESSAGE_ID,
                    TYPE,
                    USER_ID,
                    APP_ID,
                    CLUSTER_ID ->
                    ContentHeader.text(image, at, property).orElseThrow();
        };
    }

    /** In 32 bits, as RabbitMQ has it, until they do not suffice. */
    private static Object number(long seconds) {
        int narrow = (int) seconds;
        return narrow == seconds ? (Object) narrow : (Object) seconds;
    }

    /** The content header of a message of the broker's own. */
    static ByteBuffer head(OwnMessage message, long bodyBytes) {
        BasicProperties.Builder properties =
                BasicProperties.builder().headers(ArgumentTables.wire(message.headers()));
        if (message.persistent()) {
            properties.deliveryMode(PublishedProperties.PERSISTENT);
        }
        if (message.timestampS() != OwnMessage.NO_TIMESTAMP) {
            properties.timestamp(new Timestamp(message.timestampS()));
        }
        return ContentHeader.of(bodyBytes, properties.build());
    }
}

package io.chasqui.protocol.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * All fourteen properties of a message of class basic, null where the publisher set none.
 *
 * <p>This is the comfortable form for the management API and for tests; the message path reads single
 * properties through {@link ContentHeader} and copies the octets.
 */
public record BasicProperties(
        @Nullable String contentType,
        @Nullable String contentEncoding,
        @Nullable FieldTable headers,
        @Nullable Integer deliveryMode,
        @Nullable Integer priority,
        @Nullable String correlationId,
        @Nullable String replyTo,
        @Nullable String expiration,
        @Nullable String messageId,
        @Nullable Timestamp timestamp,
        @Nullable String type,
        @Nullable String userId,
        @Nullable String appId,
        @Nullable String clusterId) {

    public static final BasicProperties EMPTY = builder().build();

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads and checks the content header at {@code at}; text that is not UTF-8 shows U+FFFD.
     *
     * @throws ProtocolException as {@link ContentHeader#validate}
     */
    public static BasicProperties read(ByteBuffer in, int at, int size) {
        ContentHeader.validate(in, at, size);
        return new BasicProperties(
                text(in, at, BasicProperty.CONTENT_TYPE),
                text(in, at, BasicProperty.CONTENT_ENCODING),
                headers(in, at),
                octet(in, at, BasicProperty.DELIVERY_MODE),
                octet(in, at, BasicProperty.PRIORITY),
                text(in, at, BasicProperty.CORRELATION_ID),
                text(in, at, BasicProperty.REPLY_TO),
                text(in, at, BasicProperty.EXPIRATION),
                text(in, at, BasicProperty.MESSAGE_ID),
                timestamp(in, at),
                text(in, at, BasicProperty.TYPE),
                text(in, at, BasicProperty.USER_ID),
                text(in, at, BasicProperty.APP_ID),
                text(in, at, BasicProperty.CLUSTER_ID));
    }

    private static @Nullable String text(ByteBuffer in, int at, BasicProperty property) {
        return ContentHeader.text(in, at, property).orElse(null);
    }

    private static @Nullable Integer octet(ByteBuffer in, int at, BasicProperty property) {
        int found = ContentHeader.propertyAt(in, at, property);
        return found < 0 ? null : Integer.valueOf(in.get(found) & 0xFF);
    }

    private static @Nullable Timestamp timestamp(ByteBuffer in, int at) {
        int found = ContentHeader.propertyAt(in, at, BasicProperty.TIMESTAMP);
        return found < 0 ? null : new Timestamp(in.getLong(found));
    }

    private static @Nullable FieldTable headers(ByteBuffer in, int at) {
        int found = ContentHeader.headersAt(in, at);
        return found < 0
                ? null
                : FieldTableReader.copy(in, found, ContentHeader.headersSize(in, at), false);
    }

    /** Writes property flags and properties, what follows the body size in a content header. */
    public void write(ByteBuffer out) {
        int flagsAt = out.position();
        out.putShort((short) 0);
        int flags = 0;
        for (BasicProperty property : BasicProperty.values()) {
            Object value = value(property);
            if (value != null) {
                flags |= property.flag();
                writeValue(value, out);
            }
        }
        out.putShort(flagsAt, (short) flags);
    }

    /** Octets {@link #write} puts. */
    public int size() {
        int size = 2;
        for (BasicProperty property : BasicProperty.values()) {
            size +=
                    switch (value(property)) {
                        case null -> 0;
                        case String text -> 1 + text.getBytes(UTF_8).length;
                        case FieldTable table -> FieldTableWriter.sizeOf(table);
                        case Timestamp _ -> 8;
                        default -> 1;
                    };
        }
        return size;
    }

    private static void writeValue(Object value, ByteBuffer out) {
        switch (value) {
            case String text -> out.put(DeliverWriter.shortString(text));
            case FieldTable table -> FieldTableWriter.write(table, out);
            case Timestamp time -> out.putLong(time.seconds());
            case Integer octet -> out.put(octet.byteValue());
            default -> throw new IllegalStateException("no property holds a " + value.getClass());
        }
    }

    private @Nullable Object value(BasicProperty property) {
        return switch (property) {
            case CONTENT_TYPE -> contentType;
            case CONTENT_ENCODING -> contentEncoding;
            case HEADERS -> headers;
            case DELIVERY_MODE -> deliveryMode;
            case PRIORITY -> priority;
            case CORRELATION_ID -> correlationId;
            case REPLY_TO -> replyTo;
            case EXPIRATION -> expiration;
            case MESSAGE_ID -> messageId;
            case TIMESTAMP -> timestamp;
            case TYPE -> type;
            case USER_ID -> userId;
            case APP_ID -> appId;
            case CLUSTER_ID -> clusterId;
        };
    }

    /** Sets properties by name; what is not set stays null. */
    public static final class Builder {

        private @Nullable String contentType;
        private @Nullable String contentEncoding;
        private @Nullable FieldTable headers;
        private @Nullable Integer deliveryMode;
        private @Nullable Integer priority;
        private @Nullable String correlationId;
        private @Nullable String replyTo;
        private @Nullable String expiration;
        private @Nullable String messageId;
        private @Nullable Timestamp timestamp;
        private @Nullable String type;
        private @Nullable String userId;
        private @Nullable String appId;
        private @Nullable String clusterId;

        private Builder() {}

        public Builder contentType(String value) {
            contentType = value;
            return this;
        }

        public Builder contentEncoding(String value) {
            contentEncoding = value;
            return this;
        }

        public Builder headers(FieldTable value) {
            headers = value;
            return this;
        }

        public Builder deliveryMode(int value) {
            deliveryMode = value;
            return this;
        }

        public Builder priority(int value) {
            priority = value;
            return this;
        }

        public Builder correlationId(String value) {
            correlationId = value;
            return this;
        }

        public Builder replyTo(String value) {
            replyTo = value;
            return this;
        }

        public Builder expiration(String value) {
            expiration = value;
            return this;
        }

        public Builder messageId(String value) {
            messageId = value;
            return this;
        }

        public Builder timestamp(Timestamp value) {
            timestamp = value;
            return this;
        }

        public Builder type(String value) {
            type = value;
            return this;
        }

        public Builder userId(String value) {
            userId = value;
            return this;
        }

        public Builder appId(String value) {
            appId = value;
            return this;
        }

        public Builder clusterId(String value) {
            clusterId = value;
            return this;
        }

        public BasicProperties build() {
            return new BasicProperties(
                    contentType,
                    contentEncoding,
                    headers,
                    deliveryMode,
                    priority,
                    correlationId,
                    replyTo,
                    expiration,
                    messageId,
                    timestamp,
                    type,
                    userId,
                    appId,
                    clusterId);
        }
    }
}

package io.chasqui.protocol.amqp091;

/** The properties of class basic in wire order, each with its flag (0-9-1 §4.2.6.1). */
public enum BasicProperty {
    CONTENT_TYPE(15, Type.SHORT_STRING),
    CONTENT_ENCODING(14, Type.SHORT_STRING),
    HEADERS(13, Type.TABLE),
    DELIVERY_MODE(12, Type.OCTET),
    PRIORITY(11, Type.OCTET),
    CORRELATION_ID(10, Type.SHORT_STRING),
    REPLY_TO(9, Type.SHORT_STRING),
    EXPIRATION(8, Type.SHORT_STRING),
    MESSAGE_ID(7, Type.SHORT_STRING),
    TIMESTAMP(6, Type.TIMESTAMP),
    TYPE(5, Type.SHORT_STRING),
    USER_ID(4, Type.SHORT_STRING),
    APP_ID(3, Type.SHORT_STRING),
    /** Deprecated by the spec, still carried. */
    CLUSTER_ID(2, Type.SHORT_STRING);

    /** How a property's value is written. */
    enum Type {
        SHORT_STRING,
        TABLE,
        OCTET,
        TIMESTAMP
    }

    private final int flag;
    private final Type type;

    BasicProperty(int bit, Type type) {
        this.flag = 1 << bit;
        this.type = type;
    }

    /** The bit that says in the property flags that the property is there. */
    public int flag() {
        return flag;
    }

    Type type() {
        return type;
    }
}

package io.chasqui.server.amqp10.filter;

import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What JMS calls the fields of a message, by the mapping of JMS to AMQP that Qpid JMS follows. */
final class JmsNames {

    private static final String ID = "ID:";

    private JmsNames() {}

    /** What a name of JMS's stands for; null if it is an application's. */
    static @Nullable Expression expression(String name) {
        return switch (name) {
            case "JMSMessageID" -> new Expression.JmsId(Field.MESSAGE_ID);
            case "JMSCorrelationID" -> new Expression.JmsId(Field.CORRELATION_ID);
            case "JMSPriority" -> new Expression.FieldValue(Field.PRIORITY);
            case "JMSTimestamp" -> new Expression.FieldValue(Field.CREATION_TIME);
            case "JMSType" -> new Expression.FieldValue(Field.SUBJECT);
            case "JMSDeliveryMode" -> new Expression.JmsDeliveryMode();
            case "JMSXGroupID" -> new Expression.FieldValue(Field.GROUP_ID);
            case "JMSXGroupSeq" -> new Expression.FieldValue(Field.GROUP_SEQUENCE);
            case "JMSXUserID" -> new Expression.FieldValue(Field.USER_ID);
            default -> null;
        };
    }

    /** An id as JMS shows it: with the type that it has in AMQP if it is no text. */
    static @Nullable Object id(@Nullable Object id, Field field) {
        return switch (id) {
            case UUID uuid -> ID + "AMQP_UUID:" + uuid;
            case Long number -> ID + "AMQP_ULONG:" + Long.toUnsignedString(number);
            case Octets octets ->
                    ID
                            + "AMQP_BINARY:"
                            + HexFormat.of().withUpperCase().formatHex(octets.toByteArray());
            case String text when field == Field.MESSAGE_ID && !text.startsWith(ID) ->
                    ID + "AMQP_NO_PREFIX:" + text;
            case null, default -> id;
        };
    }
}

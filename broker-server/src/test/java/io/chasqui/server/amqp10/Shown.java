package io.chasqui.server.amqp10;

import com.rabbitmq.client.LongString;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.AmqpSequence;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.DeliveryAnnotations;
import org.apache.qpid.proton.amqp.messaging.Footer;
import org.apache.qpid.proton.amqp.messaging.Header;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.codec.AMQPDefinedTypes;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.EncoderImpl;
import org.jspecify.annotations.Nullable;

/** Values of either protocol in one line of text, each with its type. */
final class Shown {

    private Shown() {}

    /** The sections of an encoded message of 1.0. */
    static String message(byte[] octets) {
        DecoderImpl decoder = new DecoderImpl();
        AMQPDefinedTypes.registerAllTypes(decoder, new EncoderImpl(decoder));
        ByteBuffer in = ByteBuffer.wrap(octets);
        decoder.setByteBuffer(in);
        List<String> sections = new ArrayList<>();
        while (in.hasRemaining()) {
            sections.add(section(decoder.readObject()));
        }
        return String.join(" | ", sections);
    }

    private static String section(@Nullable Object section) {
        return switch (section) {
            case Header header -> "header " + fields(header(header));
            case DeliveryAnnotations map -> "delivery-annotations " + value(map.getValue());
            case MessageAnnotations map -> "message-annotations " + value(map.getValue());
            case Properties properties -> "properties " + fields(properties(properties));
            case ApplicationProperties map -> "application-properties " + value(map.getValue());
            case Data data -> "data " + value(data.getValue());
            case AmqpSequence sequence -> "sequence " + value(sequence.getValue());
            case AmqpValue single -> "value " + value(single.getValue());
            case Footer footer -> "footer " + value(footer.getValue());
            case null, default -> throw new IllegalArgumentException(String.valueOf(section));
        };
    }

    private static Object[] header(Header header) {
        return new Object[] {
            header.getDurable(),
            header.getPriority(),
            header.getTtl(),
            header.getFirstAcquirer(),
            header.getDeliveryCount()
        };
    }

    private static Object[] properties(Properties of) {
        return new Object[] {
            of.getMessageId(),
            of.getUserId(),
            of.getTo(),
            of.getSubject(),
            of.getReplyTo(),
            of.getCorrelationId(),
            of.getContentType(),
            of.getContentEncoding(),
            of.getAbsoluteExpiryTime(),
            of.getCreationTime(),
            of.getGroupId(),
            of.getGroupSequence(),
            of.getReplyToGroupId()
        };
    }

    /** A list, but for the nulls at its end, which need not be sent. */
    private static String fields(@Nullable Object... values) {
        int count = values.length;
        while (count > 0 && values[count - 1] == null) {
            count--;
        }
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            shown.add(value(values[i]));
        }
        return shown.toString();
    }

    /** A value of 1.0 or 0-9-1; maps in the order of their keys. */
    static String value(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> '"' + escaped(text) + '"';
            case LongString text -> '"' + escaped(text.toString()) + '"';
            case Date date -> "Date:" + date.getTime();
            case Binary binary -> "Binary:" + hex(binary.getArray());
            case byte[] octets -> "Octets:" + hex(octets);
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(entry -> value(entry.getKey()) + "=" + value(entry.getValue()))
                            .sorted()
                            .collect(Collectors.joining(", ", "{", "}"));
            case List<?> list ->
                    list.stream().map(Shown::value).collect(Collectors.joining(", ", "[", "]"));
            case Object array when array.getClass().isArray() -> array(array);
            default -> value.getClass().getSimpleName() + ":" + value;
        };
    }

    private static String array(Object array) {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            elements.add(value(Array.get(array, i)));
        }
        return "array" + elements;
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    private static String escaped(String text) {
        return text.length() > 40 ? text.length() + " characters" : text.replace("\0", "\\0");
    }
}

package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.chasqui.core.message.FurtherKeys;
import io.chasqui.protocol.amqp091.ContentHeader;
import io.chasqui.protocol.amqp091.FieldTableCursor;
import io.chasqui.protocol.amqp091.FieldTableReader;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * RabbitMQ's CC and BCC: headers of a message with further keys to route it by, as an array of long
 * strings. Receivers do not see the second one. Read in place in the content header at {@code at}.
 */
final class CarbonCopies {

    private static final byte[] CC = "CC".getBytes(US_ASCII);

    /** The header that receivers do not see. */
    static final byte[] BCC = "BCC".getBytes(US_ASCII);

    private static final byte ARRAY = 'A';
    private static final byte LONG_STRING = 'S';

    private CarbonCopies() {}

    /** Whether the message has either header, of whatever type. Makes no object. */
    static boolean any(ByteBuffer head, int at) {
        int from = ContentHeader.headersAt(head, at);
        return from >= 0
                && FieldTableReader.containsEither(
                        head, from, from + ContentHeader.headersSize(head, at), CC, BCC);
    }

    /** Whether the message has BCC, of whatever type. Makes no object. */
    static boolean anyBlind(ByteBuffer head, int at) {
        return find(head, at, BCC) >= 0;
    }

    /** Adds the keys of both headers; what is no long string is passed over, as in RabbitMQ. */
    static void addKeys(ByteBuffer head, int at, List<String> keys) {
        addKeysOf(head, find(head, at, CC), keys);
        addKeysOf(head, find(head, at, BCC), keys);
    }

    /** The keys of both headers, apart. */
    static FurtherKeys keys(ByteBuffer head, int at) {
        List<String> visible = new ArrayList<>();
        List<String> blind = new ArrayList<>();
        addKeysOf(head, find(head, at, CC), visible);
        addKeysOf(head, find(head, at, BCC), blind);
        return new FurtherKeys(visible, blind);
    }

    private static void addKeysOf(ByteBuffer head, int found, List<String> keys) {
        if (found < 0 || head.get(found) != ARRAY) {
            return;
        }
        FieldTableCursor values = FieldTableCursor.ofArray(head, found);
        while (values.next()) {
            if (values.type() == LONG_STRING && values.value() instanceof String key) {
                keys.add(key);
            }
        }
    }

    /**
     * @throws ProtocolException 406, on the channel, if either header is no array
     */
    static void check(ByteBuffer head, int at) {
        check(head, find(head, at, CC), "CC");
        check(head, find(head, at, BCC), "BCC");
    }

    private static void check(ByteBuffer head, int found, String name) {
        if (found >= 0 && head.get(found) != ARRAY) {
            throw Violations.preconditionFailed(
                    "invalid message: {unacceptable_type_in_header,\""
                            + name
                            + "\","
                            + FieldTableReader.typeName(head.get(found))
                            + "}",
                    MethodId.BASIC_PUBLISH);
        }
    }

    /** Where the type octet of the header's value is; -1 if there is no such header. */
    private static int find(ByteBuffer head, int at, byte[] name) {
        int from = ContentHeader.headersAt(head, at);
        return from < 0
                ? -1
                : FieldTableReader.find(
                        head, from, from + ContentHeader.headersSize(head, at), name);
    }
}

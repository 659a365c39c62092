package io.chasqui.server.amqp10;

import io.chasqui.protocol.amqp10.MalformedException;
import io.chasqui.protocol.amqp10.MessageSections;
import io.chasqui.protocol.amqp10.TypeCode;
import io.chasqui.protocol.amqp10.ValueWriter;
import io.chasqui.protocol.amqp10.Values;
import java.nio.ByteBuffer;
import org.apache.qpid.proton.amqp.Binary;
import org.jspecify.annotations.Nullable;

/**
 * The types of transactions (1.0 §4.5), read where they lie: what a client asks of the coordinator, and
 * the state of a transfer that is part of a transaction.
 */
final class TransactionTypes {

    private static final int DECLARE = 0x31;
    private static final int DISCHARGE = 0x32;
    private static final int TRANSACTIONAL_STATE = 0x34;
    private static final int OTHER = 0;

    private TransactionTypes() {}

    /** What a client asks of the coordinator. */
    sealed interface Request {

        /**
         * Begins a transaction.
         *
         * @param isGlobal whether it is to be part of a distributed one
         */
        record Declare(boolean isGlobal) implements Request {}

        /**
         * Ends a transaction.
         *
         * @param fail whether it is to be rolled back
         */
        record Discharge(Binary id, boolean fail) implements Request {}
    }

    /**
     * Reads the message from {@code at} to {@code end}, whose body is the request.
     *
     * @throws MalformedException if it is none
     */
    static Request request(ByteBuffer in, int at, int end) {
        MessageSections sections = new MessageSections();
        sections.scan(in, at, end);
        int value = sections.value(MessageSections.VALUE);
        int type = value < 0 ? OTHER : type(in, value);
        return switch (type) {
            case DECLARE -> new Request.Declare(field(in, value, 0) >= 0);
            case DISCHARGE ->
                    new Request.Discharge(id(in, value), Values.isTrue(in, field(in, value, 1)));
            default ->
                    throw new MalformedException(
                            "the coordinator takes a value that is declare or discharge");
        };
    }

    /**
     * The transaction that the state of a transfer tells; null if it tells none.
     *
     * @param at where the state stands, which is well-formed; negative for nowhere
     * @throws MalformedException if it is a transactional-state without a txn-id
     */
    static @Nullable Binary transaction(ByteBuffer in, int at) {
        return at >= 0 && type(in, at) == TRANSACTIONAL_STATE ? id(in, at) : null;
    }

    /** The state of a delivery that is acquired in a transaction, as it is written. */
    static byte[] acquisition(Binary transaction) {
        ValueWriter state = new ValueWriter().described(TRANSACTIONAL_STATE);
        int list = state.beginList();
        return state.binary(octets(transaction)).end(list, 1).toArray();
    }

    private static byte[] octets(Binary id) {
        byte[] octets = new byte[id.getLength()];
        id.asByteBuffer().get(octets);
        return octets;
    }

    private static int type(ByteBuffer in, int at) {
        if (in.get(at) != TypeCode.DESCRIBED || !Values.isList(in, list(in, at))) {
            return OTHER;
        }
        return switch (in.get(at + 1) & 0xFF) {
            case TypeCode.SMALL_ULONG, TypeCode.ULONG -> (int) Values.integer(in, at + 1);
            case TypeCode.SYMBOL_8, TypeCode.SYMBOL_32 -> named(Values.text(in, at + 1));
            default -> OTHER;
        };
    }

    private static int named(String descriptor) {
        return switch (descriptor) {
            case "amqp:declare:list" -> DECLARE;
            case "amqp:discharge:list" -> DISCHARGE;
            case "amqp:transactional-state:list" -> TRANSACTIONAL_STATE;
            default -> OTHER;
        };
    }

    private static int list(ByteBuffer in, int at) {
        return Values.end(in, at + 1, in.capacity());
    }

    private static int field(ByteBuffer in, int at, int n) {
        return Values.element(in, list(in, at), n);
    }

    private static Binary id(ByteBuffer in, int at) {
        int id = field(in, at, 0);
        if (id < 0 || !Values.isBinary(in, id)) {
            throw new MalformedException("the field txn-id is mandatory, and a binary");
        }
        return new Binary(Values.octets(in, id));
    }
}

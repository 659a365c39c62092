package io.chasqui.server.amqp10;

import io.chasqui.core.refusal.Refusal;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;

/**
 * Something that a peer did wrong, or may not, and what ends because of it (1.0 §2.8.14). No stack
 * trace is taken: it is an answer, not a fault.
 */
final class Amqp10Error extends RuntimeException {

    private static final long serialVersionUID = 1L;

    static final String DECODE_ERROR = "amqp:decode-error";
    static final String FRAMING_ERROR = "amqp:connection:framing-error";
    static final String CONNECTION_FORCED = "amqp:connection:forced";
    static final String INTERNAL_ERROR = "amqp:internal-error";
    static final String NOT_FOUND = "amqp:not-found";
    static final String NOT_ALLOWED = "amqp:not-allowed";
    static final String NOT_IMPLEMENTED = "amqp:not-implemented";
    static final String INVALID_FIELD = "amqp:invalid-field";
    static final String UNAUTHORIZED = "amqp:unauthorized-access";
    static final String PRECONDITION_FAILED = "amqp:precondition-failed";
    static final String RESOURCE_LOCKED = "amqp:resource-locked";
    static final String RESOURCE_DELETED = "amqp:resource-deleted";
    static final String RESOURCE_LIMIT = "amqp:resource-limit-exceeded";
    static final String UNATTACHED_HANDLE = "amqp:session:unattached-handle";
    static final String HANDLE_IN_USE = "amqp:session:handle-in-use";
    static final String WINDOW_VIOLATION = "amqp:session:window-violation";
    static final String STOLEN = "amqp:link:stolen";
    static final String TRANSFER_LIMIT = "amqp:link:transfer-limit-exceeded";
    static final String TRANSACTION_UNKNOWN_ID = "amqp:transaction:unknown-id";
    static final String TRANSACTION_ROLLBACK = "amqp:transaction:rollback";
    static final String MESSAGE_SIZE = "amqp:link:message-size-exceeded";

    /** What ends. */
    enum Scope {
        CONNECTION,
        SESSION,
        LINK
    }

    private final Scope scope;
    private final String condition;
    private transient Map<Symbol, Object> info = Map.of();

    private Amqp10Error(Scope scope, String condition, String text) {
        super(text, null, false, false);
        this.scope = scope;
        this.condition = condition;
    }

    static Amqp10Error connection(String condition, String text) {
        return new Amqp10Error(Scope.CONNECTION, condition, text);
    }

    static Amqp10Error session(String condition, String text) {
        return new Amqp10Error(Scope.SESSION, condition, text);
    }

    static Amqp10Error link(String condition, String text) {
        return new Amqp10Error(Scope.LINK, condition, text);
    }

    /** The same, with more to tell to programs. */
    Amqp10Error with(String key, Object value) {
        info = Map.of(Symbol.valueOf(key), value);
        return this;
    }

    /** What a link sends to, or receives from, is gone. */
    static Amqp10Error queueDeleted(String queue, String vhost) {
        return link(
                RESOURCE_DELETED, "queue '%s' in vhost '%s' was deleted".formatted(queue, vhost));
    }

    /** A frame whose performative cannot be read. */
    static Amqp10Error decode(String text) {
        return connection(DECODE_ERROR, text);
    }

    /** What the core refused, which ends what it was asked for. */
    static Amqp10Error of(Scope scope, Refusal refusal) {
        return new Amqp10Error(scope, condition(refusal), refusal.text());
    }

    private static String condition(Refusal refusal) {
        return switch (refusal) {
            case Refusal.NotFound _ -> NOT_FOUND;
            case Refusal.AccessRefused _ -> UNAUTHORIZED;
            case Refusal.PreconditionFailed _ -> PRECONDITION_FAILED;
            case Refusal.ResourceLocked _ -> RESOURCE_LOCKED;
            case Refusal.NotAllowed _ -> NOT_ALLOWED;
            case Refusal.NotImplemented _ -> NOT_IMPLEMENTED;
            case Refusal.ResourceError _ -> RESOURCE_LIMIT;
        };
    }

    Scope scope() {
        return scope;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    /** As the wire has it. */
    ErrorCondition toCondition() {
        ErrorCondition error = new ErrorCondition(Symbol.valueOf(condition), text());
        if (!info.isEmpty()) {
            error.setInfo(info);
        }
        return error;
    }

    @Override
    public String toString() {
        return condition + ": " + text();
    }
}

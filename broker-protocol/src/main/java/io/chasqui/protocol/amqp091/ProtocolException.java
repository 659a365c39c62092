package io.chasqui.protocol.amqp091;

import java.io.Serial;

/**
 * What a peer sent breaks the protocol: the reply it must get, and what to close.
 *
 * <p>It carries no stack trace, so a flood of malformed input costs as little as it can, and its text
 * quotes at most sixteen octets of that input.
 */
public final class ProtocolException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    private final ReplyCode code;
    private final ReplyCode.Scope scope;
    private final String detail;
    private final int classId;
    private final int methodId;

    public ProtocolException(
            ReplyCode code, ReplyCode.Scope scope, String detail, int classId, int methodId) {
        super(code.text(detail), null, false, false);
        this.code = code;
        this.scope = scope;
        this.detail = detail;
        this.classId = classId;
        this.methodId = methodId;
    }

    /** An error of the code's own scope, caused by no particular method. */
    public ProtocolException(ReplyCode code, String detail) {
        this(code, code.scope(), detail, 0, 0);
    }

    static ProtocolException syntaxError(String detail) {
        return new ProtocolException(ReplyCode.SYNTAX_ERROR, detail);
    }

    static ProtocolException syntaxError(String detail, int methodId) {
        return syntaxError(detail).during(methodId);
    }

    /** The same error as caused by the method of this {@link MethodId}. */
    public ProtocolException during(int id) {
        return new ProtocolException(
                code, scope, detail, MethodId.classOf(id), MethodId.methodOf(id));
    }

    public ReplyCode code() {
        return code;
    }

    public ReplyCode.Scope scope() {
        return scope;
    }

    /** The reply text to send, {@code NAME - detail}, at most 255 octets. */
    public String text() {
        return code.text(detail);
    }

    /** The class of the method that failed, 0 if none did (0-9-1 connection.close class-id). */
    public int classId() {
        return classId;
    }

    /** The method that failed, 0 if none did. */
    public int methodId() {
        return methodId;
    }
}

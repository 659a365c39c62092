package io.chasqui.protocol.amqp091;

import java.util.Optional;

/** The reply codes of 0-9-1 §1.2, each with what it closes. */
public enum ReplyCode {
    REPLY_SUCCESS(200, Scope.NONE),
    CONTENT_TOO_LARGE(311, Scope.CHANNEL),
    NO_ROUTE(312, Scope.CHANNEL),
    NO_CONSUMERS(313, Scope.CHANNEL),
    CONNECTION_FORCED(320, Scope.CONNECTION),
    INVALID_PATH(402, Scope.CONNECTION),
    ACCESS_REFUSED(403, Scope.CHANNEL),
    NOT_FOUND(404, Scope.CHANNEL),
    RESOURCE_LOCKED(405, Scope.CHANNEL),
    PRECONDITION_FAILED(406, Scope.CHANNEL),
    FRAME_ERROR(501, Scope.CONNECTION),
    SYNTAX_ERROR(502, Scope.CONNECTION),
    COMMAND_INVALID(503, Scope.CONNECTION),
    CHANNEL_ERROR(504, Scope.CONNECTION),
    UNEXPECTED_FRAME(505, Scope.CONNECTION),
    RESOURCE_ERROR(506, Scope.CONNECTION),
    NOT_ALLOWED(530, Scope.CONNECTION),
    NOT_IMPLEMENTED(540, Scope.CONNECTION),
    INTERNAL_ERROR(541, Scope.CONNECTION);

    /** What a reply code closes: the spec's soft error is the channel, its hard error the rest. */
    public enum Scope {
        NONE,
        CHANNEL,
        CONNECTION
    }

    private final int code;
    private final Scope scope;

    ReplyCode(int code, Scope scope) {
        this.code = code;
        this.scope = scope;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** What a peer must close on this code, unless its sender says more. */
    public Scope scope() {
        return scope;
    }

    /** Whether the spec calls this a soft error: only the channel ends. */
    public boolean isSoft() {
        return scope == Scope.CHANNEL;
    }

    /** Whether the spec calls this a hard error: the connection ends. */
    public boolean isHard() {
        return scope == Scope.CONNECTION;
    }

    /** The name as the grammar writes it, in capitals with underscores as RabbitMQ sends it. */
    public String amqpName() {
        return name();
    }

    /**
     * The reply text {@code NAME - detail} as RabbitMQ writes it, cut with {@code ...} where it would
     * not fit the short string it travels in.
     */
    public String text(String detail) {
        return Utf8.cut(name() + " - " + detail, Amqp091.SHORT_STRING_MAX);
    }

    /** The constant of a code received from a peer. */
    public static Optional<ReplyCode> of(int code) {
        for (ReplyCode candidate : values()) {
            if (candidate.code == code) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}

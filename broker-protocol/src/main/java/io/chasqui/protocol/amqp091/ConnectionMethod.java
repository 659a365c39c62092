package io.chasqui.protocol.amqp091;

/** Class 10: set up, tune and end a connection, on channel 0 (0-9-1 §1.4, grammar "connection"). */
public sealed interface ConnectionMethod extends Method {

    /** {@code mechanisms} and {@code locales} are lists separated by spaces. */
    record Start(
            int versionMajor,
            int versionMinor,
            FieldTable serverProperties,
            String mechanisms,
            String locales)
            implements ConnectionMethod {}

    record StartOk(
            FieldTable clientProperties, String mechanism, LongString response, String locale)
            implements ConnectionMethod {}

    record Secure(LongString challenge) implements ConnectionMethod {}

    record SecureOk(LongString response) implements ConnectionMethod {}

    /** Zero means no limit, a heartbeat of zero none at all; the heartbeat is in seconds. */
    record Tune(int channelMax, long frameMax, int heartbeat) implements ConnectionMethod {}

    record TuneOk(int channelMax, long frameMax, int heartbeat) implements ConnectionMethod {}

    record Open(String virtualHost) implements ConnectionMethod {}

    record OpenOk() implements ConnectionMethod {}

    /** The failed ids are the spec's class-id and method-id: what caused this, or zero. */
    record Close(int replyCode, String replyText, int failedClassId, int failedMethodId)
            implements ConnectionMethod {}

    record CloseOk() implements ConnectionMethod {}

    /** RabbitMQ: the broker reads no more from this connection until further notice. */
    record Blocked(String reason) implements ConnectionMethod {}

    /** RabbitMQ: the end of a {@link Blocked}. */
    record Unblocked() implements ConnectionMethod {}

    /** RabbitMQ: a new secret, such as a refreshed token, for the user of this connection. */
    record UpdateSecret(LongString newSecret, String reason) implements ConnectionMethod {}

    record UpdateSecretOk() implements ConnectionMethod {}
}

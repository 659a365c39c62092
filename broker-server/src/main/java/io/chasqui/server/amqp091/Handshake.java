package io.chasqui.server.amqp091;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.security.Users;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.Credentials;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.ReplyCode;
import io.chasqui.protocol.amqp091.SaslAmqPlain;
import io.chasqui.protocol.amqp091.SaslPlain;

/** The first two steps of a connection: who we are, and who the client is (0-9-1 §2.2.4). */
final class Handshake {

    private static final String MECHANISMS = SaslPlain.MECHANISM + " " + SaslAmqPlain.MECHANISM;

    private final FieldTable serverProperties;
    private final Users users;

    /**
     * @param version the broker's version, as clients are told
     */
    Handshake(String version, Users users) {
        this.users = users;
        this.serverProperties =
                FieldTable.builder()
                        .put("capabilities", capabilities())
                        .put("product", "Chasqui")
                        .put("version", version)
                        .put("platform", "Java " + Runtime.version().feature())
                        .put("information", "Licensed under the Apache License 2.0")
                        .build();
    }

    /**
     * RabbitMQ's capabilities, those that are honoured. Its exchange_exchange_bindings and
     * direct_reply_to are missing until they are built.
     */
    private static FieldTable capabilities() {
        return FieldTable.builder()
                .put("publisher_confirms", true)
                .put("basic.nack", true)
                .put("consumer_cancel_notify", true)
                .put("connection.blocked", true)
                .put("consumer_priorities", true)
                .put("authentication_failure_close", true)
                .put("per_consumer_qos", true)
                .build();
    }

    ConnectionMethod.Start start() {
        return new ConnectionMethod.Start(0, 9, serverProperties, MECHANISMS, "en_US");
    }

    /** What came of a login. */
    sealed interface Login {

        record Accepted(String user) implements Login {}

        /**
         * @param answer what the client is told, which is never why
         * @param why what the log is told
         */
        record Refused(ProtocolException answer, String why) implements Login {}
    }

    /**
     * Lets the client log in.
     *
     * @throws ProtocolException 503 if the mechanism is unknown, 502 if its response is malformed
     */
    Login logIn(ConnectionMethod.StartOk answer, boolean fromLoopback) {
        String mechanism = answer.mechanism();
        Credentials credentials =
                switch (mechanism) {
                    case SaslPlain.MECHANISM -> SaslPlain.parse(answer.response());
                    case SaslAmqPlain.MECHANISM -> SaslAmqPlain.parse(answer.response());
                    default ->
                            throw new ProtocolException(
                                            ReplyCode.COMMAND_INVALID,
                                            "unknown authentication mechanism '" + mechanism + "'")
                                    .during(MethodId.CONNECTION_START_OK);
                };
        String user = credentials.username();
        byte[] password = credentials.password().getBytes(UTF_8);
        return switch (users.login(user, password, fromLoopback)) {
            case ACCEPTED -> new Login.Accepted(user);
            case REFUSED ->
                    new Login.Refused(
                            refusal(mechanism), "user '" + user + "' - invalid credentials");
            case REFUSED_FROM_AFAR ->
                    new Login.Refused(
                            refusal(mechanism),
                            "user '" + user + "' can only connect via localhost");
        };
    }

    private static ProtocolException refusal(String mechanism) {
        return new ProtocolException(
                ReplyCode.ACCESS_REFUSED,
                ReplyCode.Scope.CONNECTION,
                "Login was refused using authentication mechanism "
                        + mechanism
                        + ". For details see the broker logfile.",
                0,
                0);
    }
}

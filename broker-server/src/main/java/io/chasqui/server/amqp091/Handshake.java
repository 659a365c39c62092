package io.chasqui.server.amqp091;

import io.chasqui.core.security.Login;
import io.chasqui.core.security.LoginAttempt;
import io.chasqui.protocol.amqp091.ConnectionMethod;
import io.chasqui.protocol.amqp091.Credentials;
import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.MethodId;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.ReplyCode;
import io.chasqui.protocol.amqp091.SaslAmqPlain;
import io.chasqui.protocol.amqp091.SaslAnonymous;
import io.chasqui.protocol.amqp091.SaslExternal;
import io.chasqui.protocol.amqp091.SaslPlain;
import io.chasqui.server.net.Logins;
import io.chasqui.server.net.Peer;
import io.chasqui.server.net.ServerIdentity;
import java.util.Optional;
import java.util.function.Consumer;

/** The first two steps of a connection: who we are, and who the client is (0-9-1 §2.2.4). */
final class Handshake {

    private static final String MECHANISMS = SaslPlain.MECHANISM + " " + SaslAmqPlain.MECHANISM;

    private final FieldTable serverProperties;
    private final Logins logins;

    Handshake(ServerIdentity identity, Logins logins) {
        this.logins = logins;
        this.serverProperties =
                FieldTable.builder()
                        .put("capabilities", capabilities())
                        .put("product", identity.product())
                        .put("version", identity.version())
                        .put("cluster_name", identity.clusterName())
                        .put("platform", "Java " + Runtime.version().feature())
                        .put("information", "Licensed under the Apache License 2.0")
                        .build();
    }

    /**
     * RabbitMQ's capabilities, all of which are honoured.
     */
    private static FieldTable capabilities() {
        return FieldTable.builder()
                .put("publisher_confirms", true)
                .put("exchange_exchange_bindings", true)
                .put("basic.nack", true)
                .put("consumer_cancel_notify", true)
                .put("connection.blocked", true)
                .put("consumer_priorities", true)
                .put("authentication_failure_close", true)
                .put("per_consumer_qos", true)
                .put("direct_reply_to", true)
                .build();
    }

    ConnectionMethod.Start start(Peer peer) {
        return new ConnectionMethod.Start(0, 9, serverProperties, mechanisms(peer), "en_US");
    }

    private String mechanisms(Peer peer) {
        StringBuilder mechanisms = new StringBuilder(MECHANISMS);
        if (logins.anonymousUser().isPresent()) {
            mechanisms.append(' ').append(SaslAnonymous.MECHANISM);
        }
        if (logins.externalUser(peer).isPresent()) {
            mechanisms.append(' ').append(SaslExternal.MECHANISM);
        }
        return mechanisms.toString();
    }

    /**
     * Reads who wants to log in.
     *
     * @throws ProtocolException 503 if the mechanism is unknown, 502 if its response is malformed
     */
    Credentials credentials(ConnectionMethod.StartOk answer, Peer peer) {
        return switch (answer.mechanism()) {
            case SaslPlain.MECHANISM -> SaslPlain.parse(answer.response());
            case SaslAmqPlain.MECHANISM -> SaslAmqPlain.parse(answer.response());
            case SaslAnonymous.MECHANISM -> unproven(logins.anonymousUser(), answer.mechanism());
            case SaslExternal.MECHANISM -> unproven(logins.externalUser(peer), answer.mechanism());
            default -> throw unknown(answer.mechanism());
        };
    }

    private static Credentials unproven(Optional<String> user, String mechanism) {
        return new Credentials(user.orElseThrow(() -> unknown(mechanism)), "");
    }

    private static ProtocolException unknown(String mechanism) {
        return new ProtocolException(
                        ReplyCode.COMMAND_INVALID,
                        "unknown authentication mechanism '" + mechanism + "'")
                .during(MethodId.CONNECTION_START_OK);
    }

    /** Checks a login; the answer may come on another thread. */
    void logIn(String mechanism, LoginAttempt attempt, Consumer<Login> answer) {
        logins.logIn(mechanism, attempt, answer);
    }

    /** What the client is told, which is never why. */
    static ProtocolException refusal(String mechanism) {
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

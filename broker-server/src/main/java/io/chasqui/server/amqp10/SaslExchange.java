package io.chasqui.server.amqp10;

import io.chasqui.core.security.Login;
import io.chasqui.core.security.LoginAttempt;
import io.chasqui.core.session.SessionClient;
import io.chasqui.core.shard.Shard;
import io.chasqui.protocol.amqp091.Credentials;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.SaslAnonymous;
import io.chasqui.protocol.amqp091.SaslExternal;
import io.chasqui.protocol.amqp091.SaslPlain;
import io.chasqui.server.net.ClientSocket;
import io.chasqui.server.net.LoginNews;
import io.chasqui.server.net.Logins;
import io.chasqui.server.net.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.security.SaslCode;
import org.apache.qpid.proton.amqp.security.SaslInit;
import org.apache.qpid.proton.amqp.security.SaslMechanisms;
import org.apache.qpid.proton.amqp.security.SaslOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What is said while a client logs in (1.0 §5.3): the mechanisms, its answer, and the outcome.
 */
final class SaslExchange {

    private final Logins logins;
    private final LoginNews news;
    private final Peer peer;
    private final Shard shard;

    SaslExchange(Amqp10Terms terms, ClientSocket<?> socket) {
        this.logins = terms.logins();
        this.news = new LoginNews(terms.broker().events(), SessionClient.AMQP_1_0);
        this.peer = socket.peer();
        this.shard = socket.neighbours().shard();
    }

    /**
     * How a login went.
     *
     * @param why it was refused; empty if it was not
     */
    record Verdict(String user, String mechanism, boolean accepted, String why) {

        /** As the wire has it. */
        SaslOutcome outcome() {
            SaslOutcome outcome = new SaslOutcome();
            outcome.setCode(accepted ? SaslCode.OK : SaslCode.AUTH);
            return outcome;
        }
    }

    /** ANONYMOUS and EXTERNAL only if it is known whom they stand for. */
    SaslMechanisms mechanisms() {
        List<Symbol> offered = new ArrayList<>();
        offered.add(Symbol.valueOf(SaslPlain.MECHANISM));
        if (logins.anonymousUser().isPresent()) {
            offered.add(Symbol.valueOf(SaslAnonymous.MECHANISM));
        }
        if (logins.externalUser(peer).isPresent()) {
            offered.add(Symbol.valueOf(SaslExternal.MECHANISM));
        }
        SaslMechanisms mechanisms = new SaslMechanisms();
        mechanisms.setSaslServerMechanisms(offered.toArray(Symbol[]::new));
        return mechanisms;
    }

    /** Who the client claims to be; empty if it asks for another mechanism, or not properly. */
    private Optional<Credentials> credentials(SaslInit init) {
        return switch (init.getMechanism().toString()) {
            case SaslPlain.MECHANISM -> plain(init.getInitialResponse());
            case SaslAnonymous.MECHANISM ->
                    logins.anonymousUser().map(user -> new Credentials(user, ""));
            case SaslExternal.MECHANISM ->
                    logins.externalUser(peer).map(user -> new Credentials(user, ""));
            default -> Optional.empty();
        };
    }

    private static Optional<Credentials> plain(@Nullable Binary response) {
        if (response == null) {
            return Optional.empty();
        }
        byte[] octets = new byte[response.getLength()];
        response.asByteBuffer().get(octets);
        try {
            return Optional.of(SaslPlain.parse(LongString.of(octets)));
        } catch (ProtocolException _) {
            return Optional.empty();
        }
    }

    /** Checks a login; the answer comes at once, or later on the shard. */
    void logIn(SaslInit init, Consumer<Verdict> answer) {
        String mechanism = init.getMechanism().toString();
        Credentials given = credentials(init).orElse(null);
        if (given == null) {
            answer.accept(
                    new Verdict("", mechanism, false, "mechanism or response is not accepted"));
            return;
        }
        logIn(mechanism, given, answer);
    }

    /** Lets a client in that does not log in at all; the answer comes as to one that does. */
    void logInAnonymously(Consumer<Verdict> answer) {
        String user = logins.anonymousUser().orElse("");
        logIn(SaslAnonymous.MECHANISM, new Credentials(user, ""), answer);
    }

    private void logIn(String mechanism, Credentials given, Consumer<Verdict> answer) {
        check(
                mechanism,
                given,
                login -> {
                    if (shard.inLoop()) {
                        checked(given.username(), mechanism, login, answer);
                    } else {
                        shard.submit(() -> checked(given.username(), mechanism, login, answer));
                    }
                });
    }

    private void check(String mechanism, Credentials given, Consumer<Login> answer) {
        LoginAttempt attempt = peer.attempt(given.username(), given.password());
        logins.logIn(mechanism, attempt, answer);
    }

    private void checked(String user, String mechanism, Login login, Consumer<Verdict> answer) {
        news.tell(peer, user, mechanism, login);
        boolean accepted = login == Login.ACCEPTED;
        answer.accept(new Verdict(user, mechanism, accepted, accepted ? "" : login.why(user)));
    }
}

package io.chasqui.server.amqp10;

import io.chasqui.core.security.Authenticator;
import io.chasqui.core.security.Login;
import io.chasqui.core.security.LoginAttempt;
import io.chasqui.protocol.amqp091.Credentials;
import io.chasqui.protocol.amqp091.LongString;
import io.chasqui.protocol.amqp091.ProtocolException;
import io.chasqui.protocol.amqp091.SaslAnonymous;
import io.chasqui.protocol.amqp091.SaslPlain;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.security.SaslCode;
import org.apache.qpid.proton.amqp.security.SaslInit;
import org.apache.qpid.proton.amqp.security.SaslMechanisms;
import org.apache.qpid.proton.amqp.security.SaslOutcome;
import org.jspecify.annotations.Nullable;

/** What is said while a client logs in (1.0 §5.3): the mechanisms, its answer, and the outcome. */
final class SaslExchange {

    private final Authenticator authenticator;

    SaslExchange(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    /** ANONYMOUS only if it is configured whom it stands for. */
    SaslMechanisms mechanisms() {
        Symbol plain = Symbol.valueOf(SaslPlain.MECHANISM);
        Symbol anonymous = Symbol.valueOf(SaslAnonymous.MECHANISM);
        SaslMechanisms mechanisms = new SaslMechanisms();
        if (authenticator.anonymousUser().isPresent()) {
            mechanisms.setSaslServerMechanisms(plain, anonymous);
        } else {
            mechanisms.setSaslServerMechanisms(plain);
        }
        return mechanisms;
    }

    /** Who the client claims to be; empty if it asks for another mechanism, or not properly. */
    Optional<Credentials> credentials(SaslInit init) {
        return switch (init.getMechanism().toString()) {
            case SaslPlain.MECHANISM -> plain(init.getInitialResponse());
            case SaslAnonymous.MECHANISM ->
                    authenticator.anonymousUser().map(user -> new Credentials(user, ""));
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

    /** Checks a login; the answer may come on another thread. */
    void logIn(String mechanism, LoginAttempt attempt, Consumer<Login> answer) {
        if (mechanism.equals(SaslAnonymous.MECHANISM)) {
            authenticator.logInAnonymously(attempt, answer);
        } else {
            authenticator.logIn(attempt, answer);
        }
    }

    static SaslOutcome outcome(boolean accepted) {
        SaslOutcome outcome = new SaslOutcome();
        outcome.setCode(accepted ? SaslCode.OK : SaslCode.AUTH);
        return outcome;
    }
}

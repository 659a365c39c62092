package io.chasqui.server.net;

import io.chasqui.core.security.Authenticator;
import io.chasqui.core.security.Login;
import io.chasqui.core.security.LoginAttempt;
import io.chasqui.protocol.amqp091.SaslAnonymous;
import io.chasqui.protocol.amqp091.SaslExternal;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How clients log in, whatever their protocol.
 *
 * @param certificates whom a client's certificate stands for
 */
public record Logins(Authenticator authenticator, CertificateLogin certificates) {

    /** As whom those are let in who name nobody (SASL ANONYMOUS); empty if they are not. */
    public Optional<String> anonymousUser() {
        return authenticator.anonymousUser();
    }

    /** Who the client is by its certificate (SASL EXTERNAL); empty if it is nobody by that. */
    public Optional<String> externalUser(Peer peer) {
        return certificates == CertificateLogin.NONE
                ? Optional.empty()
                : peer.certificate().flatMap(certificates::user);
    }

    /** Checks a login by a mechanism that was offered; the answer may come on another thread. */
    public void logIn(String mechanism, LoginAttempt attempt, Consumer<Login> answer) {
        switch (mechanism) {
            case SaslAnonymous.MECHANISM -> authenticator.logInAnonymously(attempt, answer);
            case SaslExternal.MECHANISM -> authenticator.logInVouchedFor(attempt, answer);
            default -> authenticator.logIn(attempt, answer);
        }
    }
}

package io.chasqui.server.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.security.Accounts;
import io.chasqui.core.security.Authenticator;
import io.chasqui.core.security.Login;
import io.chasqui.core.security.LoginAttempt;
import io.chasqui.server.http.Request;
import io.chasqui.server.http.Response;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Who a request is from (RFC 7617, Basic). Passwords are checked where those of AMQP clients are,
 * with the same rules: failures slow down whoever causes them, and guest may only come from this
 * machine.
 */
final class LogIns implements Identity {

    private static final String SCHEME = "Basic ";
    private static final String CHALLENGE = "Basic realm=\"RabbitMQ Management\"";

    /** Longer than an attempt may wait for its turn. */
    private static final long TIMEOUT_S = 60;

    private final Authenticator authenticator;
    private final Accounts accounts;

    LogIns(Authenticator authenticator, Accounts accounts) {
        this.authenticator = authenticator;
        this.accounts = accounts;
    }

    /** What came of it. */
    sealed interface Outcome {

        record Accepted(Caller caller) implements Outcome {}

        record Refused(Response response) implements Outcome {}
    }

    @Override
    public Outcome logIn(Request request) throws InterruptedException {
        Optional<String> authorization = request.header("Authorization");
        if (authorization.isEmpty()) {
            return new Outcome.Refused(Response.empty(401).with("www-authenticate", CHALLENGE));
        }
        if (!authorization.get().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return refused();
        }
        String credentials;
        try {
            String encoded = authorization.get().substring(SCHEME.length()).strip();
            credentials = new String(Base64.getDecoder().decode(encoded), UTF_8);
        } catch (IllegalArgumentException _) {
            return new Outcome.Refused(Response.empty(400));
        }
        int colon = credentials.indexOf(':');
        if (colon < 0) {
            return new Outcome.Refused(Response.empty(400));
        }
        return check(
                attempt(
                        request,
                        credentials.substring(0, colon),
                        credentials.substring(colon + 1)));
    }

    private static LoginAttempt attempt(Request request, String user, String password) {
        InetAddress address =
                request.peer() instanceof InetSocketAddress inet ? inet.getAddress() : null;
        return new LoginAttempt(
                user,
                password,
                address == null ? request.peer().toString() : address.getHostAddress(),
                address != null && address.isLoopbackAddress(),
                () -> true);
    }

    private Outcome check(LoginAttempt attempt) throws InterruptedException {
        CompletableFuture<Login> login = new CompletableFuture<>();
        authenticator.logIn(attempt, login::complete);
        try {
            if (login.get(TIMEOUT_S, TimeUnit.SECONDS) != Login.ACCEPTED) {
                return refused();
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a login was not checked", e);
        }
        UserDefinition user = accounts.user(attempt.user());
        return user == null ? refused() : new Outcome.Accepted(Caller.of(user, accounts));
    }

    private static Outcome refused() {
        return new Outcome.Refused(Response.refusal(401, "not_authorized", "Not_Authorized"));
    }
}

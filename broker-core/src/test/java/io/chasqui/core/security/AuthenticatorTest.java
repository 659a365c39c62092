package io.chasqui.core.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.definition.DefinitionChange.UserDeleted;
import io.chasqui.core.definition.DefinitionChange.UserPut;
import io.chasqui.core.definition.PasswordHash;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {

    private static final String FROM = "192.0.2.7";

    private final AtomicLong nowNs = new AtomicLong();
    private Runnable founded = () -> {};
    private final Accounts accounts = new Accounts();
    private final Passwords passwords = new Passwords(new Random(1), 1000);
    private final Authenticator authenticator =
            new Authenticator(
                    accounts,
                    passwords,
                    () -> founded.run(),
                    Optional.of("visitor"),
                    true,
                    1000,
                    new Clock() {
                        @Override
                        public long wallMs() {
                            return 0;
                        }

                        @Override
                        public long monotonicNs() {
                            return nowNs.get();
                        }
                    },
                    new Random(2),
                    1);

    @AfterEach
    void close() {
        authenticator.close();
    }

    private void user(String name, PasswordHash hash) {
        accounts.replay(new UserPut(new UserDefinition(name, hash, List.of())));
    }

    private CompletableFuture<Login> attempt(String user, String password, boolean loopback) {
        CompletableFuture<Login> answer = new CompletableFuture<>();
        authenticator.logIn(
                new LoginAttempt(user, password, FROM, loopback, () -> true), answer::complete);
        return answer;
    }

    private Login logIn(String user, String password) {
        return attempt(user, password, true).orTimeout(20, TimeUnit.SECONDS).join();
    }

    private Login logInAnonymously(String user, boolean loopback) {
        CompletableFuture<Login> answer = new CompletableFuture<>();
        authenticator.logInAnonymously(
                new LoginAttempt(user, "", FROM, loopback, () -> true), answer::complete);
        return answer.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void who_names_nobody_is_let_in_as_the_anonymous_user_and_as_no_other() {
        user("visitor", PasswordHash.NONE);
        user("u", PasswordHash.NONE);
        assertThat(logInAnonymously("visitor", false)).isEqualTo(Login.ACCEPTED);
        assertThat(logInAnonymously("u", true)).isEqualTo(Login.REFUSED);
        accounts.replay(new UserDeleted("visitor"));
        assertThat(logInAnonymously("visitor", true)).isEqualTo(Login.REFUSED);
    }

    @Test
    void an_anonymous_user_of_a_new_broker_is_waited_for() {
        founded = () -> user("visitor", PasswordHash.NONE);
        assertThat(logInAnonymously("visitor", true)).isEqualTo(Login.ACCEPTED);
    }

    @Test
    void an_anonymous_user_for_this_host_only_stays_that() {
        authenticator.loopbackUsers(Set.of("visitor"));
        user("visitor", PasswordHash.NONE);
        assertThat(logInAnonymously("visitor", true)).isEqualTo(Login.ACCEPTED);
        assertThat(logInAnonymously("visitor", false)).isEqualTo(Login.REFUSED_FROM_AFAR);
    }

    @Test
    void the_right_password_is_accepted_and_nothing_else_is() {
        user("u", passwords.hash("p"));
        user("passwordless", PasswordHash.NONE);
        assertThat(logIn("u", "p")).isEqualTo(Login.ACCEPTED);
        assertThat(logIn("u", "q")).isEqualTo(Login.REFUSED);
        assertThat(logIn("u", "")).isEqualTo(Login.REFUSED);
        assertThat(logIn("nosuch", "p")).isEqualTo(Login.REFUSED);
        assertThat(logIn("passwordless", "")).isEqualTo(Login.REFUSED);
        assertThat(logIn("passwordless", "p")).isEqualTo(Login.REFUSED);
    }

    @Test
    void a_login_that_succeeded_just_now_is_answered_at_once() {
        user("u", passwords.hash("p"));
        assertThat(logIn("u", "p")).isEqualTo(Login.ACCEPTED);
        assertThat(attempt("u", "p", true)).isCompletedWithValue(Login.ACCEPTED);
    }

    @Test
    void after_five_minutes_the_password_is_hashed_again() {
        user("u", passwords.hash("p"));
        logIn("u", "p");
        nowNs.addAndGet(TimeUnit.MINUTES.toNanos(5));
        List<Thread> answeredOn = new ArrayList<>();
        CompletableFuture<Void> answered = new CompletableFuture<>();
        authenticator.logIn(
                new LoginAttempt("u", "p", FROM, true, () -> true),
                _ -> {
                    answeredOn.add(Thread.currentThread());
                    answered.complete(null);
                });
        answered.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(answeredOn).doesNotContain(Thread.currentThread());
    }

    @Test
    void a_changed_password_and_a_deleted_user_count_at_once() {
        user("u", passwords.hash("p"));
        assertThat(logIn("u", "p")).isEqualTo(Login.ACCEPTED);
        user("u", passwords.hash("q"));
        assertThat(logIn("u", "p")).isEqualTo(Login.REFUSED);
        assertThat(logIn("u", "q")).isEqualTo(Login.ACCEPTED);
        accounts.replay(new UserDeleted("u"));
        assertThat(logIn("u", "q")).isEqualTo(Login.REFUSED);
    }

    @Test
    void guest_may_only_come_from_this_machine() {
        user("guest", passwords.hash("guest"));
        assertThat(attempt("guest", "guest", false).orTimeout(20, TimeUnit.SECONDS).join())
                .isEqualTo(Login.REFUSED_FROM_AFAR);
        assertThat(logIn("guest", "guest")).isEqualTo(Login.ACCEPTED);
        assertThat(attempt("guest", "guest", false)).isCompletedWithValue(Login.REFUSED_FROM_AFAR);
    }

    @Test
    void equal_logins_that_come_together_share_one_hash() {
        user("u", new Passwords(new Random(3), 200_000).hash("p"));
        List<CompletableFuture<Login>> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            all.add(attempt("u", "p", true));
        }
        assertThat(all)
                .allSatisfy(login ->
                        assertThat(login.orTimeout(10, TimeUnit.SECONDS).join())
                                .isEqualTo(Login.ACCEPTED));
    }

    @Test
    void whoever_guesses_is_made_to_wait_and_then_not_looked_at() {
        user("u", passwords.hash("p"));
        for (int i = 0; i < 5; i++) {
            assertThat(logIn("u", "wrong" + i)).isEqualTo(Login.REFUSED);
        }
        List<CompletableFuture<Login>> burst = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            burst.add(attempt("u", "guess" + i, true));
        }
        assertThat(burst.getFirst()).isNotDone();
        assertThat(burst.getLast()).isCompletedWithValue(Login.REFUSED_UNSEEN);
        assertThat(logIn("another", "p")).isEqualTo(Login.REFUSED);
    }

    @Test
    void who_was_let_in_before_is_not_held_up_by_somebody_elses_guesses() {
        user("u", passwords.hash("p"));
        logIn("u", "p");
        for (int i = 0; i < 5; i++) {
            logIn("u", "wrong" + i);
        }
        attempt("u", "guess", true);
        assertThat(attempt("u", "p", true)).isCompletedWithValue(Login.ACCEPTED);
    }

    @Test
    void a_login_nobody_waits_for_is_not_hashed() {
        user("u", passwords.hash("p"));
        CompletableFuture<Login> answer = new CompletableFuture<>();
        authenticator.logIn(new LoginAttempt("u", "p", FROM, true, () -> false), answer::complete);
        assertThat(answer.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(Login.REFUSED_UNSEEN);
    }
}

package io.chasqui.core.security;

import io.chasqui.core.definition.Binary;
import io.chasqui.core.definition.PasswordHash;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets users log in. Passwords are hashed on threads of its own, few and at low priority, so that
 * neither event loops nor messages wait for logins. Equal credentials that come while their hash is
 * being computed share it; those that were right a short time ago need none.
 */
public final class Authenticator implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);

    /** Different logins that may wait to be hashed; more would not get their turn in time. */
    private static final int MAX_WAITING = 1024;

    /** The same from one address, so that others get their turn. */
    private static final int MAX_WAITING_OF_ADDRESS = 128;

    private final Accounts accounts;
    private final Passwords passwords;
    private final Runnable founding;
    private final Clock clock;
    private final Optional<String> anonymousUser;
    private final long patienceNs;
    private volatile Set<String> loopbackUsers;
    private final LoginCache cache;
    private final BackOff backOff = new BackOff();
    private final ScheduledThreadPoolExecutor threads;

    /** Guarded by itself: logins being hashed or waiting for it, by their credentials. */
    private final Map<Binary, List<Waiting>> pending = new HashMap<>();

    private record Waiting(LoginAttempt attempt, Consumer<Login> answer) {}

    /**
     * @param founding returns once the first user is there, if there is to be one
     * @param anonymousUser as whom those are let in who name nobody; empty if they are not
     * @param guestFromLoopbackOnly whether a user named {@code guest} is refused from other hosts
     * @param patienceMs how long a login may wait for its turn
     * @param random for the cache's key; one that cannot be guessed
     * @param threadCount how many passwords may be hashed at once
     */
    public Authenticator(
            Accounts accounts,
            Passwords passwords,
            Runnable founding,
            Optional<String> anonymousUser,
            boolean guestFromLoopbackOnly,
            long patienceMs,
            Clock clock,
            RandomGenerator random,
            int threadCount) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.founding = founding;
        this.clock = clock;
        this.anonymousUser = anonymousUser;
        this.loopbackUsers = guestFromLoopbackOnly ? Set.of("guest") : Set.of();
        this.patienceNs = TimeUnit.MILLISECONDS.toNanos(patienceMs);
        this.cache = new LoginCache(random);
        AtomicInteger number = new AtomicInteger();
        this.threads =
                new ScheduledThreadPoolExecutor(
                        threadCount,
                        task ->
                                Thread.ofPlatform()
                                        .daemon()
                                        .name("chasqui-login-" + number.getAndIncrement())
                                        .unstarted(task));
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** The users who are refused from other hosts. */
    public Set<String> loopbackUsers() {
        return loopbackUsers;
    }

    /** Says which users are refused from other hosts, from now on. */
    public void loopbackUsers(Set<String> names) {
        loopbackUsers = Set.copyOf(names);
    }

    /**
     * Checks a login. Never waits.
     *
     * @param answer told once what came of it: at once and on this thread, or on another
     */
    public void logIn(LoginAttempt attempt, Consumer<Login> answer) {
        long now = clock.monotonicNs();
        Binary credentials = cache.credentials(attempt.user(), attempt.password());
        @Nullable UserDefinition user = accounts.user(attempt.user());
        if (user != null && cache.holds(credentials, user, now)) {
            answer.accept(accepted(attempt));
            return;
        }
        Waiting waiting = new Waiting(attempt, answer);
        long delayNs;
        synchronized (pending) {
            List<Waiting> others = pending.get(credentials);
            if (others != null) {
                others.add(waiting);
                return;
            }
            delayNs = backOff.turn(attempt.address(), attempt.user(), now);
            if (delayNs <= patienceNs
                    && pending.size() < MAX_WAITING
                    && waitingFrom(attempt.address()) < MAX_WAITING_OF_ADDRESS) {
                pending.put(credentials, new ArrayList<>(List.of(waiting)));
                threads.schedule(() -> check(credentials), delayNs, TimeUnit.NANOSECONDS);
                return;
            }
        }
        answer.accept(Login.REFUSED_UNSEEN);
    }

    /** As whom those are let in who name nobody (SASL ANONYMOUS); empty if they are not. */
    public Optional<String> anonymousUser() {
        return anonymousUser;
    }

    /**
     * Lets somebody in who names nobody. Never waits.
     *
     * @param attempt as the {@link #anonymousUser}; its password is not looked at
     * @param answer told once what came of it: at once and on this thread, or on another
     */
    public void logInAnonymously(LoginAttempt attempt, Consumer<Login> answer) {
        if (accounts.user(attempt.user()) != null) {
            answer.accept(acceptedUnnamed(attempt));
            return;
        }
        threads.execute(() -> {
            founding.run();
            answer.accept(acceptedUnnamed(attempt));
        });
    }

    private Login acceptedUnnamed(LoginAttempt attempt) {
        boolean isHe = anonymousUser.filter(attempt.user()::equals).isPresent();
        return isHe ? acceptedUnproven(attempt) : Login.REFUSED;
    }

    /**
     * Lets somebody in whom others have vouched for (SASL EXTERNAL). Never waits.
     *
     * @param attempt its password is not looked at
     * @param answer told once what came of it: at once and on this thread, or on another
     */
    public void logInVouchedFor(LoginAttempt attempt, Consumer<Login> answer) {
        if (accounts.user(attempt.user()) != null) {
            answer.accept(acceptedUnproven(attempt));
            return;
        }
        threads.execute(() -> {
            founding.run();
            answer.accept(acceptedUnproven(attempt));
        });
    }

    private Login acceptedUnproven(LoginAttempt attempt) {
        return accounts.user(attempt.user()) == null ? Login.REFUSED : accepted(attempt);
    }

    private long waitingFrom(String address) {
        return pending.values().stream()
                .filter(waiting -> waiting.getFirst().attempt.address().equals(address))
                .count();
    }

    private void check(Binary credentials) {
        LoginAttempt attempt = firstWanted(credentials);
        if (attempt == null) {
            answer(credentials, Login.REFUSED_UNSEEN);
            return;
        }
        Login login = Login.REFUSED_UNSEEN;
        try {
            founding.run();
            login = check(credentials, attempt);
        } catch (RuntimeException fault) {
            LOG.error("a login could not be checked", fault);
        } finally {
            answer(credentials, login);
        }
    }

    private @Nullable LoginAttempt firstWanted(Binary credentials) {
        synchronized (pending) {
            return pending.getOrDefault(credentials, List.of()).stream()
                    .map(Waiting::attempt)
                    .filter(attempt -> attempt.stillWanted().getAsBoolean())
                    .findFirst()
                    .orElse(null);
        }
    }

    private Login check(Binary credentials, LoginAttempt attempt) {
        @Nullable UserDefinition user = accounts.user(attempt.user());
        PasswordHash hash = user == null ? PasswordHash.NONE : user.password();
        boolean right = passwords.matches(hash, attempt.password());
        if (!Objects.equals(user, accounts.user(attempt.user()))) {
            return check(credentials, attempt); // changed meanwhile: what counts is how it is now
        }
        long now = clock.monotonicNs();
        if (!right || user == null) {
            backOff.failed(attempt.address(), attempt.user(), now);
            return Login.REFUSED;
        }
        backOff.succeeded(attempt.address(), attempt.user());
        cache.put(credentials, user, now);
        return Login.ACCEPTED;
    }

    private void answer(Binary credentials, Login login) {
        List<Waiting> waiting;
        synchronized (pending) {
            waiting = pending.remove(credentials);
        }
        if (waiting != null) {
            for (Waiting each : waiting) {
                each.answer.accept(login == Login.ACCEPTED ? accepted(each.attempt) : login);
            }
        }
    }

    private Login accepted(LoginAttempt attempt) {
        return loopbackUsers.contains(attempt.user()) && !attempt.fromLoopback()
                ? Login.REFUSED_FROM_AFAR
                : Login.ACCEPTED;
    }

    /** Logins that wait are not answered any more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}

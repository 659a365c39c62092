package io.chasqui.core.session;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/** The sessions that are open. Safe for use by any thread. */
public final class Sessions {

    private final ConcurrentMap<Long, Session> open = new ConcurrentHashMap<>();

    /** A live view in no order. */
    public Collection<Session> all() {
        return open.values();
    }

    public void add(Session session) {
        open.put(session.id(), session);
    }

    /** How many of the connections' sessions are meant. */
    long count(Predicate<Session> meant) {
        return open.values().stream()
                .filter(session -> session.client().isConnection())
                .filter(meant)
                .count();
    }

    /** How many channels the user's sessions have. */
    long channels(String user) {
        return open.values().stream()
                .filter(session -> session.user().equals(user))
                .mapToLong(Session::channels)
                .sum();
    }

    void remove(Session session) {
        open.remove(session.id());
    }

    /**
     * Ends every session that is meant.
     *
     * @param reason in RabbitMQ's words, for the clients
     * @return how many there were
     */
    public int end(Predicate<Session> meant, String reason) {
        int ended = 0;
        for (Session session : open.values()) {
            if (meant.test(session)) {
                session.shard().submit(() -> session.client().endedByBroker(reason));
                ended++;
            }
        }
        return ended;
    }
}

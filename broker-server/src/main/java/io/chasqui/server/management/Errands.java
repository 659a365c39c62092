package io.chasqui.server.management;

import io.chasqui.core.boot.Broker;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.ClientReport;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.SessionClient;
import io.chasqui.core.shard.Shard;
import io.chasqui.server.http.HttpRefusal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is done in a virtual host for whoever asks: in a session of their own, opened for the one
 * request, so that every rule of the broker holds as for a client of AMQP.
 */
public final class Errands {

    private final Broker broker;
    private final AtomicInteger turn = new AtomicInteger();

    Errands(Broker broker) {
        this.broker = broker;
    }

    /** Something to do in a session, on its shard. */
    @FunctionalInterface
    public interface Errand<T> {

        /**
         * Begins it; its outcome goes to the reply, once.
         *
         * @throws Refusal if it is refused at once
         */
        void begin(Session session, Reply<T> reply);
    }

    /**
     * Does it and waits for the outcome.
     *
     * @throws HttpRefusal 401 if whoever asks has no permissions in the virtual host
     * @throws Refusal if the broker refuses it
     */
    public <T> T run(Call call, String vhost, Errand<T> errand)
            throws HttpRefusal, InterruptedException {
        admit(call, vhost);
        Shard shard = nextShard();
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Requester client = new Requester(call.request().peer().toString());
        shard.submit(() -> begin(call.caller().user(), vhost, shard, client, errand, outcome));
        return ShardLook.awaited(outcome);
    }

    /**
     * @throws HttpRefusal 401 if whoever asks has no permissions in the virtual host
     */
    void admit(Call call, String vhost) throws HttpRefusal {
        if (broker.accounts().permission(call.caller().user(), vhost) == null) {
            throw new HttpRefusal(401, "not_authorised", "Access refused.");
        }
    }

    private Shard nextShard() {
        return broker.shards().get(Math.floorMod(turn.getAndIncrement(), broker.shards().size()));
    }

    private <T> void begin(
            String user,
            String vhost,
            Shard shard,
            SessionClient client,
            Errand<T> errand,
            CompletableFuture<T> outcome) {
        try {
            Session session = broker.openSession(user, vhost, shard, client);
            outcome.whenComplete((_, _) -> session.close());
            errand.begin(session, replyTo(outcome));
        } catch (RuntimeException refused) {
            outcome.completeExceptionally(refused);
        }
    }

    private static <T> Reply<T> replyTo(CompletableFuture<T> outcome) {
        return new Reply<>() {
            @Override
            public void ok(T value) {
                outcome.complete(value);
            }

            @Override
            public void refused(Refusal refusal) {
                outcome.completeExceptionally(refusal);
            }
        };
    }

    /** Who such a session is for. It ends by itself before anybody could end it. */
    private record Requester(String name) implements SessionClient {

        @Override
        public String product() {
            return "management";
        }

        @Override
        public String protocol() {
            return "HTTP";
        }

        @Override
        public boolean isConnection() {
            return false;
        }

        @Override
        public Optional<ClientReport> report() {
            return Optional.empty();
        }

        @Override
        public void endedByBroker(String reason) {}
    }
}

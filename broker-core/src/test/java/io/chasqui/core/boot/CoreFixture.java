package io.chasqui.core.boot;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.ConsumerArgument;
import io.chasqui.core.definition.QueueDeclaration;
import io.chasqui.core.exchange.Route;
import io.chasqui.core.message.Death;
import io.chasqui.core.message.HeaderCursor;
import io.chasqui.core.message.LargeBody;
import io.chasqui.core.message.MessageFormat;
import io.chasqui.core.message.MessageFormats;
import io.chasqui.core.message.MessageProperty;
import io.chasqui.core.message.OwnMessage;
import io.chasqui.core.message.StoredMessage;
import io.chasqui.core.queue.Interest;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.session.ClientReport;
import io.chasqui.core.session.DeliverySink;
import io.chasqui.core.session.GetSink;
import io.chasqui.core.session.Prefetch;
import io.chasqui.core.session.Publisher;
import io.chasqui.core.session.QueueStatus;
import io.chasqui.core.session.Reply;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.SessionClient;
import io.chasqui.core.session.Subscription;
import io.chasqui.core.session.Transaction;
import io.chasqui.core.session.UnackedLedger;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.ShardLoop;
import io.chasqui.core.store.Disk;
import io.chasqui.core.store.RealDisk;
import io.chasqui.core.store.StoreException;
import io.chasqui.core.time.Clock;
import io.chasqui.core.time.SystemClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A broker without a protocol, on a temporary directory: tests speak to its sessions directly. */
final class CoreFixture implements AutoCloseable {

    private static final byte[] DIED = "died ".getBytes(StandardCharsets.UTF_8);

    static final MessageFormat TEXT =
            new MessageFormat() {
                @Override
                public int tag() {
                    return 99;
                }

                @Override
                public HeaderCursor headers(ByteBuffer image, int at) {
                    return HeaderCursor.NONE;
                }

                @Override
                public @Nullable String property(
                        ByteBuffer image, int at, MessageProperty property) {
                    return null;
                }

                @Override
                public Map<String, @Nullable Object> properties(ByteBuffer image, int at) {
                    return Map.of();
                }

                @Override
                public ByteBuffer head(OwnMessage message, long bodyBytes) {
                    return ByteBuffer.allocate(0);
                }

                @Override
                public boolean hasCopies(ByteBuffer image, int at) {
                    return false;
                }

                @Override
                public void addCopies(ByteBuffer image, int at, List<String> keys) {}

                @Override
                public long bodyBytes(ByteBuffer image, int at, int length) {
                    return (long) length - headLength(image, at, length);
                }

                @Override
                public boolean isPersistent(ByteBuffer image, int at) {
                    return true;
                }

                @Override
                public ByteBuffer withDeath(
                        ByteBuffer image, int at, int headLength, Death death, boolean known) {
                    String line =
                            String.join(
                                            " ",
                                            "died",
                                            death.reason().wireName(),
                                            death.queue(),
                                            String.join(",", death.routingKeys()))
                                    + "\n";
                    byte[] octets = line.getBytes(StandardCharsets.UTF_8);
                    ByteBuffer head = ByteBuffer.allocate(octets.length + headLength);
                    return head.put(octets).put(image.slice(at, headLength)).flip();
                }

                @Override
                public ByteBuffer withAnnotations(
                        ByteBuffer image, int at, int headLength, ByteBuffer annotations) {
                    ByteBuffer head = ByteBuffer.allocate(annotations.limit() + headLength);
                    head.put(annotations.slice(0, annotations.limit()));
                    return head.put(image.slice(at, headLength)).flip();
                }

                @Override
                public List<Death.Past> deaths(ByteBuffer image, int at) {
                    int end = headLength(image, at, image.capacity() - at);
                    byte[] head = new byte[end];
                    image.get(at, head);
                    return new String(head, StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> line.split(" ", -1))
                            .map(words -> new Death.Past(words[2], words[1]))
                            .toList();
                }

                /** The head has a line for each death, newest first; the body begins with no "died". */
                private int headLength(ByteBuffer image, int at, int length) {
                    int end = at;
                    while (isDeath(image, end, at + length)) {
                        while (image.get(end++) != '\n') {}
                    }
                    return end - at;
                }

                private boolean isDeath(ByteBuffer image, int from, int to) {
                    return to - from > DIED.length
                            && image.slice(from, DIED.length).equals(ByteBuffer.wrap(DIED));
                }
            };

    /** A client that is never told of its end. */
    private static final SessionClient NOBODY =
            new SessionClient() {
                @Override
                public String name() {
                    return "test";
                }

                @Override
                public String product() {
                    return "";
                }

                @Override
                public String protocol() {
                    return "none";
                }

                @Override
                public boolean isConnection() {
                    return true;
                }

                @Override
                public Optional<ClientReport> report() {
                    return Optional.empty();
                }

                @Override
                public void endedByBroker(String reason) {
                    throw new AssertionError(reason);
                }
            };

    private final List<ExecutorService> threads = new ArrayList<>();
    private final @Nullable RealDisk ownDisk;
    final Broker broker;

    private static final class ThreadLoop implements ShardLoop {
        private final ScheduledThreadPoolExecutor executor;
        private volatile @Nullable Thread thread;

        ThreadLoop(ScheduledThreadPoolExecutor executor) {
            this.executor = executor;
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(() -> run(task));
        }

        @Override
        public void schedule(Runnable task, long delayNs) {
            executor.schedule(() -> run(task), delayNs, TimeUnit.NANOSECONDS);
        }

        private void run(Runnable task) {
            thread = Thread.currentThread();
            task.run();
        }

        @Override
        public boolean inLoop() {
            return Thread.currentThread().equals(thread);
        }
    }

    CoreFixture(Path directory, int shards) throws IOException {
        this(directory, shards, options());
    }

    CoreFixture(Path directory, int shards, BrokerOptions options) throws IOException {
        this(RealDisk.open(directory), shards, options);
    }

    CoreFixture(Disk disk, int shards, BrokerOptions options) {
        this(disk, shards, options, new SystemClock());
    }

    CoreFixture(Path directory, int shards, BrokerOptions options, Clock clock) throws IOException {
        this(RealDisk.open(directory), shards, options, clock);
    }

    CoreFixture(Disk disk, int shards, BrokerOptions options, Clock clock) {
        this(disk, shards, options, clock, true);
    }

    /** A broker that was opened and not told to found anything. */
    static CoreFixture unfounded(Path directory) throws IOException {
        return new CoreFixture(RealDisk.open(directory), 1, options(), new SystemClock(), false);
    }

    private CoreFixture(Disk disk, int shards, BrokerOptions options, Clock clock, boolean found) {
        List<ThreadLoop> loops = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1);
            thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            threads.add(thread);
            loops.add(new ThreadLoop(thread));
        }
        ownDisk = disk instanceof RealDisk real ? real : null;
        broker =
                Broker.open(
                        options,
                        disk,
                        clock,
                        new MessageFormats(List.of(TEXT)),
                        loops,
                        new Random(1),
                        CoreFixture::fail);
        if (found) {
            broker.found();
        }
    }

    private static void fail(StoreException failure) {
        throw failure;
    }

    static BrokerOptions options() {
        return new BrokerOptions(
                16 << 20,
                16 << 20,
                22,
                16 << 20,
                4 << 20,
                32 << 20,
                60_000,
                OptionalLong.of(0),
                16 << 20,
                "/",
                new BrokerOptions.FirstUser("guest", "guest", 1000),
                BrokerOptions.QueueDefaults.STANDARD,
                "chasqui@test");
    }

    Client client(int shard) {
        Shard home = broker.shard(shard);
        return new Client(home, broker.openSession("guest", "/", home, NOBODY));
    }

    @Override
    public void close() throws IOException {
        broker.close();
        threads.forEach(ExecutorService::close);
        if (ownDisk != null) {
            ownDisk.close();
        }
    }

    /** What a delivery brought. */
    record Received(
            String body, boolean redelivered, Subscription subscription, long seq, long position) {}

    /** One session, driven from a test's thread. */
    static final class Client {
        private final Shard shard;
        private final Session session;
        private @Nullable Publisher publisher;
        private int largest = 100_000;
        private long timeToLiveMs = StoredMessage.FOR_EVER;
        private int priority = StoredMessage.NO_PRIORITY;
        private final AtomicInteger unreadable = new AtomicInteger();

        Client(Shard shard, Session session) {
            this.shard = shard;
            this.session = session;
        }

        /** Sends bodies of more bytes in parts. */
        Client inPartsAbove(int bytes) {
            largest = bytes;
            return this;
        }

        Session session() {
            return session;
        }

        <T> T onShard(Consumer<CompletableFuture<T>> work) {
            CompletableFuture<T> result = new CompletableFuture<>();
            shard.submit(() -> {
                try {
                    work.accept(result);
                } catch (Refusal refusal) {
                    result.completeExceptionally(refusal);
                }
            });
            return result.orTimeout(20, TimeUnit.SECONDS).join();
        }

        static <T> Reply<T> to(CompletableFuture<T> result) {
            return new Reply<>() {
                @Override
                public void ok(T value) {
                    result.complete(value);
                }

                @Override
                public void refused(Refusal refusal) {
                    result.completeExceptionally(refusal);
                }
            };
        }

        QueueStatus declare(String queue, boolean durable) {
            return declare(queue, durable, Map.of());
        }

        QueueStatus declare(String queue, boolean durable, Map<String, ?> arguments) {
            return onShard(result ->
                    session.queues()
                            .declare(
                                    new QueueDeclaration(
                                            queue, durable, false, false, Arguments.of(arguments)),
                                    to(result)));
        }

        /** The messages published from now on may live so long, in milliseconds. */
        Client limitedTo(long ms) {
            timeToLiveMs = ms;
            return this;
        }

        /** The messages published from now on have this priority. */
        Client urgent(int asGiven) {
            priority = asGiven;
            return this;
        }

        QueueStatus check(String queue) {
            return onShard(result -> session.queues().check(queue, to(result)));
        }

        long purge(String queue) {
            return onShard(result -> session.queues().purge(queue, to(result)));
        }

        long delete(String queue) {
            return onShard(result -> session.queues().delete(queue, false, false, to(result)));
        }

        void bind(String queue, String exchange, String key) {
            this.<Boolean>onShard(result ->
                    session.exchanges()
                            .bindQueue(
                                    queue,
                                    exchange,
                                    key,
                                    Arguments.EMPTY,
                                    () -> result.complete(true)));
        }

        /** Publishes and returns once the message is durable, or at once if it need not be. */
        void publish(String exchange, String key, boolean persistent, String body) {
            publish(exchange, key, persistent, body.getBytes(StandardCharsets.UTF_8));
        }

        void publish(String exchange, String key, boolean persistent, byte[] body) {
            long ttl = timeToLiveMs;
            int urgency = priority;
            this.<Boolean>onShard(result -> {
                long position = publishNow(exchange, key, persistent, ttl, urgency, body);
                session.whenDurable(position, () -> result.complete(true));
            });
        }

        /** Publishes; the future completes when the broker would confirm. */
        CompletableFuture<Void> publishLater(
                String exchange, String key, boolean persistent, byte[] body) {
            CompletableFuture<Void> confirmed = new CompletableFuture<>();
            long ttl = timeToLiveMs;
            int urgency = priority;
            shard.submit(() -> {
                long position = publishNow(exchange, key, persistent, ttl, urgency, body);
                session.whenDurable(position, () -> confirmed.complete(null));
            });
            return confirmed;
        }

        private long publishNow(
                String exchange,
                String key,
                boolean persistent,
                long ttl,
                int urgency,
                byte[] body) {
            Publisher to = publisher == null ? session.newPublisher(1) : publisher;
            publisher = to;
            Route route = describe(to, exchange, key);
            to.content().timeToLive(ttl).priority(urgency);
            if (body.length <= largest) {
                to.content().body(ByteBuffer.wrap(body), 0, body.length);
                return to.publish(route, persistent, true, TEXT);
            }
            var large = to.beginLarge(route, persistent);
            large.add(ByteBuffer.wrap(body), 0, body.length);
            return to.publishLarge(route, large, persistent, true, TEXT);
        }

        private static Route describe(Publisher to, String exchange, String key) {
            ByteBuffer names = ByteBuffer.allocate(2 + exchange.length() + key.length());
            names.put((byte) exchange.length()).put(exchange.getBytes(StandardCharsets.US_ASCII));
            names.put((byte) key.length()).put(key.getBytes(StandardCharsets.US_ASCII));
            to.content().names(names, 0, names.capacity()).head(names, 0, 0);
            return to.route(TEXT);
        }

        /** Begins a transaction; its calls are made on this client's shard. */
        Transaction transaction() {
            CompletableFuture<Transaction> begun = new CompletableFuture<>();
            shard.submit(() -> {
                Publisher to = publisher == null ? session.newPublisher(1) : publisher;
                publisher = to;
                begun.complete(to.newTransaction());
            });
            return begun.orTimeout(20, TimeUnit.SECONDS).join();
        }

        void publish(Transaction transaction, String exchange, String key, String body) {
            this.<Boolean>onShard(result -> {
                byte[] octets = body.getBytes(StandardCharsets.US_ASCII);
                Publisher to = Objects.requireNonNull(publisher);
                Route route = describe(to, exchange, key);
                if (octets.length <= largest) {
                    to.content().body(ByteBuffer.wrap(octets), 0, octets.length);
                    transaction.publish(to.content(), route, true, TEXT);
                } else {
                    LargeBody large = to.beginLarge(route, true);
                    large.add(ByteBuffer.wrap(octets), 0, octets.length);
                    to.content().body(ByteBuffer.wrap(octets), 0, 0);
                    transaction.publishLarge(to.content(), route, large, true, TEXT);
                }
                result.complete(true);
            });
        }

        void settle(Transaction transaction, Received received, Settlement settlement) {
            this.<Boolean>onShard(result -> {
                transaction.settle(
                        0, received.subscription, received.seq, received.position, settlement);
                result.complete(true);
            });
        }

        /** Commits; the future completes when the commit would be answered. */
        CompletableFuture<Void> commit(Transaction transaction) {
            CompletableFuture<Void> committed = new CompletableFuture<>();
            shard.submit(() -> {
                long position = transaction.commit((_, _, _, _) -> {});
                session.whenDurable(position, () -> committed.complete(null));
            });
            return committed;
        }

        /** The same for a transaction that a full queue rolls back. */
        CompletableFuture<Void> commitIfAllFit(Transaction transaction) {
            CompletableFuture<Void> committed = new CompletableFuture<>();
            shard.submit(() ->
                    transaction.commitIfAllFit(
                            new Reply<>() {
                                @Override
                                public void ok(Long position) {
                                    session.whenDurable(position, () -> committed.complete(null));
                                }

                                @Override
                                public void refused(Refusal refusal) {
                                    committed.completeExceptionally(refusal);
                                }
                            }));
            return committed;
        }

        void rollback(Transaction transaction) {
            this.<Boolean>onShard(result -> {
                transaction.rollback(new UnackedLedger());
                result.complete(true);
            });
        }

        Inbox consume(String queue, boolean autoAck, int prefetch) {
            Prefetch bounds = session.newPrefetch();
            this.<Boolean>onShard(result -> bounds.each(prefetch, () -> result.complete(true)));
            return consume(queue, autoAck, bounds, 0);
        }

        Inbox consume(String queue, boolean autoAck, Prefetch prefetch, int priority) {
            Inbox inbox = new Inbox(unreadable);
            Arguments arguments =
                    priority == 0
                            ? Arguments.EMPTY
                            : Arguments.of(Map.of(ConsumerArgument.PRIORITY, priority));
            inbox.subscription =
                    onShard(result ->
                            session.subscriptions()
                                    .begin(
                                            queue,
                                            "t",
                                            autoAck,
                                            false,
                                            arguments,
                                            prefetch,
                                            inbox,
                                            to(result)));
            return inbox;
        }

        /** Subscribes on credit to what a filter lets pass; or looks only. */
        Inbox consumeOnCredit(String queue, boolean autoAck, Interest interest) {
            Inbox inbox = new Inbox(unreadable);
            Prefetch unbounded = session.newPrefetch();
            inbox.subscription =
                    onShard(result ->
                            session.subscriptions()
                                    .beginOnCredit(
                                            queue,
                                            "t",
                                            autoAck,
                                            false,
                                            interest,
                                            Arguments.EMPTY,
                                            unbounded,
                                            inbox,
                                            to(result)));
            return inbox;
        }

        /** Allows a subscriber messages beyond the first {@code received}. */
        void grant(Inbox inbox, int received, int messages, boolean drain) {
            this.<Boolean>onShard(result -> {
                inbox.subscription.grant(received, messages, drain);
                result.complete(true);
            });
        }

        /** A channel's bounds, with a shared one. */
        Prefetch sharing(int messages) {
            Prefetch bounds = session.newPrefetch();
            share(bounds, messages);
            return bounds;
        }

        void share(Prefetch bounds, int messages) {
            this.<Boolean>onShard(result ->
                    bounds.all(messages, new UnackedLedger(), () -> result.complete(true)));
        }

        void settle(Received received, Settlement settlement) {
            this.<Boolean>onShard(result -> {
                received.subscription.settle(received.seq, settlement);
                result.complete(true);
            });
        }

        void cancel(Inbox inbox) {
            this.<Boolean>onShard(result ->
                    session.subscriptions()
                            .cancel(inbox.subscription, () -> result.complete(true)));
        }

        @Nullable Received get(String queue, boolean autoAck) {
            Inbox inbox = new Inbox(unreadable);
            CompletableFuture<Boolean> found = new CompletableFuture<>();
            this.<Boolean>onShard(result -> {
                session.subscriptions().get(queue, autoAck, inbox.answering(found));
                result.complete(true);
            });
            return found.orTimeout(20, TimeUnit.SECONDS).join() ? inbox.next() : null;
        }

        /** How many messages could not be read from disk so far. */
        int unreadable() {
            return unreadable.get();
        }

        void close() {
            this.<Boolean>onShard(result -> {
                session.close();
                result.complete(true);
            });
        }
    }

    /** Where a consumer's messages arrive. */
    static final class Inbox implements DeliverySink {
        private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
        volatile Subscription subscription;
        volatile boolean cancelled;
        private final Semaphore drained = new Semaphore(0);
        private final AtomicInteger unreadable;

        Inbox(AtomicInteger unreadable) {
            this.unreadable = unreadable;
        }

        @Override
        public void deliver(
                Subscription to,
                long seq,
                long position,
                boolean redelivered,
                ByteBuffer record,
                int at) {
            byte[] body = new byte[StoredMessage.imageLength(record, at)];
            record.get(StoredMessage.imageAt(record, at), body);
            received.add(
                    new Received(
                            new String(body, StandardCharsets.UTF_8),
                            redelivered,
                            to,
                            seq,
                            position));
        }

        @Override
        public void undo() {
            throw new IllegalStateException("not expected in these tests");
        }

        @Override
        public void passedOver() {
            unreadable.incrementAndGet();
        }

        @Override
        public int channel() {
            return 1;
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void timedOut(Subscription of, long timeoutMs) {
            cancelled = true;
        }

        @Override
        public void queueDeleted() {
            cancelled = true;
        }

        @Override
        public void drained() {
            drained.release();
        }

        /** Waits until the queue has no more for the credit that was to be drained. */
        void awaitDrained() {
            try {
                if (!drained.tryAcquire(20, TimeUnit.SECONDS)) {
                    throw new AssertionError("not drained in 20 s");
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        /** What has come so far, and was not asked for. */
        List<Received> taken() {
            List<Received> all = new ArrayList<>();
            received.drainTo(all);
            return all;
        }

        List<String> bodies() {
            return taken().stream().map(Received::body).toList();
        }

        Received next() {
            try {
                Received next = received.poll(20, TimeUnit.SECONDS);
                if (next == null) {
                    throw new AssertionError("nothing arrived in 20 s");
                }
                return next;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        int waiting() {
            return received.size();
        }

        GetSink answering(CompletableFuture<Boolean> found) {
            Inbox inbox = this;
            return new GetSink() {
                @Override
                public void empty() {
                    found.complete(false);
                }

                @Override
                public void found(long remaining) {}

                @Override
                public void deliver(
                        Subscription to,
                        long seq,
                        long position,
                        boolean redelivered,
                        ByteBuffer record,
                        int at) {
                    inbox.deliver(to, seq, position, redelivered, record, at);
                    found.complete(true);
                }

                @Override
                public void undo() {
                    inbox.undo();
                }

                @Override
                public void passedOver() {
                    unreadable.incrementAndGet();
                    found.complete(false);
                }

                @Override
                public int channel() {
                    return inbox.channel();
                }

                @Override
                public boolean writable() {
                    return true;
                }

                @Override
                public void timedOut(Subscription of, long timeoutMs) {}

                @Override
                public void queueDeleted() {}
            };
        }
    }
}

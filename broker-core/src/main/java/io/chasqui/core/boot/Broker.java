package io.chasqui.core.boot;

import io.chasqui.core.Alarms;
import io.chasqui.core.admin.Administration;
import io.chasqui.core.definition.QueueType;
import io.chasqui.core.definition.UserDefinition;
import io.chasqui.core.event.AlarmEvents;
import io.chasqui.core.event.EventExchange;
import io.chasqui.core.message.MessageFormats;
import io.chasqui.core.message.MessageStore;
import io.chasqui.core.queue.OrderFactory;
import io.chasqui.core.queue.PageIo;
import io.chasqui.core.queue.PagePool;
import io.chasqui.core.queue.PageSpiller;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueIndex;
import io.chasqui.core.queue.QueueOrder;
import io.chasqui.core.refusal.Refusal;
import io.chasqui.core.security.Accounts;
import io.chasqui.core.security.Passwords;
import io.chasqui.core.session.Session;
import io.chasqui.core.session.SessionClient;
import io.chasqui.core.session.Sessions;
import io.chasqui.core.shard.Shard;
import io.chasqui.core.shard.ShardLoop;
import io.chasqui.core.store.CheckpointReader;
import io.chasqui.core.store.CheckpointStore;
import io.chasqui.core.store.CommitLog;
import io.chasqui.core.store.Disk;
import io.chasqui.core.store.PageFile;
import io.chasqui.core.store.StoreException;
import io.chasqui.core.store.StoreOptions;
import io.chasqui.core.time.Clock;
import io.chasqui.core.time.SteadyClock;
import io.chasqui.core.vhost.QueueFactory;
import io.chasqui.core.vhost.VirtualHost;
import io.chasqui.core.vhost.VirtualHosts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker: opened on a data directory, asked for sessions, closed. Everything is wired here, by
 * hand.
 *
 * <p>Threads it owns: the two logs' flushers and preparers, the log readers, one thread for index
 * pages, and the housekeeper. The shards' threads are the caller's event loops.
 */
public final class Broker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    private final MessageStore store;
    private final List<Shard> shards = new ArrayList<>();
    private final VirtualHosts vhosts;
    private final Accounts accounts = new Accounts();
    private final Passwords passwords;
    private final Sessions sessions = new Sessions();
    private final SessionFactory sessionFactory;
    private final Administration administration;
    private final CompletableFuture<Void> founded = new CompletableFuture<>();
    private final BrokerOptions options;
    private final Alarms alarms = new Alarms();
    private final PageFile pages;
    private final PagePool pool;
    private final ExecutorService pageWrites = pageThread("chasqui-page-writer");
    private final ExecutorService pageReads = pageThread("chasqui-page-reader");
    private final Housekeeper housekeeper;
    private final AtomicLong nextQueueId = new AtomicLong();
    private final RecoveredState recovered;
    private final int segmentBits;
    private final EventExchange events;
    private final String defaultVhost;
    private final QueueType defaultQueueType;

    /**
     * Opens the data directory, recovers what it holds, and starts to work. {@link #found} is for the
     * caller to call.
     *
     * @param formats of the messages that front ends store
     * @param loops the event loops that the broker may use, one shard each
     * @param random for names and the like
     * @param onFailure told, once, that the disk failed: nothing more will be confirmed, and the
     *     process should end
     * @throws StoreException if the data directory cannot be used, saying why
     */
    public static Broker open(
            BrokerOptions options,
            Disk disk,
            Clock clock,
            MessageFormats formats,
            List<? extends ShardLoop> loops,
            RandomGenerator random,
            Consumer<StoreException> onFailure) {
        LogMemory memory = LogMemory.ahead(options);
        return open(options, memory, disk, clock, formats, loops, random, onFailure);
    }

    /** As the other one, in memory that was set aside before, for the same options. */
    public static Broker open(
            BrokerOptions options,
            LogMemory memory,
            Disk disk,
            Clock clock,
            MessageFormats formats,
            List<? extends ShardLoop> loops,
            RandomGenerator random,
            Consumer<StoreException> onFailure) {
        return new Broker(options, memory, disk, clock, formats, loops, random, onFailure);
    }

    private Broker(
            BrokerOptions options,
            LogMemory memory,
            Disk disk,
            Clock clock,
            MessageFormats formats,
            List<? extends ShardLoop> loops,
            RandomGenerator random,
            Consumer<StoreException> onFailure) {
        long started = clock.monotonicNs();
        this.options = options;
        CheckpointStore checkpoints = new CheckpointStore(disk);
        pages = PageFile.open(disk);
        pool = new PagePool(options.indexBytes());
        PageIo atOnce = new PageSpiller(pages, Runnable::run, Runnable::run);
        segmentBits = options.segmentBits();
        OrderFactory orders = new OrderFactory(pool, segmentBits);
        recovered =
                new RecoveredState(
                        formats, (queue, arrived) -> orders.create(queue, atOnce, arrived));
        Optional<CheckpointReader> checkpoint = checkpoints.newest();
        long replayFrom = 0;
        boolean clean = false;
        if (checkpoint.isPresent()) {
            try (CheckpointReader reader = checkpoint.get()) {
                recovered.load(reader);
                replayFrom = reader.replayFrom();
                clean = reader.clean();
            }
        }
        long instanceId = random.nextLong();
        CommitLog durable =
                CommitLog.open(
                        disk,
                        "log",
                        StoreOptions.durable(options.durableRingBytes(), instanceId)
                                .withSegmentBits(options.segmentBits())
                                .withCompactSlackBytes(options.compactSlackBytes()),
                        memory.durable(),
                        clock,
                        replayFrom,
                        recovered);
        checkSegmentSize(durable);
        durable.onFailure(onFailure);
        CommitLog transientLog =
                CommitLog.createTransient(
                        disk,
                        "transient",
                        StoreOptions.transientLog(options.transientRingBytes(), instanceId)
                                .withSegmentBits(transientSegmentBits(options)),
                        memory.transientOnes(),
                        clock);
        transientLog.onFailure(onFailure);
        boolean crashed = !clean || recovered.records() > 0;
        store =
                new MessageStore(
                        durable,
                        transientLog,
                        options.readBytes(),
                        formats,
                        new SteadyClock(clock));
        List<PageIo> pageIo = new ArrayList<>();
        for (ShardLoop loop : loops) {
            Shard shard = new Shard(shards.size(), loop, store, clock);
            shards.add(shard);
            pageIo.add(new PageSpiller(pages, pageWrites, pageReads, shard::submit));
        }
        restoreAccounts(crashed);
        defaultVhost = options.defaultVhost();
        defaultQueueType = options.queues().type();
        events =
                new EventExchange(this::eventHome, shards.getFirst(), store, clock, options.node());
        QueueFactory queues =
                new HomedQueues(
                        shards,
                        pageIo,
                        store,
                        orders,
                        recovered,
                        options.queues().consumerTimeoutMs());
        vhosts = new VirtualHosts(name -> newVirtualHost(name, random, queues));
        sessionFactory = new SessionFactory(vhosts, accounts, sessions, store, events);
        nextQueueId.set(recovered.nextQueueId());
        administration =
                new Administration(accounts, vhosts, new LogMetadataStore(store), sessions, events);
        alarms.addListener(new AlarmEvents(alarms, events));
        recovered.changes().forEach(administration::replay);
        if (recovered.founded()) {
            administration.founded();
        }
        recovered.forget();
        passwords = new Passwords(random, options.firstUser().passwordIterations());
        DurabilityBarrier barrier = new DurabilityBarrier(durable, shards);
        Checkpointer checkpointer =
                new Checkpointer(
                        checkpoints,
                        pages,
                        store,
                        administration,
                        shards,
                        nextQueueId::get,
                        barrier);
        housekeeper =
                new Housekeeper(
                        options,
                        disk,
                        clock,
                        store,
                        checkpoints,
                        checkpointer,
                        pages,
                        vhosts,
                        shards,
                        barrier,
                        alarms);
        Runnable progress = () -> shards.forEach(Shard::durabilityMoved);
        durable.onProgress(progress);
        transientLog.onProgress(progress);
        LOG.info(
                "recovered {} queues, {} messages in {} ms, {} log records replayed{}",
                queueCount(),
                messageCount(),
                (clock.monotonicNs() - started) / 1_000_000,
                recovered.records(),
                crashed && checkpoint.isPresent() ? " after an unclean stop" : "");
        store.start();
        housekeeper.start();
    }

    /** The usual size, or a quarter of a ring too small for that. */
    private static int transientSegmentBits(BrokerOptions options) {
        int ringBits = Integer.numberOfTrailingZeros(options.transientRingBytes());
        return Math.min(StoreOptions.TRANSIENT_SEGMENT_BITS, ringBits - 2);
    }

    private static ExecutorService pageThread(String name) {
        return Executors.newSingleThreadExecutor(
                task -> Thread.ofPlatform().daemon().name(name).unstarted(task));
    }

    private void checkSegmentSize(CommitLog log) {
        int existing = log.geometry().segmentBits();
        if (existing != segmentBits) {
            throw new StoreException(
                    "the data directory has segments of "
                            + (1L << existing)
                            + " bytes, the configuration says "
                            + (1L << segmentBits)
                            + "; the size of an existing directory cannot be changed");
        }
    }

    private void restoreAccounts(boolean crashed) {
        recovered.dropUncommitted();
        // First, because looking a message up may load its page and release the page's slot.
        recovered.restoreLargeBodies(store);
        recovered.dropStaleAnnotations();
        CommitLog durable = store.durableLog();
        List<Integer> slots = new ArrayList<>();
        for (QueueOrder index : recovered.allIndexes()) {
            if (crashed) {
                index.markAllRedelivered();
            }
            for (QueueIndex level : index.levels()) {
                level.contents().forEachSegment(durable::retainIn);
                level.contents().forEachSlot(slots::add);
            }
        }
        pages.restore(slots.stream().mapToInt(Integer::intValue).iterator());
    }

    private @Nullable VirtualHost eventHome() {
        return vhosts.find(defaultVhost);
    }

    private VirtualHost newVirtualHost(String name, RandomGenerator random, QueueFactory queues) {
        VirtualHost vhost =
                new VirtualHost(
                        name,
                        new LogMetadataStore(store),
                        queues,
                        nextQueueId::getAndIncrement,
                        random,
                        defaultQueueType,
                        events);
        if (name.equals(defaultVhost)) {
            vhost.declareOwnExchange(EventExchange.definition());
        }
        return vhost;
    }

    private UserDefinition administrator(BrokerOptions.FirstUser first) {
        return new UserDefinition(
                first.name(), passwords.hash(first.password()), List.of("administrator"));
    }

    private long queueCount() {
        return vhosts.all().stream().mapToLong(vhost -> vhost.queues().size()).sum();
    }

    private long messageCount() {
        return vhosts.all().stream()
                .flatMap(vhost -> vhost.queues().stream())
                .mapToLong(Queue::ready)
                .sum();
    }

    /** The shard on an event loop, by the loop's place in the list the broker was opened with. */
    public Shard shard(int index) {
        return shards.get(index);
    }

    public List<Shard> shards() {
        return List.copyOf(shards);
    }

    /**
     * Opens a session for a user who has logged in.
     *
     * @throws Refusal.NotAllowed if there is no such virtual host, the user may not enter it, or it
     *     or the user has as many sessions as may be
     */
    public Session openSession(String user, String vhost, Shard shard, SessionClient client) {
        return sessionFactory.open(user, vhost, shard, client);
    }

    /** Of queues in virtual hosts that say nothing else. */
    public QueueType defaultQueueType() {
        return defaultQueueType;
    }

    /** Where it is told what goes on. */
    public EventExchange events() {
        return events;
    }

    /** The sessions that are open. */
    public Sessions sessions() {
        return sessions;
    }

    /** Who there is, and who may do what. */
    public Accounts accounts() {
        return accounts;
    }

    /** Makes and checks password hashes. */
    public Passwords passwords() {
        return passwords;
    }

    /**
     * Gives a new data directory its first virtual host and user; does nothing with any other. Apart
     * from {@link #open}, because to hash the password takes as long as all the rest of a start.
     *
     * @throws StoreException if that cannot be recorded
     */
    public void found() {
        try {
            administration.found(options.defaultVhost(), () -> administrator(options.firstUser()));
            founded.complete(null);
        } catch (StoreException e) {
            founded.completeExceptionally(e);
            throw e;
        }
    }

    /** Returns once {@link #found} has: nobody can log in before. */
    public void awaitFounding() {
        founded.join();
    }

    /** Where users, virtual hosts and permissions are changed. */
    public Administration administration() {
        return administration;
    }

    /** Done once the log is on disk beyond {@code position}; at once for 0. Any thread. */
    public CompletableFuture<Void> durable(long position) {
        CompletableFuture<Void> durable = new CompletableFuture<>();
        if (position == 0) {
            durable.complete(null);
        } else {
            Shard any = shards.getFirst();
            any.submit(() -> any.whenDurable(position, () -> durable.complete(null)));
        }
        return durable;
    }

    public MessageStore store() {
        return store;
    }

    public VirtualHosts vhosts() {
        return vhosts;
    }

    public Alarms alarms() {
        return alarms;
    }

    /** Room on the volume with the data directory, as it was a moment ago. */
    public DiskSpace diskSpace() {
        return housekeeper.diskSpace();
    }

    /**
     * Writes a last checkpoint and closes the data files. The sessions must be closed, the event
     * loops still running.
     */
    @Override
    public void close() {
        List<CompletableFuture<Void>> stopped =
                shards.stream()
                        .map(shard -> CompletableFuture.runAsync(shard::stopTimers, shard::submit))
                        .toList();
        stopped.forEach(CompletableFuture::join);
        housekeeper.close();
        pageWrites.close();
        pageReads.close();
        store.close();
        pages.close();
    }
}

package io.chasqui.server.net;

import io.chasqui.core.time.Clock;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The event loops of a broker: each carries one shard and the connections that live on it. */
public final class EventLoops implements AutoCloseable {

    private final Clock clock;
    private final Transport transport;
    private final EventLoopGroup group;
    private final List<NettyShardLoop> loops = new ArrayList<>();
    private final Map<EventLoop, Integer> indexes = new IdentityHashMap<>();
    private final Map<Object, InputPacing> pacings = new IdentityHashMap<>();

    /**
     * @param count how many loops, each with a thread of its own
     * @param transport {@code auto}, {@code epoll} or {@code nio}
     */
    public EventLoops(int count, String transport, Clock clock) {
        this.clock = clock;
        this.transport = Transport.choose(transport);
        this.group =
                new MultiThreadIoEventLoopGroup(
                        count, new DefaultThreadFactory("chasqui-loop"), pacedHandlers());
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            indexes.put(loop, loops.size());
            loops.add(new NettyShardLoop(loop, pacingOf(loop)));
        }
    }

    private IoHandlerFactory pacedHandlers() {
        IoHandlerFactory handlers = transport.ioHandlers();
        return loop -> new PacedIoHandler(handlers.newHandler(loop), pacingOf(loop));
    }

    /** Of an event loop, which is what an executor that knows its thread is here. */
    private InputPacing pacingOf(Object loop) {
        return pacings.computeIfAbsent(
                loop, _ -> new InputPacing(clock::monotonicNs, LockSupport::parkNanos));
    }

    /** In the order of the shards that are to live on them. */
    public List<NettyShardLoop> loops() {
        return List.copyOf(loops);
    }

    Transport transport() {
        return transport;
    }

    EventLoopGroup group() {
        return group;
    }

    /** The place of a loop in {@link #loops()}. */
    int indexOf(EventLoop loop) {
        Integer index = indexes.get(loop);
        if (index == null) {
            throw new IllegalArgumentException("not one of these event loops");
        }
        return index;
    }

    /** Stops the loops; tasks already submitted still run. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}

package io.chasqui.server.net;

import io.chasqui.core.shard.ShardLoop;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** A Netty event loop as the loop under a shard. */
public final class NettyShardLoop implements ShardLoop {

    private final EventLoop loop;
    private final InputPacing pacing;

    NettyShardLoop(EventLoop loop, InputPacing pacing) {
        this.loop = loop;
        this.pacing = pacing;
    }

    EventLoop eventLoop() {
        return loop;
    }

    InputPacing pacing() {
        return pacing;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public void schedule(Runnable task, long delayNs) {
        loop.schedule(task, delayNs, TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop();
    }
}

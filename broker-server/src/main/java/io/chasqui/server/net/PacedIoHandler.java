package io.chasqui.server.net;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;

/** The sockets of an event loop, looked at when its {@link InputPacing} finds it is time to. */
final class PacedIoHandler implements IoHandler {

    private final IoHandler sockets;
    private final InputPacing pacing;

    PacedIoHandler(IoHandler sockets, InputPacing pacing) {
        this.sockets = sockets;
        this.pacing = pacing;
    }

    @Override
    public int run(IoHandlerContext context) {
        pacing.beforeRound(context.canBlock());
        return sockets.run(context);
    }

    @Override
    public void initialize() {
        sockets.initialize();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return sockets.register(handle);
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return sockets.isCompatible(handleType);
    }

    @Override
    public void wakeup() {
        sockets.wakeup();
    }

    @Override
    public void prepareToDestroy() {
        sockets.prepareToDestroy();
    }

    @Override
    public void destroy() {
        sockets.destroy();
    }
}

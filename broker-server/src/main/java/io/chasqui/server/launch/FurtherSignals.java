package io.chasqui.server.launch;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that come while the process already stops on account of the first, which the virtual
 * machine itself would ignore. They are had through {@code sun.misc.Signal}, of the module {@code
 * jdk.unsupported}, by name, because the compiler refuses to name it without a warning.
 */
final class FurtherSignals {

    private static final Logger LOG = LoggerFactory.getLogger(FurtherSignals.class);

    private FurtherSignals() {}

    /** From now on runs the action at every SIGTERM and SIGINT, on a thread of its own. */
    static void onEach(Runnable action) {
        Lookup lookup = MethodHandles.publicLookup();
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle run =
                    lookup.findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                            .bindTo(action);
            Object handling =
                    MethodHandleProxies.asInterfaceInstance(
                            handler, MethodHandles.dropArguments(run, 0, signal));
            MethodHandle handle =
                    lookup.findStatic(
                            signal, "handle", MethodType.methodType(handler, signal, handler));
            MethodHandle named =
                    lookup.findConstructor(signal, MethodType.methodType(void.class, String.class));
            for (String name : new String[] {"TERM", "INT"}) {
                handle.invoke(named.invoke(name), handling);
            }
        } catch (Error e) {
            throw e;
        } catch (Throwable unavailable) {
            LOG.info("a further signal will not hasten the stop: {}", unavailable.toString());
        }
    }
}

package io.chasqui.core.vhost;

import io.chasqui.core.definition.DefinitionChange;
import io.chasqui.core.refusal.Refusal;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The virtual hosts of a broker, by name. Safe for use by any thread. */
public final class VirtualHosts {

    private final ConcurrentMap<String, VirtualHost> byName = new ConcurrentHashMap<>();
    private final Function<String, VirtualHost> factory;

    /**
     * @param factory makes the virtual host of a name, empty but for what every one has
     */
    public VirtualHosts(Function<String, VirtualHost> factory) {
        this.factory = factory;
    }

    public Collection<VirtualHost> all() {
        return byName.values();
    }

    public @Nullable VirtualHost find(String name) {
        return byName.get(name);
    }

    /**
     * The virtual host of a name.
     *
     * @throws Refusal.NotAllowed if there is none
     */
    public VirtualHost existing(String name) {
        VirtualHost vhost = byName.get(name);
        if (vhost == null) {
            throw new Refusal.NotAllowed("vhost " + name + " not found");
        }
        return vhost;
    }

    /** Applies a recorded change to the virtual host it belongs to; a second time changes nothing. */
    public void replay(DefinitionChange change) {
        String name = change.vhost();
        if (change instanceof DefinitionChange.VirtualHostAdded) {
            byName.computeIfAbsent(name, factory);
        } else if (change instanceof DefinitionChange.VirtualHostDeleted) {
            byName.remove(name);
        } else {
            VirtualHost vhost = byName.get(name);
            if (vhost != null) {
                vhost.replay(change);
            }
        }
    }
}

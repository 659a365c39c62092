package io.chasqui.core.security;

import io.chasqui.core.definition.TopicPermissionDefinition;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which routing keys each user may use on which topic exchange. Looked up by any thread without a
 * lock; changed by {@link Accounts} only.
 */
public final class TopicPermissions {

    private static final Logger LOG = LoggerFactory.getLogger(TopicPermissions.class);

    private final ConcurrentMap<Key, TopicPermission> byKey = new ConcurrentHashMap<>();

    private record Key(String vhost, String user, String exchange) {}

    /** What the user may do with the exchange; null if every key may be used. */
    public @Nullable TopicPermission find(String vhost, String user, String exchange) {
        return byKey.isEmpty() ? null : byKey.get(new Key(vhost, user, exchange));
    }

    /** A snapshot of those in a virtual host, ordered by user and exchange. */
    public List<TopicPermissionDefinition> in(String vhost) {
        return byKey.entrySet().stream()
                .filter(entry -> entry.getKey().vhost.equals(vhost))
                .map(entry -> entry.getValue().definition())
                .sorted(
                        Comparator.comparing(TopicPermissionDefinition::user)
                                .thenComparing(TopicPermissionDefinition::exchange))
                .toList();
    }

    void forEach(BiConsumer<String, TopicPermissionDefinition> sink) {
        byKey.forEach((key, permission) -> sink.accept(key.vhost, permission.definition()));
    }

    void set(String vhost, TopicPermissionDefinition definition) {
        Key key = new Key(vhost, definition.user(), definition.exchange());
        try {
            byKey.put(key, new TopicPermission(vhost, definition));
        } catch (InvalidPatternException e) {
            // Checked before it was recorded, by the release that did.
            LOG.error(
                    "the topic permission of user '{}' for exchange '{}' in vhost '{}' is not"
                            + " understood and grants nothing: {}",
                    definition.user(),
                    definition.exchange(),
                    vhost,
                    e.problem());
            byKey.put(key, TopicPermission.nothing(definition));
        }
    }

    void clear(String vhost, String user, String exchange) {
        byKey.remove(new Key(vhost, user, exchange));
    }

    void userDeleted(String user) {
        byKey.keySet().removeIf(key -> key.user.equals(user));
    }

    void virtualHostDeleted(String vhost) {
        byKey.keySet().removeIf(key -> key.vhost.equals(vhost));
    }
}

package io.chasqui.server.net;

import io.chasqui.core.event.EventExchange;
import io.chasqui.core.security.Login;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells whoever listens to the broker's events how clients fare that log in, by RabbitMQ's names.
 *
 * @param protocol that they speak
 */
public record LoginNews(EventExchange events, String protocol) {

    /** Somebody tried to log in. */
    public void tell(Peer peer, String user, String mechanism, Login login) {
        if (!events.isListening()) {
            return;
        }
        Map<String, @Nullable Object> about = peer.facts();
        about.put("name", user);
        about.put("connection_name", peer.connectionName());
        about.put("connection_type", "network");
        about.put("protocol", protocol);
        about.put("auth_mechanism", mechanism);
        if (login == Login.ACCEPTED) {
            events.emit("user.authentication.success", about);
        } else {
            about.put("error", login.why(user));
            events.emit("user.authentication.failure", about);
        }
    }
}

package io.chasqui.core.session;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.event.EventExchange;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells what a connection does, if it is one that people look at and somebody listens. */
final class SessionEvents {

    private final Session session;
    private final EventExchange events;

    SessionEvents(Session session, EventExchange events) {
        this.session = session;
        this.events = events;
    }

    private boolean isHeard() {
        return session.client().isConnection() && events.isListening();
    }

    private void emit(String key, Map<String, @Nullable Object> about) {
        about.put("vhost", session.vhost().name());
        about.put("node", events.node());
        about.put("user_who_performed_action", session.user());
        events.emit(key, about);
    }

    void opened() {
        if (isHeard()) {
            Map<String, @Nullable Object> about = connection();
            about.putAll(session.client().facts());
            emit("connection.created", about);
        }
    }

    void closed() {
        if (isHeard()) {
            emit("connection.closed", connection());
        }
    }

    private Map<String, @Nullable Object> connection() {
        Map<String, @Nullable Object> about = new LinkedHashMap<>();
        about.put("name", session.client().name());
        about.put("user", session.user());
        about.put("protocol", session.client().protocol());
        return about;
    }

    void channelOpened(int number) {
        channel("channel.created", number);
    }

    void channelClosed(int number) {
        channel("channel.closed", number);
    }

    private void channel(String key, int number) {
        if (isHeard()) {
            Map<String, @Nullable Object> about = new LinkedHashMap<>();
            about.put("name", session.client().name() + " (" + number + ")");
            about.put("number", number);
            about.put("connection", session.client().name());
            about.put("user", session.user());
            emit(key, about);
        }
    }

    void consumerCreated(Subscription consumer, Arguments arguments) {
        if (isHeard()) {
            Map<String, @Nullable Object> about = consumer(consumer);
            about.put("exclusive", consumer.consumer().exclusive());
            about.put("ack_required", !consumer.autoAck());
            about.put("prefetch_count", consumer.prefetchCount());
            about.put("arguments", arguments.asMap());
            emit("consumer.created", about);
        }
    }

    void consumerDeleted(Subscription consumer) {
        if (isHeard()) {
            emit("consumer.deleted", consumer(consumer));
        }
    }

    private Map<String, @Nullable Object> consumer(Subscription consumer) {
        Map<String, @Nullable Object> about = new LinkedHashMap<>();
        about.put("consumer_tag", consumer.consumer().tag());
        about.put("queue", consumer.queue().name());
        about.put("connection", session.client().name());
        about.put("channel", consumer.channel());
        return about;
    }
}

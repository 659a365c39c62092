package io.chasqui.server.differential;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Asks how many messages are ready in each queue: all queues at once, each on its own channel. */
final class Looks {

    private static final int GONE = -1;

    private final Channels opening;
    private final Map<String, Channel> channels = new HashMap<>();
    private final TreeSet<String> queues = new TreeSet<>();

    Looks(Channels opening) {
        this.opening = opening;
    }

    /** The queue is there, as far as is known. */
    void add(String queue) {
        queues.add(queue);
    }

    void remove(String queue) {
        queues.remove(queue);
    }

    void clear() {
        queues.clear();
    }

    /** Ready messages by queue; -1 for one that is gone. */
    Map<String, Integer> counts() throws IOException {
        Map<String, CompletableFuture<Command>> asked = new LinkedHashMap<>();
        for (String queue : queues) {
            asked.put(queue, channel(queue).asyncCompletableRpc(question(queue)));
        }
        Map<String, Integer> counts = new TreeMap<>();
        asked.forEach((queue, answer) -> counts.put(queue, count(answer)));
        return counts;
    }

    private Channel channel(String queue) throws IOException {
        Channel known = channels.get(queue);
        if (known == null || !known.isOpen()) {
            known = opening.open();
            channels.put(queue, known);
        }
        return known;
    }

    private static AMQP.Queue.Declare question(String queue) {
        return new AMQP.Queue.Declare.Builder().queue(queue).passive().build();
    }

    private static int count(CompletableFuture<Command> answer) {
        try {
            return ((AMQP.Queue.DeclareOk) answer.join().getMethod()).getMessageCount();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ShutdownSignalException) {
                return GONE;
            }
            throw e;
        }
    }
}

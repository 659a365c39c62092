package io.chasqui.core.session;

import io.chasqui.core.exchange.Route;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.shard.Shard;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How much a transaction will bring to each queue that refuses messages when it is full, and whether
 * they all have room for it. Lives on the publisher's shard.
 */
final class RoomNeeded {

    private final Map<Queue, Need> needs = new LinkedHashMap<>();
    private int answersDue;
    private @Nullable Queue full;

    private static final class Need {
        int messages;
        long bytes;
    }

    /** A message of the transaction. */
    void add(Route route, long bodyBytes) {
        for (Queue queue : route.queues()) {
            if (queue.refusesPublishes()) {
                Need need = needs.computeIfAbsent(queue, _ -> new Need());
                need.messages++;
                need.bytes += bodyBytes;
            }
        }
    }

    /**
     * Asks the queues.
     *
     * @param answer takes a queue that has too little room, or null; called once, here if there is
     *     nobody to ask
     */
    void ask(Shard shard, Consumer<@Nullable Queue> answer) {
        if (needs.isEmpty()) {
            answer.accept(null);
            return;
        }
        answersDue = needs.size();
        needs.forEach((queue, need) ->
                shard.run(
                        queue.shard(),
                        () -> {
                            boolean fits = queue.hasRoom(need.messages, need.bytes);
                            queue.shard().run(shard, () -> answered(queue, fits, answer));
                        }));
    }

    private void answered(Queue queue, boolean fits, Consumer<@Nullable Queue> answer) {
        if (!fits) {
            full = queue;
        }
        if (--answersDue == 0) {
            answer.accept(full);
        }
    }
}

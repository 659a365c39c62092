package io.chasqui.core.exchange;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.QueueDefinition;
import io.chasqui.core.queue.PagePool;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueIndex;
import io.chasqui.core.queue.QueueSettings;
import java.util.ArrayList;
import java.util.List;

/** Queues with a definition and nothing behind it: enough to be routed to. */
public final class BareQueues {

    private static final PagePool POOL = new PagePool(1 << 20);

    private BareQueues() {}

    private static QueueIndex emptyIndex(QueueDefinition queue, Runnable headKnown) {
        return new QueueIndex(queue.id(), POOL, null, 26, 16, headKnown);
    }

    public static Queue of(QueueDefinition definition, long ownerSessionId) {
        return new Queue(
                definition,
                QueueSettings.of(Arguments.EMPTY),
                ownerSessionId,
                null,
                null,
                BareQueues::emptyIndex,
                null);
    }

    static Queue named(String name) {
        return of(new QueueDefinition(1, name, true, false, false, Arguments.EMPTY), 0);
    }

    static Destination destination(String name) {
        return new Destination.ToQueue(named(name));
    }

    /** The names of the queues on the route, sorted. */
    public static List<String> names(Route route) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < route.size(); i++) {
            names.add(route.queue(i).definition().name());
        }
        names.sort(null);
        return names;
    }
}

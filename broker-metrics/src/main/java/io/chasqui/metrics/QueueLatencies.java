package io.chasqui.metrics;

import io.chasqui.core.queue.QueueCounters;
import io.chasqui.core.time.Durations;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes how long messages wait, and are worked on, for each queue that has delivered any. */
final class QueueLatencies {

    private QueueLatencies() {}

    static void write(Exposition to, String prefix, QueueFigures figures) throws IOException {
        write(
                to,
                prefix + "queue_wait_seconds",
                "Time of messages from being stored to their first delivery",
                figures,
                QueueCounters::waits);
        write(
                to,
                prefix + "queue_service_seconds",
                "Time of messages from a delivery to its acknowledgement",
                figures,
                QueueCounters::services);
    }

    private static void write(
            Exposition to,
            String name,
            String help,
            QueueFigures figures,
            Function<QueueCounters, @Nullable Durations> of)
            throws IOException {
        Histograms histograms = new Histograms(to);
        histograms.family(name, help);
        for (int queue = 0; queue < figures.size(); queue++) {
            Durations durations = of.apply(figures.queue(queue).counters());
            if (durations != null) {
                histograms.write(name, figures.labels(queue), List.of(durations));
            }
        }
    }
}

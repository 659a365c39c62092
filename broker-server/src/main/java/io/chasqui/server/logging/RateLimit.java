package io.chasqui.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Holds every message, told apart by its logger and its text before the values are put in, to so
 * many lines a second. As many may come at once. All messages together are held to ten times that.
 *
 * <p>Time is the events' own. Safe for use by any thread.
 */
final class RateLimit extends Filter<ILoggingEvent> {

    private static final int ALL_TOGETHER = 10;

    /** Messages that are told apart; far more than the program has. */
    private static final int MAX_BUCKETS = 1000;

    private final int linesPerSecond;
    private final List<String> exempt;
    private final Bucket all;
    private final LinkedHashMap<Message, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true);

    /** A message before the values are put in. */
    record Message(String logger, String template) {

        // Written out: those that the compiler makes are put together at the first line of a start.
        @Override
        public boolean equals(Object other) {
            return other instanceof Message message
                    && message.logger.equals(logger)
                    && message.template.equals(template);
        }

        @Override
        public int hashCode() {
            return 31 * logger.hashCode() + template.hashCode();
        }
    }

    /** A message of which lines were left out. */
    record Suppressed(Message message, int lines) {}

    /** Lines that may still be written, refilled as time passes. */
    private static final class Bucket {
        private final int perSecond;
        private double tokens;
        private long filledMs;
        private int suppressed;

        Bucket(int perSecond, long nowMs) {
            this.perSecond = perSecond;
            this.tokens = perSecond;
            this.filledMs = nowMs;
        }

        void fill(long nowMs) {
            double more = Math.max(0, nowMs - filledMs) * perSecond / 1000.0;
            tokens = Math.min(perSecond, tokens + more);
            filledMs = nowMs;
        }
    }

    /**
     * @param exempt loggers that limit themselves
     */
    RateLimit(int linesPerSecond, List<String> exempt, long nowMs) {
        this.linesPerSecond = linesPerSecond;
        this.exempt = List.copyOf(exempt);
        this.all = new Bucket(linesPerSecond * ALL_TOGETHER, nowMs);
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (exempt.contains(event.getLoggerName())) {
            return FilterReply.NEUTRAL;
        }
        return take(
                        new Message(event.getLoggerName(), String.valueOf(event.getMessage())),
                        event.getTimeStamp())
                ? FilterReply.NEUTRAL
                : FilterReply.DENY;
    }

    private synchronized boolean take(Message message, long nowMs) {
        Bucket bucket = buckets.computeIfAbsent(message, _ -> new Bucket(linesPerSecond, nowMs));
        if (buckets.size() > MAX_BUCKETS) {
            buckets.pollFirstEntry();
        }
        bucket.fill(nowMs);
        all.fill(nowMs);
        if (bucket.tokens < 1 || all.tokens < 1) {
            bucket.suppressed++;
            return false;
        }
        bucket.tokens--;
        all.tokens--;
        return true;
    }

    /** What was left out since this was asked last. */
    synchronized List<Suppressed> takeSuppressed() {
        List<Suppressed> found = new ArrayList<>();
        buckets.forEach((message, bucket) -> {
            if (bucket.suppressed > 0) {
                found.add(new Suppressed(message, bucket.suppressed));
                bucket.suppressed = 0;
            }
        });
        return found;
    }
}

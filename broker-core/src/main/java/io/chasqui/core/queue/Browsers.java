package io.chasqui.core.queue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Those who look through a queue and take nothing. They are no consumers: they neither keep the queue
 * from being deleted or used exclusively, nor count.
 */
final class Browsers {

    private final List<QueueConsumer> browsers = new ArrayList<>(0);
    private int next;

    boolean isEmpty() {
        return browsers.isEmpty();
    }

    void add(QueueConsumer browser) {
        browsers.add(browser);
    }

    void remove(QueueConsumer browser) {
        browsers.remove(browser);
    }

    /** The next one that there is a message for, or null. */
    @Nullable QueueConsumer nextReady() {
        for (int i = browsers.size(); i > 0; i--) {
            next = next >= browsers.size() ? 0 : next;
            QueueConsumer browser = browsers.get(next++);
            if (browser.mayTake()) {
                return browser;
            }
        }
        return null;
    }

    /** Everyone in it, who is not any more. */
    List<QueueConsumer> clear() {
        List<QueueConsumer> all = List.copyOf(browsers);
        browsers.clear();
        return all;
    }
}

package io.chasqui.core.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who wants to hear that the log got on, or that it failed; called on the writer's thread. */
final class LogListeners {

    private final List<Runnable> progress = new CopyOnWriteArrayList<>();
    private final List<Consumer<StoreException>> failure = new CopyOnWriteArrayList<>();

    void onProgress(Runnable listener) {
        progress.add(listener);
    }

    void onFailure(Consumer<StoreException> listener) {
        failure.add(listener);
    }

    void progressed() {
        for (Runnable listener : progress) {
            listener.run();
        }
    }

    void failed(StoreException cause) {
        for (Consumer<StoreException> listener : failure) {
            listener.accept(cause);
        }
    }
}

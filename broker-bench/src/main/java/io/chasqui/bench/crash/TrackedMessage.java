package io.chasqui.bench.crash;

/** A published message: what the broker has said of it, and its copy in each queue of its route. */
final class TrackedMessage {

    private final Route route;
    private final boolean persistent;
    private final Copy[] copies;
    private boolean confirmed;

    TrackedMessage(Route route, boolean persistent) {
        this.route = route;
        this.persistent = persistent;
        this.copies = new Copy[route.queues().size()];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = new Copy();
        }
    }

    void confirm() {
        confirmed = true;
    }

    /** Whether the broker has promised to keep it. */
    boolean promised() {
        return confirmed && persistent;
    }

    boolean goesTo(String queue) {
        return route.queues().contains(queue);
    }

    Copy copyIn(String queue) {
        return copies[route.queues().indexOf(queue)];
    }

    int copiesNeverSeen() {
        int count = 0;
        for (Copy copy : copies) {
            if (!copy.wasSeen()) {
                count++;
            }
        }
        return count;
    }

    @Override
    public String toString() {
        return (persistent ? "persistent to " : "transient to ") + route.queues();
    }
}

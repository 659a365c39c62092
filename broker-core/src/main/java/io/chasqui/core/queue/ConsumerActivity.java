package io.chasqui.core.queue;

/** Whether a consumer takes part in its queue, in RabbitMQ's terms. */
public enum ConsumerActivity {
    UP("up"),
    /** The one that a queue with a single active consumer serves. */
    SINGLE_ACTIVE("single_active"),
    /** It waits for another one to go. */
    WAITING("waiting");

    private final String listed;

    ConsumerActivity(String listed) {
        this.listed = listed;
    }

    /** Its name in listings. */
    public String listed() {
        return listed;
    }
}

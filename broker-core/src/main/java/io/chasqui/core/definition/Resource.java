package io.chasqui.core.definition;

/** A queue or an exchange as the texts of refusals name it: {@code queue 'q' in vhost '/'}. */
public record Resource(String kind, String name, String vhost) {

    public static Resource queue(String name, String vhost) {
        return new Resource("queue", name, vhost);
    }

    public static Resource exchange(String name, String vhost) {
        return new Resource("exchange", name, vhost);
    }

    @Override
    public String toString() {
        return kind + " '" + name + "' in vhost '" + vhost + "'";
    }
}

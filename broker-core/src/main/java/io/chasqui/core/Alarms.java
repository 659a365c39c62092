package io.chasqui.core;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Shortages that stop publishers, and nobody else: consumers and acknowledgements go on, because
 * they are what ends the shortage.
 *
 * <p>Set by the housekeeper, read by every front end; safe for use by any thread.
 */
public final class Alarms {

    private final Set<Shortage> measured = EnumSet.noneOf(Shortage.class);
    private final Set<Shortage> byHand = EnumSet.noneOf(Shortage.class);
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean publishersBlocked;

    /** What is short. */
    public enum Shortage {
        /** The data volume's free space is below its watermark, or the log could not grow. */
        DISK("low on disk"),
        /** Memory is above its watermark. */
        MEMORY("low on memory");

        private final String reason;

        Shortage(String reason) {
            this.reason = reason;
        }

        /** How {@code connection.blocked} says it. */
        public String reason() {
            return reason;
        }
    }

    /** Whether messages may not be published just now. */
    public boolean publishersBlocked() {
        return publishersBlocked;
    }

    /** Why publishers are blocked, in words; empty if they are not. */
    public synchronized String reason() {
        return String.join(" & ", union().stream().map(Shortage::reason).toList());
    }

    /** What is short just now. */
    public synchronized Set<Shortage> raised() {
        return Set.copyOf(union());
    }

    /** What an administrator said is short. */
    public synchronized Set<Shortage> byHand() {
        return Set.copyOf(byHand);
    }

    private Set<Shortage> union() {
        Set<Shortage> union = EnumSet.copyOf(measured);
        union.addAll(byHand);
        return union;
    }

    /** Notes whether there is a shortage, and tells the listeners if that changes anything. */
    public void set(Shortage shortage, boolean isShort) {
        change(measured, shortage, isShort);
    }

    /**
     * Acts as if there were a shortage, whatever is measured, until this is taken back; for tests
     * and for maintenance. Taking it back does not end a shortage that is measured.
     */
    public void setByHand(Shortage shortage, boolean isShort) {
        change(byHand, shortage, isShort);
    }

    private void change(Set<Shortage> some, Shortage shortage, boolean isShort) {
        boolean blocked;
        synchronized (this) {
            Set<Shortage> before = union();
            if (isShort) {
                some.add(shortage);
            } else {
                some.remove(shortage);
            }
            Set<Shortage> now = union();
            if (now.equals(before)) {
                return;
            }
            blocked = !now.isEmpty();
            publishersBlocked = blocked;
        }
        listeners.forEach(listener -> listener.alarmsChanged(blocked));
    }

    /** Adds somebody to be told, on the thread that noticed, whenever the set of alarms changes. */
    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    public void removeListener(Listener listener) {
        listeners.remove(listener);
    }

    /** Told when alarms are raised or cleared. */
    @FunctionalInterface
    public interface Listener {
        void alarmsChanged(boolean publishersBlocked);
    }
}

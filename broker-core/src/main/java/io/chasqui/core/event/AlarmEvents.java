package io.chasqui.core.event;

import io.chasqui.core.Alarms;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Tells when something runs short, and when it does no more. */
public final class AlarmEvents implements Alarms.Listener {

    private final Alarms alarms;
    private final EventExchange events;
    private final Set<Alarms.Shortage> known = EnumSet.noneOf(Alarms.Shortage.class);

    public AlarmEvents(Alarms alarms, EventExchange events) {
        this.alarms = alarms;
        this.events = events;
    }

    @Override
    public synchronized void alarmsChanged(boolean publishersBlocked) {
        Set<Alarms.Shortage> raised = alarms.raised();
        for (Alarms.Shortage shortage : Alarms.Shortage.values()) {
            boolean isRaised = raised.contains(shortage);
            boolean changed = isRaised ? known.add(shortage) : known.remove(shortage);
            if (changed && events.isListening()) {
                events.emit(
                        isRaised ? "alarm.set" : "alarm.cleared",
                        Map.of(
                                "source",
                                shortage.name().toLowerCase(Locale.ROOT),
                                "node",
                                events.node()));
            }
        }
    }
}

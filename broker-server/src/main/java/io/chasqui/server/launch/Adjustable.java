package io.chasqui.server.launch;

import io.chasqui.core.MemoryAlarm;
import io.chasqui.core.security.Authenticator;
import io.chasqui.core.time.Clock;
import io.chasqui.server.admin.RuntimeSetting;
import io.chasqui.server.amqp091.Amqp091Protocol;
import io.chasqui.server.config.BrokerConfig;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** The settings that can be changed while the broker runs. */
final class Adjustable {

    private static final int HIGHEST_CHANNEL = 65_535;

    private Adjustable() {}

    static RuntimeSetting channelMax(Amqp091Protocol protocol) {
        return new RuntimeSetting(
                "limits.channel-max",
                () -> Integer.toString(protocol.channelMax()),
                text -> {
                    int number = Integer.parseInt(text);
                    if (number < 0 || number > HIGHEST_CHANNEL) {
                        throw new IllegalArgumentException(text);
                    }
                    protocol.channelMax(number);
                });
    }

    /** Names with commas between; none may be empty. */
    static RuntimeSetting loopbackUsers(Authenticator authenticator) {
        return new RuntimeSetting(
                "loopback-users",
                () -> String.join(",", new TreeSet<>(authenticator.loopbackUsers())),
                text ->
                        authenticator.loopbackUsers(
                                Arrays.stream(text.split(","))
                                        .map(String::strip)
                                        .filter(name -> !name.isEmpty())
                                        .collect(Collectors.toSet())));
    }

    /** Only where memory is watched at all. Memory is looked at before the change is answered. */
    static Optional<RuntimeSetting> watermark(
            Optional<BrokerConfig.Watermark> configured, Optional<MemoryAlarm> alarm, Clock clock) {
        if (configured.isEmpty() || alarm.isEmpty()) {
            return Optional.empty();
        }
        AtomicReference<BrokerConfig.Watermark> current = new AtomicReference<>(configured.get());
        return Optional.of(
                new RuntimeSetting(
                        "memory.high-watermark",
                        () -> String.valueOf(current.get()),
                        text -> {
                            BrokerConfig.Watermark next = BrokerConfig.Watermark.parse(text);
                            MemoryInUse.move(alarm.get(), next);
                            alarm.get().check(clock.monotonicNs());
                            current.set(next);
                        }));
    }
}

package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.queue.Queue;
import io.chasqui.core.queue.QueueSettings;
import io.chasqui.core.time.TravellingClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that change while a queue lives take effect at once. */
class QueueSettingsTest {

    private static final long HOUR_MS = 3_600_000;

    @TempDir private Path directory;

    private final TravellingClock clock = new TravellingClock();
    private CoreFixture fixture;
    private Client client;

    @BeforeEach
    void open() throws IOException {
        fixture = new CoreFixture(directory, 1, CoreFixture.options(), clock);
        client = fixture.client(0);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private @Nullable Queue queue() {
        return fixture.broker.vhosts().existing("/").queue("q");
    }

    private void apply(Map<String, ?> arguments) {
        Queue queue = Objects.requireNonNull(queue());
        client.<Boolean>onShard(done -> {
            queue.apply(QueueSettings.of(Arguments.of(arguments)));
            done.complete(true);
        });
    }

    @Test
    void a_time_to_live_holds_for_the_messages_that_are_there() {
        client.declare("q", true);
        client.publish("", "q", true, "old");
        clock.advance(HOUR_MS);
        client.publish("", "q", true, "young");
        apply(Map.of("x-message-ttl", HOUR_MS));
        assertThat(client.check("q").ready()).isEqualTo(1);
        assertThat(Objects.requireNonNull(client.get("q", true)).body()).isEqualTo("young");
    }

    @Test
    void a_time_to_live_that_is_taken_back_lets_messages_stay() {
        client.declare("q", true, Map.of("x-message-ttl", HOUR_MS));
        client.publish("", "q", true, "m");
        apply(Map.of());
        clock.advance(2 * HOUR_MS);
        assertThat(client.check("q").ready()).isEqualTo(1);
    }

    @Test
    void a_lease_begins_when_it_is_given() {
        client.declare("q", true);
        clock.advance(HOUR_MS);
        apply(Map.of("x-expires", HOUR_MS));
        assertThat(queue()).isNotNull();
        clock.advance(HOUR_MS);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (queue() != null) {
            assertThat(System.nanoTime()).as("time to wait").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void a_lease_that_is_taken_back_does_not_end() {
        client.declare("q", true, Map.of("x-expires", HOUR_MS));
        apply(Map.of());
        clock.advance(2 * HOUR_MS);
        assertThat(client.check("q").ready()).isZero();
    }
}

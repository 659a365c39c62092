package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.definition.Arguments;
import io.chasqui.core.session.Session;
import io.chasqui.core.store.FaultyDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leads messages to their queues is there again after a restart and after a power cut. */
class TopologyRestartTest {

    private static final String IN = "in";
    private static final String INNER = "inner";
    private static final String OTHER = "other";

    /**
     * A headers exchange with an alternate, bound to a fanout exchange; one binding that was removed
     * again, one exchange that was deleted with the bindings on both its sides.
     */
    private static void declare(Client client) {
        client.declare("matched", true);
        client.declare("rest", true);
        exchange(client, INNER, "fanout", Map.of());
        exchange(client, OTHER, "topic", Map.of());
        exchange(client, "gone", "fanout", Map.of());
        exchange(client, IN, "headers", Map.of("alternate-exchange", OTHER));
        bindExchange(client, INNER, IN, Map.of("x-match", "any", "a", 1, "b", "two"));
        bindExchange(client, "gone", INNER, Map.of());
        bindExchange(client, OTHER, "gone", Map.of());
        bindExchange(client, OTHER, INNER, Map.of());
        client.bind("matched", INNER, "");
        client.bind("rest", OTHER, "#");
        done(client, (session, ok) -> session.exchanges().delete("gone", false, ok));
        done(
                client,
                (session, ok) ->
                        session.exchanges().unbindExchange(OTHER, INNER, "", Arguments.EMPTY, ok));
        client.bind("matched", "amq.headers", "");
        client.bind("rest", "amq.match", "");
    }

    private static void exchange(
            Client client, String name, String type, Map<String, Object> arguments) {
        done(
                client,
                (session, ok) ->
                        session.exchanges()
                                .declare(
                                        name,
                                        type,
                                        true,
                                        false,
                                        false,
                                        Arguments.of(arguments),
                                        ok));
    }

    private static void bindExchange(
            Client client, String destination, String source, Map<String, Object> arguments) {
        done(
                client,
                (session, ok) ->
                        session.exchanges()
                                .bindExchange(
                                        destination, source, "", Arguments.of(arguments), ok));
    }

    private static void done(Client client, BiConsumer<Session, Runnable> request) {
        client.<Boolean>onShard(
                result -> request.accept(client.session(), () -> result.complete(true)));
    }

    private static void check(Client client) {
        client.publish(INNER, "", true, "through the inner one");
        assertThat(body(client.get("matched", true))).isEqualTo("through the inner one");
        client.publish(IN, "", true, "matches nothing");
        assertThat(body(client.get("rest", true))).isEqualTo("matches nothing");
        client.publish("amq.headers", "", true, "predeclared");
        assertThat(body(client.get("matched", true))).isEqualTo("predeclared");
        client.publish("amq.match", "", true, "predeclared");
        assertThat(body(client.get("rest", true))).isEqualTo("predeclared");
        assertThat(client.get("matched", true)).isNull();
        assertThat(client.get("rest", true)).isNull();
    }

    private static @Nullable String body(@Nullable Received received) {
        return received == null ? null : received.body();
    }

    @Test
    void after_a_restart(@TempDir Path directory) throws Exception {
        try (CoreFixture fixture = new CoreFixture(directory, 1)) {
            declare(fixture.client(0));
            check(fixture.client(0));
        }
        for (int i = 0; i < 2; i++) {
            try (CoreFixture fixture = new CoreFixture(directory, 2)) {
                check(fixture.client(1));
            }
        }
    }

    @Test
    void after_a_power_cut() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        FaultyDisk cut;
        try (CoreFixture fixture = new CoreFixture(disk, 1, CoreFixture.options())) {
            declare(fixture.client(0));
            cut = disk.cutAfter(0);
        }
        try (CoreFixture fixture = new CoreFixture(cut, 1, CoreFixture.options())) {
            check(fixture.client(0));
        }
    }

    @Test
    void aStartThatEndedBeforeItFoundedAnythingLeavesThatToTheNext(@TempDir Path directory)
            throws IOException {
        CoreFixture.unfounded(directory).close();

        try (CoreFixture fixture = new CoreFixture(directory, 1)) {
            assertThat(fixture.broker.accounts().user("guest")).isNotNull();
        }
    }
}

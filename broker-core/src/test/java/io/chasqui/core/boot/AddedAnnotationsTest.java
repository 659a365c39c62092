package io.chasqui.core.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.store.FaultyDisk;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What clients have added to messages is with them after a power cut, from the log and from a checkpoint. */
class AddedAnnotationsTest {

    private static final Map<String, Object> QUORUM = Map.of("x-queue-type", "quorum");

    @Test
    void annotations_survive_a_power_cut() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        FaultyDisk survivor;
        try (CoreFixture fixture = new CoreFixture(disk, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            client.declare("q", true, QUORUM);
            client.publish("", "q", true, "m");
            annotate(client, "first ");
            annotate(client, "later ");
            client.publish("", "q", true, "what is confirmed has everything before it on disk");
            survivor = disk.cutAfter(0);
        }
        try (CoreFixture fixture = new CoreFixture(survivor, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            assertThat(take(client)).isEqualTo("later m");
            assertThat(fixture.broker.store().annotationRoom().taken()).isZero();
        }
    }

    @Test
    void a_checkpoint_has_them_and_nothing_of_messages_that_are_gone() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        FaultyDisk survivor;
        try (CoreFixture fixture = new CoreFixture(disk, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            client.declare("q", true, QUORUM);
            client.publish("", "q", true, "gone");
            annotate(client, "soon ");
            assertThat(take(client)).isEqualTo("soon gone");
            client.publish("", "q", true, "kept");
            annotate(client, "and ");
        }
        survivor = disk.cutAfter(0);
        try (CoreFixture fixture = new CoreFixture(survivor, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            assertThat(take(client)).isEqualTo("and kept");
            assertThat(fixture.broker.store().annotationRoom().taken()).isZero();
        }
    }

    @Test
    void a_deleted_queue_gives_their_room_back() throws Exception {
        try (CoreFixture fixture = new CoreFixture(new FaultyDisk(), 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            client.declare("q", true, QUORUM);
            client.publish("", "q", true, "m");
            annotate(client, "a ");
            assertThat(fixture.broker.store().annotationRoom().taken()).isPositive();
            client.delete("q");
            assertThat(fixture.broker.store().annotationRoom().taken()).isZero();
        }
    }

    /** The text of {@link CoreFixture#TEXT} has annotations in front. */
    private static void annotate(Client client, String text) {
        Received received = Objects.requireNonNull(client.get("q", false));
        client.<Boolean>onShard(result -> {
            received.subscription()
                    .settle(
                            received.seq(),
                            received.position(),
                            Settlement.RETURNED,
                            ByteBuffer.wrap(text.getBytes(UTF_8)));
            result.complete(true);
        });
    }

    private static String take(Client client) {
        String body = Objects.requireNonNull(client.get("q", true)).body();
        assertThat(client.check("q").name()).isEqualTo("q"); // a tick later it is settled
        return body;
    }
}

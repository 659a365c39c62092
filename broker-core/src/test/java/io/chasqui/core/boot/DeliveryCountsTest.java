package io.chasqui.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.core.boot.CoreFixture.Client;
import io.chasqui.core.boot.CoreFixture.Received;
import io.chasqui.core.queue.QueueOrder;
import io.chasqui.core.queue.Settlement;
import io.chasqui.core.store.FaultyDisk;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How often a message was given out in vain is known after a power cut, from the log alone. */
class DeliveryCountsTest {

    @Test
    void both_counts_survive_a_power_cut() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        FaultyDisk survivor;
        try (CoreFixture fixture = new CoreFixture(disk, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            for (String queue : new String[] {"q", "by priority"}) {
                client.declare(queue, true, arguments(queue));
                client.publish("", queue, true, "m");
                giveBack(client, queue, Settlement.RETURNED);
                giveBack(client, queue, Settlement.REQUEUED);
                giveBack(client, queue, Settlement.RETURNED);
            }
            client.publish("", "q", true, "what is confirmed has everything before it on disk");
            survivor = disk.cutAfter(0);
        }
        try (CoreFixture fixture = new CoreFixture(survivor, 1, PowerCuts.options())) {
            Client client = fixture.client(0);
            assertThat(counts(fixture, client, "q")).isEqualTo("1 failed, 2 returned");
            assertThat(counts(fixture, client, "by priority")).isEqualTo("1 failed, 2 returned");
        }
    }

    private static Map<String, Object> arguments(String queue) {
        return queue.equals("q")
                ? Map.of("x-delivery-limit", 5)
                : Map.of("x-delivery-limit", 5, "x-max-priority", 3);
    }

    private static void giveBack(Client client, String queue, Settlement settlement) {
        Received received = Objects.requireNonNull(client.get(queue, false));
        client.settle(received, settlement);
    }

    private static String counts(CoreFixture fixture, Client client, String queue) {
        return client.onShard(result -> {
            QueueOrder order =
                    Objects.requireNonNull(fixture.broker.vhosts().existing("/").queue(queue))
                            .index();
            long seq = order.peekReady();
            result.complete(
                    order.deliveryCount(seq) + " failed, " + order.returns(seq) + " returned");
        });
    }
}

package io.chasqui.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.server.testing.RunningBroker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HealthTest {

    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> get(URI uri) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_broker_that_serves_is_live_and_ready_on_both_ports() throws Exception {
        try (RunningBroker broker = RunningBroker.withEventLoops(2)) {
            for (String path : List.of("/health/live", "/health/ready")) {
                for (URI uri : List.of(broker.http(path), broker.metrics(path))) {
                    HttpResponse<String> answer = get(uri);
                    assertThat(answer.statusCode()).isEqualTo(200);
                    assertThat(answer.body()).contains("\"status\":\"ok\"", "\"alarms\":[]");
                }
            }
        }
    }

    @Test
    void an_alarm_is_told_and_leaves_the_broker_ready() throws Exception {
        try (RunningBroker broker = RunningBroker.start()) {
            broker.shortOfDisk(true);
            HttpResponse<String> answer = get(broker.http("/health/ready"));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"alarms\":[\"disk\"]");
            broker.shortOfDisk(false);
        }
    }

    @Test
    void a_broker_that_stops_is_not_ready() throws Exception {
        try (RunningBroker broker = RunningBroker.start()) {
            broker.stopServing();
            HttpResponse<String> ready = get(broker.http("/health/ready"));
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("\"status\":\"failed\"", "\"reason\":\"stopping\"");
            assertThat(get(broker.http("/health/live")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void an_event_loop_that_is_stuck_is_not_live() throws Exception {
        try (RunningBroker broker = RunningBroker.start()) {
            CountDownLatch stuck = new CountDownLatch(1);
            broker.broker()
                    .shard(0)
                    .submit(() -> {
                        try {
                            stuck.await();
                        } catch (InterruptedException _) {
                            Thread.currentThread().interrupt();
                        }
                    });
            HttpResponse<String> answer = get(broker.http("/health/live"));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("1 of 1 event loops do not answer");
            stuck.countDown();
        }
    }

    @Test
    void a_failed_disk_is_neither_live_nor_ready_for_good() throws Exception {
        Health health = new Health();
        assertThat(health.live()).isEqualTo(new Health.Verdict.Well(List.of()));
        assertThat(health.ready()).isEqualTo(new Health.Verdict.Ill("recovering"));
        health.failed("fdatasync: I/O error");
        health.stopping();
        assertThat(health.live()).isEqualTo(new Health.Verdict.Ill("fdatasync: I/O error"));
        assertThat(health.ready()).isEqualTo(new Health.Verdict.Ill("fdatasync: I/O error"));
    }
}

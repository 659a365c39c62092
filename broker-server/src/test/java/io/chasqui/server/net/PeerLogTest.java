package io.chasqui.server.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chasqui.embedded.TravellingClock;
import io.chasqui.server.logging.Logging;
import io.chasqui.server.net.PeerLog.Peer;
import io.chasqui.server.testing.LogLines;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Lines that peers cause: how many a second, and how long. */
class PeerLogTest {

    private final TravellingClock clock = new TravellingClock();

    @Test
    void strangers_do_not_use_up_the_lines_of_users() {
        PeerLog log = new PeerLog(clock, 2);
        try (LogLines heard = LogLines.of(Logging.CONNECTIONS)) {
            for (int i = 0; i < 5; i++) {
                log.warn(Peer.STRANGER, "stranger " + i);
            }
            log.info(Peer.USER, "user");
            assertThat(heard.lines())
                    .containsExactly("WARN stranger 0", "WARN stranger 1", "INFO user");
        }
    }

    @Test
    void the_next_second_tells_what_was_left_out_and_begins_anew() {
        PeerLog log = new PeerLog(clock, 1);
        try (LogLines heard = LogLines.of(Logging.CONNECTIONS)) {
            log.info(Peer.USER, "first");
            log.info(Peer.USER, "second");
            clock.advance(Duration.ofSeconds(2));
            log.sweep(clock.monotonicNs());
            log.info(Peer.USER, "third");
            assertThat(heard.lines())
                    .containsExactly(
                            "INFO first",
                            "WARN 1 further lines about authenticated connections left out",
                            "INFO third");
        }
    }

    @Test
    void the_length_of_a_line_is_counted_in_octets() {
        PeerLog log = new PeerLog(clock, 0);
        try (LogLines heard = LogLines.of(Logging.CONNECTIONS)) {
            log.info(Peer.USER, "\u7530".repeat(1000));
            assertThat(heard.lines())
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line.getBytes(UTF_8))
                                    .hasSizeLessThan(PeerLog.MAX_OCTETS + 20));
        }
    }

    @Test
    void zero_is_no_limit() {
        PeerLog log = new PeerLog(clock, 0);
        try (LogLines heard = LogLines.of(Logging.CONNECTIONS)) {
            for (int i = 0; i < 60; i++) {
                log.info(Peer.USER, "line");
            }
            assertThat(heard.lines()).hasSize(60);
        }
    }

    @Test
    void what_a_peer_says_is_cut_and_stays_one_line() {
        PeerLog log = new PeerLog(clock, 0);
        try (LogLines heard = LogLines.of(Logging.CONNECTIONS)) {
            log.info(Peer.USER, "a\nb" + "x".repeat(1000));
            assertThat(heard.lines())
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line).startsWith("INFO a\\u000abx").endsWith("x...");
                        assertThat(line).hasSizeLessThan(PeerLog.MAX_OCTETS + 20);
                    });
        }
    }
}

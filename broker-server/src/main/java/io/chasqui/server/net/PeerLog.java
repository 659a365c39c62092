package io.chasqui.server.net;

import io.chasqui.core.time.Clock;
import io.chasqui.server.logging.Logging;
import io.chasqui.server.logging.Printable;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Log lines that peers cause: each one line, of bounded length, without control characters, and no
 * more than so many a second. So nobody can fill the disk or fake a line by talking nonsense.
 *
 * <p>One per shard; belongs to its thread.
 */
public final class PeerLog {

    /** Longest text of one line: with time, level and logger it stays below 300 octets. */
    static final int MAX_OCTETS = 240;

    private static final long SECOND_NS = 1_000_000_000L;
    private static final Logger LOG = LoggerFactory.getLogger(Logging.CONNECTIONS);

    /** Peers are counted apart, so that a flood of strangers does not hide what users do. */
    public enum Peer {
        STRANGER,
        USER
    }

    private final int linesPerSecond;
    private final int[] lines = new int[Peer.values().length];
    private final int[] suppressed = new int[Peer.values().length];
    private long secondStartedNs;

    /**
     * @param linesPerSecond most lines of a class of peers; 0 for no limit
     */
    PeerLog(Clock clock, int linesPerSecond) {
        this.linesPerSecond = linesPerSecond;
        this.secondStartedNs = clock.monotonicNs();
    }

    /** A peer's address as people write it, {@code host:port}. */
    public static String address(SocketAddress peer) {
        return peer instanceof InetSocketAddress address
                ? NetUtil.toSocketAddressString(address)
                : String.valueOf(peer);
    }

    public void info(Peer peer, String text) {
        line(Level.INFO, peer, text);
    }

    public void warn(Peer peer, String text) {
        line(Level.WARN, peer, text);
    }

    private void line(Level level, Peer peer, String text) {
        if (linesPerSecond > 0 && lines[peer.ordinal()] == linesPerSecond) {
            suppressed[peer.ordinal()]++;
            return;
        }
        lines[peer.ordinal()]++;
        LOG.atLevel(level).log(Printable.ofOctets(text, MAX_OCTETS));
    }

    /** Begins a new second when the last one is over, telling what was left out. */
    void sweep(long nowNs) {
        if (nowNs - secondStartedNs < SECOND_NS) {
            return;
        }
        secondStartedNs = nowNs;
        for (Peer peer : Peer.values()) {
            int left = suppressed[peer.ordinal()];
            if (left > 0) {
                LOG.warn("{} further lines about {} connections left out", left, nameOf(peer));
            }
            lines[peer.ordinal()] = 0;
            suppressed[peer.ordinal()] = 0;
        }
    }

    private static String nameOf(Peer peer) {
        return switch (peer) {
            case STRANGER -> "unauthenticated";
            case USER -> "authenticated";
        };
    }
}

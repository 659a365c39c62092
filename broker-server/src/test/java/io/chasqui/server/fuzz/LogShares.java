package io.chasqui.server.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What each input makes a broker complain of. Every input comes from a loopback address of its own,
 * by which the log's lines name it. That a connection was opened or closed in good order is no
 * complaint.
 */
final class LogShares {

    private static final Pattern SENDER = Pattern.compile(" 127\\.([1-9])\\.(\\d+)\\.(\\d+):\\d+ ");

    private final List<Share> shares = new ArrayList<>();

    /** One input, and the bytes of the lines about it. */
    private static final class Share {
        private final String kind;
        private final long seed;
        private long bytes;

        Share(String kind, long seed) {
            this.kind = kind;
            this.seed = seed;
        }
    }

    /** The address for one more input. */
    InetAddress sender(String kind, long seed) throws IOException {
        int number = shares.size();
        shares.add(new Share(kind, seed));
        byte high = (byte) (1 + (number >> 16));
        return InetAddress.getByAddress(
                new byte[] {127, high, (byte) (number >> 8), (byte) number});
    }

    /** Counts complaints for their senders. */
    void count(List<String> lines) {
        for (String line : lines) {
            Matcher sender = SENDER.matcher(line);
            if (line.contains(" WARN ") && sender.find()) {
                int high = Integer.parseInt(sender.group(1)) - 1;
                int middle = Integer.parseInt(sender.group(2));
                int low = Integer.parseInt(sender.group(3));
                shares.get((high << 16) + (middle << 8) + low).bytes += bytes(line);
            }
        }
    }

    /** Of a line with its end. */
    static long bytes(String line) {
        return line.getBytes(UTF_8).length + 1L;
    }

    /** For each kind of input how many bytes one costs on the average. */
    Map<String, Double> meanByKind() {
        return shares.stream()
                .collect(
                        Collectors.groupingBy(
                                share -> share.kind,
                                TreeMap::new,
                                Collectors.averagingLong(share -> share.bytes)));
    }

    /** The input that cost most, in words. */
    String largest() {
        Share largest =
                shares.stream().max(Comparator.comparingLong(share -> share.bytes)).orElseThrow();
        return largest.bytes + " (" + largest.kind + ", seed " + largest.seed + ")";
    }
}

package io.chasqui.server.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Return;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;

/** What a broker says of the messages that are published on one channel. */
final class Confirms implements ConfirmListener {

    private static final long TIMEOUT_MS = 10_000;

    private final Channel channel;
    private final NavigableMap<Long, String> open = new ConcurrentSkipListMap<>();
    private final List<String> told = new ArrayList<>();

    private Confirms(Channel channel) {
        this.channel = channel;
    }

    /** Has the channel confirm, and listens. */
    static Confirms on(Channel channel) throws IOException {
        channel.confirmSelect();
        Confirms confirms = new Confirms(channel);
        channel.addConfirmListener(confirms);
        channel.addReturnListener(confirms::returned);
        return confirms;
    }

    private synchronized void returned(Return message) {
        told.add(
                new String(message.getBody(), UTF_8)
                        + " returned: "
                        + message.getReplyCode()
                        + " "
                        + message.getReplyText()
                        + " to "
                        + message.getExchange()
                        + "/"
                        + message.getRoutingKey()
                        + " "
                        + Told.properties(message.getProperties()));
    }

    @Override
    public void handleAck(long tag, boolean multiple) {
        close(tag, multiple, "confirmed");
    }

    @Override
    public void handleNack(long tag, boolean multiple) {
        close(tag, multiple, "rejected");
    }

    private synchronized void close(long tag, boolean multiple, String how) {
        NavigableMap<Long, String> closed = open.subMap(multiple ? 0 : tag, true, tag, true);
        closed.values().forEach(body -> told.add(body + " " + how));
        closed.clear();
    }

    /** Publishes, and tells what became of each message, in the order of their bodies. */
    String publish(Step.Publish p) throws IOException, InterruptedException, TimeoutException {
        synchronized (this) {
            told.clear();
            open.clear();
        }
        for (int i = 0; i < p.messages(); i++) {
            String body = Integer.toString(p.number() + i);
            open.put(channel.getNextPublishSeqNo(), body);
            channel.basicPublish(
                    p.exchange(), p.key(), p.mandatory(), p.properties(), body.getBytes(UTF_8));
        }
        boolean unused = channel.waitForConfirms(TIMEOUT_MS);
        TreeMap<Integer, List<String>> sorted = new TreeMap<>();
        synchronized (this) {
            for (String one : told) {
                int number = Integer.parseInt(one.substring(0, one.indexOf(' ')));
                sorted.computeIfAbsent(number, _ -> new ArrayList<>()).add(one);
            }
        }
        return sorted.values().toString();
    }
}

package io.chasqui.server.differential;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.chasqui.server.differential.Step.Settlement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A small world of exchanges and queues, and what a client does in it. Its seed alone makes it again.
 *
 * <p>Nothing in it depends on time: messages live for ever or not at all.
 */
final class Scenario {

    static final List<String> EXCHANGES = names("dx");
    static final List<String> QUEUES = names("dq");

    private static final List<String> PREDECLARED =
            List.of("amq.direct", "amq.fanout", "amq.topic", "amq.headers", "");
    private static final List<String> TYPES = List.of("direct", "fanout", "topic", "headers");
    private static final List<String> WORDS = List.of("a", "b", "c", "");
    private static final List<String> HEADERS = List.of("h", "x-h", "i");
    private static final List<String> MATCHES =
            List.of("all", "any", "all-with-x", "any-with-x", "some");

    private final Random random;
    private final List<Step> steps = new ArrayList<>();

    /**
     * Either queues have priorities or messages expire: RabbitMQ lets a message expire when it is the
     * first of the whole queue, and looks when it is asked for one; Chasqui for each priority.
     */
    private final boolean priorities;

    private int published;

    private Scenario(long seed) {
        random = new Random(seed);
        priorities = random.nextBoolean();
    }

    /** The steps of a scenario. */
    static List<Step> steps(long seed) {
        Scenario scenario = new Scenario(seed);
        scenario.build();
        return List.copyOf(scenario.steps);
    }

    private static List<String> names(String prefix) {
        return IntStream.range(0, 5).mapToObj(i -> prefix + i).toList();
    }

    private void build() {
        EXCHANGES.forEach(exchange -> steps.add(declareExchange(exchange)));
        QUEUES.forEach(queue -> steps.add(declareQueue(queue)));
        for (int i = 6 + random.nextInt(8); i > 0; i--) {
            steps.add(binding());
        }
        for (int i = 20 + random.nextInt(20); i > 0; i--) {
            steps.add(operation());
        }
        for (String queue : QUEUES) {
            for (int i = 0; i < 3; i++) {
                steps.add(new Step.Get(queue, Settlement.AUTOMATIC));
            }
        }
    }

    private Step operation() {
        int die = random.nextInt(100);
        if (die < 45) {
            return publish();
        }
        if (die < 70) {
            return new Step.Get(pick(QUEUES), pick(List.of(Settlement.values())));
        }
        if (die < 78) {
            List<Settlement> choices =
                    List.of(Settlement.ACKNOWLEDGE, Settlement.REQUEUE, Settlement.REJECT);
            return new Step.Settle(pick(choices), chance(50));
        }
        if (die < 86) {
            return binding();
        }
        if (die < 90) {
            return unbinding();
        }
        if (die < 92) {
            return new Step.Purge(pick(QUEUES));
        }
        if (die < 94) {
            return new Step.DeleteQueue(pick(QUEUES), chance(50));
        }
        if (die < 96) {
            return new Step.DeleteExchange(pick(EXCHANGES), chance(50));
        }
        return chance(50) ? declareQueue(pick(QUEUES)) : declareExchange(pick(EXCHANGES));
    }

    private Step declareExchange(String exchange) {
        Map<String, Object> arguments = new TreeMap<>();
        if (chance(30)) {
            arguments.put("alternate-exchange", target());
        }
        return new Step.DeclareExchange(exchange, pick(TYPES), chance(15), chance(8), arguments);
    }

    private Step declareQueue(String queue) {
        Map<String, Object> arguments = new TreeMap<>();
        if (chance(40)) {
            arguments.put("x-max-length", random.nextInt(4) - (chance(3) ? 4 : 0));
        }
        if (chance(10)) {
            arguments.put("x-max-length-bytes", random.nextInt(12));
        }
        if (chance(40)) {
            arguments.put(
                    "x-overflow",
                    pick(
                            List.of(
                                    "drop-head",
                                    "reject-publish",
                                    "reject-publish-dlx",
                                    "drop-head")));
        }
        if (chance(60)) {
            arguments.put("x-dead-letter-exchange", target());
        }
        if (chance(30)) {
            arguments.put("x-dead-letter-routing-key", key());
        }
        if (!priorities && chance(20)) {
            arguments.put("x-message-ttl", 0);
        }
        if (priorities && chance(30)) {
            arguments.put("x-max-priority", 1 + random.nextInt(4));
        }
        if (chance(10)) {
            arguments.put("x-single-active-consumer", chance(50));
        }
        return new Step.DeclareQueue(queue, chance(50), chance(10), arguments);
    }

    private Step binding() {
        String source = chance(75) ? pick(EXCHANGES) : pick(PREDECLARED);
        return chance(65)
                ? new Step.Bind(pick(QUEUES), source, pattern(), bindingArguments())
                : new Step.BindExchange(pick(EXCHANGES), source, pattern(), bindingArguments());
    }

    /** Of something that was bound, most of the time. */
    private Step unbinding() {
        Step step = pick(steps);
        return switch (step) {
            case Step.Bind bind ->
                    new Step.Unbind(bind.queue(), bind.exchange(), bind.key(), bind.arguments());
            case Step.BindExchange bind ->
                    new Step.UnbindExchange(
                            bind.destination(), bind.source(), bind.key(), bind.arguments());
            default -> new Step.Unbind(pick(QUEUES), pick(EXCHANGES), pattern(), Map.of());
        };
    }

    private Map<String, Object> bindingArguments() {
        Map<String, Object> arguments = new TreeMap<>();
        if (chance(40)) {
            arguments.putAll(headers());
            if (chance(70)) {
                arguments.put("x-match", pick(MATCHES));
            }
        }
        return arguments;
    }

    private Map<String, Object> headers() {
        Map<String, Object> headers = new HashMap<>();
        for (String name : HEADERS) {
            if (chance(40)) {
                headers.put(name, pick(List.of(1, 2, 1L, "1", "x", true)));
            }
        }
        return headers;
    }

    private Step publish() {
        Map<String, Object> headers = headers();
        if (chance(12)) {
            headers.put("CC", keys());
        }
        if (chance(8)) {
            headers.put("BCC", keys());
        }
        BasicProperties.Builder properties = new BasicProperties.Builder();
        if (!headers.isEmpty() || chance(20)) {
            properties.headers(headers);
        }
        if (chance(50)) {
            properties.deliveryMode(2);
        }
        if (chance(30)) {
            properties.priority(random.nextInt(6));
        }
        if (!priorities && chance(15)) {
            properties.expiration("3600000"); // not before: here it expires behind others too
        }
        boolean toQueue = chance(30);
        return new Step.Publish(
                toQueue ? "" : chance(85) ? pick(EXCHANGES) : pick(PREDECLARED),
                toQueue ? pick(QUEUES) : key(),
                chance(30),
                properties.build(),
                ++published);
    }

    private List<Object> keys() {
        List<Object> keys = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            keys.add(chance(50) ? key() : pick(QUEUES));
        }
        return Collections.unmodifiableList(keys);
    }

    /** Where an alternate or a dead-letter exchange may point. */
    private String target() {
        return chance(85) ? pick(EXCHANGES) : pick(List.of("", "amq.fanout", "missing"));
    }

    private String key() {
        return chance(15) ? pick(QUEUES) : words(WORDS);
    }

    private String pattern() {
        String pattern = chance(50) ? key() : words(List.of("a", "b", "*", "#", ""));
        // RabbitMQ refuses a third #, Chasqui takes any number.
        return pattern.equals("#.#.#") ? "#.#" : pattern;
    }

    private String words(List<String> from) {
        List<String> words = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            words.add(pick(from));
        }
        return String.join(".", words);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}

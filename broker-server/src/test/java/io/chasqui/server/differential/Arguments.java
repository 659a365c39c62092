package io.chasqui.server.differential;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Arguments, properties, keys and policies as chance has them, in one world. */
final class Arguments {

    private static final List<String> WORDS = List.of("a", "b", "c", "");
    private static final List<String> HEADERS = List.of("h", "x-h", "i");
    private static final List<String> MATCHES =
            List.of("all", "any", "all-with-x", "any-with-x", "some");
    private static final List<String> OVERFLOWS =
            List.of("drop-head", "reject-publish", "reject-publish-dlx", "drop-head");

    /** Where dead letters go anywhere, the queue that has bounds, and the one that lets expire. */
    private static final String BOUNDED = "dq1";

    private static final String EXPIRING = "dq2";

    /** What no broker takes. */
    private static final List<Map.Entry<String, Object>> REFUSED_ARGUMENTS =
            List.of(
                    Map.entry("x-max-length", -3),
                    Map.entry("x-max-length", "many"),
                    Map.entry("x-max-length-bytes", true),
                    Map.entry("x-message-ttl", -1),
                    Map.entry("x-message-ttl", "soon"),
                    Map.entry("x-expires", 0),
                    Map.entry("x-expires", "soon"),
                    Map.entry("x-overflow", "drop-tail"),
                    Map.entry("x-overflow", 1),
                    Map.entry("x-dead-letter-exchange", 1),
                    Map.entry("x-dead-letter-routing-key", 1),
                    Map.entry("x-max-priority", 256),
                    Map.entry("x-max-priority", -1),
                    Map.entry("x-single-active-consumer", "yes"),
                    Map.entry("x-queue-type", "square"));

    private static final List<Map<String, Object>> REFUSED_POLICIES =
            List.of(
                    Map.of(),
                    Map.of("max-length", -1),
                    Map.of("max-length", "many"),
                    Map.of("overflow", "drop-tail"),
                    Map.of("dead-letter-exchange", 1),
                    Map.of("max-priority", 3),
                    Map.of("message-ttl", -1),
                    Map.of("max-length", 1, "expires", 0));

    private final Dice dice;
    private final World world;

    Arguments(Dice dice, World world) {
        this.dice = dice;
        this.world = world;
    }

    Map<String, Object> ofExchange() {
        Map<String, Object> arguments = new TreeMap<>();
        if (dice.chance(30)) {
            arguments.put("alternate-exchange", target());
        }
        return arguments;
    }

    Map<String, Object> ofQueue(String queue) {
        Map<String, Object> arguments = new TreeMap<>();
        if (world.plain() || (!world.timed() && queue.equals(BOUNDED))) {
            addLimits(arguments, queue);
        }
        addDeadLetters(arguments, queue);
        if (world.timed()) {
            if (dice.chance(40)) {
                arguments.put("x-message-ttl", dice.pick(Scenario.TTLS_MS));
            }
        } else if (!world.priorities() && dice.chance(20)) {
            boolean never = dice.chance(30) || !(world.plain() || queue.equals(EXPIRING));
            arguments.put("x-message-ttl", never ? 3_600_000 : 0);
        }
        if (world.priorities() && dice.chance(30)) {
            arguments.put("x-max-priority", 1 + dice.roll(4));
        }
        if (dice.chance(10)) {
            arguments.put("x-single-active-consumer", dice.chance(50));
        }
        if (dice.chance(3)) {
            Map.Entry<String, Object> refused = dice.pick(REFUSED_ARGUMENTS);
            arguments.put(refused.getKey(), refused.getValue());
        }
        return arguments;
    }

    private void addDeadLetters(Map<String, Object> arguments, String queue) {
        if (world.plain()) {
            if (dice.chance(60)) {
                addToNext(arguments, "x-", queue);
            }
            return;
        }
        if (dice.chance(60)) {
            arguments.put("x-dead-letter-exchange", target());
        }
        if (dice.chance(30)) {
            arguments.put("x-dead-letter-routing-key", letterKey());
        }
    }

    /**
     * Bytes are bounded only where no letter of a letter comes: Chasqui counts long properties as body.
     */
    private void addLimits(Map<String, Object> arguments, String queue) {
        if (dice.chance(40)) {
            arguments.put("x-max-length", dice.roll(4));
        }
        if (world.plain() && Scenario.QUEUES.indexOf(queue) < 2 && dice.chance(25)) {
            arguments.put("x-max-length-bytes", dice.roll(12));
        }
        if (dice.chance(40)) {
            arguments.put("x-overflow", dice.pick(OVERFLOWS));
        }
    }

    /** Of a queue of type quorum: without what such queues have not in RabbitMQ. */
    Map<String, Object> ofQuorumQueue() {
        Map<String, Object> arguments = new TreeMap<>();
        arguments.put("x-queue-type", "quorum");
        if (dice.chance(60)) {
            arguments.put("x-delivery-limit", dice.roll(4) - 1);
        }
        if (dice.chance(70)) {
            addToNext(arguments, "x-", Scenario.QUEUES.getFirst());
        }
        if (dice.chance(30)) {
            arguments.put("x-max-length", 1 + dice.roll(4));
        }
        if (dice.chance(10)) {
            arguments.put("x-single-active-consumer", true);
        }
        return arguments;
    }

    private static void addToNext(Map<String, Object> arguments, String prefix, String queue) {
        int next = Scenario.QUEUES.indexOf(queue) + 1;
        if (next < Scenario.QUEUES.size()) {
            arguments.put(prefix + "dead-letter-exchange", "");
            arguments.put(prefix + "dead-letter-routing-key", Scenario.QUEUES.get(next));
        }
    }

    Map<String, Object> ofBinding() {
        Map<String, Object> arguments = new TreeMap<>();
        if (dice.chance(40)) {
            arguments.putAll(headers());
            if (dice.chance(70)) {
                arguments.put("x-match", dice.pick(MATCHES));
            }
        }
        return arguments;
    }

    private Map<String, Object> headers() {
        Map<String, Object> headers = new HashMap<>();
        for (String name : HEADERS) {
            if (dice.chance(40)) {
                headers.put(name, dice.pick(List.of(1, 2, 1L, "1", "x", true)));
            }
        }
        return headers;
    }

    /** Of a message with this routing key. */
    BasicProperties properties(String key) {
        Map<String, Object> headers = headers();
        if (dice.chance(12)) {
            headers.put("CC", keys());
        }
        if (dice.chance(8)) {
            headers.put("BCC", hiddenKeys(key));
        }
        BasicProperties.Builder properties = new BasicProperties.Builder();
        if (!headers.isEmpty() || dice.chance(20)) {
            properties.headers(headers);
        }
        if (dice.chance(50)) {
            properties.deliveryMode(2);
        }
        if (!world.quorum() && dice.chance(30)) {
            properties.priority(dice.roll(6));
        }
        if (!world.priorities() && !world.timed() && !world.quorum() && dice.chance(15)) {
            properties.expiration("3600000"); // not before: here it expires behind others too
        }
        return properties.build();
    }

    /** Of a message that is to expire before long, as long as all others. */
    BasicProperties mortal(String key) {
        return properties(key)
                .builder()
                .expiration(Integer.toString(Scenario.TTLS_MS.getFirst()))
                .build();
    }

    /**
     * None that a message is sent to openly: RabbitMQ leaves such a key out of x-death, or names it
     * last.
     */
    private List<Object> hiddenKeys(String key) {
        List<Object> keys = new ArrayList<>();
        for (int i = 1 + dice.roll(2); i > 0; i--) {
            String hidden = dice.chance(50) ? "dq0" : "b." + dice.pick(WORDS) + ".hidden";
            if (!hidden.equals(key)) {
                keys.add(hidden);
            }
        }
        return Collections.unmodifiableList(keys);
    }

    private List<Object> keys() {
        List<Object> keys = new ArrayList<>();
        for (int i = dice.roll(3); i > 0; i--) {
            keys.add(letterKey());
        }
        return Collections.unmodifiableList(keys);
    }

    /**
     * What a policy says of this queue, or of many names at once if it is empty.
     *
     * @param operator whether it is an operator's
     */
    Map<String, Object> ofPolicy(String queue, boolean operator) {
        if (dice.chance(6)) {
            return dice.pick(REFUSED_POLICIES);
        }
        Map<String, Object> definition = new TreeMap<>();
        if (world.plain() || queue.equals(BOUNDED)) {
            addPolicyLimits(definition);
        }
        if (!operator) {
            addPolicyTargets(definition, queue);
        }
        if (definition.isEmpty()) {
            definition.put("max-length", 100);
        }
        return definition;
    }

    private void addPolicyLimits(Map<String, Object> definition) {
        if (dice.chance(40)) {
            definition.put("max-length", dice.roll(4));
        }
        if (dice.chance(10)) {
            definition.put("max-length-bytes", 1 << 20);
        }
        if (world.policies() == World.Policies.FIRM) {
            if (dice.chance(25)) {
                definition.put("overflow", dice.pick(OVERFLOWS));
            }
            if (!world.priorities() && dice.chance(10)) {
                definition.put("message-ttl", 0);
            }
        }
    }

    private void addPolicyTargets(Map<String, Object> definition, String queue) {
        if (world.plain()) {
            if (!queue.isEmpty() && dice.chance(50)) {
                addToNext(definition, "", queue);
            }
        } else {
            if (dice.chance(35)) {
                definition.put("dead-letter-exchange", target());
            }
            if (dice.chance(25)) {
                definition.put("dead-letter-routing-key", letterKey());
            }
        }
        if (dice.chance(25)) {
            definition.put("alternate-exchange", target());
        }
    }

    /** Where an alternate or a dead-letter exchange may point. */
    private String target() {
        return dice.chance(80)
                ? dice.pick(Scenario.EXCHANGES)
                : dice.pick(List.of("", "", "amq.fanout", "missing"));
    }

    /** Not the first queue: it is what hidden keys name. */
    private String letterKey() {
        return dice.chance(50) ? dice.pick(Scenario.QUEUES.subList(1, 5)) : words(WORDS);
    }

    /** @param queues how often it is a queue's name, in percent */
    String key(int queues) {
        return dice.chance(queues) ? dice.pick(Scenario.QUEUES) : words(WORDS);
    }

    String pattern() {
        String pattern = dice.chance(50) ? key(15) : words(List.of("a", "b", "*", "#", ""));
        // RabbitMQ refuses a third #, Chasqui takes any number.
        return pattern.equals("#.#.#") ? "#.#" : pattern;
    }

    private String words(List<String> from) {
        List<String> words = new ArrayList<>();
        for (int i = 1 + dice.roll(3); i > 0; i--) {
            words.add(dice.pick(from));
        }
        return String.join(".", words);
    }
}

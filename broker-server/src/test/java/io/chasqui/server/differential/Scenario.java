package io.chasqui.server.differential;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.chasqui.server.differential.Step.Settlement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A small world of exchanges and queues, and what a client does in it. Its seed alone makes it again.
 *
 * <p>But for a few scenarios nothing depends on time: messages live for ever or not at all. See
 * {@link World} for what does not meet in one scenario, and why.
 */
final class Scenario {

    static final List<String> EXCHANGES = names("dx");
    static final List<String> QUEUES = names("dq");

    /** Times to live; the shortest is longer than it takes to publish. */
    static final List<Integer> TTLS_MS = List.of(150, 220, 300);

    static final int LONGEST_TTL_MS = 300;

    private static final List<String> PREDECLARED =
            List.of("amq.direct", "amq.fanout", "amq.topic", "amq.headers", "");
    private static final List<String> TYPES = List.of("direct", "fanout", "topic", "headers");
    private static final List<Settlement> SETTLEMENTS =
            List.of(
                    Settlement.ACKNOWLEDGE,
                    Settlement.REQUEUE,
                    Settlement.REJECT,
                    Settlement.DISCARD);

    /** Settlements that leave nothing to come back. */
    private static final List<Settlement> ENDS =
            List.of(
                    Settlement.AUTOMATIC,
                    Settlement.ACKNOWLEDGE,
                    Settlement.REJECT,
                    Settlement.DISCARD);

    private final Dice dice;
    private final World world;
    private final Arguments arguments;
    private final List<Step> steps = new ArrayList<>();
    private final Set<String> consumed = new HashSet<>();
    private int published;
    private int consumers;

    private Scenario(long seed) {
        dice = new Dice(seed);
        world = World.of(dice);
        arguments = new Arguments(dice, world);
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
        Step.Order order =
                world.timed()
                        ? Step.Order.NONE
                        : world.plain() ? Step.Order.WHOLE : Step.Order.OF_EACH_WAY;
        steps.add(new Step.Begin(world.prefetch(), order));
        EXCHANGES.forEach(exchange -> steps.add(declareExchange(exchange)));
        if (world.policies() != World.Policies.NONE) {
            for (int i = 1 + dice.roll(2); i > 0; i--) {
                steps.add(setPolicy());
            }
        }
        QUEUES.forEach(queue -> steps.add(declareQueue(queue)));
        for (int i = 6 + dice.roll(8); i > 0; i--) {
            steps.add(binding());
        }
        if (world.timed()) {
            for (int i = 3 + dice.roll(6); i > 0; i--) {
                steps.add(publishMortal());
            }
            steps.add(new Step.LetTimePass());
        } else {
            for (int i = 20 + dice.roll(20); i > 0; i--) {
                steps.add(operation());
            }
            steps.add(new Step.CloseChannel());
        }
        QUEUES.forEach(queue -> steps.add(new Step.Drain(queue, order)));
    }

    private Step operation() {
        int die = dice.roll(100);
        if (die < 40) {
            return publish();
        }
        if (die < 55) {
            return get();
        }
        if (die < 68) {
            return settle();
        }
        if (die < 75) {
            return consumption();
        }
        return topology(dice.roll(100));
    }

    private Step get() {
        String queue = dice.pick(QUEUES);
        boolean quorum = world.quorum() && queue.equals(QUEUES.getFirst());
        return new Step.Get(queue, dice.pick(quorum ? ENDS : List.of(Settlement.values())));
    }

    /**
     * Of a queue with priorities many are not rejected at once: their letters come in the order of
     * priorities in RabbitMQ, of deliveries in Chasqui.
     */
    private Step settle() {
        Settlement settlement = dice.pick(SETTLEMENTS);
        boolean dies = settlement == Settlement.REJECT || settlement == Settlement.DISCARD;
        boolean multiple = dice.chance(40) && !(dies && world.priorities());
        return new Step.Settle(settlement, multiple, dice.roll(20));
    }

    private Step topology(int die) {
        if (die < 30) {
            return binding();
        }
        if (die < 42) {
            return unbinding();
        }
        if (die < 50) {
            return new Step.Purge(dice.pick(QUEUES));
        }
        if (die < 58) {
            return deleteQueue(dice.pick(QUEUES));
        }
        if (die < 64) {
            return new Step.DeleteExchange(dice.pick(EXCHANGES), dice.chance(50));
        }
        if (die < 68) {
            return dice.chance(50)
                    ? new Step.FindQueue(dice.pick(QUEUES))
                    : new Step.FindExchange(dice.pick(dice.chance(80) ? EXCHANGES : PREDECLARED));
        }
        if (die < 84 && world.policies() == World.Policies.CHANGING) {
            return dice.chance(65) ? setPolicy() : clearPolicy();
        }
        return dice.chance(60)
                ? declareQueue(dice.pick(QUEUES))
                : declareExchange(dice.pick(EXCHANGES));
    }

    private Step declareExchange(String exchange) {
        return new Step.DeclareExchange(
                exchange,
                dice.pick(TYPES),
                dice.chance(20),
                dice.chance(15),
                dice.chance(8),
                arguments.ofExchange());
    }

    private Step declareQueue(String queue) {
        if (world.quorum() && queue.equals(QUEUES.getFirst())) {
            return new Step.DeclareQueue(queue, true, false, false, arguments.ofQuorumQueue());
        }
        return new Step.DeclareQueue(
                queue, dice.chance(50), dice.chance(10), dice.chance(8), arguments.ofQueue(queue));
    }

    /** A quorum queue is deleted whatever it has: in RabbitMQ to ask more ends the connection. */
    private Step deleteQueue(String queue) {
        boolean mayAsk = !world.quorum() || !queue.equals(QUEUES.getFirst());
        return new Step.DeleteQueue(queue, mayAsk && dice.chance(30), mayAsk && dice.chance(40));
    }

    private Step binding() {
        String source = dice.chance(75) ? dice.pick(EXCHANGES) : dice.pick(PREDECLARED);
        return dice.chance(65)
                ? new Step.Bind(
                        dice.pick(QUEUES), source, arguments.pattern(), arguments.ofBinding())
                : new Step.BindExchange(
                        dice.pick(EXCHANGES), source, arguments.pattern(), arguments.ofBinding());
    }

    /** Of something that was bound, most of the time. */
    private Step unbinding() {
        Step step = dice.pick(steps);
        return switch (step) {
            case Step.Bind bind ->
                    new Step.Unbind(bind.queue(), bind.exchange(), bind.key(), bind.arguments());
            case Step.BindExchange bind ->
                    new Step.UnbindExchange(
                            bind.destination(), bind.source(), bind.key(), bind.arguments());
            default ->
                    new Step.Unbind(
                            dice.pick(QUEUES), dice.pick(EXCHANGES), arguments.pattern(), Map.of());
        };
    }

    private Step publish() {
        if (world.bursts() && dice.chance(40)) {
            return published("", dice.pick(QUEUES), 2 + dice.roll(4));
        }
        boolean toQueue = dice.chance(30);
        return published(
                toQueue ? "" : dice.pick(dice.chance(85) ? EXCHANGES : PREDECLARED),
                toQueue ? dice.pick(QUEUES) : arguments.key(15),
                1);
    }

    private Step published(String exchange, String key, int messages) {
        BasicProperties properties = arguments.properties(key);
        if (messages > 1) {
            properties = properties.builder().headers(null).build(); // to one queue alone
        }
        int number = published + 1;
        published += messages;
        return new Step.Publish(exchange, key, dice.chance(30), properties, number, messages);
    }

    private Step publishMortal() {
        boolean toQueue = dice.chance(50);
        String key = toQueue ? dice.pick(QUEUES) : arguments.key(15);
        return new Step.Publish(
                toQueue ? "" : dice.pick(EXCHANGES),
                key,
                false,
                arguments.mortal(key),
                ++published,
                1);
    }

    /**
     * If consumers may keep only so much, a queue has no second one: RabbitMQ has those that had no
     * room wait behind those that had, in Chasqui they keep their turn.
     */
    private Step consumption() {
        String queue = dice.pick(QUEUES);
        boolean second = world.prefetch() > 0 && consumed.contains(queue);
        if (second || (consumers > 0 && dice.chance(30))) {
            return new Step.Cancel("c" + dice.roll(consumers));
        }
        consumed.add(queue);
        Map<String, Object> terms = new TreeMap<>();
        if (dice.chance(30)) {
            terms.put("x-priority", dice.roll(3));
        }
        return new Step.Consume(queue, "c" + consumers++, dice.chance(25), dice.chance(12), terms);
    }

    /** No two have the same priority: which of them counts is chance in RabbitMQ. */
    private Step setPolicy() {
        boolean operator = dice.chance(30);
        int number = dice.roll(3);
        String queue = dice.chance(60) ? dice.pick(QUEUES) : "";
        return new Step.SetPolicy(
                operator,
                "p" + number,
                queue.isEmpty()
                        ? dice.pick(List.of("^dq", "^dq[01]$", "q[234]", "^dx", "", "^d.[13]"))
                        : "^" + queue + "$",
                dice.pick(
                        operator
                                ? List.of("queues", "classic_queues", "queues")
                                : List.of("all", "queues", "exchanges", "classic_queues")),
                3 * dice.roll(3) + number,
                arguments.ofPolicy(queue, operator));
    }

    private Step clearPolicy() {
        return new Step.ClearPolicy(dice.chance(30), "p" + dice.roll(3));
    }
}

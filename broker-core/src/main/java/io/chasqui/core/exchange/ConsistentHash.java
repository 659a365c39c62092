package io.chasqui.core.exchange;

import io.chasqui.core.definition.Arguments;
import io.chasqui.core.definition.BindingDefinition;
import io.chasqui.core.definition.DestinationKind;
import io.chasqui.core.definition.HashArguments;
import io.chasqui.core.message.HeaderCursor;
import io.chasqui.core.message.MessageProperty;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * RabbitMQ's {@code x-consistent-hash}: equal values go to one destination, and each destination
 * gets a share of the values in proportion to its weight, the key of its binding. As in RabbitMQ
 * the first routing key counts and carbon copies do not; of several bindings of one destination the
 * first gives the weight; and messages without the header or property go to one destination.
 *
 * <p>By weighted rendezvous hashing: of every destination's hash with the value, made a number from
 * 0 to 1, the one that wins has the smallest {@code -ln(number) / weight}. A destination that comes
 * takes its share evenly from the others, and one that goes leaves its share evenly to them; no
 * other value moves. The outcome depends on names and weights only, not on the order of binding, so
 * it is the same after a restart. It costs a look at each binding, which the route cache spares
 * when the routing key is hashed.
 */
record ConsistentHash(Optional<String> header, Optional<MessageProperty> property)
        implements ChoiceRule {

    private static final String ABSENT = "";

    static ConsistentHash of(Arguments arguments) {
        return new ConsistentHash(
                HashArguments.header(arguments), HashArguments.property(arguments));
    }

    @Override
    public boolean choosesByKeyAlone() {
        return header.isEmpty() && property.isEmpty();
    }

    @Override
    public Choice among(List<Candidate> candidates) {
        List<Candidate> counted = firstOfEach(candidates);
        counted.sort(Candidate.BY_NAME);
        Destination[] destinations = new Destination[counted.size()];
        long[] seeds = new long[counted.size()];
        int[] weights = new int[counted.size()];
        boolean areEqual = true;
        for (int i = 0; i < destinations.length; i++) {
            BindingDefinition binding = counted.get(i).binding();
            destinations[i] = counted.get(i).destination();
            seeds[i] = seed(binding.kind(), binding.destination());
            weights[i] = HashArguments.weight(binding.routingKey());
            areEqual &= weights[i] == weights[0];
        }
        if (destinations.length == 0) {
            return _ -> null;
        }
        return areEqual
                ? message -> destinations[largest(seeds, valueHash(message))]
                : message -> destinations[largest(seeds, weights, valueHash(message))];
    }

    private static List<Candidate> firstOfEach(List<Candidate> candidates) {
        Set<Destination> seen = new HashSet<>();
        List<Candidate> first = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (seen.add(candidate.destination())) {
                first.add(candidate);
            }
        }
        return first;
    }

    private static long seed(DestinationKind kind, String name) {
        return Hash.mixed(
                Hash.of(name)
                        + switch (kind) {
                            case QUEUE -> 0;
                            case EXCHANGE -> Hash.GOLDEN;
                        });
    }

    /** With equal weights the largest number wins; no logarithm is needed to see which it is. */
    private static int largest(long[] seeds, long value) {
        int best = 0;
        long most = -1;
        for (int i = 0; i < seeds.length; i++) {
            long number = number(seeds[i], value);
            if (number > most) {
                most = number;
                best = i;
            }
        }
        return best;
    }

    private static int largest(long[] seeds, int[] weights, long value) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < seeds.length; i++) {
            double fraction = (number(seeds[i], value) + 0.5) * 0x1p-53;
            double score = -Math.log(fraction) / weights[i];
            if (score < least) {
                least = score;
                best = i;
            }
        }
        return best;
    }

    /** From 0 to 2^53 exclusive: what a double holds exactly. */
    private static long number(long seed, long value) {
        return Hash.mixed(seed ^ value) >>> 11;
    }

    private long valueHash(RoutedMessage message) {
        if (header.isPresent()) {
            return Hash.of(headerOf(message, header.get()));
        }
        if (property.isPresent()) {
            String value = message.property(property.get());
            return Hash.of(value == null ? ABSENT : value);
        }
        return Hash.of(message.routingKeys().getFirst());
    }

    /** Of a header that comes twice the first counts. */
    private static String headerOf(RoutedMessage message, String name) {
        HeaderCursor cursor = message.headers();
        while (cursor.next()) {
            if (cursor.name().equals(name)) {
                return String.valueOf(HeaderValue.ofMessage(cursor.value()));
            }
        }
        return ABSENT;
    }
}

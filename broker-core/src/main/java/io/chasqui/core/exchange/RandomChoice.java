package io.chasqui.core.exchange;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * RabbitMQ's {@code x-random} and {@code x-local-random}: any of the bindings, all equally likely.
 *
 * <p>Event loops draw from one sequence: the numbers that {@link Hash#mixed} makes of an arithmetic
 * progression, as {@link java.util.SplittableRandom} does.
 */
final class RandomChoice implements ChoiceRule {

    private final AtomicLong next;

    /**
     * @param seed where the sequence begins
     */
    RandomChoice(long seed) {
        this.next = new AtomicLong(seed);
    }

    @Override
    public Choice among(List<Candidate> candidates) {
        Destination[] destinations =
                candidates.stream().map(Candidate::destination).toArray(Destination[]::new);
        return _ ->
                destinations.length == 0
                        ? null
                        : destinations[(int) Long.remainderUnsigned(draw(), destinations.length)];
    }

    private long draw() {
        return Hash.mixed(next.getAndAdd(Hash.GOLDEN));
    }

    @Override
    public boolean choosesByKeyAlone() {
        return false;
    }
}

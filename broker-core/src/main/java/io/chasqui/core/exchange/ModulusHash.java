package io.chasqui.core.exchange;

import java.util.List;

/**
 * RabbitMQ's {@code x-modulus-hash}: the hash of the routing keys modulo the number of bindings.
 * Keys of bindings do not matter, and a queue that is bound twice gets twice as much.
 */
record ModulusHash() implements ChoiceRule {

    @Override
    public Choice among(List<Candidate> candidates) {
        candidates.sort(Candidate.BY_NAME);
        Destination[] destinations =
                candidates.stream().map(Candidate::destination).toArray(Destination[]::new);
        return message ->
                destinations.length == 0
                        ? null
                        : destinations[
                                (int)
                                        Long.remainderUnsigned(
                                                hash(message.routingKeys()), destinations.length)];
    }

    private static long hash(List<String> keys) {
        long hash = 0;
        for (String key : keys) {
            hash = Hash.mixed(hash ^ Hash.of(key));
        }
        return hash;
    }

    @Override
    public boolean choosesByKeyAlone() {
        return true;
    }
}

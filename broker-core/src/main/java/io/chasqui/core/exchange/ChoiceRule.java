package io.chasqui.core.exchange;

import java.util.List;

/** By what a {@link ChoosingExchange} chooses. */
sealed interface ChoiceRule permits ConsistentHash, ModulusHash, RandomChoice {

    /**
     * Prepares to choose.
     *
     * @param candidates in the order in which they were bound, as far as that is known; may be kept
     *     and sorted
     */
    Choice among(List<Candidate> candidates);

    /** Whether equal routing keys are given to the same candidate as long as these stay. */
    boolean choosesByKeyAlone();
}

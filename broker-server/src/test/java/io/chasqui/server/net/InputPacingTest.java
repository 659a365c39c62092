package io.chasqui.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class InputPacingTest {

    private static final long ROUND_NS = 40_000;

    private static final int ROUNDS = 4 * InputPacing.LASTING;

    private long nowNs;
    private long pausedNs;
    private int pauses;
    private final InputPacing pacing =
            new InputPacing(
                    () -> nowNs,
                    ns -> {
                        pausedNs = ns;
                        pauses++;
                    });

    /** A client that never stops sending: what has come is what time there was. */
    private static final LongUnaryOperator STREAM = elapsedNs -> elapsedNs / 400;

    /** A client that sends its next message when the last is answered. */
    private static final LongUnaryOperator PING_PONG = _ -> 100;

    @Test
    void aStreamOfSmallMessagesIsLeftToGather() {
        rounds(ROUNDS, ROUND_NS, STREAM);

        assertTrue(pauses > ROUNDS * 9 / 10, () -> pauses + " pauses in " + ROUNDS + " rounds");
        assertEquals(InputPacing.PAUSE_NS, pausedNs);
    }

    @Test
    void aClientThatWaitsForAnswersIsHardlyEverHeldUp() {
        rounds(ROUNDS, ROUND_NS, PING_PONG);

        assertTrue(pauses < ROUNDS / 50, () -> pauses + " pauses in " + ROUNDS + " rounds");
    }

    @Test
    void slowRoundsAreNeverPutOff() {
        rounds(ROUNDS, InputPacing.FAST_ROUND_NS + 1, STREAM);

        assertEquals(0, pauses);
    }

    @Test
    void gatheringEndsSoonAfterTheStream() {
        rounds(ROUNDS, ROUND_NS, STREAM);
        pauses = 0;

        rounds(ROUNDS, ROUND_NS, PING_PONG);

        assertTrue(pauses < ROUNDS / 50, () -> pauses + " pauses in " + ROUNDS + " rounds");
    }

    @Test
    void aStreamAfterOtherTrafficIsFoundOut() {
        rounds(ROUNDS, ROUND_NS, PING_PONG);
        rounds(ROUNDS, ROUND_NS, STREAM);
        pauses = 0;

        rounds(ROUNDS, ROUND_NS, STREAM);

        assertTrue(pauses > ROUNDS * 9 / 10, () -> pauses + " pauses in " + ROUNDS + " rounds");
    }

    @Test
    void aLoopWithTasksToRunGoesOn() {
        for (int i = 0; i < ROUNDS; i++) {
            round(ROUND_NS, STREAM, false);
        }

        assertEquals(0, pauses);
    }

    @Test
    void aRoundThatBroughtNothingIsNotFollowedByAPause() {
        rounds(ROUNDS, ROUND_NS, STREAM);
        pauses = 0;

        for (int i = 0; i < ROUNDS; i++) {
            pacing.beforeRound(true);
        }

        assertTrue(pauses <= 1, () -> pauses + " pauses without any input");
    }

    private void rounds(int count, long roundNs, LongUnaryOperator octets) {
        for (int i = 0; i < count; i++) {
            round(roundNs, octets, true);
        }
    }

    /** One round of the loop: perhaps a pause, then the time the round takes, then what came. */
    private void round(long roundNs, LongUnaryOperator octets, boolean idle) {
        int before = pauses;
        pacing.beforeRound(idle);
        long elapsedNs = roundNs + (pauses > before ? pausedNs : 0);
        nowNs += elapsedNs;
        pacing.came((int) octets.applyAsLong(elapsedNs));
    }
}

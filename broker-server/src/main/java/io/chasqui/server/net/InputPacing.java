package io.chasqui.server.net;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Decides when an event loop should let input gather for a moment before it looks at its sockets
 * again, as network cards moderate their interrupts.
 *
 * <p>A client that sends a stream of small messages, each with a system call of its own, wakes the
 * loop for every few of them; a round of waking, reading and writing then costs many times what the
 * messages do. A pause after each round makes rounds fewer and larger. A client that waits for an
 * answer before it sends the next message gains nothing from that and would only wait longer. Which
 * of both it is shows in the measure: the octets that came in {@link #SAMPLE} rounds without pauses,
 * and in as many with.
 *
 * <pre>
 *   LOOKING -- rounds come fast --> TRYING -- more came --> GATHERING -- time is up, or less came --+
 *      ^                              | no more came                                               |
 *      +------ after a while ----- RESTING                                                         |
 *      +-------------------------------------------------------------------------------------------+
 * </pre>
 *
 * <p>Only LOOKING and RESTING do without pauses. No round is put off when the loop has tasks to run.
 * Belongs to the loop's thread.
 */
final class InputPacing {

    /**
     * How long input gathers; the timers of the system may make twice as much of it. Short beside the
     * time that a busy machine takes to wake a client, long beside the time between two messages.
     */
    static final long PAUSE_NS = 50_000;

    /** Rounds that are compared. */
    static final int SAMPLE = 32;

    /** Rounds further apart than this leave no processor time to be saved. */
    static final long FAST_ROUND_NS = 62_500;

    /** Rounds after which what was found is looked at anew. */
    static final int LASTING = 64 * SAMPLE;

    private enum Phase {
        LOOKING,
        TRYING,
        GATHERING,
        RESTING
    }

    private final LongSupplier clock;
    private final LongConsumer pause;
    private Phase phase = Phase.LOOKING;
    private long came;
    private boolean cameThisRound;
    private int rounds;
    private int roundsInPhase;
    private long sampleBeganNs;
    private long plain;

    /**
     * @param clock nanoseconds that only rise
     * @param pause waits for so many nanoseconds
     */
    InputPacing(LongSupplier clock, LongConsumer pause) {
        this.clock = clock;
        this.pause = pause;
        this.sampleBeganNs = clock.getAsLong();
    }

    /** So many octets were read in this round. */
    void came(int octets) {
        came += octets;
        cameThisRound = true;
    }

    /**
     * The loop is about to look at its sockets.
     *
     * @param idle whether it has nothing else to do
     */
    void beforeRound(boolean idle) {
        if (!cameThisRound) {
            return;
        }
        cameThisRound = false;
        roundsInPhase++;
        if (++rounds == SAMPLE) {
            sampled();
            rounds = 0;
            came = 0;
        }
        if (idle && (phase == Phase.TRYING || phase == Phase.GATHERING)) {
            pause.accept(PAUSE_NS);
        }
    }

    private void sampled() {
        switch (phase) {
            case LOOKING -> {
                long now = clock.getAsLong();
                if (now - sampleBeganNs < SAMPLE * FAST_ROUND_NS) {
                    plain = came;
                    enter(Phase.TRYING);
                }
                sampleBeganNs = now;
            }
            case TRYING -> enter(pays() ? Phase.GATHERING : Phase.RESTING);
            case GATHERING -> {
                if (!pays() || roundsInPhase >= LASTING) {
                    lookAgain();
                }
            }
            case RESTING -> {
                if (roundsInPhase >= LASTING) {
                    lookAgain();
                }
            }
        }
    }

    /** Half as much again is worth a pause. */
    private boolean pays() {
        return came > plain + plain / 2;
    }

    private void lookAgain() {
        enter(Phase.LOOKING);
        sampleBeganNs = clock.getAsLong();
    }

    private void enter(Phase next) {
        phase = next;
        roundsInPhase = 0;
    }
}

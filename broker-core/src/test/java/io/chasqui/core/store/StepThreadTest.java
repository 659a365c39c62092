package io.chasqui.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StepThreadTest {

    private static final long PATIENCE_S = 20;

    private final Semaphore steps = new Semaphore(0);

    /** A thread whose starter is held up until it sleeps and somebody else has woken it. */
    private static final class HeldUp extends Thread {
        private final Runnable meanwhile;

        HeldUp(Runnable target, Runnable meanwhile) {
            super(target, "held-up");
            setDaemon(true);
            this.meanwhile = meanwhile;
        }

        @Override
        public void start() {
            super.start();
            while (getState() != State.WAITING) {
                Thread.onSpinWait();
            }
            meanwhile.run();
        }
    }

    private long step() {
        steps.release();
        return StepThread.Step.NOTHING_DUE;
    }

    private boolean stepped() throws InterruptedException {
        return steps.tryAcquire(PATIENCE_S, TimeUnit.SECONDS);
    }

    @Test
    void a_wake_up_before_start_has_returned_is_not_lost() throws Exception {
        StepThread[] woken = new StepThread[1];
        StepThread thread =
                new StepThread(
                        task -> new HeldUp(task, () -> assertThat(woken[0].wake()).isTrue()),
                        this::step);
        woken[0] = thread;

        thread.start();

        assertThat(stepped()).as("the first step").isTrue();
        assertThat(stepped()).as("the step it was woken for").isTrue();
        thread.stop();
    }

    @Test
    void every_wake_up_is_followed_by_a_step() throws Exception {
        StepThread thread = new StepThread("steps", this::step);
        thread.wake(); // not started yet: its first step will do

        thread.start();

        for (int i = 0; i < 1000; i++) {
            assertThat(stepped()).as("step " + i).isTrue();
            thread.wake();
        }
        thread.stop();
        assertThat(thread.wake()).as("found asleep").isFalse();
    }

    @Test
    void is_started_once_and_never_after_its_stop() {
        StepThread thread = new StepThread("steps", this::step);
        thread.start();
        assertThatThrownBy(thread::start).isInstanceOf(IllegalStateException.class);
        thread.stop();
        StepThread stopped = new StepThread("steps", this::step);
        stopped.stop();
        assertThatThrownBy(stopped::start).isInstanceOf(IllegalStateException.class);
    }
}

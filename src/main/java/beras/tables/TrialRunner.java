package beras.tables;

import java.util.List;

/** Who makes the trainings of a {@link Tuning} that can be made at a time: threads of this machine, or other machines. */
public interface TrialRunner {

    /** Follows the progress, called by any thread. */
    interface Progress {

        /** Whether no more need be done: whoever asks may end early. */
        boolean isBroken();

        /** Takes what came of a task. What it throws ends the tuning. */
        void done(TrialTask.Done done);
    }

    /**
     * Makes trainings, in any order, by {@link TrialTask#train}. Returns when all are done or interrupted; if this thread is
     * interrupted, they are interrupted, and it stays interrupted.
     *
     * @throws RuntimeException what one of them threw, after which the others are of no use
     */
    void run(List<TrialTask> tasks, Progress progress);
}

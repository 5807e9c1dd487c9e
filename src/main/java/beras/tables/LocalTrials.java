package beras.tables;

import beras.compute.Compute;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Trains the trials of a {@link Tuning} in threads, on one table. */
final class LocalTrials implements TrialRunner {

    private final TableTraining training;
    private final PreparedTable table;
    private final TableRows rows;
    private final int threads;
    private volatile boolean ending; // one failed, or this thread was interrupted

    LocalTrials(TableTraining training, PreparedTable table, TableRows rows, int threads) {
        this.training = training;
        this.table = table;
        this.rows = rows;
        this.threads = threads;
    }

    @Override
    public void run(List<TrialTask> tasks, Progress progress) {
        int atATime = Math.min(Math.min(threads, rows.atATime()), tasks.size());
        boolean alone = atATime == threads; // else there are threads to share work with
        ExecutorService pool = Executors.newFixedThreadPool(atATime, LocalTrials::thread);
        List<Future<?>> trainings = new ArrayList<>();
        for (TrialTask task : tasks) {
            Runnable work = () -> train(task, progress);
            trainings.add(pool.submit(() -> {
                if (alone) {
                    Compute.alone(work);
                } else {
                    work.run();
                }
            }));
        }
        pool.shutdown();
        await(trainings);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "beras-trial");
        thread.setDaemon(true);
        return thread;
    }

    private void train(TrialTask task, Progress progress) {
        if (ending || progress.isBroken()) {
            return;
        }
        try {
            task.train(training, table, rows, () -> ending || progress.isBroken()).ifPresent(progress::done);
        } catch (RuntimeException | Error e) {
            ending = true; // the other trainings are of no use
            throw e;
        }
    }

    /** Waits until all have ended, and throws what one of them threw, after which the others end soon. */
    private void await(List<Future<?>> trainings) {
        Throwable failure = null;
        boolean interrupted = false;
        for (int i = 0; i < trainings.size(); ) {
            try {
                trainings.get(i).get();
                i++;
            } catch (ExecutionException e) {
                failure = failure == null ? e.getCause() : failure;
                i++;
            } catch (InterruptedException e) {
                interrupted = true;
                ending = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure; // a Runnable throws no other
        }
    }
}

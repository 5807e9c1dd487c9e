package beras.spark;

import beras.compute.Compute;
import beras.data.DataException;
import beras.files.Excerpt;
import beras.tables.PreparedTable;
import beras.tables.TableRows;
import beras.tables.TableTraining;
import beras.tables.TableTraining.Fold;
import beras.tables.TrialResult;
import beras.tables.TrialRunner;
import beras.tables.TrialSettings;
import beras.tables.TrialTask;
import beras.tables.Tuning;
import beras.tables.TuningResult;
import beras.training.TrainingState;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import scala.Function0;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Many trainings on a table that fits one machine, each by a task of its own: the trials of a {@link Tuning} and the folds of a
 * cross-validation. The results are those of one machine, bit by bit.
 *
 * <pre>{@code
 * SparkTables houses = SparkTables.of(spark, file -> TableTraining.of(file.apply(Path.of("houses.csv")), "price"));
 * TuningResult found = houses.tune(tuning -> tuning.trials(20));
 * List<Fold> folds = houses.crossValidate(5);
 * }</pre>
 *
 * <p>The table is a file of the driver's machine, of at most 2 GB, which is sent to each executor once for a tuning or a
 * cross-validation. The tasks of a tuning share what an executor has read; each trains in its own thread. So an executor needs the
 * memory that a tuning takes on one machine. Nothing stays there afterwards. A task that is lost with its executor is made again.
 */
public final class SparkTables {

    /** How to train on a table, wherever its file is. */
    @FunctionalInterface
    public interface Training extends Serializable {

        /**
         * Describes the training, on the driver and again on each executor.
         *
         * @param file gives the path of a file here, for its path on the driver's machine
         */
        TableTraining of(UnaryOperator<Path> file);
    }

    private static final long POLL_MILLIS = 100;
    private static final int SHOWN = 200;

    private final JavaSparkContext context;
    private final Training training;
    private final TableTraining here;
    private final Set<Path> files = new LinkedHashSet<>(); // that the training names

    private SparkTables(SparkSession spark, Training training) throws IOException {
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.training = training;
        this.here = training.of(file -> {
            files.add(file);
            return file;
        });
        if (here.isWatched()) {
            throw new IllegalArgumentException("A training whose nets are trained elsewhere must have no callbacks."
                    + " Received: one with"
                    + " callbacks. Leave them out");
        }
        for (Path file : files) {
            requireSize(file);
        }
    }

    private static void requireSize(Path file) throws IOException {
        long size = Files.size(file);
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(file + ": expected a file of at most " + (Integer.MAX_VALUE >> 20)
                    + " MB, which each executor is to hold. Received: " + (size >> 20)
                    + " MB. Train on a DataFrame by BerasClassifier or BerasRegressor");
        }
    }

    /**
     * For a training that is described by a lambda, which may name several files.
     *
     * @throws IllegalArgumentException if the training has callbacks
     * @throws IOException if a file cannot be read
     */
    public static SparkTables of(SparkSession spark, Training training) throws IOException {
        return new SparkTables(spark, training);
    }

    /**
     * Searches for settings, as {@link Tuning#run} does.
     *
     * @param options what else is said of the tuning, such as {@code tuning -> tuning.trials(20)}
     * @throws DataException as {@link Tuning#run}
     * @throws IllegalArgumentException as {@link Tuning#run}
     * @throws IllegalStateException if executors are lost too often
     */
    public TuningResult tune(UnaryOperator<Tuning> options) throws IOException {
        try (Sending sending = new Sending()) {
            return options.apply(Tuning.of(here)).runner(new Trials(sending)).run();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Trains and tests a model for each fold, as {@link TableTraining#crossValidate(int)} does. The driver measures them, one
     * after the other.
     *
     * @throws DataException as {@link TableTraining#crossValidate(int)}
     * @throws IllegalArgumentException as {@link TableTraining#crossValidate(int)}
     * @throws IllegalStateException if executors are lost too often
     */
    public List<Fold> crossValidate(int folds) throws IOException {
        try (Sending sending = new Sending()) {
            return here.crossValidate(folds, fold -> { }, new Folds(sending, folds)::state);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Sends the training when the first task needs it: by then the driver has found the table good. */
    private final class Sending implements AutoCloseable {

        private Broadcast<Sent> sent; // null: not yet

        Broadcast<Sent> sent() {
            if (sent == null) {
                TreeMap<String, byte[]> contents = new TreeMap<>();
                try {
                    for (Path file : files) {
                        contents.put(file.toString(), Files.readAllBytes(file));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                sent = context.broadcast(new Sent(training, contents));
            }
            return sent;
        }

        @Override
        public void close() {
            if (sent != null) {
                sent.destroy();
            }
        }
    }

    /** What is done with a training. */
    @FunctionalInterface
    private interface Work<T> {

        T of(TableTraining training) throws Exception;
    }

    /** A training with its files. Broadcast, there is one in each executor, with what the executor has made of it. */
    private static final class Sent implements Serializable {

        private static final long serialVersionUID = 1;

        private final Training training;
        private final TreeMap<String, byte[]> files; // by their paths on the driver
        private transient Prepared prepared; // null: not in this JVM yet

        Sent(Training training, TreeMap<String, byte[]> files) {
            this.training = training;
            this.files = files;
        }

        /** Works with the files, which are here for as long. */
        <T> T call(Work<T> work) throws Exception {
            Path folder = Files.createTempDirectory("beras-");
            try {
                Map<String, Path> here = new HashMap<>();
                for (Map.Entry<String, byte[]> file : files.entrySet()) {
                    Path own = Files.createDirectory(folder.resolve(Integer.toString(here.size()))); // names may be equal
                    here.put(file.getKey(), Files.write(own.resolve(Path.of(file.getKey()).getFileName()), file.getValue()));
                }
                return work.of(training.of(file -> here.get(file.toString())));
            } finally {
                delete(folder);
            }
        }

        private static void delete(Path folder) throws IOException {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }

        /** The table as numbers, which all tasks of this JVM share. */
        synchronized Prepared prepared() throws Exception {
            if (prepared == null) {
                prepared = call(Prepared::of);
            }
            return prepared;
        }
    }

    /** The nets of folds, all of which are trained when the first is asked for. */
    private final class Folds {

        private final Sending sending;
        private final int folds;
        private List<Attempt<SentState>> trained; // null: not yet

        Folds(Sending sending, int folds) {
            this.sending = sending;
            this.folds = folds;
        }

        Optional<TrainingState> state(int number) {
            if (trained == null) {
                trained = train(context, sending.sent(), folds);
            }
            try {
                return Optional.ofNullable(trained.get(number).get()).map(SentState::state);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<Attempt<SentState>> train(JavaSparkContext context, Broadcast<Sent> sent, int folds) {
        return context.parallelize(IntStream.range(0, folds).boxed().toList(), folds).map(number -> {
            VectorWarning.warnIfScalar();
            return Attempt.of(() -> alone(() -> sent.value()
                    .call(training -> training.trainFold(number, folds).map(SentState::new).orElse(null))));
        }).collect();
    }

    /** Calls in this thread alone: there is a task for each core. */
    private static <T> T alone(Callable<T> work) throws Exception {
        List<T> result = new ArrayList<>();
        List<Exception> failures = new ArrayList<>();
        Compute.alone(() -> {
            try {
                result.add(work.call());
            } catch (Exception e) {
                failures.add(e);
            }
        });
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
        return result.get(0);
    }

    // -------------------------------------------------------------------------------------------------------- trials

    /** A {@link TrialTask} on its way. */
    private record SentTask(int trial, TrialSettings settings, int epochs, SentState from) implements Serializable {

        private static final long serialVersionUID = 1;

        static SentTask of(TrialTask task) {
            return new SentTask(task.trial(), task.settings(), task.epochs(), task.from().map(SentState::new).orElse(null));
        }

        TrialTask task() {
            return new TrialTask(trial, settings, epochs, Optional.ofNullable(from).map(SentState::state));
        }
    }

    /** A {@link TrialTask.Done} on its way. */
    private record SentDone(TrialResult result, SentState state) implements Serializable {

        private static final long serialVersionUID = 1;

        static SentDone of(TrialTask.Done done) {
            return new SentDone(done.result(), done.state().map(SentState::new).orElse(null));
        }

        TrialTask.Done done() {
            return new TrialTask.Done(result, Optional.ofNullable(state).map(SentState::state));
        }
    }

    /** What a task of a tuning does in an executor. */
    private record Trial(Broadcast<Sent> sent) implements Function1<Iterator<SentTask>, Attempt<SentDone>>, Serializable {

        private static final long serialVersionUID = 1;

        @Override
        public Attempt<SentDone> apply(Iterator<SentTask> one) {
            VectorWarning.warnIfScalar();
            TaskContext task = TaskContext.get();
            try {
                return Attempt.of(() -> {
                    Prepared prepared = sent.value().prepared();
                    prepared.room.acquire();
                    try {
                        return alone(() -> one.next().task().train(prepared.training, prepared.table, prepared.rows,
                                task::isInterrupted)
                                .map(SentDone::of).orElse(null));
                    } finally {
                        prepared.room.release();
                    }
                });
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) { // a function of Scala declares none
                throw new IllegalStateException(e);
            }
        }
    }

    /** The table of a tuning as an executor has it. */
    private record Prepared(TableTraining training, PreparedTable table, TableRows rows, Semaphore room) {

        static Prepared of(TableTraining training) throws IOException {
            PreparedTable table = training.prepare();
            TableRows rows = table.open();
            return new Prepared(training, table, rows, new Semaphore(rows.atATime()));
        }
    }

    /** Has trials trained by tasks. */
    private final class Trials implements TrialRunner {

        private final Sending sending;

        Trials(Sending sending) {
            this.sending = sending;
        }

        @Override
        public void run(List<TrialTask> tasks, Progress progress) {
            JavaRDD<SentTask> all = context.parallelize(tasks.stream().map(SentTask::of).toList(), tasks.size());
            LinkedBlockingQueue<Attempt<SentDone>> ended = new LinkedBlockingQueue<>(); // Spark's own thread must not be kept
            Function2<Object, Attempt<SentDone>, BoxedUnit> handler = (place, attempt) -> {
                ended.add(attempt);
                return BoxedUnit.UNIT;
            };
            Function0<BoxedUnit> nothing = () -> BoxedUnit.UNIT;
            List<Object> partitions = new ArrayList<>();
            for (int i = 0; i < tasks.size(); i++) {
                partitions.add(i);
            }
            SimpleFutureAction<BoxedUnit> job = context.sc().submitJob(all.rdd(), new Trial(sending.sent()),
                    CollectionConverters.asScala(partitions).toSeq(), handler, nothing);
            try {
                await(job, ended, progress);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                job.cancel();
            }
        }

        private void await(SimpleFutureAction<BoxedUnit> job, LinkedBlockingQueue<Attempt<SentDone>> ended, Progress progress)
                throws InterruptedException, IOException {
            while (true) {
                boolean completed = job.isCompleted(); // asked first: what ended before is in the queue then
                Attempt<SentDone> attempt = ended.poll(completed ? 0 : POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (attempt != null) {
                    SentDone done = attempt.get();
                    if (done != null) {
                        progress.done(done.done());
                    }
                } else if (completed) {
                    requireSuccess(job);
                    return;
                } else if (progress.isBroken()) {
                    return;
                }
            }
        }

        private void requireSuccess(SimpleFutureAction<BoxedUnit> job) {
            if (job.value().get().isFailure()) {
                Throwable failure = job.value().get().failed().get();
                throw new IllegalStateException("The trials could not be trained by Spark: "
                        + Excerpt.quoted(String.valueOf(failure.getMessage()), SHOWN), failure);
            }
        }
    }
}

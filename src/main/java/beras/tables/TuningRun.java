package beras.tables;

import beras.config.Arguments;
import beras.kernels.Threads;
import beras.training.Callback;
import beras.training.DivergedException;
import beras.training.History;
import beras.training.Logs;
import beras.training.Monitor;
import beras.training.Outcome;
import beras.training.Recipe;
import beras.training.Training;
import beras.training.TrainingState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One run of a {@link Tuning}. What its trainings share is guarded by this object. */
final class TuningRun {

    private static final String VALIDATION = "val_";

    private final Tuning tuning;
    private final PreparedTable table;
    private final TableRows rows;
    private final Recipe recipe;
    private final List<TrialSettings> settings;
    private final List<Integer> rungs;
    private final Monitor monitor;
    private final List<TreeMap<Integer, TrialResult>> results = new ArrayList<>(); // of each trial, by epochs
    private final Map<Integer, TrainingState> states = new HashMap<>(); // where trials are that may go on
    private Trained best; // null: none, or not at hand
    private volatile boolean broken;

    /** The net of a trial. */
    private record Trained(int trial, TableRun run, History history) {}

    TuningRun(Tuning tuning, PreparedTable table, TableRows rows) {
        this.tuning = tuning;
        this.table = table;
        this.rows = rows;
        this.recipe = tuning.training().recipe(table.schema());
        Arguments.atLeast(1, "epochs", recipe.epochs());
        this.settings = tuning.settings(table.schema().rows());
        this.rungs = tuning.rungs(recipe.epochs());
        this.monitor = new Monitor(VALIDATION + tuning.training().monitor());
        if (table.validationRows() == 0) {
            throw new IllegalArgumentException("To tune, rows to validate are needed. Received: a table of which none are kept"
                    + " apart. Split some off, or give them in a file of their own");
        }
        settings.forEach(each -> results.add(new TreeMap<>()));
        for (TrialResult result : tuning.known()) {
            if (result.trial() >= settings.size() || !rungs.contains(result.epochs())) {
                throw new IllegalArgumentException("Results to go on from must be of the " + settings.size() + " trials, after "
                        + rungs + " epochs. Received: " + result);
            }
            results.get(result.trial()).put(result.epochs(), result);
        }
    }

    private TableRun make(int trial) {
        return tuning.training().run(table, rows, settings.get(trial).apply(recipe, table.schema().target()));
    }

    TuningResult run() throws IOException {
        check();
        List<Integer> going = new ArrayList<>();
        for (int trial = 0; trial < settings.size(); trial++) {
            going.add(trial);
        }
        int left = settings.size();
        for (int epochs : rungs) {
            left = epochs == recipe.epochs() ? 0 : tuning.left(left);
            train(going, epochs, left);
            if (isBroken()) {
                break;
            }
            List<Trial> ranked = ranked(going, epochs);
            tuning.listener().onRung(epochs, ranked);
            going = goingOn(ranked, left);
        }
        return result();
    }

    /** Refuses what cannot work before there is work to lose, and learns which way the monitored number improves. */
    void check() {
        Set<String> nets = new HashSet<>();
        for (int trial = 0; trial < settings.size(); trial++) {
            if (nets.add(settings.get(trial).layers())) {
                TableRun made = make(trial);
                if (trial == 0) {
                    made.fit(0, Optional.empty(), List.of(new Callback() {

                        @Override
                        public void onTrainBegin(Training training) {
                            monitor.begin(training);
                        }
                    }));
                }
            }
        }
    }

    private boolean isBroken() {
        return broken |= tuning.listener().interrupted();
    }

    // ------------------------------------------------------------------------------------------------------- ranking

    /** By what they had reached after so many epochs: a tuning that is gone on with may know more of some. */
    private synchronized List<Trial> ranked(List<Integer> trials, int epochs) {
        List<Trial> ranked = new ArrayList<>();
        for (int trial : trials) {
            List<TrialResult> reached = List.copyOf(results.get(trial).headMap(epochs, true).values());
            if (!reached.isEmpty()) {
                ranked.add(new Trial(trial, settings.get(trial), reached));
            }
        }
        ranked.sort((a, b) -> compare(a.last(), b.last()));
        return ranked;
    }

    /** The better one first. */
    private int compare(TrialResult a, TrialResult b) {
        return monitor.isBetter(a.value(), b.value()) ? -1 : monitor.isBetter(b.value(), a.value()) ? 1
                : Integer.compare(a.trial(), b.trial());
    }

    /** The first so many, and the defaults, but for those that diverged; by number. */
    private static List<Integer> goingOn(List<Trial> ranked, int count) {
        List<Integer> going = new ArrayList<>();
        for (int i = 0; i < ranked.size(); i++) {
            int number = ranked.get(i).number();
            if (!ranked.get(i).last().diverged() && (i < count || number == 0)) {
                going.add(number);
            }
        }
        going.sort(null);
        return going;
    }

    // ------------------------------------------------------------------------------------------------------ training

    /** Trains those whose results are not known, several at a time. */
    private void train(List<Integer> going, int epochs, int left) {
        List<Integer> open = new ArrayList<>();
        for (int trial : going) {
            if (!results.get(trial).containsKey(epochs)) {
                open.add(trial);
            }
        }
        int threads = Math.min(Math.min(tuning.threads(), rows.atATime()), open.size());
        if (threads == 0) {
            return;
        }
        boolean alone = threads == tuning.threads(); // else there are threads to share work with
        ExecutorService pool = Executors.newFixedThreadPool(threads, TuningRun::thread);
        List<Future<?>> trainings = new ArrayList<>();
        for (int trial : open) {
            Runnable training = () -> train(trial, going, epochs, left);
            trainings.add(pool.submit(() -> {
                if (alone) {
                    Threads.alone(training);
                } else {
                    training.run();
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
                broken = true;
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

    private void train(int trial, List<Integer> going, int epochs, int left) {
        if (isBroken()) {
            return;
        }
        TrainingState from;
        synchronized (this) {
            from = states.remove(trial);
        }
        try {
            TableRun run = make(trial);
            Watch watch = new Watch(from);
            History history = fit(run, epochs, watch);
            if (!watch.diverged && history.outcome().kind() == Outcome.Kind.INTERRUPTED) {
                return;
            }
            TrialResult result = watch.diverged ? new TrialResult(trial, epochs, Double.NaN, -1)
                    : new TrialResult(trial, epochs, run.best(), run.bestEpoch(history));
            add(result, new Trained(trial, run, history), watch.state, going, left);
        } catch (RuntimeException | Error e) {
            broken = true; // the other trainings are of no use
            throw e;
        }
    }

    /** Trains from where the watch says; null if it diverged at a batch. */
    private static History fit(TableRun run, int epochs, Watch watch) {
        try {
            return run.fit(epochs, Optional.ofNullable(watch.state), List.of(watch));
        } catch (DivergedException e) {
            watch.diverged = true;
            return null;
        }
    }

    private synchronized void add(TrialResult result, Trained trained, TrainingState state, List<Integer> going, int left) {
        int trial = result.trial();
        results.get(trial).put(result.epochs(), result);
        if (best != null && best.trial == trial) {
            best = null; // this training is its continuation
        }
        boolean isBest = !result.diverged()
                && (best == null || compare(result, results.get(best.trial).lastEntry().getValue()) < 0);
        if (isBest) {
            best = trained;
        }
        if (!result.diverged()) {
            states.put(trial, state);
        }
        forget(going, result.epochs(), left);
        tuning.listener().onResult(result);
    }

    /** Drops the states of those that so many others have beaten already. */
    private void forget(List<Integer> going, int epochs, int left) {
        List<Integer> made = going.stream().filter(trial -> results.get(trial).containsKey(epochs)).toList();
        List<Integer> kept = left == 0 ? List.of() : goingOn(ranked(made, epochs), left);
        states.keySet().removeIf(trial -> made.contains(trial) && !kept.contains(trial));
    }

    /** Keeps where a training is when it ends, and ends it if a number is not finite or the tuning is broken off. */
    private final class Watch implements Callback {

        private Training training;
        private TrainingState state; // null: the beginning
        private boolean diverged;

        Watch(TrainingState from) {
            state = from;
        }

        @Override
        public void onTrainBegin(Training begun) {
            training = begun;
        }

        @Override
        public void onBatchBegin(int batch) {
            if (isBroken()) {
                training.interrupt();
            }
        }

        @Override
        public void onEpochEnd(int epoch, Logs logs) {
            if (!logs.values().values().stream().allMatch(Double::isFinite)) {
                diverged = true;
                training.stop();
            } else if (epoch + 1 == training.epochs() || training.stopping()) {
                state = training.state();
            }
        }
    }

    // -------------------------------------------------------------------------------------------------------- the end

    private TuningResult result() throws IOException {
        List<Integer> all = new ArrayList<>();
        for (int trial = 0; trial < settings.size(); trial++) {
            all.add(trial);
        }
        List<Trial> ranked = ranked(all, recipe.epochs());
        Optional<Trained> first = ranked.isEmpty() || ranked.get(0).last().diverged() ? Optional.empty() : trained(ranked.get(0));
        Optional<TableModel> model = Optional.empty();
        if (first.isPresent()) {
            Map<String, String> provenance = new LinkedHashMap<>(table.provenance(table.sha256()));
            provenance.put("tuned", "trial " + first.get().trial + " of " + settings.size() + ", by " + VALIDATION
                    + tuning.training().monitor());
            model = Optional.of(first.get().run.model(first.get().history, provenance));
        }
        return new TuningResult(ranked, model, !broken);
    }

    /** The net of a trial, which is trained once more if it is not at hand: to the same bits. Empty if that is broken off. */
    private Optional<Trained> trained(Trial trial) {
        if (best != null && best.trial == trial.number()) {
            return Optional.of(best);
        }
        if (isBroken()) {
            return Optional.empty();
        }
        TableRun run = make(trial.number());
        History history = fit(run, trial.last().epochs(), new Watch(null));
        return isBroken() ? Optional.empty() : Optional.of(new Trained(trial.number(), run, history));
    }
}

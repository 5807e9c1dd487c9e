package beras.tables;

import beras.compute.Compute;
import beras.config.Arguments;
import beras.config.InvalidDataException;
import beras.models.RecipeTraining;
import beras.training.Callback;
import beras.training.DivergedException;
import beras.training.History;
import beras.training.LastState;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/** One run of a {@link Tuning}. The shared state of its training runs is guarded by this object. */
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
    private final Map<Integer, TrainingState> states = new HashMap<>(); // where trials are that may continue
    private volatile boolean broken;

    TuningRun(Tuning tuning, PreparedTable table, TableRows rows) {
        this.tuning = tuning;
        this.table = table;
        this.rows = rows;
        this.recipe = tuning.training.recipe(table.schema());
        Arguments.atLeast(1, "epochs", recipe.epochs());
        this.settings = tuning.settings(table.schema());
        this.rungs = tuning.rungs(recipe.epochs());
        this.monitor = new Monitor(VALIDATION + tuning.training.monitor);
        if (table.validationRows() == 0) {
            throw new InvalidDataException("To tune, validation rows are needed. Received: a table of which none are held"
                    + " out. Split some off, or give them in a file of their own");
        }
        settings.forEach(each -> results.add(new TreeMap<>()));
        for (TrialResult result : tuning.known) {
            if (result.trial() >= settings.size() || !rungs.contains(result.epochs())) {
                throw new InvalidDataException("Results to continue from must be of the " + settings.size() + " trials,"
                        + " after " + rungs + " epochs. Received: " + result);
            }
            results.get(result.trial()).put(result.epochs(), result);
        }
    }

    /** A trial that is to make so many epochs, from where it is: empty, from its beginning. */
    private record Task(int trial, int epochs, Optional<TrainingState> from) {}

    /** Where a trial ended: empty, it diverged. */
    private record Done(TrialResult result, Optional<TrainingState> state) {}

    private RecipeTraining begin(int trial) {
        return tuning.training.begin(rows, settings.get(trial).apply(recipe, table.schema()));
    }

    private List<Integer> all() {
        return IntStream.range(0, settings.size()).boxed().toList();
    }

    TuningResult run() throws IOException {
        check();
        List<Integer> going = all();
        int left = settings.size();
        for (int epochs : rungs) {
            left = epochs == recipe.epochs() ? 0 : tuning.left(left);
            train(going, epochs);
            if (isBroken()) {
                break;
            }
            List<Trial> ranked = ranked(going, epochs);
            tuning.listener.onRung(epochs, ranked);
            going = goingOn(ranked, left);
            if (left > 0) {
                states.keySet().retainAll(going);
            }
        }
        return result();
    }

    /** Rejects what cannot work before there is work to lose, and determines the direction of the monitored number. */
    void check() {
        Set<String> nets = new HashSet<>();
        for (int trial = 0; trial < settings.size(); trial++) {
            if (nets.add(settings.get(trial).layers())) {
                RecipeTraining made = begin(trial);
                if (trial == 0) {
                    made.fit(made.fitOptions().epochs(0).callbacks(new Callback() {

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
        return broken |= tuning.listener.interrupted();
    }

    // ------------------------------------------------------------------------------------------------------- ranking

    /** Ranked by results after so many epochs: a resumed tuning may have later results of some. */
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

    /** The first so many, and the defaults, except for diverged ones; by number. */
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

    /** Trains the ones without known results. */
    private void train(List<Integer> going, int epochs) {
        List<Task> open = new ArrayList<>();
        for (int trial : going) {
            if (!results.get(trial).containsKey(epochs)) {
                open.add(new Task(trial, epochs, Optional.ofNullable(states.remove(trial))));
            }
        }
        if (open.isEmpty()) {
            return;
        }
        int atATime = Math.min(Math.min(tuning.threads(), rows.atATime()), open.size());
        boolean alone = atATime == tuning.threads(); // else there are threads to share work with
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        TableSample.inParallel(atATime, open.size(), task -> {
            Runnable work = () -> train(open.get(task)).ifPresent(this::add);
            try {
                if (alone) {
                    Compute.alone(work);
                } else {
                    work.run();
                }
            } catch (RuntimeException | Error e) {
                broken = true; // the other runs are of no use
                failures.add(e);
            }
        });
        if (failures.peek() instanceof Error error) {
            throw error;
        } else if (!failures.isEmpty()) {
            throw (RuntimeException) failures.peek();
        }
    }

    /** Trains; empty if that is interrupted. */
    private Optional<Done> train(Task task) {
        if (isBroken()) {
            return Optional.empty();
        }
        try {
            RecipeTraining run = begin(task.trial);
            Watch watch = new Watch();
            LastState ended = new LastState().epochsOnly();
            History history = run.fit(TableTraining.options(run, task.epochs, task.from, List.of(watch, ended)));
            if (watch.diverged) {
                return Optional.of(diverged(task));
            }
            return history.outcome().kind() == Outcome.Kind.INTERRUPTED ? Optional.empty()
                    : Optional.of(new Done(new TrialResult(task.trial, task.epochs, run.best(), run.keptEpoch(history)),
                            ended.last().or(() -> task.from)));
        } catch (DivergedException e) {
            return Optional.of(diverged(task));
        }
    }

    private static Done diverged(Task task) {
        return new Done(new TrialResult(task.trial, task.epochs, Double.NaN, -1), Optional.empty());
    }

    /** Ends a training run also if a number is not finite, or the tuning is interrupted. */
    private final class Watch implements Callback {

        private Training training;
        private boolean diverged;

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
            }
        }
    }

    private synchronized void add(Done done) {
        results.get(done.result.trial()).put(done.result.epochs(), done.result);
        done.state.ifPresent(state -> states.put(done.result.trial(), state));
        tuning.listener.onResult(done.result);
    }

    // -------------------------------------------------------------------------------------------------------- the end

    private TuningResult result() throws IOException {
        List<Trial> ranked = ranked(all(), recipe.epochs());
        Optional<TableModel> model = ranked.isEmpty() || ranked.get(0).last().diverged() ? Optional.empty()
                : model(ranked.get(0));
        return new TuningResult(ranked, model, !broken);
    }

    /**
     * The network of a trial, as it ended; if it is not available, it is trained once more, bit-identically. Empty if that is
     * interrupted.
     */
    private Optional<TableModel> model(Trial trial) throws IOException {
        Task task = new Task(trial.number(), trial.last().epochs(), Optional.ofNullable(states.get(trial.number())));
        if (task.from.isEmpty()) {
            Optional<Done> done = train(task);
            if (done.isEmpty()) {
                return Optional.empty();
            }
            task = new Task(task.trial, task.epochs, done.get().state);
        }
        RecipeTraining run = begin(task.trial);
        History history = run.fit(TableTraining.options(run, task.epochs, task.from, List.of())); // restores the best weights
        Map<String, String> provenance = table.provenance();
        provenance.put("tuned", "trial " + task.trial + " of " + settings.size() + ", by " + VALIDATION
                + tuning.training.monitor);
        return Optional.of(TableModel.of(table, run, history, provenance));
    }
}

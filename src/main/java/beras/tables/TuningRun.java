package beras.tables;

import beras.config.Arguments;
import beras.models.RecipeTraining;
import beras.training.Callback;
import beras.training.History;
import beras.training.Monitor;
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
import java.util.Set;
import java.util.TreeMap;

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
    private final Map<Integer, TrainingState> states = new HashMap<>(); // where trials are that may continue
    private Best best; // null: none, or not at hand
    private volatile boolean broken;

    /** The trial that is best so far, and where it ended. */
    private record Best(int trial, Optional<TrainingState> state) {}

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
            throw new IllegalArgumentException("To tune, validation rows are needed. Received: a table of which none are held"
                    + " out. Split some off, or give them in a file of their own");
        }
        settings.forEach(each -> results.add(new TreeMap<>()));
        for (TrialResult result : tuning.known()) {
            if (result.trial() >= settings.size() || !rungs.contains(result.epochs())) {
                throw new IllegalArgumentException("Results to continue from must be of the " + settings.size() + " trials,"
                        + " after " + rungs + " epochs. Received: " + result);
            }
            results.get(result.trial()).put(result.epochs(), result);
        }
    }

    private TrialTask task(int trial, int epochs, Optional<TrainingState> from) {
        return new TrialTask(trial, settings.get(trial), epochs, from);
    }

    private RecipeTraining make(TrialTask task) {
        return task.begin(tuning.training(), table, rows);
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
                RecipeTraining made = make(task(trial, 0, Optional.empty()));
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
        return broken |= tuning.listener().interrupted();
    }

    // ------------------------------------------------------------------------------------------------------- ranking

    /** By what they had reached after so many epochs: a tuning that is resumed may know more of some. */
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

    /** The first so many, and the defaults, except for those that diverged; by number. */
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

    /** Trains those whose results are not known. */
    private void train(List<Integer> going, int epochs, int left) {
        List<TrialTask> open = new ArrayList<>();
        for (int trial : going) {
            if (!results.get(trial).containsKey(epochs)) {
                open.add(task(trial, epochs, Optional.ofNullable(states.remove(trial))));
            }
        }
        if (open.isEmpty()) {
            return;
        }
        tuning.runner(table, rows).run(open, new TrialRunner.Progress() {

            @Override
            public boolean isBroken() {
                return TuningRun.this.isBroken();
            }

            @Override
            public void done(TrialTask.Done done) {
                add(done, going, left);
            }
        });
        broken |= Thread.currentThread().isInterrupted();
    }

    private synchronized void add(TrialTask.Done done, List<Integer> going, int left) {
        TrialResult result = done.result();
        int trial = result.trial();
        results.get(trial).put(result.epochs(), result);
        if (best != null && best.trial == trial) {
            best = null; // this training is its continuation
        }
        boolean isBest = !result.diverged()
                && (best == null || compare(result, results.get(best.trial).lastEntry().getValue()) < 0);
        if (isBest) {
            best = new Best(trial, done.state());
        }
        done.state().ifPresent(state -> states.put(trial, state));
        forget(going, result.epochs(), left);
        tuning.listener().onResult(result);
    }

    /** Drops the states of those that so many others have beaten already. */
    private void forget(List<Integer> going, int epochs, int left) {
        List<Integer> made = going.stream().filter(trial -> results.get(trial).containsKey(epochs)).toList();
        List<Integer> kept = left == 0 ? List.of() : goingOn(ranked(made, epochs), left);
        states.keySet().removeIf(trial -> made.contains(trial) && !kept.contains(trial));
    }

    // -------------------------------------------------------------------------------------------------------- the end

    private TuningResult result() throws IOException {
        List<Integer> all = new ArrayList<>();
        for (int trial = 0; trial < settings.size(); trial++) {
            all.add(trial);
        }
        List<Trial> ranked = ranked(all, recipe.epochs());
        Optional<TableModel> model = ranked.isEmpty() || ranked.get(0).last().diverged() ? Optional.empty()
                : model(ranked.get(0));
        return new TuningResult(ranked, model, !broken);
    }

    /**
     * The net of a trial, as it ended; if that is not at hand, it is trained once more: to the same bits. Empty if
     * that is interrupted.
     */
    private Optional<TableModel> model(Trial trial) throws IOException {
        boolean atHand = best != null && best.trial == trial.number();
        if (!atHand && isBroken()) {
            return Optional.empty();
        }
        TrialTask task = task(trial.number(), trial.last().epochs(), atHand ? best.state : Optional.empty());
        if (!atHand) {
            Optional<TrialTask.Done> done = task.train(tuning.training(), table, rows, this::isBroken);
            if (done.isEmpty()) {
                return Optional.empty();
            }
            task = task(task.trial(), task.epochs(), done.get().state());
        }
        RecipeTraining run = make(task);
        History history = run.fit(TableTraining.options(run, task.epochs(), task.from(), List.of())); // restores the best weights
        Map<String, String> provenance = table.provenance();
        provenance.put("tuned", "trial " + task.trial() + " of " + settings.size() + ", by " + VALIDATION
                + tuning.training().monitor());
        return Optional.of(TableModel.of(table, run, history, provenance));
    }
}

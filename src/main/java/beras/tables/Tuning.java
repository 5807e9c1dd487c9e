package beras.tables;

import beras.compute.Compute;
import beras.config.CheckReturnValue;
import beras.config.InvalidDataException;
import beras.config.Options;
import beras.config.SettingException;
import beras.data.DataException;
import beras.data.table.TableSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Searches for hyperparameters for a table: learning rate, layers, dropout, weight decay and batch size, by random search with
 * successive halving (Jamieson and Talwalkar, 2016). All trials are trained for a few epochs; the best third continue from where
 * it is for three times as many, and so on, until few are left, which are trained for all epochs of the recipe. Trial 0 has the
 * settings of {@link TableDefaults} and always continues, so the best model is never worse on the validation rows.
 *
 * <p>The settings of a trial follow from the seed and its number; all have the seed of the recipe. The result is the same, bit
 * by bit, with any number of threads, and if a tuning that was interrupted is {@linkplain #resume resumed}. The rows are in
 * memory once, if they fit, beside the networks that are trained at a time and the weights of the trials that may continue.
 * Immutable: each method gives a changed copy.
 *
 * <pre>{@code
 * TuningResult found = Tuning.of(TableTraining.of(Path.of("houses.csv"), "price")).trials(27).run();
 * found.model().orElseThrow().save(Path.of("houses.beras"));
 * }</pre>
 *
 * <p>The validation rows have chosen among many networks, so the best one looks a little better on them than it is: measure it
 * on rows that were kept elsewhere.
 */
public final class Tuning extends Options<Tuning> {

    /** How many trials there are by default. */
    public static final int TRIALS = 27;
    /** The default halving factor: one in so many trials continues, for so many times as many epochs. */
    public static final int FACTOR = 3;
    /** The least number of epochs by default. */
    public static final int LEAST_EPOCHS = 1;

    final TableTraining training;
    private SearchSpace space = new SearchSpace();
    private int trials = TRIALS;
    private int factor = FACTOR;
    private int leastEpochs = LEAST_EPOCHS;
    private long seed = TableDefaults.SEED;
    private int threads; // 0: as many as there are
    List<TrialResult> known = List.of();
    TuningListener listener = new TuningListener() {};

    private Tuning(TableTraining training) {
        this.training = training;
    }

    /**
     * Creates a search for the settings of a training run, which has all else: the table, how its rows are split, the recipe,
     * whose learning rate, layers, optimizer and batch size are replaced, and the monitored validation number.
     *
     * @throws IllegalArgumentException if it has callbacks, which cannot follow many training runs at a time
     */
    public static Tuning of(TableTraining training) {
        if (!training.callbacks.isEmpty()) {
            throw new IllegalArgumentException("A training to tune must have no callbacks, for many trainings are made at a time."
                    + " Received: one with callbacks. Leave them out; a TuningListener reports the progress");
        }
        return new Tuning(training);
    }

    /** The hyperparameters to choose from. */
    @CheckReturnValue
    public Tuning space(SearchSpace newSpace) {
        return with(copy -> copy.space = Objects.requireNonNull(newSpace));
    }

    /**
     * How many settings to try, the defaults included; default {@value #TRIALS}.
     *
     * @throws SettingException if it is less than 1
     */
    @CheckReturnValue
    public Tuning trials(int count) {
        return with(copy -> copy.trials = SettingException.requireAtLeast("trials", 1, count));
    }

    /**
     * One trial in so many continues, for so many times as many epochs; default {@value #FACTOR}.
     *
     * @throws SettingException if it is less than 2
     */
    @CheckReturnValue
    public Tuning factor(int newFactor) {
        return with(copy -> copy.factor = SettingException.requireAtLeast("factor", 2, newFactor));
    }

    /**
     * No trial is judged before so many epochs; default {@value #LEAST_EPOCHS}.
     *
     * @throws SettingException if it is less than 1
     */
    @CheckReturnValue
    public Tuning leastEpochs(int epochs) {
        return with(copy -> copy.leastEpochs = SettingException.requireAtLeast("leastEpochs", 1, epochs));
    }

    /** The seed of the trials' settings; default {@link TableDefaults#SEED}. */
    @CheckReturnValue
    public Tuning seed(long newSeed) {
        return with(copy -> copy.seed = newSeed);
    }

    /**
     * How many trials to train at a time; default {@link Compute#threads}. They are fewer if each needs a buffer of rows, and not
     * so many fit into the heap. The result does not depend on it.
     *
     * @throws SettingException if it is less than 1
     */
    @CheckReturnValue
    public Tuning threads(int count) {
        return with(copy -> copy.threads = SettingException.requireAtLeast("threads", 1, count));
    }

    /**
     * Resumes an interrupted tuning of the same settings, from the results that its listener received: a trial with known
     * results is trained again only if it continues for more epochs.
     */
    @CheckReturnValue
    public Tuning resume(List<TrialResult> results) {
        return with(copy -> copy.known = List.copyOf(results));
    }

    /** Follows the progress; default: nobody. */
    @CheckReturnValue
    public Tuning listener(TuningListener newListener) {
        return with(copy -> copy.listener = Objects.requireNonNull(newListener));
    }

    // ------------------------------------------------------------------------------------------------------ the plan

    /**
     * After how many epochs trials are compared, if the longest training has this many: the last number is that, each before is
     * the next one divided by the factor, as long as trials can be left out and enough epochs remain.
     */
    public List<Integer> rungs(int epochs) {
        List<Integer> rungs = new ArrayList<>(List.of(epochs));
        int left = trials;
        int next = (epochs - 1) / factor + 1;
        while (left > 1 && next >= leastEpochs && next < rungs.get(rungs.size() - 1)) {
            rungs.add(next);
            left = left(left);
            next = (next - 1) / factor + 1;
        }
        Collections.reverse(rungs);
        return rungs;
    }

    /** How many of so many trials continue, besides the defaults. */
    int left(int count) {
        return Math.max(1, count / factor);
    }

    // ------------------------------------------------------------------------------------------------------- running

    /**
     * Searches.
     *
     * @throws DataException if a file is no table, does not fit, or changes meanwhile
     * @throws InvalidDataException if there are no validation rows, the monitored number does not exist, a network does not fit
     *     the table, or known results are not of this tuning
     */
    public TuningResult run() throws IOException {
        PreparedTable table = training.prepare();
        return run(table, table.open());
    }

    /** As {@link #run()}, on a table that was {@linkplain TableTraining#prepare prepared} by this training, and its rows. */
    public TuningResult run(PreparedTable table, TableRows rows) throws IOException {
        return new TuningRun(this, table, rows).run();
    }

    /**
     * Rejects before the beginning whatever {@link #run} would reject.
     *
     * @throws InvalidDataException if it is so
     */
    public void check(PreparedTable table, TableRows rows) {
        new TuningRun(this, table, rows).check();
    }

    int threads() {
        return threads == 0 ? Compute.threads() : threads;
    }

    /** The settings of all trials on a table. */
    public List<TrialSettings> settings(TableSchema schema) {
        List<TrialSettings> all = new ArrayList<>(List.of(TrialSettings.defaults(schema)));
        for (int trial = 1; trial < trials; trial++) {
            all.add(space.settings(seed, trial));
        }
        return all;
    }
}

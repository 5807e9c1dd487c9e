package beras.training;

import beras.config.Arguments;
import beras.config.CheckReturnValue;
import beras.config.Options;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How {@code fit} trains, with Keras's names and defaults. Immutable: each method gives a changed copy, and refuses a number out
 * of its range with an IllegalArgumentException.
 *
 * <pre>{@code
 * new FitOptions().epochs(5).batchSize(128).seed(7)
 * }</pre>
 */
@CheckReturnValue
public final class FitOptions extends Options<FitOptions> {

    // Others in this package read them, but only the methods below set them, of a copy.
    int epochs = 1;
    int batchSize = 32;
    boolean shuffle = true;
    long seed;
    double validationSplit;
    Examples validationData;
    Batches validationBatches;
    float[] classWeight; // by class; null: all count the same
    private ProgressBar progress;
    private List<Callback> callbacks = List.of();
    Consumer<String> onWarning = warning -> {};
    TrainingState resume;
    int preciseStatistics;

    /** One epoch, batches of 32, shuffled with seed 0, no validation, no callbacks. */
    public FitOptions() {}

    /** How often to go through the data, at least 0; default 1. */
    public FitOptions epochs(int epochs) {
        return with(copy -> copy.epochs = Arguments.atLeast(0, "epochs", epochs));
    }

    /** Examples per step, at least 1; default 32. The last batch of an epoch may be smaller, and counts too. */
    public FitOptions batchSize(int batchSize) {
        return with(copy -> copy.batchSize = Arguments.atLeast(1, "The batch size", batchSize));
    }

    /** Whether to reorder the examples before each epoch; default true. */
    public FitOptions shuffle(boolean shuffle) {
        return with(copy -> copy.shuffle = shuffle);
    }

    /** The seed of the shuffling; default 0. */
    public FitOptions seed(long seed) {
        return with(copy -> copy.seed = seed);
    }

    /**
     * The share of the examples, at least 0 and below 1, taken from the end before any shuffling, that is held out for validation;
     * default 0.
     */
    public FitOptions validationSplit(double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("validationSplit is a share of the examples, at least 0 and below 1, such as 0.2."
                    + " Received: " + share);
        }
        return with(copy -> copy.validationSplit = share);
    }

    /** How many of so many examples are not held out by a validation split. */
    static long trainingExamples(long examples, double split) {
        return (long) Math.floor(examples * (1 - split));
    }

    /** Examples to evaluate after each epoch; replaces a validation split. */
    public FitOptions validationData(Examples examples) {
        return with(copy -> {
            copy.validationData = examples;
            copy.validationBatches = null;
        });
    }

    /** Batches to evaluate after each epoch; replaces a validation split. */
    public FitOptions validationData(Batches batches) {
        return with(copy -> {
            copy.validationData = null;
            copy.validationBatches = batches;
        });
    }

    /**
     * How much the examples of each class count, by the number of the class; multiplies with weights of examples. For models
     * of one output whose targets are classes: one-hot along the last axis, or the number itself. With several classes for each
     * example, such as one for each time step, each has its own weight. {@code fit} refuses it for several outputs, and unless
     * there is a weight for each class: 2 for binary targets.
     *
     * @throws IllegalArgumentException if there is no weight, or one is not finite or below 0
     */
    public FitOptions classWeight(double... weights) {
        return withClassWeights(Tensor.of(weights).data());
    }

    /** @param weights null: all classes count the same */
    FitOptions withClassWeights(float[] weights) {
        if (weights != null && weights.length == 0) {
            throw new IllegalArgumentException("classWeight needs one weight for each class. Received: none");
        }
        for (float weight : weights == null ? new float[0] : weights) {
            if (!(weight >= 0f && weight < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("A class weight must be finite and at least 0. Received: "
                        + Arrays.toString(weights));
            }
        }
        return with(copy -> copy.classWeight = weights);
    }

    /**
     * Shows on {@code out}, such as {@code System.out}, how training goes: a line an epoch, see {@link ProgressBar}. Default:
     * nothing is shown.
     */
    public FitOptions verbose(Appendable out) {
        return with(copy -> copy.progress = new ProgressBar(out));
    }

    /** Adds callbacks, which are called after those added before. */
    public FitOptions callbacks(Callback... more) {
        return with(copy -> copy.callbacks = Stream.concat(callbacks.stream(), Stream.of(more)).toList());
    }

    /**
     * Receives warnings, each one sentence, about failures that did not end the run; by default they are only in
     * {@link History#warnings}.
     */
    public FitOptions onWarning(Consumer<String> listener) {
        return with(copy -> copy.onWarning = Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Whenever an epoch ends, before its validation, has layers such as {@code BatchNormalization} take the statistics that they
     * predict with from so many training examples at least, in whole batches, at the weights that are then: the precise batch
     * normalization of Wu and Johnson (2021). The examples are {@linkplain beras.feed.Batches#forValidation not augmented}, as
     * in prediction: augmented images are blurred and have other statistics. Moving averages lag behind weights that change and
     * start from arbitrary values, so they are wrong for hundreds of steps, with few examples for the whole run. Training
     * itself uses statistics of batches and is not affected. Default 0: never, as in Keras. Without such layers it costs
     * nothing.
     */
    public FitOptions preciseStatistics(int examples) {
        return with(copy -> copy.preciseStatistics = Arguments.atLeast(0, "preciseStatistics", examples));
    }

    /**
     * Resumes another training from where its {@link Training#state} was taken, also within an epoch: the model then has
     * the bits that the undisturbed training would have had. Model, optimizer, data, these options and the callbacks that
     * have a {@linkplain Callback#state state} must be made as they were there, with the same seeds;
     * weights, the optimizer's memory, the history and so on come from the state, and so does the seed of a layer such as
     * {@code Dropout} that was given none.
     * {@code fit} refuses a state that does not fit: another shape of weights, loss, optimizer, schedule, batch size, order of
     * shuffling, class weight or seed, before it has changed anything but the callbacks.
     *
     * <pre>{@code
     * LastState keeper = new LastState();
     * model.fit(examples, options.callbacks(keeper));                      // interrupted somewhere
     * sameModel.fit(examples, options.resume(keeper.last().orElseThrow())); // continues
     * }</pre>
     * To keep the state in a file, see {@code beras.saving.BackupAndRestore}.
     */
    public FitOptions resume(TrainingState state) {
        return with(copy -> copy.resume = Objects.requireNonNull(state, "state"));
    }

    /** All callbacks, the progress bar last. */
    List<Callback> callbacks() {
        return progress == null ? callbacks : Stream.concat(callbacks.stream(), Stream.of(progress)).toList();
    }
}

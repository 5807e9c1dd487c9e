package beras.training;

import beras.config.Arguments;
import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Configurable;
import beras.config.Registry;
import beras.config.Settings;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.losses.Losses;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.List;

/**
 * How a net is made and trained, in words: its layers, what it is trained for, by which steps, how long, and the seed that
 * decides all that is random. With the same data it gives the same weights, bit by bit. Immutable: each method gives a changed
 * copy.
 *
 * <pre>{@code
 * Recipe recipe = new Recipe().layers("dense(128, relu), dropout(0.3), dense(10, softmax)").loss("cross-entropy")
 *         .metrics("accuracy").optimizer("adam(0.002)").schedule("cosine(warmup=1)").epochs(5).batchSize(128).seed(1);
 * Sequential model = Sequential.of(recipe, images.inputShape());
 * model.compile(recipe, images.count());
 * model.fit(images, recipe.fitOptions());
 * }</pre>
 *
 * <p>What stands for a layer, loss, metric, optimizer or schedule is a text as {@link ConfigText} reads it, or a {@link Config}.
 */
public final class Recipe implements Configurable {

    private static final Registry<Recipe> REGISTRY = new Registry<>("a recipe", Recipe.class).add("Recipe");

    private List<Config> layers = List.of();
    private Config loss; // null: not said yet
    private List<Config> metrics = List.of();
    private Config optimizer; // null: not said yet
    private Config schedule; // null: the rate stays
    private int epochs = 1;
    private int batchSize = FitOptions.DEFAULT_BATCH_SIZE;
    private long seed;
    private double validationSplit;
    private float[] classWeight; // null: all classes count the same

    /** A recipe that says nothing yet but Keras's defaults of {@link FitOptions}. */
    public Recipe() {}

    /**
     * The recipe that a config tells.
     *
     * @throws IllegalArgumentException if a setting is unknown or wrong
     */
    public static Recipe of(Config config) {
        return REGISTRY.of(config);
    }

    @Override
    public void settings(Settings s) {
        layers = s.configs("layers", layers);
        loss = s.config("loss", loss);
        metrics = s.configs("metrics", metrics);
        optimizer = s.config("optimizer", optimizer);
        schedule = s.config("schedule", schedule);
        epochs = Arguments.atLeast(0, "epochs", s.integer("epochs", epochs));
        batchSize = Arguments.atLeast(1, "The batch size", s.integer("batchSize", batchSize));
        seed = s.whole("seed", (Long) seed);
        validationSplit = FitOptions.requireSplit(s.number("validationSplit", validationSplit));
        float[] weights = s.reals("classWeight", classWeight);
        classWeight = weights == null ? null : FitOptions.requireClassWeights(weights);
    }

    private Recipe with(String name, Object value) {
        return of(config().with(name, value));
    }

    // -------------------------------------------------------------------------------------------------- settings

    /**
     * The layers, one behind the other, without the input: {@code dense(128, relu), dropout(0.3), dense(10, softmax)}.
     *
     * @throws IllegalArgumentException if the text describes no layers, naming the place
     */
    public Recipe layers(String text) {
        return layers(ConfigText.parseList(text));
    }

    /**
     * The layers, one behind the other, without the input.
     *
     * @throws IllegalArgumentException if one is of no known type, or a setting is wrong, naming its place
     */
    public Recipe layers(List<Config> configs) {
        List<Config> resolved = new ArrayList<>();
        for (Config config : configs) {
            resolved.add(layer(config, resolved.size()).config());
        }
        return with("layers", resolved);
    }

    private static Layer layer(Config config, int place) {
        try {
            return Layers.of(config);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("layer " + (place + 1) + ": " + e.getMessage(), e);
        }
    }

    /**
     * What to make small, such as {@code mse} or {@code cross-entropy}; a recipe that trains needs one.
     *
     * @throws IllegalArgumentException if there is no such loss, or a setting is wrong
     */
    public Recipe loss(String text) {
        return loss(ConfigText.parse(text));
    }

    /** As {@link #loss(String)}. */
    public Recipe loss(Config config) {
        return with("loss", Losses.of(config).config());
    }

    /**
     * What to report besides the loss; default nothing.
     *
     * @throws IllegalArgumentException if there is no such metric, or a setting is wrong
     */
    public Recipe metrics(String... texts) {
        List<Config> configs = new ArrayList<>();
        for (String text : texts) {
            configs.add(ConfigText.parse(text));
        }
        return metrics(configs);
    }

    /** As {@link #metrics(String...)}. */
    public Recipe metrics(List<Config> configs) {
        List<Config> resolved = new ArrayList<>();
        for (Config config : configs) {
            resolved.add(Metrics.of(config).config());
        }
        return with("metrics", resolved);
    }

    /**
     * How steps are made, such as {@code adam}, {@code sgd(0.1, momentum=0.9)}; a recipe that trains needs one.
     *
     * @throws IllegalArgumentException if there is no such optimizer, or a setting is wrong
     */
    public Recipe optimizer(String text) {
        return optimizer(ConfigText.parse(text));
    }

    /** As {@link #optimizer(String)}. */
    public Recipe optimizer(Config config) {
        return with("optimizer", Optimizers.of(config).config());
    }

    /**
     * How the optimizer's rate changes from step to step. Lengths are epochs, which need not be whole: {@code cosine(warmup=1)},
     * {@code cosine_restarts(first=1, longer=2, lower=1, end=0)}, {@code exponential(factor=0.9, every=1)},
     * {@code inverse_time(factor=1, every=1)}, {@code polynomial(end=0, power=1)}, {@code piecewise(3=0.001, 6=0.0001)}; or one
     * of {@link beras.optimizers.Schedules} with its own settings, in steps. Default: it stays.
     *
     * @throws IllegalArgumentException if there is no such schedule, or a setting is wrong
     */
    public Recipe schedule(String text) {
        return with("schedule", EpochSchedule.require(ConfigText.parse(text)));
    }

    /**
     * How often to go through the data; default 1.
     *
     * @throws IllegalArgumentException if it is less than 0
     */
    public Recipe epochs(int newEpochs) {
        return with("epochs", newEpochs);
    }

    /**
     * Examples per step; default 32.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Recipe batchSize(int newBatchSize) {
        return with("batchSize", newBatchSize);
    }

    /** What decides the first weights, the order of the examples and all noise; default 0. */
    public Recipe seed(long newSeed) {
        return with("seed", newSeed);
    }

    /**
     * The share of the examples that is kept apart for validation; default 0.
     *
     * @throws IllegalArgumentException if it is not from 0 (inclusive) to 1 (exclusive)
     */
    public Recipe validationSplit(double share) {
        return with("validationSplit", share);
    }

    /** How much the examples of each class count, by the number of the class; default all the same. */
    public Recipe classWeight(float... weights) {
        List<Float> list = new ArrayList<>();
        for (float weight : weights) {
            list.add(weight);
        }
        return with("classWeight", list);
    }

    // --------------------------------------------------------------------------------------------- what follows

    /** How often to go through the data. */
    public int epochs() {
        return epochs;
    }

    /** Examples per step. */
    public int batchSize() {
        return batchSize;
    }

    /** What decides all that is random. */
    public long seed() {
        return seed;
    }

    /** The share of the examples that is kept apart for validation. */
    public double validationSplit() {
        return validationSplit;
    }

    /** New layers as described, not built; the seed of one that has none follows from the recipe's and its place. */
    public List<Layer> makeLayers() {
        List<Layer> made = new ArrayList<>();
        for (Config config : layers) {
            Layer layer = layer(config, made.size());
            layer.seedIfNone(new Rng(seed, "layer", made.size()).bits(0));
            made.add(layer);
        }
        return made;
    }

    /**
     * The loss and the metrics.
     *
     * @throws IllegalStateException if there is no loss
     */
    public Objective objective() {
        require(loss, "loss", "mse");
        Metric[] made = new Metric[metrics.size()];
        for (int i = 0; i < made.length; i++) {
            made[i] = Metrics.of(metrics.get(i));
        }
        return new Objective(Losses.of(loss)).metrics(made);
    }

    /** Whether there is something to make small. */
    public boolean hasLoss() {
        return loss != null;
    }

    /**
     * A new optimizer, with its schedule.
     *
     * @param examples how many there are to train on: the length of an epoch
     * @throws IllegalStateException if none is described
     * @throws IllegalArgumentException if the schedule does not fit so many steps
     */
    public Optimizer makeOptimizer(long examples) {
        require(optimizer, "optimizer", "adam");
        Optimizer made = Optimizers.of(optimizer);
        if (schedule != null) {
            long steps = (examples + batchSize - 1) / batchSize;
            made.schedule(EpochSchedule.make(schedule, made.learningRate(), epochs, steps));
        }
        return made;
    }

    private static void require(Config part, String what, String example) {
        if (part == null) {
            throw new IllegalStateException("This recipe has no " + what + ": add one, such as ." + what + "(\"" + example + "\")");
        }
    }

    /** How to fit: epochs, batches, seed, split and class weights, without callbacks. */
    public FitOptions fitOptions() {
        FitOptions options = new FitOptions().epochs(epochs).batchSize(batchSize).seed(seed).validationSplit(validationSplit);
        return classWeight == null ? options : options.classWeight(classWeight);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Recipe that && config().equals(that.config());
    }

    @Override
    public int hashCode() {
        return config().hashCode();
    }

    /** The config as text. */
    @Override
    public String toString() {
        return ConfigText.print(config());
    }
}

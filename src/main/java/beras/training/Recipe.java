package beras.training;

import beras.config.Arguments;
import beras.config.CheckReturnValue;
import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Configurable;
import beras.config.Registry;
import beras.config.SettingException;
import beras.config.Settings;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.metrics.Metrics;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.tensor.Rng;
import beras.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a net is made and trained, as text: its layers, loss, metrics and optimizer, how long it is trained, and the seed that
 * decides all that is random. With the same data it gives the same weights, bit by bit. Immutable: each method gives a changed
 * copy.
 *
 * <pre>{@code
 * Recipe recipe = new Recipe().layers("dense(128, relu), dropout(0.3), dense(10, softmax)").loss("cross-entropy")
 *         .metrics("accuracy").optimizer("adam(0.002)").schedule("cosine(warmup=1)").epochs(5).batchSize(128).seed(1);
 * Sequential model = Sequential.of(recipe, Shape.of(784));
 * model.compile(recipe, images.count());
 * model.fit(images, recipe.fitOptions());
 * }</pre>
 *
 * <p>What stands for a layer, loss, metric, optimizer or schedule is a text as {@link ConfigText} reads it, or a {@link Config}.
 * A value that does not fit is refused with a {@link SettingException} that names the setting.
 */
public final class Recipe implements Configurable, Cloneable {

    /** Training examples that give the statistics of batch normalization: a mean is off by a 64th of the deviation. */
    private static final int STATISTICS = 4096;
    private static final Registry<Recipe> REGISTRY = new Registry<>("a recipe", Recipe.class).add("Recipe");

    private List<Config> layers = List.of();
    private int ensemble = 1;
    private TestViews views = TestViews.NONE;
    private Config loss; // null: not given
    private List<Config> metrics = List.of();
    private Config optimizer; // null: not given
    private Config schedule; // null: the rate stays
    private int epochs = 1;
    private int batchSize = FitOptions.DEFAULT_BATCH_SIZE;
    private long seed;
    private double validationSplit;
    private float[] classWeight; // null: all classes count the same
    private Set<String> given = Set.of(); // names of the settings that were set

    /** A recipe without layers, with Keras's defaults of {@link FitOptions}. */
    public Recipe() {}

    /**
     * The recipe that a config describes.
     *
     * @throws IllegalArgumentException if a setting is unknown or wrong
     */
    public static Recipe of(Config config) {
        Recipe recipe = REGISTRY.of(config);
        recipe.given = Set.copyOf(config.values().keySet());
        return recipe;
    }

    /** The parts come with each of their settings, by name. */
    @Override
    public void settings(Settings s) {
        layers = full("layer", s.configs("layers", layers), layers);
        ensemble = Arguments.atLeast(1, "An ensemble", s.integer("ensemble", ensemble));
        String viewed = s.text("views", views.equals(TestViews.NONE) ? null : views.toString());
        views = viewed == null ? TestViews.NONE : TestViews.parse(viewed);
        loss = full("loss", s.config("loss", loss), loss);
        metrics = full("metric", s.configs("metrics", metrics), metrics);
        optimizer = full("optimizer", s.config("optimizer", optimizer), optimizer);
        schedule = full("schedule", s.config("schedule", schedule), schedule);
        epochs = Arguments.atLeast(0, "epochs", s.integer("epochs", epochs));
        batchSize = Arguments.atLeast(1, "The batch size", s.integer("batchSize", batchSize));
        seed = s.whole("seed", (Long) seed);
        validationSplit = FitOptions.requireSplit(s.number("validationSplit", validationSplit));
        float[] weights = s.reals("classWeight", classWeight);
        classWeight = weights == null ? null : FitOptions.requireClassWeights(weights);
    }

    private static List<Config> full(String part, List<Config> given, List<Config> before) {
        if (given == before) {
            return before; // these are full already
        }
        List<Config> all = new ArrayList<>();
        for (Config config : given) {
            try {
                all.add(full(part, config));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(part + " " + (all.size() + 1) + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(all);
    }

    private static Config full(String part, Config given, Config before) {
        return given == before || given == null ? given : full(part, given);
    }

    /** The config of what the given one makes. */
    private static Config full(String part, Config given) {
        return switch (part) {
            case "layer" -> Layers.REGISTRY.of(given).config();
            case "loss" -> Losses.REGISTRY.of(given).config();
            case "optimizer" -> Optimizers.REGISTRY.of(given).config();
            case "schedule" -> EpochSchedule.full(given);
            default -> metric(given);
        };
    }

    /** An accuracy keeps its name: which one it is follows from the loss. */
    private static Config metric(Config given) {
        Config full = Metrics.of(given).config();
        return !Metrics.isAccuracy(given) ? full
                : Config.of(given.type(), full.with("name", given.values().get("name")).values());
    }

    private Recipe with(String name, Object value) {
        try {
            Recipe changed = (Recipe) clone();
            Settings.set(changed, name, value);
            changed.given = new LinkedHashSet<>(given);
            changed.given.add(name);
            return changed;
        } catch (IllegalArgumentException e) {
            throw new SettingException(name, e.getMessage(), e);
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Config> parseList(String setting, String text) {
        try {
            return ConfigText.parseList(text);
        } catch (IllegalArgumentException e) {
            throw new SettingException(setting, e.getMessage(), e);
        }
    }

    private static Config parse(String setting, String text) {
        try {
            return ConfigText.parse(text);
        } catch (IllegalArgumentException e) {
            throw new SettingException(setting, e.getMessage(), e);
        }
    }

    /** This recipe, in which settings that were not given have the values that were given to another. */
    @CheckReturnValue
    public Recipe or(Recipe defaults) {
        Recipe filled = this;
        Map<String, Object> values = defaults.config().values();
        for (String name : defaults.given) {
            if (!given.contains(name) && values.containsKey(name)) {
                filled = filled.with(name, values.get(name));
            }
        }
        return filled;
    }

    // -------------------------------------------------------------------------------------------------- settings

    /**
     * The layers, one behind the other, without the input: {@code dense(128, relu), dropout(0.3), dense(10, softmax)}.
     *
     * @throws IllegalArgumentException if the text describes no layers, naming the place
     */
    @CheckReturnValue
    public Recipe layers(String text) {
        return layers(parseList("layers", text));
    }

    /**
     * The layers, one behind the other, without the input.
     *
     * @throws IllegalArgumentException if one is of no known type, or a setting is wrong, naming its place
     */
    @CheckReturnValue
    public Recipe layers(List<Config> configs) {
        return with("layers", configs);
    }

    /**
     * How many nets of these layers to train side by side, whose outputs are averaged, see {@code beras.models.Ensemble}; default 1.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    @CheckReturnValue
    public Recipe ensemble(int nets) {
        return with("ensemble", nets);
    }

    /**
     * The views of an image whose outputs are averaged when the net predicts, such as {@code flip}, {@code shift=1} or
     * {@code flip,shift=1}, see {@code beras.models.Views}; default the image alone.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    @CheckReturnValue
    public Recipe views(String text) {
        return with("views", TestViews.parse(text).toString());
    }

    /**
     * The loss to minimize, such as {@code mse} or {@code cross-entropy}; a recipe that trains needs one.
     *
     * @throws IllegalArgumentException if there is no such loss, or a setting is wrong
     */
    @CheckReturnValue
    public Recipe loss(String text) {
        return with("loss", parse("loss", text));
    }

    /** As {@link #loss(String)}. */
    @CheckReturnValue
    public Recipe loss(Config config) {
        return with("loss", config);
    }

    /**
     * What to report besides the loss, one or several a text; default nothing. Which {@code accuracy} is meant follows from the loss, see
     * {@link Metrics#of(Config, beras.losses.Loss, Shape)}.
     *
     * @throws IllegalArgumentException if there is no such metric, or a setting is wrong
     */
    @CheckReturnValue
    public Recipe metrics(String... texts) {
        List<Config> configs = new ArrayList<>();
        for (String text : texts) {
            configs.addAll(parseList("metrics", text));
        }
        return metrics(configs);
    }

    /** As {@link #metrics(String...)}. */
    @CheckReturnValue
    public Recipe metrics(List<Config> configs) {
        return with("metrics", configs);
    }

    /**
     * The optimizer, such as {@code adam}, {@code sgd(0.1, momentum=0.9)}; a recipe that trains needs one.
     *
     * @throws IllegalArgumentException if there is no such optimizer, or a setting is wrong
     */
    @CheckReturnValue
    public Recipe optimizer(String text) {
        return with("optimizer", parse("optimizer", text));
    }

    /** As {@link #optimizer(String)}. */
    @CheckReturnValue
    public Recipe optimizer(Config config) {
        return with("optimizer", config);
    }

    /**
     * How the optimizer's rate changes from step to step. Lengths are epochs, which need not be whole: {@code cosine(warmup=1)},
     * {@code cosine_restarts(first=1, longer=2, lower=1, end=0)}, {@code exponential(factor=0.9, every=1)},
     * {@code inverse_time(factor=1, every=1)}, {@code polynomial(end=0, power=1)}, {@code piecewise(3=0.001, 6=0.0001)}; or one
     * of {@link beras.optimizers.Schedules} with its own settings, in steps. Default: it stays.
     *
     * @throws IllegalArgumentException if there is no such schedule, or a setting is wrong
     */
    @CheckReturnValue
    public Recipe schedule(String text) {
        return with("schedule", parse("schedule", text));
    }

    /**
     * How often to go through the data; default 1.
     *
     * @throws IllegalArgumentException if it is less than 0
     */
    @CheckReturnValue
    public Recipe epochs(int newEpochs) {
        return with("epochs", newEpochs);
    }

    /**
     * Examples per step; default 32.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    @CheckReturnValue
    public Recipe batchSize(int newBatchSize) {
        return with("batchSize", newBatchSize);
    }

    /** What decides the first weights, the order of the examples and all noise; default 0. */
    @CheckReturnValue
    public Recipe seed(long newSeed) {
        return with("seed", newSeed);
    }

    /**
     * The share of the examples that is held out for validation; default 0.
     *
     * @throws IllegalArgumentException if it is not from 0 (inclusive) to 1 (exclusive)
     */
    @CheckReturnValue
    public Recipe validationSplit(double share) {
        return with("validationSplit", share);
    }

    /** How much the examples of each class count, by the number of the class; default all the same. */
    @CheckReturnValue
    public Recipe classWeight(double... weights) {
        return with("classWeight", weights);
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

    /** The layers, one behind the other, without the input. */
    public List<Config> layerConfigs() {
        return layers;
    }

    /** The loss; empty if none is given. */
    public Optional<Config> lossConfig() {
        return Optional.ofNullable(loss);
    }

    /** The optimizer, without the schedule; empty if none is given. */
    public Optional<Config> optimizerConfig() {
        return Optional.ofNullable(optimizer);
    }

    /** How many nets of these layers there are. */
    public int ensemble() {
        return ensemble;
    }

    /** The views of an image whose outputs are averaged when the net predicts. */
    public TestViews views() {
        return views;
    }

    /** What is reported besides the loss. */
    public List<Config> metricConfigs() {
        return metrics;
    }

    /** The share of the examples that is held out for validation. */
    public double validationSplit() {
        return validationSplit;
    }

    /** As {@link #makeLayers(int)}, of the first net. */
    public List<Layer> makeLayers() {
        return makeLayers(0);
    }

    /**
     * New layers as described, not built. One without a seed of its own has one that follows from the recipe's, from the net's
     * number and from its place, which are counted from 0.
     *
     * @param net which one of the {@link #ensemble}
     */
    public List<Layer> makeLayers(int net) {
        long ofNet = net == 0 ? seed : new Rng(seed, "net", net).bits(0);
        List<Layer> made = new ArrayList<>();
        for (Config config : layers) {
            Layer layer = Layers.REGISTRY.of(config);
            layer.seedIfNone(new Rng(ofNet, "layer", made.size()).bits(0));
            made.add(layer);
        }
        return made;
    }

    /**
     * What is minimized, without the metrics.
     *
     * @throws IllegalStateException if there is no loss
     */
    public Loss makeLoss() {
        require(loss, "loss", "mse");
        return Losses.REGISTRY.of(loss);
    }

    /**
     * The loss and the metrics.
     *
     * @param output the shape of one example of what the net gives
     * @throws IllegalStateException if there is no loss
     * @throws IllegalArgumentException if a metric does not fit the loss, see {@link Metrics#of(Config, Loss, Shape)}
     */
    public Objective objective(Shape output) {
        return new Objective(makeLoss()).metrics(metrics.toArray()).of(output);
    }

    /** Whether the optimizer's rate follows a schedule, whose lengths may be epochs. */
    public boolean hasSchedule() {
        return schedule != null;
    }

    /** Whether there is a schedule whose length is that of the training, so that other epochs make other steps from the first on. */
    public boolean hasScheduleOverAll() {
        return schedule != null && EpochSchedule.isOverAll(schedule);
    }

    /** How many of so many examples are trained on: all but those of the validation split. */
    public long trainingExamples(long examples) {
        return FitOptions.trainingExamples(examples, validationSplit);
    }

    /**
     * A new optimizer, with its schedule.
     *
     * @param examples how many there are to train on, without any that are held out: the length of an epoch
     * @throws IllegalStateException if none is described
     * @throws IllegalArgumentException if the schedule does not fit so many steps
     */
    public Optimizer makeOptimizer(long examples) {
        require(optimizer, "optimizer", "adam");
        Optimizer made = Optimizers.REGISTRY.of(optimizer);
        if (schedule != null && epochs > 0) { // else there is no step to have a rate
            long steps = (examples + batchSize - 1) / batchSize;
            made.schedule(EpochSchedule.make(schedule, made.learningRate(), epochs, steps));
        }
        return made;
    }

    private static void require(Config part, String what, String example) {
        if (part == null) {
            throw new IllegalStateException("This recipe has no " + what + ": add one, such as ." + what + "(\"" + example
                    + "\")");
        }
    }

    /**
     * How to fit: epochs, batches, seed, split and class weights, without callbacks; with the
     * {@linkplain FitOptions#preciseStatistics precise statistics} of {@value #STATISTICS} examples.
     */
    public FitOptions fitOptions() {
        FitOptions options = new FitOptions().epochs(epochs).batchSize(batchSize).seed(seed).validationSplit(validationSplit)
                .preciseStatistics(STATISTICS);
        return classWeight == null ? options : options.withClassWeights(classWeight);
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

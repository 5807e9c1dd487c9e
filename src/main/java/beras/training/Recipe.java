package beras.training;

import beras.config.Arguments;
import beras.config.CheckReturnValue;
import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Configurable;
import beras.config.Registry;
import beras.config.SettingException;
import beras.config.Settings;
import beras.initializers.Initializers;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.metrics.LossMetric;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.tensor.Rng;
import beras.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Network and training as text: layers, loss, metrics, optimizer, number of epochs and other hyperparameters, and the seed.
 * Training is deterministic: with the same data, weights are bit-identical. Immutable: each method returns a changed copy.
 *
 * <pre>{@code
 * Recipe recipe = new Recipe().layers("dense(128, relu), dropout(0.3), dense(10, softmax)").loss("cross-entropy")
 *         .metrics("accuracy").optimizer("adam(0.002)").schedule("cosine(warmup=1)").epochs(5).batchSize(128).seed(1);
 * Sequential model = Sequential.of(recipe, Shape.of(784));
 * model.compile(recipe, images.count());
 * model.fit(images, recipe.fitOptions());
 * }</pre>
 *
 * <p>Every setting is optional. A setting that is not given has the default below, or, in a {@linkplain #complete completed}
 * recipe, a value that suits the data. Layers, losses, metrics, optimizers and schedules are given as text, as
 * {@link ConfigText} parses it, or as a {@link Config}. Some settings belong to a part that may be chosen later, and are given
 * by name, such as {@code with("learningRate", 0.01)}:
 *
 * <pre>
 *   initializer     the first weights of layers with a kernel that have no initializer of their own, such as he_normal
 *   l2              times the sum of squared weights, without biases, is added to the loss, for layers without a regularizer
 *   learningRate    of the optimizer, as the next three
 *   weightDecay
 *   clipNorm        the norm to which the gradient of each weight is clipped
 *   ema             the momentum of an exponential moving average of the weights
 *   labelSmoothing  the share of each target, 0 to 1, that is spread over all labels; for cross-entropy
 * </pre>
 *
 * <p>An invalid value is rejected with a {@link SettingException} that names the setting.
 */
@CheckReturnValue
public final class Recipe implements Configurable, Cloneable {

    /** The loss of labels of a completed recipe if none is given; of one output of sigmoid it is {@link #BINARY_LOSS}. */
    public static final String LABEL_LOSS = "cross-entropy";
    /** The default loss of labels in a completed recipe if the network ends in sigmoid. */
    public static final String BINARY_LOSS = "bce";
    /**
     * The default loss of label numbers in a completed recipe if the network ends in softmax; otherwise it is computed from
     * logits.
     */
    public static final String LABEL_NUMBER_LOSS = "sparse_categorical_crossentropy";
    /** The loss of numbers of a completed recipe if none is given. */
    public static final String NUMBER_LOSS = "mse";
    /** The learning rate of Adam in a completed recipe if none is given. */
    public static final float ADAM_RATE = 0.002f;
    /** The learning rate of SGD in a completed recipe if none is given. */
    public static final float SGD_RATE = 0.1f;
    /** The learning rate of other optimizers in a completed recipe if none is given. */
    public static final float OTHER_RATE = 0.001f;

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
    private FitOptions fit = new FitOptions().preciseStatistics(STATISTICS);
    Config labelWeight; // balanced, or the weights of labels by name, until these have numbers; null: none
    Config initializer; // of layers without an initializer; null: not given
    private String monitor; // null: not given
    Map<String, Double> ofParts = Map.of(); // settings of parts that are numbers
    private Map<String, Object> given = Map.of(); // the settings as they were given

    /** A recipe without layers, with Keras's defaults of {@link FitOptions}. */
    public Recipe() {}

    /**
     * The recipe that a config describes.
     *
     * @throws IllegalArgumentException if a setting is unknown or wrong
     */
    public static Recipe of(Config config) {
        Recipe recipe = REGISTRY.of(config);
        recipe.given = config.values();
        return recipe;
    }

    /** The parts come with each of their settings, by name. */
    @Override
    public void settings(Settings s) {
        layers = full("layer", s.configs("layers", layers), layers);
        ensemble = Arguments.atLeast(1, "An ensemble", s.integer("ensemble", ensemble));
        String viewed = s.text("views", views.count() == 1 ? null : views.toString());
        views = viewed == null ? TestViews.NONE : TestViews.parse(viewed);
        loss = full("loss", s.config("loss", loss), loss);
        metrics = full("metric", s.configs("metrics", metrics), metrics);
        optimizer = full("optimizer", s.config("optimizer", optimizer), optimizer);
        schedule = full("schedule", s.config("schedule", schedule), schedule);
        fit = fit.epochs(s.integer("epochs", fit.epochs)).batchSize(s.integer("batchSize", fit.batchSize)).seed(s.whole("seed", fit.seed))
                .validationSplit(s.number("validationSplit", fit.validationSplit));
        boolean byLabel = s.isGiven("classWeight") ? s.isDescribed("classWeight") : labelWeight != null;
        labelWeight = byLabel ? s.config("classWeight", labelWeight) : null;
        fit = fit.withClassWeights(byLabel ? null : s.reals("classWeight", fit.classWeight));
        initializer = full("initializer", s.config("initializer", initializer), initializer);
        monitor = s.text("monitor", monitor);
        if (monitor != null && !RecipeCompletion.ALWAYS_REPORTED.contains(monitor)) {
            Metrics.of(ConfigText.parse(monitor));
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (String name : List.of("l2", "learningRate", "weightDecay", "clipNorm", "ema", "labelSmoothing")) {
            Double number = s.number(name, ofParts.get(name));
            if (number != null) {
                numbers.put(name, number);
            }
        }
        Arguments.notNegative("l2", numbers.getOrDefault("l2", 0.0));
        ofParts = numbers;
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

    /** The config of the object that the given one makes. */
    private static Config full(String part, Config given) {
        return switch (part) {
            case "layer" -> Layers.REGISTRY.of(given).config();
            case "loss" -> Losses.REGISTRY.of(given).config();
            case "optimizer" -> Optimizers.REGISTRY.of(given).config();
            case "schedule" -> EpochSchedule.full(given);
            case "initializer" -> Initializers.REGISTRY.of(given).config();
            default -> metric(given);
        };
    }

    /** An accuracy keeps its name: which one it is follows from the loss. */
    private static Config metric(Config given) {
        Config full = Metrics.of(given).config();
        return !Metrics.isAccuracy(given) ? full
                : Config.of(given.type(), full.with("name", given.values().get("name")).values());
    }

    /**
     * One setting by its name, as a {@link #config} has it, or as text.
     *
     * @param value null: none, if it may be absent
     * @throws SettingException if there is no such setting, or the value does not fit
     */
    public Recipe with(String setting, Object value) {
        try {
            Object read = parsed(setting, value);
            Recipe changed = (Recipe) clone();
            Settings.set(changed, setting, read);
            changed.given = new LinkedHashMap<>(given);
            changed.given.put(setting, read);
            return changed;
        } catch (IllegalArgumentException e) {
            throw e instanceof SettingException ? e : new SettingException(setting, e.getMessage(), e);
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static Object parsed(String setting, Object value) {
        if (value instanceof String[] texts) {
            return Stream.of(texts).flatMap(text -> ConfigText.parseList(text).stream()).toList();
        }
        return !(value instanceof String text) ? value : switch (setting) {
            case "layers", "metrics" -> ConfigText.parseList(text);
            case "loss", "optimizer", "schedule", "initializer" -> ConfigText.parse(text);
            default -> text;
        };
    }

    /** This recipe, in which settings that were not given, or no layers, have the values that were given to another. */
    public Recipe or(Recipe defaults) {
        Recipe filled = this;
        for (Map.Entry<String, Object> each : defaults.given.entrySet()) {
            boolean isOwn = gives(each.getKey()) && !(each.getKey().equals("layers") && givenLayers().isEmpty());
            filled = isOwn ? filled : filled.with(each.getKey(), each.getValue());
        }
        return filled;
    }

    /** Whether a setting was given, be it as its default. */
    public boolean gives(String setting) {
        return given.containsKey(setting);
    }

    /** The layers as given, with only the settings that were given. */
    List<Config> givenLayers() {
        return given.get("layers") instanceof List<?> list ? list.stream().map(Recipe::asConfig).toList() : List.of();
    }

    /** The optimizer as it was given, or null. */
    Config givenOptimizer() {
        return gives("optimizer") ? asConfig(given.get("optimizer")) : null;
    }

    private static Config asConfig(Object part) {
        return part instanceof Config config ? config : Config.of((String) part);
    }

    /** Without the settings that {@link #complete} puts into parts, or alone needs. */
    Recipe settled() {
        Recipe settled = initializer == null ? this : with("initializer", null);
        settled = monitor == null ? settled : settled.with("monitor", null);
        for (String name : ofParts.keySet()) {
            settled = settled.with(name, null);
        }
        return settled;
    }

    // -------------------------------------------------------------------------------------------------- settings

    /** The layers, one behind the other, without the input: {@code dense(128, relu), dropout(0.3), dense(10, softmax)}. */
    public Recipe layers(String text) {
        return with("layers", text);
    }

    /** How many networks of these layers to train side by side and average, see {@code beras.models.Ensemble}; default 1. */
    public Recipe ensemble(int nets) {
        return with("ensemble", nets);
    }

    /**
     * Test-time augmentation: the outputs for these variants of an image are averaged in prediction, {@code flip},
     * {@code shift=1} or {@code flip,shift=1}, see {@code beras.models.Views}; default the image alone.
     */
    public Recipe views(String text) {
        return with("views", text);
    }

    /** The loss to minimize, such as {@code mse} or {@code cross-entropy}; a recipe that trains needs one. */
    public Recipe loss(String text) {
        return with("loss", text);
    }

    /**
     * Metrics to report besides the loss, one or several a text; default none. Which {@code accuracy} is meant follows from the
     * loss, see {@link Metrics#of(Config, beras.losses.Loss, Shape)}.
     */
    public Recipe metrics(String... texts) {
        return with("metrics", texts);
    }

    /** The optimizer, such as {@code adam}, {@code sgd(0.1, momentum=0.9)}; a recipe that trains needs one. */
    public Recipe optimizer(String text) {
        return with("optimizer", text);
    }

    /**
     * How the optimizer's rate changes from step to step. Lengths are epochs, which need not be whole: {@code cosine(warmup=1)},
     * {@code cosine_restarts(first=1, longer=2, lower=1, end=0)}, {@code exponential(factor=0.9, every=1)},
     * {@code inverse_time(factor=1, every=1)}, {@code polynomial(end=0, power=1)}, {@code piecewise(3=0.001, 6=0.0001)}; or one
     * of {@link beras.optimizers.Schedules} with its own settings, in steps. Default: it stays.
     */
    public Recipe schedule(String text) {
        return with("schedule", text);
    }

    /** How often to go through the data; default 1. */
    public Recipe epochs(int newEpochs) {
        return with("epochs", newEpochs);
    }

    /** Examples per step; default 32. */
    public Recipe batchSize(int newBatchSize) {
        return with("batchSize", newBatchSize);
    }

    /** The seed of the initial weights, the order of the examples and all noise; default 0. */
    public Recipe seed(long newSeed) {
        return with("seed", newSeed);
    }

    /** The share of the examples that is held out for validation; default 0. */
    public Recipe validationSplit(double share) {
        return with("validationSplit", share);
    }

    /** How much the examples of each class count, by the number of the class; default all the same. */
    public Recipe classWeight(double... weights) {
        return with("classWeight", weights.clone());
    }

    /** How much the examples of some labels count, by their names; all others count 1. */
    public Recipe classWeight(Map<String, Double> weights) {
        return with("classWeight", Config.of("labels", weights));
    }

    /** Examples of a label count {@code examples / (labels * count)}, as scikit-learn's "balanced". */
    public Recipe balancedClassWeight() {
        return with("classWeight", Config.of(RecipeCompletion.BALANCED));
    }

    /**
     * The validation metric that selects the best epoch, which a {@linkplain #complete completed} recipe reports; default
     * {@code loss}.
     */
    public Recipe monitor(String name) {
        return with("monitor", name);
    }

    // ------------------------------------------------------------------------------------------------ what is set

    /** How often to go through the data. */
    public int epochs() {
        return fit.epochs;
    }

    /** Examples per step. */
    public int batchSize() {
        return fit.batchSize;
    }

    /** The seed of all randomness. */
    public long seed() {
        return fit.seed;
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

    /** The number of networks of these layers. */
    public int ensemble() {
        return ensemble;
    }

    /** The variants of an image in test-time augmentation. */
    public TestViews views() {
        return views;
    }

    /** The metrics to report besides the loss. */
    public List<Config> metricConfigs() {
        return metrics;
    }

    /** The share of the examples that is held out for validation. */
    public double validationSplit() {
        return fit.validationSplit;
    }

    /** The validation metric that selects the best epoch. */
    public String monitor() {
        return monitor == null ? "loss" : monitor;
    }

    // ----------------------------------------------------------------------------------------------- completion

    /** With this layer behind the layers that are given, unless none are, or they end in it, or in softmax, sigmoid or linear. */
    public Recipe output(String layer) {
        Config config = ConfigText.parse(layer);
        List<Config> all = new ArrayList<>(givenLayers());
        if (all.isEmpty() || RecipeCompletion.endsInOutput(all) || all.get(all.size() - 1).equals(config)) {
            return this;
        }
        all.add(config);
        return with("layers", all);
    }

    /** With these layers, at least one, before the given layers, unless none are given, or both begin with the same class. */
    public Recipe input(String layers) {
        List<Config> first = ConfigText.parseList(layers);
        List<Config> all = new ArrayList<>(givenLayers());
        if (all.isEmpty() || Layers.REGISTRY.of(all.get(0)).getClass() == Layers.REGISTRY.of(first.get(0)).getClass()) {
            return this;
        }
        all.addAll(0, first);
        return with("layers", all);
    }

    /**
     * Rejects settings that fit no data: of the optimizer, and, if the defaults have layers, those for labels.
     *
     * @param defaults as of {@link #complete}, with layers for any number of labels
     * @throws SettingException if there is one
     */
    public void check(Recipe defaults) {
        Recipe whole = or(defaults);
        if (whole.layers.isEmpty() || !defaults.gives("layers")) {
            new RecipeCompletion(whole).optimizer(RecipeCompletion.rated(whole.givenOptimizer()));
        } else {
            new RecipeCompletion(whole).complete(false, false, false);
        }
    }

    /**
     * The whole recipe: this one, where it gives something, else that of the defaults.
     *
     * @param defaults all settings, with the output layer, but the loss, which follows from the outputs
     * @throws SettingException if a setting does not fit the targets
     */
    public Recipe complete(Recipe defaults, Targets targets) {
        return new RecipeCompletion(or(defaults)).complete(targets);
    }

    /**
     * Refuses metrics that do not fit the outputs or are reported anyway, and a {@link #monitor} that is not reported.
     *
     * @param made     the recipe that this one was {@linkplain #complete completed} to
     * @param reported before the metrics of the recipe
     * @param output   the shape of one example of the network's output
     */
    public void checkMetrics(Recipe made, List<Metric> reported, Shape output, Shape target) {
        new RecipeCompletion(this).checkMetrics(made, reported, output, target);
    }

    // --------------------------------------------------------------------------------------------- what follows

    /** As {@link #makeLayers(int)}, for the first network. */
    public List<Layer> makeLayers() {
        return makeLayers(0);
    }

    /**
     * New layers as described, not built. A layer without a seed gets one derived from the recipe's seed, the number of the
     * network and the layer's place, both counted from 0.
     *
     * @param net its number in the {@link #ensemble}
     */
    public List<Layer> makeLayers(int net) {
        long ofNet = net == 0 ? fit.seed : new Rng(fit.seed, "net", net).bits(0);
        List<Layer> made = new ArrayList<>();
        for (Config config : folded().layers) {
            Layer layer = Layers.REGISTRY.of(config);
            layer.seedIfNone(new Rng(ofNet, "layer", made.size()).bits(0));
            made.add(layer);
        }
        return made;
    }

    /**
     * The loss, without the metrics.
     *
     * @throws IllegalStateException if there is no loss
     */
    public Loss makeLoss() {
        require(loss, "loss", "mse");
        return Losses.REGISTRY.of(folded().loss);
    }

    /**
     * The loss and the metrics.
     *
     * @param output the shape of one example of the network's output
     * @throws IllegalStateException if there is no loss
     * @throws IllegalArgumentException if a metric does not fit the loss, see {@link Metrics#of(Config, Loss, Shape)}
     */
    public Objective objective(Shape output) {
        return new Objective(makeLoss()).metrics(metrics.toArray()).of(output);
    }

    /** The name of a loss for people, such as {@code mse}. */
    public static String name(Loss loss) {
        return switch (loss.config().type()) {
            case "CategoricalCrossEntropy" -> LABEL_LOSS;
            case "MeanSquaredError" -> NUMBER_LOSS;
            case "MeanAbsoluteError" -> "mae";
            default -> new LossMetric(loss).name();
        };
    }

    /** Whether the optimizer's rate follows a schedule, whose lengths may be epochs. */
    public boolean hasSchedule() {
        return schedule != null;
    }

    /** Whether there is a schedule whose length is that of the training, so that other epochs make other steps from the first on. */
    public boolean hasScheduleOverAll() {
        return schedule != null && EpochSchedule.isOverAll(schedule);
    }

    /** How many of these examples are trained on: all but those of the validation split. */
    public long trainingExamples(long examples) {
        return FitOptions.trainingExamples(examples, fit.validationSplit);
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
        Optimizer made = Optimizers.REGISTRY.of(folded().optimizer);
        if (schedule != null && fit.epochs > 0) { // else there is no step to have a rate
            long steps = (examples + fit.batchSize - 1) / fit.batchSize;
            made.schedule(EpochSchedule.make(schedule, made.learningRate(), fit.epochs, steps));
        }
        return made;
    }

    private Recipe folded() {
        return initializer == null && ofParts.isEmpty() ? this : new RecipeCompletion(this).folded();
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
        return fit;
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

package beras.training;

import beras.config.CheckReturnValue;
import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Names;
import beras.config.Registry;
import beras.config.SettingException;
import beras.initializers.Initializers;
import beras.layers.KernelLayer;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.metrics.LossMetric;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.optimizers.SGD;
import beras.regularizers.Regularizers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is given of a recipe before the data are known. {@link #complete} fills the rest with defaults for the data, and refuses
 * what does not fit them. Immutable: each method gives a changed copy.
 *
 * <pre>{@code
 * PartialRecipe given = new PartialRecipe(new Recipe().seed(7).epochs(20)).layers("128:relu").learningRate(0.001);
 * }</pre>
 *
 * <p>Settings that do not fit are refused with a {@link SettingException} that names them.
 */
public final class PartialRecipe implements Cloneable {

    /** The loss of labels if none is given; of one output of sigmoid it is {@link #BINARY_LOSS}. */
    public static final String LABEL_LOSS = "cross-entropy";
    /** The loss of labels if none is given and the net ends in sigmoid. */
    public static final String BINARY_LOSS = "bce";
    /** The loss of numbers if none is given. */
    public static final String NUMBER_LOSS = "mse";
    /** The learning rate of Adam if none is given. */
    public static final float ADAM_RATE = 0.002f;
    /** The learning rate of SGD if none is given. */
    public static final float SGD_RATE = 0.1f;
    /** The learning rate of other optimizers if none is given. */
    public static final float OTHER_RATE = 0.001f;

    /** What is reported without being asked for. */
    private static final List<String> ALWAYS_REPORTED = List.of("loss", "accuracy", "mae", "rmse");
    /** Settings of optimizers whose names here are others. */
    private static final Map<String, String> OPTIMIZER_SETTINGS = Map.of("clipnorm", "clipNorm", "emaMomentum", "ema");
    /** A number that is no label, no probability and no sign. */
    private static final float NUMBER = 2.5f;
    private static final Shape SEVERAL = Shape.of(2);

    private final Recipe recipe;
    private List<Config> layers; // as given, so that it is known which settings they have; empty: none
    private Optional<Config> optimizer = Optional.empty();
    private Map<String, Config> ofKernels = Map.of(); // settings of layers that have none of their own
    private Map<String, Object> ofOptimizer = Map.of();
    private Optional<Double> labelSmoothing = Optional.empty();
    private String monitor = "loss";
    private Optional<Map<String, Double>> classWeight = Optional.empty();
    private boolean balanced;
    private boolean unscheduled;

    /** @param recipe of which the settings are given that were set */
    public PartialRecipe(Recipe recipe) {
        this.recipe = recipe;
        this.layers = recipe.layerConfigs();
    }

    private PartialRecipe copy() {
        try {
            return (PartialRecipe) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    // ------------------------------------------------------------------------------------------------- settings

    /** The layers, such as {@code 128:relu,dropout:0.2}. */
    @CheckReturnValue
    public PartialRecipe layers(String text) {
        List<Config> given = refusing("layers", () -> ConfigText.parseList(text));
        given.forEach(layer -> refusing("layers", () -> Layers.REGISTRY.of(layer)));
        return withLayers(given);
    }

    private PartialRecipe withLayers(List<Config> newLayers) {
        PartialRecipe copy = copy();
        copy.layers = List.copyOf(newLayers);
        return copy;
    }

    /** The first weights of dense and convolutional layers that say nothing of them, such as {@code he_normal}. */
    @CheckReturnValue
    public PartialRecipe initializer(String text) {
        return withOfKernels("kernelInitializer", parse("initializer", text, Initializers.REGISTRY));
    }

    /** Adds this times the sum of squared weights, without biases, to the loss, for layers without a regularizer. */
    @CheckReturnValue
    public PartialRecipe l2(double factor) {
        Config config = Config.of("L2").with("l2", factor);
        refusing("l2", () -> Regularizers.REGISTRY.of(config));
        return withOfKernels("kernelRegularizer", config);
    }

    private PartialRecipe withOfKernels(String setting, Config value) {
        PartialRecipe copy = copy();
        copy.ofKernels = new LinkedHashMap<>(ofKernels);
        copy.ofKernels.put(setting, value);
        return copy;
    }

    /** The optimizer, such as {@code sgd(momentum=0.9)}; without a rate it has {@link #ADAM_RATE} or what is its own. */
    @CheckReturnValue
    public PartialRecipe optimizer(String text) {
        PartialRecipe copy = copy();
        copy.optimizer = Optional.of(rated(text));
        return copy;
    }

    /** An optimizer with a learning rate, such as an {@code adam} with {@link #ADAM_RATE}. */
    public static Config rated(String optimizer) {
        Config config = parse("optimizer", optimizer, Optimizers.REGISTRY);
        Optimizer made = Optimizers.REGISTRY.of(config);
        boolean rated = config.has("learningRate") || !config.arguments().isEmpty() || config.has("schedule");
        return rated ? config : config.with("learningRate", made instanceof Adam ? ADAM_RATE : made instanceof SGD ? SGD_RATE
                : OTHER_RATE);
    }

    /** The learning rate, of the optimizer that is given or chosen. */
    @CheckReturnValue
    public PartialRecipe learningRate(double rate) {
        return withOfOptimizer("learningRate", rate);
    }

    /** The weight decay, of the optimizer that is given or chosen. */
    @CheckReturnValue
    public PartialRecipe weightDecay(double decay) {
        return withOfOptimizer("weightDecay", decay);
    }

    /** The norm to which the gradient of each weight is clipped, by the optimizer that is given or chosen. */
    @CheckReturnValue
    public PartialRecipe clipNorm(double norm) {
        return withOfOptimizer("clipnorm", norm);
    }

    /** The momentum of an exponential moving average of the weights, of the optimizer that is given or chosen. */
    @CheckReturnValue
    public PartialRecipe ema(double momentum) {
        return withOfOptimizer("emaMomentum", momentum);
    }

    private PartialRecipe withOfOptimizer(String setting, Object value) {
        PartialRecipe copy = copy();
        copy.ofOptimizer = new LinkedHashMap<>(ofOptimizer);
        copy.ofOptimizer.put(setting, value);
        return copy;
    }

    /** The share of each target, 0 to 1, that is spread over all labels; for cross-entropy. */
    @CheckReturnValue
    public PartialRecipe labelSmoothing(double share) {
        PartialRecipe copy = copy();
        copy.labelSmoothing = Optional.of(share);
        return copy;
    }

    /** The validation metric that selects the best epoch, which is reported then; default {@code loss}. */
    @CheckReturnValue
    public PartialRecipe monitor(String name) {
        if (!ALWAYS_REPORTED.contains(name)) {
            Config config = refusing("monitor", () -> ConfigText.parse(name));
            refusing("monitor", () -> Metrics.of(config));
        }
        PartialRecipe copy = copy();
        copy.monitor = name;
        return copy;
    }

    /** The validation metric that selects the best epoch. */
    public String monitor() {
        return monitor;
    }

    /** Whether classes are weighted. */
    public boolean weighsClasses() {
        return classWeight.isPresent();
    }

    /** How much the examples of some labels count, by their names; all others count 1. */
    @CheckReturnValue
    public PartialRecipe classWeight(Map<String, Double> weights) {
        PartialRecipe copy = copy();
        copy.classWeight = Optional.of(Map.copyOf(weights));
        copy.balanced = false;
        return copy;
    }

    /** Examples of a label count {@code examples / (labels * count)}, as scikit-learn's "balanced". */
    @CheckReturnValue
    public PartialRecipe balancedClassWeight() {
        PartialRecipe copy = classWeight(Map.of());
        copy.balanced = true;
        return copy;
    }

    /** No schedule is to be chosen by default, as something else changes the rate. */
    @CheckReturnValue
    public PartialRecipe unscheduled() {
        PartialRecipe copy = copy();
        copy.unscheduled = true;
        return copy;
    }

    /** Whether a schedule may be chosen by default: no optimizer is given, and nothing else changes its rate. */
    public boolean takesSchedule() {
        return optimizer.isEmpty() && !unscheduled;
    }

    /** What is given, except layers, optimizer and what depends on the data. */
    public Recipe recipe() {
        return recipe;
    }

    // --------------------------------------------------------------------------------------------------- layers

    /** The layers that are given; empty if none are. */
    public List<Config> layerConfigs() {
        return layers;
    }

    /** With this layer behind the layers that are given, unless none are, or they end in it, or in softmax, sigmoid or linear. */
    @CheckReturnValue
    public PartialRecipe output(String layer) {
        Config config = ConfigText.parse(layer);
        if (layers.isEmpty() || isOutput(lastActivation(layers)) || layers.get(layers.size() - 1).equals(config)) {
            return this;
        }
        List<Config> more = new ArrayList<>(layers);
        more.add(config);
        return withLayers(more);
    }

    /** With this layer before the layers that are given, unless none are, or the first is of its class. */
    @CheckReturnValue
    public PartialRecipe input(String layer) {
        Config config = ConfigText.parse(layer);
        if (layers.isEmpty() || Layers.REGISTRY.of(layers.get(0)).getClass() == Layers.REGISTRY.of(config).getClass()) {
            return this;
        }
        List<Config> more = new ArrayList<>(List.of(config));
        more.addAll(layers);
        return withLayers(more);
    }

    private static boolean isOutput(Layer activation) {
        return activation instanceof Softmax || activation instanceof Sigmoid || activation.typeName().equals("Linear");
    }

    /** The activation of the last layer, which may be that layer; of another layer itself. */
    private static Layer lastActivation(List<Config> layers) {
        Layer last = Layers.REGISTRY.of(layers.get(layers.size() - 1));
        return last instanceof KernelLayer<?> layer ? layer.activation().orElseGet(() -> Layers.activation("linear")) : last;
    }

    private List<Config> withKernels(List<Config> plain) {
        List<Config> all = new ArrayList<>();
        for (Config layer : plain) {
            Config with = layer;
            if (!ofKernels.isEmpty() && Layers.REGISTRY.of(layer).config().has("kernelInitializer")) {
                for (Map.Entry<String, Config> setting : ofKernels.entrySet()) {
                    with = with.has(setting.getKey()) ? with : with.with(setting.getKey(), setting.getValue());
                }
            }
            all.add(with);
        }
        return all;
    }

    // ----------------------------------------------------------------------------------------------- completion

    /**
     * Refuses settings that fit no data.
     *
     * @param defaultOptimizer that is chosen if none is given
     * @throws SettingException if there is one
     */
    public void check(String defaultOptimizer) {
        madeOptimizer(optimizer.isPresent() ? optimizer.get() : rated(defaultOptimizer));
    }

    /**
     * Refuses settings that fit no data of labels.
     *
     * @param defaults      as of {@link #complete}
     * @param defaultLayers as of {@link #complete}, for any number of labels
     * @throws SettingException if there is one
     */
    public void check(Recipe defaults, String defaultLayers) {
        complete(defaults, defaultLayers, false, false);
    }

    /**
     * The whole recipe.
     *
     * @param defaults      all settings but the loss, which follows from the outputs
     * @param defaultLayers with the output
     * @throws SettingException if a setting does not fit the targets
     */
    public Recipe complete(Recipe defaults, String defaultLayers, Targets targets) {
        Recipe made = complete(defaults, defaultLayers, targets.isRegression(), targets.isNotNegative());
        return classWeight.isEmpty() ? made : made.classWeight(classWeights(targets));
    }

    private Recipe complete(Recipe defaults, String defaultLayers, boolean regression, boolean notNegative) {
        Recipe made = optimizer.isEmpty() ? recipe : recipe.optimizer(optimizer.get());
        made = made.or(defaults).layers(withKernels(layers.isEmpty() ? ConfigText.parseList(defaultLayers) : layers));
        made = made.optimizer(madeOptimizer(made.optimizerConfig().orElseThrow()));
        return withLoss(withMonitored(made), regression, notNegative);
    }

    private Config madeOptimizer(Config chosen) {
        Config made = chosen;
        for (Map.Entry<String, Object> setting : ofOptimizer.entrySet()) {
            Config with = made.with(setting.getKey(), setting.getValue());
            refusing(OPTIMIZER_SETTINGS.getOrDefault(setting.getKey(), setting.getKey()), () -> Optimizers.REGISTRY.of(with));
            made = with;
        }
        return made;
    }

    /** The recipe with a metric that is monitored, unless it has it. */
    private Recipe withMonitored(Recipe made) {
        List<Config> metrics = new ArrayList<>(made.metricConfigs());
        for (Config metric : metrics) {
            if (Metrics.of(metric).name().equals(monitor)) {
                return made;
            }
        }
        if (ALWAYS_REPORTED.contains(monitor)) {
            return made;
        }
        metrics.add(ConfigText.parse(monitor));
        return made.metrics(metrics);
    }

    private Recipe withLoss(Recipe made, boolean regression, boolean notNegative) {
        Layer last = lastActivation(made.layerConfigs());
        boolean binary = last instanceof Sigmoid;
        Config config = made.lossConfig().isPresent() ? made.lossConfig().get()
                : ConfigText.parse(regression ? NUMBER_LOSS : binary ? BINARY_LOSS : LABEL_LOSS);
        Loss loss = Losses.REGISTRY.of(config);
        if (labelSmoothing.isPresent()) {
            if (!loss.config().has("labelSmoothing")) {
                throw new SettingException("labelSmoothing", "it applies to cross-entropy. Received: the loss " + name(loss));
            }
            config = config.with("labelSmoothing", labelSmoothing.get());
            Config smooth = config;
            loss = refusing("labelSmoothing", () -> Losses.REGISTRY.of(smooth));
        }
        if (regression && (last instanceof Softmax || binary)) {
            throw new SettingException("layers", "this is a regression, and " + (binary ? "sigmoid" : "softmax")
                    + " lies between 0 and 1: end in linear. Received: " + ConfigText.print(layers));
        }
        if (regression) {
            requireNumbers("loss", loss, name(loss), "mse, mae or huber, or of a table the distribution poisson", notNegative);
            for (Config metric : made.metricConfigs()) {
                requireNumbers(Metrics.of(metric), notNegative);
            }
        } else if (!takesWhatItGives(loss)) {
            throw new SettingException("loss", name(loss) + " is for labels as numbers, and they are one-hot here. Take "
                    + LABEL_LOSS);
        }
        boolean fromLogits = Boolean.TRUE.equals(loss.config().values().get("fromLogits"));
        if (loss instanceof CategoricalCrossEntropy && !fromLogits && !(last instanceof Softmax)) {
            throw new SettingException("loss", "cross-entropy needs probabilities that sum to 1: end the layers with softmax"
                    + (binary ? ", or take the loss binary_crossentropy, which is for sigmoid" : ", or take the loss mse")
                    + ". Received: " + ConfigText.print(layers));
        }
        return made.loss(config);
    }

    /** Refuses a metric that means nothing in a regression. */
    private void requireNumbers(Metric metric, boolean notNegative) {
        String setting = metric.name().equals(monitor) ? "monitor" : "metrics";
        String instead = "mae, rmse or r2";
        if (metric.isOfClasses()) {
            throw ofClasses(setting, metric.name(), instead);
        }
        Metrics.lossOf(metric).ifPresent(loss -> requireNumbers(setting, loss, metric.name(), instead, notNegative));
    }

    /** Refuses a loss that does not take the targets of a regression: unless none is negative, they are standardized, so that some are. */
    private static void requireNumbers(String setting, Loss loss, String name, String instead, boolean notNegative) {
        if (!takesWhatItGives(loss) || !takes(loss, NUMBER)) {
            throw ofClasses(setting, name, instead);
        }
        if (!notNegative && !takes(loss, -NUMBER)) {
            throw new SettingException(setting, name + " is for numbers of at least 0, and those of a regression are standardised,"
                    + " which makes some negative. Take " + instead);
        }
    }

    private static SettingException ofClasses(String setting, String name, String instead) {
        return new SettingException(setting, name + " is for classification, and this is a regression. Take " + instead);
    }

    /** Whether a loss takes targets of the shape of outputs, and not the number of a class for several outputs. */
    private static boolean takesWhatItGives(Loss loss) {
        return loss.takes(SEVERAL, SEVERAL);
    }

    private static boolean takes(Loss loss, float number) {
        try {
            loss.requireTargets(Tensor.full(number, 1, 1), Optional.empty());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
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

    private double[] classWeights(Targets targets) {
        if (targets.isRegression()) {
            throw new SettingException("classWeight", "it applies to classification. Remove it");
        }
        if (balanced) {
            return targets.balancedClassWeights();
        }
        List<String> labels = targets.labels();
        double[] weights = new double[labels.size()];
        Arrays.fill(weights, 1);
        classWeight.orElseThrow().forEach((label, weight) -> {
            if (!labels.contains(label)) {
                throw new SettingException("classWeight", "there is no " + label + " here, only " + String.join(", ", labels)
                        + Names.didYouMean(label, labels));
            }
            weights[labels.indexOf(label)] = weight;
        });
        return weights;
    }

    /**
     * Refuses metrics that do not fit the outputs or are reported anyway, and a {@link #monitor} that is not reported.
     *
     * @param made     the recipe, {@link #complete completed}
     * @param reported before the metrics of the recipe
     * @param output   the shape of one example of what the net gives
     */
    public void checkMetrics(Recipe made, List<Metric> reported, Shape output, Shape target) {
        String first = recipe.metricConfigs().isEmpty() && !monitor.equals("loss") ? "monitor" : "metrics";
        Objective described = refusing(first, () -> made.objective(output));
        List<String> names = new ArrayList<>();
        for (Metric metric : reported) {
            names.add(metric.name());
        }
        for (Metric asked : described.metrics()) {
            if (names.contains(asked.name())) {
                throw new SettingException("metrics", asked.name() + " is there twice, or reported anyway. Remove it");
            }
            refusing(asked.name().equals(monitor) ? "monitor" : "metrics", () ->
                    asked.forward(Tensor.zeros(output.prepend(1)), Tensor.zeros(target.prepend(1))));
            names.add(asked.name());
        }
        if (!monitor.equals("loss") && !names.contains(monitor)) {
            throw new SettingException("monitor", "it must be loss or one of " + names + ". Received: " + monitor);
        }
    }

    private static Config parse(String setting, String text, Registry<?> registry) {
        try {
            Config config = ConfigText.parse(text);
            registry.of(config);
            return config;
        } catch (IllegalArgumentException e) {
            throw new SettingException(setting, e.getMessage(), e);
        }
    }

    /** What an action gives; what it refuses is the fault of a setting. */
    private static <T> T refusing(String setting, Supplier<T> action) {
        try {
            return action.get();
        } catch (SettingException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new SettingException(setting, e.getMessage(), e);
        }
    }
}

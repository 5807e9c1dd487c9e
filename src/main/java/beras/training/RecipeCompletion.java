package beras.training;

import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Names;
import beras.config.SettingException;
import beras.layers.KernelLayer;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.optimizers.SGD;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Moves the settings of parts of a recipe into these parts, chooses its loss, and rejects settings that do not fit the data.
 *
 * @param whole complete except, perhaps, for the loss
 */
record RecipeCompletion(Recipe whole) {

    /** Metrics that are always reported. */
    static final List<String> ALWAYS_REPORTED = List.of("loss", "accuracy", "mae", "rmse");
    /** The text that stands for weights of labels by their counts. */
    static final String BALANCED = "balanced";

    /** The settings of a recipe that are numbers of its optimizer, each followed by the optimizer's name for it. */
    private static final String[][] OF_OPTIMIZER = {{"learningRate", "learningRate"}, {"weightDecay", "weightDecay"},
        {"clipNorm", "clipnorm"}, {"ema", "emaMomentum"}};
    /** A number that is no label, no probability and no sign. */
    private static final float NUMBER = 2.5f;
    private static final Shape SEVERAL = Shape.of(2);

    Recipe complete(Targets targets) {
        Recipe made = complete(targets.isRegression(), targets.isNotNegative(), targets.areLabelNumbers());
        return whole.labelWeight == null ? made : made.classWeight(classWeights(whole.labelWeight, targets));
    }

    Recipe complete(boolean regression, boolean notNegative, boolean labelNumbers) {
        Layer last = lastActivation(whole.givenLayers());
        Recipe made = whole.lossConfig().isPresent() ? whole
                : whole.loss(regression ? Recipe.NUMBER_LOSS : labelNumbers ? labelNumberLoss(!(last instanceof Softmax))
                        : last instanceof Sigmoid ? Recipe.BINARY_LOSS : Recipe.LABEL_LOSS);
        made = withMonitored(new RecipeCompletion(made.with("optimizer", rated(made.givenOptimizer()))).folded());
        requireFitting(made, last, regression, notNegative, labelNumbers);
        return made;
    }

    private static String labelNumberLoss(boolean fromLogits) {
        return Recipe.LABEL_NUMBER_LOSS + (fromLogits ? "(from_logits=true)" : "");
    }

    // ------------------------------------------------------------------------------------------------------- parts

    /** The recipe with the settings of its parts in these, and without them. */
    Recipe folded() {
        Recipe made = whole.settled();
        made = whole.givenLayers().isEmpty() ? made
                : made.with("layers", whole.givenLayers().stream().map(this::withKernel).toList());
        made = whole.optimizerConfig().isEmpty() ? made : made.with("optimizer", optimizer(whole.optimizerConfig().get()));
        Double smoothing = whole.ofParts.get("labelSmoothing");
        return smoothing == null ? made : made.with("loss", smoothed(made.lossConfig().orElseThrow(), smoothing));
    }

    private Config withKernel(Config layer) {
        Config with = layer;
        if (Layers.REGISTRY.of(layer).config().has("kernelInitializer")) {
            with = with.has("kernelInitializer") ? with : with.with("kernelInitializer", whole.initializer);
            with = with.has("kernelRegularizer") || !whole.ofParts.containsKey("l2") ? with
                    : with.with("kernelRegularizer", Config.of("L2").with("l2", whole.ofParts.get("l2")));
        }
        return with;
    }

    /** An optimizer with the settings of the recipe. */
    Config optimizer(Config chosen) {
        Config made = chosen;
        for (String[] names : OF_OPTIMIZER) {
            if (whole.ofParts.containsKey(names[0])) {
                made = made.with(names[1], whole.ofParts.get(names[0]));
                Config with = made;
                refusing(names[0], () -> Optimizers.REGISTRY.of(with));
            }
        }
        return made;
    }

    private static Config smoothed(Config loss, double share) {
        Loss made = Losses.REGISTRY.of(loss);
        if (!made.config().has("labelSmoothing")) {
            throw new SettingException("labelSmoothing", "it applies to cross-entropy. Received: the loss " + Recipe.name(made));
        }
        Config smooth = loss.with("labelSmoothing", share);
        refusing("labelSmoothing", () -> Losses.REGISTRY.of(smooth));
        return smooth;
    }

    /** An optimizer with a learning rate, such as an {@code adam} with {@link Recipe#ADAM_RATE}. */
    static Config rated(Config config) {
        Optimizer made = Optimizers.REGISTRY.of(config);
        boolean rated = config.has("learningRate") || !config.arguments().isEmpty() || config.has("schedule");
        return rated ? config : config.with("learningRate", made.getClass() == Adam.class ? Recipe.ADAM_RATE
                : made instanceof SGD ? Recipe.SGD_RATE : Recipe.OTHER_RATE);
    }

    /** The recipe with a metric that is monitored, unless it has it. */
    private Recipe withMonitored(Recipe made) {
        String monitor = whole.monitor();
        List<Config> metrics = new ArrayList<>(made.metricConfigs());
        if (ALWAYS_REPORTED.contains(monitor) || metrics.stream().anyMatch(metric -> Metrics.of(metric).name().equals(monitor))) {
            return made;
        }
        metrics.add(ConfigText.parse(monitor));
        return made.with("metrics", metrics);
    }

    static boolean endsInOutput(List<Config> layers) {
        Layer last = lastActivation(layers);
        return last instanceof Softmax || last instanceof Sigmoid || last.typeName().equals("Linear");
    }

    /** The activation of the last layer, which may be that layer; of another layer itself. */
    private static Layer lastActivation(List<Config> layers) {
        Layer last = Layers.REGISTRY.of(layers.get(layers.size() - 1));
        return last instanceof KernelLayer<?> layer ? layer.activation().orElseGet(() -> Layers.activation("linear")) : last;
    }

    private static double[] classWeights(Config wanted, Targets targets) {
        if (targets.isRegression()) {
            throw new SettingException("classWeight", "it applies to classification. Remove it");
        }
        if (wanted.type().equals(BALANCED)) {
            return targets.balancedClassWeights();
        }
        List<String> labels = targets.labels();
        double[] weights = new double[labels.size()];
        Arrays.fill(weights, 1);
        for (String label : wanted.values().keySet()) {
            if (!labels.contains(label)) {
                throw new SettingException("classWeight", "there is no " + label + " here, only " + String.join(", ", labels)
                        + Names.didYouMean(label, labels));
            }
            weights[labels.indexOf(label)] = wanted.number(label);
        }
        return weights;
    }

    // ------------------------------------------------------------------------------------------------ what does not fit

    private void requireFitting(Recipe made, Layer last, boolean regression, boolean notNegative, boolean labelNumbers) {
        Loss loss = made.makeLoss();
        boolean binary = last instanceof Sigmoid;
        String received = ". Received: " + ConfigText.print(whole.givenLayers());
        if (regression && (last instanceof Softmax || binary)) {
            throw new SettingException("layers", "this is a regression, and " + (binary ? "sigmoid" : "softmax")
                    + " lies between 0 and 1: end in linear" + received);
        }
        if (regression) {
            requireNumbers("loss", loss, Recipe.name(loss), "mse, mae or huber, or of a table the distribution poisson", notNegative);
            for (Config metric : made.metricConfigs()) {
                requireNumbers(Metrics.of(metric), notNegative);
            }
        } else if (takesWhatItGives(loss) == labelNumbers) {
            throw new SettingException("loss", Recipe.name(loss) + (labelNumbers ? " is not for labels as numbers, which they are here. Take "
                    + labelNumberLoss(!(last instanceof Softmax)) : " is for labels as numbers, and they are one-hot here. Take "
                    + Recipe.LABEL_LOSS));
        }
        boolean fromLogits = Boolean.TRUE.equals(loss.config().values().get("fromLogits"));
        if (labelNumbers && fromLogits == last instanceof Softmax) {
            throw new SettingException("loss", "it is from logits if and only if the layers do not end in softmax. Take "
                    + labelNumberLoss(!fromLogits) + received);
        }
        if (loss instanceof CategoricalCrossEntropy && !fromLogits && !(last instanceof Softmax)) {
            throw new SettingException("loss", "cross-entropy needs probabilities that sum to 1: end the layers with softmax"
                    + (binary ? ", or take the loss binary_crossentropy, which is for sigmoid" : ", or take the loss mse") + received);
        }
    }

    /** Refuses a metric that means nothing in a regression. */
    private void requireNumbers(Metric metric, boolean notNegative) {
        String setting = metric.name().equals(whole.monitor()) ? "monitor" : "metrics";
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

    /** As {@link Recipe#checkMetrics}, for the recipe as it was given. */
    void checkMetrics(Recipe made, List<Metric> reported, Shape output, Shape target) {
        String monitor = whole.monitor();
        String first = whole.metricConfigs().isEmpty() && !monitor.equals("loss") ? "monitor" : "metrics";
        Objective described = refusing(first, () -> made.objective(output));
        List<String> names = new ArrayList<>(reported.stream().map(Metric::name).toList());
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

    /** The result of an action; attributes its exceptions to a setting. */
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

package beras.cli;

import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Names;
import beras.data.table.NamedValues;
import beras.initializers.Initializers;
import beras.layers.KernelLayer;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.activations.Linear;
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
import beras.tables.TableDefaults;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The recipe that the options of {@code train} say, in two steps: without the data, so that wrong options end at once, and with
 * them.
 */
final class RecipeOptions {

    /** What is reported whether it is asked for or not. */
    private static final Set<String> ALWAYS_REPORTED = Set.of("loss", "accuracy", "mae", "rmse");

    /** An amount that is no label, no probability and no sign. */
    private static final float AMOUNT = 2.5f;
    private static final Shape SEVERAL = Shape.of(2);

    /** What was said of the recipe; the rest has Keras's defaults. */
    static Recipe said(CommandSpec spec, TrainOptions options) {
        Usage.check(spec, "--initializer", () -> Initializers.REGISTRY.of(options.initializer));
        if (options.l2 != null) {
            Usage.check(spec, "--l2", () -> Regularizers.REGISTRY.of(l2(options)));
        }
        Recipe recipe = new Recipe().seed(options.seed);
        recipe = recipe.optimizer(optimizer(spec, options));
        if (options.layers != null) {
            Recipe before = recipe; // a text that is no list of layers is refused as well
            recipe = Usage.check(spec, "--layers", () -> before.layers(layers(options, options.layers)));
        }
        if (options.ensemble != null) {
            recipe = recipe.ensemble(options.ensemble);
        }
        if (options.batchSize != null) {
            recipe = recipe.batchSize(options.batchSize);
        }
        if (options.epochs != null) {
            if (options.epochs < 1) {
                throw Usage.invalid(spec, "--epochs", "it must be at least 1. Received: " + options.epochs);
            }
            recipe = recipe.epochs(options.epochs);
        }
        if (options.validationSplit != null) {
            recipe = recipe.validationSplit(options.validationSplit);
        }
        if (options.lrSchedule != null) {
            recipe = recipe.schedule(options.lrSchedule);
        }
        if (options.loss != null) {
            recipe = recipe.loss(options.loss);
        }
        if (options.metrics != null) {
            Recipe before = recipe;
            recipe = Usage.check(spec, "--metrics", () -> before.metrics(ConfigText.parseList(options.metrics)));
        }
        if (options.monitor != null && !ALWAYS_REPORTED.contains(options.monitor)) {
            recipe = withMetric(spec, recipe, options.monitor);
        }
        return recipe;
    }

    /** The recipe with a metric that is to be monitored, unless it has it. */
    private static Recipe withMetric(CommandSpec spec, Recipe recipe, String name) {
        List<Config> metrics = new ArrayList<>(recipe.metricConfigs());
        if (metrics.stream().noneMatch(metric -> Metrics.of(metric).name().equals(name))) {
            metrics.add(Usage.check(spec, "--monitor", () -> ConfigText.parse(name)));
        }
        return Usage.check(spec, "--monitor", () -> recipe.metrics(metrics));
    }

    // --------------------------------------------------------------------------------------------------- layers

    /** The layers of a text, with the initializer and the penalty where they have none of their own. */
    static List<Config> layers(TrainOptions options, String text) {
        List<Config> layers = new ArrayList<>();
        for (Config layer : ConfigText.parseList(text)) {
            boolean kernel = Layers.REGISTRY.of(layer).config().has("kernelInitializer");
            Config with = layer;
            if (kernel && !layer.has("kernelInitializer")) {
                with = with.with("kernelInitializer", ConfigText.parse(options.initializer));
            }
            if (kernel && options.l2 != null && !layer.has("kernelRegularizer")) {
                with = with.with("kernelRegularizer", l2(options));
            }
            layers.add(with);
        }
        return layers;
    }

    private static Config l2(TrainOptions options) {
        return Config.of("L2").with("l2", options.l2);
    }

    /** The activation of the last layer, which may be that layer; null if it is another layer. */
    private static Layer lastActivation(Recipe recipe) {
        List<Layer> layers = recipe.makeLayers();
        Layer last = layers.get(layers.size() - 1);
        return last instanceof KernelLayer<?> layer ? layer.activation().orElseGet(Linear::new) : last;
    }

    /** Whether the last layer ends in an activation that an output may have: softmax, sigmoid or linear. */
    static boolean endsInOutput(Recipe recipe) {
        Layer last = lastActivation(recipe);
        return last instanceof Softmax || last instanceof Sigmoid || last instanceof Linear;
    }

    // ----------------------------------------------------------------------------------------------------- loss

    /** The recipe with a loss that goes with what the net ends in and what is to be predicted. */
    static Recipe withLoss(CommandSpec spec, TrainOptions options, Recipe recipe, boolean regression) {
        Layer last = lastActivation(recipe);
        boolean yesOrNo = last instanceof Sigmoid;
        String loss = options.loss != null ? options.loss
                : regression ? TableDefaults.AMOUNT_LOSS : yesOrNo ? "bce" : TrainDefaults.LOSS;
        Config config = ConfigText.parse(loss);
        if (options.labelSmoothing != null) {
            if (!Losses.REGISTRY.of(config).config().has("labelSmoothing")) {
                throw Usage.invalid(spec, "--label-smoothing", "it is for cross-entropy. Received: --loss " + loss);
            }
            Config smooth = config.with("labelSmoothing", options.labelSmoothing);
            Usage.check(spec, "--label-smoothing", () -> Losses.REGISTRY.of(smooth));
            config = smooth;
        }
        Loss made = Losses.REGISTRY.of(config);
        if (regression && (last instanceof Softmax || yesOrNo)) {
            throw Usage.invalid(spec, "--layers", "this is a regression, and " + (yesOrNo ? "sigmoid" : "softmax")
                    + " lies between 0 and 1: end in linear. Received: " + options.layers);
        }
        if (regression) {
            requireAmounts(spec, "--loss", made, name(made), "mse, mae or huber");
            recipe.metricConfigs().forEach(metric -> requireAmounts(spec, options, metric));
        } else if (!takesWhatItGives(made)) {
            throw Usage.invalid(spec, "--loss", name(made) + " is for labels as numbers, and they are one-hot here. Take "
                    + TrainDefaults.LOSS);
        }
        boolean fromLogits = Boolean.TRUE.equals(made.config().values().get("fromLogits"));
        if (made instanceof CategoricalCrossEntropy && !fromLogits && !(last instanceof Softmax)) {
            throw Usage.invalid(spec, "--loss", "cross-entropy needs probabilities that sum to 1: end --layers with softmax"
                    + (yesOrNo ? ", or take --loss binary_crossentropy, which is for sigmoid" : ", or take --loss mse")
                    + ". Received: " + options.layers);
        }
        return recipe.loss(config);
    }

    private static void requireAmounts(CommandSpec spec, TrainOptions options, Config metric) {
        Metric made = Metrics.of(metric);
        requireAmounts(spec, made.name().equals(options.monitor) ? "--monitor" : "--metrics", made);
    }

    /** Refuses a metric that does not fit what the net gives, such as one of a class that there is not. */
    static void requireFit(CommandSpec spec, String option, Metric metric, Shape output, Shape target) {
        Usage.check(spec, option, () -> metric.forward(Tensor.zeros(output.prepend(1)), Tensor.zeros(target.prepend(1))));
    }

    /** Refuses a metric that means nothing in a regression. */
    static void requireAmounts(CommandSpec spec, String option, Metric metric) {
        String instead = "mae, rmse or r2_score";
        if (Metrics.isOfClasses(metric)) {
            throw ofClasses(spec, option, metric.name(), instead);
        }
        Metrics.lossOf(metric).ifPresent(loss -> requireAmounts(spec, option, loss, metric.name(), instead));
    }

    /** Refuses a loss that does not take the targets of a regression, which are standardised, so that they have any sign. */
    private static void requireAmounts(CommandSpec spec, String option, Loss loss, String name, String instead) {
        if (!takesWhatItGives(loss) || !takes(loss, AMOUNT)) {
            throw ofClasses(spec, option, name, instead);
        }
        if (!takes(loss, -AMOUNT)) {
            throw Usage.invalid(spec, option, name + " is for amounts of at least 0, and those of a regression are standardised,"
                    + " which makes some negative. Take " + instead);
        }
    }

    private static ParameterException ofClasses(CommandSpec spec, String option, String name, String instead) {
        return Usage.invalid(spec, option, name + " is for classification, and this is a regression. Take " + instead);
    }

    /** Whether a loss takes targets of the shape of outputs, and not the number of a class for several outputs. */
    private static boolean takesWhatItGives(Loss loss) {
        return loss.takes(SEVERAL, SEVERAL);
    }

    private static boolean takes(Loss loss, float amount) {
        try {
            loss.requireTargets(Tensor.full(amount, 1, 1), Optional.empty());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The name of a loss for people. */
    static String name(Loss loss) {
        return switch (loss.config().type()) {
            case "CategoricalCrossEntropy" -> TrainDefaults.LOSS;
            case "MeanSquaredError" -> "mse";
            case "MeanAbsoluteError" -> "mae";
            default -> new LossMetric(loss).name();
        };
    }

    // ---------------------------------------------------------------------------------------------------- steps

    /** The recipe with the rate that suits so many rows of a table, unless another was said. */
    static Recipe withRate(CommandSpec spec, TrainOptions options, Recipe recipe, long rows) {
        return options.optimizer != null || options.learningRate != null ? recipe
                : recipe.optimizer(optimizer(spec, options).with("learningRate", TableDefaults.learningRate(rows)));
    }

    private static Config optimizer(CommandSpec spec, TrainOptions options) {
        String text = options.optimizer != null ? options.optimizer
                : TrainCommand.isTable(options) ? TableDefaults.OPTIMIZER : TrainDefaults.OPTIMIZER;
        Config config = Usage.check(spec, "--optimizer", () -> ConfigText.parse(text));
        Optimizer made = Usage.check(spec, "--optimizer", () -> Optimizers.REGISTRY.of(config));
        boolean rated = config.has("learningRate") || !config.arguments().isEmpty() || config.has("schedule");
        Config with = config;
        if (options.learningRate != null) {
            with = checked(spec, "--learning-rate", config.with("learningRate", options.learningRate));
        } else if (!rated) {
            with = config.with("learningRate", made instanceof Adam ? TrainDefaults.ADAM_RATE
                    : made instanceof SGD ? TrainDefaults.SGD_RATE : TrainDefaults.OTHER_RATE);
        }
        if (options.weightDecay != null) {
            with = checked(spec, "--weight-decay", with.with("weightDecay", options.weightDecay));
        }
        if (options.clipNorm != null) {
            with = checked(spec, "--clip-norm", with.with("clipnorm", options.clipNorm));
        }
        if (options.ema != null) {
            with = checked(spec, "--ema", with.with("emaMomentum", options.ema));
        }
        return with;
    }

    private static Config checked(CommandSpec spec, String option, Config config) {
        Usage.check(spec, option, () -> Optimizers.REGISTRY.of(config));
        return config;
    }

    // ---------------------------------------------------------------------------------------------------- classes

    /** The recipe with weights of classes as an option says: {@code balanced}, or by label; 1 for those that are not named. */
    static Recipe withClassWeights(CommandSpec spec, TrainOptions options, Recipe recipe, List<String> labels,
            Supplier<double[]> balanced) {
        return options.classWeight == null ? recipe
                : Usage.check(spec, "--class-weight", () -> recipe.classWeight(classWeights(options.classWeight, labels, balanced)));
    }

    private static double[] classWeights(String text, List<String> labels, Supplier<double[]> balanced) {
        if (text.equals("balanced")) {
            return balanced.get();
        }
        double[] weights = new double[labels.size()];
        Arrays.fill(weights, 1);
        NamedValues.parse(text).forEach((label, weight) -> {
            if (!labels.contains(label)) {
                throw new IllegalArgumentException("there is no " + label + " here, only " + String.join(", ", labels)
                        + Names.didYouMean(label, labels));
            }
            weights[labels.indexOf(label)] = Text.number(label, weight);
        });
        return weights;
    }

    private RecipeOptions() {}
}

package beras.fuzz;

import beras.layers.Layer;
import beras.layers.Layers;
import beras.models.Model;
import beras.models.Models;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.EarlyStopping;
import beras.training.Monitor;
import beras.training.Recipe;
import beras.training.ReduceLROnPlateau;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A recipe with data for it, of any layers, loss, optimizer and options, that follows from a seed. */
final class RandomRecipe {

    private static final int MOST_LAYERS = 6;
    private static final int MOST_NUMBERS = 600;
    private static final int WORDS = 11;
    private static final List<String> ANYWHERE = List.of("dropout(0.3)", "dropout(0.5)", "alpha_dropout(0.2)",
            "gaussian_dropout(0.2)",
            "noise(0.1)", "batch_norm", "batch_norm(momentum=0.7, epsilon=0.01, scale=false)",
            "batch_norm(center=false, gamma_regularizer=l2(0.01))", "layer_norm",
            "layer_norm(epsilon=0.1, gamma_constraint=non_neg)",
            "rms_normalization", "unit_normalization", "rescaling(0.5, 0.25)", "p_re_lu", "activity_regularization(0.001, 0.002)",
            "normalization", "flatten", "group_norm(1)", "group_norm(2)");
    private static final List<String> VECTORS = List.of("repeat_vector(2)", "reshape([2, -1])", "reshape([-1, 3])",
            "reshape([2, 2, -1])");
    private static final List<String> STEPS = List.of("max_pool1d(2)", "avg_pool1d(3, strides=2)", "avg_pool1d(2, padding=same)",
            "max_pool1d(3, strides=1, padding=same)", "global_avg_pool1d", "global_max_pool1d", "permute([2, 1])",
            "p_re_lu(shared_axes=[1])");
    private static final List<String> IMAGES = List.of("max_pool(2)", "max_pool(3, strides=1, padding=same)", "avg_pool(2)",
            "avg_pool(3, strides=2, padding=same)", "max_pool([1, 2])", "global_avg_pool", "global_max_pool(keepdims=true)",
            "spatial_dropout(0.3)", "zero_padding([1, 0, 2, 1])", "zero_padding(1)", "cropping_2d([0, 1, 1, 0])",
            "up_sampling(2)",
            "up_sampling([1, 2], interpolation=bilinear)", "horizontal_flip", "whitening(2, padding=same)", "permute([2, 1, 3])",
            "reshape([-1, 2])");
    private static final List<String> INITIALIZERS = List.of("he_normal", "glorot_uniform", "lecun_uniform", "orthogonal",
            "random_normal(0, 0.2)", "truncated_normal", "uniform", "variance_scaling", "dirac");
    private static final List<String> REGULARIZERS = List.of("l1(0.001)", "l2(0.01)", "l1_l2(0.001, 0.002)");
    private static final List<String> CONSTRAINTS = List.of("max_norm(1)", "unit_norm", "min_max_norm(0.2, 0.8, rate=0.7)",
            "non_neg");
    private static final List<String> OPTIMIZERS = List.of("sgd(0.05)", "sgd(0.05, momentum=0.9)",
            "sgd(0.03, momentum=0.8, nesterov=true)",
            "adam(0.01)", "adam(0.01, amsgrad=true)", "adam(0.01, form=keras)", "adam_w(0.01)", "nadam(0.01)", "adamax(0.02)",
            "adagrad(0.05)",
            "adadelta(1)", "lion(0.002)", "rmsprop(0.005)", "rmsprop(0.005, form=keras, centered=true)");
    private static final List<String> OPTIONS = List.of("clipnorm=0.5", "clipvalue=0.1", "global_clipnorm=1", "weight_decay=0.01",
            "gradient_accumulation_steps=2", "gradient_accumulation_steps=3", "ema_momentum=0.9",
            "ema_momentum=0.8, ema_overwrite_frequency=3", "loss_scale_factor=8");
    private static final List<String> SCHEDULES = List.of("cosine(warmup=0.5)", "cosine", "cosine_restarts(first=1)",
            "exponential(factor=0.9, every=1)", "inverse_time(factor=1)", "polynomial(power=2)", "piecewise(1=0.003, 2=0.001)",
            "one_cycle");

    private final Draws draws;
    private final Shape input;
    private final Recipe recipe;
    private final Tensor x;
    private final Tensor y;
    private final boolean words;
    private final boolean plateau;
    private final boolean stopping;

    /** What a net is trained for: the last layer, the loss, and what the targets look like. */
    private record Task(String head, String loss, String targets, List<String> metrics) {}

    RandomRecipe(long seed, long number) {
        draws = new Draws(seed, "recipe", number);
        words = draws.oneIn(12);
        boolean large = draws.oneIn(10);
        input = words ? Shape.of(draws.between(1, 5)) : drawnInput(large);
        int count = large ? draws.between(60, 140) : draws.between(5, 40);
        Task task = task(draws.between(2, 6), draws.between(1, 3));
        List<String> layers = layers(large, task);
        Recipe drawn = new Recipe().layers(String.join(", ", layers)).loss(task.loss).optimizer(optimizer()).seed(draws.bits())
                .epochs(draws.between(1, 3)).batchSize(large ? draws.between(20, 70) : draws.between(2, 12));
        if (draws.oneIn(3)) {
            drawn = drawn.metrics(draws.one(task.metrics));
        }
        if (draws.oneIn(3)) {
            drawn = drawn.schedule(draws.one(SCHEDULES));
        }
        if (draws.oneIn(5)) {
            drawn = drawn.ensemble(draws.between(2, 3));
        }
        if (draws.oneIn(3)) {
            drawn = drawn.validationSplit(0.25);
        }
        if (task.targets.equals("one-hot") && draws.oneIn(4)) {
            drawn = drawn.classWeight(weights(classes(task)));
        }
        if (input.rank() == 3 && draws.oneIn(3)) {
            drawn = drawn.views(draws.one("flip", "shift=1", "flip,shift=1"));
        }
        recipe = drawn;
        Rng numbers = new Rng(draws.bits(), "x", 0);
        boolean sparse = draws.oneIn(3);
        x = words ? Tensor.generate(i -> Math.floorMod(numbers.bits(i), WORDS), input.prepend(count).toArray())
                : Tensor.generate(i -> sparse && numbers.bits(-1L - i) < 0 ? 0 : numbers.normal(i),
                input.prepend(count).toArray());
        y = targets(task, count);
        plateau = !recipe.hasSchedule() && draws.oneIn(3);
        stopping = draws.oneIn(4);
    }

    private Shape drawnInput(boolean large) {
        return switch (draws.below(4)) {
            case 0 -> Shape.of(draws.between(4, large ? 24 : 9), draws.between(1, large ? 9 : 5));
            case 1 -> Shape.of(draws.between(3, large ? 14 : 8), draws.between(3, large ? 14 : 8), draws.between(1,
                    large ? 6 : 3));
            default -> Shape.of(draws.between(1, large ? 300 : 40));
        };
    }

    private Task task(int classes, int outputs) {
        String units = "dense(" + classes + ", softmax)";
        List<String> ofClasses = List.of("accuracy", "f1_score", "auc", "brier_score, accuracy");
        List<String> ofAmounts = List.of("mae", "r2_score", "root_mean_squared_error");
        String smoothing = draws.oneIn(3) ? "label_smoothing=0.1" : "label_smoothing=0";
        return switch (draws.below(16)) {
            case 0, 1, 2, 3 -> new Task(units, "cross-entropy(" + smoothing + ")", "one-hot", ofClasses);
            case 4 -> new Task("dense(" + classes + ")", "cross-entropy(from_logits=true, " + smoothing + ")", "one-hot",
                    List.of("accuracy"));
            case 5 -> new Task(units, "sparse_categorical_cross_entropy", "label", List.of("accuracy"));
            case 6 -> new Task(units, draws.one("kld", "categorical_hinge", "poisson", "cosine_similarity"), "one-hot",
                    List.of("mse"));
            case 7, 8 -> new Task("dense(1, sigmoid)", "bce(" + smoothing + ")", "flag", List.of("accuracy", "auc",
                    "precision, recall"));
            case 9 -> new Task("dense(1)", "bce(from_logits=true)", "flag", List.of("accuracy"));
            case 10 -> new Task("dense(1, tanh)", draws.one("hinge", "squared_hinge"), "flag", List.of("mae"));
            case 11 -> new Task("dense(" + outputs + ", softplus)", draws.one("msle", "poisson"), "count", ofAmounts);
            default -> new Task("dense(" + outputs + ")", draws.one("mse", "mae", "huber(0.5)", "log_cosh", "quantile(0.3)",
                    "mape"),
                    "amount", ofAmounts);
        };
    }

    private static int classes(Task task) {
        return Integer.parseInt(task.head.replaceAll("dense\\((\\d+).*", "$1"));
    }

    private double[] weights(int classes) {
        double[] weights = new double[classes];
        for (int i = 0; i < classes; i++) {
            weights[i] = draws.between(1, 4) / 2.0;
        }
        return weights;
    }

    private Tensor targets(Task task, int count) {
        int units = classes(task);
        Rng dice = new Rng(draws.bits(), "y", 0);
        return switch (task.targets) {
            case "one-hot" -> Tensor.generate(i -> Math.floorMod(dice.bits(i / units), units) == i % units ? 1 : 0, count, units);
            case "label" -> Tensor.generate(i -> Math.floorMod(dice.bits(i), units), count);
            case "flag" -> Tensor.generate(i -> dice.bits(i) < 0 ? 0 : 1, count, 1);
            case "count" -> Tensor.generate(i -> Math.floorMod(dice.bits(i), 5), count, units);
            default -> Tensor.generate(dice::normal, count, units);
        };
    }

    // ------------------------------------------------------------------------------------------------------ layers

    private List<String> layers(boolean large, Task task) {
        List<String> layers = new ArrayList<>();
        Shape shape = input;
        if (words) {
            layers.add("embedding(" + WORDS + ", " + draws.between(1, 6) + ")");
            shape = made(layers.get(0)).outputShape(shape);
        }
        int wanted = draws.below(MOST_LAYERS + 1);
        while (layers.size() < wanted) {
            String layer = layer(shape);
            try {
                Shape next = made(layer).outputShape(shape);
                boolean isTooSmall = layer.startsWith("whitening") && Math.min(shape.dim(0), shape.dim(1)) < 2; // to adapt to
                if (!isTooSmall && next.size() <= (large ? 4 : 1) * MOST_NUMBERS && next.size() > 0) {
                    made(layer).build(List.of(shape)); // an initializer or a constraint may not fit
                    layers.add(layer);
                    shape = next;
                }
            } catch (IllegalArgumentException e) {
                // It does not fit here: draw another.
            }
        }
        if (shape.rank() > 1) {
            layers.add(shape.rank() == 2 && draws.oneIn(2) ? "global_avg_pool1d" : shape.rank() == 3 && draws.oneIn(2)
                    ? "global_max_pool" : "flatten");
        }
        layers.add(task.head);
        return layers;
    }

    private static Layer made(String text) {
        return new Recipe().layers(text).makeLayers().get(0);
    }

    private String layer(Shape shape) {
        int kind = draws.below(10);
        if (kind < 3) {
            return draws.one(ANYWHERE);
        }
        if (kind == 3) {
            return draws.one(Layers.ACTIVATIONS.names()).toLowerCase(Locale.ROOT).replace("logsoftmax", "softmax");
        }
        return switch (shape.rank()) {
            case 2 -> kind < 7 ? convolution("conv_1d", draws.between(1, 4)) : kind < 9 ? draws.one(STEPS) : dense();
            case 3 -> kind < 8 ? images() : kind < 9 ? draws.one(IMAGES) : dense();
            default -> kind < 9 ? dense() : draws.one(VECTORS);
        };
    }

    private String dense() {
        return "dense(" + draws.between(1, draws.oneIn(8) ? 130 : 24) + kernel("kernel") + ")";
    }

    private String images() {
        return switch (draws.below(8)) {
            case 0 -> "depthwise_conv(" + draws.between(1, 3) + moves() + kernel("depthwise") + ")";
            case 1 -> "separable_conv(" + draws.between(1, 6) + ", " + draws.between(1, 3) + moves() + ")";
            case 2 -> "conv_transpose(" + draws.between(1, 5) + ", " + draws.between(1, 3) + moves() + kernel("kernel") + ")";
            case 3 -> draws.one(IMAGES);
            default -> convolution("conv", draws.between(1, 4));
        };
    }

    private String convolution(String name, int size) {
        return name + "(" + draws.between(1, draws.oneIn(6) ? 40 : 8) + ", " + size + moves()
                + (draws.oneIn(6) ? ", groups=2" : "") + kernel("kernel") + ")";
    }

    private String moves() {
        String padding = draws.one("valid", "same", "same");
        return ", padding=" + padding + draws.one("", "", ", strides=2", ", strides=3", ", dilation_rate=2");
    }

    private String kernel(String weight) {
        StringBuilder text = new StringBuilder();
        text.append(draws.oneIn(2) ? ", activation=" + draws.one("relu", "tanh", "gelu", "sigmoid", "leaky_re_lu", "elu", "silu",
                "softplus", "mish", "hard_silu", "selu", "softmax") : "");
        text.append(draws.oneIn(5) ? ", use_bias=false" : draws.oneIn(8) ? ", bias_regularizer=l2(0.01)" : "");
        text.append(draws.oneIn(4) ? ", " + weight + "_initializer=" + draws.one(INITIALIZERS) : "");
        text.append(draws.oneIn(4) ? ", " + weight + "_regularizer=" + draws.one(REGULARIZERS) : "");
        text.append(draws.oneIn(6) ? ", " + weight + "_constraint=" + draws.one(CONSTRAINTS) : "");
        return text.toString();
    }

    private String optimizer() {
        String optimizer = draws.one(OPTIMIZERS);
        List<String> options = new ArrayList<>();
        for (int some = draws.below(3); some > 0; some--) {
            String option = draws.one(OPTIONS);
            boolean twice = options.stream().anyMatch(other -> stem(other).equals(stem(option)));
            if (!twice && !(option.startsWith("weight_decay") && optimizer.contains("adam_w"))) {
                options.add(option);
            }
        }
        return options.isEmpty() ? optimizer : optimizer.substring(0, optimizer.length() - 1) + ", " + String.join(", ",
                options) + ")";
    }

    /** What only one option may set. */
    private static String stem(String option) {
        return option.contains("clip") ? "clip" : option.substring(0, 4);
    }

    // ------------------------------------------------------------------------------------------------------ to use

    Recipe recipe() {
        return recipe;
    }

    Tensor x() {
        return x;
    }

    /** Whether the inputs are numbers of words, which make no sense if they are not whole. */
    boolean isOfWords() {
        return words;
    }

    Tensor y() {
        return y;
    }

    /** A new net, adapted to the inputs and compiled. */
    Model model() {
        Model model = Models.of(recipe, input);
        Models.adapt(model, () -> x);
        model.compile(recipe, x.dim(0));
        return model;
    }

    /** New ones each time. */
    List<Callback> callbacks() {
        List<Callback> callbacks = new ArrayList<>();
        String loss = recipe.validationSplit() > 0 ? "val_loss" : "loss";
        if (stopping) {
            callbacks.add(new EarlyStopping(loss).patience(1).restoreBestWeights(true));
        }
        if (plateau) {
            callbacks.add(new ReduceLROnPlateau(new Monitor(loss).minDelta(1)).patience(1).factor(0.5));
        }
        return callbacks;
    }

    @Override
    public String toString() {
        return recipe + " of " + x.shape() + (stopping ? ", stopped early" : "") + (plateau ? ", lower rate on a plateau" : "");
    }
}

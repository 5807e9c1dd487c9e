package beras.saving.keras;

import beras.config.Config;
import beras.config.Registry;
import beras.constraints.Constraints;
import beras.initializers.Initializers;
import beras.layers.Layers;
import beras.losses.Losses;
import beras.metrics.Metrics;
import beras.models.Models;
import beras.optimizers.Optimizers;
import beras.optimizers.Schedules;
import beras.regularizers.Regularizers;
import com.google.gson.JsonElement;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Differences between the names of BERAS and Keras, the types that only one of them has, and Keras's settings without an
 * effect, for reading and writing. All other names follow from the letter case.
 */
final class KerasNames {

    /** Whatever the value is, it does not matter here. */
    private static final String ANY = "*";

    /** The classes of models. */
    static final Set<String> MODELS = new TreeSet<>(Set.of("Functional", "Sequential"));

    /** The argument of a call of attention. */
    static final String CAUSAL = "use_causal_mask";

    /** Layers that take a list of inputs. */
    static final Set<String> MERGES = Set.of("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract");

    /** How Keras computes a cross-entropy of probabilities. */
    static final Map<String, Object> RULE = Map.of("normalize", true, "epsilon", 1e-7f);

    /** Activations that are layers there, too. */
    static final Set<String> ACTIVATION_LAYERS = Set.of("ReLU", "LeakyReLU", "ELU", "Softmax");

    /** The types that Keras does not have, by kind. */
    private static final Set<String> NONE = Set.of("LAYER.Columns", "LAYER.HorizontalFlip", "LAYER.PositionEmbedding",
            "LAYER.TransformerBlock",
            "LOSS.Quantile", "METRIC.BalancedAccuracy", "METRIC.BrierScore", "METRIC.Huber", "METRIC.LogCosh", "METRIC.Quantile",
            "SCHEDULE.OneCycle");

    /** Settings that Keras does not have; the seed is written by itself. */
    static final Set<String> OWN_SETTINGS = Set.of("name", "seed", "inputs", "form");

    /** Settings of layers that are an argument of calls there, or always so. */
    static final Set<String> NOT_WRITTEN = Set.of("useCausalMask", "takesMasks");

    /** Lists of four numbers that Keras has in pairs: top and bottom, left and right. */
    static final Set<String> EDGES = Set.of("padding", "cropping");

    /** Layers whose activation is tanh or a sigmoid by default. */
    private static final Set<String> RECURRENT = Set.of("GRU", "LSTM", "SimpleRNN");

    private static final Set<String> OF_LAST_AXIS = Set.of("BatchNormalization", "GroupNormalization", "LayerNormalization",
            "LogSoftmax", "Normalization", "RMSNormalization", "Softmax", "UnitNormalization");

    /** The kinds of parts of a model. */
    enum Kind {
        LAYER("layer", "layers", Layers.REGISTRY),
        INITIALIZER("initializer", "initializers", Initializers.REGISTRY),
        REGULARIZER("regularizer", "regularizers", Regularizers.REGISTRY),
        CONSTRAINT("constraint", "constraints", Constraints.REGISTRY),
        LOSS("loss", "losses", Losses.REGISTRY),
        METRIC("metric", "metrics", Metrics.REGISTRY),
        OPTIMIZER("optimizer", "optimizers", Optimizers.REGISTRY),
        SCHEDULE("schedule", "optimizers.schedules", Schedules.REGISTRY);

        final String word;
        final String module;
        final Registry<?> registry;

        Kind(String word, String module, Registry<?> registry) {
            this.word = word;
            this.module = "keras." + module;
            this.registry = registry;
        }

        boolean has(String type) {
            return registry.has(type) || this == METRIC && Losses.REGISTRY.has(type);
        }
    }

    /** The setting that any layer may have. */
    static final String ACTIVITY_REGULARIZER = "activity_regularizer";

    /** Functions with another name here, or with other settings than the layer's. */
    static final Map<String, Config> FUNCTIONS = Map.of("leaky_relu", Config.of("LeakyReLU").with("alpha", 0.2f),
            "relu6", Config.of("ReLU").with("maxValue", 6f));

    /** Keras's name of the function of an activation. */
    static String function(String type) {
        return switch (type) {
            case "SquarePlus" -> "squareplus";
            case "HardSiLU" -> "hard_silu";
            default -> type.endsWith("LU") ? type.toLowerCase(Locale.ROOT) : Models.snakeCase(type);
        };
    }

    /** Layers that have a seed there, too. */
    static final Set<String> SEEDED = Set.of("AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise",
            "Attention", "GRU", "LSTM", "MultiHeadAttention", "SimpleRNN", "SpatialDropout1D", "SpatialDropout2D");

    private static final Map<String, String> TYPES = Map.of("InputLayer", "Input", "NonNeg", "NonNegative", "RMSprop", "RMSProp");

    private static final Map<String, String> SETTINGS = Map.of("LeakyReLU.negative_slope", "alpha",
            "LeakyRelu.negative_slope", "alpha"); // the layer, and the operation

    /** Values in JSON with which a setting changes nothing, by class and setting, kind and setting, or setting; null never does. */
    private static final Map<String, Set<String>> NEUTRAL = new HashMap<>();

    static {
        neutral(Set.of(ANY), "LAYER.trainable", "dtype"); // which KerasParts reads, or refuses
        neutral(Set.of(ANY), "INITIALIZER.seed", "LOSS.name", "OPTIMIZER.name", "SCHEDULE.name", "renorm_momentum");
        neutral(Set.of("false"), "renorm", "rms_scaling", "return_state", "stateful", "use_gate", "invert", "multi_label",
                "METRIC.from_logits");
        neutral(Set.of("false", "true"), "synchronized", "unroll"); // over several devices, and the order of work
        neutral(Set.of("0", "0.0"), "ReLU.negative_slope", "ReLU.threshold", "Ftrl.l2_shrinkage_regularization_strength");
        neutral(Set.of("-0.5"), "Ftrl.learning_rate_power");
        neutral(Set.of("-1"), "Concatenate.axis", "LOSS.axis", "METRIC.axis");
        neutral(Set.of(), "Dice.axis", "Tversky.axis"); // whose default is all
        neutral(Set.of("[1]"), "attention_axes"); // which it fills in
        neutral(Set.of("\"channels_last\""), "data_format");
        neutral(Set.of("\"sum_over_batch_size\"", "\"mean\""), "reduction"); // the same by two names
    }

    private static void neutral(Set<String> values, String... settings) {
        List.of(settings).forEach(setting -> NEUTRAL.put(setting, values));
    }

    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");
    private static final Pattern BETA = Pattern.compile("^beta([12])$");
    private static final Pattern WORDS = Pattern.compile("_([a-z0-9])");

    /** BERAS's name of a type. */
    static String type(String className) {
        return TYPES.getOrDefault(className, className);
    }

    /** BERAS's name of a setting. */
    static String setting(String className, String setting) {
        String known = SETTINGS.get(className + "." + setting);
        return known != null ? known : WORDS.matcher(setting).replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
    }

    /** Keras's name of a type. */
    static String className(Kind kind, String type) {
        return TYPES.entrySet().stream().filter(entry -> entry.getValue().equals(type)).map(Map.Entry::getKey).findFirst()
                .orElseGet(() -> kind == Kind.LOSS || kind == Kind.METRIC ? type.replace("CrossEntropy", "Crossentropy") : type);
    }

    /** Keras's name of a setting. */
    static String kerasSetting(String className, String setting) {
        for (Map.Entry<String, String> entry : SETTINGS.entrySet()) {
            if (entry.getKey().startsWith(className + ".") && entry.getValue().equals(setting)) {
                return entry.getKey().substring(className.length() + 1);
            }
        }
        return setting.equals("schedule") ? "learning_rate" : BETA.matcher(CAPITAL.matcher(setting)
                .replaceAll(letter -> "_" + letter.group().toLowerCase(Locale.ROOT))).replaceAll("beta_$1");
    }

    /** The kind of object that a setting of this name holds, in either spelling; null if it is no object. */
    static Kind kindOf(String setting) {
        String name = setting.toLowerCase(Locale.ROOT);
        return name.endsWith("initializer") ? Kind.INITIALIZER : name.endsWith("regularizer") ? Kind.REGULARIZER
                : name.endsWith("constraint") ? Kind.CONSTRAINT
                : name.equals("learning_rate") || name.equals("schedule") ? Kind.SCHEDULE : null;
    }

    /** Whether layers of a class here work along the last axis alone. */
    static boolean isOfLastAxis(Kind kind, String className) {
        return kind == Kind.LAYER && OF_LAST_AXIS.contains(className);
    }

    /** Whether Keras does not have a type. */
    static boolean isNone(Kind kind, String type) {
        return NONE.contains(kind + "." + type);
    }

    /** The config that was read, with the settings that Keras's JSON leaves implicit. */
    static Config withDefaults(Kind kind, Config config) {
        Config made = config;
        if (kind == Kind.OPTIMIZER && Set.of("Adam", "RMSProp").contains(config.type())) {
            made = made.with("form", "keras");
        } else if (kind == Kind.LOSS && Losses.REGISTRY.has(config.type())
                && Losses.REGISTRY.of(config).config().type().equals("CategoricalCrossEntropy")) {
            for (Map.Entry<String, Object> setting : RULE.entrySet()) {
                made = made.with(setting.getKey(), setting.getValue());
            }
        }
        return made;
    }

    /** Whether a setting with this value is as if it were not there. */
    static boolean isNeutral(Kind kind, String className, String setting, JsonElement value) {
        String json = value.toString();
        if (setting.endsWith("activation") && (value.isJsonNull() || json.equals("\"linear\""))) {
            return !RECURRENT.contains(className);
        }
        if (value.isJsonNull() || setting.equals("seed") && value.isJsonObject() && kind == Kind.LAYER
                || setting.equals("axis") && isOfLastAxis(kind, className)) {
            return true;
        }
        for (String key : new String[] {className + "." + setting, kind + "." + setting, setting}) {
            Set<String> values = NEUTRAL.get(key);
            if (values != null) { // the first value alone matches
                return values.contains(ANY) || values.contains(json);
            }
        }
        return false;
    }

    private KerasNames() {}
}

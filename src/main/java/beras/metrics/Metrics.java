package beras.metrics;

import beras.config.Config;
import beras.config.Registry;
import beras.losses.Losses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All metrics by name: Keras's names and short names, such as {@code accuracy} and {@code mae}. Every loss is a metric too, see
 * {@link LossMetric}. A setting {@code name} of a config is the name under which the metric is reported.
 */
public final class Metrics {

    /** The default threshold between no and yes. */
    static final float THRESHOLD = 0.5f;

    private static final String NAME = "name";

    private static final Registry<Metric> REGISTRY = new Registry<Metric>("a metric", Metrics::make)
            .add("CategoricalAccuracy", "accuracy", "acc")
            .add("SparseCategoricalAccuracy")
            .add("BinaryAccuracy")
            .add("TopKCategoricalAccuracy")
            .add("SparseTopKCategoricalAccuracy")
            .add("Precision")
            .add("Recall")
            .add("F1Score", "f1")
            .add("AUC")
            .add("RootMeanSquaredError", "rmse")
            .add("R2Score", "r2");

    private static Metric make(Config config) {
        return switch (config.type()) {
            case "CategoricalAccuracy" -> config.plain(CategoricalAccuracy::new);
            case "SparseCategoricalAccuracy" -> config.plain(SparseCategoricalAccuracy::new);
            case "BinaryAccuracy" -> new BinaryAccuracy(config.requireOnly("threshold").real("threshold", THRESHOLD));
            case "TopKCategoricalAccuracy" -> new TopKCategoricalAccuracy(k(config));
            case "SparseTopKCategoricalAccuracy" -> new SparseTopKCategoricalAccuracy(k(config));
            case "Precision" -> positives(Precision::new, config);
            case "Recall" -> positives(Recall::new, config);
            case "F1Score" -> f1Score(config);
            case "AUC" -> auc(config);
            case "RootMeanSquaredError" -> config.plain(RootMeanSquaredError::new);
            case "R2Score" -> r2Score(config);
            default -> throw new AssertionError(config);
        };
    }

    private static int k(Config config) {
        return config.requireOnly("k").integer("k", TopKMetric.DEFAULT_K);
    }

    /** The constructor of {@link Precision} or {@link Recall}. */
    private interface PositiveMaker {
        Metric make(float[] thresholds, Integer topK, Integer classId);
    }

    private static Metric positives(PositiveMaker maker, Config config) {
        config.requireOnly("thresholds", "topK", "classId");
        double[] numbers = config.numbers("thresholds");
        float[] thresholds = new float[numbers.length];
        for (int i = 0; i < thresholds.length; i++) {
            thresholds[i] = (float) numbers[i];
        }
        return maker.make(thresholds, config.has("topK") ? config.integer("topK") : null,
                config.has("classId") ? config.integer("classId") : null);
    }

    private static Metric f1Score(Config config) {
        config.requireOnly("average", "threshold");
        return new F1Score(choice(config, "average", F1Score.Average.NONE),
                config.has("threshold") ? config.real("threshold", THRESHOLD) : null);
    }

    private static Metric auc(Config config) {
        config.requireOnly("numThresholds", "curve", "summationMethod");
        return new AUC(config.integer("numThresholds", AUC.DEFAULT_THRESHOLDS), choice(config, "curve", AUC.Curve.ROC),
                choice(config, "summationMethod", AUC.Summation.INTERPOLATION));
    }

    private static Metric r2Score(Config config) {
        config.requireOnly("classAggregation", "numRegressors");
        return new R2Score(choice(config, "classAggregation", R2Score.Aggregation.UNIFORM_AVERAGE),
                config.integer("numRegressors", 0));
    }

    /** A setting that is one of some words; {@code otherwise} if absent. */
    private static <E extends Enum<E>> E choice(Config config, String name, E otherwise) {
        String word = config.text(name, otherwise.name());
        for (E value : otherwise.getDeclaringClass().getEnumConstants()) {
            if (value.name().equals(word.toUpperCase(Locale.ROOT))) {
                return value;
            }
        }
        throw new IllegalArgumentException(config.type() + ": " + name + " must be one of "
                + Arrays.toString(otherwise.getDeclaringClass().getEnumConstants()) + ". Received: " + word);
    }

    // -------------------------------------------------------------------------------------------------- by name

    /**
     * A metric, or a loss as a metric, by name, with default settings.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Metric of(String name) {
        return of(Config.of(name));
    }

    /**
     * A metric by its {@linkplain Metric#config config}.
     *
     * @throws IllegalArgumentException if there is no such metric, or a setting is wrong
     */
    public static Metric of(Config config) {
        if (!config.has(NAME)) {
            return unnamed(config);
        }
        Config rest = Config.of(config.type());
        for (Map.Entry<String, Object> setting : config.values().entrySet()) {
            rest = setting.getKey().equals(NAME) ? rest : rest.with(setting.getKey(), setting.getValue());
        }
        return unnamed(rest).named(config.text(NAME));
    }

    private static Metric unnamed(Config config) {
        if (REGISTRY.has(config.type())) {
            return REGISTRY.of(config);
        }
        if (Losses.has(config.type())) {
            return new LossMetric(Losses.of(config));
        }
        throw new IllegalArgumentException("There is no such name for a metric. Received: " + config.type() + ". Known: "
                + String.join(", ", names()));
    }

    /** The names of all metrics, and of all losses. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(REGISTRY.names());
        names.addAll(Losses.names());
        return List.copyOf(names);
    }

    // ------------------------------------------------------------------------------------------- checks of others

    static float requireThreshold(String who, float threshold) {
        if (!Float.isFinite(threshold)) {
            throw new IllegalArgumentException("A threshold of " + who + " must be finite. Received: " + threshold);
        }
        return threshold;
    }

    static void requireWidth(String who, int expected, int width) {
        if (width != expected) {
            throw new IllegalArgumentException(
                    who + " needs batches of one width, " + expected + " since the first. Received: " + width);
        }
    }

    private Metrics() {}
}

package beras.optimizers;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;
import java.util.stream.Stream;

/**
 * Optimizers by name, with Keras's learning rates as defaults.
 *
 * <p>{@code Adam} and {@code RMSProp} are those of the assignment; with the setting {@code form=keras} they are Keras's.
 */
public final class Optimizers {

    private static final Registry<Optimizer> REGISTRY = new Registry<Optimizer>("an optimizer", Optimizers::make)
            .add("SGD")
            .add("RMSProp")
            .add("Adam")
            .add("AdamW")
            .add("Nadam")
            .add("Adamax")
            .add("Adagrad")
            .add("Adadelta")
            .add("Lion");

    private static Optimizer make(Config config) {
        return switch (config.type()) {
            case "SGD" -> sgd(config);
            case "RMSProp" -> rmsProp(config);
            case "Adam" -> adam(config);
            case "AdamW" -> adamW(config);
            case "Nadam" -> nadam(config);
            case "Adamax" -> adamax(config);
            case "Adagrad" -> adagrad(config);
            case "Adadelta" -> adadelta(config);
            case "Lion" -> lion(config);
            default -> throw new AssertionError(config);
        };
    }

    /** The settings of all optimizers. */
    private static final List<String> COMMON = List.of("learningRate", "schedule", "clipnorm", "clipvalue", "globalClipnorm",
            "gradientAccumulationSteps", "lossScaleFactor", "weightDecay", "excludeFromWeightDecay", "emaMomentum",
            "emaOverwriteFrequency");

    private static Optimizer sgd(Config c) {
        requireOnly(c, "momentum", "nesterov");
        return withOptions(c, new SGD(rate(c, 0.01f), c.real("momentum", 0f), c.flag("nesterov", false)));
    }

    private static Optimizer rmsProp(Config c) {
        if (isKeras(c)) {
            requireOnly(c, "form", "rho", "momentum", "epsilon", "centered");
            return withOptions(c, RMSProp.keras(rate(c, 0.001f), c.number("rho", 0.9), c.real("momentum", 0f),
                    c.real("epsilon", 1e-7f), c.flag("centered", false)));
        }
        requireOnly(c, "form", "beta", "epsilon");
        return withOptions(c, new RMSProp(rate(c, 0.001f), c.number("beta", 0.9), c.real("epsilon", 1e-6f)));
    }

    private static Optimizer adam(Config c) {
        requireOnly(c, "form", "beta1", "beta2", "epsilon", "amsgrad");
        float rate = rate(c, 0.001f);
        double beta1 = c.number("beta1", 0.9);
        double beta2 = c.number("beta2", 0.999);
        float epsilon = c.real("epsilon", 1e-7f);
        boolean amsgrad = c.flag("amsgrad", false);
        return withOptions(c, isKeras(c) ? Adam.keras(rate, beta1, beta2, epsilon, amsgrad)
                : new Adam(rate, beta1, beta2, epsilon, amsgrad));
    }

    private static Optimizer adamW(Config c) {
        requireOnly(c, "beta1", "beta2", "epsilon", "amsgrad");
        return withOptions(c, new AdamW(rate(c, 0.001f), c.number("weightDecay", 0.004), c.number("beta1", 0.9),
                c.number("beta2", 0.999), c.real("epsilon", 1e-7f), c.flag("amsgrad", false)));
    }

    private static Optimizer nadam(Config c) {
        requireOnly(c, "beta1", "beta2", "epsilon");
        return withOptions(c, new Nadam(rate(c, 0.001f), c.number("beta1", 0.9), c.number("beta2", 0.999),
                c.real("epsilon", 1e-7f)));
    }

    private static Optimizer adamax(Config c) {
        requireOnly(c, "beta1", "beta2", "epsilon");
        return withOptions(c, new Adamax(rate(c, 0.001f), c.number("beta1", 0.9), c.number("beta2", 0.999),
                c.real("epsilon", 1e-7f)));
    }

    private static Optimizer adagrad(Config c) {
        requireOnly(c, "initialAccumulatorValue", "epsilon");
        return withOptions(c, new Adagrad(rate(c, 0.001f), c.number("initialAccumulatorValue", 0.1), c.real("epsilon", 1e-7f)));
    }

    private static Optimizer adadelta(Config c) {
        requireOnly(c, "rho", "epsilon");
        return withOptions(c, new Adadelta(rate(c, 0.001f), c.number("rho", 0.95), c.real("epsilon", 1e-7f)));
    }

    private static Optimizer lion(Config c) {
        requireOnly(c, "beta1", "beta2");
        return withOptions(c, new Lion(rate(c, 0.001f), c.number("beta1", 0.9), c.number("beta2", 0.99)));
    }

    private static void requireOnly(Config c, String... own) {
        c.requireOnly(Stream.concat(Stream.of(own), COMMON.stream()).toArray(String[]::new));
    }

    private static float rate(Config c, float otherwise) {
        if (c.has("learningRate") && c.has("schedule")) {
            throw new IllegalArgumentException(c.type() + " has a learningRate or a schedule. Received both: " + c);
        }
        return c.real("learningRate", otherwise);
    }

    private static boolean isKeras(Config c) {
        String form = c.text("form", "assignment");
        if (!List.of("assignment", "keras").contains(form)) {
            throw new IllegalArgumentException(c.type() + ": form must be assignment or keras. Received: " + form);
        }
        return form.equals("keras");
    }

    private static Optimizer withOptions(Config c, Optimizer optimizer) {
        if (c.has("schedule")) {
            optimizer.schedule(Schedules.of(c.config("schedule")));
        }
        if (c.has("clipnorm")) {
            optimizer.clipNorm((float) c.number("clipnorm"));
        }
        if (c.has("clipvalue")) {
            optimizer.clipValue((float) c.number("clipvalue"));
        }
        if (c.has("globalClipnorm")) {
            optimizer.globalClipNorm((float) c.number("globalClipnorm"));
        }
        if (c.has("gradientAccumulationSteps")) {
            optimizer.gradientAccumulation(c.integer("gradientAccumulationSteps"));
        }
        if (c.has("lossScaleFactor")) {
            optimizer.lossScale((float) c.number("lossScaleFactor"));
        }
        if (c.has("weightDecay")) {
            optimizer.weightDecay(c.number("weightDecay"));
        }
        optimizer.excludeFromWeightDecay(c.list("excludeFromWeightDecay").stream().map(String::valueOf).toArray(String[]::new));
        if (c.has("emaOverwriteFrequency")) {
            optimizer.ema(c.number("emaMomentum"), c.integer("emaOverwriteFrequency"));
        } else if (c.has("emaMomentum")) {
            optimizer.ema(c.number("emaMomentum"));
        }
        return optimizer;
    }

    /**
     * The optimizer of this name with default settings, such as {@code "adam"}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Optimizer of(String name) {
        return REGISTRY.of(name);
    }

    /**
     * The optimizer of this type and settings.
     *
     * @throws IllegalArgumentException if there is no such type, or a setting is wrong
     */
    public static Optimizer of(Config config) {
        return REGISTRY.of(config);
    }

    /** The names of all optimizers. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    private Optimizers() {}
}

package beras.cli;

import beras.config.Config;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.optimizers.RMSProp;
import beras.optimizers.SGD;
import java.util.List;
import java.util.Locale;

/** An optimizer by the name it has on the command line. */
final class OptimizerChoice {

    private final String name;

    private OptimizerChoice(String name) {
        this.name = name;
    }

    /**
     * @throws IllegalArgumentException if there is no optimizer of this name
     */
    static OptimizerChoice of(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (!isUsual(name)) {
            List<String> names = Optimizers.names().stream().map(known -> known.toLowerCase(Locale.ROOT)).toList();
            if (!names.contains(name)) {
                throw new IllegalArgumentException("an optimizer is one of " + String.join(", ", names)
                        + ". Received: " + text);
            }
        }
        return new OptimizerChoice(name);
    }

    /** Those that need no registry, which would have to be loaded first. */
    private static boolean isUsual(String name) {
        return name.equals("adam") || name.equals("rmsprop") || name.equals("sgd");
    }

    /** The learning rate for those who name none. */
    float defaultRate() {
        return switch (name) {
            case "adam" -> TrainDefaults.ADAM_RATE;
            case "sgd" -> TrainDefaults.SGD_RATE;
            default -> TrainDefaults.OTHER_RATE;
        };
    }

    /**
     * @throws IllegalArgumentException if the rate is not finite or not above 0
     */
    Optimizer make(float learningRate) {
        return switch (name) {
            case "adam" -> new Adam(learningRate);
            case "rmsprop" -> new RMSProp(learningRate);
            case "sgd" -> new SGD(learningRate);
            default -> Optimizers.of(Config.of(name).with("learningRate", learningRate));
        };
    }

    @Override
    public String toString() {
        return name;
    }
}

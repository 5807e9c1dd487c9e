package beras.cli;

import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.RMSProp;
import beras.optimizers.SGD;
import java.util.Locale;
import java.util.function.Function;

/** The optimizers by the names they have on the command line. */
enum OptimizerChoice {

    ADAM(TrainDefaults.ADAM_RATE, Adam::new),
    RMSPROP(TrainDefaults.RMSPROP_RATE, RMSProp::new),
    SGD(TrainDefaults.SGD_RATE, SGD::new);

    private final float defaultRate;
    private final Function<Float, Optimizer> make;

    OptimizerChoice(float defaultRate, Function<Float, Optimizer> make) {
        this.defaultRate = defaultRate;
        this.make = make;
    }

    /**
     * @throws IllegalArgumentException if there is no optimizer of this name
     */
    static OptimizerChoice of(String name) {
        for (OptimizerChoice choice : values()) {
            if (choice.toString().equals(name.toLowerCase(Locale.ROOT))) {
                return choice;
            }
        }
        throw new IllegalArgumentException("an optimizer is adam, rmsprop or sgd. Received: " + name);
    }

    /** The learning rate for those who name none. */
    float defaultRate() {
        return defaultRate;
    }

    /**
     * @throws IllegalArgumentException if the rate is not finite or not above 0
     */
    Optimizer make(float learningRate) {
        return make.apply(learningRate);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

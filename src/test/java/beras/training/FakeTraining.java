package beras.training;

import beras.layers.Layer;
import beras.models.Model;
import beras.optimizers.Optimizer;
import beras.optimizers.SGD;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A training that does nothing by itself, for driving callbacks by hand. */
public final class FakeTraining implements Training {

    private final int epochs;
    private final Trainable net;
    private final Optimizer optimizer = new SGD(1f);
    private final Map<String, Mode> modes = new LinkedHashMap<>();
    private OptionalInt resumedEpoch = OptionalInt.empty();
    private final List<String> warnings = new ArrayList<>();
    private boolean stopping;

    /** Of a net that has weights and does nothing. */
    public FakeTraining(int epochs, Variable... weights) {
        this(epochs, new Weights(List.of(weights)));
    }

    /** Of this model. */
    public FakeTraining(int epochs, Model model) {
        this(epochs, (Trainable) model);
    }

    private FakeTraining(int epochs, Trainable net) {
        this.epochs = epochs;
        this.net = net;
        with("loss", "val_loss");
        modes.replaceAll((name, mode) -> Mode.MIN);
        with("accuracy", "val_accuracy", LEARNING_RATE);
    }

    private static final class Weights implements Trainable {

        private final List<Variable> weights;

        Weights(List<Variable> weights) {
            this.weights = weights;
        }

        @Override
        public List<Variable> weights() {
            return weights;
        }

        @Override
        public List<Layer> layers() {
            return List.of();
        }

        @Override
        public List<Shape> inputShapes() {
            return List.of();
        }

        @Override
        public List<Shape> outputShapes() {
            return List.of();
        }

        @Override
        public List<String> outputNames() {
            return List.of();
        }

        @Override
        public Tensor[] run(Tensor... inputs) {
            return inputs;
        }
    }

    /** With numbers of these names in the logs, which do not tell which way they improve. */
    public FakeTraining with(String... names) {
        for (String name : names) {
            modes.putIfAbsent(name, Mode.AUTO);
        }
        return this;
    }

    /** As one that goes on with this epoch. */
    public FakeTraining resumed(int epoch) {
        resumedEpoch = OptionalInt.of(epoch);
        return this;
    }

    /** Logs of these names and numbers in turn, after 2 seconds. */
    public static Logs logs(Object... namesAndNumbers) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndNumbers.length; i += 2) {
            values.put((String) namesAndNumbers[i], ((Number) namesAndNumbers[i + 1]).doubleValue());
        }
        return new Logs(values, 2);
    }

    /** A whole training: epochs of one batch that end with these values of one number; gives how many there were. */
    static int run(FakeTraining training, Callback callback, String name, double... values) {
        callback.onTrainBegin(training.with(name));
        int epoch = 0;
        while (epoch < values.length && !training.stopping()) {
            Logs logs = logs(name, values[epoch]);
            callback.onEpochBegin(epoch, 1);
            callback.onBatchBegin(0);
            callback.onBatchEnd(0, logs);
            callback.onEpochEnd(epoch, logs);
            epoch++;
        }
        callback.onTrainEnd(Outcome.of(Outcome.Kind.FINISHED));
        return epoch;
    }

    static int run(Callback callback, String name, double... values) {
        return run(new FakeTraining(values.length), callback, name, values);
    }

    /** What it was warned of. */
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public void warn(String warning) {
        warnings.add(warning);
    }

    @Override
    public Trainable net() {
        return net;
    }

    @Override
    public Optimizer optimizer() {
        return optimizer;
    }

    @Override
    public int epochs() {
        return epochs;
    }

    @Override
    public OptionalInt resumedEpoch() {
        return resumedEpoch;
    }

    @Override
    public Map<String, Mode> modes() {
        return modes;
    }

    @Override
    public void announce(String name, Mode mode) {
        modes.put(name, mode);
    }

    @Override
    public void log(String name, double value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public void stopAfterEpoch() {
        stopping = true;
    }

    @Override
    public void interrupt() {
        stopping = true;
    }

    @Override
    public boolean stopping() {
        return stopping;
    }

    @Override
    public TrainingState state() {
        throw new UnsupportedOperationException();
    }

    static Logs logs(List<String> names, double[] numbers, double seconds) {
        Map<String, Double> values = new LinkedHashMap<>();
        names.forEach(name -> values.put(name, numbers[values.size()]));
        return new Logs(values, seconds);
    }
}

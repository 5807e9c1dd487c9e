package beras.training;

import beras.optimizers.Optimizer;
import beras.optimizers.SGD;
import beras.tensor.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A training without a model, for driving callbacks by hand. */
public final class FakeTraining implements Training {

    private final int epochs;
    private final List<Variable> weights;
    private final Optimizer optimizer = new SGD(1f);
    private boolean stopping;

    public FakeTraining(int epochs, Variable... weights) {
        this.epochs = epochs;
        this.weights = List.of(weights);
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
    static int run(Training training, Callback callback, String name, double... values) {
        callback.onTrainBegin(training);
        int epoch = 0;
        while (epoch < values.length && !training.stopping()) {
            Logs logs = logs(name, values[epoch]);
            callback.onEpochBegin(epoch, 1);
            callback.onBatchEnd(0, logs);
            callback.onEpochEnd(epoch, logs);
            epoch++;
        }
        callback.onTrainEnd();
        return epoch;
    }

    static int run(Callback callback, String name, double... values) {
        return run(new FakeTraining(values.length), callback, name, values);
    }

    @Override
    public List<Variable> weights() {
        return weights;
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
    public void stop() {
        stopping = true;
    }

    @Override
    public boolean stopping() {
        return stopping;
    }
}

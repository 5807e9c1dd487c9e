package beras.training;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adds the learning rate to the logs of an epoch: that of its last batch, whether or not a callback that comes before has
 * changed it for the next epoch.
 */
public final class RatedLogs {

    private static final String LEARNING_RATE = "learning_rate";

    private Training training;
    private float rate;

    public void onTrainBegin(Training begun) {
        training = begun;
    }

    public void onBatchEnd() {
        rate = training.optimizer().learningRate();
    }

    /** The numbers of the logs and {@code learning_rate}, in this order. */
    public Map<String, Double> values(Logs logs) {
        Map<String, Double> values = new LinkedHashMap<>(logs.values());
        values.putIfAbsent(LEARNING_RATE, Double.valueOf(Float.toString(rate))); // 0.001, not 0.0010000000474974513
        return values;
    }
}

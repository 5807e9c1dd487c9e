package beras.spark;

import beras.config.Config;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.TrainingState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of the epoch with the smallest validation loss, and early stopping: as {@link beras.training.EarlyStopping},
 * which needs {@code fit}.
 */
final class BestEpoch {

    private static final String TYPE = "BestEpoch";

    private final List<Variable> weights;
    private final int patience;
    private double best = Double.NaN;
    private int epoch = -1;
    private int wait; // epochs since the best one
    private List<Tensor> bestWeights = List.of();

    /** @param patience after how many epochs without a smaller loss training ends, at least 1 */
    BestEpoch(List<Variable> weights, int patience) {
        this.weights = weights;
        this.patience = patience;
    }

    /** Takes in the loss of an epoch, counted from 0, at the weights that there are now. NaN is worse than any number. */
    void end(int number, double loss) {
        if (loss < best || Double.isNaN(best) && !Double.isNaN(loss)) {
            best = loss;
            epoch = number;
            wait = 0;
            bestWeights = copies();
        } else {
            wait++;
        }
    }

    private List<Tensor> copies() {
        List<Tensor> copies = new ArrayList<>();
        weights.forEach(weight -> copies.add(weight.copy()));
        return copies;
    }

    /** Whether training is to end. */
    boolean isEnough() {
        return wait >= patience;
    }

    /** Restores the weights of the best epoch in the network, if there is one. */
    void restoreWeights() {
        for (int i = 0; i < bestWeights.size(); i++) {
            weights.get(i).assign(bestWeights.get(i));
        }
    }

    /** The best epoch so far, counted from 0; -1 if there is none. */
    int number() {
        return epoch;
    }

    /** The state to resume from. */
    TrainingState state() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < bestWeights.size(); i++) {
            tensors.put(Integer.toString(i), bestWeights.get(i));
        }
        return new TrainingState(Config.of(TYPE).with("best", TrainingState.setting(best)).with("epoch", epoch)
                .with("wait", wait), tensors);
    }

    /** Resumes from a {@link #state}. */
    void restore(TrainingState state) {
        best = TrainingState.number(state.config().values().get("best"));
        epoch = state.config().integer("epoch");
        wait = state.config().integer("wait");
        bestWeights = new ArrayList<>();
        for (int i = 0; i < weights.size() && epoch >= 0; i++) {
            bestWeights.add(state.tensors().get(Integer.toString(i)));
        }
    }
}

package beras.training;

import beras.config.Arguments;
import beras.config.Config;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stops training when a number of the logs has not improved for some epochs, and may restore the best weights.
 *
 * <pre>{@code
 * new EarlyStopping(new Monitor("val_loss").minDelta(0.001)).patience(3).restoreBestWeights(true)
 * }</pre>
 */
public final class EarlyStopping implements Callback {

    private final Monitor monitor;
    private int patience;
    private boolean restoreBestWeights;

    private Training training;
    private int wait;
    private int stoppedEpoch = -1;
    private int bestEpoch = -1;
    private List<Tensor> bestWeights = List.of(); // none: they are not kept

    /**
     * Stops after the first epoch that is not better than all before.
     *
     * @param monitor the name of a number in the logs, such as {@code val_loss}
     * @throws IllegalArgumentException if the name is blank
     */
    public EarlyStopping(String monitor) {
        this(new Monitor(monitor));
    }

    /** As {@link #EarlyStopping(String)}; the monitor defines an improvement. */
    public EarlyStopping(Monitor monitor) {
        this.monitor = monitor;
    }

    /**
     * How many epochs in a row may bring no improvement; the last of them ends training, but not the first epoch. Default 0, which is the same
     * as 1.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public EarlyStopping patience(int epochs) {
        patience = Arguments.atLeast(0, "patience", epochs);
        return this;
    }

    /**
     * Whether to restore all weights, also frozen ones and state, of the best epoch when training ends, however it ends;
     * default false. They are kept in memory until then. If the optimizer keeps averages of the weights, the weights that were
     * measured are restored, not the averages, as in Keras.
     */
    public EarlyStopping restoreBestWeights(boolean value) {
        restoreBestWeights = value;
        return this;
    }

    /**
     * @throws IllegalArgumentException if the logs will not have the monitored metric, or its direction of improvement is
     *     unknown
     */
    @Override
    public void onTrainBegin(Training begun) {
        monitor.begin(begun);
        training = begun;
        wait = 0;
        stoppedEpoch = -1;
        bestEpoch = -1;
        bestWeights = List.of();
    }

    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        wait++;
        if (monitor.improves(monitor.value(logs))) {
            bestEpoch = epoch;
            wait = 0;
            if (restoreBestWeights) {
                bestWeights = training.net().weights().stream().map(Tensor::copy).toList();
            }
        } else if (wait >= patience && epoch > 0) { // as in Keras
            stoppedEpoch = epoch;
            training.stopAfterEpoch();
        }
    }

    @Override
    public void onTrainEnd(Outcome outcome) {
        boolean refused = outcome.kind() == Outcome.Kind.FAILED && outcome.epoch().isEmpty();
        if (!bestWeights.isEmpty() && !refused) {
            List<Variable> weights = training.net().weights();
            try (TrainingLock whole = TrainingLock.ofSaving(weights)) {
                for (int i = 0; i < bestWeights.size(); i++) {
                    weights.get(i).assign(bestWeights.get(i));
                }
            }
        }
        bestWeights = List.of();
    }

    @Override
    public Optional<TrainingState> state() {
        Map<String, Tensor> best = new LinkedHashMap<>();
        for (int i = 0; i < bestWeights.size(); i++) {
            best.put("best." + i, bestWeights.get(i));
        }
        return Optional.of(new TrainingState(Config.of(getClass()).with("wait", wait).with("stoppedEpoch", stoppedEpoch)
                .with("bestEpoch", bestEpoch).with("best", TrainingState.setting(monitor.best())), best));
    }

    @Override
    public void restore(TrainingState state) {
        wait = state.config().integer("wait");
        stoppedEpoch = state.config().integer("stoppedEpoch");
        bestEpoch = state.config().integer("bestEpoch");
        monitor.resume(TrainingState.number(state.config().values().get("best")));
        List<Tensor> best = state.list("best.");
        List<Shape> shapes = training.net().weights().stream().map(Tensor::shape).toList();
        if (!best.isEmpty() && !best.stream().map(Tensor::shape).toList().equals(shapes)) {
            throw new IllegalArgumentException("The best weights must have the shapes of the model's weights, " + shapes
                    + ". Received: " + best.stream().map(Tensor::shape).toList());
        }
        bestWeights = restoreBestWeights ? best : List.of();
    }

    /** The epoch, counted from 0, after which this stopped training; -1 if it did not. */
    public int stoppedEpoch() {
        return stoppedEpoch;
    }

    /** The epoch, counted from 0, with the best value so far; -1 if there is none. */
    public int bestEpoch() {
        return bestEpoch;
    }

    /** The best value so far; NaN if there is none. */
    public double best() {
        return monitor.best();
    }
}

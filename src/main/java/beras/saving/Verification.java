package beras.saving;

import beras.config.Arguments;
import beras.files.Excerpt;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Outcome;
import beras.training.Training;
import beras.training.TrainingState;
import beras.training.WeightChecksums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a training with the one that a model file describes, bit by bit. Who repeats a training gives it as the last callback:
 *
 * <pre>{@code
 * Verification verification = new Verification(ModelFile.load(Path.of("published.beras")));
 * model.fit(examples, options.callbacks(verification)); // the same data, net, options and seed
 * System.out.println(verification.result());
 * }</pre>
 *
 * <p>After each epoch the {@linkplain Logs#weights checksums of the weights} and the numbers are compared with those that the
 * file keeps in its {@link SavedModel#trainingState}, and training ends at the first difference, or where that of the file ended,
 * be it within an epoch. In the end the weights are compared with those of the file, each by itself. Of a file without the state
 * of a training, these alone.
 *
 * <p>The command {@code verify} also makes the training from what the file records, and compares data and recipe before.
 */
public final class Verification implements Callback {

    private final List<Variable> expected; // the weights of the file
    private final List<String> names; // of them
    private final List<Logs> history;
    private final int endEpoch; // how many epochs the training of the file made; -1: not known
    private final int endBatch; // and how many batches of the next
    private final boolean isOnTheWay; // the file was kept before averages or the best weights took the place of the last
    private int epochs = Integer.MAX_VALUE; // to compare

    private Training training;
    private int epoch;
    private int compared;
    private int withChecksums; // of the compared epochs
    private boolean reachedLimit; // all epochs that are to be compared are made
    private boolean reachedEnd; // of the training of the file
    private final List<String> differences = new ArrayList<>();
    private Result result; // null: training has not ended

    /**
     * What a repeated training showed.
     *
     * @param epochs      how many epochs were compared
     * @param withChecksums of how many of them the file keeps the checksums of the weights
     * @param weights     how many weights of the file were compared; 0 if training was not repeated to its end
     * @param differences the first differences in time, one sentence each without a full stop; none if all bits are the same
     */
    public record Result(int epochs, int withChecksums, int weights, List<String> differences) {

        public Result {
            differences = List.copyOf(differences);
        }

        /** Whether all that was compared has the same bits. */
        public boolean isSame() {
            return differences.isEmpty();
        }

        /** Such as {@code Same bits: 5 epochs and 4 weights}. */
        @Override
        public String toString() {
            if (!isSame()) {
                return "Other bits: " + String.join("; ", differences);
            }
            String ofEpochs = epochs == 0 ? "" : count(epochs, "epoch") + (withChecksums == epochs ? "" : " ("
                    + (epochs - withChecksums) + " by their numbers alone, as the file keeps no checksums of the weights)");
            return "Same bits: " + ofEpochs + (epochs > 0 && weights > 0 ? " and " : "")
                    + (weights == 0 && epochs > 0 ? "" : count(weights, "weight"));
        }

        private static String count(int count, String noun) {
            return count + " " + noun + (count == 1 ? "" : "s");
        }
    }

    /** @param saved the model whose training is repeated; it is not changed */
    public Verification(SavedModel saved) {
        this.expected = saved.model().weights();
        this.names = List.copyOf(FormatSupport.weights(saved.model()).keySet());
        Optional<TrainingState> state = saved.trainingState();
        this.history = state.map(TrainingState::history).orElse(List.of());
        String ofCheckpoint = saved.provenance().getOrDefault(ModelCheckpoint.EPOCH, "");
        this.endEpoch = state.isPresent() ? state.get().config().integer("epoch")
                : ofCheckpoint.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(ofCheckpoint) : -1;
        this.endBatch = state.isPresent() ? state.get().config().integer("batch") : 0;
        this.isOnTheWay = endEpoch >= 0 && (state.isEmpty() || FormatSupport.sameWeights(saved.model(), state.get()));
    }

    /**
     * To compare only so many epochs from the first on; then training ends, and the weights of the file are compared only if it
     * made no more. Default: all.
     *
     * @throws IllegalArgumentException if it is less than 1, or so few that nothing would be compared, as the file keeps no epochs
     */
    public Verification epochs(int first) {
        Arguments.atLeast(1, "epochs", first);
        if (history.isEmpty() && (endEpoch < 0 || first < epochsMade())) {
            throw new IllegalArgumentException("A file that keeps no numbers of its epochs is compared when all"
                    + (endEpoch < 0 ? "" : " " + epochsMade()) + " are repeated. Received: " + first);
        }
        epochs = first;
        return this;
    }

    /** How many epochs there are to compare, that in which training ended included; empty if the file does not say. */
    public Optional<Integer> epochsToCompare() {
        return endEpoch < 0 ? Optional.empty() : Optional.of(Math.min(epochs, epochsMade()));
    }

    /** Of the file, that in which training ended included. */
    private int epochsMade() {
        return endEpoch + (endBatch > 0 ? 1 : 0);
    }

    /**
     * What was found, once training has ended.
     *
     * @throws IllegalStateException if it has not
     */
    public Result result() {
        if (result == null) {
            throw new IllegalStateException("What a training shows is known when it has ended: give this as a callback to fit"
                    + " first");
        }
        return result;
    }

    // ------------------------------------------------------------------------------------------------ as a callback

    @Override
    public boolean isLogger() {
        return true; // after those that change numbers or weights
    }

    @Override
    public boolean wantsBatches() {
        return endBatch > 0;
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        compared = 0;
        withChecksums = 0;
        reachedLimit = false;
        reachedEnd = false;
        differences.clear();
        result = null;
        List<? extends Tensor> weights = begun.net().weights();
        for (int i = 0; i < Math.max(weights.size(), names.size()); i++) {
            String received = i < weights.size() ? weights.get(i).shape().toString() : "none";
            String wanted = i < names.size() ? expected.get(i).shape().toString() : "none";
            if (!received.equals(wanted)) {
                throw new IllegalArgumentException("A training is compared with one of a net with the same weights. Expected as"
                        + " weight "
                        + (i + 1) + (i < names.size() ? ", " + names.get(i) : "") + ": " + wanted + ". Received: " + received);
            }
        }
    }

    @Override
    public void onEpochBegin(int begun, int batches) {
        epoch = begun;
    }

    @Override
    public void onBatchEnd(int batch, Logs logs) {
        if (epoch == endEpoch && batch + 1 == endBatch) {
            end();
        }
    }

    @Override
    public void onEpochEnd(int ended, Logs logs) {
        if (ended < history.size() && ended < epochs) {
            compare(ended, history.get(ended), logs);
            compared++;
        }
        if (ended + 1 == endEpoch && endBatch == 0) {
            end();
        }
        reachedLimit |= ended + 1 >= epochs;
        if (reachedLimit || !differences.isEmpty()) {
            training.interrupt();
        }
    }

    private void end() {
        reachedEnd = true;
        if (isOnTheWay && differences.isEmpty()) {
            differences.addAll(weightDifferences());
        }
        training.interrupt();
    }

    /** The weights first: if they differ, the numbers do because of them. */
    private void compare(int ended, Logs before, Logs now) {
        String where = "epoch " + (ended + 1) + ", ";
        if (before.weights().isPresent() && now.weights().isPresent()) {
            withChecksums++;
            WeightChecksums wanted = before.weights().get();
            WeightChecksums received = now.weights().get();
            if (wanted.count() != received.count()) {
                differences.add(where + "the checksums: expected those of " + Result.count(wanted.count(), "weight")
                        + ". Received: "
                        + received.count());
                return;
            }
            List<Integer> others = wanted.differences(received);
            if (!others.isEmpty()) {
                int first = others.get(0);
                differences.add(where + names.get(first) + (others.size() == 1 ? "" : " and " + (others.size() - 1) + " more")
                        + " of "
                        + Result.count(names.size(), "weight") + ": expected the checksum " + wanted.get(first) + ". Received: "
                        + received.get(first));
                return;
            }
        }
        Map<String, Double> wanted = before.values();
        Map<String, Double> received = now.values();
        if (!wanted.keySet().equals(received.keySet())) {
            differences.add(where + "its numbers: expected " + wanted.keySet() + ". Received: " + received.keySet());
            return;
        }
        wanted.forEach((name, value) -> {
            if (Double.doubleToLongBits(value) != Double.doubleToLongBits(received.get(name))) {
                differences.add(where + name + ": expected " + value + ". Received: " + received.get(name));
            }
        });
    }

    @Override
    public void onTrainEnd(Outcome outcome) {
        outcome.cause().ifPresent(cause -> differences.add("epoch " + (outcome.epoch().orElse(epoch) + 1)
                + ": expected no failure. Received: " + Excerpt.message(String.valueOf(cause.getMessage()))));
        if (differences.isEmpty() && !reachedEnd && !reachedLimit && endEpoch >= 0) {
            differences.add("expected a training that ends after " + Result.count(endEpoch, "epoch")
                    + (endBatch == 0 ? "" : " and " + endBatch + " batches of the next") + ". Received: one that " + outcome);
        }
        boolean isWhole = differences.isEmpty() && (reachedEnd || endEpoch < 0);
        if (isWhole && !isOnTheWay) {
            differences.addAll(weightDifferences());
        }
        result = new Result(compared, withChecksums, isWhole ? names.size() : 0, differences);
    }

    /** A sentence for each weight that is not that of the file. */
    private List<String> weightDifferences() {
        List<String> found = new ArrayList<>();
        for (int weight = 0; weight < names.size(); weight++) {
            float[] wanted = expected.get(weight).toArray();
            float[] received = training.net().weights().get(weight).toArray();
            int count = 0;
            int first = -1;
            for (int i = 0; i < wanted.length; i++) {
                if (Float.floatToRawIntBits(wanted[i]) != Float.floatToRawIntBits(received[i])) {
                    first = count == 0 ? i : first;
                    count++;
                }
            }
            if (count > 0) {
                found.add("trained weight " + names.get(weight) + ", element " + first + (count == 1 ? "" : " and " + (count - 1)
                        + " more") + " of " + wanted.length + ": expected " + wanted[first] + " as in the file. Received: "
                        + received[first]);
            }
        }
        return found;
    }
}

package beras.saving;

import beras.config.Arguments;
import beras.config.Config;
import beras.config.InvalidDataException;
import beras.files.Excerpt;
import beras.models.Model;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Outcome;
import beras.training.Training;
import beras.training.TrainingState;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Compares a training run bit by bit with the one that a model file describes. Pass it as the last callback of the repeated
 * run:
 *
 * <pre>{@code
 * Verification verification = new Verification(ModelFile.load(Path.of("published.beras")));
 * model.fit(examples, options.callbacks(verification)); // the same data, net, options and seed
 * System.out.println(verification.result());
 * }</pre>
 *
 * <p>After each epoch it compares the {@linkplain Logs#weights checksums of the weights} and the metrics with the ones in the
 * file's {@link SavedModel#trainingState}. Training ends at the first difference, or where the run of the file ended, even
 * within an epoch. Then it compares the training state, each weight, and how the model is compiled, as far as the file has
 * them. The other parts of a file, such as a recipe or a temperature, are made by the program that saves it, which has them
 * compared by {@link #result(SavedModel)}.
 *
 * <p>The command {@code verify} repeats the training run and makes all of these parts from the records of the file.
 */
public final class Verification implements Callback {

    private static final String CALLBACKS = "callbacks";
    private static final String HISTORY = "history";
    private static final String SECONDS = "seconds";
    private static final String NONE = "none";
    private static final int MOST_TOLD = 10; // differences
    private static final int MOST_SHOWN = 200; // characters of a value

    private final SavedModel saved;
    private final List<String> names; // of its weights
    private final List<Logs> history;
    private final int endEpoch; // how many epochs the run of the file made; -1: not known
    private final int endBatch; // and how many batches of the next
    private final boolean isOnTheWay; // the file was kept before training ended
    private int epochs = Integer.MAX_VALUE; // to compare

    private Training training;
    private int epoch;
    private int compared;
    private boolean reachedLimit; // all epochs that are to be compared are made
    private boolean reachedEnd; // of the training of the file
    private final List<String> differences = new ArrayList<>();
    private final List<String> notCompared = new ArrayList<>();
    private Result result; // null: training has not ended

    /**
     * The result of a repeated training run.
     *
     * @param epochs      how many epochs were compared
     * @param weights     how many weights of the file were compared; 0 if training was not repeated to its end
     * @param differences the first differences in time, one sentence each without a full stop; none if all bits are the same
     * @param notCompared the parts of the file that were not compared, such as {@code the recipe}
     */
    public record Result(int epochs, int weights, List<String> differences, List<String> notCompared) {

        public Result {
            differences = List.copyOf(differences);
            notCompared = List.copyOf(notCompared);
        }

        /** Whether all that was compared has the same bits. */
        public boolean isSame() {
            return differences.isEmpty();
        }

        /** For example {@code Same bits: 5 epochs and 4 weights. Not compared: times}. */
        @Override
        public String toString() {
            if (!isSame()) {
                return "Other bits: " + String.join("; ", differences.subList(0, Math.min(MOST_TOLD, differences.size())))
                        + (differences.size() > MOST_TOLD ? "; and " + (differences.size() - MOST_TOLD) + " more" : "");
            }
            return "Same bits: " + (epochs == 0 ? "" : count(epochs, "epoch")) + (epochs > 0 && weights > 0 ? " and " : "")
                    + (weights == 0 && epochs > 0 ? "" : count(weights, "weight"))
                    + (notCompared.isEmpty() ? "" : ". Not compared: " + String.join(", ", notCompared));
        }

        private static String count(int count, String noun) {
            return count + " " + noun + (count == 1 ? "" : "s");
        }
    }

    /**
     * @param saved the model whose training is repeated; it is not changed
     * @throws InvalidDataException if it has parts other than the state of a training run
     */
    public Verification(SavedModel saved) {
        this.saved = saved;
        this.names = List.copyOf(FormatSupport.weights(saved.model()).keySet());
        Optional<TrainingState> state = saved.trainingState();
        this.history = state.map(TrainingState::history).orElse(List.of());
        String ofCheckpoint = saved.provenance().getOrDefault(ModelCheckpoint.EPOCH, "");
        this.isOnTheWay = !ofCheckpoint.isEmpty();
        this.endEpoch = state.isPresent() ? state.get().epoch()
                : ofCheckpoint.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(ofCheckpoint) : -1;
        this.endBatch = state.isPresent() ? state.get().batch() : 0;
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

    /**
     * How many epochs there are to compare, the last one, perhaps unfinished, included; empty if the file does not contain it.
     */
    public Optional<Integer> epochsToCompare() {
        return endEpoch < 0 ? Optional.empty() : Optional.of(Math.min(epochs, epochsMade()));
    }

    /** The epochs of the file, the last one, perhaps unfinished, included. */
    private int epochsMade() {
        return endEpoch + (endBatch > 0 ? 1 : 0);
    }

    /**
     * The result, once training has ended.
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

    /**
     * As {@link #result()}, with the parts of the file compared that the callback does not see: recipe, preprocessor, scores of held-out examples, calibration and provenance.
     *
     * @param repeated the model that the program saves after the repeated training, that is, before {@link ModelFile#save}
     * @throws IllegalStateException if training has not ended
     */
    public Result result(SavedModel repeated) {
        Result trained = result();
        List<String> all = new ArrayList<>(trained.differences());
        Map<String, Config> wanted = parts(saved);
        Map<String, Config> received = parts(repeated);
        Set<String> parts = new LinkedHashSet<>(wanted.keySet());
        parts.addAll(received.keySet());
        for (String part : parts) {
            all.addAll(differences(part, Optional.ofNullable(wanted.get(part)), Optional.ofNullable(received.get(part))));
        }
        all.addAll(saved.leftOut());
        List<String> left = new ArrayList<>(trained.notCompared());
        left.removeAll(parts);
        left.add("the version of BERAS");
        return new Result(trained.epochs(), trained.weights(), all, left);
    }

    /** The parts that a program adds to a model to be saved. */
    private static Map<String, Config> parts(SavedModel of) {
        Map<String, Config> parts = new LinkedHashMap<>();
        FormatSupport.PARTS.forEach(part -> part.of().apply(of).ifPresent(known -> parts.put(part.what(), known.config())));
        Map<String, String> provenance = new LinkedHashMap<>(of.provenance());
        provenance.keySet().removeAll(List.of(FormatSupport.WRITER, FormatSupport.ARITHMETIC)); // these differ by file
        if (!provenance.isEmpty()) {
            parts.put("the provenance", Config.of("Provenance", provenance));
        }
        return parts;
    }

    /** The settings that differ, one sentence each without a full stop; as a file would have them, so that 1 and 1.0 are the same. */
    public static List<String> differences(String of, Optional<Config> expected, Optional<Config> received) {
        Map<String, String> wanted = settings(expected);
        Map<String, String> made = settings(received);
        List<String> found = new ArrayList<>();
        Set<String> names = new TreeSet<>(wanted.keySet());
        names.addAll(made.keySet());
        for (String name : names) {
            String value = wanted.getOrDefault(name, NONE);
            if (!value.equals(made.getOrDefault(name, NONE))) {
                found.add(Excerpt.printable(of + "'s " + name) + ": expected " + Excerpt.within(value, MOST_SHOWN)
                        + " as in the file. Received: " + Excerpt.within(made.getOrDefault(name, NONE), MOST_SHOWN));
            }
        }
        return found;
    }

    private static Map<String, String> settings(Optional<Config> of) {
        if (of.isEmpty()) {
            return Map.of();
        }
        Config stored = ConfigJson.read(ConfigJson.write(of.get()));
        Map<String, String> settings = stored.settings();
        settings.put("type", stored.arguments().isEmpty() ? stored.type() : stored.type() + stored.arguments());
        return settings;
    }

    // ------------------------------------------------------------------------------------------------ as a callback

    @Override
    public boolean isLogger() {
        return true; // after the callbacks that change logs or weights
    }

    @Override
    public boolean wantsBatches() {
        return endBatch > 0;
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        compared = 0;
        reachedLimit = false;
        reachedEnd = false;
        differences.clear();
        notCompared.clear();
        result = null;
        List<? extends Tensor> weights = begun.net().weights();
        for (int i = 0; i < Math.max(weights.size(), names.size()); i++) {
            String received = i < weights.size() ? weights.get(i).shape().toString() : "none";
            String wanted = i < names.size() ? saved.model().weights().get(i).shape().toString() : "none";
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
        if (differences.isEmpty()) {
            saved.trainingState().ifPresent(state -> compare(state, training.state()));
        }
        if (isOnTheWay && differences.isEmpty()) {
            compareModel();
        }
        training.interrupt();
    }

    /** Leaves out times, and the state of callbacks that this training does not have. */
    private void compare(TrainingState before, TrainingState now) {
        notCompared.add("times");
        Set<String> callbacks = types(now);
        Set<String> others = types(before);
        others.removeAll(callbacks);
        if (!others.isEmpty()) {
            notCompared.add("what was known to " + String.join(" and ", others));
        }
        TrainingState wanted = comparable(before, callbacks);
        TrainingState received = comparable(now, callbacks);
        differences.addAll(differences("the training state", Optional.of(wanted.config()), Optional.of(received.config())));
        compare("the training state's", wanted.tensors(), received.tensors());
    }

    private static Set<String> types(TrainingState state) {
        return state.config().configs(CALLBACKS).stream().map(Config::type).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static TrainingState comparable(TrainingState state, Set<String> callbacks) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors());
        List<Config> all = state.config().configs(CALLBACKS);
        List<Config> kept = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String prefix = "callback." + i + ".";
            String renamed = callbacks.contains(all.get(i).type()) ? "callback of " + kept.size() + " " : "";
            for (String name : state.tensors().keySet()) {
                if (name.startsWith(prefix)) {
                    Tensor tensor = tensors.remove(name);
                    if (!renamed.isEmpty()) {
                        tensors.put(renamed + name.substring(prefix.length()), tensor);
                    }
                }
            }
            if (!renamed.isEmpty()) {
                kept.add(all.get(i));
            }
        }
        List<Config> epochs = state.config().configs(HISTORY).stream().map(epoch -> epoch.with(SECONDS, 0)).toList();
        return new TrainingState(state.config().with(SECONDS, 0).with(HISTORY, epochs).with(CALLBACKS, kept), tensors);
    }

    /** The checksum of each weight, of eight digits. */
    private static List<String> checksums(String ofAll) {
        return ofAll.isEmpty() ? List.of() : List.of(ofAll.split("(?<=\\G.{8})"));
    }

    /** The weights first: if they differ, the numbers do because of them. */
    private void compare(int ended, Logs before, Logs now) {
        String where = "epoch " + (ended + 1) + ", ";
        if (before.weights().isPresent() && now.weights().isPresent()) {
            List<String> wanted = checksums(before.weights().get());
            List<String> received = checksums(now.weights().get());
            if (wanted.size() != received.size()) {
                differences.add(where + "the checksums: expected those of " + Result.count(wanted.size(), "weight") + ". Received: "
                        + received.size());
                return;
            }
            List<Integer> others = IntStream.range(0, wanted.size()).filter(i -> !wanted.get(i).equals(received.get(i))).boxed().toList();
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
            compareModel();
        }
        if (!isWhole) {
            notCompared.add("what was made after epoch " + compared);
        }
        notCompared.addAll(parts(saved).keySet());
        result = new Result(compared, isWhole ? names.size() : 0, differences, notCompared);
    }

    /** Compares the weights, and how the model is compiled if the file contains it. */
    private void compareModel() {
        Map<String, Tensor> received = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            received.put(names.get(i), training.net().weights().get(i));
        }
        compare("trained weight", FormatSupport.weights(saved.model()), received);
        if (!(training.net() instanceof Model model)) {
            notCompared.add("the net");
            return;
        }
        differences.addAll(differences("the net", Optional.of(saved.model().config()), Optional.of(model.config())));
        differences.addAll(differences("the frozen weights", Optional.of(frozen(saved.model())), Optional.of(frozen(model))));
        Optional<JsonObject> compiled = compiled(saved);
        if (compiled.isPresent()) {
            differences.addAll(differences("the compiled model", compiled.map(ConfigJson::read),
                    compiled(new SavedModel(model)).map(ConfigJson::read)));
            compare("the compiled model's optimizer", numbered(CompileConfig.slots(saved.model())),
                    numbered(CompileConfig.slots(model)));
        }
    }

    private static Config frozen(Model model) {
        Map<String, Boolean> frozen = new LinkedHashMap<>();
        FormatSupport.weights(model).forEach((name, weight) -> {
            if (!weight.isState()) {
                frozen.put(name, !weight.trainable());
            }
        });
        return Config.of("Frozen", frozen);
    }

    private static Optional<JsonObject> compiled(SavedModel of) {
        return of.isUncompiled() ? Optional.empty() : CompileConfig.of(of.model()).flatMap(CompileConfig::json);
    }

    private static Map<String, Tensor> numbered(List<Tensor> tensors) {
        Map<String, Tensor> numbered = new LinkedHashMap<>();
        tensors.forEach(tensor -> numbered.put(Integer.toString(numbered.size()), tensor));
        return numbered;
    }

    /** Adds a sentence for each tensor that is not that of the file. */
    private void compare(String what, Map<String, ? extends Tensor> wanted, Map<String, Tensor> received) {
        Set<String> all = new LinkedHashSet<>(wanted.keySet());
        all.addAll(received.keySet());
        for (String name : all) {
            Tensor before = wanted.get(name);
            Tensor now = received.get(name);
            if (before == null || now == null || !before.shape().equals(now.shape())) {
                differences.add(what + " " + name + ": expected " + (before == null ? NONE : "the shape " + before.shape())
                        + " as in the file. Received: " + (now == null ? NONE : now.shape()));
            } else {
                difference(before.toArray(), now.toArray()).ifPresent(text -> differences.add(what + " " + name + text));
            }
        }
    }

    private static Optional<String> difference(float[] wanted, float[] received) {
        int count = 0;
        int first = -1;
        for (int i = 0; i < wanted.length; i++) {
            if (Float.floatToRawIntBits(wanted[i]) != Float.floatToRawIntBits(received[i])) {
                first = count == 0 ? i : first;
                count++;
            }
        }
        return count == 0 ? Optional.empty() : Optional.of(", element " + first + (count == 1 ? "" : " and " + (count - 1)
                + " more") + " of " + wanted.length + ": expected " + wanted[first] + " as in the file. Received: "
                + received[first]);
    }
}

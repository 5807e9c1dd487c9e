package beras.spark;

import beras.config.Config;
import beras.data.table.TablePreprocessor;
import beras.files.Sha256;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tables.TableOrigin;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Recipe;
import beras.training.TrainingState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The driver's part of a training run in shards: it sends the weights out, sums the contributions, and makes the step. All that
 * determines the weights is here or a function of it, so a lost executor costs time alone, and a lost driver continues from the
 * last checkpoint.
 */
final class ShardedTraining {

    private static final String STATE = "ShardedTraining";
    private static final String OPTIMIZER = "optimizer.";
    private static final String BEST = "best.";

    private final JavaSparkContext context;
    private final ShardedTable table;
    private final Plan plan;
    private final int patience;
    private final Replica master;
    private final Optional<BestEpoch> best;
    private final Consumer<String> log;
    private Optional<CheckpointFile> checkpoint = Optional.empty();
    private int checkpointEvery;
    private int epoch;
    private final List<Double> losses = new ArrayList<>();
    private final List<Double> validationLosses = new ArrayList<>();

    /**
     * @param local    after how many steps the shards meet
     * @param patience the number of epochs without a better validation loss after which training ends, with the weights of the
     *     best; 0: never, and the weights are those of the last epoch
     * @throws IllegalArgumentException if the recipe does not fit the table
     */
    ShardedTraining(JavaSparkContext context, ShardedTable table, Recipe recipe, int local, int patience, Consumer<String> log) {
        this.context = context;
        this.table = table;
        this.patience = patience;
        this.log = log;
        this.plan = Plan.of(recipe, table.schema().width(), table.rows(), local);
        this.master = new Replica(plan);
        this.best = table.validationRows() == 0 || patience == 0 ? Optional.empty()
                : Optional.of(new BestEpoch(master.net().weights(), patience));
        if (!master.net().outputShape().equals(Shape.of(table.schema().targetWidth()))) {
            throw new IllegalArgumentException("The target " + table.schema().target().name() + " needs a last layer of shape ("
                    + table.schema().targetWidth() + "). Received: " + master.net().outputShape());
        }
    }

    /**
     * Resumes from a checkpoint, if there is one, and writes others.
     *
     * @param every after how many epochs
     * @throws IllegalArgumentException if it is one of another training
     */
    void resume(CheckpointFile file, int every) throws IOException {
        checkpoint = Optional.of(file);
        checkpointEvery = every;
        Optional<byte[]> written = file.read();
        if (written.isPresent()) {
            restore(file, ModelFile.fromBytes(written.get(), file.toString()));
        }
    }

    /**
     * Trains.
     *
     * @throws beras.training.DivergedException if the loss becomes NaN or infinite
     */
    SavedModel run() throws IOException {
        log.accept(describe());
        Broadcast<Replicas> replicas = context.broadcast(new Replicas(plan));
        try {
            while (!isOver()) {
                epoch(replicas);
            }
        } finally {
            replicas.destroy();
        }
        master.optimizer().finalizeVariables(master.net().weights().stream().filter(Variable::trainable).toList());
        best.ifPresent(BestEpoch::restoreWeights);
        return saved();
    }

    private boolean isOver() {
        return epoch >= master.recipe().epochs() || best.map(BestEpoch::isEnough).orElse(false);
    }

    private void epoch(Broadcast<Replicas> replicas) throws IOException {
        long start = System.nanoTime();
        int steps = plan.steps();
        double loss = 0;
        int to;
        for (int from = 0; from < steps; from = to) {
            to = from + Math.min(plan.local(), steps - from);
            Round round = new Round(epoch, from, to, epoch * steps + from);
            Contribution sum = sum(state -> ShardTask.round(replicas, state, round));
            master.end(round, sum.sum());
            loss += sum.loss();
        }
        losses.add(loss / plan.rows(0, steps));
        if (table.validationRows() > 0) {
            validationLosses.add(sum(state -> ShardTask.validation(replicas, state)).loss() / table.validationRows());
            best.ifPresent(epochs -> epochs.end(epoch, validationLosses.get(epoch)));
        }
        epoch++;
        log.accept(String.format(Locale.ROOT, "Epoch %d/%d: loss %.4f%s, %.2f s", epoch, master.recipe().epochs(),
                losses.get(epoch - 1), validationLosses.isEmpty() ? ""
                        : String.format(Locale.ROOT, ", validation loss %.4f", validationLosses.get(epoch - 1)),
                (System.nanoTime() - start) * 1e-9));
        if (checkpoint.isPresent() && (epoch % checkpointEvery == 0 || isOver())) {
            checkpoint.get().write(ModelFile.toBytes(saved().trainingState(state())));
        }
    }

    /** The sum of all contributions, in the tree over their numbers. */
    private Contribution sum(Function<Broadcast<float[]>, ShardTask> task) throws IOException {
        Broadcast<float[]> state = context.broadcast(master.state());
        try {
            List<Attempt<Contribution>> parts = table.encoded().mapPartitions(task.apply(state)).collect();
            Contribution[] given = new Contribution[parts.size()];
            for (int i = 0; i < given.length; i++) {
                given[i] = parts.get(i).get();
            }
            return Contribution.sum(0, given.length, i -> given[i]);
        } finally {
            state.destroy();
        }
    }

    /** How much is sent, in one line. */
    private String describe() {
        long down = (long) Float.BYTES * master.state().length;
        return table.schema().rows() + " rows in " + plan.shards() + " shards, " + table.partitions() + " partitions; "
                + plan.steps() + " steps an epoch; every " + (plan.isInStep() ? "step" : plan.local() + " steps") + " "
                + down + " bytes go to each executor and as many come back from each partition";
    }

    // ------------------------------------------------------------------------------------------------------ results

    private SavedModel saved() {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("data", TableColumns.NAME);
        provenance.put(TableOrigin.DATA_HASH, table.sha256());
        provenance.put("examples", Long.toString(table.schema().rows()));
        provenance.put("target", table.schema().target().name());
        provenance.put("shards", Integer.toString(plan.shards()));
        provenance.put("sync_every", Integer.toString(plan.local()));
        provenance.put("losses", losses.toString());
        if (table.validationRows() > 0) {
            provenance.put("validation_examples", Long.toString(table.validationRows()));
            provenance.put("validation_losses", validationLosses.toString());
        }
        best.filter(epochs -> epochs.number() >= 0)
                .ifPresent(epochs -> provenance.put("best_epoch", Integer.toString(epochs.number() + 1)));
        return new SavedModel(master.net()).recipe(master.recipe()).preprocessor(new TablePreprocessor(table.schema()))
                .provenance(provenance);
    }

    /** The identity of a run, which a checkpoint must match to be resumed. */
    private Config identity() {
        byte[] schema = table.schema().config().toString().getBytes(StandardCharsets.UTF_8);
        return Config.of(STATE).with("recipe", plan.json()).with("data", table.sha256())
                .with("schema", HexFormat.of().formatHex(Sha256.begin().digest(schema))).with("shards", plan.shards())
                .with("local", plan.local()).with("patience", best.isPresent() ? patience : 0);
    }

    private TrainingState state() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        List<Tensor> memory = master.optimizer().state(master.net().weights());
        for (int i = 0; i < memory.size(); i++) {
            tensors.put(OPTIMIZER + i, memory.get(i));
        }
        Config config = identity().with("epoch", epoch).with("losses", List.<Object>copyOf(losses))
                .with("validationLosses", validationLosses.stream().map(TrainingState::setting).toList());
        if (best.isPresent()) {
            TrainingState state = best.get().state();
            config = config.with("best", state.config());
            state.tensors().forEach((name, tensor) -> tensors.put(BEST + name, tensor));
        }
        return new TrainingState(config, tensors);
    }

    private void restore(CheckpointFile file, SavedModel saved) {
        TrainingState state = saved.trainingState().orElse(null);
        boolean same = state != null && state.config().type().equals(STATE);
        for (Map.Entry<String, Object> each : identity().values().entrySet()) {
            same = same && each.getValue().toString().equals(String.valueOf(state.config().values().get(each.getKey())));
        }
        if (!same) {
            throw new IllegalArgumentException(file + ": expected a checkpoint of this training: of the same rows, columns,"
                    + " recipe, shards, syncEvery and patience. Received: one of another. Name another checkpointDir, or delete it");
        }
        List<Tensor> memory = new ArrayList<>();
        for (Tensor next = state.tensors().get(OPTIMIZER + 0); next != null; next = state.tensors().get(OPTIMIZER
                + memory.size())) {
            memory.add(next);
        }
        for (int i = 0; i < master.net().weights().size(); i++) {
            master.net().weights().get(i).assign(saved.model().weights().get(i));
        }
        epoch = state.config().integer("epoch");
        master.optimizer().restore(epoch * plan.steps(), master.net().weights(), memory);
        state.config().list("losses").forEach(loss -> losses.add(((Number) loss).doubleValue()));
        state.config().list("validationLosses").forEach(loss -> validationLosses.add(TrainingState.number(loss)));
        best.ifPresent(epochs -> epochs.restore(bestState(state)));
        log.accept("Resumes after epoch " + epoch + ", from " + file);
    }

    private static TrainingState bestState(TrainingState state) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        state.tensors().forEach((name, tensor) -> {
            if (name.startsWith(BEST)) {
                tensors.put(name.substring(BEST.length()), tensor);
            }
        });
        return new TrainingState((Config) state.config().values().get("best"), tensors);
    }
}

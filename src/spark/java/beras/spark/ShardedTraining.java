package beras.spark;

import beras.config.Config;
import beras.data.table.TablePreprocessor;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Recipe;
import beras.training.TrainingState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The driver's part of a training in shards: it sends the weights out, sums what comes back, and makes the step. All that decides
 * the weights is here or a function of it, so a lost executor costs time alone, and a lost driver goes on from the last
 * checkpoint.
 */
final class ShardedTraining {

    private static final String STATE = "ShardedTraining";
    private static final String OPTIMIZER = "optimizer.";
    private static final String CHECKPOINT = "checkpoint.beras";

    private final JavaSparkContext context;
    private final ShardedTable table;
    private final Plan plan;
    private final Replica master;
    private final Consumer<String> log;
    private final Optional<String> checkpoint; // the file
    private final int checkpointEvery;
    private int epoch;
    private final List<Double> losses = new ArrayList<>();

    /**
     * @param folder for checkpoints; empty: none are written
     * @throws IllegalArgumentException if the recipe does not fit the table, or the folder has a checkpoint of another training
     */
    ShardedTraining(JavaSparkContext context, ShardedTable table, Recipe recipe, int local, Optional<String> folder,
            int checkpointEvery, Consumer<String> log) throws IOException {
        this.context = context;
        this.table = table;
        this.log = log;
        this.plan = Plan.of(UUID.randomUUID().toString(), recipe, table.schema().width(), table.rows(), local);
        this.master = new Replica(plan);
        this.checkpoint = folder.map(name -> name + "/" + CHECKPOINT);
        this.checkpointEvery = checkpointEvery;
        if (!master.net().outputShape().equals(beras.tensor.Shape.of(table.schema().targetWidth()))) {
            throw new IllegalArgumentException("The target " + table.schema().target().name() + " needs a last layer of shape ("
                    + table.schema().targetWidth() + "). Received: " + master.net().outputShape());
        }
        if (checkpoint.isPresent()) {
            Optional<byte[]> written = HadoopFiles.readIfThere(checkpoint.get());
            if (written.isPresent()) {
                restore(ModelFile.fromBytes(written.get(), checkpoint.get()));
            }
        }
    }

    /**
     * Trains, from where the checkpoint was.
     *
     * @throws beras.training.DivergedException if the loss becomes NaN or infinite
     */
    SavedModel run() throws IOException {
        int steps = plan.steps();
        log.accept(describe());
        for (; epoch < master.recipe().epochs(); ) {
            long start = System.nanoTime();
            double loss = 0;
            for (int from = 0; from < steps; from += plan.local()) {
                loss += round(new Round(epoch, from, Math.min(steps, from + plan.local()), epoch * steps + from));
            }
            epoch++;
            losses.add(loss / plan.rows(0, steps));
            log.accept(String.format(java.util.Locale.ROOT, "Epoch %d/%d: loss %.4f, %.2f s", epoch, master.recipe().epochs(),
                    losses.get(losses.size() - 1), (System.nanoTime() - start) * 1e-9));
            if (checkpoint.isPresent() && (epoch % checkpointEvery == 0 || epoch == master.recipe().epochs())) {
                HadoopFiles.replace(checkpoint.get(), ModelFile.toBytes(saved().trainingState(state())));
            }
        }
        master.optimizer().finalizeVariables(master.net().weights().stream().filter(Variable::trainable).toList());
        return saved();
    }

    private double round(Round round) throws IOException {
        Broadcast<float[]> state = context.broadcast(master.state());
        List<Attempt<Contribution>> parts = table.encoded().mapPartitions(new RoundTask(plan, round, state)).collect();
        Contribution[] given = new Contribution[parts.size()];
        for (int i = 0; i < given.length; i++) {
            given[i] = parts.get(i).get();
        }
        state.destroy();
        Contribution sum = Contribution.sum(0, given.length, i -> given[i]);
        master.end(round, sum.sum());
        return sum.loss();
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
        provenance.put("data_sha256", table.sha256());
        provenance.put("examples", Long.toString(table.schema().rows()));
        provenance.put("target", table.schema().target().name());
        provenance.put("shards", Integer.toString(plan.shards()));
        provenance.put("sync_every", Integer.toString(plan.local()));
        provenance.put("losses", losses.toString());
        return new SavedModel(master.net()).recipe(master.recipe()).preprocessor(new TablePreprocessor(table.schema()))
                .provenance(provenance);
    }

    private Config identity() {
        return Config.of(STATE).with("recipe", plan.json()).with("data", table.sha256()).with("shards", plan.shards())
                .with("local", plan.local());
    }

    private TrainingState state() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        List<Tensor> memory = master.optimizer().state(master.net().weights());
        for (int i = 0; i < memory.size(); i++) {
            tensors.put(OPTIMIZER + i, memory.get(i));
        }
        return new TrainingState(identity().with("epoch", epoch).with("losses", List.<Object>copyOf(losses)), tensors);
    }

    private void restore(SavedModel saved) {
        TrainingState state = saved.trainingState().orElse(null);
        boolean same = state != null && state.config().type().equals(STATE);
        for (Map.Entry<String, Object> each : identity().values().entrySet()) {
            same = same && each.getValue().toString().equals(String.valueOf(state.config().values().get(each.getKey())));
        }
        if (!same) {
            throw new IllegalArgumentException(checkpoint.orElseThrow()
                    + ": expected a checkpoint of this training: of the same rows,"
                    + " recipe, shards and syncEvery. Received: one of another. Name another checkpointDir, or delete it");
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
        log.accept("Goes on after epoch " + epoch + ", from " + checkpoint.orElseThrow());
    }
}

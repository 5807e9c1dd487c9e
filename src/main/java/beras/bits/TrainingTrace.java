package beras.bits;

import beras.feed.Batch;
import beras.feed.Batches;
import beras.models.Model;
import beras.optimizers.SGD;
import beras.saving.Version;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Recipe;
import beras.training.Trainer;
import beras.training.Training;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The hashes of what a training computes on its way, by which the first difference between two programs is located: the trace of the
 * page on the arithmetic, a line for each quantity. A callback of the training that it traces.
 */
public final class TrainingTrace implements Callback {

    private static final String ARITHMETIC = "arithmetic";
    private static final String WHOLE = "weights_sha256";

    private final Map<String, String> hashes = new LinkedHashMap<>();
    private Training training;
    private boolean isStepTaken;

    private TrainingTrace() {}

    /**
     * Takes what comes before the first step: the weights, the first batch of each net, and its gradients. The model is not changed.
     *
     * @param recipe  by which the model was compiled
     * @param batches to train on
     */
    public static TrainingTrace of(Model model, Recipe recipe, Batches batches) {
        TrainingTrace trace = new TrainingTrace();
        trace.hashes.put(ARITHMETIC, Integer.toString(Version.ARITHMETIC));
        trace.add("initial ", model.weights());
        List<Tensor> gradients = new ArrayList<>();
        for (int net = 0; net < model.nets().size(); net++) {
            try (Batches.Pass pass = batches.byNet().get(net % batches.byNet().size()).open(0)) {
                Batch first = pass.next();
                trace.add("inputs " + net, first.inputs().get(0));
                trace.add("targets " + net, first.targets().get(0));
                Model copy = model.nets().get(net).copy(); // as dropout counts its calls
                new Trainer(copy, new SGD(), List.of(recipe.objective(copy.outputShape())))
                        .gradientsOnBatch(first, each -> each.forEach(gradient -> gradients.add(gradient.copy())));
            }
        }
        trace.add("gradient ", gradients);
        return trace;
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        isStepTaken = false;
    }

    @Override
    public void onBatchEnd(int batch, Logs logs) {
        if (!isStepTaken) {
            isStepTaken = true;
            add("step ", training.net().weights());
        }
    }

    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        add("epoch " + (epoch + 1) + " ", training.net().weights());
    }

    /** Adds the hash of all weights as training leaves them. */
    public void end(Model trained) {
        hashes.put(WHOLE, ReferenceBits.sha256(trained.weights()));
    }

    private void add(String name, List<? extends Tensor> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            add(name + i, tensors.get(i));
        }
    }

    private void add(String name, Tensor tensor) {
        hashes.put(name, ReferenceBits.sha256(List.of(tensor)));
    }

    /** The lines of the trace, in the order in which its quantities are computed. */
    public List<String> lines() {
        return hashes.entrySet().stream().map(each -> each.getKey() + " " + each.getValue()).toList();
    }
}

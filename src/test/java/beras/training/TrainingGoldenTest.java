package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.MeanSquaredError;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.RMSProp;
import beras.optimizers.SGD;
import beras.regularizers.L2;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Whole trainings: the loss and accuracy of every batch and epoch, the first gradients, the final weights, the predictions. */
@Tag("model")
class TrainingGoldenTest {

    private static final int BATCH = 8;
    private static final int EPOCHS = 4;

    @TestFactory
    Stream<DynamicTest> sgd() {
        return Golden.tests("training", "sgd_(cce|cce_partial|cce_leaky|cce_l2|mse)", 5, c -> check(c, new SGD(rate(c))));
    }

    @TestFactory
    Stream<DynamicTest> momentum() {
        return Golden.tests("training", "sgd_momentum_cce", 1,
                c -> check(c, new SGD(rate(c)).momentum((float) c.param("momentum"))));
    }

    @TestFactory
    Stream<DynamicTest> kerasAdam() {
        return Golden.tests("training", "adam_(cce|cce_partial|mse)", 3, c -> check(c,
                Adam.keras(rate(c)).with("beta1", c.param("beta1")).with("beta2", c.param("beta2")).with("epsilon", (float) c.param("epsilon"))));
    }

    @TestFactory
    Stream<DynamicTest> kerasRmsProp() {
        return Golden.tests("training", "rmsprop_cce", 1,
                c -> check(c, RMSProp.keras(rate(c)).with("rho", c.param("rho")).with("momentum", 0f).with("epsilon", (float) c.param("epsilon"))));
    }

    @Test
    void noCaseIsLeftOut() {
        assertEquals(13, Golden.tests("training", ".*", 13, c -> { }).count());
    }

    @TestFactory
    Stream<DynamicTest> adam() {
        return Golden.tests("training", "adam_(cce|mse)_assignment", 2, c -> check(c, adam(c)));
    }

    @TestFactory
    Stream<DynamicTest> rmsProp() {
        return Golden.tests("training", "rmsprop_cce_assignment", 1,
                c -> check(c, new RMSProp(rate(c)).with("beta", c.param("beta")).with("epsilon", (float) c.param("epsilon"))));
    }

    private static Optimizer adam(GoldenCase c) {
        return new Adam(rate(c)).with("beta1", c.param("beta1")).with("beta2", c.param("beta2"))
                .with("epsilon", (float) c.param("epsilon"));
    }

    private static float rate(GoldenCase c) {
        return (float) c.param("learningRate");
    }

    private static void check(GoldenCase c, Optimizer optimizer) {
        Tensor x = c.input("x");
        Tensor y = c.input("y");
        Loss loss = c.paramText("lossFunction").equals("mse") ? new MeanSquaredError() : new CategoricalCrossEntropy();
        Sequential model = model(c);
        checkFirstGradients(c, model, loss, x, y);

        BatchMeans batches = new BatchMeans(x.dim(0));
        model.compile(optimizer, loss, "accuracy");
        History history = model.fit(x, y, new FitOptions().epochs(EPOCHS).batchSize(BATCH).shuffle(false).callbacks(batches));

        c.check("loss", vector(batches.losses));
        c.check("accuracy", vector(batches.accuracies));
        c.check("epochLossKeras", vector(history.get("loss")));
        c.check("epochAccuracyKeras", vector(history.get("accuracy")));
        c.check("epochLossAssignment", vector(meansByEpoch(batches.losses)));
        c.check("epochAccuracyAssignment", vector(meansByEpoch(batches.accuracies)));
        forEachWeight(c, model, "final.", w -> w);
        c.check("finalProbs", model.predict(x));
    }

    /** The network of the case, with its weights. */
    private static Sequential model(GoldenCase c) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 1; c.hasInput("W" + i); i++) {
            Tensor w = c.input("W" + i);
            Dense dense = new Dense(w.dim(0), w.dim(1), Initializers.zeros());
            if (c.param("l2") > 0) {
                dense.with("kernelRegularizer", new L2((float) c.param("l2")));
            }
            dense.w().assign(w);
            dense.b().assign(c.input("b" + i));
            if (i > 1) {
                layers.add(new LeakyReLU((float) c.param("hiddenSlope")));
            }
            layers.add(dense);
        }
        layers.add(new Softmax());
        return new Sequential(layers.toArray(Layer[]::new));
    }

    private static void checkFirstGradients(GoldenCase c, Sequential model, Loss loss, Tensor x, Tensor y) {
        try (GradientTape tape = new GradientTape()) {
            Tensor sum = loss.call(model.call(x.slice(0, BATCH)), y.slice(0, BATCH));
            for (Layer layer : model.layers()) {
                if (c.param("l2") > 0 && layer instanceof Dense dense) {
                    sum = sum.add(dense.specs().get(0).regularizer().call(dense.w()));
                }
            }
            Tensor value = sum;
            forEachWeight(c, model, "firstGrad.", w -> tape.gradient(value, List.of(w)).get(0));
        }
    }

    private static void forEachWeight(GoldenCase c, Model model, String prefix, Function<Variable, Tensor> what) {
        List<Variable> weights = model.weights();
        for (int i = 0; i < weights.size(); i++) {
            c.check(prefix + (i % 2 == 0 ? "W" : "b") + (i / 2 + 1), what.apply(weights.get(i)));
        }
    }

    private static List<Double> meansByEpoch(List<Double> values) {
        int perEpoch = values.size() / EPOCHS;
        List<Double> means = new ArrayList<>();
        for (int from = 0; from < values.size(); from += perEpoch) {
            means.add(values.subList(from, from + perEpoch).stream().mapToDouble(v -> v).average().orElseThrow());
        }
        return means;
    }

    private static Tensor vector(List<Double> values) {
        return Tensor.generate(values::get, values.size());
    }

    /** The means of each batch, from the means of the epoch so far that {@code fit} reports. */
    private static final class BatchMeans implements Callback {

        final List<Double> losses = new ArrayList<>();
        final List<Double> accuracies = new ArrayList<>();
        private final int examples;
        private Logs before;

        BatchMeans(int examples) {
            this.examples = examples;
        }

        @Override
        public void onBatchEnd(int batch, Logs logs) {
            losses.add(ofThisBatch(batch, logs, "loss"));
            accuracies.add(ofThisBatch(batch, logs, "accuracy"));
            before = logs;
        }

        private double ofThisBatch(int batch, Logs logs, String name) {
            int seenBefore = batch * BATCH;
            int seen = Math.min(examples, seenBefore + BATCH);
            double sumBefore = batch == 0 ? 0 : before.get(name) * seenBefore;
            return (logs.get(name) * seen - sumBefore) / (seen - seenBefore);
        }
    }
}

package beras.losses;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.autograd.GradientTape;
import beras.autograd.Recorded;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.metrics.LossMetric;
import beras.metrics.Metric;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every loss against float64, with and without weights. */
@Tag("losses")
class LossesGoldenTest {

    private static final float KERAS_EPSILON = 1e-7f;

    @TestFactory
    Stream<DynamicTest> allLosses() {
        return Stream.of(tests("mse", 14), tests("mae", 10), tests("mape", 8), tests("msle", 8), tests("huber", 10),
                tests("log_cosh", 10), tests("poisson", 9), tests("kl_divergence", 9), tests("hinge", 11),
                tests("squared_hinge", 8), tests("categorical_hinge", 7), tests("cosine_similarity", 7),
                tests("huber_half", 8, c -> check(c, Losses.REGISTRY.of("huber", c.param("delta")))),
                tests("quantile", 9, c -> check(c, Losses.REGISTRY.of("Quantile", c.param("q")))),
                tests("mse_assignment", 3, c -> check(c, new MeanSquaredError())),
                tests("cce_assignment", 8, c -> {
                    check(c, new CategoricalCrossEntropy());
                    check(c, new CategoricalCrossEntropy().with("epsilon", c.param("epsilon")));
                }),
                tests("cce_probs", 14, c -> check(c, keras(c).with("normalize", true))),
                tests("cce_probs_smooth", 7, c -> check(c, keras(c).with("normalize", true))),
                tests("cce_logits", 14, c -> {
                    check(c, keras(c).with("fromLogits", true));
                    check(c, new CategoricalCrossEntropy(), new Softmax());
                    check(c, keras(c).with("normalize", true), new Softmax());
                }),
                tests("cce_logits_smooth", 7, c -> {
                    check(c, keras(c).with("fromLogits", true));
                    check(c, keras(c), new Softmax());
                }),
                tests("sparse_cce_probs", 6, c -> check(c, sparse(c))),
                tests("sparse_cce_logits", 6, c -> {
                    check(c, sparse(c).with("fromLogits", true));
                    check(c, sparse(c), new Softmax());
                }),
                tests("bce_probs", 10, c -> check(c, binary(c))),
                tests("bce_probs_smooth", 8, c -> check(c, binary(c))),
                tests("bce_logits", 13, c -> checkBinary(c)),
                tests("bce_logits_smooth", 8, c -> checkBinary(c)),
                tests("softmax_cce_fused", 4, LossesGoldenTest::checkSoftmaxThenCrossEntropy)).flatMap(cases -> cases);
    }

    private static Stream<DynamicTest> tests(String name, int count) {
        return tests(name, count, c -> check(c, Losses.REGISTRY.of(name)));
    }

    private static Stream<DynamicTest> tests(String name, int count, Consumer<GoldenCase> check) {
        return Golden.tests("losses", name + "\\..*", count, check);
    }

    private static double smoothing(GoldenCase c) {
        return c.name().contains("_smooth.") ? c.param("labelSmoothing") : 0;
    }

    private static Loss keras(GoldenCase c) {
        return new CategoricalCrossEntropy().with("labelSmoothing", smoothing(c)).with("epsilon", KERAS_EPSILON);
    }

    private static Loss sparse(GoldenCase c) {
        Loss loss = new SparseCategoricalCrossEntropy();
        return c.name().endsWith("ignore_class") ? loss.with("ignoreClass", (int) c.param("ignoreClass")) : loss;
    }

    private static Loss binary(GoldenCase c) {
        return new BinaryCrossEntropy().with("labelSmoothing", smoothing(c));
    }

    private static void checkBinary(GoldenCase c) {
        check(c, binary(c).with("fromLogits", true));
        check(c, binary(c), new Sigmoid());
    }

    /** With the probabilities among the sources the gradient takes the long way, through both Jacobians. */
    private static void checkSoftmaxThenCrossEntropy(GoldenCase c) {
        Tensor logits = c.input("logits");
        GradientTape tape = new GradientTape();
        Tensor probabilities;
        Tensor value;
        try (tape) {
            probabilities = new Softmax().call(logits);
            value = new CategoricalCrossEntropy().call(probabilities, c.input("yTrue"));
        }
        c.check("probs", probabilities);
        c.check("loss", value);
        c.check("dLogits", tape.gradient(value, List.of(logits)).get(0));
        List<Tensor> both = tape.gradient(value, List.of(logits, probabilities));
        c.check("dLogits", both.get(0));
        c.check("dProbs", both.get(1));
    }

    /** The loss of each step, with masks, ignored labels and weights; sums in place of means are not there. */
    @TestFactory
    Stream<DynamicTest> sequences() {
        return Golden.tests("sequence_loss", "(?!.*_sum).*", 10, LossesGoldenTest::checkSequence);
    }

    private static void checkSequence(GoldenCase c) {
        SparseCategoricalCrossEntropy loss = new SparseCategoricalCrossEntropy().fromLogits(true);
        if (c.hasParam("ignoreClass")) {
            loss.with("ignoreClass", (int) c.param("ignoreClass"));
        }
        Tensor p = c.input("yPred");
        if (c.hasInput("mask")) {
            p.masked(c.input("mask"));
        }
        List<Tensor> inputs = new ArrayList<>(List.of(p, c.input("yTrue")));
        if (c.hasInput("sampleWeight")) {
            inputs.add(c.input("sampleWeight"));
        }
        Recorded recorded = Recorded.of(() -> loss.call(inputs.toArray(Tensor[]::new)));
        c.check("loss", recorded.target());
        c.check("dPred", recorded.gradient(p));
        if (!c.hasInput("sampleWeight")) {
            c.check("perStep", Loss.perExample(recorded.tape().call(recorded.target())).reshape(p.dim(0), p.dim(1)));
        }
    }

    @Test
    void noCaseIsLeftOut() {
        assertEquals(236, allLosses().map(DynamicTest::getDisplayName).distinct().count());
        assertEquals(236, Golden.tests("losses", ".*", 236, c -> { }).count());
    }

    private static void check(GoldenCase c, Loss loss, Diffable... before) {
        Tensor predictions = c.input("yPred");
        Tensor truth = c.input("yTrue");
        Recorded recorded = Recorded.of(() -> {
            Tensor p = predictions;
            for (Diffable layer : before) {
                p = layer.call(p);
            }
            return c.hasInput("sampleWeight") ? loss.call(p, truth, c.input("sampleWeight")) : loss.call(p, truth);
        });
        c.check("loss", recorded.target());
        Call call = recorded.tape().producer(recorded.target());
        Tensor perExample = Loss.perExample(call);
        assertEquals(recorded.target(), perExample.sum().divide(Loss.count(call)), () -> c + ": the mean of what counts");
        if (c.hasInput("sampleWeight")) {
            c.check("perSampleWeighted", shaped(c, "perSampleWeighted", perExample));
        } else if (c.expects("perSample")) {
            c.check("perSample", shaped(c, "perSample", perExample));
        }
        if (c.expects("perSample") && before.length == 0) {
            c.check("perSample", shaped(c, "perSample", loss.forwardPerExample(predictions, truth)));
            if (c.hasInput("sampleWeight") && !(loss instanceof CosineSimilarity)) { // of which the metric has another sign
                Metric.Accumulator mean = new LossMetric(loss).accumulator();
                mean.update(predictions, truth, c.input("sampleWeight"));
                c.check("lossMeanWithSampleWeight", Tensor.scalar((float) mean.result()));
            }
        }
        if (c.expects("lossSum")) {
            c.check("lossSum", perExample.sum());
        }
        if (c.expects("dPred")) {
            List<Tensor> gradients = recorded.gradient(List.of(predictions, truth));
            c.check("dPred", gradients.get(0));
            Tensor toTruth = gradients.get(1); // null of a loss by operations
            assertTrue(toTruth == null || toTruth.equals(Tensor.zeros(truth.shape())), () -> c + ": the truth is a constant");
        }
        if (c.expects("dTrue")) {
            c.check("dTrue", loss.inputGradients().get(1));
        }
    }

    private static Tensor shaped(GoldenCase c, String key, Tensor perExample) {
        return perExample.reshape(c.expectedShape(key).toArray());
    }
}

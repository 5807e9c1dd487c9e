package beras.losses;

import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.autograd.GradientTape;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.metrics.LossMetric;
import beras.metrics.Metric;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
    Stream<DynamicTest> lossesByName() {
        return Stream.of(tests("mse", 14), tests("mae", 10), tests("mape", 8), tests("msle", 8), tests("huber", 10),
                tests("log_cosh", 10), tests("poisson", 9), tests("kl_divergence", 9), tests("hinge", 11),
                tests("squared_hinge", 8), tests("categorical_hinge", 7), tests("cosine_similarity", 7)).flatMap(cases -> cases);
    }

    private static Stream<DynamicTest> tests(String name, int count) {
        return Golden.tests("losses", name + "\\..*", count, c -> check(c, Losses.REGISTRY.of(name)));
    }

    @TestFactory
    Stream<DynamicTest> huberWithDelta() {
        return Golden.tests("losses", "huber_half\\..*", 8, c -> check(c, new Huber((float) c.param("delta"))));
    }

    @TestFactory
    Stream<DynamicTest> quantiles() {
        return Golden.tests("losses", "quantile\\..*", 9, c -> check(c, new Quantile(c.param("q"))));
    }

    @TestFactory
    Stream<DynamicTest> meanSquaredErrorOfTheAssignment() {
        return Golden.tests("losses", "mse_assignment\\..*", 3, c -> check(c, new MeanSquaredError()));
    }

    @TestFactory
    Stream<DynamicTest> crossEntropyOfTheAssignment() {
        return Golden.tests("losses", "cce_assignment\\..*", 8, c -> {
            check(c, new CategoricalCrossEntropy());
            check(c, new CategoricalCrossEntropy().epsilon((float) c.param("epsilon")));
        });
    }

    @TestFactory
    Stream<DynamicTest> crossEntropyOfKeras() {
        return Golden.tests("losses", "cce_probs\\..*", 14,
                c -> check(c, new CategoricalCrossEntropy().epsilon(KERAS_EPSILON).normalize(true)));
    }

    @TestFactory
    Stream<DynamicTest> crossEntropyOfKerasWithLabelSmoothing() {
        return Golden.tests("losses", "cce_probs_smooth\\..*", 7,
                c -> check(c, new CategoricalCrossEntropy().labelSmoothing(c.param("labelSmoothing")).epsilon(KERAS_EPSILON)
                        .normalize(true)));
    }

    @TestFactory
    Stream<DynamicTest> crossEntropyFromLogits() {
        return Golden.tests("losses", "cce_logits\\..*", 14, c -> {
            check(c, new CategoricalCrossEntropy().fromLogits(true).epsilon(KERAS_EPSILON));
            check(c, new CategoricalCrossEntropy(), new Softmax());
            check(c, new CategoricalCrossEntropy().epsilon(KERAS_EPSILON).normalize(true), new Softmax());
        });
    }

    @TestFactory
    Stream<DynamicTest> crossEntropyFromLogitsWithLabelSmoothing() {
        return Golden.tests("losses", "cce_logits_smooth\\..*", 7, c -> {
            double smoothing = c.param("labelSmoothing");
            check(c, new CategoricalCrossEntropy().fromLogits(true).labelSmoothing(smoothing).epsilon(KERAS_EPSILON));
            check(c, new CategoricalCrossEntropy().labelSmoothing(smoothing).epsilon(KERAS_EPSILON), new Softmax());
        });
    }

    @TestFactory
    Stream<DynamicTest> sparseCrossEntropy() {
        return Golden.tests("losses", "sparse_cce_probs\\.(?!ignore).*", 5, c -> check(c, new SparseCategoricalCrossEntropy()));
    }

    @TestFactory
    Stream<DynamicTest> sparseCrossEntropyFromLogits() {
        return Golden.tests("losses", "sparse_cce_logits\\.(?!ignore).*", 5, c -> {
            check(c, new SparseCategoricalCrossEntropy().fromLogits(true));
            check(c, new SparseCategoricalCrossEntropy(), new Softmax());
        });
    }

    @TestFactory
    Stream<DynamicTest> sparseCrossEntropyThatIgnoresAClass() {
        return Golden.tests("losses", "sparse_cce_.*\\.ignore_class", 2, c -> {
            int ignored = (int) c.param("ignoreClass");
            if (c.name().contains("logits")) {
                check(c, new SparseCategoricalCrossEntropy().fromLogits(true).ignoreClass(ignored));
                check(c, new SparseCategoricalCrossEntropy().ignoreClass(ignored), new Softmax());
            } else {
                check(c, new SparseCategoricalCrossEntropy().ignoreClass(ignored));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> binaryCrossEntropy() {
        return Golden.tests("losses", "bce_probs\\..*", 10, c -> check(c, new BinaryCrossEntropy()));
    }

    @TestFactory
    Stream<DynamicTest> binaryCrossEntropyWithLabelSmoothing() {
        return Golden.tests("losses", "bce_probs_smooth\\..*", 8,
                c -> check(c, new BinaryCrossEntropy().labelSmoothing(c.param("labelSmoothing"))));
    }

    @TestFactory
    Stream<DynamicTest> binaryCrossEntropyFromLogits() {
        return Golden.tests("losses", "bce_logits\\..*", 13, c -> {
            check(c, new BinaryCrossEntropy().fromLogits(true));
            check(c, new BinaryCrossEntropy(), new Sigmoid());
        });
    }

    @TestFactory
    Stream<DynamicTest> binaryCrossEntropyFromLogitsWithLabelSmoothing() {
        return Golden.tests("losses", "bce_logits_smooth\\..*", 8, c -> {
            check(c, new BinaryCrossEntropy().fromLogits(true).labelSmoothing(c.param("labelSmoothing")));
            check(c, new BinaryCrossEntropy().labelSmoothing(c.param("labelSmoothing")), new Sigmoid());
        });
    }

    /** With the probabilities among the sources the gradient takes the long way, through both Jacobians. */
    @TestFactory
    Stream<DynamicTest> softmaxThenCrossEntropy() {
        return Golden.tests("losses", "softmax_cce_fused\\..*", 4, c -> {
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
        });
    }

    @Test
    void noCaseIsLeftOut() {
        Set<String> tested = Stream.of(lossesByName(), huberWithDelta(), meanSquaredErrorOfTheAssignment(),
                quantiles(), crossEntropyOfTheAssignment(), crossEntropyOfKeras(), crossEntropyOfKerasWithLabelSmoothing(),
                crossEntropyFromLogits(), crossEntropyFromLogitsWithLabelSmoothing(), sparseCrossEntropy(),
                sparseCrossEntropyFromLogits(), sparseCrossEntropyThatIgnoresAClass(), binaryCrossEntropy(),
                binaryCrossEntropyWithLabelSmoothing(), binaryCrossEntropyFromLogits(),
                binaryCrossEntropyFromLogitsWithLabelSmoothing(), softmaxThenCrossEntropy())
                .flatMap(tests -> tests).map(DynamicTest::getDisplayName).collect(Collectors.toSet());
        assertEquals(236, tested.size());
        assertEquals(236, Golden.tests("losses", ".*", 236, c -> { }).count());
    }

    private static void check(GoldenCase c, Loss loss, Diffable... before) {
        Tensor predictions = c.input("yPred");
        Tensor truth = c.input("yTrue");
        GradientTape tape = new GradientTape();
        Tensor value;
        try (tape) {
            Tensor p = predictions;
            for (Diffable layer : before) {
                p = layer.call(p);
            }
            value = c.hasInput("sampleWeight") ? loss.call(p, truth, c.input("sampleWeight")) : loss.call(p, truth);
        }
        c.check("loss", value);
        Call call = tape.producer(value);
        Tensor perExample = Loss.perExample(call);
        assertEquals(value, perExample.sum().divide(Loss.count(call)), () -> c + ": the mean of what counts");
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
            List<Tensor> gradients = tape.gradient(value, List.of(predictions, truth));
            c.check("dPred", gradients.get(0));
            assertEquals(Tensor.zeros(truth.shape()), gradients.get(1), () -> c + ": the truth is a constant");
        }
        if (c.expects("dTrue")) {
            c.check("dTrue", loss.inputGradients().get(1));
        }
    }

    private static Tensor shaped(GoldenCase c, String key, Tensor perExample) {
        return perExample.reshape(c.expectedShape(key).toArray());
    }
}

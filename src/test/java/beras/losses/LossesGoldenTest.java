package beras.losses;

import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.activations.Softmax;
import beras.autograd.GradientTape;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Mean squared error and cross-entropy. Left for later: sample weights, label smoothing, and Keras's cross-entropy from
 * probabilities, which divides rows by their sum first.
 */
@Tag("losses")
class LossesGoldenTest {

    @TestFactory
    Stream<DynamicTest> meanSquaredError() {
        return Golden.tests("losses", "mse\\.(\\d+x\\d+|rank3|edge|nan)", 10, c -> check(c, new MeanSquaredError()));
    }

    @TestFactory
    Stream<DynamicTest> meanSquaredErrorOfTheAssignment() {
        return Golden.tests("losses", "mse_assignment\\..*", 3, c -> check(c, new MeanSquaredError()));
    }

    @TestFactory
    Stream<DynamicTest> crossEntropyOfTheAssignment() {
        return Golden.tests("losses", "cce_assignment\\..*", 8, c -> {
            check(c, new CategoricalCrossEntropy());
            check(c, new CategoricalCrossEntropy((float) c.param("epsilon")));
        });
    }

    @TestFactory
    Stream<DynamicTest> crossEntropyFromLogits() {
        return Golden.tests("losses", "cce_logits\\.(\\d+x\\d+|rank3|edge|soft_labels|nan)", 10,
                c -> check(c, new CategoricalCrossEntropy(), new Softmax()));
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

    private static void check(GoldenCase c, Loss loss, Softmax... before) {
        Tensor predictions = c.input("yPred");
        Tensor truth = c.input("yTrue");
        GradientTape tape = new GradientTape();
        Tensor value;
        try (tape) {
            Tensor p = predictions;
            for (Softmax softmax : before) {
                p = softmax.call(p);
            }
            value = loss.call(p, truth);
        }
        c.check("loss", value);
        if (c.expects("perSample")) {
            c.check("perSample", Loss.perExample(tape.producer(value)).reshape(c.expectedShape("perSample").toArray()));
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
}

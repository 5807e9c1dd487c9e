package beras.assignment;

import static beras.assignment.Fixtures.T;
import static beras.assignment.Fixtures.assertClose;
import static beras.assignment.Fixtures.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.autograd.GradientTape;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.MeanSquaredError;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the assignment says of losses. */
@Tag("losses")
class LossesTest {

    @Test
    @DisplayName("public test B5: mean squared error of whole numbers")
    void meanSquaredErrorOfRandomDigits() {
        Rng rng = new Rng(5, "test", 0);
        Tensor p = Tensor.generate(i -> (int) (10 * rng.uniform(i)), 2, 3);
        Tensor t = Tensor.generate(i -> (int) (10 * rng.uniform(100 + i)), 2, 3);
        double expected = 0;
        for (int i = 0; i < 6; i++) {
            expected += Math.pow(p.data()[i] - t.data()[i], 2) / 6;
        }
        assertEquals(expected, new MeanSquaredError().call(p, t).item(), 1e-5 * expected);
    }

    @Test
    @DisplayName("public test B6: cross-entropy of Softmax outputs, five classes at random")
    void crossEntropyOfSoftmax() {
        Rng rng = new Rng(6, "test", 0);
        Tensor logits = Tensor.generate(rng::normal, 5, 4);
        Tensor p = new Softmax().call(logits);
        double expected = 0;
        Tensor t = Tensor.generate(i -> i % 4 == (i / 4 * 3) % 4 ? 1 : 0, 5, 4);
        for (int s = 0; s < 5; s++) {
            double sum = 0;
            for (int i = 0; i < 4; i++) {
                sum += Math.exp(logits.get(s, i));
            }
            expected -= Math.log(Math.exp(logits.get(s, s * 3 % 4)) / sum) / 5;
        }
        assertEquals(expected, new CategoricalCrossEntropy().call(p, t).item(), 1.5e-5);
    }

    @Test
    @DisplayName("Spring 2024: mean squared error of something with itself and with its mirror")
    void meanSquaredError() {
        Tensor p = tensor("[[1, 2, 3], [4, 5, 6]]");
        assertEquals(0f, new MeanSquaredError().call(p, p).item());
        assertClose("2.666666667", new MeanSquaredError().call(p, tensor("[[3, 2, 1], [6, 5, 4]]")));
    }

    @Test
    @DisplayName("Spring 2024: cross-entropy with a zero among the predictions")
    void crossEntropy() {
        assertClose("0.2039841192",
                new CategoricalCrossEntropy().call(tensor("[[.1, .2, .7], [.05, .95, 0]]"),
                        tensor("[[0, 0, 1], [0, 1, 0]]")));
    }

    @Test
    @DisplayName("check 22: mean squared error and its gradients; the truth is a constant")
    void meanSquaredErrorGradients() {
        MeanSquaredError loss = new MeanSquaredError();
        assertClose("3.427083333", loss.call(tensor("[[0.5, -1, 2], [3, 0, -0.25]]"), T));
        assertGradients("[[-0.1666666667, -0.3333333333, 1], [0.8333333333, -0.6666666667, -0.08333333333]]", loss);
    }

    @Test
    @DisplayName("check 23: cross-entropy and its gradients")
    void crossEntropyGradients() {
        CategoricalCrossEntropy loss = new CategoricalCrossEntropy();
        assertClose("0.7803238741",
                loss.call(tensor("[[0.7, 0.2, 0.1], [0.1, 0.6, 0.3]]"), tensor("[[1, 0, 0], [0, 0, 1]]")));
        assertGradients("[[-0.7142857143, 0, 0], [0, 0, -1.666666667]]", loss);
    }

    @Test
    @DisplayName("check 25: clipped predictions; in float, 1 - 1e-12 is 1")
    void clip() {
        Tensor p = tensor("[[0, 1], [0, 1]]");
        Tensor t = tensor("[[1, 0], [0, 1]]");
        CategoricalCrossEntropy loss = new CategoricalCrossEntropy();
        assertClose("13.81551056", loss.call(p, t));
        assertClose("[[-5e11, 0], [0, -0.5]]", loss.inputGradients().get(0));
        assertClose("8.059047875", new CategoricalCrossEntropy().epsilon(1e-7f).call(p, t));
        assertEquals(0f, loss.call(p.slice(1, 2), t.slice(1, 2)).item(), "a perfect row");
    }

    @Test
    @DisplayName("check 27: Softmax then cross-entropy; the gradient to the logits is (p - y) / 2")
    void crossEntropyThroughLogits() {
        Tensor logits = tensor("[[2, 1, 0.1], [0.5, 2.5, -1]]");
        GradientTape tape = new GradientTape();
        Tensor p;
        Tensor loss;
        try (tape) {
            p = new Softmax().call(logits);
            loss = new CategoricalCrossEntropy().call(p, tensor("[[1, 0, 0], [0, 0, 1]]"));
        }
        assertClose("[[0.6590011389, 0.2424329707, 0.09856589041], [0.1161145347, 0.8579768106, 0.02590865472]]", p);
        assertClose("2.035104112", loss);
        assertClose("[[-0.1704994306, 0.1212164854, 0.0492829452], [0.05805726734, 0.4289884053, -0.4870456726]]",
                tape.gradient(loss, List.of(logits)).get(0));
    }

    @Test
    @DisplayName("check 27: from probabilities, away from the clip, loss and gradient agree with those from logits")
    void crossEntropyFromProbabilities() {
        Tensor logits = tensor("[[2, 1, 0.1], [0.5, 2.5, -1]]");
        Softmax softmax = new Softmax();
        CategoricalCrossEntropy crossEntropy = new CategoricalCrossEntropy();
        assertClose("2.035104112", crossEntropy.call(softmax.call(logits), tensor("[[1, 0, 0], [0, 0, 1]]")));
        assertClose("[[-0.1704994306, 0.1212164854, 0.0492829452], [0.05805726734, 0.4289884053, -0.4870456726]]",
                softmax.composeInputGradients(crossEntropy.composeInputGradients(null).subList(0, 1)).get(0));
    }

    @Test
    @DisplayName("section 6: the truth may be any distribution")
    void softLabels() {
        Tensor p = tensor("[[0.5, 0.25, 0.25]]");
        Tensor t = tensor("[[0.2, 0.5, 0.3]]");
        double expected = -0.2 * Math.log(0.5) - 0.8 * Math.log(0.25);
        CategoricalCrossEntropy loss = new CategoricalCrossEntropy();
        assertEquals(expected, loss.call(p, t).item(), 1e-6);
        assertGradients("[[-0.4, -2, -1.2]]", loss);
    }

    private static void assertGradients(String toPrediction, Loss loss) {
        List<Tensor> gradients = loss.inputGradients();
        assertEquals(2, gradients.size());
        assertClose(toPrediction, gradients.get(0));
        assertEquals(Tensor.zeros(gradients.get(0).shape()), gradients.get(1));
        assertEquals(List.of(), loss.weightGradients());
    }
}

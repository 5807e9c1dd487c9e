package beras.losses;

import beras.autograd.GradientTape;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The loss of each step of sequences: with masks, ignored labels and weights. */
@Tag("losses")
class SequenceLossGoldenTest {

    /** Sums in place of means are not there. */
    @TestFactory
    Stream<DynamicTest> sparseCategoricalCrossEntropy() {
        return Golden.tests("sequence_loss", "(?!.*_sum).*", 10, SequenceLossGoldenTest::check);
    }

    private static void check(GoldenCase c) {
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
        GradientTape tape = new GradientTape();
        Tensor value;
        try (tape) {
            value = loss.call(inputs.toArray(Tensor[]::new));
        }
        c.check("loss", value);
        c.check("dPred", tape.gradient(value, p));
        if (!c.hasInput("sampleWeight")) {
            c.check("perStep", Loss.perExample(tape.call(value)).reshape(p.dim(0), p.dim(1)));
        }
    }
}

package beras.layers;

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

/** Attention of several heads: outputs and all gradients, with masks of all kinds. */
@Tag("layers")
class AttentionGoldenTest {

    @TestFactory
    Stream<DynamicTest> multiHeadAttention() {
        return Golden.tests("attention", ".*", 10, AttentionGoldenTest::check);
    }

    private static void check(GoldenCase c) {
        Tensor output = c.input("Wo");
        MultiHeadAttention layer = new MultiHeadAttention((int) c.param("numHeads"), (int) c.param("keyDim"))
                .with("valueDim", (int) c.param("valueDim")).with("outputShape", output.dim(2)).with("useBias", c.hasInput("bq"))
                .causal(Boolean.parseBoolean(c.paramText("causal")));
        List<String> names = Stream.of("query", "value", "key").filter(c::hasInput).toList();
        List<Tensor> inputs = names.stream().map(c::input).toList();
        if (c.hasInput("queryMask")) {
            inputs.get(0).masked(c.input("queryMask"));
        }
        if (c.hasInput("valueMask")) {
            inputs.get(inputs.size() == 1 ? 0 : 1).masked(c.input("valueMask"));
        }
        layer.build(inputs.stream().map(x -> x.shape().rest()).toList());
        List<String> weights = Stream.of("q", "k", "v", "o").flatMap(part -> Stream.of("W" + part, "b" + part)).filter(c::hasInput).toList();
        layer.setWeights(weights.stream().map(c::input).toList());
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            y = layer.call(inputs.toArray(Tensor[]::new));
        }
        c.check("y", y);
        c.check("y", layer.forward(inputs.toArray(Tensor[]::new)));
        List<Tensor> sources = new ArrayList<>(inputs);
        sources.addAll(layer.weights());
        List<Tensor> gradients = tape.gradient(y, sources, c.input("upstream"));
        for (int i = 0; i < gradients.size(); i++) {
            c.check("d" + (i < names.size() ? names.get(i) : weights.get(i - names.size())), gradients.get(i));
        }
    }
}

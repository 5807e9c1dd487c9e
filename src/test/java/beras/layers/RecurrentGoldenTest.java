package beras.layers;

import beras.autograd.GradientTape;
import beras.config.Config;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Recurrent layers: outputs and all gradients, with masks of all kinds. */
@Tag("layers")
class RecurrentGoldenTest {

    /** States that are given are not there. */
    private static final String WITHOUT_STATES = "(?!.*\\.states).*";

    @TestFactory
    Stream<DynamicTest> lstm() {
        return Golden.tests("lstm", WITHOUT_STATES, 12, RecurrentGoldenTest::check);
    }

    @TestFactory
    Stream<DynamicTest> gru() {
        return Golden.tests("gru", WITHOUT_STATES, 11, RecurrentGoldenTest::check);
    }

    @TestFactory
    Stream<DynamicTest> simpleRnn() {
        return Golden.tests("simple_rnn", ".*", 6, RecurrentGoldenTest::check);
    }

    @TestFactory
    Stream<DynamicTest> bidirectional() {
        return Golden.tests("bidirectional", ".*", 6, c -> {
            Config inner = Config.of(c.paramText("layer")).with("units", c.input("UForward").dim(0))
                    .with("returnSequences", Boolean.parseBoolean(c.paramText("returnSequences")));
            List<String> weights = c.hasInput("bForward") ? List.of("W", "U", "b") : List.of("W", "U");
            check(c, Layers.REGISTRY.of(Config.of("bidirectional").with("layer", inner).with("mergeMode", c.paramText("mergeMode"))),
                    Stream.of("Forward", "Backward").flatMap(side -> weights.stream().map(name -> name + side)).toList());
        });
    }

    @TestFactory
    Stream<DynamicTest> embedding() {
        return Golden.tests("embedding_sequence", ".*", 5, c -> {
            Tensor table = c.input("table");
            Embedding layer = new Embedding(table.dim(0), table.dim(1)).maskZero(Boolean.parseBoolean(c.paramText("maskZero")));
            layer.build(List.of(c.input("indices").shape().rest()));
            layer.setWeights(List.of(table));
            GradientTape tape = new GradientTape();
            Tensor y;
            try (tape) {
                y = layer.call(c.input("indices"));
            }
            c.check("y", y);
            c.check("dtable", tape.gradient(y, layer.weights(), c.input("upstream")).get(0));
            if (c.expects("mask")) {
                c.check("mask", y.mask().orElseThrow());
            }
        });
    }

    private static void check(GoldenCase c) {
        check(c, Layers.REGISTRY.of(c.config().with("units", c.input("U").dim(0))), c.hasInput("b") ? List.of("W", "U", "b") : List.of("W", "U"));
    }

    private static void check(GoldenCase c, Layer layer, List<String> weights) {
        Tensor x = c.input("x");
        layer.build(List.of(x.shape().rest()));
        layer.setWeights(weights.stream().map(c::input).toList());
        if (c.hasInput("mask")) {
            x.masked(c.input("mask"));
        }
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            y = layer.call(x);
        }
        c.check("y", y);
        c.check("y", layer.forward(x));
        List<Tensor> sources = new ArrayList<>(List.of(x));
        sources.addAll(layer.weights());
        List<Tensor> gradients = tape.gradient(y, sources, c.input("upstream"));
        c.check("dx", gradients.get(0));
        for (int i = 0; i < weights.size(); i++) {
            c.check("d" + weights.get(i), gradients.get(i + 1));
        }
    }
}

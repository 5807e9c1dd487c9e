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

/** Batch and layer normalization: outputs, all gradients, and the moving statistics after each batch. */
@Tag("layers")
class NormalizationGoldenTest {

    @TestFactory
    Stream<DynamicTest> batchNormalization() {
        return Golden.tests("normalization", "batch_norm\\..*", 9, c -> {
            BatchNormalization layer = new BatchNormalization().momentum(c.param("momentum"));
            set(c, layer.with("center", c.paramText("center").equals("true")).with("scale", c.paramText("scale").equals("true")));
            layer.movingMean().assign(c.input("movingMean0"));
            layer.movingVariance().assign(c.input("movingVariance0"));
            Tensor batches = c.input("x");
            int[] shape = c.expectedShape("y").toArray();
            List<Tensor> means = new ArrayList<>();
            List<Tensor> variances = new ArrayList<>();
            for (int i = 0; i < batches.dim(0); i++) {
                Tensor x = batches.slice(i, i + 1).reshape(shape);
                if (i == batches.dim(0) - 1) {
                    check(c, layer, x);
                } else {
                    try (GradientTape tape = new GradientTape()) {
                        layer.call(x);
                    }
                }
                means.add(layer.movingMean().copy());
                variances.add(layer.movingVariance().copy());
            }
            c.check("movingMean", stack(means));
            c.check("movingVariance", stack(variances));
            Tensor x = batches.slice(batches.dim(0) - 1, batches.dim(0)).reshape(shape);
            c.check("yInference", layer.forward(x));
            layer.trainable(false); // and so as outside training
            GradientTape tape = new GradientTape();
            Tensor y;
            try (tape) {
                y = layer.call(x);
            }
            c.check("yInference", y);
            c.check("dxInference", tape.gradient(y, List.of(x), c.input("upstream")).get(0));
        });
    }

    @TestFactory
    Stream<DynamicTest> layerNormalization() {
        return Golden.tests("normalization", "layer_norm\\..*", 8, c -> {
            LayerNormalization layer = new LayerNormalization();
            set(c, layer);
            check(c, layer, c.input("x"));
            c.check("y", layer.forward(c.input("x")));
        });
    }

    private static void set(GoldenCase c, ScaledNormalization<?> layer) {
        layer.epsilon((float) c.param("epsilon"));
        layer.build(List.of(c.expectedShape("y").rest()));
        if (c.hasInput("gamma")) {
            layer.gamma().assign(c.input("gamma"));
        }
        if (c.hasInput("beta")) {
            layer.beta().assign(c.input("beta"));
        }
    }

    private static void check(GoldenCase c, ScaledNormalization<?> layer, Tensor x) {
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            y = layer.call(x);
        }
        c.check("y", y);
        Tensor upstream = c.input("upstream");
        c.check("dx", tape.gradient(y, List.of(x), upstream).get(0));
        if (c.expects("dgamma")) {
            c.check("dgamma", tape.gradient(y, List.of(layer.gamma()), upstream).get(0));
        }
        if (c.expects("dbeta")) {
            c.check("dbeta", tape.gradient(y, List.of(layer.beta()), upstream).get(0));
        }
    }

    private static Tensor stack(List<Tensor> rows) {
        int n = rows.get(0).size();
        return Tensor.generate(i -> rows.get(i / n).get(i % n), rows.size(), n);
    }
}

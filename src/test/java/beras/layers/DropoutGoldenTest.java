package beras.layers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.autograd.GradientTape;
import beras.golden.Golden;
import beras.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Dropout by a given mask, and by its statistics. */
@Tag("layers")
class DropoutGoldenTest {

    @TestFactory
    Stream<DynamicTest> givenTheMask() {
        return Golden.tests("dropout", "mask\\..*", 8, c -> {
            Tensor kept = c.input("mask");
            Dropout layer = new Dropout(c.param("rate")) {
                @Override
                void fill(Tensor mask) {
                    float[] factors = kept.multiply(factor()).toArray();
                    System.arraycopy(factors, 0, mask.data(), mask.offset(), factors.length);
                }
            };
            Tensor x = c.input("x");
            GradientTape tape = new GradientTape();
            Tensor y;
            try (tape) {
                y = layer.call(x);
            }
            c.check("y", y);
            c.check("dx", tape.gradient(y, List.of(x), c.input("upstream")).get(0));
            c.check("yInference", layer.forward(x));
            c.check("yInference", layer.call(x));
        });
    }

    @TestFactory
    Stream<DynamicTest> statistics() {
        return Golden.tests("dropout", "statistics\\..*", 6, c -> {
            Dropout layer = new Dropout(c.param("rate"));
            layer.seed(11);
            if (c.param("rate") < 1) {
                c.check("keptValue", Tensor.scalar(layer.factor()));
            }
            Tensor ones = Tensor.ones((int) c.param("n"));
            for (int call = 0; call < 5; call++) {
                float[] y;
                try (GradientTape tape = new GradientTape()) {
                    y = layer.call(ones).toArray();
                }
                int kept = 0;
                double sum = 0;
                for (float value : y) {
                    assertTrue(value == 0f || value == layer.factor());
                    kept += value == 0f ? 0 : 1;
                    sum += value;
                }
                near(c.expectedNumber("keptFractionMean"), (double) kept / y.length, c.expectedNumber("keptFractionStd"));
                if (c.param("rate") < 1) {
                    near(1, sum / y.length, c.expectedNumber("outputMeanStd"));
                }
            }
        });
    }

    private static void near(double expected, double actual, double deviation) {
        assertTrue(Math.abs(actual - expected) <= 6 * deviation + 1e-7, () -> "expected " + expected + ", got " + actual);
    }
}

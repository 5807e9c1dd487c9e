package beras.metrics;

import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.tensor.Tensor;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Categorical accuracy, gathered over batches. Left for later: sample weights, and the other metrics. */
@Tag("metrics")
class CategoricalAccuracyGoldenTest {

    @TestFactory
    Stream<DynamicTest> overBatches() {
        return Golden.tests("metrics", "categorical_accuracy\\.(11x\\d+|ties)", 4, c -> {
            Metric accuracy = new CategoricalAccuracy();
            c.check("result", afterEachBatch(c, accuracy));
            c.check("matches", ofEachExample(c, accuracy));
        });
    }

    private static Tensor afterEachBatch(GoldenCase c, Metric metric) {
        int[] sizes = c.paramList("batches");
        float[] results = new float[sizes.length];
        Metric.Accumulator accumulator = metric.accumulator();
        int seen = 0;
        for (int i = 0; i < sizes.length; i++) {
            int from = seen;
            seen += sizes[i];
            accumulator.update(c.input("yPred").slice(from, seen), c.input("yTrue").slice(from, seen), null);
            results[i] = (float) accumulator.result();
        }
        return Tensor.of(results);
    }

    private static Tensor ofEachExample(GoldenCase c, Metric metric) {
        Tensor predictions = c.input("yPred");
        Tensor truth = c.input("yTrue");
        return Tensor.generate(i -> metric.forward(predictions.slice(i, i + 1), truth.slice(i, i + 1)), predictions.dim(0));
    }
}

package beras.metrics;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.evaluation.ClassificationReport;
import beras.evaluation.RegressionReport;
import beras.losses.BinaryCrossEntropy;
import beras.losses.Loss;
import beras.losses.MeanSquaredError;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A measure has one name, whether training monitors it as a metric or a report has it. */
@Tag("metrics")
class MeasureNamesTest {

    private static final float[] SCORES = {0.95f, 0.85f, 0.75f, 0.6f, 0.4f, 0.3f, 0.2f, 0.1f}; // each between other thresholds of AUC
    private static final float[] TRUTH = {1, 1, 0, 1, 0, 1, 0, 0};

    private static Tensor column(float[] numbers) {
        return Tensor.of(numbers).reshape(numbers.length, 1);
    }

    private static void assertSame(List<String> names, Map<String, Double> report, Loss loss) {
        assertEquals(names, report.keySet().stream().filter(Metrics.textNames()::contains).toList());
        for (String name : names) {
            Metric metric = Metrics.of(Config.of(name), loss, Shape.of(1));
            assertEquals(name, metric.name());
            assertEquals(report.get(name), metric.forward(column(SCORES), column(TRUTH)), 1e-6, name);
        }
    }

    @Test
    void aReportOfLabelsHasThoseOfTheMetrics() {
        assertSame(List.of("accuracy", "balanced_accuracy", "brier_score", "auc"),
                ClassificationReport.of(List.of("no", "yes"), column(SCORES), column(TRUTH)).values(), new BinaryCrossEntropy());
    }

    @Test
    void aReportOfValuesHasThoseOfTheMetrics() {
        assertSame(List.of("mse", "mae", "rmse", "r2"), RegressionReport.of(column(SCORES), column(TRUTH)).values(),
                new MeanSquaredError());
    }

    @Test
    void noMeasureHasASecondName() {
        for (String name : List.of("roc_auc", "roc-auc", "brier")) {
            assertTrue(!Metrics.textNames().contains(name), name);
        }
    }
}

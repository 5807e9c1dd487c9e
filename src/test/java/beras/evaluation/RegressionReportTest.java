package beras.evaluation;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("metrics")
class RegressionReportTest {

    private static final double[] ACTUAL = {3, -0.5, 2, 7, 4, 10.5};
    private static final double[] PREDICTED = {2.5, 0, 2, 8, 5.5, 6.5};

    /** Numbers of scikit-learn 1.4.2. */
    @Test
    void numbersAreThoseOfScikitLearn() {
        Map<String, Double> values = RegressionReport.of(PREDICTED, ACTUAL, 5).values();
        assertEquals(List.of("mse", "mae", "rmse", "r2", "median_absolute_error", "max_error", "baseline_mae", "baseline_r2"),
                List.copyOf(values.keySet()));
        double[] expected = {3.2916666666666665, 1.25, Math.sqrt(3.2916666666666665), 0.7395604395604396, 0.75, 4,
            3.1666666666666665, -0.03516483516483504};
        int at = 0;
        for (double value : values.values()) {
            assertEquals(expected[at++], value, 1e-15);
        }
        RegressionReport own = RegressionReport.of(Tensor.of(2.5f, 0f, 2f, 8f, 5.5f, 6.5f), Tensor.of(3f, -0.5f, 2f, 7f, 4f, 10.5f));
        assertEquals(0, own.baselineR2());
        assertEquals(1.25, own.mae());
        assertEquals(6, own.examples());
    }

    @Test
    void eachNumberHasAMethod() {
        RegressionReport report = RegressionReport.of(PREDICTED, ACTUAL, 5);
        assertEquals(List.copyOf(report.values().values()), List.of(report.mse(), report.mae(), report.rmse(), report.r2(),
                report.medianAbsoluteError(), report.maxError(), report.baselineMae(), report.baselineR2()));
        assertEquals("RegressionReport" + report.values() + " of 6 examples", report.toString());
    }

    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        assertEquals(2, RegressionReport.of(new double[] {1, 2, 9}, new double[] {0, 0, 0}).medianAbsoluteError());
    }

    @Test
    void equalTruthIsExplainedOrNot() {
        assertEquals(1, RegressionReport.of(new double[] {4, 4}, new double[] {4, 4}).r2());
        assertEquals(0, RegressionReport.of(new double[] {4, 5}, new double[] {4, 4}).r2());
        double[] tenths = {0.1, 0.1, 0.1}; // their sum over 3 is not 0.1
        RegressionReport report = RegressionReport.of(new double[] {0.1, 0.1, 0.2}, tenths);
        assertEquals(0, report.r2());
        assertEquals(1, report.baselineR2());
        assertEquals(0, report.baselineMae());
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThrows(IllegalArgumentException.class, () -> RegressionReport.of(new double[0], new double[0]));
        assertThrows(IllegalArgumentException.class, () -> RegressionReport.of(new double[1], new double[2]));
        assertThrows(IllegalArgumentException.class, () -> RegressionReport.of(Tensor.zeros(2), Tensor.zeros(2, 1)));
    }
}

package beras.prediction;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The temperature of probabilities, the bound of an answer, and what a file keeps of them. */
@Tag("data")
class CalibrationTest {

    private static final int CLASSES = 4;

    private static double[] softmax(double[] logits, double temperature) {
        double sum = 0;
        double[] shares = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            shares[i] = Math.exp(logits[i] / temperature);
            sum += shares[i];
        }
        for (int i = 0; i < logits.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    /** Examples whose classes are drawn by the softmax of their logits, of which the model gives that at another temperature. */
    private static Optional<Calibration> fitted(int count, double given) {
        Rng random = new Rng(5, "calibration", 0);
        float[] probabilities = new float[count * CLASSES];
        int[] classes = new int[count];
        for (int i = 0; i < count; i++) {
            double[] logits = new double[CLASSES];
            for (int c = 0; c < CLASSES; c++) {
                logits[c] = 2 * random.normal(i * 10L + c);
            }
            double drawn = random.uniform(i * 10L + CLASSES);
            double[] truth = softmax(logits, 1);
            while (drawn >= truth[classes[i]] && classes[i] < CLASSES - 1) {
                drawn -= truth[classes[i]++];
            }
            double[] shares = softmax(logits, given);
            for (int c = 0; c < CLASSES; c++) {
                probabilities[i * CLASSES + c] = (float) shares[c];
            }
        }
        return Calibration.fit(Tensor.wrap(probabilities, count, CLASSES), classes);
    }

    /** Of two labels, the first of which has these confidences. */
    private static Tensor rows(double... confidences) {
        float[] rows = new float[2 * confidences.length];
        for (int i = 0; i < confidences.length; i++) {
            rows[2 * i] = (float) confidences[i];
            rows[2 * i + 1] = 1 - rows[2 * i];
        }
        return Tensor.wrap(rows, confidences.length, 2);
    }

    // ---------------------------------------------------------------------------------------------------- fitting

    @ParameterizedTest
    @ValueSource(doubles = {0.25, 0.5, 1, 2, 4})
    void theTemperatureUndoesThatOfTheModel(double given) {
        Calibration calibration = fitted(4000, given).orElseThrow();
        assertEquals(1 / given, calibration.temperature(), 0.05 / given);
        assertEquals(4000, calibration.examples());
        assertEquals(OptionalDouble.empty(), calibration.bound());
    }

    /** 600 of 800 examples of confidence 0.9 are right, so that it should be 0.75; the prior is worth less than one. */
    @Test
    void confidenceBecomesTheShareThatIsRight() {
        double[] confidences = new double[800];
        Arrays.fill(confidences, 0.9);
        int[] classes = new int[800];
        Arrays.fill(classes, 600, 800, 1);
        Calibration calibration = Calibration.fit(rows(confidences), classes).orElseThrow();
        assertEquals(Math.log(9) / Math.log(3), calibration.temperature(), 0.01);
        assertEquals(0.75, calibration.apply(rows(0.9)).get(0, 0), 0.001);
    }

    @Test
    void aFewExamplesThatAreRightMakeNobodySureOfEverything() {
        Calibration calibration = Calibration.fit(rows(0.7, 0.8, 0.9), new int[3]).orElseThrow();
        assertTrue(calibration.temperature() > 0.4 && calibration.temperature() < 1, () -> "temperature " + calibration.temperature());
    }

    @Test
    void withoutExamplesOrProbabilitiesThereIsNone() {
        assertEquals(Optional.empty(), Calibration.fit(Tensor.zeros(0, 2), new int[0]));
        assertEquals(Optional.empty(), Calibration.fit(rows(0.3, 0.4), new int[0]), "outliers alone");
        assertEquals(Optional.empty(), Calibration.fit(Tensor.of(new float[][] {{3, -2}}), new int[1]), "logits");
        assertEquals(Optional.empty(), Calibration.fit(Tensor.of(new float[][] {{0.9f, 0.8f}}), new int[1]), "sigmoids");
        assertEquals(Optional.empty(), Calibration.fit(Tensor.of(new float[][] {{Float.NaN, 1}}), new int[1]));
    }

    @Test
    void rowsAndClassesMustFit() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Calibration.fit(rows(0.5), new int[2])).getMessage()
                .contains("Received: shape (1, 2) and 2 classes"));
        assertThrows(IllegalArgumentException.class, () -> Calibration.fit(rows(0.5), new int[] {2}));
        assertThrows(IllegalArgumentException.class, () -> Calibration.fit(rows(0.5), new int[] {-1}));
        assertThrows(IllegalArgumentException.class, () -> Calibration.fit(Tensor.of(1f, 0f), new int[1]));
    }

    // ---------------------------------------------------------------------------------------------------- outliers

    /** Of 1000 examples that are right, with confidences 0.5 to 1, the share below the bound is the one promised. */
    @Test
    void outliersHaveTheBoundAndNoPartInTheTemperature() {
        int count = 1000;
        double[] confidences = new double[count + 4];
        for (int i = 0; i < count; i++) {
            confidences[i] = 0.5 + i / 2.0 / count;
        }
        System.arraycopy(new double[] {0.5, 0.51, 0.9, 0.99}, 0, confidences, count, 4);
        int[] classes = new int[count];
        Tensor all = rows(confidences);
        Calibration alone = Calibration.fit(all.slice(0, count), classes).orElseThrow();
        Calibration both = Calibration.fit(all, classes).orElseThrow();
        assertEquals(alone.temperature(), both.temperature());
        double bound = both.bound().orElseThrow();
        Tensor calibrated = both.apply(all);
        int refused = 0;
        for (int i = 0; i < count; i++) {
            refused += calibrated.get(i, 0) < bound ? 1 : 0;
        }
        assertTrue(refused > 0 && refused <= count * Calibration.REFUSED, refused + " below " + bound);
        int below = 0;
        for (int i = count; i < count + 4; i++) {
            below += calibrated.get(i, 0) < bound ? 1 : 0;
        }
        assertEquals(below, both.outliersBelow());
        assertEquals(4, both.outliers());
    }

    @Test
    void aModelThatIsNeverRightRejectsNothing() {
        Calibration calibration = Calibration.fit(rows(0.9, 0.8, 0.7), new int[] {1, 1}).orElseThrow();
        assertEquals(OptionalDouble.of(0), calibration.bound());
        assertEquals(0, calibration.outliersBelow());
    }

    // ---------------------------------------------------------------------------------------------------- applying

    @Test
    void probabilitiesAreThoseOfTheLogitsAtTheTemperature() {
        double[][] logits = {{3, -1, 0.5}, {-40, 30, 29.5}, {0, 0, 0}, {200, 0, -200}};
        Calibration calibration = Calibration.of(Config.of("Calibration").with("temperature", 2.5).with("examples", 1));
        float[] given = new float[12];
        for (int i = 0; i < 4; i++) {
            double[] shares = softmax(logits[i], 1);
            for (int c = 0; c < 3; c++) {
                given[3 * i + c] = (float) shares[c];
            }
        }
        Tensor calibrated = calibration.apply(Tensor.wrap(given, 4, 3));
        for (int i = 0; i < 4; i++) {
            double[] expected = softmax(logits[i], 2.5);
            for (int c = 0; c < 3; c++) {
                assertEquals(expected[c], calibrated.get(i, c), 2e-7, "row " + i);
            }
        }
        assertArrayEquals(Tensor.wrap(given, 4, 3).argmax(1), calibrated.argmax(1));
    }

    // ---------------------------------------------------------------------------------------------------- in files

    @Test
    void aConfigKeepsAll() {
        Calibration bare = fitted(50, 2).orElseThrow();
        assertEquals(bare.config(), Calibration.of(bare.config()).config());
        Calibration bounded = Calibration.fit(rows(0.6, 0.7, 0.8, 0.5), new int[3]).orElseThrow();
        Calibration again = Calibration.of(bounded.config());
        assertEquals(bounded.config(), again.config());
        assertEquals(bounded.bound(), again.bound());
        assertEquals(bounded.outliers(), again.outliers());
    }

    @ParameterizedTest
    @CsvSource({"temperature, 0", "temperature, -1", "temperature, 21", "temperature, NaN", "examples, 0", "bound, 1.5", "bound, NaN",
        "outliers, 0", "outliersBelow, 5", "outliersBelow, -1", "other, 1"})
    void whatIsWrongIsRefused(String name, double value) {
        Config config = Config.of("Calibration").with("temperature", 0.5).with("examples", 9).with("bound", 0.5).with("outliers", 4)
                .with("outliersBelow", 3);
        assertEquals(0.5, Calibration.of(config).temperature());
        assertThrows(IllegalArgumentException.class, () -> Calibration.of(config.with(name, value == (int) value ? (Object) (int) value
                : value)));
    }
}

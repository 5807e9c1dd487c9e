package beras.data;

import static beras.assignment.Fixtures.tensor;
import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class OneHotEncoderTest {

    /** The assignment's test_ohe_validity, over many random label sets, with more of what must hold. */
    @ParameterizedTest
    @Tag("assignment")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void encodesAnyLabelSet(long seed) {
        Rng rng = new Rng(seed, "labels", 0);
        int length = 2 + (int) (rng.uniform(0) * 499);
        Tensor labels = Tensor.generate(i -> Math.floor(rng.uniform(1 + i) * 50), length);
        TreeSet<Float> distinct = new TreeSet<>();
        for (float label : labels.toArray()) {
            distinct.add(label);
        }
        OneHotEncoder encoder = new OneHotEncoder();
        encoder.fit(labels);
        Tensor encoded = encoder.forward(labels);
        assertEquals(Shape.of(length, distinct.size()), encoded.shape());
        assertEquals(Tensor.ones(length), encoded.sum(1));
        for (float value : encoded.toArray()) {
            assertTrue(value == 0 || value == 1);
        }
        int[] columns = encoded.argmax(1);
        for (int i = 0; i < length; i++) {
            assertEquals(distinct.headSet(labels.get(i)).size(), columns[i], "labels in ascending order");
        }
        assertEquals(labels, encoder.inverse(encoded));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"[5, 2, 9, 2] | [9, 2, 5] | [[0, 0, 1], [1, 0, 0], [0, 1, 0]]",
        "[-1, 4] | [-1] | [[1, 0]]", "[0.5, -0.5, 0, -0] | [0, -0, 0.5] | [[0, 1, 0], [0, 1, 0], [0, 0, 1]]"})
    void columnsFollowTheSortedLabels(String fitted, String labels, String encoded) {
        OneHotEncoder encoder = new OneHotEncoder();
        encoder.fit(tensor(fitted));
        assertEquals(tensor(encoded), encoder.forward(tensor(labels)));
        assertEquals(encoder.forward(tensor(labels)), encoder.forward(encoder.inverse(tensor(encoded))));
        assertTrue(tensor(labels).allClose(encoder.inverse(tensor(encoded)), 0, 0));
    }

    @Test
    void fitsOnTheFirstLabelsIfNeverFitted() {
        OneHotEncoder encoder = new OneHotEncoder();
        assertEquals(Tensor.of(new float[][] {{0, 1}, {1, 0}}), encoder.forward(Tensor.of(3, 1)));
        assertRefused(IllegalArgumentException.class, () -> encoder.forward(Tensor.of(2)), "2.0");
    }

    @Test
    void namesAnUnseenLabelAndTheKnownOnes() {
        OneHotEncoder encoder = new OneHotEncoder();
        encoder.fit(Tensor.of(0, 1));
        assertRefused(IllegalArgumentException.class, () -> encoder.forward(Tensor.of(1, 2)),
                "Label 2.0 at index 1", "[0.0, 1.0]");
        encoder.fit(Tensor.generate(i -> i, 300));
        assertRefused(IllegalArgumentException.class, () -> encoder.forward(Tensor.of(-1)), "19.0] and 280 more");
    }

    @Test
    void fittingAgainReplacesTheLabels() {
        OneHotEncoder encoder = new OneHotEncoder();
        encoder.fit(Tensor.of(1, 2, 3));
        encoder.fit(Tensor.of(7));
        assertEquals(Tensor.of(new float[][] {{1}}), encoder.forward(Tensor.of(7)));
        assertRefused(IllegalArgumentException.class, () -> encoder.forward(Tensor.of(1)), "[7.0]");
    }

    @Test
    void readsViews() {
        OneHotEncoder encoder = new OneHotEncoder();
        Tensor labels = Tensor.of(8, 6, 4, 2);
        encoder.fit(labels.slice(1, 3));
        Tensor turned = Tensor.of(new float[][] {{1, 0}, {0, 1}}).transpose();
        assertEquals(Tensor.of(4, 6), encoder.inverse(turned));
    }

    @Test
    void noLabelsEncodeToNothing() {
        assertEquals(Shape.of(0, 0), new OneHotEncoder().forward(Tensor.of()).shape());
    }

    @Test
    void refusesWhatIsNoLabel() {
        OneHotEncoder encoder = new OneHotEncoder();
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        assertRefused(type, () -> encoder.fit(Tensor.ones(2, 1)), "(count,)", "Received: (2, 1)");
        assertRefused(type, () -> encoder.fit(Tensor.of(1, Float.NaN)), "NaN at index 1");
        assertRefused(type, () -> encoder.fit(Tensor.of(Float.POSITIVE_INFINITY)), "Infinity at index 0");
    }

    @Test
    void refusesWhatIsNoEncoding() {
        OneHotEncoder encoder = new OneHotEncoder();
        assertRefused(IllegalStateException.class, () -> encoder.inverse(Tensor.ones(1, 1)), "call fit first");
        encoder.fit(Tensor.of(1, 2));
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        assertRefused(type, () -> encoder.inverse(Tensor.ones(3, 3)), "(count, 2)", "Received: (3, 3)");
        assertRefused(type, () -> encoder.inverse(Tensor.of(1, 0)), "(count, 2)", "Received: (2,)");
        assertRefused(type, () -> encoder.inverse(Tensor.of(new float[][] {{1, 0}, {0.2f, 0.8f}})),
                "0.2 at row 1, column 0", "argmax");
        assertRefused(type, () -> encoder.inverse(Tensor.of(new float[][] {{1, 1}})), "1.0 at row 0, column 1");
        assertRefused(type, () -> encoder.inverse(Tensor.of(new float[][] {{0, 0}})), "only zeros in row 0");
    }
}

package beras.data;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Preprocessor;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Arrays as a model takes them, and what it says. */
@Tag("data")
class ArrayPreprocessorTest {

    private static final ArrayPreprocessor LABELS = ArrayPreprocessor.ofLabels(Shape.of(2), List.of("-1", "1"));
    private static final ArrayPreprocessor VALUE = ArrayPreprocessor.ofValues(Shape.of(2, 2), new double[] {100}, 8);
    private static final ArrayPreprocessor VALUES = ArrayPreprocessor.ofValues(Shape.of(2), new double[] {100, -4}, 8);

    @Test
    void numbersAreTakenAsTheyAre() {
        assertArrayEquals(new float[] {1.5f, -2}, LABELS.encode(new float[] {1.5f, -2}));
        assertArrayEquals(new float[] {1.5f, -2}, LABELS.encode(new double[] {1.5, -2}));
        assertArrayEquals(new float[] {1, 2, 3, 4}, VALUE.encode(Tensor.of(new float[][] {{1, 2}, {3, 4}})));
        for (Object wrong : new Object[] {new float[3], List.of(1, 2), "1,2"}) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> LABELS.encode(wrong)).getMessage()
                    .startsWith("An example must be a float[], a double[] or a Tensor of the 2 numbers of (2,). Received: "));
        }
        assertTrue(assertThrows(IllegalArgumentException.class, () -> LABELS.encode(new float[] {1, Float.NaN})).getMessage()
                .contains("must be finite. Received: NaN at index 1"));
    }

    @Test
    void outputsAreLabelsOrValues() {
        assertEquals("1", LABELS.decode(new float[] {9, 0.25f, 0.75f}, 1).label());
        assertEquals(84, VALUE.decode(new float[] {9, -2}, 1).value());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> VALUES.decode(new float[2], 0)).getMessage()
                .contains("one number. Received: 2 numbers, which an array can have"));
        assertEquals(List.of(Shape.of(2), Shape.of(1), Shape.of(2)),
                List.of(LABELS.outputShape(), VALUE.outputShape(), VALUES.outputShape()));
    }

    @Test
    void valuesComeBack() {
        Tensor y = Tensor.of(new float[][] {{100, -4}, {108, 4}});
        assertEquals(Tensor.of(new float[][] {{0, 0}, {1, 1}}), VALUES.standardize(y));
        assertEquals(y, VALUES.restore(VALUES.standardize(y)));
        assertEquals(y, LABELS.restore(y), "probabilities stay as they are");
        assertEquals(List.of(8.0, 1.0), List.of(VALUES.unit(), LABELS.unit()));
    }

    @Test
    void aConfigTellsAllOfIt() {
        for (ArrayPreprocessor each : List.of(LABELS, VALUE, VALUES)) {
            Preprocessor again = Preprocessor.of(each.config());
            assertEquals(each.config(), again.config());
            assertEquals(List.of(each.inputShape(), each.outputShape()), List.of(again.inputShape(), again.outputShape()));
        }
        assertEquals(84, Preprocessor.of(VALUE.config()).decode(new float[] {-2}, 0).value());
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ArrayPreprocessor.ofLabels(Shape.of(2), List.of("1")));
        assertThrows(IllegalArgumentException.class, () -> ArrayPreprocessor.ofValues(Shape.of(2), new double[0], 1));
        for (double deviation : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> ArrayPreprocessor.ofValues(Shape.of(2), new double[1], deviation));
        }
        assertThrows(IllegalArgumentException.class,
                () -> ArrayPreprocessor.ofValues(Shape.of(2), new double[] {Double.NaN}, 1));
        assertThrows(IllegalArgumentException.class, () -> Preprocessor.of(LABELS.config().with("means", List.of("x"))
                .with("labels", List.of())));
    }
}

package beras.assignment;

import static org.junit.jupiter.api.Assertions.*;

import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.tensor.Tensor;
import java.util.Arrays;

/** The numbers that the assignment's checks share, written as they stand there, and the comparison with such numbers. */
public final class Fixtures {

    public static final Tensor X = tensor("[[1, 2, -1], [0.5, -1.5, 2]]");
    public static final String W1 = "[[0.1, -0.2], [0.3, 0.4], [-0.5, 0.6]]";
    public static final String B1 = "[[0.05, -0.1]]";
    public static final String W2 = "[[0.7, -0.3, 0.2], [-0.4, 0.5, 0.1]]";
    public static final String B2 = "[[0.01, 0.02, -0.03]]";
    public static final Tensor Y = tensor("[[0, 0, 1], [1, 0, 0]]");
    public static final Tensor J = tensor("[[1, -2], [0.5, 3]]");

    /** A tensor from nested brackets; a bare number has rank 0. */
    public static Tensor tensor(String nested) {
        String text = nested.replaceAll("\\s", "");
        int rank = text.length() - text.replaceAll("^\\[+", "").length();
        String[] numbers = text.replaceAll("[\\[\\]]", "").split(",");
        int[] lists = new int[rank + 1]; // how many lists begin at each depth; at the last, how many numbers there are
        int depth = 0;
        for (char c : text.toCharArray()) {
            if (c == '[') {
                lists[depth++]++;
            } else if (c == ']') {
                depth--;
            }
        }
        lists[rank] = numbers.length;
        int[] sizes = new int[rank];
        Arrays.setAll(sizes, i -> lists[i + 1] / lists[i]);
        return Tensor.generate(i -> Double.parseDouble(numbers[i]), sizes);
    }

    /** A Dense layer with these weights. */
    public static Dense dense(String w, String b) {
        Tensor weights = tensor(w);
        Dense dense = new Dense(weights.dim(0), weights.dim(1), Initializers.zeros());
        dense.w().assign(weights);
        dense.b().assign(tensor(b));
        return dense;
    }

    /** Equal in shape, and in every element up to what float arithmetic loses. */
    public static void assertClose(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        assertTrue(actual.allClose(expected, 1e-5, 1e-6), () -> "expected " + expected + "\nbut was " + actual);
    }

    /** As {@link #assertClose(Tensor, Tensor)}, for numbers in nested brackets. */
    public static void assertClose(String expected, Tensor actual) {
        assertClose(tensor(expected), actual);
    }

    private Fixtures() {}
}

package beras.saving.onnx;

import java.util.Arrays;

/**
 * A whole number that a {@link OnnxTrace trace} has once for each of its batches, such as the size of an axis: the same each time,
 * or so many for each example.
 */
record OnnxSize(int... seen) {

    /** The batches of a trace. None has one example, which would broadcast. */
    static final int[] BATCHES = {2, 3, 5};

    /** A number that does not depend on the batch. */
    static OnnxSize of(int number) {
        int[] seen = new int[BATCHES.length];
        Arrays.fill(seen, number);
        return new OnnxSize(seen);
    }

    /** Whether it does not depend on the batch. */
    boolean isFixed() {
        return Arrays.stream(seen).allMatch(n -> n == seen[0]);
    }

    /** The number for each example, 0 for 0; -1 if it is no multiple of the batch. */
    int perExample() {
        int each = seen[0] / BATCHES[0];
        for (int i = 0; i < seen.length; i++) {
            if (seen[i] != each * BATCHES[i]) {
                return -1;
            }
        }
        return each;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OnnxSize size && Arrays.equals(seen, size.seen);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(seen);
    }
}

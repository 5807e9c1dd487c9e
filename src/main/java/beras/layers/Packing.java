package beras.layers;

import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * The packed steps of a batch of sequences, see {@link beras.kernels.Recurrences}: the unmasked steps alone, in the order in
 * which a layer takes them.
 *
 * @param batch     the sequences
 * @param steps     of each sequence, masked ones included
 * @param first     where the steps begin among the packed rows, and at the end how many rows there are
 * @param sequences the numbers of the sequences with unmasked steps, the ones with more of them first
 * @param sources   of each packed row, its place among all steps of the batch
 * @param states    of each step of the batch, in the order in which the layer takes them, the packed row after which it gives its output;
 *     the number of packed rows for an output of zeros
 */
record Packing(int batch, int steps, int[] first, int[] sequences, int[] sources, int[] states) {

    /**
     * Packs the steps that count.
     *
     * @param mask        {@code (batch, steps)}, not 0 where a step counts; null: all count
     * @param isBackwards whether the last step is taken first
     * @param givesZeros  whether a step that does not count gives zeros, and not the output before it
     */
    static Packing of(int batch, int steps, Tensor mask, boolean isBackwards, boolean givesZeros) {
        float[] counts = mask == null ? null : mask.toArray();
        int[] lengths = new int[batch];
        int[] rows = new int[steps + 1]; // of each step
        for (int b = 0; b < batch; b++) {
            for (int t = 0; t < steps; t++) {
                lengths[b] += counts == null || counts[b * steps + t] != 0f ? 1 : 0;
            }
            for (int n = 0; n < lengths[b]; n++) {
                rows[n]++;
            }
        }
        int longest = 0;
        while (rows[longest] > 0) {
            longest++;
        }
        int[] first = new int[longest + 1];
        for (int n = 0; n < longest; n++) {
            first[n + 1] = first[n] + rows[n];
        }
        int[] sequences = new int[batch];
        int[] sources = new int[first[longest]];
        int[] states = new int[batch * steps];
        int rank = 0;
        for (int length = longest; length >= 0; length--) {
            for (int b = 0; b < batch; b++) {
                if (lengths[b] != length) {
                    continue;
                }
                int taken = 0;
                for (int i = 0; i < steps; i++) {
                    int t = b * steps + (isBackwards ? steps - 1 - i : i);
                    boolean counted = counts == null || counts[t] != 0f;
                    if (counted) {
                        sources[first[taken++] + rank] = t;
                    }
                    states[b * steps + i] = taken == 0 || !counted && givesZeros ? sources.length : first[taken - 1] + rank;
                }
                sequences[rank++] = b;
            }
        }
        return new Packing(batch, steps, first, Arrays.copyOf(sequences, rows[0]), sources, states);
    }

    /** The states at the ends of the sequences. */
    int[] last() {
        int[] last = new int[batch];
        Arrays.setAll(last, b -> steps == 0 ? sources.length : states[(b + 1) * steps - 1]);
        return last;
    }
}

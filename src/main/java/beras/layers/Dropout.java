package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * Sets a random share of the elements to 0 in training and scales the others so that expected sums are unchanged: each element is
 * kept with probability {@code 1 - rate}, and divided by it. Outside training the input passes unchanged. Any shape.
 *
 * <p>Which elements are kept in the layer's {@code n}-th training call follows from the seed, {@code n} and the index of the
 * element.
 *
 * <p>The setting {@code noiseShape} drops elements together: for each axis of a batch, the batch axis the first, it is 1 where
 * all elements along the axis are kept or dropped together, or -1 for the size of the input, Keras's {@code None}. So
 * {@code [-1, 1, -1]} drops features of sequences {@code (batch, steps, features)} in all steps.
 *
 * <pre>{@code
 * new Sequential(new Input(784), new Dense(128, "relu"), new Dropout(0.3), new Dense(10, "softmax"));
 * }</pre>
 */
public class Dropout extends RandomFactors {

    private static final double TWO_TO_32 = 0x1p32;
    private static final long MOST = 0xffff_ffffL;

    private int[] noiseShape; // null: a factor for each element

    Dropout() {
        super("dropout");
    }

    /**
     * @param rate the share of elements to set to 0, from 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    public Dropout(double rate) {
        super("dropout", rate);
    }

    @Override
    public void settings(Settings s) {
        super.settings(s);
        noiseShape = checked(s.integers("noiseShape", noiseShape));
    }

    @Override
    final double checked(double given) {
        return Arguments.share("The rate of " + typeName(), given);
    }

    private static int[] checked(int... sizes) {
        boolean fits = sizes == null || sizes.length > 0 && (sizes[0] == -1 || sizes[0] == 1);
        for (int i = 1; fits && sizes != null && i < sizes.length; i++) {
            fits = sizes[i] == -1 || sizes[i] > 0;
        }
        if (!fits) {
            throw new IllegalArgumentException("The noiseShape of Dropout must have a size for each axis, the batch axis the first:"
                    + " 1, or -1 for that of the input, or behind the batch axis that size itself. Received: "
                    + Arrays.toString(sizes));
        }
        return sizes;
    }

    /** Writes {@link #factor}, or 0. */
    @Override
    void fill(Tensor mask) {
        if (noiseShape == null) {
            fill(mask.block());
        } else {
            fill(mask, noiseShape);
        }
    }

    /** As {@link #fill(Tensor)}, the same along each axis whose size is 1. */
    final void fill(Tensor mask, int... sizes) {
        int[] noise = mask.shape().toArray();
        boolean fits = sizes.length == noise.length;
        for (int i = 0; fits && i < noise.length; i++) {
            fits = sizes[i] == -1 || sizes[i] == 1 || sizes[i] == noise[i];
            noise[i] = sizes[i] == 1 ? 1 : noise[i];
        }
        if (!fits) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " of the noiseShape " + Arrays.toString(sizes)
                    + " needs inputs of that shape. Received: " + mask.shape());
        }
        Tensor factors = Tensor.zeros(noise);
        fill(factors.block());
        Tensor all = factors.broadcastTo(mask.shape()).contiguous();
        System.arraycopy(all.data(), all.offset(), mask.data(), mask.offset(), all.size());
    }

    /** As {@link #fill(Tensor)}, for each element by itself. */
    private void fill(MatrixView mask) {
        fill(mask, next().bits(0), rate(), factor());
    }

    /** New factors of a dropout, from this seed and purpose and the number of the draw. */
    static Tensor factors(Call call, long seed, String purpose, long number, double rate, int rows, int columns) {
        Tensor factors = call.allocate(rows, columns);
        fill(factors.block(), new Rng(seed, purpose, number).bits(0), rate, (float) (1 / (1 - rate)));
        return factors;
    }

    /** Writes {@code kept} for an element that is kept, and 0 for the others. */
    static void fill(MatrixView mask, long key, double rate, float kept) {
        long threshold = Math.min(Math.round((1 - rate) * TWO_TO_32), MOST);
        Backend.elements().dropoutMask(key, threshold, kept, mask);
    }

    /** The factor of a kept element. */
    final float factor() {
        return (float) (1 / (1 - rate()));
    }
}

package beras.kernels;

import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Hands out the blocks of one call of a kernel, and keeps the outputs: inputs of random numbers and outputs, at an odd offset
 * and between guards.
 */
final class Blocks {

    /** Where an array of bytes or ints begins. */
    static final int OFFSET = 3;

    private static final int GUARD = 5;
    private static final int GAP = 2;
    private static final float SENTINEL = 12345.678f;
    private static final int NONE = -1;
    /** Numbers of all blocks, a power of two: to make new ones would take longer than all kernels. */
    private static final int NUMBERS = 1 << 16;
    private static final float[] TAME = numbers(false);
    private static final float[] WILD = numbers(true);

    private final Rng rng;
    private final int first; // where its numbers begin
    private final boolean wild;
    private final int inPlace;
    private final int odd;
    private final int moreCols;
    private final int moreGap;
    private final List<Object> made = new ArrayList<>();
    private final List<Object> outputs = new ArrayList<>();
    private int handedOut;
    private long numbers;

    /** @param wild whether zeros of both signs, subnormals, extremes, infinities and NaN are among the numbers */
    Blocks(long seed, boolean wild) {
        this(seed, wild, NONE, NONE, 0, 0);
    }

    private Blocks(long seed, boolean wild, int inPlace, int odd, int moreCols, int moreGap) {
        this.rng = new Rng(seed, "kernels", 0);
        this.first = (int) rng.bits(0);
        this.wild = wild;
        this.inPlace = inPlace;
        this.odd = odd;
        this.moreCols = moreCols;
        this.moreGap = moreGap;
    }

    /**
     * But an output that may be in place of an input is.
     *
     * @param which of the inputs, counted round
     */
    static Blocks inPlace(long seed, boolean wild, int which) {
        return new Blocks(seed, wild, which, NONE, 0, 0);
    }

    /** But what is handed out in this place has a column too many. */
    static Blocks wrong(long seed, int place) {
        return new Blocks(seed, false, NONE, place, 1, 0);
    }

    /** But what is handed out in this place has gaps, or longer ones. */
    static Blocks withGaps(long seed, int place) {
        return new Blocks(seed, false, NONE, place, 0, 1);
    }

    /** From now on the same blocks once more, in the same order. */
    void again() {
        handedOut = 0;
    }

    /** What was handed out in this place before, or null. */
    private Object known() {
        return handedOut < made.size() ? made.get(handedOut++) : null;
    }

    private <T> T made(T object) {
        made.add(object);
        handedOut++;
        return object;
    }

    private <T> T output(T object) {
        outputs.add(object);
        return made(object);
    }

    // ------------------------------------------------------------------------------------------------ in and out

    MatrixView in(int n) {
        return in(1, n);
    }

    MatrixView in(int rows, int cols) {
        MatrixView known = (MatrixView) known();
        return known != null ? known : made(random(rows, cols, 0));
    }

    /** With a gap behind each row. */
    MatrixView inWithGaps(int rows, int cols) {
        MatrixView known = (MatrixView) known();
        return known != null ? known : made(random(rows, cols, GAP));
    }

    /** An input of whole numbers from 0 to {@code count - 1}. */
    MatrixView whole(int rows, int cols, int count) {
        MatrixView known = (MatrixView) known();
        if (known != null) {
            return known;
        }
        MatrixView block = blank(rows, cols, 0);
        for (int r = 0; r < block.rows; r++) {
            for (int c = 0; c < block.cols; c++) {
                block.data[block.row(r) + c] = Math.floorMod(rng.bits(numbers++), count);
            }
        }
        return made(block);
    }

    /** An input with many zeros. */
    MatrixView sparse(int rows, int cols) {
        MatrixView known = (MatrixView) known();
        if (known != null) {
            return known;
        }
        MatrixView block = random(rows, cols, 0);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                if (rng.uniform(numbers++) < 0.8) {
                    block.data[block.row(r) + c] = 0f;
                }
            }
        }
        return made(block);
    }

    MatrixView out(int n) {
        return out(1, n);
    }

    MatrixView out(int rows, int cols) {
        MatrixView known = (MatrixView) known();
        return known != null ? known : output(blank(rows, cols, 0));
    }

    /** With a gap behind each row; the gap is a guard too. */
    MatrixView outWithGaps(int rows, int cols) {
        MatrixView known = (MatrixView) known();
        return known != null ? known : output(blank(rows, cols, GAP));
    }

    /** One that is read and written. */
    MatrixView inOut(int rows, int cols) {
        MatrixView known = (MatrixView) known();
        return known != null ? known : output(random(rows, cols, 0));
    }

    /** An output that may be this input. */
    MatrixView over(MatrixView input) {
        return over(input, input, input);
    }

    /** An output that may be one of these inputs. */
    MatrixView over(MatrixView first, MatrixView second) {
        return over(first, second, inPlace % 2 == 0 ? first : second);
    }

    /** An output that may be one of these inputs. */
    MatrixView over(MatrixView first, MatrixView second, MatrixView third) {
        MatrixView known = (MatrixView) known();
        if (known != null) {
            return known;
        }
        return output(switch (inPlace) {
            case NONE -> like(first);
            case 0 -> first;
            case 1 -> second;
            default -> third;
        });
    }

    /** As this input should be. */
    private MatrixView like(MatrixView input) {
        boolean isOdd = odd != NONE && odd < made.size() && made.get(odd) == input;
        return blank(input.rows, input.cols - (isOdd ? moreCols : 0), input.stride - input.cols);
    }

    private MatrixView random(int rows, int cols, int gap) {
        MatrixView block = blank(rows, cols, gap);
        for (int r = 0; r < block.rows; r++) {
            for (int c = 0; c < block.cols; c++) {
                block.data[block.row(r) + c] = c < cols ? number() : 0f;
            }
        }
        return block;
    }

    private MatrixView blank(int rows, int rightCols, int rightGap) {
        boolean isOdd = made.size() == odd;
        int cols = rightCols + (isOdd ? moreCols : 0);
        int stride = cols + rightGap + (isOdd ? moreGap : 0);
        float[] array = new float[OFFSET + rows * stride + GUARD];
        Arrays.fill(array, SENTINEL);
        return new MatrixView(array, OFFSET, rows, cols, stride);
    }

    private float number() {
        return (wild ? WILD : TAME)[first + (int) numbers++ & NUMBERS - 1];
    }

    private static float[] numbers(boolean wild) {
        float[] special = {0f, -0f, Float.MIN_VALUE, -Float.MIN_NORMAL / 3, 1e-30f, -1e30f, Float.MAX_VALUE, 1f, 1000f,
            -1000f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN};
        Rng rng = new Rng(0, "numbers", 0);
        float[] numbers = new float[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            double number = rng.uniform(2L * i);
            numbers[i] = wild && rng.uniform(2L * i + 1) < 0.1 ? special[(int) (number * special.length)] : (float) (4 * number - 2);
        }
        return numbers;
    }

    /** Bytes from {@link #OFFSET} on. */
    byte[] bytes(int n) {
        byte[] known = (byte[]) known();
        if (known != null) {
            return known;
        }
        byte[] array = new byte[OFFSET + n + GUARD];
        for (int i = 0; i < array.length; i++) {
            array[i] = (byte) rng.bits(numbers++);
        }
        return made(array);
    }

    /** Numbers of rows in no order, from {@link #OFFSET} on. */
    int[] order(int rows) {
        int[] known = (int[]) known();
        return known != null ? known
                : made(IntStream.range(0, OFFSET + rows).map(i -> (7 * i + 3) % Math.max(rows, 1)).toArray());
    }

    /** Where the steps of packed sequences begin, of which there are more rows or fewer. */
    int[] steps(int sequences) {
        int[] known = (int[]) known();
        return known != null ? known : made(new int[] {0, sequences, 2 * sequences, 2 * sequences + sequences / 2,
            2 * sequences + sequences / 2 + Math.min(sequences / 2, 1)});
    }

    /** An output from {@link #OFFSET} on. */
    int[] ints(int n) {
        int[] known = (int[]) known();
        return known != null ? known : output(new int[OFFSET + n + GUARD]);
    }

    /** A number that a kernel returned. */
    void result(double number) {
        double[] known = (double[]) known();
        (known != null ? known : output(new double[1]))[0] = number;
    }

    // -------------------------------------------------------------------------------------------- what came out

    /** The places of all blocks that were handed out. */
    int[] places() {
        return IntStream.range(0, made.size()).filter(i -> made.get(i) instanceof MatrixView).toArray();
    }

    /** The number of outputs. */
    int outputs() {
        return outputs.size();
    }

    /** The bits of all outputs, every NaN alike. */
    int[] bits() {
        int[][] bits = outputs.stream().map(Blocks::bits).toArray(int[][]::new);
        int[] all = new int[Arrays.stream(bits).mapToInt(each -> each.length).sum()];
        int n = 0;
        for (int[] each : bits) {
            System.arraycopy(each, 0, all, n, each.length);
            n += each.length;
        }
        return all;
    }

    private static int[] bits(Object output) {
        if (output instanceof MatrixView block) {
            int[] bits = new int[block.rows * block.cols];
            for (int r = 0; r < block.rows; r++) {
                for (int c = 0; c < block.cols; c++) {
                    bits[r * block.cols + c] = Float.floatToIntBits(block.data[block.row(r) + c]);
                }
            }
            return bits;
        }
        return output instanceof int[] ints ? ints : new int[] {Arrays.hashCode((double[]) output)};
    }

    /** Whether nothing was written before, between or behind the rows of outputs. */
    boolean guardsHold() {
        for (Object output : outputs) {
            if (output instanceof MatrixView block) {
                float[] rest = block.data.clone();
                for (int r = 0; r < block.rows; r++) {
                    Arrays.fill(rest, block.row(r), block.row(r) + block.cols, SENTINEL);
                }
                for (float guard : rest) {
                    if (guard != SENTINEL) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}

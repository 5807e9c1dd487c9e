package beras.kernels;

import beras.tensor.Rng;
import java.util.Map;
import java.util.TreeMap;

/**
 * One way to call each kernel, for tests that hold all implementations against each other.
 *
 * <p>A case gets its arrays from {@link Arrays}: inputs of random numbers and outputs, at an odd offset and between guards.
 */
final class KernelCases {

    /** Calls one kernel on {@code rows x cols} data. */
    interface Case {
        void run(Kernels kernels, int rows, int cols, Arrays arrays);
    }

    static final Map<String, Case> BY_NAME = new TreeMap<>();

    static {
        BY_NAME.put("biasActivation", (k, r, c, a) -> {
            for (UnaryOp op : UnaryOp.values()) {
                float[] y = a.in(r * c);
                k.biasActivation(op, 0.3f, a.out(y), Arrays.OFFSET, r, c, a.in(c), Arrays.OFFSET);
            }
        });
        BY_NAME.put("dense", (k, r, c, a) -> {
            for (UnaryOp op : UnaryOp.values()) {
                k.dense(op, 0.3f, r, c, 7, a.in(r * 7), Arrays.OFFSET, a.in(7 * c), Arrays.OFFSET, a.in(c), Arrays.OFFSET,
                        a.out(r * c), Arrays.OFFSET);
            }
        });
        BY_NAME.put("map", (k, r, c, a) -> {
            for (UnaryOp op : UnaryOp.values()) {
                k.map(op, 0.3f, a.in(r * c), Arrays.OFFSET, a.out(r * c), Arrays.OFFSET, r * c);
            }
        });
        BY_NAME.put("mapGradient", (k, r, c, a) -> {
            for (UnaryOp op : UnaryOp.values()) {
                k.mapGradient(op, 0.3f, a.in(r * c), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET,
                        a.out(r * c), Arrays.OFFSET, r * c);
            }
        });
        BY_NAME.put("zip", (k, r, c, a) -> {
            for (BinaryOp op : BinaryOp.values()) {
                for (int steps = 0; steps < 4; steps++) {
                    k.zip(op, a.in(r * c + 1), Arrays.OFFSET, steps & 1, a.in(r * c + 1), Arrays.OFFSET, steps >> 1, a.out(r * c),
                            Arrays.OFFSET, r * c);
                }
            }
        });
        BY_NAME.put("scaledDifference", (k, r, c, a) -> k.scaledDifference(a.in(r * c), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET,
                0.37f, a.out(r * c), Arrays.OFFSET, r * c));
        BY_NAME.put("unitFloats", (k, r, c, a) -> k.unitFloats(a.bytes(r * c), Arrays.OFFSET, a.out(r * c), Arrays.OFFSET,
                r * c));
        BY_NAME.put("unitFloatRows", (k, r, c, a) -> {
            int[] order = new int[r + 2];
            for (int i = 0; i < order.length; i++) {
                order[i] = (7 * i + 3) % Math.max(r, 1);
            }
            k.unitFloatRows(a.bytes(r * c), Arrays.OFFSET, order, 2, r, c, a.out(r * c), Arrays.OFFSET);
        });
        BY_NAME.put("rowSums", (k, r, c, a) -> k.rowSums(a.in(r * c), Arrays.OFFSET, r, c, a.out(r), Arrays.OFFSET));
        BY_NAME.put("rowMaxima", (k, r, c, a) -> k.rowMaxima(a.in(r * c), Arrays.OFFSET, r, c, a.out(r), Arrays.OFFSET));
        BY_NAME.put("rowArgMax", (k, r, c, a) -> k.rowArgMax(a.in(r * c), Arrays.OFFSET, r, c, a.ints(r), Arrays.OFFSET));
        BY_NAME.put("rowArgMaxMatches", (k, r, c, a) -> a.ints(1)[Arrays.OFFSET] =
                k.rowArgMaxMatches(a.in(r * c), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET, r, c));
        BY_NAME.put("columnSums", (k, r, c, a) -> k.columnSums(a.in(r * c), Arrays.OFFSET, r, c, a.out(c), Arrays.OFFSET));
        BY_NAME.put("columnMaxima", (k, r, c, a) -> k.columnMaxima(a.in(r * c), Arrays.OFFSET, r, c, a.out(c), Arrays.OFFSET));
        BY_NAME.put("softmax", (k, r, c, a) -> {
            k.softmax(a.in(r * c), Arrays.OFFSET, r, c, a.out(r * c), Arrays.OFFSET, a.out(r), Arrays.OFFSET);
            k.softmax(a.in(r * c), Arrays.OFFSET, r, c, a.out(r * c), Arrays.OFFSET, null, 0);
        });
        BY_NAME.put("softmaxGradient", (k, r, c, a) -> k.softmaxGradient(a.in(r * c), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET,
                r, c, a.out(r * c), Arrays.OFFSET));
        BY_NAME.put("logSoftmax", (k, r, c, a) -> k.logSoftmax(a.in(r * c), Arrays.OFFSET, r, c, a.out(r * c), Arrays.OFFSET));
        BY_NAME.put("logSoftmaxGradient", (k, r, c, a) -> k.logSoftmaxGradient(a.in(r * c), Arrays.OFFSET, a.in(r * c),
                Arrays.OFFSET, r, c, a.out(r * c), Arrays.OFFSET));
        BY_NAME.put("crossEntropy", (k, r, c, a) -> k.crossEntropy(a.in(r * c), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET, r, c,
                1e-7f, a.out(r), Arrays.OFFSET));
        BY_NAME.put("crossEntropyGradient", (k, r, c, a) -> k.crossEntropyGradient(a.in(r * c), Arrays.OFFSET, a.in(r * c),
                Arrays.OFFSET, 1e-7f, 0.37f, a.out(r * c), Arrays.OFFSET, r * c));
        BY_NAME.put("softmaxCrossEntropy", (k, r, c, a) -> k.softmaxCrossEntropy(a.in(r * c), Arrays.OFFSET, a.in(r),
                Arrays.OFFSET, a.in(r * c), Arrays.OFFSET, r, c, a.out(r), Arrays.OFFSET));
        BY_NAME.put("softmaxCrossEntropyGradient", (k, r, c, a) -> k.softmaxCrossEntropyGradient(a.in(r * c), Arrays.OFFSET,
                a.in(r * c), Arrays.OFFSET, r, c, 0.37f, a.out(r * c), Arrays.OFFSET));
        BY_NAME.put("squaredErrors", (k, r, c, a) -> k.squaredErrors(a.in(r * c), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET, r, c,
                a.out(r), Arrays.OFFSET));
        BY_NAME.put("losses", (k, r, c, a) -> {
            for (LossOp op : LossOp.values()) {
                k.losses(op, 0.7f, a.in(r * c), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET, r, c, 3f, a.out(r), Arrays.OFFSET);
            }
        });
        BY_NAME.put("lossGradient", (k, r, c, a) -> {
            for (LossOp op : LossOp.values()) {
                k.lossGradient(op, 0.7f, a.in(r * c), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET, 0.37f, a.out(r * c),
                        Arrays.OFFSET, r * c);
            }
        });
        BY_NAME.put("normalizedCrossEntropyGradient", (k, r, c, a) -> k.normalizedCrossEntropyGradient(a.in(r * c),
                Arrays.OFFSET, a.in(r * c), Arrays.OFFSET, r, c, 1e-7f, 0.37f, a.out(r * c), Arrays.OFFSET));
        BY_NAME.put("categoricalHinge", (k, r, c, a) -> k.categoricalHinge(a.in(r * c), Arrays.OFFSET, a.in(r * c),
                Arrays.OFFSET, r, c, a.out(r), Arrays.OFFSET));
        BY_NAME.put("categoricalHingeGradient", (k, r, c, a) -> k.categoricalHingeGradient(a.in(r * c), Arrays.OFFSET,
                a.in(r * c), Arrays.OFFSET, r, c, 0.37f, a.out(r * c), Arrays.OFFSET));
        BY_NAME.put("negativeCosine", (k, r, c, a) -> k.negativeCosine(a.in(r * c), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET,
                r, c, a.out(r), Arrays.OFFSET));
        BY_NAME.put("negativeCosineGradient", (k, r, c, a) -> k.negativeCosineGradient(a.in(r * c), Arrays.OFFSET, a.in(r * c),
                Arrays.OFFSET, r, c, 0.37f, a.out(r * c), Arrays.OFFSET));
        BY_NAME.put("zipRows", (k, r, c, a) -> {
            for (BinaryOp op : BinaryOp.values()) {
                k.zipRows(op, a.in(r * c), Arrays.OFFSET, a.in(r), Arrays.OFFSET, r, c, a.out(r * c), Arrays.OFFSET);
            }
        });
        BY_NAME.put("columnProducts", (k, r, c, a) -> k.columnProducts(a.in(r * c), Arrays.OFFSET, a.in(c), Arrays.OFFSET,
                a.in(r * c), Arrays.OFFSET, a.in(c), Arrays.OFFSET, r, c, a.out(c), Arrays.OFFSET));
        BY_NAME.put("normalizeColumns", (k, r, c, a) -> k.normalizeColumns(a.in(r * c), Arrays.OFFSET, a.in(c), Arrays.OFFSET,
                a.in(c), Arrays.OFFSET, a.in(c), Arrays.OFFSET, r, c, a.out(r * c), Arrays.OFFSET));
        BY_NAME.put("normalizeColumnsGradient", (k, r, c, a) -> k.normalizeColumnsGradient(a.in(r * c), Arrays.OFFSET, a.in(c),
                Arrays.OFFSET, a.in(c), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET, a.in(c), Arrays.OFFSET, a.in(c),
                Arrays.OFFSET, r, c, a.out(r * c), Arrays.OFFSET));
        BY_NAME.put("normalizeRows", (k, r, c, a) -> k.normalizeRows(a.in(r * c), Arrays.OFFSET, a.in(c), Arrays.OFFSET,
                a.in(c), Arrays.OFFSET, 1e-3f, r, c, a.out(r * c), Arrays.OFFSET, a.out(2 * r), Arrays.OFFSET));
        BY_NAME.put("normalizeRowsGradient", (k, r, c, a) -> k.normalizeRowsGradient(a.in(r * c), Arrays.OFFSET, a.in(2 * r),
                Arrays.OFFSET, a.in(c), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET, r, c, a.out(r * c), Arrays.OFFSET));
        BY_NAME.put("normalizeRowsScaleGradient", (k, r, c, a) -> k.normalizeRowsScaleGradient(a.in(r * c), Arrays.OFFSET,
                a.in(2 * r), Arrays.OFFSET, a.in(r * c), Arrays.OFFSET, r, c, a.out(c), Arrays.OFFSET));
        BY_NAME.put("dropoutMask", (k, r, c, a) -> {
            for (long threshold : new long[] {0, 1, 1L << 31, 0x9999_9999L, 0xffff_ffffL}) {
                k.dropoutMask(0x9e3779b97f4a7c15L * (31 * r + c), threshold, 1.25f, a.out(r * c), Arrays.OFFSET, r * c);
            }
        });
        BY_NAME.put("scaleAndClip", (k, r, c, a) -> {
            for (float limit : new float[] {0.3f, Float.POSITIVE_INFINITY}) {
                k.scaleAndClip(a.in(r * c), Arrays.OFFSET, 0.7f, limit, a.out(r * c), Arrays.OFFSET, r * c);
            }
        });
        BY_NAME.put("squareSum", (k, r, c, a) -> a.ints(1)[Arrays.OFFSET] =
                Double.hashCode(k.squareSum(a.in(r * c), Arrays.OFFSET, r * c)));
        BY_NAME.put("weightPenalties", (k, r, c, a) -> k.weightPenalties(a.in(r * c), Arrays.OFFSET, 0.3f, 0.7f, a.out(r * c),
                Arrays.OFFSET, r * c));
        BY_NAME.put("weightPenaltyGradient", (k, r, c, a) -> k.weightPenaltyGradient(a.in(r * c), Arrays.OFFSET, 0.3f, 0.7f,
                a.out(r * c), Arrays.OFFSET, r * c));
        BY_NAME.put("gemm", (k, r, c, a) -> {
            for (int depth : new int[] {0, 1, 3, 17}) {
                gemm(k, false, false, r, c, depth, a);
                gemm(k, true, false, r, c, depth, a);
                gemm(k, false, true, r, c, depth, a);
                gemm(k, true, true, r, c, depth, a);
            }
        });
    }

    /** {@code c (m, n) = op(a) op(b)}, with row strides two longer than the rows; the gap is a guard too. */
    static void gemm(Kernels kernels, boolean transposeA, boolean transposeB, int m, int n, int k, Arrays arrays) {
        int lda = (transposeA ? m : k) + 2;
        int ldb = (transposeB ? k : n) + 2;
        int ldc = n + 2;
        kernels.gemm(transposeA, transposeB, m, n, k, arrays.in((transposeA ? k : m) * lda), Arrays.OFFSET, lda,
                arrays.in((transposeB ? n : k) * ldb), Arrays.OFFSET, ldb, arrays.out(m * ldc), Arrays.OFFSET, ldc);
    }

    /** Hands out the arrays of one call, and keeps the outputs. */
    static final class Arrays {

        static final int OFFSET = 3;
        private static final int GUARD = 5;
        private static final float SENTINEL = 12345.678f;

        private final Rng rng;
        private final boolean wild;
        private final java.util.List<float[]> outputs = new java.util.ArrayList<>();
        private long next;

        /**
         * @param wild whether zeros of both signs, subnormals, extremes, infinities and NaN are among the numbers
         */
        Arrays(long seed, boolean wild) {
            this.rng = new Rng(seed, "kernels", 0);
            this.wild = wild;
        }

        float[] in(int n) {
            float[] array = blank(n);
            for (int i = 0; i < n; i++) {
                array[OFFSET + i] = number();
            }
            return array;
        }

        private float number() {
            long i = next++;
            float[] special = {0f, -0f, Float.MIN_VALUE, -Float.MIN_NORMAL / 3, 1e-30f, -1e30f, Float.MAX_VALUE, 1f, 1000f,
                -1000f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN};
            if (wild && rng.uniform(2 * i + 1) < 0.1) {
                return special[(int) (rng.uniform(2 * i) * special.length)];
            }
            return (float) rng.normal(2 * i);
        }

        byte[] bytes(int n) {
            byte[] array = new byte[n + OFFSET + GUARD];
            for (int i = 0; i < array.length; i++) {
                array[i] = (byte) rng.bits(next++);
            }
            return array;
        }

        float[] out(int n) {
            return out(blank(n));
        }

        /** An array that is read and written. */
        float[] out(float[] array) {
            outputs.add(array);
            return array;
        }

        int[] ints(int n) {
            int[] array = new int[n + OFFSET + GUARD];
            intOutput = array;
            return array;
        }

        private int[] intOutput;

        private static float[] blank(int n) {
            float[] array = new float[n + OFFSET + GUARD];
            java.util.Arrays.fill(array, SENTINEL);
            return array;
        }

        /** The bits of all outputs, every NaN alike; guards included, so that a write beyond the end shows. */
        int[] bits() {
            java.util.stream.IntStream floats = outputs.stream().flatMapToInt(o ->
                    java.util.stream.IntStream.range(0, o.length).map(i -> Float.floatToIntBits(o[i])));
            java.util.stream.IntStream ints = java.util.Arrays.stream(intOutput == null ? new int[0] : intOutput);
            return java.util.stream.IntStream.concat(floats, ints).toArray();
        }

        /** Whether nothing was written before or behind the outputs. */
        boolean guardsHold() {
            for (float[] o : outputs) {
                for (int i = 0; i < o.length; i++) {
                    if ((i < OFFSET || i >= o.length - GUARD) && o[i] != SENTINEL) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    private KernelCases() {}
}

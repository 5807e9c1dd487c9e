package beras.kernels;

/**
 * Calls of kernels on tiny blocks, several times on the units up to {@code to}, by the thread of {@link WarmUp}. (The loops are
 * in here so that the compiler sees far fewer calls of these methods than of the kernels, and compiles the kernels by themselves.)
 */
final class TinyCalls {

    static final int ROWS = 8;
    static final int COLS = 64;
    static final int SIZE = ROWS * COLS;
    private static final MatrixView A = numbers(ROWS, COLS);
    private static final MatrixView B = numbers(ROWS, COLS);
    /** Outputs. */
    private static final MatrixView C = matrix(ROWS, COLS);
    private static final MatrixView D = matrix(ROWS, COLS);
    /** What changes by itself in each call. */
    private static final MatrixView WEIGHTS = numbers(ROWS, COLS);
    private static final MatrixView ACTIVATED = numbers(ROWS, COLS);
    /** A number for each column. */
    private static final MatrixView ROW = numbers(1, COLS);
    private static final MatrixView SUMS = matrix(1, COLS);
    /** A number for each row. */
    private static final MatrixView COLUMN = matrix(1, ROWS);
    private static final MatrixView PAIRS = matrix(ROWS, 2);
    /** With a place for each row of {@link #A}. */
    private static final Window WINDOW = Window.valid(4, ROWS, 2, 2, 2, 2, 1, 1);
    /** Of the window. */
    private static final MatrixView TAPS = matrix(ROWS, COLS);
    private static final MatrixView PIXELS = matrix(4 * ROWS, COLS);
    /** For each slot that a rule of {@link Update} may have. */
    private static final MatrixView[] SLOTS = {matrix(ROWS, COLS), matrix(ROWS, COLS), matrix(ROWS, COLS)};
    private static final byte[] BYTES = new byte[SIZE];
    private static final int[] INTS = new int[ROWS];

    static void map(UnaryOp op, ScalarElements kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.map(op, 1f, A, B, 0, to);
        }
    }

    static void mapGradient(UnaryOp op, ScalarElements kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.mapGradient(op, 1f, A, B, C, D, 0, to);
        }
    }

    static void zip(BinaryOp op, ScalarElements kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.zip(op, A.data, 0, COLS, 1, B.data, 0, COLS, 1, C, 0, to, 0, COLS);
        }
    }

    static void biasActivation(UnaryOp op, ScalarElements kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.biasActivation(op, 1f, ROW, ACTIVATED, 0, to);
        }
    }

    static void biasRelu(ScalarElements kernels, int times, int to) {
        MatrixView sums = ACTIVATED.columns(0, to);
        MatrixView bias = ROW.columns(0, to);
        for (int i = 0; i < times; i++) {
            kernels.biasActivation(UnaryOp.RELU, 0f, bias, sums, 0, ROWS);
        }
    }

    static void reluGradient(ScalarElements kernels, int times, int to) {
        mapGradient(UnaryOp.RELU, kernels, times, to);
    }

    static void add(ScalarElements kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.add(A.data, 0, C.data, 0, to * COLS);
        }
    }

    static void addProducts(ScalarElements kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.addProducts(A.data, 0, B.data, 0, C.data, 0, to * COLS);
        }
    }

    static void bytesToUnitRange(ScalarElements kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.bytesToUnitRange(BYTES, 0, C.data, 0, to);
        }
    }

    static void dropoutMask(ScalarElements kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.dropoutMask(1L, 1L, 1f, C, 0, to);
        }
    }

    static void select(ScalarElements kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.select(A, B, C, D, 0, to);
        }
    }

    static void scaleAndClip(ScalarElements kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.scaleAndClip(A, 1f, -1f, 1f, C, 0, to);
        }
    }

    static void weightPenalties(ScalarElements kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.weightPenalties(A, 1f, 1f, C, 0, to);
        }
    }

    static void weightPenaltyGradient(ScalarElements kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.weightPenaltyGradient(A, 1f, 1f, C, 0, to);
        }
    }

    static void rowSums(ScalarSums kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.rowSums(A, COLUMN, 0, to);
        }
    }

    static void rowMaxima(ScalarSums kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.rowMaxima(A, COLUMN, 0, to);
        }
    }

    static void rowMinima(ScalarSums kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.rowMinima(A, COLUMN, 0, to);
        }
    }

    static void rowProducts(ScalarSums kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.rowProducts(A, COLUMN, 0, to);
        }
    }

    static void cumulativeSums(ScalarSums kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.cumulativeSums(A, false, C, 0, to);
        }
    }

    static void rowArgMax(ScalarSums kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.rowArgMax(A, INTS, 0, 0, to);
        }
    }

    static void columnSums(ScalarSums kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.columnSums(A, SUMS, 0, to);
        }
    }

    static void columnMaxima(ScalarSums kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.columnMaxima(A, SUMS, 0, to);
        }
    }

    static void columnMinima(ScalarSums kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.columnMinima(A, SUMS, 0, to);
        }
    }

    static void columnProducts(ScalarSums kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.columnProducts(A, SUMS, 0, to);
        }
    }

    static void softmax(ScalarSoftmaxes kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.softmax(A, C, COLUMN, 0, to);
        }
    }

    static void softmaxGradient(ScalarSoftmaxes kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.softmaxGradient(A, B, C, 0, to);
        }
    }

    static void logSoftmax(ScalarSoftmaxes kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.logSoftmax(A, C, 0, to);
        }
    }

    static void logSoftmaxGradient(ScalarSoftmaxes kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.logSoftmaxGradient(A, B, C, 0, to);
        }
    }

    static void losses(LossOp op, ScalarRowLosses kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.losses(op, 1f, A, B, 1f, COLUMN, 0, to);
        }
    }

    static void lossGradient(LossOp op, ScalarRowLosses kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.lossGradient(op, 1f, A, B, 1f, C, 0, to);
        }
    }

    static void crossEntropy(ScalarRowLosses kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.crossEntropy(A, B, 1e-7f, COLUMN, 0, to);
        }
    }

    static void crossEntropyGradient(ScalarRowLosses kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.crossEntropyGradient(A, B, 1e-7f, 1f, C, 0, to);
        }
    }

    static void normalizedCrossEntropyGradient(ScalarRowLosses kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.normalizedCrossEntropyGradient(A, B, 1e-7f, 1f, C, 0, to);
        }
    }

    static void softmaxCrossEntropy(ScalarRowLosses kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.softmaxCrossEntropy(A, COLUMN, B, COLUMN, 0, to);
        }
    }

    static void softmaxCrossEntropyGradient(ScalarRowLosses kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.softmaxCrossEntropyGradient(A, B, 1f, C, 0, to);
        }
    }

    static void categoricalHinge(ScalarRowLosses kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.categoricalHinge(A, B, COLUMN, 0, to);
        }
    }

    static void categoricalHingeGradient(ScalarRowLosses kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.categoricalHingeGradient(A, B, 1f, C, 0, to);
        }
    }

    static void negativeCosine(ScalarRowLosses kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.negativeCosine(A, B, COLUMN, 0, to);
        }
    }

    static void negativeCosineGradient(ScalarRowLosses kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.negativeCosineGradient(A, B, 1f, C, 0, to);
        }
    }

    static void shiftedColumnProducts(ScalarNormalizations kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.columnProducts(A, ROW, B, ROW, SUMS, 0, to);
        }
    }

    static void normalizeColumns(ScalarNormalizations kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.normalizeColumns(A, ROW, ROW, ROW, C, 0, to);
        }
    }

    static void normalizeColumnsGradient(ScalarNormalizations kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.normalizeColumnsGradient(A, ROW, ROW, B, ROW, ROW, C, 0, to);
        }
    }

    static void normalizeRows(ScalarNormalizations kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.normalizeRows(A, ROW, ROW, 1f, C, PAIRS, 0, to);
        }
    }

    static void normalizeRowsGradient(ScalarNormalizations kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.normalizeRowsGradient(A, PAIRS, ROW, B, C, 0, to);
        }
    }

    static void normalizeRowsScaleGradient(ScalarNormalizations kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.normalizeRowsScaleGradient(A, PAIRS, B, SUMS, 0, to);
        }
    }

    static void max(ScalarPools kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.max(WINDOW, PIXELS, C, TAPS, 0, to);
        }
    }

    static void maxGradient(ScalarPools kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.maxGradient(WINDOW, A, TAPS, PIXELS, 0, to);
        }
    }

    static void maxGradientApart(ScalarPools kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.maxGradientApart(WINDOW, A, TAPS, PIXELS, 0, to * ROWS);
        }
    }

    static void average(ScalarPools kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.average(WINDOW, PIXELS, C, 0, to);
        }
    }

    static void averageGradient(ScalarPools kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.averageGradient(WINDOW, A, PIXELS, 0, to);
        }
    }

    static void blend(ScalarUpdates kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.blend(0.5f, A, 0.5f, C, 0, to);
        }
    }

    static void apply(Update op, ScalarUpdates kernels, int times, int to) {
        for (int i = 0; i < times; i++) {
            kernels.apply(op, WEIGHTS, A, SLOTS, 0, to);
        }
    }

    /** Between -2 and 2, as outputs of layers are. */
    private static MatrixView numbers(int rows, int cols) {
        MatrixView numbers = matrix(rows, cols);
        for (int i = 0; i < numbers.data.length; i++) {
            numbers.data[i] = (i * 37 % 64 - 31.5f) / 16f;
        }
        return numbers;
    }

    private static MatrixView matrix(int rows, int cols) {
        return new MatrixView(new float[rows * cols], 0, rows, cols);
    }

    private TinyCalls() {}
}

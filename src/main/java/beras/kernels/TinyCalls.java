package beras.kernels;

/**
 * Calls of kernels on tiny blocks, several times, by the thread of {@link WarmUp}. (The loops are in here so that the compiler sees
 * far fewer calls of these methods than of the kernels, and compiles the kernels by themselves.)
 *
 * <p>The compiler counts calls, so most are on as little as reaches every loop over vectors: until it is compiled, each operation
 * on a vector takes a microsecond, and is code of the Vector API that the compiler finds hot and compiles first.
 */
final class TinyCalls {

    private static final Window WINDOW = Window.valid(4, 8, 2, 2, 2, 2, 1, 1);
    /** Of a call that shows whether a kernel is fast. */
    static final TinyCalls FULL = new TinyCalls(WINDOW.places(), 64);
    /** A row of no columns: reaches the loops over the elements of a row. */
    static final TinyCalls NO_COLUMNS = new TinyCalls(1, 0);
    /** Columns of no rows: reaches the loops over rows of a sum that stays in a register. */
    static final TinyCalls NO_ROWS = new TinyCalls(0, FULL.cols);
    /** A row, for kernels that reach no loop with an empty one. */
    static final TinyCalls ROW = new TinyCalls(1, FULL.cols);

    private final int rows;
    private final int cols;
    private final MatrixView a;
    private final MatrixView b;
    /** Outputs. */
    private final MatrixView c;
    private final MatrixView d;
    /** What changes by itself in each call. */
    private final MatrixView weights;
    private final MatrixView activated;
    /** A number for each column. */
    private final MatrixView row;
    private final MatrixView sums;
    /** A number for each row. */
    private final MatrixView column;
    private final MatrixView pairs;
    /** Of the window. */
    private final MatrixView taps;
    private final MatrixView pixels;
    /** For each slot that a rule of {@link Update} may have. */
    private final MatrixView[] slots;
    private final byte[] bytes;
    private final int[] ints;

    private TinyCalls(int rows, int cols) {
        this.rows = rows;
        this.cols = cols;
        a = numbers(rows, cols);
        b = numbers(rows, cols);
        c = matrix(rows, cols);
        d = matrix(rows, cols);
        weights = numbers(rows, cols);
        activated = numbers(rows, cols);
        row = numbers(1, cols);
        sums = matrix(1, cols);
        column = matrix(1, rows);
        pairs = matrix(rows, 2);
        taps = matrix(rows, cols);
        pixels = matrix(WINDOW.pixels(), cols);
        slots = new MatrixView[] {matrix(rows, cols), matrix(rows, cols), matrix(rows, cols)};
        bytes = new byte[rows * cols];
        ints = new int[rows];
    }

    void map(UnaryOp op, ScalarElements kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.map(op, 1f, a, b, 0, rows * cols);
        }
    }

    void mapGradient(UnaryOp op, ScalarElements kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.mapGradient(op, 1f, a, b, c, d, 0, rows * cols);
        }
    }

    void zip(BinaryOp op, ScalarElements kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.zip(op, a.data, 0, cols, 1, b.data, 0, cols, 1, c, 0, rows, 0, cols);
        }
    }

    void addBias(ScalarElements kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.biasActivation(UnaryOp.LINEAR, 1f, row, activated, 0, rows);
        }
    }

    void biasRelu(ScalarElements kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.biasActivation(UnaryOp.RELU, 1f, row, activated, 0, rows);
        }
    }

    void add(ScalarElements kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.add(a.data, 0, c.data, 0, rows * cols);
        }
    }

    void addProducts(ScalarElements kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.addProducts(a.data, 0, b.data, 0, c.data, 0, rows * cols);
        }
    }

    void bytesToUnitRange(ScalarElements kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.bytesToUnitRange(bytes, 0, c.data, 0, rows * cols);
        }
    }

    void dropoutMask(ScalarElements kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.dropoutMask(1L, 1L, 1f, c, 0, rows * cols);
        }
    }

    void select(ScalarElements kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.select(a, b, c, d, 0, rows * cols);
        }
    }

    void scaleAndClip(ScalarElements kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.scaleAndClip(a, 1f, -1f, 1f, c, 0, rows * cols);
        }
    }

    void weightPenaltyGradient(ScalarElements kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.weightPenaltyGradient(a, 1f, 1f, c, 0, rows * cols);
        }
    }

    void isFinite(ScalarSums kernels, int times) {
        for (int i = 0; i < times; i++) {
            column.data[0] = kernels.isFinite(a, 0, rows * cols) ? 1f : 0f;
        }
    }

    void rowSums(ScalarSums kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.rowSums(a, column, 0, rows);
        }
    }

    void rowMaxima(ScalarSums kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.rowMaxima(a, column, 0, rows);
        }
    }

    void rowMinima(ScalarSums kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.rowMinima(a, column, 0, rows);
        }
    }

    void columnSums(ScalarSums kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.columnSums(a, sums, 0, cols);
        }
    }

    void columnMaxima(ScalarSums kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.columnMaxima(a, sums, 0, cols);
        }
    }

    void columnMinima(ScalarSums kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.columnMinima(a, sums, 0, cols);
        }
    }

    void columnProducts(ScalarSums kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.columnProducts(a, sums, 0, cols);
        }
    }

    void softmax(ScalarSoftmaxes kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.softmax(a, c, column, 0, rows);
        }
    }

    void softmaxGradient(ScalarSoftmaxes kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.softmaxGradient(a, b, c, 0, rows);
        }
    }

    void logSoftmax(ScalarSoftmaxes kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.logSoftmax(a, c, 0, rows);
        }
    }

    void logSoftmaxGradient(ScalarSoftmaxes kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.logSoftmaxGradient(a, b, c, 0, rows);
        }
    }

    void losses(ScalarRowLosses kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.losses(LossOp.SQUARED, 1f, a, b, 1f, column, 0, rows);
        }
    }

    void crossEntropy(ScalarRowLosses kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.crossEntropy(a, b, 1e-7f, column, 0, rows);
        }
    }

    void normalizedCrossEntropyGradient(ScalarRowLosses kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.normalizedCrossEntropyGradient(a, b, 1e-7f, 1f, c, 0, rows);
        }
    }

    void softmaxCrossEntropy(ScalarRowLosses kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.softmaxCrossEntropy(a, column, b, column, 0, rows);
        }
    }

    void softmaxCrossEntropyGradient(ScalarRowLosses kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.softmaxCrossEntropyGradient(a, b, 1f, c, 0, rows);
        }
    }

    void categoricalHinge(ScalarRowLosses kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.categoricalHinge(a, b, column, 0, rows);
        }
    }

    void categoricalHingeGradient(ScalarRowLosses kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.categoricalHingeGradient(a, b, 1f, c, 0, rows);
        }
    }

    void negativeCosine(ScalarRowLosses kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.negativeCosine(a, b, column, 0, rows);
        }
    }

    void negativeCosineGradient(ScalarRowLosses kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.negativeCosineGradient(a, b, 1f, c, 0, rows);
        }
    }

    void shiftedColumnProducts(ScalarNormalizations kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.columnProducts(a, row, b, row, sums, 0, cols);
        }
    }

    void normalizeColumns(ScalarNormalizations kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.normalizeColumns(a, row, row, row, c, 0, rows);
        }
    }

    void normalizeColumnsGradient(ScalarNormalizations kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.normalizeColumnsGradient(a, row, row, b, row, row, c, 0, rows);
        }
    }

    void normalizeRows(ScalarNormalizations kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.normalizeRows(a, row, row, 1f, c, pairs, 0, rows);
        }
    }

    void normalizeRowsGradient(ScalarNormalizations kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.normalizeRowsGradient(a, pairs, row, b, c, 0, rows);
        }
    }

    void normalizeRowsScaleGradient(ScalarNormalizations kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.normalizeRowsScaleGradient(a, pairs, b, sums, 0, cols);
        }
    }

    void max(ScalarPools kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.max(WINDOW, pixels, c, taps, 0, rows);
        }
    }

    void maxGradient(ScalarPools kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.maxGradient(WINDOW, a, taps, pixels, 0, rows);
        }
    }

    void blend(ScalarUpdates kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.blend(0.5f, a, 0.5f, c, 0, rows * cols);
        }
    }

    void apply(Update op, ScalarUpdates kernels, int times) {
        for (int i = 0; i < times; i++) {
            kernels.apply(op, weights, a, slots, 0, rows * cols);
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

    /** In an array for all places of the window, of which some kernels compute a row. */
    private static MatrixView matrix(int rows, int cols) {
        return new MatrixView(new float[Math.max(rows, WINDOW.places()) * cols], 0, rows, cols);
    }
}

package beras.kernels;

/**
 * Operands of the calls by which {@link WarmUp} has kernels compiled.
 *
 * <p>The compiler counts calls, so most are on as little as reaches every loop over vectors: until it is compiled, each operation
 * on a vector takes a microsecond, and is code of the Vector API that the compiler finds hot and compiles first.
 */
final class TinyBlocks {

    static final Window WINDOW = Window.valid(4, 8, 2, 2, 2, 2, 1, 1);
    /** The operands of a call that shows whether a kernel is fast. */
    static final TinyBlocks FULL = new TinyBlocks(WINDOW.positions(), 64, 64);
    /** A row of no columns: reaches the loops over the elements of a row. */
    static final TinyBlocks NO_COLUMNS = new TinyBlocks(1, 0, 0);
    /** Columns of no rows: reaches the loops over rows of a sum that stays in a register. */
    static final TinyBlocks NO_ROWS = new TinyBlocks(0, FULL.cols, 0);
    /** A row, for kernels that reach no loop with an empty one. */
    static final TinyBlocks ROW = new TinyBlocks(1, FULL.cols, 0);
    /** The operands of tiles that return at once. An even number of steps, as some tiles take steps in pairs. */
    static final TinyBlocks NO_STEPS = new TinyBlocks(0, 0, -2);

    final int rows;
    final int cols;
    /** All elements of a block. */
    final int size;
    /** Steps of a tile. */
    final int depth;
    final MatrixView a;
    final MatrixView b;
    /** Outputs; weights that are updated. */
    final MatrixView c;
    final MatrixView d;
    /** A number for each column. */
    final MatrixView row;
    final MatrixView sums;
    /** A number for each row, or two. */
    final MatrixView column;
    final MatrixView pairs;
    /** Operands of the window. */
    final MatrixView taps;
    final MatrixView pixels;
    /** A block per slot of an {@link Update} rule. */
    final MatrixView[] slots;
    final byte[] bytes;

    private TinyBlocks(int rows, int cols, int depth) {
        this.rows = rows;
        this.cols = cols;
        this.depth = depth;
        size = rows * cols;
        a = numbers(rows, cols);
        b = numbers(rows, cols);
        c = matrix(rows, cols);
        d = matrix(rows, cols);
        row = numbers(1, cols);
        sums = matrix(1, cols);
        column = matrix(1, rows);
        pairs = matrix(rows, 2);
        taps = matrix(rows, cols);
        pixels = matrix(WINDOW.pixels(), cols);
        slots = new MatrixView[] {matrix(rows, cols), matrix(rows, cols), matrix(rows, cols)};
        bytes = new byte[size];
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
        return new MatrixView(new float[Math.max(rows, WINDOW.positions()) * cols], 0, rows, cols);
    }
}

package beras.kernels;

import java.util.Objects;

/**
 * Some rows of floats in an array: row {@code r} begins at {@code offset + r * stride} and has {@code cols} floats.
 *
 * <p>The constructor checks that a block is within its array, so no kernel checks that again. The array is shared, not copied.
 */
public final class MatrixView {

    final float[] data;
    final int offset;
    final int rows;
    final int cols;
    final int stride;

    /**
     * Rows that lie {@code stride} floats apart.
     *
     * @throws IndexOutOfBoundsException if the array does not hold them, or the stride is less than the columns
     */
    public MatrixView(float[] data, int offset, int rows, int cols, int stride) {
        if (rows < 0 || cols < 0 || offset < 0 || stride < cols) {
            throw new IndexOutOfBoundsException("A matrix view has " + rows + " rows, " + cols + " columns, offset " + offset
                    + " and row stride " + stride + ": all must be at least 0, the stride at least the columns");
        }
        long end = rows == 0 || cols == 0 ? offset : offset + (rows - 1L) * stride + cols;
        if (end > data.length) {
            throw new IndexOutOfBoundsException("An array of " + data.length + " floats does not hold " + rows + " x " + cols
                    + " with row stride " + stride + " from offset " + offset);
        }
        this.data = data;
        this.offset = offset;
        this.rows = rows;
        this.cols = cols;
        this.stride = stride;
    }

    /** Rows without gaps. */
    public MatrixView(float[] data, int offset, int rows, int cols) {
        this(data, offset, rows, cols, cols);
    }

    /** A whole array as one row. */
    public MatrixView(float[] data) {
        this(data, 0, 1, data.length);
    }

    /** Whether it has one row. */
    public boolean isRow() {
        return rows == 1;
    }

    /**
     * Element {@code i} of a block without gaps.
     *
     * @throws IndexOutOfBoundsException if it has fewer
     */
    public float get(int i) {
        return data[offset + Objects.checkIndex(i, rows * cols)];
    }

    /** Changes element {@code i}, as {@link #get}. */
    public void set(int i, float value) {
        data[offset + Objects.checkIndex(i, rows * cols)] = value;
    }

    /** Some of its columns. */
    MatrixView columns(int from, int to) {
        return new MatrixView(data, rows == 0 ? offset : offset + from, rows, to - from, stride);
    }

    /** The place of row {@code r}. */
    int row(int r) {
        return offset + r * stride;
    }

    /** The number of floats, gaps not counted. */
    int size() {
        return rows * cols;
    }

    /** Requires that each row begins where the one before ends. */
    void requireNoGaps(String name) {
        if (stride != cols && rows > 1) {
            throw new IllegalArgumentException("MatrixView " + name + " must have rows without gaps. Received: " + this);
        }
    }

    /** Requires a contiguous block of this size. */
    void requireSize(String name, int size) {
        if (size() != size) {
            throw new IllegalArgumentException("MatrixView " + name + " must have " + size + " floats. Received: " + this);
        }
        requireNoGaps(name);
    }

    /** Requires these rows and columns; gaps are allowed. */
    void requireShape(String name, int rows, int cols) {
        if (this.rows != rows || this.cols != cols) {
            throw new IllegalArgumentException("MatrixView " + name + " must be " + rows + " x " + cols + ". Received: " + this);
        }
    }

    /** Requires these rows and columns, without gaps. */
    void requireDense(String name, int rows, int cols) {
        requireShape(name, rows, cols);
        requireNoGaps(name);
    }

    @Override
    public String toString() {
        return rows + " x " + cols + (stride == cols ? "" : ", row stride " + stride);
    }
}

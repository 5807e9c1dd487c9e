package beras.kernels;

/** {@link Products} in lanes. */
final class VectorProducts extends ScalarProducts {

    VectorProducts() {
        super(new VectorElements());
    }

    @Override
    void gemm(boolean transposeA, boolean transposeB, Block a, Block b, Block c, int rowFrom, int rowTo, int colFrom, int colTo) {
        int k = transposeA ? a.rows : a.cols;
        VectorGemm.gemm(transposeA, transposeB, rowTo - rowFrom, colTo - colFrom, k, a.data,
                transposeA ? a.offset + rowFrom : a.row(rowFrom), a.stride, b.data,
                transposeB ? b.row(colFrom) : b.offset + colFrom, b.stride, c.data, c.row(rowFrom) + colFrom, c.stride);
    }
}

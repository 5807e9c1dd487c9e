package beras.kernels;

/** The definition of {@link Elements}, in plain Java. Positions count from the beginning of a block. */
class ScalarElements {

    void map(UnaryOp op, float alpha, MatrixView x, MatrixView y, int from, int to) {
        float[] in = x.data;
        float[] out = y.data;
        for (int i = from; i < to; i++) {
            out[y.offset + i] = ScalarMath.apply(op, alpha, in[x.offset + i]);
        }
    }

    void mapGradient(UnaryOp op, float alpha, MatrixView x, MatrixView y, MatrixView upstream, MatrixView out, int from, int to) {
        for (int i = from; i < to; i++) {
            out.data[out.offset + i] = upstream.data[upstream.offset + i]
                    * ScalarMath.derivative(op, alpha, x.data[x.offset + i], y.data[y.offset + i]);
        }
    }

    void zip(BinaryOp op, MatrixView a, MatrixView b, MatrixView y, int from, int to) {
        int aStep = step(a);
        int bStep = step(b);
        zipRow(op, a.data, a.offset + from * aStep, aStep, b.data, b.offset + from * bStep, bStep, y.data, y.offset + from,
                to - from);
    }

    /** How far apart the numbers are that are taken one after the other. */
    private static int step(MatrixView block) {
        return block.size() == 1 ? 0 : 1;
    }

    final void zipRows(BinaryOp op, MatrixView x, MatrixView b, MatrixView y, int from, int to) {
        for (int r = from; r < to; r++) {
            zipRow(op, x.data, x.row(r), 1, b.data, b.offset + r, 0, y.data, y.row(r), y.cols);
        }
    }

    final void zip(BinaryOp op, float[] a, int aOffset, int aRowStep, int aColStep, float[] b, int bOffset, int bRowStep,
            int bColStep, MatrixView y, int rowFrom, int rowTo, int colFrom, int colTo) {
        for (int r = rowFrom; r < rowTo; r++) {
            zipRow(op, a, aOffset + r * aRowStep + colFrom * aColStep, aColStep, b,
                    bOffset + r * bRowStep + colFrom * bColStep, bColStep, y.data, y.row(r) + colFrom, colTo - colFrom);
        }
    }

    /** {@code y[i] = op(a[i * aStep], b[i * bStep])}. */
    void zipRow(BinaryOp op, float[] a, int aOffset, int aStep, float[] b, int bOffset, int bStep, float[] y, int yOffset,
            int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = ScalarMath.apply(op, a[aOffset + i * aStep], b[bOffset + i * bStep]);
        }
    }

    void select(MatrixView condition, MatrixView a, MatrixView b, MatrixView y, int from, int to) {
        for (int i = from; i < to; i++) {
            y.data[y.offset + i] = condition.data[condition.offset + i] != 0f ? a.data[a.offset + i] : b.data[b.offset + i];
        }
    }

    /** {@code y = op(y + bias)} on some rows, which may have gaps. */
    void biasActivation(UnaryOp op, float alpha, MatrixView bias, MatrixView y, int rowFrom, int rowTo) {
        for (int r = rowFrom; r < rowTo; r++) {
            add(bias.data, bias.offset, y.data, y.row(r), y.cols);
        }
        activation(op, alpha, y, rowFrom, rowTo);
    }

    /** {@code y += x}. */
    void add(float[] x, int xOffset, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] += x[xOffset + i];
        }
    }

    /** {@code out = a * b}. */
    void products(float[] a, int aOffset, float[] b, int bOffset, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = a[aOffset + i] * b[bOffset + i];
        }
    }

    /** {@code y += a * b}, with a rounding of each. */
    void addProducts(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] += a[aOffset + i] * b[bOffset + i];
        }
    }

    /** {@code y = op(y)} on some rows, which may have gaps. */
    final void activation(UnaryOp op, float alpha, MatrixView y, int rowFrom, int rowTo) {
        if (op == UnaryOp.LINEAR) {
            return;
        }
        if (y.stride == y.cols) {
            map(op, alpha, y, y, rowFrom * y.cols, rowTo * y.cols);
            return;
        }
        for (int r = rowFrom; r < rowTo; r++) {
            map(op, alpha, y, y, r * y.stride, r * y.stride + y.cols);
        }
    }

    void bytesToUnitRange(byte[] bytes, int offset, MatrixView out, int from, int to) {
        bytesToUnitRange(bytes, offset + from, out.data, out.offset + from, to - from);
    }

    void bytesToUnitRangeByRow(byte[] bytes, int offset, int[] rows, int first, MatrixView out, int from, int to) {
        if (out.cols == 0 || from == to) {
            return;
        }
        // Keeps the loop from being removed as dead code.
        out.data[out.row(from)] = readEachRow(bytes, offset, rows, first + from, first + to, out.cols);
        for (int i = from; i < to; i++) {
            bytesToUnitRange(bytes, offset + rows[first + i] * out.cols, out.data, out.row(i), out.cols);
        }
    }

    /**
     * Reads a byte of each row. Shuffled rows lie in different pages of memory: so the processor resolves the pages of several rows
     * at a time, not at each start of a row.
     */
    private static int readEachRow(byte[] bytes, int offset, int[] rows, int from, int to, int cols) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += bytes[offset + rows[i] * cols];
        }
        return sum;
    }

    void bytesToUnitRange(byte[] bytes, int bytesOffset, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = (bytes[bytesOffset + i] & 0xff) / 255f;
        }
    }

    /** @param from even */
    void dropoutMask(long key, long threshold, float value, MatrixView out, int from, int to) {
        int bits = Float.floatToRawIntBits(value);
        for (int i = from; i < to; i += 2) {
            long random = SplitMix.bits(key, i / 2);
            out.data[out.offset + i] = keptIfLess(random & 0xffff_ffffL, threshold, bits);
            if (i + 1 < to) {
                out.data[out.offset + i + 1] = keptIfLess(random >>> 32, threshold, bits);
            }
        }
    }

    /** The float of these bits, or 0; branch-free, because the branch would be unpredictable. */
    private static float keptIfLess(long random, long threshold, int bits) {
        return Float.intBitsToFloat(bits & (int) ((random - threshold) >> 63));
    }

    void scaleAndClip(MatrixView x, float factor, float min, float max, MatrixView out, int from, int to) {
        for (int i = from; i < to; i++) {
            out.data[out.offset + i] = Math.min(Math.max(x.data[x.offset + i] * factor, min), max);
        }
    }

    void weightPenalties(MatrixView w, float l1, float l2, MatrixView out, int from, int to) {
        for (int i = from; i < to; i++) {
            float a = Math.abs(w.data[w.offset + i]);
            out.data[out.offset + i] = Math.fma(l2, a, l1) * a;
        }
    }

    void weightPenaltyGradient(MatrixView w, float l1, float l2, MatrixView out, int from, int to) {
        for (int i = from; i < to; i++) {
            float wi = w.data[w.offset + i];
            out.data[out.offset + i] = Math.fma(2f * l2, wi, wi > 0f ? l1 : wi < 0f ? -l1 : 0f);
        }
    }
}

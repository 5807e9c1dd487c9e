package beras.kernels;

/** The gradient of the images of {@link Convolutions} of as many groups as channels and filters: a row of positions at a time, tap by tap. */
final class DepthwiseConvolutions {

    /** Output positions that are computed at a time, as their pixels follow each other. */
    private static int run(Window w, MatrixView kernel) {
        int most = Math.min(Thresholds.DEPTHWISE_FLOATS / kernel.cols, Thresholds.PATCH_FLOATS / kernel.size());
        return w.strideWidth() == 1 ? Math.max(1, Math.min(w.outWidth(), most)) : 1;
    }

    /** Each row of the kernel as often as a run has positions. */
    private static float[] repeat(MatrixView kernel, int run) {
        float[] repeated = Scratch.other(kernel.size() * run);
        for (int tap = 0, at = 0; tap < kernel.rows; tap++) {
            for (int i = 0; i < run; i++, at += kernel.cols) {
                System.arraycopy(kernel.data, kernel.row(tap), repeated, at, kernel.cols);
            }
        }
        return repeated;
    }

    /** Adds the contribution of some rows of positions to the images. */
    static void addInputGradient(ScalarElements adding, Window w, MatrixView upstream, MatrixView kernel, MatrixView out, int from, int to) {
        int channels = out.cols;
        int run = run(w, kernel);
        float[] repeated = repeat(kernel, run);
        for (int row = from; row < to; row++) {
            int first = upstream.row(row * w.outWidth());
            for (int j = 0; j < w.outWidth(); j += run) {
                for (int r = 0; r < w.kernelHeight(); r++) {
                    int pixels = w.pixels(row, r);
                    for (int c = w.kernelWidth() - 1; c >= 0 && pixels >= 0; c--) { // so that the positions of each pixel are in order
                        int positions = w.firstPosition(c, j);
                        int n = (w.endPosition(c, j + run) - positions) * channels;
                        if (n > 0) {
                            adding.addProducts(upstream.data, first + positions * channels, repeated,
                                    (r * w.kernelWidth() + c) * run * channels, out.data,
                                    out.row(pixels + positions * w.strideWidth() + w.left(c)), n);
                        }
                    }
                }
            }
        }
    }

    private DepthwiseConvolutions() {}
}

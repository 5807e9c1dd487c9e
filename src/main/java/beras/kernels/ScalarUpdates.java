package beras.kernels;

/** The definition of {@link Updates}, in plain Java; {@link Update#apply} defines each rule. */
class ScalarUpdates {

    /** Adding and subtracting these rounds a moment, see {@link Update}; the first, also a gradient that may be tiny. */
    static final float FIRST_MOMENT_ROUNDER = 0x1.8p-77f;
    static final float SECOND_MOMENT_ROUNDER = 0x1.8p-103f;

    void apply(Update update, MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
        update.apply(w, g, slots, from, to);
    }

    void blend(float a, MatrixView x, float b, MatrixView y, int from, int to) {
        for (int i = from; i < to; i++) {
            float yi = Math.fma(a, x.data[x.offset + i], b * y.data[y.offset + i]);
            y.data[y.offset + i] = yi + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
        }
    }
}

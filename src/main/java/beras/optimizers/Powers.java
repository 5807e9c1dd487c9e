package beras.optimizers;

/** Powers in strict arithmetic, unlike {@code Math.pow}. */
final class Powers {

    /** {@code base^n} by squaring. */
    static double of(double base, int n) {
        double result = 1;
        for (double square = base; n > 0; n >>= 1, square *= square) {
            if ((n & 1) == 1) {
                result *= square;
            }
        }
        return result;
    }

    private Powers() {}
}

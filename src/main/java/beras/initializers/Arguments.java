package beras.initializers;

/** What arguments of initializers must be. */
final class Arguments {

    static void requireFinite(String what, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(what + " must be finite. Received: " + value);
        }
    }

    static void requireNotNegative(String what, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(what + " must be finite and at least 0. Received: " + value);
        }
    }

    private Arguments() {}
}

package beras.config;

/** Refuses arguments out of range, and returns the others. A name is the argument's name in the message. */
public final class Arguments {

    /** One that is finite. */
    public static double finite(String name, double value) {
        return require(Double.isFinite(value), name, "finite", value);
    }

    /** One that is finite and above 0. */
    public static double positive(String name, double value) {
        return require(value > 0 && Double.isFinite(value), name, "finite and above 0", value);
    }

    /** One that is finite and above 0. */
    public static float positive(String name, float value) {
        return require(value > 0 && Float.isFinite(value), name, "finite and above 0", value);
    }

    /** One that is finite and at least 0. */
    public static double notNegative(String name, double value) {
        return require(value >= 0 && Double.isFinite(value), name, "finite and at least 0", value);
    }

    /** One that is finite and at least 0. */
    public static float notNegative(String name, float value) {
        return require(value >= 0 && Float.isFinite(value), name, "finite and at least 0", value);
    }

    /** One from 0 (inclusive) to 1 (exclusive). */
    public static float factor(String name, float value) {
        return require(value >= 0 && value < 1, name, "at least 0 and below 1", value);
    }

    /** One from 0 (inclusive) to 1 (exclusive), also as a float. */
    public static double factor(String name, double value) {
        return require(value >= 0 && (float) value < 1, name, "at least 0 and below 1", value);
    }

    /** One from 0 to 1, both inclusive. */
    public static double share(String name, double value) {
        return require(value >= 0 && value <= 1, name, "from 0 to 1", value);
    }

    /** One of {@code min} or more. */
    public static int atLeast(int min, String name, int value) {
        return require(value >= min, name, "at least " + min, value);
    }

    private static <N extends Number> N require(boolean fits, String name, String range, N value) {
        if (!fits) {
            throw new IllegalArgumentException(name + " must be " + range + ". Received: " + value);
        }
        return value;
    }

    private Arguments() {}
}

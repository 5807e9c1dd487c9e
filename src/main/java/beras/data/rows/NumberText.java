package beras.data.rows;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.Predicate;

/**
 * The text of a number that is stored in binary: the shortest decimal that is read as that number, in the notation of Python's
 * {@code repr}, in which pandas writes CSV. The same on every JDK, unlike {@link Double#toString(double)}, which before JDK 19 is
 * not always the shortest.
 */
final class NumberText {

    private static final boolean SHORTEST = Runtime.version().feature() >= 19;
    /** Any decimal of so many digits survives to be a double, or a float, and back. */
    private static final int SAFE_DIGITS_OF_DOUBLE = 15;
    private static final int SAFE_DIGITS_OF_FLOAT = 6;
    /** Below this power of ten, and from the other on, a number has an exponent. */
    private static final int SMALLEST_PLAIN = -4;
    private static final int LARGEST_PLAIN = 16;

    /** For example {@code 2.5}, {@code 3.0} or {@code 1e-05}; empty for NaN, a missing value. */
    static String of(double value) {
        return of(Double.toString(value), SAFE_DIGITS_OF_DOUBLE, Math.abs(value) < Double.MIN_NORMAL, value,
                decimal -> decimal.doubleValue() == value);
    }

    static String of(float value) {
        return of(Float.toString(value), SAFE_DIGITS_OF_FLOAT, Math.abs(value) < Float.MIN_NORMAL, value,
                decimal -> decimal.floatValue() == value);
    }

    /** The text of a number, without decimals if it is whole: as spreadsheets write it. */
    static String general(double value) {
        String text = of(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** @param text by the JDK */
    private static String of(String text, int safeDigits, boolean isSubnormal, double value, Predicate<BigDecimal> reads) {
        if (Double.isNaN(value)) {
            return "";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        boolean isNegative = text.startsWith("-");
        BigDecimal shown = new BigDecimal(text).abs();
        if (value != 0 && (isSubnormal || !SHORTEST && shown.stripTrailingZeros().precision() > safeDigits)) {
            shown = searched(new BigDecimal(value).abs(), isSubnormal ? 1 : safeDigits,
                    isNegative ? decimal -> reads.test(decimal.negate()) : reads);
        }
        return (isNegative ? "-" : "") + written(shown.stripTrailingZeros());
    }

    private static BigDecimal searched(BigDecimal exact, int fewest, Predicate<BigDecimal> reads) {
        int digits = fewest;
        BigDecimal found = null;
        while (found == null) {
            BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            // At a power of two, the spacing of floats doubles.
            BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
            found = reads.test(nearest) ? nearest : reads.test(above) ? above : null;
            digits++;
        }
        return found;
    }

    private static String written(BigDecimal number) {
        String digits = number.unscaledValue().toString();
        int power = digits.length() - number.scale() - 1; // of ten, of the first digit
        if (power < SMALLEST_PLAIN || power >= LARGEST_PLAIN) {
            String exponent = Integer.toString(Math.abs(power));
            return digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + (power < 0 ? "e-" : "e+")
                    + (exponent.length() < 2 ? "0" : "") + exponent;
        }
        if (power < 0) {
            return "0." + "0".repeat(-power - 1) + digits;
        }
        int whole = power + 1;
        return digits.length() <= whole ? digits + "0".repeat(whole - digits.length()) + ".0"
                : digits.substring(0, whole) + "." + digits.substring(whole);
    }

    private NumberText() {}
}

package beras.data.rows;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

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

    private interface Reads {
        boolean asTheSame(BigDecimal decimal);
    }

    /** Such as {@code 2.5}, {@code 3.0} or {@code 1e-05}; empty for NaN, which stands for a missing value. */
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
    private static String of(String text, int safeDigits, boolean isSubnormal, double value, Reads reads) {
        if (Double.isNaN(value)) {
            return "";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        int sign = text.charAt(0) == '-' ? 1 : 0;
        int point = text.indexOf('.');
        int exponent = text.indexOf('E');
        int end = exponent < 0 ? text.length() : exponent;
        String digits = text.substring(sign, point) + text.substring(point + 1, end);
        int power = point - sign - 1 + (exponent < 0 ? 0 : Integer.parseInt(text, exponent + 1, text.length(), 10));
        int first = 0; // that is no zero
        while (first < digits.length() - 1 && digits.charAt(first) == '0') {
            first++;
        }
        int last = digits.length();
        while (last > first + 1 && digits.charAt(last - 1) == '0') {
            last--;
        }
        if (value == 0 || last - first <= safeDigits && !isSubnormal || SHORTEST && !isSubnormal) {
            return text.substring(0, sign) + written(digits.substring(first, last), value == 0 ? 0 : power - first);
        }
        return text.substring(0, sign) + searched(new BigDecimal(value).abs(), isSubnormal ? 1 : safeDigits,
                sign == 0 ? reads : decimal -> reads.asTheSame(decimal.negate()));
    }

    private static String searched(BigDecimal exact, int fewest, Reads reads) {
        int digits = fewest;
        BigDecimal found = null;
        while (found == null) {
            BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            // Next to a power of two, the numbers above are twice as far apart as those below.
            BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
            found = reads.asTheSame(nearest) ? nearest : reads.asTheSame(above) ? above : null;
            digits++;
        }
        String all = found.unscaledValue().toString();
        int length = all.length();
        while (length > 1 && all.charAt(length - 1) == '0') {
            length--;
        }
        return written(all.substring(0, length), all.length() - found.scale() - 1);
    }

    /** @param power of ten, of the first digit */
    private static String written(String digits, int power) {
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

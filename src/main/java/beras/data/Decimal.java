package beras.data;

import java.util.Locale;
import java.util.Set;

/** Numbers as text, without what {@link Double#parseDouble} takes besides: {@code 1f}, {@code 0x1p3}. */
final class Decimal {

    private static final Set<String> WORDS = Set.of("nan", "inf", "infinity");
    private static final int LONGEST_WORD = 9;

    /** Up to here whole numbers and powers of ten are exact, so that one operation on them rounds correctly. */
    private static final long EXACT_WHOLE = 1L << 53;
    private static final double[] EXACT_POWERS = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
        1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    private static final int LARGEST_POWER = EXACT_POWERS.length - 1;

    /**
     * The number that a text says: digits with or without a sign, a point and an exponent.
     *
     * @return infinity if it is not finite as a float, also for the words nan, inf and infinity; NaN if it is no number
     */
    static double parse(String text) {
        int length = text.length();
        int at = 0;
        boolean negative = false;
        if (length > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+')) {
            negative = text.charAt(0) == '-';
            at++;
        }
        int start = at;
        long whole = 0;
        int point = -1;
        int digits = 0;
        for (; at < length; at++) {
            char c = text.charAt(at);
            if (c >= '0' && c <= '9') {
                digits++;
                // Past the exact range the value is no longer used.
                whole = whole < EXACT_WHOLE ? 10 * whole + (c - '0') : EXACT_WHOLE;
            } else if (c == '.' && point < 0) {
                point = at;
            } else {
                break;
            }
        }
        if (digits == 0) {
            return isWord(text, start) ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        int power = point < 0 ? 0 : at - point - 1;
        if (at == length && whole < EXACT_WHOLE && power <= LARGEST_POWER) {
            double value = whole / EXACT_POWERS[power];
            return negative ? -value : value;
        }
        return isExponent(text, at) ? finite(Double.parseDouble(text)) : Double.NaN;
    }

    /** Whether nothing but an exponent follows, or nothing at all. */
    private static boolean isExponent(String text, int at) {
        if (at == text.length()) {
            return true;
        }
        if (text.charAt(at) != 'e' && text.charAt(at) != 'E') {
            return false;
        }
        int digit = at + 1;
        if (digit < text.length() && (text.charAt(digit) == '-' || text.charAt(digit) == '+')) {
            digit++;
        }
        boolean digits = digit < text.length();
        for (; digit < text.length(); digit++) {
            digits &= text.charAt(digit) >= '0' && text.charAt(digit) <= '9';
        }
        return digits;
    }

    private static boolean isWord(String text, int start) {
        return text.length() <= LONGEST_WORD && WORDS.contains(text.substring(start).toLowerCase(Locale.ROOT));
    }

    private static double finite(double value) {
        return Math.abs(value) <= Float.MAX_VALUE ? value : Double.POSITIVE_INFINITY;
    }

    private Decimal() {}
}

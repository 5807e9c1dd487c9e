package beras.data.rows;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers as text, without the additional forms of {@link Double#parseDouble}: {@code 1f}, {@code 0x1p3}; and in the notation
 * of people and spreadsheets: {@code 1,234.5}, {@code 1.234,5}, {@code 12,34,567}, {@code $12}, {@code 12.5 %}, {@code (3)},
 * {@code 3-}.
 */
public final class Decimal {

    private static final Set<String> WORDS = Set.of("nan", "inf", "infinity");
    private static final int LONGEST_WORD = 9;
    /** A longer text is no number that people write. */
    private static final int LONGEST_NUMBER = 40;
    /** The signs that a number may begin with. */
    private static final String MINUS = "-\u2212";
    private static final String CURRENCIES = "$\u20ac\u00a3\u00a5\u20b9";
    private static final String FIRST = "+(.," + MINUS + CURRENCIES + "UEGCJI";
    private static final Pattern WITH_POINT = written(",", "\\.");
    private static final Pattern WITH_COMMA = written("\\.", ",");

    /** A sign, a currency before or after, groups of three digits or as in India or none, decimals, a percent sign. */
    private static Pattern written(String between, String decimalMark) {
        String space = "[ \\u00a0\\u202f]?";
        String currency = "(?:[" + CURRENCIES + "]|USD|EUR|GBP|CHF|JPY|CNY|INR)";
        String sign = "[-+\\u2212]";
        String whole = "(?<whole>[0-9]*|[1-9][0-9]{0,2}(?:(?<group>" + between + "|['\\u2019_ \\u00a0\\u2009\\u202f])[0-9]{3}(?:\\k<group>[0-9]{3})*)"
                + "|[1-9][0-9]?(?:" + between + "[0-9]{2})+" + between + "[0-9]{3})";
        String number = whole + "(?:" + decimalMark + "(?<decimals>[0-9]*))?";
        String before = "(?:" + sign + "?(?:" + currency + space + ")?|" + currency + space + sign + ")";
        String after = "(?:" + space + "(?:" + currency + "|%))?";
        return Pattern.compile(before + number + after);
    }

    /** Up to here whole numbers and powers of ten are exact, so that one operation on them rounds correctly. */
    private static final long EXACT_WHOLE = 1L << 53;
    private static final double[] EXACT_POWERS = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
        1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    private static final int LARGEST_POWER = EXACT_POWERS.length - 1;

    /**
     * Parses a number: digits with or without a sign, a point and an exponent.
     *
     * @return infinity if it is not finite as a float, also for the words nan, inf and infinity; NaN if it is no number
     */
    public static double parse(String text) {
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
        double value = isExponent(text, at) ? Double.parseDouble(text) : Double.NaN;
        return Double.isNaN(value) || Float.isFinite((float) value) ? value : Double.POSITIVE_INFINITY;
    }

    /** Whether a text has a character that means one thing where decimals come after a point, and another where after a comma. */
    public static boolean isMarked(String text) {
        return text.indexOf(',') >= 0 || text.indexOf('.') >= 0;
    }

    /**
     * Parses a number in people's notation: with groups of three digits, a currency, a percent sign (which changes nothing: the
     * column has a unit), or parentheses for a minus.
     *
     * @param comma whether decimals come after a comma, and a point may be between groups; else the other way round
     * @return as {@link #parse(String)}
     */
    public static double parse(String text, boolean comma) {
        double plain = comma && isMarked(text) ? Double.NaN : parse(text);
        if (!Double.isNaN(plain) || text.length() > LONGEST_NUMBER || !mayBegin(text) || !hasDigit(text)) {
            return plain;
        }
        String unsigned = withoutMinus(text);
        Matcher written = (comma ? WITH_COMMA : WITH_POINT).matcher(unsigned);
        if (!written.matches()) {
            return Double.NaN;
        }
        boolean negative = unsigned.length() < text.length() || text.indexOf('-') >= 0 || text.indexOf('\u2212') >= 0;
        StringBuilder digits = new StringBuilder(negative ? "-" : "");
        String whole = written.group("whole");
        for (int i = 0; i < whole.length(); i++) {
            if (Character.isDigit(whole.charAt(i))) {
                digits.append(whole.charAt(i));
            }
        }
        String decimals = written.group("decimals");
        return parse(decimals == null ? digits.toString() : digits.append('.').append(decimals).toString());
    }

    /**
     * The contents of parentheses that mean a minus, which may stand behind a currency; or of a text with a minus as its last
     * character.
     */
    private static String withoutMinus(String text) {
        int last = text.length() - 1;
        int open = text.indexOf('(');
        if (text.charAt(last) == ')' && (open == 0 || open == 1 && CURRENCIES.indexOf(text.charAt(0)) >= 0)) {
            return text.substring(0, open) + text.substring(open + 1, last);
        }
        boolean isBehind = MINUS.indexOf(text.charAt(last)) >= 0 && last > 0 && hasDigit(text.substring(last - 1, last));
        return isBehind && MINUS.indexOf(text.charAt(0)) < 0 && text.charAt(0) != '+' ? text.substring(0, last) : text;
    }

    /**
     * The expected value in an error about a cell that is no usable number.
     *
     * @param usual the text unless the cell is a number that is too large
     */
    public static String expected(Object cell, String usual) {
        String text = cell.toString();
        return hasDigit(text) && Double.isInfinite(parse(text)) ? "a number of at most 3.4e38, as 32-bit floats are" : usual;
    }

    /**
     * The one spelling of a number in texts: {@code 1.50}, {@code 01.5} and {@code 15e-1} are {@code 1.5}, and {@code -0.0} is
     * {@code 0}. No digit is rounded.
     *
     * @return the text itself if it is no finite number in plain digits, or one that people would not write out
     */
    public static String canonical(String text) {
        double value = text.length() > LONGEST_NUMBER ? Double.NaN : parse(text);
        if (!Double.isFinite(value)) {
            return text;
        }
        BigDecimal number = value == 0 ? BigDecimal.ZERO : new BigDecimal(text).stripTrailingZeros();
        return Math.abs(number.scale()) > LONGEST_NUMBER ? text : number.toPlainString();
    }

    /** The {@link #canonical} text of a number in memory, which is the same on every JDK. */
    public static String text(Number number) {
        boolean isBinary = number instanceof Double || number instanceof Float;
        double value = isBinary ? number.doubleValue() : Double.NaN;
        if (value == (long) value && Math.abs(value) < EXACT_WHOLE) {
            return Long.toString((long) value);
        }
        return canonical(!isBinary ? number.toString() : number instanceof Float single ? NumberText.of(single) : NumberText.of(value));
    }

    /** Most texts begin in another way, and are not looked at any further. */
    private static boolean mayBegin(String text) {
        return !text.isEmpty() && (text.charAt(0) >= '0' && text.charAt(0) <= '9' || FIRST.indexOf(text.charAt(0)) >= 0);
    }

    /** Whether a text is a number with one decimal mark or the other. */
    public static boolean isNumber(String text) {
        return !Double.isNaN(parse(text, false)) || !Double.isNaN(parse(text, true));
    }

    /** Whether the characters from one place to another are digits. */
    public static boolean isDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    public static boolean hasDigit(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= '0' && text.charAt(i) <= '9') {
                return true;
            }
        }
        return false;
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
        return digit < text.length() && isDigits(text, digit, text.length());
    }

    private static boolean isWord(String text, int start) {
        return text.length() <= LONGEST_WORD && start < text.length() && "nNiI".indexOf(text.charAt(start)) >= 0 // most are not
                && WORDS.contains(text.substring(start).toLowerCase(Locale.ROOT));
    }

    private Decimal() {}
}

package beras.report;

import beras.files.Excerpt;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names and numbers as plots and tables show them. */
public final class Labels {

    private static final MathContext DIGITS = new MathContext(4);
    private static final int PERCENT_DECIMALS = 1;
    /** Beyond these a number is shown with an exponent. */
    private static final double SMALL = 1e-5;
    private static final double LARGE = 1e9;
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9][0-9.,]*(E[-+]?[0-9]+)?");

    /**
     * A number to four digits, whole ones unchanged; a dash if it is not finite. A value below 1 stays below 1, as an accuracy
     * or a confidence of 1 would mean that nothing is wrong.
     */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "\u2013";
        }
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < LARGE) {
            return Long.toString((long) value);
        }
        BigDecimal exact = BigDecimal.valueOf(value);
        BigDecimal rounded = exact.round(DIGITS);
        if (size < 1 && rounded.abs().compareTo(BigDecimal.ONE) == 0) {
            rounded = exact.setScale(DIGITS.getPrecision(), RoundingMode.DOWN);
        }
        rounded = rounded.stripTrailingZeros();
        return size < SMALL || size >= LARGE ? rounded.toString() : rounded.toPlainString();
    }

    /** A share in percent, with a decimal; 100 % are all of it, and 0 % none. */
    static String percent(double share) {
        BigDecimal percent = BigDecimal.valueOf(100 * share);
        BigDecimal rounded = percent.setScale(PERCENT_DECIMALS, share < 0.5 ? RoundingMode.HALF_UP : RoundingMode.DOWN);
        return share > 0 && rounded.signum() == 0 ? "below 0.1 %" : rounded.stripTrailingZeros().toPlainString() + " %";
    }

    /** The display name of a measure, such as {@code balanced accuracy} for {@code balanced_accuracy}. */
    public static String measure(String name) {
        return switch (name) {
            case "auc" -> "AUC";
            case "brier_score" -> "Brier score";
            default -> name.replace('_', ' ');
        };
    }

    /** With a capital letter. */
    public static String sentence(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** Whether {@link #number} may have made this. */
    static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    /** The texts, cut to so many characters, with a number where they would be the same: plots need names that differ. */
    public static List<String> distinct(List<String> texts, int most) {
        Set<String> names = new LinkedHashSet<>();
        for (String text : texts) {
            String name = Excerpt.within(text, most);
            String numbered = name;
            for (int number = 2; !names.add(numbered); number++) {
                numbered = name + " (" + number + ")";
            }
        }
        return List.copyOf(names);
    }

    private Labels() {}
}

package beras.data.table.values;

import beras.data.rows.Decimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number with an addition: one unit behind it ({@code 12 kg}), a sign that it is not exact ({@code ~12}, {@code 12*}), or
 * that it is a limit ({@code <0.5}, {@code 20+}). Units are words: nothing is converted.
 *
 * @param value   of the number; of a limit the limit
 * @param unit    as {@link #word} gives it; empty if there is none
 * @param isLimit whether the value is less or more than the number
 */
public record Quantity(double value, String unit, boolean isLimit) {

    /** A longer cell is text. */
    private static final int LONGEST = 48;
    /** The largest number that is finite as a float in any column. */
    private static final double LARGEST = 1e20;
    /** In shorter words a capital letter means something else, and an s is none of a plural. */
    private static final int FEW_LETTERS = 4;

    private static final String SPACES = "[ \u00a0\u202f]*";
    private static final String NUMBER = "[-+\u2212]?(?:[$\u20ac\u00a3\u00a5\u20b9] ?)?[.,]?[0-9](?:[0-9.,'\u2019]|[ \u00a0\u202f](?=[0-9]{3}(?![0-9])))*"
            + "(?<=[0-9.,])(?:[eE][-+]?[0-9]+(?![0-9\\p{L}]))?";
    private static final String UNIT = "[\\p{L}\u00b0\u00b5'\"\u2032\u2033%$\u20ac\u00a3\u00a5\u20b9][\\p{L}\u00b0\u00b2\u00b3%/\u00b7.]{0,11}(?:(?<=\\p{L})[23])?";
    private static final Pattern FORM = Pattern.compile("(?:(?<limit>[<>\u2264\u2265]=?)|[~\u2248])?" + SPACES + "(?<number>" + NUMBER + ")(?<plus>\\+?)(?:" + SPACES
            + "(?<unit>" + UNIT + "))?(?<more>\\+?)[*\u2020\u2021]*");

    /**
     * Parses a text that is no plain number.
     *
     * @param comma whether decimals come after a comma
     * @return empty if it is something else
     */
    public static Optional<Quantity> parse(String text, boolean comma) {
        if (text.length() > LONGEST || !Decimal.hasDigit(text)) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        double value = Decimal.parse(form.group("number"), comma);
        boolean isLimit = form.group("limit") != null || !form.group("plus").isEmpty() || !form.group("more").isEmpty();
        String unit = form.group("unit");
        return Math.abs(value) <= LARGEST ? Optional.of(new Quantity(value, unit == null ? "" : word(unit), isLimit)) : Optional.empty();
    }

    /** One form of a unit: {@code year} for {@code Years}, {@code kg} for {@code Kg.}; letters alone are as they are. */
    public static String word(String unit) {
        String word = unit.endsWith(".") ? unit.substring(0, unit.length() - 1) : unit;
        word = word.length() > 1 ? word.toLowerCase(Locale.ROOT) : word;
        return word.length() >= FEW_LETTERS && word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
    }

    /** Parses a number of units; NaN if it has another unit. A number without a unit counts as one of any. */
    public static double parse(String text, boolean comma, String unit) {
        return parse(text, comma).filter(found -> found.unit.isEmpty() || found.unit.equals(unit)).map(Quantity::value).orElse(Double.NaN);
    }
}

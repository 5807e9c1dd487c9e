package beras.data.table;

import beras.data.rows.Decimal;
import beras.data.table.Units.Sense;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number with what people write beside it: a unit ({@code 12 kg}), thousands and millions ({@code 1.2M}), several units of one kind
 * ({@code 2h 30m}), hours, minutes and seconds ({@code 27:30:00}), a sign that it is not exact ({@code ~12}, {@code 12*},
 * {@code 12 (est)}), a limit ({@code <0.5}, {@code 20+}), or a range ({@code 10-20}); a mixed number ({@code 58 4/8}) or a
 * fraction ({@code 1/2}); a number of a thing ({@code No. 12}).
 *
 * @param value of the number; of a limit the limit, of a range the middle
 * @param unit  the word for it as {@link Units#word} gives it; empty if there is none
 * @param kind  what is written besides
 */
record Quantity(double value, String unit, Kind kind) {

    /** What is written besides the number and its unit. */
    enum Kind {
        /** Nothing, or that it is not exact. */
        EXACT,
        /** That it is less or more. */
        LIMIT,
        /** Another number. */
        RANGE,
        /** That it is the number of a thing. */
        NUMBERED
    }

    /** Stands for the unit of digits of the base 16. */
    static final String HEXADECIMAL = "0x";
    /** Stands for seconds that are written as hours, minutes and seconds. */
    static final String CLOCK_TIME = "h:m:s";
    /** Stands for the unit of a whole number with a fraction, such as {@code 58 4/8}. */
    static final String MIXED = "1 1/2";
    /**
     * Stands for the unit of a fraction alone, which is a number only beside mixed ones: it may be a ratio, a score or a date.
     */
    static final String FRACTION = "1/2";
    /** Stands for the unit of the numbers of things. */
    static final String NUMBER_SIGN = "#";
    private static final String SECONDS = "s";
    private static final double SIXTY = 60;
    private static final double HALF = 0.5;
    /** What is longer is text. */
    private static final int LONGEST = 48;
    private static final int BASE = 16;
    /** In any unit such a number is finite as a float. */
    private static final double LARGEST = 1e20;
    private static final String HOURS = "h";
    private static final String MINUTES = "m";
    /** In what several units together are counted, by what they measure. */
    private static final Map<String, String> BASES = new TreeMap<>(Map.of("length", "meter", "mass", "g", "time", SECONDS));

    private static final String DIGIT = "[0-9]";
    /** A number among other things: its digits, and what may be between them and before them. */
    private static final String NUMBER = "[-+\u2212]?(?:[$\u20ac\u00a3\u00a5\u20b9] ?)?[.,]?" + DIGIT + "(?:[0-9.,'\u2019]|[ \u00a0\u202f](?=[0-9]{3}(?![0-9])))*"
            + "(?<=[0-9.,])(?:[eE][-+]?[0-9]+(?![0-9\\p{L}]))?";
    private static final String WORD = "[\\p{L}\u00b0\u00b5\u00b2\u00b3'\"\u2032\u2033\u2019\u201d%/\u00b7$\u20ac\u00a3\u00a5\u20b9.]+";
    private static final String SPACES = "[ \u00a0\u202f]*";
    private static final Pattern BEFORE = Pattern.compile("(?:(?<limit>[<>\u2264\u2265]=?|(?:under|over|up to|at least|at most|less than|more than|unter|"
            + "\u00fcber|bis|ab) )|[~\u2248]|(?:ca\\.?|circa|about|approx\\.?|around|etwa|env\\.) )" + SPACES, Pattern.CASE_INSENSITIVE);
    private static final Pattern BEHIND = Pattern.compile(SPACES + "(?:[*\u2020\u2021]+|\\((?:est|est\\.|estimated|approx|approx\\.|e|p|r|prov|prov\\.|gesch|gesch\\.)\\)"
            + "|\\[[0-9a-z]{1,3}])$", Pattern.CASE_INSENSITIVE);
    private static final Pattern ONE = Pattern.compile("(?:(?<before>\\p{L}[\\p{L}$]{1,11}\\.?)(?<gap>" + SPACES + "))?(?<number>" + NUMBER + ")(?<plus>\\+?)(?<space>" + SPACES
            + ")(?<word>" + WORD + "(?: [\\p{L}\u00b2$\u20ac\u00a3\u00a5\u20b9.]+)?(?:(?<=\\p{L})[23])?)?(?<plusBehind>\\+?)");
    private static final Pattern PART = Pattern.compile("(?<number>" + DIGIT + "+(?:[.,]" + DIGIT + "+)?)" + SPACES + "(?<word>[\\p{L}'\"\u2032\u2033\u2019\u201d.]*),?"
            + SPACES);
    private static final Pattern RANGE = Pattern.compile("(?<from>" + NUMBER + ")(?<word>" + SPACES + WORD + ")?" + SPACES
            + "(?:[-\u2013\u2014\u2010\u2011]|to|bis|\u2026)" + SPACES + "(?<to>" + DIGIT + ".*|[$\u20ac\u00a3\u00a5\u20b9].*)");
    /** Telephone numbers, months of years and codes, of which one side begins with 0. */
    private static final Pattern NO_RANGE = Pattern.compile("[0-9]{3}-[0-9]{4}|0[0-9]+-[0-9]+|[0-9]+-0[0-9]+");
    private static final Pattern CURRENCY = Pattern.compile("[$\u20ac\u00a3\u00a5\u20b9]");
    private static final Pattern CLOCK = Pattern.compile("(?<hours>[0-9]{1,6}):(?<minutes>[0-5][0-9])(?::(?<seconds>[0-5][0-9](?:\\.[0-9]{1,9})?))?");
    private static final Pattern HEX = Pattern.compile("0[xX](?<digits>[0-9a-fA-F]{1,13})");
    private static final Pattern FRACTIONS = Pattern.compile("(?<minus>[-\u2212])?(?:(?<whole>[0-9]{1,9})[ \u00a0\u202f-])?"
            + "(?<upper>[0-9]{1,4})[/\u2044](?<lower>[1-9][0-9]{0,3})");
    private static final Pattern THING = Pattern.compile("(?:#|\u2116|n[o\u00b0\u00ba]\\.?|nr\\.?|num\\.?|number|nummer)" + SPACES
            + "(?<number>[0-9]{1,12})", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    /**
     * What a text says that is no plain number.
     *
     * @param comma whether decimals come after a comma
     * @return empty if it is something else
     */
    static Optional<Quantity> parse(String text, boolean comma) {
        if (text.length() > LONGEST || !Decimal.hasDigit(text)) {
            return Optional.empty();
        }
        Matcher before = BEFORE.matcher(text);
        boolean limited = false;
        int from = 0;
        while (before.region(from, text.length()).lookingAt()) {
            limited |= before.group("limit") != null;
            from = before.end();
        }
        int to = text.length();
        for (Matcher behind = BEHIND.matcher(text); behind.region(from, to).find(); behind.reset()) {
            to = behind.start();
        }
        String rest = text.substring(from, to);
        Optional<Quantity> found = bare(rest, comma);
        return limited ? found.filter(quantity -> quantity.kind != Kind.RANGE).map(quantity -> quantity.as(Kind.LIMIT)) : found;
    }

    private static Optional<Quantity> bare(String text, boolean comma) {
        return special(text).or(() -> one(text, comma)).or(() -> range(text, comma)).or(() -> parts(text, comma));
    }

    private Quantity as(Kind other) {
        return new Quantity(value, unit, other);
    }

    /** A number with a word beside it. */
    private static Optional<Quantity> one(String text, boolean comma) {
        double plain = Decimal.parse(text, comma);
        if (!Double.isNaN(plain)) {
            return finite(plain, "", Kind.EXACT);
        }
        Matcher one = ONE.matcher(text);
        if (!one.matches()) {
            return Optional.empty();
        }
        double value = Decimal.parse(one.group("number"), comma);
        boolean isLimit = !one.group("plus").isEmpty() || !one.group("plusBehind").isEmpty();
        Optional<String> unit = unit(one);
        return unit.isEmpty() ? Optional.empty() : finite(value, unit.get(), isLimit ? Kind.LIMIT : Kind.EXACT);
    }

    private static Optional<Quantity> finite(double value, String unit, Kind kind) {
        return Math.abs(value) <= LARGEST ? Optional.of(new Quantity(value, unit, kind)) : Optional.empty();
    }

    /** The word beside a number, without a currency; empty if there is another one. */
    private static Optional<String> unit(Matcher one) {
        String before = one.group("before");
        Optional<String> first = before == null ? Optional.of("") : Units.word(before, false);
        boolean money = first.filter(Units::isMoney).isPresent() || CURRENCY.matcher(one.group("number")).find();
        if (before != null && !money && (one.group("gap").isEmpty() || first.filter(Units::isKnown).isEmpty())) {
            return Optional.empty(); // CD4 is no unit, nor is PS5
        }
        String text = one.group("word");
        if (text == null) {
            return money ? Optional.of("") : first;
        }
        if (before != null && !money) {
            return Optional.empty();
        }
        boolean apart = !one.group("space").isEmpty();
        int space = text.indexOf(' ');
        if (space > 0) {
            Optional<String> last = Units.word(text.substring(space + 1), true);
            if (last.isPresent() && Units.isMoney(last.get())) {
                return Units.word(text.substring(0, space), false).map(Units::ofMoney);
            }
            Optional<String> both = Units.word(text.replace(" ", ""), apart).filter(Units::isKnown);
            return money ? both.map(Units::ofMoney) : both;
        }
        Optional<String> word = Units.word(text, apart);
        return word.filter(Units::isMoney).isPresent() ? Optional.of("") : money ? word.map(Units::ofMoney) : word;
    }

    /** From one number to a larger one. */
    private static Optional<Quantity> range(String text, boolean comma) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches() || NO_RANGE.matcher(text).matches()) {
            return Optional.empty();
        }
        double from = Decimal.parse(range.group("from"), comma);
        Optional<Quantity> to = one(range.group("to"), comma).filter(end -> end.value > from && from >= 0);
        String word = range.group("word");
        if (word != null) {
            to = to.filter(end -> Units.word(word.strip(), !word.equals(word.strip())).filter(end.unit::equals).isPresent());
        }
        return to.map(end -> new Quantity(from + HALF * (end.value - from), end.unit, Kind.RANGE));
    }

    /** Several numbers with units of one kind, each smaller than the one before; minutes may have none. */
    private static Optional<Quantity> parts(String text, boolean comma) {
        List<Double> values = new ArrayList<>();
        List<String> words = new ArrayList<>();
        Matcher part = PART.matcher(text);
        for (int at = 0; at < text.length(); at = part.end()) {
            if (!part.region(at, text.length()).lookingAt()) {
                return Optional.empty();
            }
            values.add(Decimal.parse(part.group("number"), comma));
            words.add(Units.word(part.group("word"), false).orElse(""));
        }
        if (words.size() > 1 && words.get(words.size() - 1).isEmpty() && words.get(words.size() - 2).equals(HOURS)) {
            words.set(words.size() - 1, MINUTES);
        }
        if (words.size() > 1) {
            for (Map.Entry<String, String> base : BASES.entrySet()) {
                double sum = sum(values, words, Units.senses(base.getValue()).get(0));
                if (!Double.isNaN(sum)) {
                    return finite(sum, base.getValue(), Kind.EXACT);
                }
            }
        }
        return Optional.empty();
    }

    /** NaN if a word is no unit of the kind, or one is not smaller than that before it. */
    private static double sum(List<Double> values, List<String> words, Sense base) {
        double sum = 0;
        double last = Double.POSITIVE_INFINITY;
        for (int i = 0; i < values.size(); i++) {
            double factor = Units.isKnown(words.get(i)) ? Units.in(1, words.get(i), base) : Double.NaN;
            if (!(factor < last)) {
                return Double.NaN;
            }
            sum += values.get(i) * factor;
            last = factor;
        }
        return sum;
    }

    /** Hours, minutes and seconds, or minutes and seconds; digits of the base 16; a fraction; the number of a thing. */
    private static Optional<Quantity> special(String text) {
        Matcher clock = CLOCK.matcher(text);
        if (clock.matches()) {
            double upper = SIXTY * Integer.parseInt(clock.group("hours")) + Integer.parseInt(clock.group("minutes"));
            String seconds = clock.group("seconds");
            return finite(seconds == null ? upper : SIXTY * upper + Double.parseDouble(seconds), CLOCK_TIME, Kind.EXACT);
        }
        Matcher hex = HEX.matcher(text);
        if (hex.matches()) {
            return finite(Long.parseLong(hex.group("digits"), BASE), HEXADECIMAL, Kind.EXACT);
        }
        Matcher fraction = FRACTIONS.matcher(text);
        if (fraction.matches()) {
            return fraction(fraction);
        }
        Matcher thing = THING.matcher(text);
        return thing.matches() ? finite(Long.parseLong(thing.group("number")), NUMBER_SIGN, Kind.NUMBERED) : Optional.empty();
    }

    /** Beside a whole number a fraction is less than 1. */
    private static Optional<Quantity> fraction(Matcher text) {
        String whole = text.group("whole");
        int upper = Integer.parseInt(text.group("upper"));
        int lower = Integer.parseInt(text.group("lower"));
        if (whole != null && upper >= lower) {
            return Optional.empty();
        }
        double value = (whole == null ? 0 : Integer.parseInt(whole)) + (double) upper / lower;
        return finite(text.group("minus") == null ? value : -value, whole == null ? FRACTION : MIXED, Kind.EXACT);
    }

    /** Whether it is an amount whatever is beside it: a fraction alone may be a ratio, the number of a thing its name. */
    boolean isAmount() {
        return kind != Kind.NUMBERED && !unit.equals(FRACTION);
    }

    /** The number of units that it is; NaN if it measures something else. A number without a unit counts as one of any. */
    double in(Sense other) {
        return unit.isEmpty() ? value : Units.in(value, unit, other);
    }
}

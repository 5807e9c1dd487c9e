package beras.cli.terminal;

import static java.util.Map.entry;

import beras.config.ProposedSetting;
import beras.evaluation.WilsonInterval;
import beras.files.Excerpt;
import java.io.File;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Numbers and commands as people read them. */
public final class Text {

    private static final String VECTORS = "jdk.incubator.vector";
    private static final String JAR = "beras.jar";
    /** The options of settings that messages propose. */
    private static final Map<String, String> OPTIONS = Map.ofEntries(entry("augment", "--augment"), entry("classWeight", "--class-weight"),
            entry("context", "--context"),
            entry("distribution", "--distribution"), entry("earlyStopping", "--early-stopping"), entry("headerLines", "--header-lines"),
            entry("interval", "--interval"), entry("missing", "--na"), entry("seed", "--seed"), entry("sheet", "--sheet"),
            entry("skipBroken", "--skip-broken"), entry("skipFooter", "--skip-footer"), entry("skipLines", "--skip-lines"),
            entry("spellings", "--spellings"), entry("split", "--split"), entry("task", "--task"), entry("types", "--types"));
    private static final int MOST_DECIMALS = 12;
    private static final String DOTS = "...";
    /** Characters before it take one column each. */
    private static final char FIRST_MARK = 0x300;
    /** First and last of the characters that take two, without the rare ones. */
    private static final int[] WIDE = {0x1100, 0x115f, 0x231a, 0x231b, 0x2e80, 0x303e, 0x3041, 0xa4cf, 0xac00, 0xd7a3, 0xf900, 0xfaff,
        0xfe30, 0xfe6f, 0xff00, 0xff60, 0xffe0, 0xffe6, 0x1f300, 0x1f64f, 0x1f680, 0x1f6ff, 0x1f900, 0x1faff, 0x20000, 0x3fffd};
    /** A share of fewer examples is uncertain by 3 points and more. */
    private static final int FEW = 1000;
    /** Set by the script that started this jar: how that was called. */
    private static final String SCRIPT = "beras.command";

    /**
     * A number with so many decimals, whatever the locale; a non-finite one in a word. {@code String.format} would cost
     * noticeable start-up time.
     */
    public static String decimals(double value, int decimals) {
        return !Double.isFinite(value) ? Double.toString(value)
                : BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).toPlainString();
    }

    /** How many decimals it takes to show so many digits of a number. */
    public static int decimalsOf(double number, int digits) {
        return number == 0 || !Double.isFinite(number) ? 0
                : (int) Math.max(0, Math.min(MOST_DECIMALS, digits - 1 - Math.floor(Math.log10(Math.abs(number)))));
    }

    /** A duration with two digits or three: {@code 0.04 s}, {@code 7.8 s}, {@code 31 s}, {@code 2 min}. */
    public static String time(double seconds) {
        return seconds < 9.95 ? decimals(seconds, seconds < 0.995 ? 2 : 1) + " s" : seconds < 99.5 ? Math.round(seconds) + " s"
                : seconds < 99.5 * 60 ? Math.round(seconds / 60) + " min" : Math.round(seconds / 3600) + " h";
    }

    /** The number that a text is; {@code what} is used by the error. */
    public static double number(String what, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(what + " must be a number. Received: \"" + text + "\"", e);
        }
    }

    /** A number with all its digits, whole numbers without decimals. */
    public static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1L << 53 ? Long.toString((long) value) : Double.toString(value);
    }

    public static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    /**
     * The confidence interval of a share, unless there are so many examples that it is narrow, and the share of the most
     * frequent label, such as {@code " (95 % range 0.55 to 0.75, always Adelie: 0.4419)"}.
     */
    public static String range(double share, long examples, String frequent, double baseline) {
        WilsonInterval range = WilsonInterval.of(Math.round(share * examples), examples);
        return " (" + (examples >= FEW ? "" : "95 % range " + decimals(range.low(), 2) + " to " + decimals(range.high(), 2) + ", ")
                + "always " + frequent + ": " + decimals(baseline, 4) + ")";
    }

    /** How to start another command of this jar in the same way, with vectors, ready to be copied. */
    public static String command(String arguments) {
        String script = System.getProperty(SCRIPT);
        if (script != null) {
            return quote(script) + " " + arguments;
        }
        String path = System.getProperty("java.class.path");
        boolean isJar = path.endsWith(".jar") && !path.contains(System.getProperty("path.separator"));
        return "java --add-modules " + VECTORS + " -jar " + (isJar ? quote(path) : JAR) + " " + arguments;
    }

    /** How many columns of a terminal a text takes: two for a wide character, such as of Japanese, none for an accent by itself. */
    public static int columns(String text) {
        int columns = text.length();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= FIRST_MARK) { // rarely
                return text.codePoints().map(Text::columns).sum();
            }
        }
        return columns;
    }

    private static int columns(int character) {
        int type = Character.getType(character);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        for (int i = 0; i < WIDE.length; i += 2) {
            if (character >= WIDE[i] && character <= WIDE[i + 1]) {
                return 2;
            }
        }
        return 1;
    }

    /** A text for a table in the terminal, of at most so many columns: the middle is left out, as the end may distinguish texts. */
    public static String cut(String text, int most) {
        String printable = Excerpt.printable(text);
        if (columns(printable) <= most) {
            return printable;
        }
        int[] characters = printable.codePoints().toArray();
        StringBuilder start = new StringBuilder();
        StringBuilder end = new StringBuilder();
        int room = most - DOTS.length();
        for (int i = 0, j = characters.length - 1; i <= j;) { // from both sides, one character each
            boolean isStart = columns(start.toString()) <= columns(end.toString());
            int next = isStart ? characters[i++] : characters[j--];
            room -= columns(next);
            if (room < 0) {
                break;
            }
            if (isStart) {
                start.appendCodePoint(next);
            } else {
                end.insert(0, Character.toChars(next));
            }
        }
        return start + DOTS + end;
    }

    /** The lines of a text, broken at spaces so that none takes more columns of a terminal, if its words do not. */
    public static List<String> wrap(String text, int most) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && columns(line.toString()) + 1 + columns(word) > most) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    public static String quote(Path path) {
        return quote(path.toString());
    }

    /** A word for the shell, in quotes if it needs them. */
    public static String quote(String word) {
        boolean plain = !word.isEmpty()
                && word.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == File.separatorChar || "/.:_-+@%,=".indexOf(c) >= 0);
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** A message of the library with the options that give the settings which it proposes, ready to be copied. */
    public static String options(String message) {
        return ProposedSetting.replace(message, Text::option);
    }

    private static String option(ProposedSetting setting) {
        String name = OPTIONS.get(setting.name());
        return name == null ? setting.toString() : setting.value().isEmpty() ? name
                : name + (setting.value().startsWith("--") ? "=" : " ") + quote(setting.value());
    }

    private Text() {}
}

package beras.files;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Excerpts in messages of texts from elsewhere, such as cells, names and paths: without control characters for a terminal, and
 * shortened.
 */
public final class Excerpt {

    /** The longest message, in characters; the middle is left out, as the end has the advice. */
    static final int LONGEST_MESSAGE = 2000;

    private static final int END_OF_MESSAGE = 400;
    private static final String GAP = " ... ";
    private static final String DOTS = "...";
    /** Control characters of ASCII and Latin-1, line separators, and characters that change the direction of text. */
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]");

    /** A text with its control characters as JSON writes them, such as {@code &#92;u001b}. */
    public static String printable(String text) {
        return CONTROL.matcher(text).replaceAll(control -> String.format(Locale.ROOT, "\\\\u%04x", (int) control.group().charAt(0)));
    }

    /** A whole message: printable, and of at most 2000 characters. */
    public static String message(String text) {
        String cut = text.length() <= LONGEST_MESSAGE ? text
                : cut(text, LONGEST_MESSAGE - END_OF_MESSAGE) + GAP + text.substring(text.length() - END_OF_MESSAGE);
        return printable(cut);
    }

    /** A text in quotes, of at most {@code most} characters; dots show that there are more. */
    public static String quoted(String text, int most) {
        return '"' + (text.length() <= most ? printable(text) : printable(cut(text, most)) + DOTS) + '"';
    }

    /** A text of at most {@code most} characters, all of them printable; dots at its end show that there are more. */
    public static String within(String text, int most) {
        String printable = printable(text);
        return printable.length() <= most ? printable : cut(printable, most - DOTS.length()) + DOTS;
    }

    /** Texts in a row, at most {@code most} of them, and how many more there are. */
    public static String list(List<String> texts, int most) {
        int more = Math.max(0, texts.size() - most);
        return String.join(", ", texts.subList(0, texts.size() - more)) + (more == 0 ? "" : " and " + more + " more");
    }

    /** The first characters, without half of a pair. */
    private static String cut(String text, int length) {
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }

    private Excerpt() {}
}

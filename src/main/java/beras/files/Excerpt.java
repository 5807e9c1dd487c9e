package beras.files;

/**
 * What messages show of texts that come from elsewhere, such as cells, names and paths: nothing that a terminal would obey, and
 * not all of a long one.
 */
public final class Excerpt {

    /** At most so many characters of a message; the middle is left out, as the end says what to do. */
    static final int LONGEST_MESSAGE = 2000;

    private static final int END_OF_MESSAGE = 400;
    private static final String GAP = " ... ";
    private static final String DOTS = "...";
    private static final char HIGHEST_CONTROL = 0x9f;

    /** A text with its control characters as JSON writes them, such as {@code &#92;u001b}. */
    public static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return escaped(text);
            }
        }
        return text;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isControl(c)) {
                escaped.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    escaped.append(Character.forDigit(c >> shift & 0xf, 16));
                }
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** Control characters of ASCII and Latin-1, and those that end a line or turn the direction of text. */
    private static boolean isControl(char c) {
        return c < ' ' || c >= 0x7f && c <= HIGHEST_CONTROL || c == 0x2028 || c == 0x2029 || c >= 0x202a && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069;
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

    /** The first characters, without half of a pair. */
    private static String cut(String text, int length) {
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }

    private Excerpt() {}
}

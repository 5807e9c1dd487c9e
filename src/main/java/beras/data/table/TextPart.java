package beras.data.table;

import java.util.Locale;

/** The part of a text that is a category where the whole never repeats. */
enum TextPart {
    /** All of it. */
    WHOLE("") {

        @Override
        String find(String text) {
            return text;
        }
    },
    /** The domain of an e-mail address or URL, in lower case, without {@code www.} at its beginning. */
    DOMAIN("the domain of the address") {

        @Override
        String find(String text) {
            int scheme = text.indexOf("://");
            int at = text.indexOf('@');
            boolean isUrl = scheme > 0 && isPlain(text, 0, scheme) || text.regionMatches(true, 0, WWW, 0, WWW.length());
            int begin = isUrl ? scheme < 0 ? 0 : scheme + "://".length() : at + 1;
            int end = begin;
            while (end < text.length() && isDomain(text.charAt(end))) {
                end++;
            }
            boolean isWhole = isUrl ? end == text.length() || "/:?#".indexOf(text.charAt(end)) >= 0
                    : at > 0 && end == text.length() && text.indexOf(' ') < 0;
            int dot = text.indexOf('.', begin);
            if (!isWhole || dot <= begin || dot >= end - 1) {
                return null;
            }
            String domain = text.substring(begin, end).toLowerCase(Locale.ROOT);
            return domain.startsWith(WWW) ? domain.substring(WWW.length()) : domain;
        }
    },
    /** The letters before the digits of a code: {@code AB} of {@code AB-1234}. */
    PREFIX("the letters before the digits") {

        @Override
        String find(String text) {
            int end = 0;
            while (end < text.length() && Character.isLetter(text.charAt(end))) {
                end++;
            }
            int next = end < text.length() && "-_/. #".indexOf(text.charAt(end)) >= 0 ? end + 1 : end;
            boolean isCode = end > 0 && end <= MOST_LETTERS && next < text.length() && Character.isDigit(text.charAt(next));
            return isCode ? text.substring(0, end) : null;
        }
    };

    private static final String WWW = "www.";
    private static final int MOST_LETTERS = 8;

    private final String words;

    TextPart(String words) {
        this.words = words;
    }

    /** The part; null if the text has none. */
    abstract String find(String text);

    /** The part, or the whole text if it has none. */
    final String of(String text) {
        String found = find(text);
        return found == null ? text : found;
    }

    /** What it is; empty for all of a text. */
    final String words() {
        return words;
    }

    private static boolean isPlain(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Character.isLetterOrDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDomain(char letter) {
        return letter == '.' || letter == '-' || Character.isLetterOrDigit(letter);
    }
}

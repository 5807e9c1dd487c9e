package beras.reference;

/** Text for the cells of a table in Markdown. */
public final class Markdown {

    /** Code between backticks; empty code is none. */
    public static String code(String code) {
        return code.isEmpty() ? "" : "`" + code.strip().replace("|", "\\|") + "`";
    }

    /** Words, in which only what is between backticks is Markdown. */
    public static String text(String words) {
        StringBuilder text = new StringBuilder();
        boolean isCode = false;
        for (char c : words.strip().replaceAll("\\s+", " ").toCharArray()) {
            isCode ^= c == '`';
            boolean isSpecial = c == '|' || !isCode && "<>*_[]#".indexOf(c) >= 0;
            text.append(isSpecial ? "\\" : "").append(c);
        }
        return text.toString();
    }

    private Markdown() {}
}

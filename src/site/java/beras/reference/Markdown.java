package beras.reference;

import java.util.regex.Pattern;

/** Text for the cells of a table in Markdown. */
public final class Markdown {

    /** Code between backticks; empty code is none. */
    public static String code(String code) {
        return code.isEmpty() ? "" : "`" + code.strip().replace("|", "\\|") + "`";
    }

    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z0-9][a-z0-9-]*");

    /** Words, in which only what is between backticks is Markdown; options are code, as two dashes would become one. */
    public static String text(String words) {
        StringBuilder text = new StringBuilder();
        boolean isCode = false;
        String[] parts = words.strip().replaceAll("\\s+", " ").split("`", -1);
        for (int i = 0; i < parts.length; i += 2) {
            parts[i] = OPTION.matcher(parts[i]).replaceAll("`$0`");
        }
        for (char c : String.join("`", parts).toCharArray()) {
            isCode ^= c == '`';
            boolean isSpecial = c == '|' || !isCode && "<>*_[]#".indexOf(c) >= 0;
            text.append(isSpecial ? "\\" : "").append(c);
        }
        return text.toString();
    }

    private Markdown() {}
}

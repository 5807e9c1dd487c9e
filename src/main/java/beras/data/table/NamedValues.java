package beras.data.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Values by name in a text, such as the types of columns or the weights of labels: {@code zip=category,"size, cm"=numeric}; or names
 * alone.
 *
 * <p>A name in double quotes may hold anything, with a double quote in it doubled; one without may hold an equals sign but no
 * comma. Spaces around names and values do not count.
 */
public final class NamedValues {

    /**
     * The values by name, in order.
     *
     * @throws IllegalArgumentException if a part has another form, or a name is there twice
     */
    public static Map<String, String> parse(String text) {
        return read(text, true);
    }

    /**
     * Names with commas between them, in order, such as {@code id,"size, cm"}.
     *
     * @throws IllegalArgumentException if a part has another form, or a name is there twice
     */
    public static List<String> names(String text) {
        return List.copyOf(read(text, false).keySet());
    }

    /** Names as {@link #names} reads them, and {@link #parse} before an equals sign: with commas between them, in quotes where that is needed. */
    public static String join(List<String> names) {
        return names.stream().map(NamedValues::quoted).collect(Collectors.joining(","));
    }

    private static String quoted(String name) {
        boolean plain = !name.isEmpty() && name.indexOf(',') < 0 && !name.startsWith("\"") && name.equals(name.strip());
        return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** What stands between commas: names with values, or names alone with an empty one. */
    private static Map<String, String> read(String text, boolean withValues) {
        Map<String, String> values = new LinkedHashMap<>();
        int at = 0;
        while (at <= text.length()) {
            int start = skipSpaces(text, at);
            StringBuilder name = new StringBuilder();
            boolean isQuoted = start < text.length() && text.charAt(start) == '"';
            int next = isQuoted ? skipSpaces(text, quoted(text, start, name)) : start;
            int end = end(text, next);
            int nameEnd = isQuoted ? next : withValues ? text.lastIndexOf('=', end - 1) : end;
            if (!isQuoted) {
                name.append(text.substring(start, Math.max(start, nameEnd)).strip());
            }
            boolean ends = withValues ? nameEnd >= start && nameEnd < text.length() && text.charAt(nameEnd) == '=' : nameEnd == end;
            if (name.isEmpty() || !ends) {
                throw new IllegalArgumentException((withValues ? "expected name=value, with commas between such. Received: \""
                        + text.substring(at, end) : "expected names with commas between them. Received: \"" + text)
                        + "\". Put quotes around a name with a comma");
            }
            if (values.put(name.toString(), withValues ? text.substring(nameEnd + 1, end).strip() : "") != null) {
                throw new IllegalArgumentException("each name may be there once. Received twice: " + name);
            }
            at = end + 1;
        }
        return values;
    }

    private static int skipSpaces(String text, int at) {
        int next = at;
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        return next;
    }

    private static int end(String text, int from) {
        int comma = text.indexOf(',', from);
        return comma < 0 ? text.length() : comma;
    }

    /** Reads a name in quotes; returns the place after it. */
    private static int quoted(String text, int quote, StringBuilder name) {
        int at = quote + 1;
        while (true) {
            int next = text.indexOf('"', at);
            if (next < 0) {
                throw new IllegalArgumentException("expected a second quote after the one that begins a name. Received: "
                        + text.substring(quote));
            }
            name.append(text, at, next);
            if (next + 1 == text.length() || text.charAt(next + 1) != '"') {
                return next + 1;
            }
            name.append('"');
            at = next + 2;
        }
    }

    private NamedValues() {}
}

package beras.data.table;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        Map<String, String> values = new LinkedHashMap<>();
        int at = 0;
        while (at <= text.length()) {
            int start = skipSpaces(text, at);
            StringBuilder name = new StringBuilder();
            int equals;
            int end;
            if (start < text.length() && text.charAt(start) == '"') {
                equals = skipSpaces(text, quoted(text, start, name));
                end = end(text, equals);
            } else {
                end = end(text, start);
                equals = text.lastIndexOf('=', end - 1);
                name.append(text.substring(start, Math.max(start, equals)).strip());
            }
            if (name.isEmpty() || equals < start || equals >= text.length() || text.charAt(equals) != '=') {
                throw new IllegalArgumentException("expected name=value, with commas between such. Received: \""
                        + text.substring(at, end) + "\". Put quotes around a name with a comma");
            }
            if (values.put(name.toString(), text.substring(equals + 1, end).strip()) != null) {
                throw new IllegalArgumentException("each name may be there once. Received twice: " + name);
            }
            at = end + 1;
        }
        return values;
    }

    /**
     * Names with commas between them, in order, such as {@code id,"size, cm"}.
     *
     * @throws IllegalArgumentException if a part has another form, or a name is there twice
     */
    public static List<String> names(String text) {
        Set<String> names = new LinkedHashSet<>();
        int at = 0;
        while (at <= text.length()) {
            int start = skipSpaces(text, at);
            StringBuilder name = new StringBuilder();
            int end;
            if (start < text.length() && text.charAt(start) == '"') {
                int after = skipSpaces(text, quoted(text, start, name));
                end = after == end(text, after) ? after : start;
            } else {
                end = end(text, start);
                name.append(text.substring(start, end).strip());
            }
            if (name.isEmpty() || end == start) {
                throw new IllegalArgumentException("expected names with commas between them. Received: \"" + text
                        + "\". Put quotes around a name with a comma");
            }
            if (!names.add(name.toString())) {
                throw new IllegalArgumentException("each name may be there once. Received twice: " + name);
            }
            at = end + 1;
        }
        return List.copyOf(names);
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

package beras.data.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Values by name in a text, such as the types of columns or the weights of labels: {@code zip=category,"size, cm"=numeric}; or names
 * alone.
 *
 * <p>A name in double quotes may hold anything, with a double quote in it doubled; one without may hold an equals sign but no
 * comma. Spaces around names and values do not count.
 */
public final class NamedValues {

    /** A text in quotes, then all else up to a comma. */
    private static final String EITHER = "\\p{javaWhitespace}*+(?:\"((?:[^\"]++|\"\")++)\"\\p{javaWhitespace}*+|([^\",\\p{javaWhitespace}][^,]*))";
    private static final Pattern NAME = Pattern.compile(EITHER + "(?=,|\\z)");
    private static final Pattern VALUE = Pattern.compile(EITHER + "=([^,]*+)(?=,|\\z)");
    private static final Pattern UNENDED = Pattern.compile("\\p{javaWhitespace}*+\"(?:[^\"]++|\"\")*+");

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

    /** Reads a list between commas: names with values, or names alone with an empty one. */
    private static Map<String, String> read(String text, boolean withValues) {
        Map<String, String> values = new LinkedHashMap<>();
        Matcher part = (withValues ? VALUE : NAME).matcher(text);
        for (int at = 0; at <= text.length(); at = part.end() + 1) {
            part.region(at, text.length());
            if (!part.lookingAt()) {
                String rest = text.substring(at);
                throw new IllegalArgumentException(UNENDED.matcher(rest).matches()
                        ? "expected a second quote after the one that begins a name. Received: " + rest.strip()
                        : (withValues ? "expected name=value, with commas between such. Received: \"" + rest
                        : "expected names with commas between them. Received: \"" + text) + "\". Put quotes around a name with a comma");
            }
            String name = part.group(1) == null ? part.group(2).strip() : part.group(1).replace("\"\"", "\"");
            if (values.put(name, withValues ? part.group(3).strip() : "") != null) {
                throw new IllegalArgumentException("each name may be there once. Received twice: " + name);
            }
        }
        return values;
    }

    private NamedValues() {}
}

package beras.cli.options;

import beras.data.table.NamedValues;
import beras.data.table.TableColumn.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Words for the types of columns, and for tasks. */
public final class TableTypes {

    /** The types that a text gives to columns, such as {@code zip=category,id=ignored}; none to the target, which may be null. */
    public static Map<String, Type> parse(String text, String target) {
        Map<String, Type> types = new LinkedHashMap<>();
        NamedValues.parse(text).forEach((column, type) -> types.put(column, valueOf(Type.class, "a type", type)));
        if (types.containsKey(target)) {
            throw new IllegalArgumentException("the target has a task, not a type. Received a type for: " + target);
        }
        return types;
    }

    /** One of some words; {@code what} they are is for the error. */
    public static <E extends Enum<E>> E valueOf(Class<E> words, String what, String text) {
        for (E word : words.getEnumConstants()) {
            if (word.name().equalsIgnoreCase(text)) {
                return word;
            }
        }
        throw new IllegalArgumentException(what + " is " + Arrays.stream(words.getEnumConstants()).map(TableTypes::word)
                .collect(Collectors.joining(" or ")) + ". Received: " + text);
    }

    /** As it is written on the command line. */
    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private TableTypes() {}
}

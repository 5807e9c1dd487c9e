package beras.data.table;

import beras.data.rows.CsvRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Which spellings of a label or category are one value. Each mode takes for one value all spellings that have one {@link #key}; a value
 * is called by its most frequent spelling.
 */
public enum Spellings {

    /** Each is a value of its own. */
    EXACT,
    /**
     * Those that differ in the case of words or in how many spaces there are, such as {@code Yes}, {@code YES} and {@code yes}. Single
     * letters are no words, nor are codes of capital and small letters and digits, such as {@code aB3}.
     */
    WORDS,
    /** Those that differ in the case of any letter or in how many spaces there are. */
    ALL;

    private static final int LISTED = 3;
    private static final int FEWEST_LETTERS = 2;

    /** What all spellings of a value have in common. */
    String key(String value) {
        if (this == EXACT) {
            return value;
        }
        String spaced = spaced(value);
        return this == ALL || isWord(spaced) ? spaced.toLowerCase(Locale.ROOT) : spaced;
    }

    /** With single spaces, and none around it. */
    private static String spaced(String value) {
        StringBuilder spaced = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean isSpace = Character.isWhitespace(c) || Character.isSpaceChar(c);
            if (!isSpace || spaced.length() > 0 && spaced.charAt(spaced.length() - 1) != ' ') {
                spaced.append(isSpace ? ' ' : c);
            }
        }
        return spaced.toString().stripTrailing();
    }

    /** In small letters, in capital ones, and with a capital one first. */
    static List<String> usual(String value) {
        String small = value.toLowerCase(Locale.ROOT);
        int first = value.isEmpty() ? 0 : small.offsetByCodePoints(0, 1);
        return List.of(small, value.toUpperCase(Locale.ROOT), small.substring(0, first).toUpperCase(Locale.ROOT) + small.substring(first));
    }

    private static boolean isWord(String value) {
        return value.codePoints().filter(Character::isLetter).count() >= FEWEST_LETTERS
                && (value.codePoints().noneMatch(Character::isDigit) || usual(value).contains(value));
    }

    /** The spellings of each value, the most frequent first. */
    List<List<String>> grouped(Collection<String> values, ToLongFunction<String> count) {
        TreeMap<String, List<String>> groups = new TreeMap<>();
        values.forEach(value -> groups.computeIfAbsent(key(value), key -> new ArrayList<>()).add(value));
        // Of equally frequent ones small letters come first, which are behind the others.
        groups.values().forEach(group -> group.sort(Comparator.comparingLong(count).thenComparing(Comparator.naturalOrder()).reversed()));
        return List.copyOf(groups.values());
    }

    /**
     * Which spellings are one value, and which might be, in a sentence; empty if there are none.
     *
     * @param kind of values, such as labels
     */
    String note(String kind, Collection<String> values, ToLongFunction<String> count) {
        if (this == EXACT) {
            return "";
        }
        String merged = listed(grouped(values, count));
        String apart = this == ALL ? "" : listed(ALL.grouped(grouped(values, count).stream().map(group -> group.get(0)).toList(), count));
        return SeenColumn.joined(merged.isEmpty() ? "" : kind + " that are spelt in several ways are one: " + merged + "; " + option(EXACT)
                + " keeps them apart", apart.isEmpty() ? "" : kind + " differ only in case: " + apart + "; " + option(ALL)
                + " takes them for one");
    }

    private static String listed(List<List<String>> groups) {
        List<String> several = groups.stream().filter(group -> group.size() > 1).map(group -> group.stream().map(CsvRows::shown)
                .collect(Collectors.joining(" and "))).toList();
        return several.isEmpty() ? "" : Table.listed(several, LISTED);
    }

    private static String option(Spellings mode) {
        return "--spellings " + mode.name().toLowerCase(Locale.ROOT);
    }

    /** Adds to values what they are found by in this mode, unless that is another value or that of two. */
    <T> void addKeys(Map<String, T> values) {
        if (this == EXACT) {
            return;
        }
        Map<String, List<T>> byKey = new TreeMap<>();
        values.forEach((value, found) -> byKey.computeIfAbsent(key(value), key -> new ArrayList<>()).add(found));
        byKey.forEach((key, found) -> {
            if (found.stream().distinct().count() == 1) {
                values.putIfAbsent(key, found.get(0));
            }
        });
    }
}

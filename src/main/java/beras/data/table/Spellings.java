package beras.data.table;

import beras.config.ProposedSetting;
import beras.data.rows.CsvRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Which spellings of a label or category are one value. Each mode takes for one value all spellings that have one {@link #key}; a value
 * is called by its most frequent spelling.
 */
public enum Spellings {

    /** Each is a separate value. */
    EXACT,
    /**
     * Spellings that differ in the case of words or in the number of spaces are equal, such as {@code Yes}, {@code YES} and
     * {@code yes}. Single letters are no words, nor are codes of capital and small letters and digits, such as {@code aB3}.
     */
    WORDS,
    /** Spellings that differ in the case of any letter or in the number of spaces are equal. */
    ALL;

    private static final int LISTED = 3;
    private static final int FEWEST_LETTERS = 2;
    /** Words for true and false; the first letter of each may stand for it. */
    private static final Set<String> TRUTH = Set.of("true", "false", "yes", "no");

    /** The common key of all spellings of a value. */
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
        return grouped(values, count, this::key);
    }

    /**
     * As {@link #grouped}, but where all labels are words for true and false or their first letters, a letter is a spelling of
     * its word if that is among them.
     */
    List<List<String>> groupedLabels(Collection<String> labels, ToLongFunction<String> count) {
        if (this == EXACT || !areTruths(labels)) {
            return grouped(labels, count);
        }
        Map<String, String> words = labels.stream().map(ALL::key).filter(TRUTH::contains).distinct()
                .collect(Collectors.toMap(Spellings::letter, word -> word));
        // A word comes before its letter however rare it is, so that the label is called by the word.
        return grouped(labels, label -> TRUTH.contains(ALL.key(label)) ? count.applyAsLong(label) : 0,
                label -> words.getOrDefault(ALL.key(label), key(label)));
    }

    private static boolean areTruths(Collection<String> labels) {
        return labels.stream().map(ALL::key).allMatch(label -> TRUTH.contains(label) || TRUTH.stream().map(Spellings::letter)
                .anyMatch(label::equals));
    }

    private static String letter(String word) {
        return word.substring(0, 1);
    }

    /**
     * Adds to labels the small letters that stand for words among them, if all are words for true and false or their first
     * letters.
     */
    static <T> void addTruthKeys(Map<String, T> labels) {
        if (areTruths(labels.keySet())) {
            List.copyOf(labels.keySet()).stream().filter(label -> TRUTH.contains(ALL.key(label)))
                    .forEach(label -> labels.putIfAbsent(letter(ALL.key(label)), labels.get(label)));
        }
    }

    private static List<List<String>> grouped(Collection<String> values, ToLongFunction<String> count,
            UnaryOperator<String> key) {
        TreeMap<String, List<String>> groups = new TreeMap<>();
        values.forEach(value -> groups.computeIfAbsent(key.apply(value), none -> new ArrayList<>()).add(value));
        // Among equally frequent ones, small letters, which sort last, come first.
        groups.values().forEach(group -> group.sort(Comparator.comparingLong(count).thenComparing(Comparator.naturalOrder()).reversed()));
        return List.copyOf(groups.values());
    }

    /**
     * Which spellings are one value, and which might be, in a sentence; empty if there are none.
     *
     * @param kind   of values, such as labels
     * @param groups the spellings of each value
     */
    String note(String kind, List<List<String>> groups, ToLongFunction<String> count) {
        if (this == EXACT) {
            return "";
        }
        String merged = listed(groups);
        String apart = this == ALL ? "" : listed(ALL.grouped(groups.stream().map(group -> group.get(0)).toList(), count));
        return ColumnStatistics.joined(merged.isEmpty() ? "" : kind + " that are spelt in several ways are one: " + merged + "; " + option(EXACT)
                + " keeps them apart", apart.isEmpty() ? "" : kind + " differ only in case: " + apart + "; " + option(ALL)
                + " takes them for one");
    }

    private static String listed(List<List<String>> groups) {
        List<String> several = groups.stream().filter(group -> group.size() > 1).map(group -> group.stream().map(CsvRows::shown)
                .collect(Collectors.joining(" and "))).toList();
        return several.isEmpty() ? "" : Table.listed(several, LISTED);
    }

    private static String option(Spellings mode) {
        return new ProposedSetting("spellings", mode.name().toLowerCase(Locale.ROOT)).toString();
    }

    /** Adds to values their keys, unless a key is another value or belongs to several; returns the ambiguous keys. */
    static <T> Set<String> addKeys(Map<String, T> values, UnaryOperator<String> key) {
        Map<String, List<T>> byKey = new TreeMap<>();
        values.forEach((value, found) -> byKey.computeIfAbsent(key.apply(value), none -> new ArrayList<>()).add(found));
        Set<String> shared = new HashSet<>();
        byKey.forEach((one, found) -> {
            if (found.stream().distinct().count() == 1) {
                values.putIfAbsent(one, found.get(0));
            } else {
                shared.add(one);
            }
        });
        return shared;
    }
}

package beras.data.table;

import beras.data.rows.CsvRows;
import beras.data.table.TableColumn.Type;
import beras.files.Excerpt;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A column whose cells in the training rows were counted, from which a {@link TableColumn} learns.
 *
 * @param place of the column in the table
 * @param rows  how many training rows there are
 * @param bins  how many bins the code of a number has at most
 */
record SeenColumn(Table table, int place, ColumnTally tally, long rows, TableOptions options, int bins) {

    /** In fewer rows nothing looks like an id, or like a value that is none. */
    static final int FEW_ROWS = 20;

    /** What pandas, readr and Spark call a first column without a name. */
    private static final Set<String> UNNAMED = Set.of("Unnamed: 0", "...1", "_c0");

    static final String COUNTS_AS_MISSING =
            " counts as missing: if it is a value, give the marks of missing values with --na only:";

    String name() {
        return table.columns().get(place);
    }

    /** Whether the column has no name: in the file, or in the table from which pandas or Spark wrote it. */
    boolean isUnnamed() {
        return isUnnamed(table, place);
    }

    static boolean isUnnamed(Table table, int place) {
        return table.isNameless(place) || place == 0 && UNNAMED.contains(table.columns().get(0));
    }

    /** The type that somebody gave the column; null: nobody did. */
    Type asked() {
        return options.types().get(name());
    }

    /** The words of a name in lower case: user and id of {@code userId}, {@code user_id} and {@code User ID}. */
    static List<String> words(String name) {
        return List.of(name.replaceFirst("^[^\\p{L}\\p{N}]+", "").split("[^\\p{L}\\p{N}]+|(?<=\\p{Ll})(?=\\p{Lu})")).stream()
                .map(word -> word.toLowerCase(Locale.ROOT)).toList();
    }

    /** The option that gives the column a type. */
    String typed(Type type) {
        return typed(name(), type);
    }

    /** The option that gives a column a type. */
    static String typed(String name, Type type) {
        return "--types " + Excerpt.shell(NamedValues.join(List.of(name)) + '=' + type.name().toLowerCase(Locale.ROOT));
    }

    /** The column, left out. */
    IgnoredColumn ignored(String why) {
        return new IgnoredColumn(name(), tally.missing(), why);
    }

    /** The column, left out as it has one value alone. */
    IgnoredColumn constant() {
        return ignored("all values are " + CsvRows.shown(tally.first()));
    }

    /** That some values are not of a kind. */
    String mistakes(long others, String kind, NumberTally.Place first) {
        return others + " of " + tally.present() + " values " + (others == 1 ? "is no " + kind + " and counts"
                : "are no " + kind + "s and count") + " as missing, such as " + first.shown();
    }

    /** That words count as missing, in a sentence; empty if there are none. */
    String unknown() {
        if (tally.unknown() == 0) {
            return "";
        }
        String word = tally.unknownWords().get(0);
        return CsvRows.shown(word) + (tally.unknownWords().size() > 1 ? " and the like" : "") + " in " + tally.unknown() + " of " + tally.present()
                + " values " + (tally.unknown() == 1 ? "counts" : "count") + " as missing here: " + na(word) + " says so of all columns, "
                + typed(Type.CATEGORY) + " takes values as they are written";
    }

    /** The option that takes a text for a mark of missing values. */
    static String na(String mark) {
        return (mark.startsWith("--") ? "--na=" : "--na ") + Excerpt.shell(mark);
    }

    /** A mark of missing values that may be a value, in a sentence; empty if there is none. */
    static String doubtfulMark(ColumnTally tally) {
        return tally.present() < FEW_ROWS ? "" : tally.doubtfulMark().map(found -> found + COUNTS_AS_MISSING).orElse("");
    }

    static String joined(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? one + other : one + "; " + other;
    }
}

package beras.data.table;

import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.Decimal;
import beras.data.table.TableTarget.Range;
import beras.data.table.TableTarget.Task;
import beras.data.table.values.Quantity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** The values of a target in all rows, and the task that they suggest: labels or numbers. */
final class TargetValues {

    /** A target of more values than this, nearly all numbers, is a number, and the others are mistakes. */
    private static final int MOST_LABELS_AMONG_NUMBERS = 100;

    private final Table table;
    private final int column;
    private final TableOptions options;
    final ColumnStatistics all; // statistics of the cells

    TargetValues(Table table, int column, TableOptions options) throws DataException {
        this.all = new ColumnStatistics(table, column, options);
        this.table = table;
        this.column = column;
        this.options = options;
    }

    /** Takes in the target of the table's current row. */
    void add() {
        all.add();
    }

    /**
     * The task: as requested, or as the values suggest.
     *
     * @throws DataException if they are numbers, but some are not finite
     */
    Task task() throws DataException {
        if (options.task == null && areTexts()) {
            requireNoQuantities();
        } else if (options.task == null) {
            all.requireNumbers("a finite number");
        }
        return likelyTask();
    }

    /** As {@link #task}, where nothing is refused. */
    Task likelyTask() {
        if (options.task != null) {
            return options.task;
        }
        boolean few = all.numbers.isWhole && !all.isUncounted() && labels().size() <= TableOptions.MOST_NUMERIC_LABELS;
        return areTexts() || few ? Task.CLASSIFICATION : Task.REGRESSION;
    }

    private boolean areTexts() {
        boolean numbers = all.isMostly(all.numbers.count)
                && (all.isUncounted() || all.distinct() > MOST_LABELS_AMONG_NUMBERS);
        return all.numbers.hasTexts && !numbers;
    }

    /** Refuses numbers with units, as many as no labels are. */
    private void requireNoQuantities() throws DataException {
        if (all.isUncounted() || all.distinct() <= MOST_LABELS_AMONG_NUMBERS) {
            return;
        }
        long quantities = all.values().stream().filter(value -> !Double.isNaN(labelValue(value)) || isQuantity(value, false)
                || isQuantity(value, true)).mapToLong(all::count).sum();
        if (all.isMostly(quantities)) {
            throw table.columnError(column, "labels, or numbers without units."
                    + " Received: " + all.distinct() + " values, such as " + CsvRows.shown(all.first) + ". Write the numbers alone, or take"
                    + " them for labels with `task classification`");
        }
    }

    private static boolean isQuantity(String value, boolean comma) {
        return Quantity.parse(value, comma).isPresent();
    }

    /**
     * All labels in ascending order, each with its spellings: of numbers (1 and 1.0 are one) the shortest first, of texts the most
     * frequent.
     *
     * @throws DataException if they are too many
     */
    List<List<String>> requireLabels() throws DataException {
        if (all.isUncounted()) {
            throw table.columnError(column, "at most " + ColumnStatistics.MOST_DISTINCT + " different labels, of at most " + ColumnStatistics.MOST_CHARACTERS
                    + " characters together. Received: more, such as "
                    + CsvRows.shown(all.first) + ". Name another target");
        }
        return labels();
    }

    /** How many rows have one of some spellings of a label. */
    long count(List<String> spellings) {
        return spellings.stream().mapToLong(all::count).sum();
    }

    /** All labels, as {@link #requireLabels}; none if they are too many. */
    List<List<String>> likelyLabels() {
        return all.isUncounted() ? List.of() : labels();
    }

    private List<List<String>> labels() {
        List<String> values = new ArrayList<>(all.values());
        if (!values.stream().allMatch(value -> Double.isFinite(labelValue(value)))) {
            List<List<String>> spellings = new ArrayList<>(options.spellings.groupedLabels(values, all::count));
            spellings.sort(Comparator.comparing(group -> group.get(0)));
            return spellings;
        }
        values.sort(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));
        // A double has 16 digits, an id may have more.
        TreeMap<String, List<String>> numbers = new TreeMap<>(Comparator.comparingDouble(TargetValues::labelValue)
                .thenComparing(Comparator.naturalOrder()));
        values.forEach(value -> numbers.computeIfAbsent(Decimal.canonical(value), v -> new ArrayList<>()).add(value));
        return List.copyOf(numbers.values());
    }

    /** {@link Spellings#note} of labels that are texts. */
    String spellingsNote() throws DataException {
        boolean texts = task() == Task.CLASSIFICATION && !all.isUncounted()
                && !all.values().stream().allMatch(value -> Double.isFinite(labelValue(value)));
        return texts ? options.spellings.note("labels", labels(), all::count) : "";
    }

    /** The number that a label is, with -0 as 0; NaN or infinity if it is text. */
    private static double labelValue(String label) {
        return Decimal.parse(label) + 0.0;
    }

    /** Which numbers there are among them. */
    Range range() {
        NumberStatistics numbers = all.numbers;
        return numbers.min < 0 ? Range.ALL : numbers.isWhole ? Range.COUNTS : Range.NOT_NEGATIVE;
    }
}

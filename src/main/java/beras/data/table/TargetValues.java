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
final class TargetValues extends ColumnStatistics {

    /** A target of more values than this, nearly all numbers, is a number, and the others are mistakes. */
    private static final int MOST_LABELS_AMONG_NUMBERS = 100;

    TargetValues(Table table, int column, TableOptions options) throws DataException {
        super(table, column, options);
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
            requireNumbers("a finite number");
        }
        return likelyTask();
    }

    /** As {@link #task}, where nothing is refused. */
    Task likelyTask() {
        if (options.task != null) {
            return options.task;
        }
        boolean few = numbers.isWhole && !isUncounted() && labels().size() <= TableOptions.MOST_NUMERIC_LABELS;
        return areTexts() || few ? Task.CLASSIFICATION : Task.REGRESSION;
    }

    private boolean areTexts() {
        boolean mostlyNumbers = isMostly(numbers.count) && (isUncounted() || distinct() > MOST_LABELS_AMONG_NUMBERS);
        return numbers.hasTexts && !mostlyNumbers;
    }

    /** Refuses numbers with units, as many as no labels are. */
    private void requireNoQuantities() throws DataException {
        if (isUncounted() || distinct() <= MOST_LABELS_AMONG_NUMBERS) {
            return;
        }
        long quantities = values().stream().filter(value -> !Double.isNaN(labelValue(value)) || isQuantity(value, false)
                || isQuantity(value, true)).mapToLong(this::count).sum();
        if (isMostly(quantities)) {
            throw table.columnError(place, "labels, or numbers without units."
                    + " Received: " + distinct() + " values, such as " + CsvRows.shown(first) + ". Write the numbers alone, or take"
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
        if (isUncounted()) {
            throw table.columnError(place, "at most " + MOST_DISTINCT + " different labels, of at most " + MOST_CHARACTERS
                    + " characters together. Received: more, such as "
                    + CsvRows.shown(first) + ". Name another target");
        }
        return labels();
    }

    /** How many rows have one of some spellings of a label. */
    long count(List<String> spellings) {
        return spellings.stream().mapToLong(this::count).sum();
    }

    /** All labels, as {@link #requireLabels}; none if they are too many. */
    List<List<String>> likelyLabels() {
        return isUncounted() ? List.of() : labels();
    }

    private List<List<String>> labels() {
        List<String> values = new ArrayList<>(values());
        if (!values.stream().allMatch(value -> Double.isFinite(labelValue(value)))) {
            List<List<String>> spellings = new ArrayList<>(options.spellings.groupedLabels(values, this::count));
            spellings.sort(Comparator.comparing(group -> group.get(0)));
            return spellings;
        }
        values.sort(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));
        // A double has 16 digits, an id may have more.
        TreeMap<String, List<String>> sorted = new TreeMap<>(Comparator.comparingDouble(TargetValues::labelValue)
                .thenComparing(Comparator.naturalOrder()));
        values.forEach(value -> sorted.computeIfAbsent(Decimal.canonical(value), v -> new ArrayList<>()).add(value));
        return List.copyOf(sorted.values());
    }

    /** {@link Spellings#note} of labels that are texts. */
    String spellingsNote() throws DataException {
        boolean texts = task() == Task.CLASSIFICATION && !isUncounted()
                && !values().stream().allMatch(value -> Double.isFinite(labelValue(value)));
        return texts ? options.spellings.note("labels", labels(), this::count) : "";
    }

    /** The number that a label is, with -0 as 0; NaN or infinity if it is text. */
    private static double labelValue(String label) {
        return Decimal.parse(label) + 0.0;
    }

    /** Which numbers there are among them. */
    Range range() {
        return numbers.min < 0 ? Range.ALL : numbers.isWhole ? Range.COUNTS : Range.NOT_NEGATIVE;
    }
}

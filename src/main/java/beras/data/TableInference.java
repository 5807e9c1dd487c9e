package beras.data;

import beras.data.TableColumn.Type;
import beras.data.TableTarget.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Learns a {@link TableSchema} from a table in one pass. */
final class TableInference {

    /** How many different values are counted over all columns together, unless each column gets few then. */
    private static final int MOST_DISTINCT_TOGETHER = 1_000_000;
    /** A column of which such a share of the values differ looks like an id. */
    private static final double SHARE_OF_IDS = 0.9;
    /** At most so many remarks are listed in an error. */
    private static final int LISTED = 20;
    /** At most such a share of a column of numbers may be something else, which counts as missing. */
    private static final double SHARE_OF_MISTAKES = 0.05;
    /** A target of more values than this, nearly all numbers, is an amount, and the others are mistakes. */
    private static final int MOST_LABELS_AMONG_NUMBERS = 100;
    /** So many values that look like ids may be categories all the same. */
    private static final int MOST_IDS = 100;
    /** Of a category so many values have features however rare they are; others only if they are there twice. */
    private static final int ALWAYS_LISTED = 100;
    /** In fewer rows nothing looks like an id. */
    private static final int FEW_ROWS = 20;

    private static final int NO_TARGET = -1;
    private static final int EXAMPLES = 3;

    private final Table table;
    private final TableOptions options;
    private final int target;
    private final ColumnTally allTargets = new ColumnTally(ColumnTally.MOST_DISTINCT);
    private final ColumnTally targets = new ColumnTally(ColumnTally.MOST_DISTINCT);
    private final ColumnTally[] tallies;
    private long withoutTarget;

    /** @param target null: none */
    private TableInference(Table table, String target, TableOptions options) throws DataException {
        this.table = table;
        this.options = options;
        this.target = target == null ? NO_TARGET : table.column(target, "the target");
        for (String name : options.types().keySet()) {
            if (table.column(name, "whose type is given") == this.target) {
                throw new IllegalArgumentException("The target has a task, not a type. Received a type for: " + name);
            }
        }
        int columns = table.columns().size();
        int distinct = Math.min(ColumnTally.MOST_DISTINCT, Math.max(options.maxCategories(), MOST_DISTINCT_TOGETHER / columns));
        this.tallies = new ColumnTally[columns];
        for (int i = 0; i < columns; i++) {
            tallies[i] = i == this.target ? targets : new ColumnTally(distinct);
        }
    }

    static TableSchema infer(TableFile file, String target, TableOptions options) throws DataException {
        try (Table table = Table.open(file)) {
            TableInference inference = new TableInference(table, target, options);
            TableSchema schema = inference.infer();
            table.remarks().forEach(options.onRemark());
            if (inference.withoutTarget > 0) {
                options.onRemark().accept(leftOut(inference.withoutTarget, target));
            }
            return schema;
        }
    }

    static TableProfile profile(TableFile file, Optional<String> target, TableOptions options) throws DataException {
        try (Table table = Table.open(file)) {
            return new TableInference(table, target.orElse(null), options).profile();
        }
    }

    /** That rows without a target are left out. */
    static String leftOut(long rows, String target) {
        return rows + (rows == 1 ? " row has" : " rows have") + " no value of the target " + CsvRows.shown(target)
                + (rows == 1 ? ", and is left out" : ", and are left out");
    }

    /** Looks at all rows; returns how many there are to train on. */
    private long read() throws DataException {
        long rows = 0;
        while (table.next()) {
            if (target != NO_TARGET) {
                if (Table.isMissing(table.cell(target))) {
                    withoutTarget++;
                    continue;
                }
                allTargets.add(table, target);
            }
            if (options.rows().test(table.row())) {
                rows++;
                for (int i = 0; i < tallies.length; i++) {
                    tallies[i].add(table, i);
                }
            }
        }
        if (rows == 0) {
            throw table.error("expected rows to train on. Received: none of the " + (table.row() + 1) + " that there are"
                    + (withoutTarget > 0 ? ", of which " + withoutTarget + " have no target" : ""));
        }
        return rows;
    }

    private TableProfile profile() throws DataException {
        long rows = read();
        List<TableProfile.Column> columns = new ArrayList<>();
        for (int i = 0; i < tallies.length; i++) {
            columns.add(profile(i, rows));
        }
        List<String> remarks = new ArrayList<>(table.remarks());
        if (withoutTarget > 0) {
            remarks.add(leftOut(withoutTarget, name(target)));
        }
        return new TableProfile(rows, columns, remarks);
    }

    private TableProfile.Column profile(int column, long rows) throws DataException {
        ColumnTally tally = tallies[column];
        TableColumn taken = column == target ? null : column(column, rows);
        boolean numbers = tally.numbers() > 0 && (taken == null ? tally.isNumeric() : taken instanceof TableColumn.Numeric);
        return new TableProfile.Column(name(column), Optional.ofNullable(taken).map(TableColumn::type),
                taken == null ? tally.missing() : taken.missing(),
                tally.isUncounted() ? OptionalLong.empty() : OptionalLong.of(tally.distinct()),
                numbers ? OptionalDouble.of(tally.least()) : OptionalDouble.empty(),
                numbers ? OptionalDouble.of(tally.most()) : OptionalDouble.empty(),
                tally.present() == 0 ? List.of() : tally.examples(EXAMPLES), taken == null ? "" : taken.note());
    }

    private TableSchema infer() throws DataException {
        long rows = read();
        TableTarget learnt = target();
        List<TableColumn> columns = new ArrayList<>();
        for (int i = 0; i < tallies.length; i++) {
            if (i != target) {
                columns.add(column(i, rows));
            }
        }
        TableSchema schema = new TableSchema(learnt, columns, rows);
        if (schema.width() == 0) {
            throw table.error("expected a column to learn from, besides the target. Received: none. "
                    + Table.listed(schema.remarks().stream().map(TableSchema.Remark::text).toList(), LISTED));
        }
        return schema;
    }

    // --------------------------------------------------------------------------------------------------- the target

    private TableTarget target() throws DataException {
        Task task = options.task() == null ? likelyTask() : options.task();
        if (task == Task.REGRESSION) {
            requireNumbers(allTargets, target, "a finite number, as the target of a regression is");
            requireSeveral(targets.deviation() > 0);
            return new TableTarget.Amount(name(target), targets.mean(), targets.deviation(), allTargets.hasDecimalComma());
        }
        if (allTargets.isUncounted()) {
            throw table.error("column " + (target + 1) + " (" + name(target) + "): expected at most "
                    + ColumnTally.MOST_DISTINCT + " different labels. Received: more, such as "
                    + CsvRows.shown(allTargets.first()) + ". Name another target");
        }
        List<String> labels = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        for (List<String> spellings : labels()) {
            labels.add(spellings.get(0));
            counts.add(spellings.stream().mapToLong(targets::count).sum());
        }
        requireSeveral(counts.stream().filter(count -> count > 0).count() > 1);
        return new TableTarget.Labels(name(target), labels, counts);
    }

    private Task likelyTask() throws DataException {
        boolean amounts = isMostlyNumbers(allTargets, allTargets.present())
                && (allTargets.isUncounted() || allTargets.distinct() > MOST_LABELS_AMONG_NUMBERS);
        if (allTargets.hasTexts() && !amounts) {
            return Task.CLASSIFICATION;
        }
        requireNumbers(allTargets, target, "a finite number");
        boolean few = allTargets.isWhole() && !allTargets.isUncounted() && labels().size() <= options.maxNumericLabels();
        return few ? Task.CLASSIFICATION : Task.REGRESSION;
    }

    /** All labels in ascending order, each with its spellings (1 and 1.0 are one number), the shortest first. */
    private List<List<String>> labels() {
        List<String> values = new ArrayList<>(allTargets.values());
        if (!values.stream().allMatch(value -> Double.isFinite(labelValue(value)))) {
            values.sort(null);
            return values.stream().map(List::of).toList();
        }
        values.sort(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));
        TreeMap<Double, List<String>> numbers = new TreeMap<>();
        values.forEach(value -> numbers.computeIfAbsent(labelValue(value), v -> new ArrayList<>()).add(value));
        return List.copyOf(numbers.values());
    }

    /** The number that a label is, with -0 as 0; NaN or infinity if it is text. */
    static double labelValue(String label) {
        return Decimal.parse(label) + 0.0;
    }

    private void requireSeveral(boolean several) throws DataException {
        if (!several) {
            throw table.error("column " + (target + 1) + " (" + name(target)
                    + "): expected a target of different values in the rows to train on. Received: only "
                    + CsvRows.shown(targets.first()));
        }
    }

    private void requireNumbers(ColumnTally tally, int column, String expected) throws DataException {
        ColumnTally.Place wrong = tally.firstOther();
        if (wrong != null) {
            throw table.error(column, wrong.line(), Decimal.expected(wrong.cell(), expected), wrong.cell());
        }
    }

    private String name(int column) {
        return table.columns().get(column);
    }

    // ------------------------------------------------------------------------------------------------- other columns

    private TableColumn column(int column, long rows) throws DataException {
        ColumnTally tally = tallies[column];
        Type type = options.types().get(name(column));
        if (type == Type.IGNORED) {
            return ignored(column, "as asked");
        }
        if (tally.present() == 0) {
            return ignored(column, "all values are missing");
        }
        if (type == null) {
            type = !tally.hasTexts() || isMostlyNumbers(tally, rows) ? Type.NUMERIC : Type.CATEGORY;
        }
        return type == Type.NUMERIC ? numeric(column, rows) : category(column, rows);
    }

    private TableColumn ignored(int column, String why) {
        return new TableColumn.Ignored(name(column), tallies[column].missing(), why);
    }

    private TableColumn numeric(int column, long rows) throws DataException {
        ColumnTally tally = tallies[column];
        if (tally.numbers() == 0) {
            requireNumbers(tally, column, RowEncoder.FINITE_NUMBER);
        }
        long others = tally.present() - tally.numbers();
        long missing = tally.missing() + others;
        if (tally.deviation() == 0 && missing == 0) {
            return ignored(column, "all values are " + CsvRows.shown(tally.first()));
        }
        boolean counts = rows >= FEW_ROWS && tally.present() == rows && tally.isWhole() && tally.isRising();
        if (counts && table.isNameless(column) && !options.types().containsKey(name(column))) {
            return ignored(column, "it has no name and counts the rows");
        }
        String note = counts ? "each value is above the one before, as numbers of rows are: leave it out if it is one" : "";
        if (others > 0) {
            note = others + " of " + tally.present() + " values " + (others == 1 ? "is no number and counts" : "are no numbers and count")
                    + " as missing, such as " + CsvRows.shown(tally.firstOther().cell()) + " in line " + tally.firstOther().line();
        }
        return new TableColumn.Numeric(name(column), missing, note, tally.mean(), tally.deviation(), tally.hasDecimalComma());
    }

    /** Whether so few values are no numbers that they are mistakes. */
    private static boolean isMostlyNumbers(ColumnTally tally, long rows) {
        return rows >= FEW_ROWS && tally.present() - tally.numbers() <= SHARE_OF_MISTAKES * tally.present();
    }

    private TableColumn category(int column, long rows) throws DataException {
        ColumnTally tally = tallies[column];
        boolean asked = options.types().get(name(column)) == Type.CATEGORY;
        String mixed = asked || tally.numbers() == 0 ? "" : tally.numbers() + " of " + tally.present()
                + " values are numbers, but not " + CsvRows.shown(tally.firstOther().cell()) + " in line "
                + tally.firstOther().line();
        if (tally.isUncounted()) {
            if (asked) {
                throw table.error("column " + (column + 1) + " (" + name(column)
                        + "): too many different values for a category,"
                        + " of which at most " + ColumnTally.MOST_DISTINCT + " are counted. Leave it out");
            }
            return ignored(column, joined("there are too many different values, as of ids", mixed));
        }
        if (tally.distinct() == 1 && tally.missing() == 0) {
            return ignored(column, "all values are " + CsvRows.shown(tally.first()));
        }
        boolean likeIds = !asked && rows >= FEW_ROWS && tally.distinct() >= SHARE_OF_IDS * tally.present();
        String ids = likeIds ? tally.distinct() + " of " + tally.present() + " values differ, as those of ids do" : "";
        if (likeIds && tally.distinct() > Math.min(MOST_IDS, options.maxCategories())) {
            return ignored(column, joined(ids, mixed));
        }
        List<String> values = tally.values();
        int listed = Math.min(values.size(), options.maxCategories());
        while (listed > ALWAYS_LISTED && tally.count(values.get(listed - 1)) == 1) {
            listed--;
        }
        List<String> frequent = values.subList(0, listed);
        long others = tally.present() - frequent.stream().mapToLong(tally::count).sum();
        return new TableColumn.Category(name(column), tally.missing(), joined(ids, mixed), frequent.stream().sorted().toList(),
                others);
    }

    private static String joined(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? one + other : one + "; " + other;
    }
}

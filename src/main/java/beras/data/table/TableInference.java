package beras.data.table;

import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableTarget.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Learns a {@link TableSchema} from a table in one pass. */
final class TableInference {

    /** How many different values are counted over all columns together, unless each column gets few then. */
    private static final int MOST_DISTINCT_TOGETHER = 1_000_000;
    /** At most so many remarks are listed in an error. */
    private static final int LISTED = 20;
    /** So few different values are counted of each column, however many columns there are. */
    private static final int LEAST_DISTINCT = 100;

    private static final int NO_TARGET = -1;
    private static final int EXAMPLES = 3;

    private final Table table;
    private final TableOptions options;
    private final int target;
    private final TargetValues allTargets; // null: there is no target
    private final TableTally tally;
    private final long[] multipliers; // of a multilinear hash of rows: odd numbers, by the names of the columns

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
        int distinct = Math.min(ColumnTally.MOST_DISTINCT, Math.max(LEAST_DISTINCT, MOST_DISTINCT_TOGETHER / columns));
        ColumnTally[] tallies = new ColumnTally[columns];
        this.multipliers = new long[columns];
        for (int i = 0; i < columns; i++) {
            multipliers[i] = NumberSample.mixed(table.columns().get(i).hashCode()) | 1;
            tallies[i] = i == this.target ? new ColumnTally()
                    : new ColumnTally(distinct, NumberSample.most(columns), options.types().get(table.columns().get(i)));
        }
        this.tally = new TableTally(tallies);
        this.allTargets = target == null ? null : new TargetValues(table, this.target, options, tally.allTargets);
    }

    /** Looks at the rows of a part of a table, of which there is one at least. */
    static TableTally tally(Table table, String target, TableOptions options) throws DataException {
        TableInference inference = new TableInference(table, target, options);
        inference.read();
        return inference.tally;
    }

    /** Learns from what was seen of the rows already; those of the table are not looked at. */
    static TableSchema infer(Table table, String target, TableOptions options, TableTally seen) throws DataException {
        TableInference inference = new TableInference(table, target, options);
        inference.tally.add(seen);
        return inference.schema();
    }

    static TableSchema infer(TableFile file, String target, TableOptions options) throws DataException {
        try (Table table = Table.open(file)) {
            TableInference inference = new TableInference(table, target, options);
            inference.read();
            TableSchema schema = inference.schema();
            table.remarks().forEach(options.onRemark());
            if (inference.tally.withoutTarget > 0) {
                options.onRemark().accept(inference.leftOut());
            }
            return schema;
        }
    }

    static TableProfile profile(TableFile file, Optional<String> target, TableOptions options) throws DataException {
        try (Table table = Table.open(file)) {
            return new TableInference(table, target.orElse(null), options).profile();
        }
    }

    /** That rows without a target are left out, and that they may have a label that is taken for a mark of missing values. */
    private String leftOut() throws DataException {
        String mark = allTargets.task() == Task.CLASSIFICATION ? SeenColumn.doubtfulMark(tally.allTargets) : "";
        return leftOut(tally.withoutTarget, name(target)) + (mark.isEmpty() ? "" : "; " + mark);
    }

    /** That rows without a target are left out. */
    static String leftOut(long rows, String target) {
        return rows + (rows == 1 ? " row has" : " rows have") + " no value of the target " + CsvRows.shown(target)
                + (rows == 1 ? ", and is left out" : ", and are left out");
    }

    /** Looks at all rows. */
    private void read() throws DataException {
        while (table.next()) {
            tally.seen++;
            if (target != NO_TARGET) {
                if (table.isMissing(table.cell(target))) {
                    tally.withoutTarget++;
                    tally.allTargets.countMark(table.cell(target));
                    continue;
                }
                allTargets.add();
            }
            if (options.rows().test(table.row())) {
                tally.rows++;
                add();
            }
        }
    }

    private void add() {
        long hash = 0; // whatever the order of the columns, as it is a sum
        for (int i = 0; i < tally.columns.length; i++) {
            tally.columns[i].add(table, i);
            if (i != target) {
                hash += multipliers[i] * tally.columns[i].bits(table, i);
            }
        }
        byte level = NumberSample.level(hash);
        for (int i = 0; i < tally.columns.length; i++) {
            if (i != target) {
                tally.columns[i].sample(level);
            }
        }
    }

    /** How many rows there are to train on. */
    private long requireRows() throws DataException {
        if (tally.rows == 0) {
            throw table.error("expected rows to train on. Received: none of the " + tally.seen + " that there are"
                    + (tally.withoutTarget > 0 ? ", of which " + tally.withoutTarget + " have no target" : ""));
        }
        return tally.rows;
    }

    private TableProfile profile() throws DataException {
        read();
        long rows = requireRows();
        int bins = bins(rows);
        List<TableProfile.Column> columns = new ArrayList<>();
        for (int i = 0; i < tally.columns.length; i++) {
            columns.add(profile(i, rows, bins));
        }
        List<String> remarks = new ArrayList<>(table.remarks());
        if (tally.withoutTarget > 0) {
            remarks.add(leftOut());
        }
        return new TableProfile(rows, columns, remarks);
    }

    private TableProfile.Column profile(int column, long rows, int bins) throws DataException {
        ColumnTally seen = tally.columns[column];
        TableColumn taken = column == target ? null : column(column, rows, bins);
        boolean numbers = seen.numbers().count() > 0 && (taken == null ? seen.isNumeric() : taken.isNumeric());
        return new TableProfile.Column(name(column), Optional.ofNullable(taken).map(TableColumn::type),
                taken == null ? seen.missing() : taken.missing(),
                seen.isUncounted() ? OptionalLong.empty() : OptionalLong.of(seen.distinct()),
                numbers ? OptionalDouble.of(seen.numbers().min()) : OptionalDouble.empty(),
                numbers ? OptionalDouble.of(seen.numbers().max()) : OptionalDouble.empty(),
                seen.present() == 0 ? List.of() : seen.examples(EXAMPLES),
                taken == null ? "" : SeenColumn.joined(SeenColumn.joined(taken.contents(seen), becomes(taken)), taken.note()));
    }

    private static String becomes(TableColumn column) {
        return column.becomes().isEmpty() ? "" : "becomes " + column.becomes();
    }

    private TableSchema schema() throws DataException {
        long rows = requireRows();
        TableTarget learnt = target();
        int bins = bins(rows);
        List<TableColumn> columns = new ArrayList<>();
        for (int i = 0; i < tally.columns.length; i++) {
            if (i != target) {
                columns.add(column(i, rows, bins));
            }
        }
        TableSchema schema = new TableSchema(learnt, columns, rows, table.missing());
        if (schema.width() == 0) {
            throw table.error("expected a column to learn from, besides the target. Received: none. "
                    + Table.listed(schema.remarks().stream().map(TableSchema.Remark::text).toList(), LISTED));
        }
        return schema;
    }

    // --------------------------------------------------------------------------------------------------- the target

    private TableTarget target() throws DataException {
        if (allTargets.task() == Task.REGRESSION) {
            allTargets.requireNumbers("a finite number, as the target of a regression is");
            // All are numbers in this way, so those to train on are, too, though these alone may not show which way it is.
            NumberTally numbers = tally.columns[target].numbers(allTargets.hasDecimalComma());
            requireSeveral(numbers.standardDeviation() > 0);
            return new TableTarget.Amount(name(target), numbers.mean(), numbers.standardDeviation(), allTargets.hasDecimalComma());
        }
        List<String> labels = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        for (List<String> spellings : allTargets.requireLabels()) {
            labels.add(spellings.get(0));
            counts.add(spellings.stream().mapToLong(tally.columns[target]::count).sum());
        }
        requireSeveral(counts.stream().filter(count -> count > 0).count() > 1);
        return new TableTarget.Labels(name(target), labels, counts);
    }

    private void requireSeveral(boolean several) throws DataException {
        if (!several) {
            List<String> marks = tally.allTargets.marks();
            throw table.error("column " + (target + 1) + " (" + name(target)
                    + "): expected a target of different values in the rows to train on. Received: only "
                    + CsvRows.shown(tally.columns[target].first())
                    + (marks.isEmpty() ? "" : "; " + String.join(", ", marks) + SeenColumn.COUNTS_AS_MISSING));
        }
    }

    private String name(int column) {
        return table.columns().get(column);
    }

    // ------------------------------------------------------------------------------------------------- other columns

    private TableColumn column(int column, long rows, int bins) throws DataException {
        return Type.learn(new SeenColumn(table, column, tally.columns[column], rows, options, bins));
    }

    /** How many bins the code of a number has. */
    private int bins(long rows) {
        if (options.bins().isPresent()) {
            return options.bins().getAsInt();
        }
        long numbers = 0;
        for (int i = 0; i < tally.columns.length; i++) {
            numbers += i != target && tally.columns[i].numbers().count() > 0 && NumericColumn.areNumbers(tally.columns[i]) ? 1 : 0;
        }
        return NumberCode.bins(rows, numbers);
    }
}

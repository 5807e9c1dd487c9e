package beras.data.table;

import beras.config.SettingException;
import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableTarget.Distribution;
import beras.data.table.TableTarget.Task;
import beras.kernels.SplitMix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private final WeightCells weights; // null: all rows count the same
    private final TableTally tally;
    private final RowHashes hashes; // null: equal rows and columns are not looked for
    private final Leakage leakage; // null: nor are columns that determine the target
    private Map<Integer, Leakage.Finding> found; // null: not asked for yet
    private Map<Integer, Integer> twins;
    private final long[] multipliers; // of a multilinear hash of rows: odd numbers, by the names of the columns

    /** @param target null: none */
    private TableInference(Table table, String target, TableOptions options, boolean comparing) throws DataException {
        this.table = table;
        this.options = options;
        this.target = target == null ? NO_TARGET : table.column(target, "the target");
        for (String name : options.types().keySet()) {
            if (table.column(name, "whose type is given") == this.target) {
                throw new IllegalArgumentException("The target has a task, not a type. Received a type for: " + name);
            }
        }
        this.weights = options.sampleWeight() == null ? null : new WeightCells(table, options.sampleWeight());
        if (weights != null && weights.column() == this.target) {
            throw new SettingException("sampleWeight", "the target cannot be the weight of its own rows. Received: " + target
                    + ". Name another column");
        }
        if (weights != null && options.types().containsKey(options.sampleWeight())) {
            throw new IllegalArgumentException("The weights of the rows are no feature, which has a type. Received a type for: "
                    + options.sampleWeight());
        }
        int columns = table.columns().size();
        int features = columns - (weights == null ? 0 : 1); // so that what is learnt of them does not depend on the weights
        int distinct = Math.min(ColumnTally.MOST_DISTINCT, Math.max(LEAST_DISTINCT, MOST_DISTINCT_TOGETHER / features));
        ColumnTally[] tallies = new ColumnTally[columns];
        this.multipliers = new long[columns];
        for (int i = 0; i < columns; i++) {
            multipliers[i] = SplitMix.mix(table.columns().get(i).hashCode()) | 1;
            tallies[i] = i == this.target || isWeight(i) ? new ColumnTally()
                    : new ColumnTally(distinct, NumberSample.most(features), options.types().get(table.columns().get(i)));
        }
        this.tally = new TableTally(tallies);
        this.hashes = comparing ? new RowHashes(table) : null;
        this.leakage = comparing && target != null ? new Leakage(columns, this.target) : null;
        this.allTargets = target == null ? null : new TargetValues(table, this.target, options, tally.allTargets);
    }

    /** Looks at the rows of a part of a table, of which there is one at least. */
    static TableTally tally(Table table, String target, TableOptions options) throws DataException {
        TableInference inference = new TableInference(table, target, options, false);
        inference.read();
        return inference.tally;
    }

    /** Learns from what was seen of the rows already; those of the table are not looked at. */
    static TableSchema infer(Table table, String target, TableOptions options, TableTally seen) throws DataException {
        TableInference inference = new TableInference(table, target, options, false);
        inference.tally.add(seen);
        return inference.schema();
    }

    static TableSchema infer(TableFile file, String target, TableOptions options) throws DataException {
        try (Table table = Table.open(file)) {
            TableInference inference = new TableInference(table, target, options, true);
            inference.read();
            TableSchema schema = inference.schema();
            table.remarks().forEach(options.onRemark());
            inference.leftOut().forEach(options.onRemark());
            inference.doubts().forEach(options.onRemark());
            inference.spellings().ifPresent(options.onRemark());
            return schema;
        }
    }

    static TableProfile profile(TableFile file, Optional<String> target, TableOptions options) throws DataException {
        try (Table table = Table.open(file)) {
            return new TableInference(table, target.orElse(null), options, true).profile();
        }
    }

    private boolean isWeight(int column) {
        return weights != null && weights.column() == column;
    }

    /** That rows without a target are left out, and that they may have a label that is taken for a mark of missing values; likewise
     * those of weight 0. */
    private List<String> leftOut() throws DataException {
        List<String> remarks = new ArrayList<>();
        if (tally.withoutTarget > 0) {
            String mark = allTargets.task() == Task.CLASSIFICATION ? SeenColumn.doubtfulMark(tally.allTargets) : "";
            remarks.add(leftOut(tally.withoutTarget, name(target)) + (mark.isEmpty() ? "" : "; " + mark));
        }
        if (tally.withoutWeight > 0) {
            remarks.add(ofNoWeight(tally.withoutWeight, options.sampleWeight()));
        }
        return remarks;
    }

    /** That rows of weight 0 are left out. */
    static String ofNoWeight(long rows, String column) {
        return rows + (rows == 1 ? " row has" : " rows have") + " the weight 0 in column " + CsvRows.shown(column)
                + (rows == 1 ? ", and is left out" : ", and are left out");
    }

    /** That labels are spelt in several ways. */
    private Optional<String> spellings() throws DataException {
        String note = allTargets == null ? "" : allTargets.spellingsNote();
        return note.isEmpty() ? Optional.empty() : Optional.of("Target " + CsvRows.shown(name(target)) + ": " + note);
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
                if (weights != null) {
                    if (!weights.counts()) {
                        tally.withoutWeight++;
                        continue;
                    }
                    tally.allWeights.add(table, weights.column());
                }
                allTargets.add();
            }
            boolean trains = options.rows().test(table.row());
            if (hashes != null) {
                hashes.add(trains);
            }
            if (trains) {
                tally.rows++;
                add();
                if (leakage != null) {
                    leakage.add(table);
                }
            }
        }
    }

    private void add() {
        long hash = 0; // whatever the order of the columns, as it is a sum
        for (int i = 0; i < tally.columns.length; i++) {
            tally.columns[i].add(table, i);
            if (i != target && !isWeight(i)) {
                hash += multipliers[i] * tally.columns[i].bits(table, i);
            }
        }
        byte level = NumberSample.level(hash);
        for (int i = 0; i < tally.columns.length; i++) {
            if (i != target && !isWeight(i)) {
                tally.columns[i].sample(level);
            }
        }
    }

    /** How many rows there are to train on. */
    private long requireRows() throws DataException {
        if (tally.rows == 0) {
            throw table.error("expected rows to train on. Received: none of the " + tally.seen + " that there are"
                    + (tally.withoutTarget > 0 ? ", of which " + tally.withoutTarget + " have no target" : "")
                    + (tally.withoutWeight > 0 ? ", of which " + tally.withoutWeight + " have the weight 0 in column "
                            + CsvRows.shown(options.sampleWeight()) : ""));
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
        remarks.addAll(leftOut());
        remarks.addAll(doubts());
        spellings().ifPresent(remarks::add);
        return new TableProfile(rows, columns, remarks);
    }

    private TableProfile.Column profile(int column, long rows, int bins) throws DataException {
        ColumnTally seen = tally.columns[column];
        TableColumn taken = column == target || isWeight(column) ? null : column(column, rows, bins);
        boolean numbers = seen.numbers().count() > 0 && (taken == null ? seen.isNumeric() : taken.isNumeric());
        return new TableProfile.Column(name(column), Optional.ofNullable(taken).map(TableColumn::type),
                taken == null ? seen.missing() : taken.missing(),
                seen.isUncounted() ? OptionalLong.empty() : OptionalLong.of(seen.distinct()),
                numbers ? OptionalDouble.of(seen.numbers().min()) : OptionalDouble.empty(),
                numbers ? OptionalDouble.of(seen.numbers().max()) : OptionalDouble.empty(),
                seen.present() == 0 ? List.of() : seen.examples(EXAMPLES),
                taken == null ? "" : SeenColumn.joined(described(taken, seen), taken.note()));
    }

    private String described(TableColumn column, ColumnTally seen) {
        if (column instanceof CategoryColumn category && category.hasMany() && hasMeans()) {
            return "becomes " + category.becomesWithMeans(options);
        }
        return SeenColumn.joined(column.contents(seen), column.becomes().isEmpty() ? "" : "becomes " + column.becomes());
    }

    /** Whether the target seems to be one of which there are means, see {@link TargetMeans}. */
    private boolean hasMeans() {
        ColumnTally values = tally.allTargets;
        return target != NO_TARGET && (values.isUncounted() || values.distinct() <= TargetMeans.MOST_LABELS
                || options.task() != Task.CLASSIFICATION && values.isNumeric() && values.distinct() > options.maxNumericLabels());
    }

    private TableSchema schema() throws DataException {
        long rows = requireRows();
        TableTarget learnt = target();
        int bins = bins(rows);
        List<TableColumn> columns = new ArrayList<>();
        for (int i = 0; i < tally.columns.length; i++) {
            if (i != target && !isWeight(i)) {
                columns.add(column(i, rows, bins));
            }
        }
        TableSchema schema = new TableSchema(learnt, columns, rows, table.missing(), sampleWeight());
        if (schema.width() == 0) {
            throw table.error("expected a column to learn from, besides the target. Received: none. "
                    + Table.listed(schema.remarks().stream().map(TableSchema.Remark::text).toList(), LISTED));
        }
        return schema;
    }

    // --------------------------------------------------------------------------------------------- rows and columns

    /** What looks wrong in the table as a whole, in sentences. */
    private List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        String few = target == NO_TARGET || allTargets.likelyTask() != Task.CLASSIFICATION ? "" : fewRows();
        if (!few.isEmpty()) {
            doubts.add(few);
        }
        String repeated = hashes.repeated();
        if (!repeated.isEmpty()) {
            doubts.add(repeated);
        }
        return doubts;
    }

    /** That labels are in one row alone, or in none that is held out, in a sentence; empty if there is none such. */
    private String fewRows() {
        boolean holdsOut = tally.seen - tally.withoutTarget > tally.rows;
        List<String> few = new ArrayList<>();
        for (List<String> spellings : allTargets.likelyLabels()) {
            long count = allTargets.count(spellings);
            long trained = tally.columns[target].isUncounted() ? count
                    : spellings.stream().mapToLong(tally.columns[target]::count).sum();
            if (count == 1 || holdsOut && trained == count) {
                few.add(CsvRows.shown(spellings.get(0)) + " (" + count + (count == 1 ? " row)" : " rows)"));
            }
        }
        return few.isEmpty() ? "" : "Of " + CsvRows.shown(name(target)) + (few.size() == 1 ? " this label has" : " these labels have")
                + " too few rows to be both trained on and held out, so no metric says how well " + (few.size() == 1 ? "it is" : "they are")
                + " predicted: " + Table.listed(few, LISTED) + ". Join " + (few.size() == 1 ? "it" : "them")
                + " with another, or remove the rows";
    }

    /** What a column has in common with the target or an earlier column; empty if nothing. */
    private String common(int column) {
        if (hashes == null || tally.rows < SeenColumn.FEW_ROWS) {
            return "";
        }
        if (found == null) { // hashes and leakage have seen all rows
            found = leakage == null ? Map.of() : leakage.found(allTargets.likelyTask());
            twins = hashes.twins(target);
        }
        Leakage.Finding finding = found.get(column);
        if (finding != null) {
            String problem = finding == Leakage.Finding.SAME
                    ? "determines the target by itself, value for value, as if one was made from the other"
                    : "determines the target by itself, without an exception";
            return problem + ": add " + ignored(column) + " if it is not known when predicting";
        }
        return twins.containsKey(column) ? "has the same cells as " + CsvRows.shown(name(twins.get(column))) + ": one of them is enough ("
                + ignored(column) + ')' : "";
    }

    private String ignored(int column) {
        return SeenColumn.typed(name(column), Type.IGNORED);
    }

    // --------------------------------------------------------------------------------------------------- the target

    private TableTarget target() throws DataException {
        if (allTargets.task() == Task.REGRESSION) {
            allTargets.requireNumbers("a finite number, as the target of a regression is");
            // All are numbers in this way, so those to train on are, too, though these alone may not show which way it is.
            NumberTally numbers = tally.columns[target].numbers(allTargets.hasDecimalComma());
            requireSeveral(numbers.standardDeviation() > 0);
            return new TableTarget.Regression(name(target), numbers.mean(), numbers.standardDeviation(),
                    allTargets.hasDecimalComma(),
                    allTargets.range(), options.distribution().orElse(Distribution.NORMAL), numbers.max());
        }
        if (options.distribution().isPresent()) {
            throw new SettingException("distribution", "expected a target that is a number. Received: " + name(target) + ", which has labels. Remove it,"
                    + " or ask for a regression");
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

    private Optional<SampleWeight> sampleWeight() throws DataException {
        if (weights == null) {
            return Optional.empty();
        }
        tally.allWeights.requireNumbers(table, weights.column(), WeightCells.EXPECTED);
        boolean comma = tally.allWeights.hasDecimalComma();
        return Optional.of(new SampleWeight(name(weights.column()), tally.columns[weights.column()].numbers(comma).mean(), comma));
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
        TableColumn learnt = Type.learn(new SeenColumn(table, column, tally.columns[column], rows, options, bins));
        return learnt.type() == Type.IGNORED ? learnt
                : learnt.noted(SeenColumn.joined(tally.columns[column].areMerged() ? "most rows have no value: if one holds for the rows below it,"
                        + " as in merged cells, write it into each of them" : "", common(column)));
    }

    /** How many bins the code of a number has. */
    private int bins(long rows) {
        if (options.bins().isPresent()) {
            return options.bins().getAsInt();
        }
        long numbers = 0;
        for (int i = 0; i < tally.columns.length; i++) {
            numbers += i != target && !isWeight(i) && tally.columns[i].numbers().count() > 0 && NumericColumn.areNumbers(tally.columns[i]) ? 1 : 0;
        }
        return NumberCode.bins(rows, numbers);
    }
}

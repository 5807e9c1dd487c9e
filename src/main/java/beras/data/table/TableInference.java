package beras.data.table;

import static beras.data.table.ColumnStatistics.joined;

import beras.config.SettingException;
import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableTarget.Distribution;
import beras.data.table.TableTarget.Task;
import beras.data.table.values.NumberCode;
import beras.data.table.values.NumberSample;
import beras.kernels.SplitMix;
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

    static final String NO_VALUE = "no value of the target";
    static final String WEIGHT_0 = "the weight 0 in column";

    private static final int NO_TARGET = -1;

    private final Table table;
    private final TableOptions options;
    private final int target;
    private final TargetValues allTargets; // null: there is no target
    private final WeightCells weights; // null: all rows count the same
    private final ColumnStatistics allWeights; // null: likewise
    private final ColumnStatistics[] columns; // that of the target of the rows to train on among them
    private final RowHashes hashes;
    private final Leakage leakage; // null: there is no target
    private List<Integer> copies; // the columns that leak the target; null: not computed yet
    private long seen;
    private long rows; // to train on
    private long withoutTarget;
    private long withoutWeight; // rows of weight 0

    /** Looks at all rows. */
    private TableInference(Table table, Optional<String> target, TableOptions options) throws DataException {
        this.table = table;
        this.options = options;
        this.target = target.isEmpty() ? NO_TARGET : table.column(target.get(), "the target");
        for (String name : options.types.keySet()) {
            if (table.column(name, "whose type is given") == this.target) {
                throw new IllegalArgumentException("The target has a task, not a type. Received a type for: " + name);
            }
        }
        this.weights = options.sampleWeight == null ? null : new WeightCells(table, options.sampleWeight);
        if (weights != null && weights.column == this.target) {
            throw new SettingException("sampleWeight", "the target cannot be the weight of its own rows. Received: "
                    + options.sampleWeight + ". Name another column");
        }
        if (weights != null && options.types.containsKey(options.sampleWeight)) {
            throw new IllegalArgumentException("The weights of the rows are no feature, which has a type. Received a type for: "
                    + options.sampleWeight);
        }
        int count = table.columns().size();
        int features = count - (weights == null ? 0 : 1); // so that statistics do not depend on the weights
        int distinct = Math.min(ColumnStatistics.MOST_DISTINCT, Math.max(LEAST_DISTINCT, MOST_DISTINCT_TOGETHER / features));
        this.columns = new ColumnStatistics[count];
        for (int i = 0; i < count; i++) {
            columns[i] = isFeature(i) ? new ColumnStatistics(table, i, options, distinct, NumberSample.most(features))
                    : new ColumnStatistics(table, i, options);
        }
        this.allWeights = weights == null ? null : new ColumnStatistics(table, weights.column, options);
        this.hashes = new RowHashes(table);
        this.leakage = target.isEmpty() ? null : new Leakage(count, this.target);
        this.allTargets = target.isEmpty() ? null : new TargetValues(table, this.target, options);
        read();
    }

    /** Learns from the rows of an open table. */
    static TableSchema infer(Table table, String target, TableOptions options) throws DataException {
        TableInference inference = new TableInference(table, Optional.of(target), options);
        TableSchema schema = inference.schema();
        inference.remarks().forEach(options.onRemark);
        return schema;
    }

    static TableProfile profile(TableFile file, Optional<String> target, TableOptions options) throws DataException {
        try (Table table = Table.open(file)) {
            return new TableInference(table, target, file.typed(options)).profile();
        }
    }

    private boolean isFeature(int column) {
        return column != target && (weights == null || weights.column != column);
    }

    private String name(int column) {
        return table.columns().get(column);
    }

    // ------------------------------------------------------------------------------------------------------ reading

    private void read() throws DataException {
        long[] multipliers = new long[columns.length]; // of a multilinear hash of rows: odd numbers, by the names of the columns
        for (int i = 0; i < columns.length; i++) {
            multipliers[i] = SplitMix.mix(name(i).hashCode()) | 1;
        }
        while (table.next()) {
            seen++;
            if (target != NO_TARGET) {
                if (table.isMissing(table.cell(target))) {
                    withoutTarget++;
                    allTargets.countMark(table.cell(target));
                    continue;
                }
                if (weights != null) {
                    if (!weights.counts()) {
                        withoutWeight++;
                        continue;
                    }
                    allWeights.add();
                }
                allTargets.add();
            }
            boolean trains = options.rows.test(table.row());
            hashes.add(trains);
            if (trains) {
                rows++;
                add(multipliers);
                if (leakage != null) {
                    leakage.add(table);
                }
            }
        }
    }

    private void add(long[] multipliers) {
        long hash = 0; // whatever the order of the columns, as it is a sum
        for (int i = 0; i < columns.length; i++) {
            columns[i].add();
            hash += isFeature(i) ? multipliers[i] * columns[i].bits() : 0;
        }
        byte level = NumberSample.level(hash);
        for (int i = 0; i < columns.length; i++) {
            if (isFeature(i)) {
                columns[i].sample(level);
            }
        }
    }

    /** Refuses a table without rows to train on. */
    private void requireRows() throws DataException {
        if (rows == 0) {
            throw table.error("expected rows to train on. Received: none of the " + seen + " that there are"
                    + (withoutTarget > 0 ? ", of which " + withoutTarget + " have no target" : "")
                    + (withoutWeight > 0 ? ", of which " + withoutWeight + " have the weight 0 in column "
                            + CsvRows.shown(options.sampleWeight) : ""));
        }
    }

    // ------------------------------------------------------------------------------------------- what comes of it

    private TableProfile profile() throws DataException {
        requireRows();
        int bins = bins();
        List<TableProfile.Column> profiles = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            ColumnStatistics cells = columns[i];
            TableColumn taken = isFeature(i) ? column(i, bins) : null;
            boolean numbers = cells.numbers.count > 0 && (taken == null ? cells.numbers.count == cells.present : taken.isNumeric());
            profiles.add(new TableProfile.Column(name(i), Optional.ofNullable(taken).map(TableColumn::type),
                    taken == null ? cells.missing : taken.missing(),
                    cells.isUncounted() ? OptionalLong.empty() : OptionalLong.of(cells.distinct()),
                    numbers ? OptionalDouble.of(cells.numbers.min) : OptionalDouble.empty(),
                    numbers ? OptionalDouble.of(cells.numbers.max) : OptionalDouble.empty(),
                    cells.examples(),
                    taken == null ? "" : joined(described(taken, cells), taken.note())));
        }
        return new TableProfile(rows, profiles, remarks());
    }

    private String described(TableColumn column, ColumnStatistics cells) {
        if (column instanceof CategoryColumn category && category.hasMany() && hasMeans()) {
            return "becomes " + category.becomesWithMeans(options);
        }
        return joined(column.contents(cells), column.becomes().isEmpty() ? "" : "becomes " + column.becomes());
    }

    /** Whether the target seems to be one of which there are means, see {@link TargetMeans}. */
    private boolean hasMeans() {
        return target != NO_TARGET && (allTargets.likelyTask() == Task.REGRESSION || allTargets.likelyLabels().size() <= TargetMeans.MOST_LABELS);
    }

    private TableSchema schema() throws DataException {
        requireRows();
        TableTarget learnt = target();
        int bins = bins();
        List<TableColumn> features = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            if (isFeature(i)) {
                features.add(column(i, bins));
            }
        }
        TableSchema schema = new TableSchema(learnt, features, rows, table.missing(), sampleWeight());
        if (schema.width() == 0) {
            throw table.error("expected a column to learn from, besides the target. Received: none. "
                    + Table.listed(schema.remarks().stream().map(TableSchema.Remark::text).toList(), LISTED));
        }
        return schema;
    }

    private TableColumn column(int column, int bins) throws DataException {
        ColumnStatistics cells = columns[column];
        boolean isCopy = isCopy(column);
        if (isCopy && options.leavesOutCopies && cells.asked() == null) {
            return cells.ignored("it determines the target by itself, value for value, as if one was made from the other");
        }
        cells.bins = bins;
        TableColumn learnt = Type.learn(cells);
        return learnt.type() == Type.IGNORED ? learnt : learnt.noted(!isCopy ? "" : "determines the target by itself, value for"
                + " value, as if one was made from the other: add " + cells.typed(Type.IGNORED) + " if it is not known when predicting");
    }

    /** How many bins the code of a number has. */
    private int bins() {
        long numbers = 0;
        for (int i = 0; i < columns.length; i++) {
            numbers += isFeature(i) && columns[i].numbers.count > 0 && columns[i].areNumbers() ? 1 : 0;
        }
        return options.bins.orElse(NumberCode.bins(rows, numbers));
    }

    private TableTarget target() throws DataException {
        NumberStatistics numbers = columns[target].numbers;
        if (allTargets.task() == Task.REGRESSION) {
            allTargets.requireNumbers("a finite number, as the target of a regression is");
            requireSeveral(numbers.standardDeviation() > 0);
            return new TableTarget.Regression(name(target), numbers.mean, numbers.standardDeviation(), allTargets.form.comma(),
                    allTargets.range(), options.distribution().orElse(Distribution.NORMAL), numbers.max);
        }
        if (options.distribution().isPresent()) {
            throw new SettingException("distribution", "expected a target that is a number. Received: " + name(target) + ", which has labels. Remove it,"
                    + " or request a regression");
        }
        List<String> labels = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        for (List<String> spellings : allTargets.requireLabels()) {
            labels.add(spellings.get(0));
            counts.add(spellings.stream().mapToLong(columns[target]::count).sum());
        }
        requireSeveral(counts.stream().filter(count -> count > 0).count() > 1);
        return new TableTarget.Labels(name(target), labels, counts);
    }

    private void requireSeveral(boolean several) throws DataException {
        if (!several) {
            List<String> marks = allTargets.marks();
            throw table.columnError(target, "a target of different values in the rows to train on. Received: only "
                    + CsvRows.shown(columns[target].first)
                    + (marks.isEmpty() ? "" : "; " + String.join(", ", marks) + ColumnStatistics.COUNTS_AS_MISSING));
        }
    }

    private Optional<SampleWeight> sampleWeight() throws DataException {
        if (weights == null) {
            return Optional.empty();
        }
        allWeights.requireNumbers(WeightCells.EXPECTED);
        return Optional.of(new SampleWeight(name(weights.column), columns[weights.column].numbers.mean, allWeights.form.comma()));
    }

    // ------------------------------------------------------------------------------------------------------ remarks

    /** Remarks on the form of the file, the rows left out, and the table as a whole, in sentences. */
    private List<String> remarks() throws DataException {
        List<String> remarks = new ArrayList<>(table.remarks());
        if (withoutTarget > 0) {
            String mark = allTargets.task() == Task.CLASSIFICATION ? allTargets.doubtfulMark() : "";
            remarks.add(joined(leftOut(withoutTarget, NO_VALUE, name(target)), mark));
        }
        if (withoutWeight > 0) {
            remarks.add(leftOut(withoutWeight, WEIGHT_0, options.sampleWeight));
        }
        remarks.add(target == NO_TARGET || allTargets.likelyTask() != Task.CLASSIFICATION ? "" : fewRows());
        remarks.add(hashes.repeated());
        String spellings = target == NO_TARGET ? "" : allTargets.spellingsNote();
        remarks.add(spellings.isEmpty() ? "" : "Target " + CsvRows.shown(name(target)) + ": " + spellings);
        remarks.removeIf(String::isEmpty);
        return remarks;
    }

    /** That rows without a target, or of weight 0, are left out. */
    static String leftOut(long rows, String with, String column) {
        return rows + (rows == 1 ? " row has " : " rows have ") + with + ' ' + CsvRows.shown(column)
                + (rows == 1 ? ", and is left out" : ", and are left out");
    }

    /** That labels are in one row alone, or in none that is held out, in a sentence; empty if there is none such. */
    private String fewRows() {
        boolean holdsOut = seen - withoutTarget > rows;
        List<String> few = new ArrayList<>();
        for (List<String> spellings : allTargets.likelyLabels()) {
            long count = allTargets.count(spellings);
            long trained = columns[target].isUncounted() ? count : spellings.stream().mapToLong(columns[target]::count).sum();
            if (count == 1 || holdsOut && trained == count) {
                few.add(CsvRows.shown(spellings.get(0)) + " (" + count + (count == 1 ? " row)" : " rows)"));
            }
        }
        return few.isEmpty() ? "" : (few.size() == 1 ? "This label of " : "These labels of ") + CsvRows.shown(name(target)) + (few.size() == 1 ? " has" : " have")
                + " too few rows to be both trained on and held out, so no metric shows how well " + (few.size() == 1 ? "it is" : "they are")
                + " predicted: " + Table.listed(few, LISTED) + ". Join " + (few.size() == 1 ? "it" : "them")
                + " with another, or remove the rows";
    }

    /** Whether a column is the target in other words. */
    private boolean isCopy(int column) {
        if (copies == null) {
            copies = leakage == null || rows < ColumnStatistics.FEW_ROWS ? List.of() : leakage.found(allTargets.likelyTask());
        }
        return copies.contains(column);
    }
}

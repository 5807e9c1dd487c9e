package beras.data.table;

import beras.config.CheckReturnValue;
import beras.config.SettingException;
import beras.data.DataException;
import beras.data.Splits;
import beras.data.rows.CsvRows;
import beras.data.rows.Decimal;
import beras.data.table.TableParts.Part;
import beras.data.table.TableTarget.Task;
import beras.data.table.values.DateText;
import beras.tensor.Rng;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Selects the held-out rows of a table. The share is exact to the row, as far as groups allow. The same seed gives the same
 * split, whatever the other settings of the training run. Immutable: each method gives a changed copy.
 *
 * <pre>{@code
 * TableParts parts = TableSplit.stratified(0.2).seed(7).parts(TableFile.of(path), "species", new TableOptions());
 * }</pre>
 *
 * <p>Choosing takes a pass over the file, and up to 40 bytes a row; of groups, also the text of each.
 */
public final class TableSplit {

    /** How rows are chosen. */
    private enum Kind {
        /** At random, each label in proportion. */
        STRATIFIED,
        /** At random. */
        RANDOM,
        /** The last by a column of times or numbers. */
        TIME,
        /** Whole groups at random: the rows with one value of a column. */
        GROUP;

        boolean hasColumn() {
            return this == TIME || this == GROUP;
        }
    }

    /** Shares such as a tenth are not exact. */
    private static final double ROUNDING = 1e-9;
    private static final int MOST_ROWS = 1 << 30;
    /** At most so many labels are listed in a remark. */
    private static final int LISTED = 5;

    private final Kind kind;
    private final String column; // of times or groups; empty for the others
    private final double share;
    private final long seed;

    private TableSplit(Kind kind, String column, double share, long seed) {
        if (!(share >= 0 && share < 1)) {
            throw new SettingException("validationSplit", "The share of validation must be at least 0 and below 1. Received: " + share);
        }
        if (column.isEmpty() && kind.hasColumn()) {
            throw new SettingException("split", "A split by time or in groups must name a column, such as time:date. Received: no"
                    + " name");
        }
        this.kind = kind;
        this.column = column;
        this.share = share;
        this.seed = seed;
    }

    /**
     * At random, each label in proportion; of a regression at random.
     *
     * @throws IllegalArgumentException if the share is not from 0 (inclusive: no row) to 1 (exclusive)
     */
    public static TableSplit stratified(double share) {
        return new TableSplit(Kind.STRATIFIED, "", share, 0);
    }

    /**
     * At random.
     *
     * @throws IllegalArgumentException as {@link #stratified}
     */
    public static TableSplit random(double share) {
        return new TableSplit(Kind.RANDOM, "", share, 0);
    }

    /**
     * The last rows by a column of times or numbers, so that a model is judged by rows after all its training rows. Rows of one
     * time stay together.
     *
     * @throws IllegalArgumentException as {@link #stratified}, or if the name is empty
     */
    public static TableSplit byTime(String column, double share) {
        return new TableSplit(Kind.TIME, column, share, 0);
    }

    /**
     * All rows with the same value of a column together, such as one patient or shop: at random, as near to the share as whole
     * groups allow.
     *
     * @throws IllegalArgumentException as {@link #stratified}, or if the name is empty
     */
    public static TableSplit byGroup(String column, double share) {
        return new TableSplit(Kind.GROUP, column, share, 0);
    }

    /**
     * Parses a text: {@code stratified}, {@code random}, {@code time:COLUMN} or {@code group:COLUMN}.
     *
     * @throws IllegalArgumentException if it is none of these, or the share is none
     */
    public static TableSplit parse(String text, double share) {
        int colon = text.indexOf(':');
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(colon < 0 ? text : text.substring(0, colon)) && kind.hasColumn() == colon >= 0) {
                return new TableSplit(kind, text.substring(colon < 0 ? text.length() : colon + 1), share, 0);
            }
        }
        throw new SettingException("split", "A split is stratified, random, time:COLUMN or group:COLUMN. Received: " + text);
    }

    /** The seed of all random choices; default 0. */
    @CheckReturnValue
    public TableSplit seed(long newSeed) {
        return new TableSplit(kind, column, share, newSeed);
    }

    /** The seed of all random choices. */
    public long seed() {
        return seed;
    }

    /** The share of the rows that is held out. */
    public double share() {
        return share;
    }

    /** As {@link #parse} takes it. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + (kind.hasColumn() ? ":" + column : "");
    }

    // --------------------------------------------------------------------------------------------------- choosing

    /**
     * The training and validation rows.
     *
     * @param target  the name of the column to predict; rows without a value there are in no part, and none of weight 0
     * @param options whose task decides whether the target has labels
     * @throws DataException if the file is no table, or a column is missing, if a row has no time or group, or if there are too
     *         few rows for both parts
     */
    public TableParts parts(TableFile file, String target, TableOptions options) throws DataException {
        if (share == 0) {
            return TableParts.allForTraining();
        }
        Rows rows = new Rows(this, file, target, options);
        byte[] parts = new byte[rows.count];
        mark(rows.withTarget, Part.TRAINING, parts);
        int[] held = rows.heldOut(rows.withTarget, seed);
        if (held.length == 0 || held.length == rows.withTarget.length) {
            throw new DataException(file + ": expected rows to train on and validation rows. Received: "
                    + (rows.withTarget.length - held.length) + " and " + held.length + ", of " + rows.withTarget.length
                    + " with a target" + (options.sampleWeight == null ? "" : " and a weight above 0") + ", chosen " + rows.how()
                    + ". Take another share, or another way to choose them");
        }
        mark(held, Part.VALIDATION, parts);
        List<String> absent = rows.absent(held).stream().map(rows::shown).toList();
        if (!absent.isEmpty()) {
            options.onRemark.accept(without("None of the " + held.length, absent));
        }
        rows.deal(parts);
        return new TableParts(parts, rows.how());
    }

    /**
     * As many splits as there are folds, for cross-validation: each row is a test row in one of them. In a split by time it is
     * in at most one, as all training rows come before the test rows. The share of this split is held out for validation from
     * the other rows of a fold.
     *
     * @throws DataException as {@link #parts}, or if there are fewer rows, groups or times than folds
     * @throws IllegalArgumentException if there are fewer than 2 folds
     */
    public List<TableParts> folds(int folds, TableFile file, String target, TableOptions options) throws DataException {
        if (folds < 2) {
            throw new IllegalArgumentException("The number of folds must be at least 2. Received: " + folds);
        }
        Rows rows = new Rows(this, file, target, options);
        int[] all = rows.withTarget;
        int[] fold = rows.folds(folds);
        List<TableParts> splits = new ArrayList<>();
        Map<String, Integer> without = new TreeMap<>(); // how many folds, by label
        for (int k = 0; k < folds; k++) {
            int number = k;
            boolean inTime = kind == Kind.TIME;
            int tested = inTime ? k + 1 : k; // the first block of times has none before it
            int[] test = Arrays.stream(all).filter(row -> fold[row] == tested).toArray();
            int[] rest = Arrays.stream(all).filter(row -> inTime ? fold[row] <= number : fold[row] != number).toArray();
            int[] held = share == 0 ? new int[0] : rows.heldOut(rest, new Rng(seed, "fold", k).bits(0));
            if (test.length == 0 || held.length == rest.length || share > 0 && held.length == 0) {
                throw new DataException(file + ": expected rows to train on, to validate and to test in each of " + folds
                        + " folds. Received: " + (rest.length - held.length) + ", " + held.length + " and " + test.length
                        + " in fold " + (k + 1) + ". Take fewer folds");
            }
            byte[] parts = new byte[rows.count];
            mark(rest, Part.TRAINING, parts);
            mark(held, Part.VALIDATION, parts);
            mark(test, Part.TEST, parts);
            rows.absent(test).forEach(label -> without.merge(label, 1, Integer::sum));
            rows.deal(parts);
            splits.add(new TableParts(parts, rows.how()));
        }
        if (!without.isEmpty()) {
            long fewest = without.keySet().stream().mapToLong(rows.rowsOf::get).min().getAsLong();
            List<String> each = without.entrySet().stream().map(label -> rows.shown(label.getKey()) + " in " + label.getValue()).toList();
            options.onRemark.accept("Some of the " + folds + " folds have no row of a label to test: of " + Table.listed(each, LISTED)
                    + ". They are left out of the means of what is measured by class, such as balanced_accuracy and auc"
                    + (rows.labelled && fewest > 1 ? ". Take at most " + fewest + " folds" : ""));
        }
        return splits;
    }

    /**
     * That there are no validation rows of some labels.
     *
     * @param none of how many rows, as the beginning of a sentence
     */
    public static String without(String none, Collection<String> labels) {
        return none + " validation rows is " + Table.listed(List.copyOf(labels), LISTED)
                + ": what is measured by class on them, such as balanced_accuracy, leaves that out";
    }

    private static void mark(int[] rows, Part part, byte[] parts) {
        for (int row : rows) {
            parts[row] = (byte) part.ordinal();
        }
    }

    /** The properties of each row that a split needs. */
    private static final class Rows {

        private final TableSplit split;
        private final String target;
        private final Ids labels = new Ids();
        private final Ids groups = new Ids();
        private final Times times;
        private final BitSet present = new BitSet(); // rows with a target and a weight above 0
        private int count;
        private final boolean labelled; // whether rows are chosen in proportion to their labels
        private final List<List<String>> spellings; // of each label; none of a regression
        private final Map<String, Long> rowsOf = new TreeMap<>(); // how many rows have each label
        private final int[] withTarget;

        Rows(TableSplit split, TableFile file, String target, TableOptions options) throws DataException {
            this.split = split;
            this.target = target;
            this.times = new Times(options.types.get(split.column));
            try (Table table = Table.open(file)) {
                int targetColumn = table.column(target, "the target");
                int key = split.column.isEmpty() ? targetColumn : table.column(split.column, "by which rows are held out");
                WeightCells weights = options.sampleWeight == null ? null : new WeightCells(table, options.sampleWeight);
                TargetValues values = new TargetValues(table, targetColumn, options);
                boolean mayBeLabels = options.task != Task.REGRESSION;
                for (; table.next(); count++) {
                    if (count == MOST_ROWS) {
                        throw table.error("expected at most " + MOST_ROWS + " rows, for the split keeps numbers of each. Received: more."
                                + " Give validation rows in a file of their own, or none");
                    }
                    String label = table.cell(targetColumn);
                    if (!table.isMissing(label) && (weights == null || weights.counts())) {
                        add(table, key, label, mayBeLabels, values);
                    }
                }
                times.end(table, key);
                boolean areLabels = mayBeLabels && !labels.areTooMany();
                this.labelled = split.kind == Kind.STRATIFIED && areLabels && values.task() == Task.CLASSIFICATION;
                this.spellings = areLabels && values.likelyTask() == Task.CLASSIFICATION ? values.likelyLabels() : List.of();
                spellings.forEach(label -> rowsOf.put(label.get(0), values.count(label)));
            }
            this.withTarget = present.stream().toArray();
        }

        private void add(Table table, int key, String label, boolean mayBeLabel, TargetValues values) throws DataException {
            present.set(count);
            if (mayBeLabel && !labels.areTooMany()) {
                labels.put(count, label);
                values.add();
            }
            if (split.kind == Kind.GROUP) {
                if (table.isMissing(table.cell(key))) {
                    throw table.error(key, "a value, as each row needs that is held out in groups");
                }
                groups.put(count, table.cell(key));
            } else if (split.kind == Kind.TIME) {
                times.put(count, table, key);
            }
        }

        String how() {
            return switch (split.kind) {
                case TIME -> "the last by " + split.column;
                case GROUP -> "in groups by " + split.column;
                default -> labelled ? "at random, each " + target + " in proportion" : "at random";
            };
        }

        /** The labels that none of some rows has. */
        List<String> absent(int[] rows) {
            BitSet there = new BitSet();
            if (!spellings.isEmpty()) {
                Arrays.stream(rows).forEach(row -> there.set(labels.of[row]));
            }
            return spellings.stream().filter(label -> label.stream().map(labels.ids::get).noneMatch(id -> id != null && there.get(id)))
                    .map(label -> label.get(0)).toList();
        }

        /** A label, and how many rows have it. */
        String shown(String label) {
            return CsvRows.shown(label) + " (" + rowsOf.get(label) + (rowsOf.get(label) == 1 ? " row)" : " rows)");
        }

        /** The ids of some rows' labels, or zeros if they count as alike. */
        private int[] labels(int[] rows) {
            return labelled ? Arrays.stream(rows).map(row -> labels.of[row]).toArray() : new int[rows.length];
        }

        /** The held-out ones among some rows, ascending. */
        int[] heldOut(int[] rows, long seed) {
            return switch (split.kind) {
                case TIME -> last(rows);
                case GROUP -> wholeGroups(rows, seed);
                default -> {
                    double share = Math.max(split.share, 1.0 / rows.length); // a row at least
                    yield Arrays.stream(Splits.share(labels(rows), share, seed)).map(index -> rows[index]).toArray();
                }
            };
        }

        /** Puts the rows to train on into as many more folds as there are shares, if they are chosen at random one by one. */
        void deal(byte[] parts) {
            if (split.share == 0 || split.kind.hasColumn()) {
                return;
            }
            int[] training = IntStream.range(0, parts.length).filter(row -> parts[row] == Part.TRAINING.ordinal()).toArray();
            int more = (int) Math.min(TableParts.MOST_FOLDS - 1, Math.ceil((1 - split.share) / split.share - ROUNDING));
            int[] dealt = Splits.deal(labels(training), more, new Rng(split.seed, "folds", 0).bits(0));
            for (int i = 0; i < dealt.length; i++) {
                TableParts.mark(training[i], 1 + dealt[i], parts);
            }
        }

        private int size(int rows) {
            return (int) Math.round(rows * split.share);
        }

        private int[] last(int[] rows) {
            double[] sorted = Arrays.stream(rows).mapToDouble(row -> times.of[row]).sorted().toArray();
            int size = size(rows.length);
            return size == 0 ? new int[0]
                    : Arrays.stream(rows).filter(row -> times.of[row] >= sorted[sorted.length - size]).toArray();
        }

        /** How many of some rows each group has. */
        private int[] sizes(int[] rows) {
            int[] sizes = new int[groups.ids.size()];
            for (int row : rows) {
                sizes[groups.of[row]]++;
            }
            return sizes;
        }

        /**
         * The groups that fit into the share, in random order, and then the one that brings their rows nearer to it, if there
         * is one: a group far larger than the share is taken only where no other would do.
         */
        private int[] wholeGroups(int[] rows, long seed) {
            int[] sizes = sizes(rows);
            boolean[] chosen = new boolean[sizes.length];
            int left = size(rows.length);
            int smallest = -1; // of the other groups
            for (int group : new Rng(seed, "groups", 0).permutation(sizes.length)) {
                if (sizes[group] > 0 && sizes[group] <= left) {
                    chosen[group] = true;
                    left -= sizes[group];
                } else if (sizes[group] > 0 && (smallest < 0 || sizes[group] < sizes[smallest])) {
                    smallest = group;
                }
            }
            boolean none = left == size(rows.length);
            if (smallest >= 0 && (none || sizes[smallest] - left < left)) {
                chosen[smallest] = true;
            }
            return Arrays.stream(rows).filter(row -> chosen[groups.of[row]]).toArray();
        }

        /** The number of each row's fold, by row; of a split by time the number of its block, one more than there are folds. */
        int[] folds(int folds) {
            int[] fold = new int[count];
            switch (split.kind) {
                case TIME -> {
                    double[] sorted = Arrays.stream(withTarget).mapToDouble(row -> times.of[row]).sorted().toArray();
                    Map<Double, Integer> first = new HashMap<>(); // where each time begins
                    for (int i = 0; i < sorted.length; i++) {
                        first.putIfAbsent(sorted[i], i);
                    }
                    for (int row : withTarget) {
                        fold[row] = (int) ((long) first.get(times.of[row]) * (folds + 1) / sorted.length);
                    }
                }
                case GROUP -> {
                    int[] ofGroup = foldsOfGroups(folds);
                    for (int row : withTarget) {
                        fold[row] = ofGroup[groups.of[row]];
                    }
                }
                default -> {
                    int[] dealt = Splits.deal(labels(withTarget), folds, split.seed);
                    for (int i = 0; i < dealt.length; i++) {
                        fold[withTarget[i]] = dealt[i];
                    }
                }
            }
            return fold;
        }

        /** The largest groups first, each to the fold that has the fewest rows. */
        private int[] foldsOfGroups(int folds) {
            int[] sizes = sizes(withTarget);
            int[] ofGroup = new int[sizes.length];
            long[] rows = new long[folds];
            Arrays.stream(new Rng(split.seed, "groups", 0).permutation(sizes.length)).boxed()
                    .sorted(Comparator.comparingInt(group -> -sizes[group])).forEach(group -> {
                        int least = 0;
                        for (int k = 1; k < folds; k++) {
                            least = rows[k] < rows[least] ? k : least;
                        }
                        ofGroup[group] = least;
                        rows[least] += sizes[group];
                    });
            return ofGroup;
        }
    }

    /** The number of each row's label or group. */
    private static final class Ids {

        private final Map<String, Integer> ids = new HashMap<>();
        private int[] of = new int[64];

        void put(int row, String text) {
            of = row < of.length ? of : Arrays.copyOf(of, 2 * row);
            of[row] = ids.computeIfAbsent(text, none -> ids.size());
        }

        /** Whether there are more different values than labels may be. */
        boolean areTooMany() {
            return ids.size() > ColumnStatistics.MOST_DISTINCT;
        }
    }

    /** The time of each row. */
    private static final class Times {

        private double[] of = new double[64]; // in days with the month first, until all are read
        private double[] dayFirst = new double[64];
        private final DateStatistics dates;
        private String firstNumber; // null: none
        private String firstDate;

        /** @param asked the type that somebody gave the column; null: nobody did */
        Times(TableColumn.Type asked) {
            this.dates = new DateStatistics(asked);
        }

        void put(int row, Table table, int column) throws DataException {
            if (row >= of.length) {
                of = Arrays.copyOf(of, 2 * row);
                dayFirst = Arrays.copyOf(dayFirst, 2 * row);
            }
            String cell = table.cell(column);
            double number = Decimal.parse(cell);
            boolean isNumber = Double.isFinite(number);
            of[row] = isNumber ? number : days(cell, true);
            dayFirst[row] = isNumber ? number : days(cell, false);
            if (Double.isNaN(of[row]) && Double.isNaN(dayFirst[row])) {
                throw table.error(column, "a time such as 2024-01-31 or 2024-01-31 12:30, or a number, as each row needs that is"
                        + " held out by time");
            }
            if (isNumber) {
                firstNumber = firstNumber == null ? cell : firstNumber;
            } else {
                firstDate = firstDate == null ? cell : firstDate;
                dates.add(DateText.parse(cell), table, column);
            }
            if (firstNumber != null && firstDate != null) {
                throw table.error(column, isNumber
                        ? "a date like " + CsvRows.shown(firstDate) + " above, with which a number has no order"
                        : "a number like " + CsvRows.shown(firstNumber) + " above, with which a date has no order");
            }
        }

        private static double days(String cell, boolean monthFirst) {
            LocalDateTime when = DateText.read(cell, monthFirst);
            return when == null ? Double.NaN : DateText.days(when);
        }

        /** Decides the order of day and month, now that all dates are read. */
        void end(Table table, int column) throws DataException {
            of = dates.order().monthFirst ? of : dayFirst;
            if (Arrays.stream(of).anyMatch(Double::isNaN)) {
                throw table.columnError(column, "dates of which all begin with the month, or all with the day. Received: both");
            }
        }
    }
}

package beras.data.table;

import beras.config.CheckReturnValue;
import beras.config.SettingException;
import beras.data.DataException;
import beras.data.Splits;
import beras.data.rows.CsvRows;
import beras.data.rows.Decimal;
import beras.data.table.TableParts.Part;
import beras.data.table.TableTarget.Task;
import beras.tensor.Rng;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How rows of a table are held out from those to train on. The share is kept to the row, as far as what belongs together
 * allows. The same seed gives the same split, whatever else is set for a training. Immutable: each method gives a changed copy.
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
        /** Whole groups at random, those of one value of a column. */
        GROUP
    }

    /** Shares such as a tenth are not exact. */
    private static final double ROUNDING = 1e-9;
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
        if (column.isEmpty() && (kind == Kind.TIME || kind == Kind.GROUP)) {
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
     * The last rows by a column of times or numbers, so that a model is judged by what comes after all that it has seen. Rows of
     * one time stay together.
     *
     * @throws IllegalArgumentException as {@link #stratified}, or if the name is empty
     */
    public static TableSplit byTime(String column, double share) {
        return new TableSplit(Kind.TIME, column, share, 0);
    }

    /**
     * All rows of a value of a column together, such as those of one patient or shop: at random, as near to the share as whole
     * groups come.
     *
     * @throws IllegalArgumentException as {@link #stratified}, or if the name is empty
     */
    public static TableSplit byGroup(String column, double share) {
        return new TableSplit(Kind.GROUP, column, share, 0);
    }

    /**
     * What a text says: {@code stratified}, {@code random}, {@code time:COLUMN} or {@code group:COLUMN}.
     *
     * @throws IllegalArgumentException if it says nothing of that, or the share is none
     */
    public static TableSplit parse(String text, double share) {
        if (text.equals("stratified")) {
            return stratified(share);
        } else if (text.equals("random")) {
            return random(share);
        } else if (text.startsWith("time:")) {
            return byTime(text.substring("time:".length()), share);
        } else if (text.startsWith("group:")) {
            return byGroup(text.substring("group:".length()), share);
        }
        throw new SettingException("split", "A split is stratified, random, time:COLUMN or group:COLUMN. Received: " + text);
    }

    /** What decides all that is random; default 0. */
    @CheckReturnValue
    public TableSplit seed(long newSeed) {
        return new TableSplit(kind, column, share, newSeed);
    }

    /** What decides all that is random. */
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
        return switch (kind) {
            case STRATIFIED -> "stratified";
            case RANDOM -> "random";
            case TIME -> "time:" + column;
            case GROUP -> "group:" + column;
        };
    }

    // --------------------------------------------------------------------------------------------------- choosing

    /**
     * Rows to train on and validation rows.
     *
     * @param target  the name of the column to predict; rows without a value there are in no part, and none of weight 0
     * @param options what is set for the task decides whether the target has labels
     * @throws DataException if the file is no table, or a column is missing, if a row has no time or group, or if there are too
     * few rows         for both parts
     */
    public TableParts parts(TableFile file, String target, TableOptions options) throws DataException {
        if (share == 0) {
            return TableParts.allForTraining();
        }
        Rows rows = Rows.read(this, file, target, options);
        byte[] parts = rows.all(Part.TRAINING);
        int[] held = rows.heldOut(rows.withTarget(), seed);
        if (held.length == 0 || held.length == rows.withTarget().length) {
            throw new DataException(file + ": expected rows to train on and validation rows. Received: "
                    + (rows.withTarget().length - held.length) + " and " + held.length + ", of " + rows.withTarget().length
                    + " with a target" + (options.sampleWeight() == null ? "" : " and a weight above 0") + ", chosen " + rows.how() + ". Take another share, or another way to choose them");
        }
        mark(held, Part.VALIDATION, parts);
        List<String> absent = rows.absent(held).stream().map(rows::shown).toList();
        if (!absent.isEmpty()) {
            options.onRemark().accept(without("None of the " + held.length, absent));
        }
        rows.deal(parts);
        return new TableParts(parts, rows.how());
    }

    /**
     * As many splits as there are folds, for cross-validation: each row is to test in one of them, or, of a split by time, in at
     * most one, for all that is trained on comes before. Of the other rows of a fold, the share of this split is to validate.
     *
     * @throws DataException as {@link #parts}, or if there are fewer rows, groups or times than folds
     * @throws IllegalArgumentException if there are fewer than 2 folds
     */
    public List<TableParts> folds(int folds, TableFile file, String target, TableOptions options) throws DataException {
        if (folds < 2) {
            throw new IllegalArgumentException("The number of folds must be at least 2. Received: " + folds);
        }
        Rows rows = Rows.read(this, file, target, options);
        int[] all = rows.withTarget();
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
            byte[] parts = new byte[rows.count()];
            mark(rest, Part.TRAINING, parts);
            mark(held, Part.VALIDATION, parts);
            mark(test, Part.TEST, parts);
            rows.absent(test).forEach(label -> without.merge(label, 1, Integer::sum));
            rows.deal(parts);
            splits.add(new TableParts(parts, rows.how()));
        }
        if (!without.isEmpty()) {
            long fewest = without.keySet().stream().mapToLong(rows.labels::get).min().getAsLong();
            List<String> each = without.entrySet().stream().map(label -> rows.shown(label.getKey()) + " in " + label.getValue()).toList();
            options.onRemark().accept("Some of the " + folds + " folds have no row of a label to test: of " + Table.listed(each, LISTED)
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

    /** What a split must know of each row. */
    private static final class Rows {

        private final TableSplit split;
        private final String target;
        private final boolean labelled; // whether the target has labels, in proportion to which rows are chosen
        private final int[] withTarget;
        private final Keys keys;
        private final Keys targets; // the same if the split is stratified, or none are labels
        private final List<List<String>> spellings; // of each label; none of a regression
        private final Map<String, Long> labels = new TreeMap<>(); // how many rows have each

        private Rows(TableSplit split, String target, boolean labelled, Keys keys, Keys targets, TargetValues values) {
            this.split = split;
            this.target = target;
            this.labelled = labelled;
            this.keys = keys;
            this.targets = targets;
            this.spellings = !targets.areTooMany() && values.likelyTask() == Task.CLASSIFICATION ? values.likelyLabels() : List.of();
            spellings.forEach(label -> labels.put(label.get(0), values.count(label)));
            this.withTarget = keys.present();
        }

        static Rows read(TableSplit split, TableFile file, String target, TableOptions options) throws DataException {
            try (Table table = Table.open(file)) {
                int targetColumn = table.column(target, "the target");
                int keyColumn = split.column.isEmpty() ? targetColumn : table.column(split.column, "by which rows are held out");
                WeightCells weights = options.sampleWeight() == null ? null : new WeightCells(table, options.sampleWeight());
                TargetValues values = new TargetValues(table, targetColumn, options);
                Keys keys = new Keys(split.kind, options.types().get(table.columns().get(keyColumn)));
                boolean areLabels = options.task() != Task.REGRESSION; // or may be
                Keys targets = split.kind == Kind.STRATIFIED || !areLabels ? keys : new Keys(Kind.STRATIFIED, null);
                while (table.next()) {
                    boolean has = !table.isMissing(table.cell(targetColumn)) && (weights == null || weights.counts());
                    keys.add(table, keyColumn, has);
                    if (targets != keys) {
                        targets.add(table, targetColumn, has);
                    }
                    if (has && areLabels && !targets.areTooMany()) {
                        values.add();
                    }
                }
                keys.end(table, keyColumn);
                boolean labelled = split.kind == Kind.STRATIFIED && !keys.areTooMany()
                        && values.task() == Task.CLASSIFICATION;
                return new Rows(split, target, labelled, keys, targets, values);
            }
        }

        int count() {
            return keys.count;
        }

        int[] withTarget() {
            return withTarget;
        }

        byte[] all(Part part) {
            byte[] parts = new byte[keys.count];
            mark(withTarget, part, parts);
            return parts;
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
            if (spellings.isEmpty()) {
                return List.of();
            }
            BitSet there = new BitSet();
            Arrays.stream(rows).forEach(row -> there.set(targets.ids[row]));
            return spellings.stream().filter(label -> label.stream().map(targets.idOf::get).noneMatch(id -> id != null && there.get(id)))
                    .map(label -> label.get(0)).toList();
        }

        /** A label, and how many rows have it. */
        String shown(String label) {
            return CsvRows.shown(label) + " (" + labels.get(label) + (labels.get(label) == 1 ? " row)" : " rows)");
        }

        /** The ids of some rows' labels, or zeros if they count as alike. */
        private int[] labels(int[] rows) {
            return labelled ? Arrays.stream(rows).map(row -> keys.ids[row]).toArray() : new int[rows.length];
        }

        /** Those of some rows that are held out, ascending. */
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
            if (split.share == 0 || split.kind == Kind.TIME || split.kind == Kind.GROUP) {
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
            double[] times = Arrays.stream(rows).mapToDouble(row -> keys.times[row]).sorted().toArray();
            int size = size(rows.length);
            if (size == 0) {
                return new int[0];
            }
            double from = times[times.length - size];
            return Arrays.stream(rows).filter(row -> keys.times[row] >= from).toArray();
        }

        /**
         * The groups that fit into the share, in random order, and then the one that brings their rows nearer to it, if there is
         * one: a group far larger than the share is taken only where no other would do.
         */
        private int[] wholeGroups(int[] rows, long seed) {
            int[] sizes = new int[keys.idOf.size()];
            for (int row : rows) {
                sizes[keys.ids[row]]++;
            }
            boolean[] chosen = new boolean[sizes.length];
            int left = size(rows.length);
            int smallest = -1; // of those not chosen
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
            return Arrays.stream(rows).filter(row -> chosen[keys.ids[row]]).toArray();
        }

        /** The number of each row's fold, by row; of a split by time the number of its block, one more than there are folds. */
        int[] folds(int folds) {
            int[] fold = new int[keys.count];
            switch (split.kind) {
                case TIME -> {
                    double[] times = Arrays.stream(withTarget).mapToDouble(row -> keys.times[row]).sorted().toArray();
                    for (int row : withTarget) {
                        fold[row] = (int) ((long) firstOf(keys.times[row], times) * (folds + 1) / times.length);
                    }
                }
                case GROUP -> {
                    int[] ofGroup = foldsOfGroups(folds);
                    for (int row : withTarget) {
                        fold[row] = ofGroup[keys.ids[row]];
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

        /** The index of the first of the ascending numbers that is not below one of them: of many equal ones in as few steps. */
        private static int firstOf(double number, double[] ascending) {
            int from = 0;
            int to = ascending.length;
            while (from < to) {
                int middle = (from + to) >>> 1;
                if (ascending[middle] < number) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }

        /** The largest groups first, each to the fold that has the fewest rows. */
        private int[] foldsOfGroups(int folds) {
            int[] sizes = new int[keys.idOf.size()];
            for (int row : withTarget) {
                sizes[keys.ids[row]]++;
            }
            List<Integer> groups = new ArrayList<>();
            for (int group : new Rng(split.seed, "groups", 0).permutation(sizes.length)) {
                groups.add(group);
            }
            groups.sort((one, other) -> Integer.compare(sizes[other], sizes[one]));
            int[] ofGroup = new int[sizes.length];
            long[] rows = new long[folds];
            for (int group : groups) {
                int least = 0;
                for (int k = 1; k < folds; k++) {
                    least = rows[k] < rows[least] ? k : least;
                }
                ofGroup[group] = least;
                rows[least] += sizes[group];
            }
            return ofGroup;
        }
    }

    /** A number for each row, those without a target included: its time, or the id of its label or group. */
    private static final class Keys {

        private static final int NO_TARGET = -1;

        private final Kind kind;
        private final Map<String, Integer> idOf = new HashMap<>();
        private int count;
        private int[] ids = new int[64];
        private double[] times; // if the month comes first, until all are known
        private double[] dayFirst;
        private final DateTally dates;
        private String firstNumber; // null: none
        private String firstDate;

        /** @param asked the type that somebody gave the column; null: nobody did */
        Keys(Kind kind, TableColumn.Type asked) {
            this.kind = kind;
            this.dates = new DateTally(asked);
            this.times = new double[kind == Kind.TIME ? ids.length : 0];
            this.dayFirst = times.clone();
        }

        void add(Table table, int column, boolean hasTarget) throws DataException {
            if (count == ids.length) {
                grow(table);
            }
            ids[count] = hasTarget ? 0 : NO_TARGET;
            if (hasTarget) {
                switch (kind) {
                    case TIME -> addTime(table, column);
                    case GROUP -> ids[count] = id(group(table, column));
                    case STRATIFIED -> ids[count] = areTooMany() ? 0 : id(table.cell(column));
                    case RANDOM -> { }
                }
            }
            count++;
        }

        private void grow(Table table) throws DataException {
            int most = Integer.MAX_VALUE - 8;
            if (count == most) {
                throw table.error("expected at most " + most + " rows, for the split keeps numbers of each. Received: more."
                        + " Give validation rows in a file of their own, or none");
            }
            int larger = (int) Math.min(2L * count, most);
            ids = Arrays.copyOf(ids, larger);
            if (kind == Kind.TIME) {
                times = Arrays.copyOf(times, larger);
                dayFirst = Arrays.copyOf(dayFirst, larger);
            }
        }

        private int id(String text) {
            Integer id = idOf.putIfAbsent(text, idOf.size());
            return id == null ? idOf.size() - 1 : id;
        }

        /** Whether there are more different values than labels may be. */
        boolean areTooMany() {
            return idOf.size() > ColumnTally.MOST_DISTINCT;
        }

        private static String group(Table table, int column) throws DataException {
            String cell = table.cell(column);
            if (table.isMissing(cell)) {
                throw table.error(column, "a value, as each row needs that is held out in groups");
            }
            return cell;
        }

        private void addTime(Table table, int column) throws DataException {
            String cell = table.cell(column);
            double number = Decimal.parse(cell);
            times[count] = Double.isFinite(number) ? number : days(cell, true);
            dayFirst[count] = Double.isFinite(number) ? number : days(cell, false);
            if (Double.isNaN(times[count]) && Double.isNaN(dayFirst[count])) {
                throw table.error(column, "a time such as 2024-01-31 or 2024-01-31 12:30, or a number, as each row needs that is"
                        + " held out by time");
            }
            boolean isNumber = Double.isFinite(number);
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

        /** Decides how dates are read, now that all are known. */
        void end(Table table, int column) throws DataException {
            if (kind != Kind.TIME) {
                return;
            }
            times = dates.count() > 0 && !dates.order().isMonthFirst() ? dayFirst : times;
            dayFirst = new double[0];
            for (int row = 0; row < count; row++) {
                if (Double.isNaN(times[row])) {
                    throw table.error("column " + (column + 1) + " (" + table.columns().get(column) + "): expected dates of which"
                            + " all begin with the month, or all with the day. Received: both");
                }
            }
        }

        /** The rows with a target. */
        int[] present() {
            int[] rows = new int[count];
            int next = 0;
            for (int row = 0; row < count; row++) {
                if (ids[row] != NO_TARGET) {
                    rows[next++] = row;
                }
            }
            return Arrays.copyOf(rows, next);
        }
    }
}

package beras.data.table;

import beras.config.CheckReturnValue;
import beras.data.DataException;
import beras.data.table.TableTarget.Distribution;
import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * Target encoding: the mean of the target in the training rows for each value of a category, as features of categories with more
 * than {@value TableOptions#ALWAYS_LISTED} values. Only {@link TableOptions#maxCategories} values, by default
 * {@value TableOptions#CATEGORIES_BESIDE_MEANS}, then have their own features.
 *
 * <p>The mean is shrunk towards that of all rows, {@code n (mean - all) / (n + m)}, where n is the number of rows of the value and m the
 * variance of the target among rows of one value over that between values, both estimated by the method of moments (Micci-Barreca,
 * 2001; the m of empirical Bayes). An unknown value is 0, as the mean of all is. Features are divided by their standard deviation over
 * the rows.
 *
 * <p>The encoding of training rows is out-of-fold, so that no row sees its own target: they are in {@value #FOLDS} folds by a
 * hash of their number, and {@link #encode} writes the means of the other folds. All other rows have the means over all
 * training rows, which {@link #schema} stores.
 */
public final class TargetMeans {

    /** How many folds there are. */
    public static final int FOLDS = 5;
    /** A target of more labels has no means: they would be as many features. */
    public static final int MOST_LABELS = 16;

    /** Sums are of at most so many values and labels together, of all columns; they take 80 MB. */
    private static final long MOST_NUMBERS = 1 << 21;
    /** The largest weight of the overall mean, in rows, however little information values have. */
    private static final double MOST_SHRINKAGE = 1e4;
    private static final Rng FOLD = new Rng(0, "folds of target means", 0);

    private final TableSchema schema;
    private final List<Learnt> columns;

    private TargetMeans(TableSchema schema, List<Learnt> columns) {
        this.schema = schema;
        this.columns = columns;
    }

    /** The same means, of a target of the same numbers. */
    @CheckReturnValue
    public TargetMeans with(TableTarget target) {
        return new TargetMeans(schema.with(target), columns);
    }

    /** The schema, whose categories of many values have means. */
    public TableSchema schema() {
        return schema;
    }

    /**
     * Learns the means, in one more pass over the table if there is a category of many values.
     *
     * @param schema of the table, as {@link TableSchema#infer} learnt it with these options
     * @throws DataException if the table cannot be read as before
     */
    public static TargetMeans learn(TableFile file, TableSchema schema, TableOptions options) throws DataException {
        List<Learnt> learnt = new ArrayList<>();
        int outputs = outputs(schema.target());
        for (int i = 0; i < schema.columns().size(); i++) {
            if (schema.columns().get(i) instanceof CategoryColumn category && category.hasMany() && schema.target().labels().size() <= MOST_LABELS) {
                learnt.add(new Learnt(i, category, outputs));
            }
        }
        if (learnt.isEmpty()) {
            return new TargetMeans(schema, List.of());
        }
        // Every distribution learns from the same numbers, so that results are bit-identical.
        read(file, schema.target() instanceof TableTarget.Regression regression
                ? schema.with(regression.with(Distribution.NORMAL)) : schema,
                options.rows, learnt);
        List<TableColumn> columns = new ArrayList<>(schema.columns());
        learnt.removeIf(column -> column.isFull);
        learnt.forEach(column -> columns.set(column.place, column.learn(options)));
        TableSchema whole = new TableSchema(schema.target(), columns, schema.rows(), schema.missing(), schema.sampleWeight());
        for (Learnt column : learnt) {
            column.first = columns.subList(0, column.place).stream().mapToInt(TableColumn::width).sum();
        }
        return new TargetMeans(whole, learnt);
    }

    /** How many means a value has: of a number, of the second of two labels, or of each label. */
    private static int outputs(TableTarget target) {
        return target.width() == 2 ? 1 : target.width();
    }

    private static void read(TableFile file, TableSchema schema, LongPredicate rows, List<Learnt> learnt) throws DataException {
        boolean isValue = schema.target().labels().isEmpty();
        double[] target = new double[outputs(schema.target())];
        long numbers = 0;
        try (TableReader reader = TableReader.training(file, schema, rows)) {
            int[] places = new int[learnt.size()];
            for (int i = 0; i < places.length; i++) {
                places[i] = reader.column(learnt.get(i).column.name());
            }
            while (reader.nextTarget()) {
                if (isValue) {
                    target[0] = reader.target();
                } else if (target.length == 1) {
                    target[0] = reader.target() == 1 ? 1 : 0;
                } else {
                    Arrays.fill(target, 0);
                    target[(int) reader.target()] = 1;
                }
                int fold = fold(reader.row());
                for (int i = 0; i < places.length; i++) {
                    Learnt column = learnt.get(i);
                    if (!column.isFull && !reader.isMissing(places[i]) && column.add(reader.cell(places[i]), fold, target)) {
                        numbers += target.length;
                        column.isFull = numbers > MOST_NUMBERS;
                    }
                }
            }
        }
    }

    /** Whether a model of this schema has seen the target of the rows that it was learnt from. */
    public static boolean areIn(TableSchema schema) {
        return schema.columns().stream().anyMatch(column -> column instanceof CategoryColumn category && category.hasMeans());
    }

    static int fold(long row) {
        return (int) Long.remainderUnsigned(FOLD.bits(row), FOLDS);
    }

    /** A column with the sums of each value by fold: the number of rows and the sum of each output. */
    private static final class Learnt {

        private final int place;
        private CategoryColumn column; // with the means when they are learnt
        private int first; // the place of the first feature
        private final int outputs;
        private final Map<String, double[]> values = new HashMap<>();
        private final double[] all; // as of a value
        private final double[] squares;
        private boolean isFull; // there is no room for its sums
        private double shrinkage;
        private final double[] scales;

        Learnt(int place, CategoryColumn column, int outputs) {
            this.place = place;
            this.column = column;
            this.outputs = outputs;
            this.all = new double[FOLDS * (1 + outputs)];
            this.squares = new double[outputs];
            this.scales = new double[outputs];
        }

        /** Takes in a row; whether its value is a new one. */
        boolean add(String cell, int fold, double[] target) throws DataException {
            String key = column.key(cell);
            double[] sums = values.get(key);
            boolean isNew = sums == null;
            if (isNew) {
                if (values.size() == ColumnStatistics.MOST_DISTINCT) {
                    throw new DataException("Column " + column.name() + ": expected the table to stay as it is while it is in use."
                            + " Received: more values than before");
                }
                sums = new double[all.length];
                values.put(key, sums);
            }
            int at = fold * (1 + outputs);
            sums[at]++;
            all[at]++;
            for (int i = 0; i < outputs; i++) {
                sums[at + 1 + i] += target[i];
                all[at + 1 + i] += target[i];
                squares[i] += target[i] * target[i];
            }
            return isNew;
        }

        /** A sum of all folds but one; of all if that is none of them. */
        private double without(double[] sums, int fold, int which) {
            double sum = 0;
            for (int i = 0; i < FOLDS; i++) {
                sum += i == fold ? 0 : sums[i * (1 + outputs) + which];
            }
            return sum;
        }

        /** The shrinkage of a mean, in rows of the average target. */
        private double shrinkage(Map<String, double[]> sorted) {
            double rows = without(all, FOLDS, 0);
            double squaresOfRows = 0;
            double within = 0;
            double between = 0;
            for (int i = 0; i < outputs; i++) {
                within += squares[i];
                double mean = without(all, FOLDS, 1 + i) / rows;
                for (double[] sums : sorted.values()) {
                    double n = without(sums, FOLDS, 0);
                    double sum = without(sums, FOLDS, 1 + i);
                    within -= sum * sum / n;
                    between += n * (sum / n - mean) * (sum / n - mean);
                    squaresOfRows += i == 0 ? n * n : 0;
                }
            }
            within = Math.max(0, within) / Math.max(1, rows - sorted.size());
            double variance = (between - (sorted.size() - 1) * within) / Math.max(1, rows - squaresOfRows / rows);
            return variance <= 0 ? MOST_SHRINKAGE : Math.min(MOST_SHRINKAGE, within / variance);
        }

        /** The encoding of a value without a fold: for each output the shrunk distance from the mean of all. */
        private double effect(double[] sums, int fold, int output, double shrinkage) {
            double n = without(sums, fold, 0);
            double rows = without(all, fold, 0);
            double mean = without(all, fold, 1 + output) / rows;
            return n == 0 ? 0 : (without(sums, fold, 1 + output) - n * mean) / (n + shrinkage);
        }

        CategoryColumn learn(TableOptions options) {
            Map<String, double[]> sorted = new TreeMap<>(values);
            shrinkage = shrinkage(sorted);
            for (int i = 0; i < outputs; i++) {
                double squared = 0;
                for (double[] sums : sorted.values()) {
                    double effect = effect(sums, FOLDS, i, shrinkage);
                    squared += without(sums, FOLDS, 0) * effect * effect;
                }
                double deviation = Math.sqrt(squared / without(all, FOLDS, 0));
                scales[i] = deviation > 0 ? deviation : 1;
            }
            Map<String, Long> frequencies = new LinkedHashMap<>();
            sorted.entrySet().stream().sorted(Comparator.comparingDouble(each -> -without(each.getValue(), FOLDS, 0)))
                    .forEach(each -> frequencies.put(each.getKey(), (long) without(each.getValue(), FOLDS, 0)));
            List<String> listed = CategoryColumn.listed(frequencies, options.categoriesBesideMeans());
            List<String> rare = new ArrayList<>(sorted.keySet());
            rare.removeAll(Set.copyOf(listed));
            List<Double> means = new ArrayList<>();
            for (List<String> some : List.of(listed, rare)) {
                for (String value : some) {
                    for (int i = 0; i < outputs; i++) {
                        means.add(Double.parseDouble(Float.toString(mean(sorted.get(value), FOLDS, i)))); // in few digits, for files
                    }
                }
            }
            column = column.withMeans(listed, rare.stream().mapToLong(frequencies::get).sum(), rare, means);
            return column;
        }

        private float mean(double[] sums, int fold, int output) {
            return (float) (effect(sums, fold, output, shrinkage) / scales[output]);
        }

        /** Writes the means without a fold. */
        void encode(String cell, int fold, float[] out, int at) {
            double[] sums = values.get(column.key(cell));
            for (int i = 0; i < outputs; i++) {
                out[at + first + i] = mean(sums, fold, i);
            }
        }
    }

    /** Writes the means of the other folds into the features of the row that a reader read last, which was trained on. */
    public void encode(TableReader reader, float[] out, int at) throws DataException {
        for (Learnt each : columns) {
            int place = reader.column(each.column.name());
            if (!reader.isMissing(place)) {
                each.encode(reader.cell(place), fold(reader.row()), out, at);
            }
        }
    }
}

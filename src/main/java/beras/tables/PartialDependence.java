package beras.tables;

import beras.config.Names;
import beras.data.table.TableColumn;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.models.Model;
import beras.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What a model predicts on average if a column has one value in all rows, and all else stays (Friedman, 2001). It shows in which
 * direction a column acts. Rows may come about that do not exist, such as large and cheap ones, if columns hang together.
 *
 * @param column  the name of the column
 * @param outputs what is predicted: the labels, or the name of the target
 * @param points  by value: numbers in ascending order, the most frequent categories first; empty if no row has a value, and for
 *                dates, whose features do not change one by one
 */
public record PartialDependence(String column, List<String> outputs, List<Point> points) {

    /** At most so many values of a column are tried. */
    public static final int POINTS = 20;

    private static final double LEAST_SHARE = 0.05;
    /** A float holds some seven digits. */
    private static final MathContext DIGITS = new MathContext(6);
    private static final String OTHERS = "(others)";
    private static final String MISSING = "(missing)";
    private static final String THERE = "(any)";

    public PartialDependence {
        outputs = List.copyOf(outputs);
        points = List.copyOf(points);
    }

    /**
     * One value of a column.
     *
     * @param value  as text
     * @param number the value, if it is a number
     * @param means  of each output over the rows: the probability of each label, or the amount in units of the table
     */
    public record Point(String value, OptionalDouble number, List<Double> means) {

        public Point {
            means = List.copyOf(means);
        }
    }

    /** A value of a column, with the features that it becomes. */
    private record Level(String value, OptionalDouble number, float[] features) {}

    /** Whether the values are numbers. */
    public boolean isNumeric() {
        return points.stream().allMatch(point -> point.number().isPresent());
    }

    /**
     * Tries values of a column.
     *
     * @throws IllegalArgumentException if no column with features has this name
     */
    static PartialDependence of(Model model, TableSample sample, String name) {
        TableSchema schema = sample.schema();
        List<String> used = schema.columns().stream().filter(column -> column.width() > 0).map(TableColumn::name).toList();
        int place = sample.firstFeature(name).orElseThrow(() -> new IllegalArgumentException("Expected one of the columns that"
                + " the model uses: " + String.join(", ", used) + ". Received: " + name + Names.didYouMean(name, used)));
        TableColumn column = schema.columns().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        List<Level> levels = levels(column, sample, place);
        Point[] points = new Point[levels.size()];
        TableSample.inParallel(points.length, i -> {
            TableSample.Features features = new TableSample.Features(levels.get(i).features, 0);
            Tensor outputs = sample.outputs(model, place, column.width(), row -> features);
            points[i] = new Point(levels.get(i).value, levels.get(i).number, means(outputs, schema.target()));
        });
        return new PartialDependence(name, schema.target().labels().isEmpty() ? List.of(schema.target().name())
                : schema.target().labels(), Arrays.asList(points));
    }

    private static List<Level> levels(TableColumn column, TableSample sample, int place) {
        if (column instanceof TableColumn.Numeric numeric && numeric.deviation() > 0) {
            return numbers(numeric, sample, place);
        }
        return column instanceof TableColumn.Numeric || column instanceof TableColumn.Category ? categories(column, sample, place)
                : List.of();
    }

    private static List<Double> means(Tensor outputs, TableTarget target) {
        double[] sums = new double[target.width()];
        for (int i = 0; i < outputs.size(); i++) {
            float output = outputs.data()[outputs.offset() + i];
            sums[i % sums.length] += target instanceof TableTarget.Amount amount ? amount.restore(output) : output;
        }
        return Arrays.stream(sums).mapToObj(sum -> sum / outputs.dim(0)).toList();
    }

    /** Numbers from the 5th to the 95th of a hundred: those there are, or a grid if they are many. */
    private static List<Level> numbers(TableColumn.Numeric column, TableSample sample, int place) {
        int missing = place + 1;
        float[] sorted = new float[sample.count()];
        int count = 0;
        for (int row = 0; row < sample.count(); row++) {
            if (column.width() == 1 || sample.input(row, missing) == 0) {
                sorted[count++] = sample.input(row, place);
            }
        }
        sorted = Arrays.copyOf(sorted, count);
        Arrays.sort(sorted);
        if (count == 0) {
            return List.of();
        }
        int cut = (int) (LEAST_SHARE * count);
        boolean mostlyOne = sorted[cut] == sorted[count - 1 - cut];
        float[] inside = mostlyOne ? sorted : Arrays.copyOfRange(sorted, cut, count - cut);
        double[] distinct = IntStream.range(0, inside.length).mapToDouble(i -> inside[i]).distinct().toArray();
        if (distinct.length > POINTS) {
            double least = distinct[0];
            double step = (distinct[distinct.length - 1] - least) / (POINTS - 1);
            distinct = IntStream.range(0, POINTS).mapToDouble(i -> least + i * step).toArray();
        }
        List<Level> levels = new ArrayList<>();
        for (double standardised : distinct) {
            float[] features = new float[column.width()];
            features[0] = (float) standardised;
            BigDecimal value = new BigDecimal(column.mean() + column.deviation() * standardised).round(DIGITS);
            levels.add(new Level(value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString(),
                    OptionalDouble.of(value.doubleValue()), features));
        }
        return levels;
    }

    /** The values of a column of ones and zeros that are most frequent among the rows. */
    private static List<Level> categories(TableColumn column, TableSample sample, int place) {
        List<String> values = new ArrayList<>(column instanceof TableColumn.Category category ? category.values() : List.of());
        if (column instanceof TableColumn.Category category && category.others() > 0) {
            values.add(OTHERS);
        }
        if (column.missing() > 0) {
            values.add(MISSING);
        }
        long[] counts = new long[column.width()];
        for (int row = 0; row < sample.count(); row++) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += sample.input(row, place + i) != 0 ? 1 : 0;
            }
        }
        List<Level> levels = new ArrayList<>();
        if (column instanceof TableColumn.Numeric) { // of one number, so all that counts is whether it is there
            levels.add(new Level(THERE, OptionalDouble.empty(), new float[column.width()]));
        }
        IntStream.range(0, counts.length).boxed().filter(i -> counts[i] > 0).sorted(Comparator.comparingLong(i -> -counts[i]))
                .limit(POINTS).forEach(i -> {
                    float[] features = new float[column.width()];
                    features[i] = 1;
                    levels.add(new Level(values.get(i), OptionalDouble.empty(), features));
                });
        return levels;
    }
}

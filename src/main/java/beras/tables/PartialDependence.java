package beras.tables;

import beras.compute.Compute;
import beras.config.Names;
import beras.data.table.TableColumn;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.models.Model;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Partial dependence: the average prediction of a model if a column has one value in all rows, and all else stays (Friedman,
 * 2001). It shows in which direction a column acts. Rows may come about that do not exist, such as large and cheap ones, if
 * columns hang together.
 *
 * @param column  the name of the column
 * @param outputs the outputs: the labels, or the name of the target
 * @param points  by value: numbers in ascending order, the most frequent categories first; empty if no row has a value, and for
 *                dates, whose features do not change one by one
 */
public record PartialDependence(String column, List<String> outputs, List<Point> points) {

    /** At most so many values of a column are tried. */
    public static final int POINTS = 20;

    public PartialDependence {
        outputs = List.copyOf(outputs);
        points = List.copyOf(points);
    }

    /**
     * One value of a column.
     *
     * @param value  as text
     * @param number the value, if it is a number
     * @param means  of each output over the rows: the probability of each label, or the number in units of the table
     */
    public record Point(String value, OptionalDouble number, List<Double> means) {

        public Point {
            means = List.copyOf(means);
        }
    }

    /** Whether the values are numbers. */
    public boolean isNumeric() {
        return points.stream().allMatch(point -> point.number().isPresent());
    }

    /** Tries values of a column. */
    static PartialDependence of(Model model, TableSample sample, String name) {
        TableSchema schema = sample.schema;
        List<TableSample.Used> used = TableSample.used(schema);
        List<String> names = used.stream().map(each -> each.column().name()).toList();
        TableSample.Used column = used.stream().filter(each -> each.column().name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Expected one of the columns that the model uses: "
                        + String.join(", ", names) + ". Received: " + name + Names.didYouMean(name, names)));
        List<TableColumn.Level> levels = column.column().levels(sample.features(column), POINTS);
        Point[] points = new Point[levels.size()];
        TableSample.inParallel(Compute.threads(), points.length, i -> {
            TableColumn.Level level = levels.get(i);
            float[] features = level.features().toArray();
            Tensor outputs = sample.outputs(model, sample.count, (row, to, at) -> {
                sample.copy(row, to, at);
                System.arraycopy(features, 0, to, at + column.first(), features.length);
            });
            points[i] = new Point(level.value(), level.number(), means(outputs, schema.target()));
        });
        return new PartialDependence(name, schema.target().labels().isEmpty() ? List.of(schema.target().name())
                : schema.target().labels(), Arrays.asList(points));
    }

    private static List<Double> means(Tensor outputs, TableTarget target) {
        double[] sums = new double[target.width()];
        for (int i = 0; i < outputs.size(); i++) {
            float output = outputs.data()[outputs.offset() + i];
            sums[i % sums.length] += target instanceof TableTarget.Regression regression ? regression.predicted(output) : output;
        }
        return Arrays.stream(sums).mapToObj(sum -> sum / outputs.dim(0)).toList();
    }
}

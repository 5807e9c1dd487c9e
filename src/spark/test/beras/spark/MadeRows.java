package beras.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small tables that a small net learns in a few epochs. */
final class MadeRows {

    /** How many rows there are. */
    static final int COUNT = 160;

    /** The first number of a row, from -1 to 1. */
    static double a(int row) {
        return (row * 37 % 101) / 50.0 - 1;
    }

    /** The second number of a row, from -1 to 1. */
    static double b(int row) {
        return (row * 53 % 97) / 48.0 - 1;
    }

    /** The class of a row: 0 or 1, which no single column tells. */
    static int sign(int row) {
        return a(row) + b(row) > 0 ? 1 : 0;
    }

    /** The class of a row: 0 to 3. */
    static int quarter(int row) {
        return (a(row) > 0 ? 2 : 0) + (b(row) > 0 ? 1 : 0);
    }

    /** The columns {@code a} and {@code b}, and others of these types with these values. */
    static Dataset<Row> with(StructType others, IntFunction<Object[]> values) {
        StructType schema = new StructType().add("a", DataTypes.DoubleType).add("b", DataTypes.DoubleType);
        for (var field : others.fields()) {
            schema = schema.add(field);
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            List<Object> row = new ArrayList<>(List.of(a(i), b(i)));
            row.addAll(java.util.Arrays.asList(values.apply(i)));
            rows.add(RowFactory.create(row.toArray()));
        }
        return Cluster.session().createDataFrame(rows, schema).repartition(2);
    }

    /** The columns {@code a}, {@code b} and {@code label}, of doubles. */
    static Dataset<Row> labelled(IntFunction<Double> label) {
        return with(new StructType().add("label", DataTypes.DoubleType), i -> new Object[] {label.apply(i)});
    }

    /** A classifier of one small net, which learns these rows. */
    static BerasClassifier classifier() {
        return new BerasClassifier().setLayers("8:relu").setEnsemble(1).setOptimizer("adam(0.05)").setBatchSize(32).setEpochs(6);
    }

    private MadeRows() {}
}

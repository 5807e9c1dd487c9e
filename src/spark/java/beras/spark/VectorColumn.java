package beras.spark;

import java.io.Serializable;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructType;

/** A column of vectors, or arrays of floats or doubles, all of one size. */
final class VectorColumn implements Serializable {

    private static final long serialVersionUID = 1;
    private static final VectorUDT VECTORS = new VectorUDT();

    private final String name;
    private final int place;
    private final ArrayType array; // null: of vectors
    private final int size;

    /** @param size how many numbers each row must have */
    VectorColumn(StructType schema, String name, int size) {
        this.name = name;
        this.place = schema.fieldIndex(name);
        this.array = schema.fields()[place].dataType() instanceof ArrayType list ? list : null;
        this.size = size;
    }

    /**
     * The numbers of a row, floats as the doubles nearest to them.
     *
     * @throws IllegalArgumentException if there are more or fewer, or none, naming the column
     */
    double[] numbers(InternalRow row) {
        if (row.isNullAt(place)) {
            throw expected("the " + size + " numbers that the model takes", "null");
        }
        if (array == null) {
            return sized(VECTORS.deserialize(row.getStruct(place, VECTORS.sqlType().length())).toArray());
        }
        ArrayData values = row.getArray(place);
        for (int i = 0; array.containsNull() && i < values.numElements(); i++) {
            if (values.isNullAt(i)) {
                throw expected("numbers", "null as number " + i);
            }
        }
        if (!isOfFloats()) {
            return sized(values.toDoubleArray());
        }
        float[] floats = values.toFloatArray();
        double[] numbers = new double[floats.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = floats[i];
        }
        return sized(numbers);
    }

    private double[] sized(double[] numbers) {
        if (numbers.length != size) {
            throw expected("the " + size + " numbers that the model takes", numbers.length + " numbers");
        }
        return numbers;
    }

    /** Whether the numbers are floats, which are written in fewer digits than as doubles. */
    boolean isOfFloats() {
        return array != null && array.elementType() instanceof FloatType;
    }

    private IllegalArgumentException expected(String what, String received) {
        return new IllegalArgumentException("Column " + Columns.quoted(name) + ": expected " + what + ". Received: " + received);
    }
}

package beras.spark;

import beras.files.Excerpt;
import java.util.Arrays;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Checks of stages on the columns of a DataFrame before anything runs. */
final class Columns {

    private static final int SHOWN = 60;
    private static final int LISTED = 50;

    /**
     * A column that must be there.
     *
     * @param purpose the purpose of the column, for the message
     * @throws IllegalArgumentException if there is none of this name
     */
    static StructField required(StructType schema, String name, String purpose) {
        int place = Arrays.asList(schema.fieldNames()).indexOf(name);
        if (place < 0) {
            throw new IllegalArgumentException("Expected a column " + quoted(name) + ", " + purpose + ". Received the columns: "
                    + listed(schema));
        }
        return schema.fields()[place];
    }

    /** Whether a table keeps a name as it is. */
    static boolean isName(String name) {
        return !name.isEmpty() && name.equals(name.strip());
    }

    /**
     * Refuses a column that is there several times, or whose name a table would change.
     *
     * @throws IllegalArgumentException if it is so
     */
    static void requireOne(StructType schema, String name) {
        long count = Arrays.stream(schema.fieldNames()).filter(name::equals).count();
        if (count > 1 || !isName(name)) {
            throw new IllegalArgumentException("A column to learn from must have a name of its own, without spaces around it."
                    + " Received: " + (count > 1 ? count + " columns " : "") + quoted(name) + ". Rename it");
        }
    }

    /**
     * A schema with one more column at its end.
     *
     * @param param the name of the param that names the column
     * @throws IllegalArgumentException if there is a column of this name, in capital or small letters, which Spark takes for one
     */
    static StructType append(StructType schema, String param, StructField added) {
        if (Arrays.stream(schema.fieldNames()).anyMatch(added.name()::equalsIgnoreCase)) {
            throw new IllegalArgumentException("There is a column " + quoted(added.name()) + " already: choose another " + param
                    + ", or drop it. Received the columns: " + listed(schema));
        }
        return schema.add(added);
    }

    /**
     * A column of vectors, or arrays of floats or doubles.
     *
     * @throws IllegalArgumentException if there is none of this name, or it is of another type
     */
    static StructField requireVectors(StructType schema, String name) {
        StructField field = required(schema, name, "of vectors or arrays");
        DataType type = field.dataType();
        boolean array = type instanceof ArrayType list
                && (list.elementType() instanceof DoubleType || list.elementType() instanceof FloatType);
        if (!array && !type.equals(SQLDataTypes.VectorType())) {
            throw unexpected(field, "vectors, or arrays of floats or doubles");
        }
        return field;
    }

    static IllegalArgumentException unexpected(StructField field, String expected) {
        return new IllegalArgumentException("Column " + quoted(field.name()) + ": expected " + expected + ". Received: "
                + field.dataType().simpleString());
    }

    static String quoted(String name) {
        return Excerpt.quoted(name, SHOWN);
    }

    static String listed(StructType schema) {
        String[] names = schema.fieldNames();
        String shown = String.join(", ", Arrays.asList(names).subList(0, Math.min(LISTED, names.length)));
        return names.length <= LISTED ? shown : shown + " and " + (names.length - LISTED) + " more";
    }

    private Columns() {}
}

package beras.spark;

import java.io.Serializable;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Some columns of the rows of a DataFrame as the cells of a table: numbers, text, dates as text, or null. A cell is what Spark
 * would write into a CSV file, and so means the same there and here.
 */
final class Cells implements Serializable {

    private static final long serialVersionUID = 1;
    /** In the place of a column that is not looked at. */
    private static final int NONE = -1;

    /** What the values of a column are. */
    enum Kind {
        /** Whole numbers, decimals and doubles. */
        NUMBER,
        /** Floats, which are written in fewer digits than as doubles. */
        FLOAT,
        /** Texts and booleans, which are cells as they are. */
        TEXT,
        /** Days. */
        DATE,
        /** Moments, which are cells in the time zone of the session. */
        TIMESTAMP,
        /** Times of a clock, without a zone. */
        LOCAL_TIME;

        /** The kind of a column; null if its values have no place in a table, such as arrays. */
        static Kind of(DataType type) {
            if (type instanceof FloatType) {
                return FLOAT;
            } else if (type instanceof NumericType) {
                return NUMBER;
            } else if (type instanceof StringType || type instanceof BooleanType) {
                return TEXT;
            } else if (type instanceof DateType) {
                return DATE;
            } else if (type instanceof TimestampType) {
                return TIMESTAMP;
            }
            return type instanceof TimestampNTZType ? LOCAL_TIME : null;
        }

        boolean isNumber() {
            return this == NUMBER || this == FLOAT;
        }
    }

    private final int[] places;
    private final Kind[] kinds;
    private final ZoneId zone;

    /**
     * @param names of the columns in the order of the cells, which must be there and of types that have a place in a table; null
     *              for one that is not looked at
     * @param zone  the session's
     */
    Cells(StructType schema, List<String> names, String zone) {
        this.places = new int[names.size()];
        this.kinds = new Kind[places.length];
        this.zone = ZoneId.of(zone, ZoneId.SHORT_IDS);
        for (int i = 0; i < places.length; i++) {
            if (names.get(i) == null) {
                places[i] = NONE;
                continue;
            }
            places[i] = schema.fieldIndex(names.get(i));
            StructField field = schema.fields()[places[i]];
            kinds[i] = Kind.of(field.dataType());
        }
    }

    int count() {
        return places.length;
    }

    /** A cell of a value that Spark has; null if it has none. */
    private Object cell(Object value, int cell) {
        if (value == null) {
            return null;
        }
        return switch (kinds[cell]) {
            case NUMBER -> value;
            case FLOAT -> Double.valueOf(value.toString()); // 0.1, not 0.10000000149011612
            case TEXT, DATE, LOCAL_TIME -> value.toString();
            case TIMESTAMP -> LocalDateTime.ofInstant(
                    value instanceof Timestamp moment ? moment.toInstant() : (Instant) value, zone).toString();
        };
    }

    /** A cell as text, without spaces around it, as a file has it; empty if it has no value. */
    String text(Row row, int cell) {
        Object value = places[cell] == NONE ? null : cell(row.get(places[cell]), cell);
        if (value == null) {
            return "";
        }
        return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString().strip();
    }

    /** Writes all cells of a row whose values are these; null where there is none. */
    void read(Object[] values, Object[] into) {
        for (int i = 0; i < places.length; i++) {
            into[i] = places[i] == NONE ? null : cell(values[places[i]], i);
        }
    }
}

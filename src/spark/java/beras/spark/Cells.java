package beras.spark;

import beras.data.table.TableColumn.Input;
import beras.data.table.TablePreprocessor;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Some columns of the rows of a DataFrame as the cells of a table: numbers, text, dates as text, or null. A cell is written as
 * Spark would write it into a CSV file, and so means the same there and here. The first cells may be the numbers of one column
 * of vectors, of which NaN is a missing value.
 */
final class Cells implements Serializable {

    private static final long serialVersionUID = 1;
    /** In the place of a column that is not looked at. */
    private static final int NONE = -1;

    /** The kinds of values in a column. */
    enum Kind {
        // numbers come first
        BYTE, SHORT, INT, LONG, DOUBLE, DECIMAL,
        /** Floats, which are written in fewer digits than as doubles. */
        FLOAT,
        TEXT, BOOLEAN,
        /** Days. */
        DATE,
        /** Moments, which are cells in the time zone of the session. */
        TIMESTAMP,
        /** Times of a clock, without a zone. */
        LOCAL_TIME;

        /** The kind of a column; null if its values have no place in a table, such as arrays. */
        static Kind of(DataType type) {
            if (type instanceof StringType) { // also char and varchar
                return TEXT;
            } else if (type instanceof DecimalType) {
                return DECIMAL;
            }
            return SIMPLE.get(type);
        }

        boolean isNumber() {
            return compareTo(FLOAT) <= 0;
        }

        /** The kind of value that a column of a table is given. */
        Input.Kind ofInput() {
            return isNumber() ? Input.Kind.NUMBER : this == TEXT ? Input.Kind.TEXT : this == BOOLEAN ? Input.Kind.BOOLEAN
                    : Input.Kind.DATE;
        }
    }

    /** The kinds of types that have no parameters. */
    private static final Map<DataType, Kind> SIMPLE = Map.ofEntries(Map.entry(DataTypes.ByteType, Kind.BYTE),
            Map.entry(DataTypes.ShortType, Kind.SHORT), Map.entry(DataTypes.IntegerType, Kind.INT),
            Map.entry(DataTypes.LongType, Kind.LONG), Map.entry(DataTypes.DoubleType, Kind.DOUBLE),
            Map.entry(DataTypes.FloatType, Kind.FLOAT), Map.entry(DataTypes.BooleanType, Kind.BOOLEAN),
            Map.entry(DataTypes.DateType, Kind.DATE), Map.entry(DataTypes.TimestampType, Kind.TIMESTAMP),
            Map.entry(DataTypes.TimestampNTZType, Kind.LOCAL_TIME));

    private final VectorColumn vector; // null: no cell comes from a vector
    private final int leading; // how many cells come from the vector
    private final boolean[] used; // of these
    private final int[] places; // of the columns of the other cells
    private final Kind[] kinds;
    private final DecimalType[] decimals; // null where there are none
    private final ZoneId zone;

    /**
     * @param names the names of the columns in the order of the cells, which must exist with types that fit a table; null for
     *     an unused one
     * @param zone  the session's
     */
    Cells(StructType schema, List<String> names, String zone) {
        this(schema, null, new boolean[0], names, zone);
    }

    /**
     * Cells of which the first are the numbers of a vector.
     *
     * @param used   which of the numbers {@link #encode} looks at
     * @param others the columns of the cells behind them
     */
    static Cells ofVector(StructType schema, String vector, boolean[] used, List<String> others, String zone) {
        return new Cells(schema, new VectorColumn(schema, vector, used.length), used, others, zone);
    }

    private Cells(StructType schema, VectorColumn vector, boolean[] used, List<String> names, String zone) {
        this.vector = vector;
        this.leading = used.length;
        this.used = used;
        this.places = new int[names.size()];
        this.kinds = new Kind[places.length];
        this.decimals = new DecimalType[places.length];
        this.zone = ZoneId.of(zone, ZoneId.SHORT_IDS);
        for (int i = 0; i < places.length; i++) {
            if (names.get(i) == null) {
                places[i] = NONE;
                continue;
            }
            places[i] = schema.fieldIndex(names.get(i));
            DataType type = schema.fields()[places[i]].dataType();
            kinds[i] = Kind.of(type);
            decimals[i] = type instanceof DecimalType decimal ? decimal : null;
        }
    }

    /** The time zone of a session, in which timestamps are cells. */
    static String zone(SparkSession session) {
        return session.conf().get("spark.sql.session.timeZone");
    }

    /** The value of a column; null if it has none. */
    private Object value(InternalRow row, int column) {
        int place = places[column];
        if (place == NONE || row.isNullAt(place)) {
            return null;
        }
        return switch (kinds[column]) {
            case BYTE -> row.getByte(place);
            case SHORT -> row.getShort(place);
            case INT -> row.getInt(place);
            case LONG -> row.getLong(place);
            case DOUBLE -> row.getDouble(place);
            case DECIMAL -> row.getDecimal(place, decimals[column].precision(), decimals[column].scale()).toJavaBigDecimal();
            case FLOAT -> asWritten(row.getFloat(place));
            case TEXT -> row.getUTF8String(place).toString();
            case BOOLEAN -> Boolean.toString(row.getBoolean(place));
            case DATE -> LocalDate.ofEpochDay(row.getInt(place)).toString();
            case TIMESTAMP -> time(row.getLong(place), zone);
            case LOCAL_TIME -> time(row.getLong(place), ZoneOffset.UTC);
        };
    }

    /** 0.1, not 0.10000000149011612. */
    private static Double asWritten(float value) {
        return Double.valueOf(Float.toString(value));
    }

    /** The numbers of the vector, if there is one. */
    private double[] numbers(InternalRow row) {
        double[] numbers = vector == null ? new double[0] : vector.numbers(row);
        for (int i = 0; vector != null && vector.isOfFloats() && i < numbers.length; i++) {
            numbers[i] = asWritten((float) numbers[i]);
        }
        return numbers;
    }

    private static String time(long micros, ZoneId zone) {
        return LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), zone).toString();
    }

    /**
     * The cells of a row as texts, without spaces around them, as a file has them; empty where there is no value.
     *
     * @throws IllegalArgumentException if a vector is missing or of another size
     */
    String[] texts(InternalRow row) {
        String[] texts = new String[leading + places.length];
        double[] numbers = numbers(row);
        for (int i = 0; i < leading; i++) {
            texts[i] = Double.toString(numbers[i]);
        }
        for (int i = 0; i < places.length; i++) {
            Object value = value(row, i);
            texts[leading + i] = value == null ? ""
                    : value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString().strip();
        }
        return texts;
    }

    /**
     * Writes the features of a row. Whole numbers and doubles become no objects.
     *
     * @throws IllegalArgumentException if a vector is missing or of another size
     */
    void encode(InternalRow row, TablePreprocessor table, float[] out, int at) {
        double[] numbers = numbers(row);
        for (int i = 0; i < leading; i++) {
            if (used[i]) {
                table.encode(i, numbers[i], out, at);
            }
        }
        for (int i = 0; i < places.length; i++) {
            int place = places[i];
            int cell = leading + i;
            if (place == NONE) {
                continue;
            }
            if (row.isNullAt(place)) {
                table.encode(cell, null, out, at);
                continue;
            }
            switch (kinds[i]) {
                case BYTE -> table.encode(cell, row.getByte(place), out, at);
                case SHORT -> table.encode(cell, row.getShort(place), out, at);
                case INT -> table.encode(cell, row.getInt(place), out, at);
                case LONG -> table.encode(cell, row.getLong(place), out, at);
                case DOUBLE -> table.encode(cell, row.getDouble(place), out, at);
                default -> table.encode(cell, value(row, i), out, at);
            }
        }
    }
}

package beras.data.parquet;

import java.io.IOException;

/**
 * The type of a column's values.
 *
 * @param physical how they are stored
 * @param width    bytes of a value, if all have the same
 * @param meaning  their meaning
 * @param scale    of {@link Meaning#DECIMAL}, digits after the point
 * @param isUtc    whether a {@link Meaning#TIMESTAMP_MILLIS} and the like is an instant, not local time
 */
public record ColumnType(Physical physical, int width, Meaning meaning, int scale, boolean isUtc) {

    private static final int INT96_BYTES = 12;

    /** In the order of the specification. */
    public enum Physical {
        BOOLEAN(0), INT32(Integer.BYTES), INT64(Long.BYTES), INT96(INT96_BYTES), FLOAT(Float.BYTES), DOUBLE(Double.BYTES),
        BYTES(0), FIXED_BYTES(0);

        final int width;

        Physical(int width) {
            this.width = width;
        }    }

    /** The meaning of a value; {@link #PLAIN} is the stored value itself, and bytes are text if possible. */
    public enum Meaning {
        PLAIN, TEXT, DECIMAL, DATE, TIME_MILLIS, TIME_MICROS, TIME_NANOS, TIMESTAMP_MILLIS, TIMESTAMP_MICROS, TIMESTAMP_NANOS,
        UNSIGNED, UUID, FLOAT16, OTHER;

        /** The same of a finer unit: {@code units} times 1000. */
        Meaning finer(int units) {
            return values()[ordinal() + units];
        }
    }

    /** Fields of the annotation of a type, as they come. */
    static final class Annotation {

        private int converted = -1;
        private Meaning meaning; // null: absent
        private int scale;
        private boolean isUtc = true;

        void converted(int value) {
            converted = value;
        }

        void scale(int value) {
            scale = value;
        }

        /** Reads a union of which each field is a type. */
        boolean logical(Thrift thrift, int unionType) throws IOException {
            return thrift.struct(unionType, (kind, type) -> switch (kind) {
                case 1, 4, 12 -> means(Meaning.TEXT);
                case 5 -> means(Meaning.DECIMAL) || thrift.struct(type, (field, each) -> {
                    scale = field == 1 ? thrift.integer(each) : scale;
                    return field == 1;
                });
                case 6 -> means(Meaning.DATE);
                case 7 -> time(thrift, type, Meaning.TIME_MILLIS);
                case 8 -> time(thrift, type, Meaning.TIMESTAMP_MILLIS);
                case 10 -> thrift.struct(type, (field, each) -> {
                    if (field != 2) {
                        return false;
                    }
                    meaning = thrift.truth(each) ? Meaning.PLAIN : Meaning.UNSIGNED;
                    return true;
                });
                case 14 -> means(Meaning.UUID);
                case 15 -> means(Meaning.FLOAT16);
                case 11 -> false; // all are null
                default -> means(Meaning.OTHER);
            });
        }

        /** @return false, as the value is not read */
        private boolean means(Meaning known) {
            meaning = known;
            return false;
        }

        private boolean time(Thrift thrift, int type, Meaning millis) throws IOException {
            meaning = millis;
            return thrift.struct(type, (field, each) -> {
                if (field == 1) {
                    isUtc = thrift.truth(each);
                    return true;
                }
                return field == 2 && thrift.struct(each, (unit, empty) -> {
                    meaning = millis.finer(Math.max(0, Math.min(unit - 1, 2)));
                    return false;
                });
            });
        }

        /** The meaning, which older files give by a number alone. */
        Meaning meaning() {
            return meaning != null ? meaning : switch (converted) {
                case 0, 4, 19 -> Meaning.TEXT;
                case 5 -> Meaning.DECIMAL;
                case 6 -> Meaning.DATE;
                case 7 -> Meaning.TIME_MILLIS;
                case 8 -> Meaning.TIME_MICROS;
                case 9 -> Meaning.TIMESTAMP_MILLIS;
                case 10 -> Meaning.TIMESTAMP_MICROS;
                case 11, 12, 13, 14 -> Meaning.UNSIGNED;
                case 20, 21 -> Meaning.OTHER;
                default -> Meaning.PLAIN;
            };
        }


        ColumnType of(Physical physical, int length) {
            return new ColumnType(physical, physical == Physical.FIXED_BYTES ? length : physical.width, meaning(), scale, isUtc);
        }
    }
}

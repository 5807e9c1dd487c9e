package beras.data.rows;

import beras.data.parquet.ColumnType;
import beras.data.parquet.ValueText;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.UUID;

/** The text of the values of a column in a Parquet file, as CSV has it. */
final class ParquetText implements ValueText {

    private static final int NANOSECONDS = 1_000_000_000;
    private static final long SECONDS_A_DAY = 86_400;
    /** The day number of 1970-01-01 in INT96. */
    private static final long JULIAN_1970 = 2_440_588;
    private static final int MOST_SCALE = 1000;
    private static final int UUID_BYTES = 16;
    private static final int HALF_BYTES = 2;
    private static final int HALF_SIGN = 0x8000;
    private static final int HALF_EXPONENT = 0x7c00;
    private static final int HALF_FRACTION = 0x3ff;
    private static final int HALF_FRACTION_BITS = 10;
    private static final int HALF_BIAS = 25; // of the exponent, with the bits of the fraction

    private final ColumnType type;

    ParquetText(ColumnType type) {
        this.type = type;
    }

    @Override
    public String of(long stored) throws IOException {
        try {
            return switch (type.meaning()) {
                case DECIMAL -> decimal(BigInteger.valueOf(stored));
                case DATE -> LocalDate.ofEpochDay(stored).toString();
                case TIME_MILLIS, TIMESTAMP_MILLIS -> time(stored, 1_000);
                case TIME_MICROS, TIMESTAMP_MICROS -> time(stored, 1_000_000);
                case TIME_NANOS, TIMESTAMP_NANOS -> time(stored, NANOSECONDS);
                case UNSIGNED -> type.physical() == ColumnType.Physical.INT32 ? Integer.toUnsignedString((int) stored)
                        : Long.toUnsignedString(stored);
                default -> switch (type.physical()) {
                    case BOOLEAN -> stored == 0 ? "false" : "true";
                    case FLOAT -> NumberText.of(Float.intBitsToFloat((int) stored));
                    case DOUBLE -> NumberText.of(Double.longBitsToDouble(stored));
                    default -> Long.toString(stored);
                };
            };
        } catch (DateTimeException e) {
            throw new IOException("expected a date. Received: " + stored + ", beyond all calendars", e);
        }
    }

    private String time(long stored, int unitsASecond) {
        long seconds = Math.floorDiv(stored, unitsASecond);
        int nanoseconds = (int) (Math.floorMod(stored, unitsASecond) * (long) (NANOSECONDS / unitsASecond));
        return switch (type.meaning()) {
            case TIME_MILLIS, TIME_MICROS, TIME_NANOS -> ClockText.of(LocalTime.ofSecondOfDay(seconds).withNano(nanoseconds));
            default -> ClockText.of(LocalDateTime.ofEpochSecond(seconds, nanoseconds, ZoneOffset.UTC)) + (type.isUtc() ? "+00:00" : "");
        };
    }

    private String decimal(BigInteger unscaled) throws IOException {
        if (type.scale() < 0 || type.scale() > MOST_SCALE) {
            throw new IOException("expected decimals with at most " + MOST_SCALE + " digits after the point. Received: "
                    + type.scale());
        }
        return new BigDecimal(unscaled, type.scale()).toPlainString();
    }

    @Override
    public String of(byte[] bytes, int from, int length) throws IOException {
        return switch (type.meaning()) {
            case DECIMAL -> decimal(length == 0 ? BigInteger.ZERO : new BigInteger(bytes, from, length));
            case UUID -> {
                require(length == UUID_BYTES, "a UUID of 16 bytes", length);
                ByteBuffer two = ByteBuffer.wrap(bytes, from, length);
                yield new UUID(two.getLong(), two.getLong()).toString();
            }
            case FLOAT16 -> {
                require(length == HALF_BYTES, "a number of two bytes", length);
                yield NumberText.of(half(bytes[from] & 0xff | (bytes[from + 1] & 0xff) << Byte.SIZE));
            }
            default -> type.physical() == ColumnType.Physical.INT96 ? int96(bytes, from) : text(bytes, from, length);
        };
    }

    private static void require(boolean holds, String expected, int length) throws IOException {
        if (!holds) {
            throw new IOException("expected " + expected + ". Received: " + length + " bytes");
        }
    }

    private static float half(int bits) {
        int exponent = (bits & HALF_EXPONENT) >> HALF_FRACTION_BITS;
        int fraction = bits & HALF_FRACTION;
        float size = exponent == HALF_EXPONENT >> HALF_FRACTION_BITS ? fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN
                : Math.scalb(exponent == 0 ? 2f * fraction : fraction + HALF_FRACTION + 1, exponent - HALF_BIAS);
        return (bits & HALF_SIGN) == 0 ? size : -size;
    }

    /** A timestamp of older programs: nanoseconds of the day, and the day. */
    private static String int96(byte[] bytes, int from) throws IOException {
        ByteBuffer parts = ByteBuffer.wrap(bytes, from, Long.BYTES + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long nanoseconds = parts.getLong();
        long day = parts.getInt() - JULIAN_1970;
        if (nanoseconds < 0 || nanoseconds >= SECONDS_A_DAY * NANOSECONDS) {
            throw new IOException("expected a time of a day. Received: " + nanoseconds + " nanoseconds");
        }
        return ClockText.of(LocalDateTime.of(LocalDate.ofEpochDay(day), LocalTime.ofNanoOfDay(nanoseconds)));
    }

    private static String text(byte[] bytes, int from, int length) throws IOException {
        boolean isAscii = true;
        for (int i = from; i < from + length && isAscii; i++) {
            isAscii = bytes[i] >= 0;
        }
        if (isAscii) {
            return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length)).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("expected text in UTF-8. Received: bytes that are none, "
                    + Arrays.toString(Arrays.copyOfRange(bytes, from, from + Math.min(length, UUID_BYTES))), e);
        }
    }
}

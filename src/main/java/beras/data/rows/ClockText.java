package beras.data.rows;

import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** The text of a time that is stored in binary, as databases write it: {@code 2024-01-31 12:30:00}, or with decimals. */
final class ClockText {

    private static final int NANOSECONDS = 9;
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder().appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, NANOSECONDS, true).toFormatter(Locale.ROOT);

    static String of(LocalTime time) {
        return TIME.format(time);
    }

    static String of(LocalDateTime time) {
        return time.toLocalDate() + " " + TIME.format(time);
    }

    private ClockText() {}
}

package beras.data;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Puts times in order that are written as ISO 8601 dates, with or without a time of day, or as numbers. */
final class TimeOrder {

    /** A number that grows with the time; empty if the text says no time. */
    static Optional<Double> of(String text) {
        double number = Decimal.parse(text);
        if (Double.isFinite(number)) {
            return Optional.of(number);
        }
        try {
            LocalDateTime time = text.length() <= 10 ? LocalDate.parse(text).atStartOfDay()
                    : LocalDateTime.parse(text.replace(' ', 'T'));
            return Optional.of((double) time.toEpochSecond(ZoneOffset.UTC) + time.getNano() / 1e9);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private TimeOrder() {}
}

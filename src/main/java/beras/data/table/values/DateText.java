package beras.data.table.values;

import beras.data.rows.Decimal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A date, a time or both, in text: {@code 2024-01-31}, {@code 2024-01-31T12:30:45.5+01:00}, {@code 2024/1/31},
 * {@code 31.01.2024 12:30}, {@code 1/31/24 1:30 PM}, {@code Jan 31, 2024}, {@code 31-Jan-2024}, {@code 2024-01},
 * {@code 20240131}, {@code 20240131T1230}, {@code 20240131123045}, {@code 12:30}, {@code 1706703045} or {@code 1706703045123}
 * (seconds or milliseconds since 1970, if that is from 1990 to 2039, in UTC), {@code 45322} or {@code 45322.5} (days as
 * spreadsheets count them since 1899-12-30, from 1927 to 2100). {@link DateNames} has the names of months. Absent parts are the
 * first: of a month, of a year, of a day; a time without a date is one of 1970-01-01. The time is that of the clock where it
 * was written: a zone changes nothing.
 *
 * @param month     or the day, if {@code eitherWay}
 * @param day       or the month, if {@code eitherWay}
 * @param digits    how it is written if there is nothing but digits, which may be a number
 * @param eitherWay whether both are numbers before the year, so that the column must decide which is which
 */
public record DateText(int year, int month, int day, Digits digits, boolean eitherWay, LocalTime time) {

    /** The meaning of digits alone. */
    public enum Digits {
        /** They are not alone. */
        NONE,
        /** A year, or year, month and day, with hour and minute or not. */
        DAY,
        /** Seconds or milliseconds since 1970. */
        SINCE_1970,
        /** Days as spreadsheets count them. */
        SPREADSHEET
    }

    private static final int SHORTEST = 4;
    private static final int LONGEST = 70;
    /** Two digits from here on are a year of the last century. */
    private static final int FIRST_OF_LAST_CENTURY = 69;
    private static final int NOON = 12;
    private static final int FIRST_YEAR = 1970;
    private static final int DIGITS_OF_A_DAY = 8;
    private static final int FIRST_LIKELY_YEAR = 1900;
    private static final int LAST_LIKELY_YEAR = 2100;
    private static final int MOST_DIGITS = 13;
    private static final int DIGITS_OF_A_MINUTE = 12;
    private static final int DIGITS_OF_A_SECOND = 14;
    private static final int DIGITS_OF_SPREADSHEETS = 5;
    private static final int FIRST_DAY = 10_000; // 1927-05-18
    private static final int LONGEST_OF_SPREADSHEETS = 20;
    private static final LocalDate FIRST_OF_SPREADSHEETS = LocalDate.of(1899, 12, 30);
    private static final int FIRST_LIKELY_DAY = 32_874; // of 1990, as spreadsheets count them
    private static final int END_OF_LIKELY_DAYS = 51_136; // the first one of 2040
    private static final int END_OF_DAYS = 73_416; // the first one of 2101
    private static final double MILLIS_OF_A_DAY = 86_400_000;
    private static final long NANOS_OF_A_MILLISECOND = 1_000_000;
    private static final long FIRST_SECOND = 631_152_000; // of 1990
    private static final long END = 2_208_988_800L; // the first second of 2040
    private static final long MILLIS = 1000;
    private static final Form[] FORMS = Form.values();

    private static final String WEEKDAY = "(?:(?<weekday>[\\p{L}\\p{M}]{2,12})\\.?,? )?";
    private static final String NAME = "(?<name>[\\p{L}\\p{M}]{3,12})\\.?";
    private static final String ORDINAL = "(?:st|nd|rd|th|er|\u00ba|\u00b0)?";
    private static final String OF = "(?:(?:de|del|of) )?"; // 3 de mayo de 2021
    private static final String BETWEEN = "(?:[T ]|, ?)";
    private static final String SECOND = "(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9}))?";
    private static final String CLOCK = "(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::" + SECOND + ")?";
    private static final String COMPACT_CLOCK = "(?<hour>\\d{2})(?<minute>\\d{2})(?:" + SECOND + ")?";
    private static final String ZONE = "(?: ?(?<half>[AaPp])\\.?[Mm]\\.?)?(?: ?(?:Z|(?:UTC|GMT)(?:[-+]\\d{1,2}(?::?\\d{2})?)?|[-+]\\d{2}(?::?\\d{2})?))?"
            + "(?:\\[[\\w/+-]{1,40}])?";

    /** The ways to write a date; a text is taken for the first that it fits. */
    private enum Form {
        YEAR_FIRST("(?<year>\\d{4})(?<between>[-/.])(?<month>\\d{1,2})(?:\\k<between>(?<day>\\d{1,2}))?"),
        EITHER_WAY("(?<month>\\d{1,2})(?<between>[-/])(?<day>\\d{1,2})\\k<between>(?<year>\\d{4}|\\d{2})"),
        DAY_FIRST("(?<day>\\d{1,2})\\.(?<month>\\d{1,2})\\.(?<year>\\d{4})"),
        DAY_FIRST_IN_SHORT("(?<day>\\d{2})\\.(?<month>\\d{2})\\.(?<year>\\d{2})"), // 1.2.10 is a version
        NAME_FIRST(NAME + "[ -]" + OF + "(?:(?<day>\\d{1,2})" + ORDINAL + "(?:, ?|[ -]))?(?<year>\\d{4})"),
        NAME_SECOND("(?<day>\\d{1,2})" + ORDINAL + "\\.?[ /-]?" + OF + NAME + "(?:, ?|[ /-])?" + OF + "(?<year>\\d{4}|\\d{2})"),
        WEEK("(?<year>\\d{4})-W(?<week>\\d{2})(?:-(?<weekday>[1-7]))?"),
        DIGITS("(?<year>\\d{4})(?:(?<month>\\d{2})(?<day>\\d{2}))?"),
        DIGITS_WITH_TIME("(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})", "[T ]?" + COMPACT_CLOCK + ZONE),
        TIME_ALONE("", CLOCK + ZONE);

        private final Pattern pattern;

        Form(String date) {
            this(date, "(?:" + BETWEEN + CLOCK + ZONE + ")?");
        }

        Form(String date, String time) {
            pattern = Pattern.compile((date.isEmpty() || date.contains("<weekday>") ? "" : WEEKDAY) + date + time);
        }
    }

    /** Parses a text; null if it is no date and no time. There may be no such day all the same. */
    public static DateText parse(String text) {
        if (text.length() < SHORTEST || text.length() > LONGEST || !Character.isLetterOrDigit(text.charAt(0))
                || !Decimal.hasDigit(text)) {
            return null;
        }
        DateText moment = since1970(text);
        moment = moment == null ? ofSpreadsheet(text, FIRST_DAY, END_OF_DAYS) : moment;
        if (moment != null) {
            return moment;
        }
        for (Form form : FORMS) {
            Matcher matcher = form.pattern.matcher(text);
            if (matcher.matches()) {
                return of(matcher, form);
            }
        }
        return null;
    }

    /**
     * Parses a number, if it is likely a date: a day from 1900 to 2100, with a time or not, a moment since 1970, or a day of a
     * spreadsheet from 1990 to 2039; null if it is not.
     */
    public static DateText ofDigits(String text) {
        DateText sheet = ofSpreadsheet(text, FIRST_LIKELY_DAY, END_OF_LIKELY_DAYS);
        if (sheet != null) {
            return sheet;
        }
        int length = text.length();
        if (length < DIGITS_OF_A_DAY || length > DIGITS_OF_A_SECOND || !Decimal.isDigits(text, 0, length)) {
            return null;
        }
        if (length != DIGITS_OF_A_DAY && length != DIGITS_OF_A_MINUTE && length != DIGITS_OF_A_SECOND) {
            return since1970(text);
        }
        int year = Integer.parseInt(text.substring(0, 4));
        if (year < FIRST_LIKELY_YEAR || year > LAST_LIKELY_YEAR) {
            return since1970(text);
        }
        DateText date = length == DIGITS_OF_A_DAY ? new DateText(year, Integer.parseInt(text.substring(4, 6)),
                Integer.parseInt(text.substring(6)), Digits.DAY, false, LocalTime.MIDNIGHT) : parse(text);
        return date == null || date.read(true) == null ? null : date;
    }

    /** A day as spreadsheets count them, of which a fraction is the time; null if it is none from one to before another. */
    private static DateText ofSpreadsheet(String text, int from, int end) {
        int digits = DIGITS_OF_SPREADSHEETS;
        boolean hasTime = text.length() > digits;
        if (text.length() < digits || text.length() > LONGEST_OF_SPREADSHEETS || hasTime && text.charAt(digits) != '.'
                || !Decimal.isDigits(text, 0, digits) || hasTime && !Decimal.isDigits(text, digits + 1, text.length())) {
            return null;
        }
        int day = Integer.parseInt(text.substring(0, digits));
        double fraction = hasTime ? Decimal.parse(text.substring(digits)) : 0;
        if (day < from || day >= end || Double.isNaN(fraction)) {
            return null;
        }
        long millis = Math.min(Math.round(fraction * MILLIS_OF_A_DAY), (long) MILLIS_OF_A_DAY - 1);
        LocalDate date = FIRST_OF_SPREADSHEETS.plusDays(day);
        return new DateText(date.getYear(), date.getMonthValue(), date.getDayOfMonth(), Digits.SPREADSHEET, false,
                LocalTime.ofNanoOfDay(millis * NANOS_OF_A_MILLISECOND));
    }

    private static DateText since1970(String text) {
        if (text.length() <= DIGITS_OF_A_DAY || text.length() > MOST_DIGITS || !Decimal.isDigits(text, 0, text.length())) {
            return null;
        }
        long number = Long.parseLong(text);
        long millis = number < END ? MILLIS * number : number;
        if (millis < MILLIS * FIRST_SECOND || millis >= MILLIS * END) {
            return null;
        }
        LocalDateTime when = LocalDateTime.ofEpochSecond(millis / MILLIS, (int) (millis % MILLIS) * 1_000_000, ZoneOffset.UTC);
        return new DateText(when.getYear(), when.getMonthValue(), when.getDayOfMonth(), Digits.SINCE_1970, false, when.toLocalTime());
    }

    private static DateText of(Matcher text, Form form) {
        LocalTime time = text.group("hour") == null ? LocalTime.MIDNIGHT : time(text);
        if (time == null || form == Form.TIME_ALONE) {
            return time == null ? null : new DateText(FIRST_YEAR, 1, 1, Digits.NONE, false, time);
        }
        int year = Integer.parseInt(text.group("year"));
        if (text.group("year").length() == 2) {
            year += year >= FIRST_OF_LAST_CENTURY ? 1900 : 2000;
        }
        if (form == Form.WEEK) {
            LocalDate day = LocalDate.of(year, 1, 4).plusWeeks(number(text.group("week"), 1) - 1L).with(DayOfWeek.of(number(text.group("weekday"), 1)));
            return new DateText(day.getYear(), day.getMonthValue(), day.getDayOfMonth(), Digits.NONE, false, time);
        }
        if (text.group("weekday") != null && !DateNames.isDay(text.group("weekday"))) {
            return null;
        }
        int month = form == Form.NAME_FIRST || form == Form.NAME_SECOND ? DateNames.month(text.group("name"))
                : number(text.group("month"), 1);
        return month == 0 ? null : new DateText(year, month, number(text.group("day"), 1),
                form == Form.DIGITS || form == Form.DIGITS_WITH_TIME ? Digits.DAY : Digits.NONE, form == Form.EITHER_WAY, time);
    }

    private static int number(String digits, int otherwise) {
        return digits == null ? otherwise : Integer.parseInt(digits);
    }

    /** Null if there is no such time. */
    private static LocalTime time(Matcher text) {
        int hour = Integer.parseInt(text.group("hour"));
        String half = text.group("half");
        if (half != null) {
            if (hour == 0 || hour > NOON) {
                return null;
            }
            hour = hour % NOON + (half.equalsIgnoreCase("p") ? NOON : 0);
        }
        String fraction = text.group("fraction");
        int nanos = fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
        try {
            return LocalTime.of(hour, Integer.parseInt(text.group("minute")), number(text.group("second"), 0), nanos);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The date and time; null if there is no such day. */
    public LocalDateTime read(boolean monthFirst) {
        boolean turned = eitherWay && !monthFirst;
        int realMonth = turned ? day : month;
        int realDay = turned ? month : day;
        if (year < 1 || realMonth < 1 || realMonth > 12 || realDay < 1
                || realDay > Month.of(realMonth).length(Year.isLeap(year))) {
            return null;
        }
        return LocalDateTime.of(year, realMonth, realDay, 0, 0).with(time);
    }

    /** The date and time in a text; null if there is none. */
    public static LocalDateTime read(String text, boolean monthFirst) {
        DateText date = parse(text);
        return date == null ? null : date.read(monthFirst);
    }

    /** Days since the first of 1970, with a fraction for the time of day. */
    public static double days(LocalDateTime when) {
        return when.toLocalDate().toEpochDay() + timeOfDay(when);
    }

    /** The share of the day that is over. */
    public static double timeOfDay(LocalDateTime when) {
        return when.toLocalTime().toNanoOfDay() / 86_400e9;
    }
}

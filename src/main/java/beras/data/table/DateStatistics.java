package beras.data.table;

import beras.data.table.DateColumn.Part;
import beras.data.table.Table.Place;
import beras.data.table.TableColumn.Type;
import beras.data.table.values.DateText;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Statistics of a column's cells as dates, with the month or the day first. */
final class DateStatistics {

    private final Type asked; // that somebody gave the column; null: nobody did
    private final Order monthFirst = new Order(true);
    private final Order dayFirst = new Order(false);
    private Place firstEitherWay; // the first cell that is a date either way, but not the same
    long since1970; // cells that are dates only if their digits are no number
    long sheetDays; // likewise
    Place firstOfDigits; // that is a date; null: none
    private final NumberStatistics firstNumbers = new NumberStatistics(0);
    private final NumberStatistics secondNumbers = new NumberStatistics(0);

    /** @param asked the type that somebody gave the column; null: nobody did */
    DateStatistics(Type asked) {
        this.asked = asked;
    }

    /** Statistics of the cells as dates, read in one order. */
    static final class Order {

        final boolean monthFirst;
        final NumberStatistics days = new NumberStatistics(0); // since 1970
        final NumberStatistics years = new NumberStatistics(0);
        private int months; // a bit for each that there is
        private int daysOfMonth;
        private int weekdays;
        private LocalTime firstTime; // null: no date yet
        private boolean timesDiffer;
        LocalDateTime first = LocalDateTime.MAX;
        LocalDateTime last = LocalDateTime.MIN;

        Order(boolean monthFirst) {
            this.monthFirst = monthFirst;
        }

        private void add(LocalDateTime when, Table table, int column) {
            days.add(when == null ? Double.NaN : DateText.days(when), table, column);
            if (when == null) {
                return;
            }
            years.add(when.getYear());
            months |= 1 << when.getMonthValue();
            daysOfMonth |= 1 << when.getDayOfMonth();
            weekdays |= 1 << when.getDayOfWeek().getValue();
            firstTime = firstTime == null ? when.toLocalTime() : firstTime;
            timesDiffer |= !firstTime.equals(when.toLocalTime());
            first = when.isBefore(first) ? when : first;
            last = when.isAfter(last) ? when : last;
        }

        /** The parts that vary between rows. */
        List<Part> parts() {
            boolean manyDays = Integer.bitCount(daysOfMonth) > 1;
            boolean manyMonths = Integer.bitCount(months) > 1;
            Map<Part, Boolean> varies = Map.of(Part.YEAR, years.standardDeviation() > 0, Part.MONTH, manyMonths,
                    // The first of each month or year is on any day of the week.
                    Part.WEEKDAY, manyDays && Integer.bitCount(weekdays) > 1, Part.TIME, timesDiffer,
                    // Years alone are days too.
                    Part.DAYS, days.standardDeviation() > 0 && (manyDays || manyMonths || timesDiffer));
            return Stream.of(Part.values()).filter(varies::get).toList();
        }
    }

    /** Takes in a cell of the table's current row that has a value; null: it is no date. */
    void add(DateText date, Table table, int column) {
        LocalDateTime byMonth = date == null ? null : date.read(true);
        LocalDateTime byDay = date == null ? null : date.read(false);
        monthFirst.add(byMonth, table, column);
        dayFirst.add(byDay, table, column);
        if (byMonth != null && date.digits() != DateText.Digits.NONE) {
            since1970 += date.digits() == DateText.Digits.SINCE_1970 ? 1 : 0;
            sheetDays += date.digits() == DateText.Digits.SPREADSHEET ? 1 : 0;
            firstOfDigits = firstOfDigits == null ? new Place(table.line(), table.cell(column)) : firstOfDigits;
        }
        if (date != null && date.eitherWay()) {
            firstNumbers.add(date.month());
            secondNumbers.add(date.day());
            if (firstEitherWay == null && byMonth != null && byDay != null && !byMonth.equals(byDay)) {
                firstEitherWay = new Place(table.line(), table.cell(column));
            }
        }
    }

    /**
     * The requested order, else the one in which more cells are dates. If that is both, the month comes first, unless the first
     * number is always the same and the second is not: then that is the first of each month, or another day of it.
     */
    Order order() {
        if (isOrderAsked()) {
            return asked == Type.DAYFIRST ? dayFirst : monthFirst;
        }
        if (monthFirst.days.count != dayFirst.days.count) {
            return monthFirst.days.count > dayFirst.days.count ? monthFirst : dayFirst;
        }
        return firstNumbers.standardDeviation() == 0 && secondNumbers.standardDeviation() > 0 ? dayFirst : monthFirst;
    }

    /**
     * The first cell for which neither other cells nor the requested type show whether the month comes first; null if they do,
     * or there is none.
     */
    Place undecided() {
        return !isOrderAsked() && monthFirst.days.count == dayFirst.days.count ? firstEitherWay : null;
    }

    private boolean isOrderAsked() {
        return asked == Type.DAYFIRST || asked == Type.MONTHFIRST;
    }

    /** How many cells are dates. */
    long count() {
        return order().days.count;
    }
}

package beras.data.table;

import beras.config.Config;
import beras.data.DataException;
import beras.data.table.RowEncoder.Found;
import beras.data.table.Table.Place;
import beras.data.table.values.DateText;
import beras.prediction.Encoding;
import beras.prediction.Encoding.DateNumber;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A column of dates, times or both: the features of its {@link Part}s, then a 1 where the value is missing, if any training
 * row lacked it. A missing value, and a cell that is no date, has zeros in all parts.
 *
 * <p>Dates are as in {@code 2024-01-31}, {@code 2024-01-31T12:30:45+01:00}, {@code 31.01.2024 12:30}, {@code
 * 1/31/24 1:30 PM}, {@code Jan 31, 2024}, {@code 31-Jan-2024}, {@code 2024-01}, {@code 20240131}, {@code 20240131T1230} or {@code
 * 12:30}, with English, German, French, Spanish or Italian names, of the years 1 to 9999. Two digits from 69 on are a year of the
 * last century. The time is that of the clock where it was written.
 */
public final class DateColumn extends TableColumn {

    /** Words in the name of a column that mean dates or times. */
    private static final Set<String> NAMES = Set.of("date", "time", "datetime", "timestamp", "ts", "epoch", "unix", "utc", "created",
            "updated", "modified", "datum", "zeit", "zeitpunkt", "zeitstempel", "fecha", "hora", "heure");
    /** Words in the name of a column whose numbers may be days of a spreadsheet. */
    private static final Set<String> NAMES_OF_DAYS = Set.of("date", "datum", "fecha");
    private static final String EXPECTED = "a date or time, as in a column of dates";

    private final boolean monthFirst;
    private final List<Part> parts;
    private final double meanDays;
    private final double deviationDays;
    private final double meanYear;
    private final double deviationYear;

    /** The features of a date, in this order. */
    public enum Part {
        /** The year, standardised. */
        YEAR("year"),
        /** How much of the year is over, as sine and cosine, so that December is near January. */
        MONTH("month, sine", "month, cosine"),
        /** One-hot, as no day of the week is between two others. */
        WEEKDAY("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        /** How much of the day is over, as sine and cosine. */
        TIME("time of day, sine", "time of day, cosine"),
        /** Days with their fraction, standardised. */
        DAYS("elapsed days");

        private final List<String> features;

        Part(String... features) {
            this.features = List.of(features);
        }

        int width() {
            return features.size();
        }

        /** The name for users. */
        @Override
        public String toString() {
            return this == WEEKDAY ? "day of the week" : features.get(0).replace(", sine", "");
        }
    }

    /**
     * @param monthFirst    whether {@code 1/2/2024} is the second of January, not the first of February
     * @param parts         the parts that vary between training rows
     * @param meanDays      of the training rows, in days since the beginning of 1970
     * @param deviationDays of the training rows, dividing by their number; above 0 if elapsed days are a part
     * @param meanYear      of the training rows
     * @param deviationYear of the training rows; above 0 if the year is a part
     * @throws IllegalArgumentException if a number is not finite, a deviation is below 0 or that of a part not above, parts
     *         are not in their order, or no feature comes of the column
     */
    public DateColumn(String name, long missing, String note, boolean monthFirst, List<Part> parts, double meanDays,
            double deviationDays, double meanYear, double deviationYear) {
        super(Type.DATE, name, missing, note, parts.stream().mapToInt(Part::width).sum());
        this.monthFirst = monthFirst;
        this.parts = List.copyOf(parts);
        this.meanDays = meanDays;
        this.deviationDays = deviationDays;
        this.meanYear = meanYear;
        this.deviationYear = deviationYear;
        require(parts.equals(List.copyOf(new TreeSet<>(parts))) && width() > 0,
                "parts of a date must differ and be in their order, at least one if it is never missing", parts);
        requireMoments(meanDays, deviationDays, parts.contains(Part.DAYS));
        requireMoments(meanYear, deviationYear, parts.contains(Part.YEAR));
    }

    private void requireMoments(double mean, double deviation, boolean used) {
        require(Double.isFinite(mean) && deviation >= (used ? Double.MIN_NORMAL : 0) && deviation <= Double.MAX_VALUE,
                "mean and standard deviation must be finite, the second at least 0, above it if it is used", mean + " and " + deviation);
    }

    // -------------------------------------------------------------------------------------------------- inference

    /** Whether cells are dates, or all but a few. */
    static boolean fits(ColumnStatistics cells) {
        if (!mayFit(cells)) {
            return false;
        }
        DateStatistics dates = cells.dates;
        return (dates.since1970 == 0 || isNamedSo(cells))
                && (dates.sheetDays == 0 || cells.wordsOfName().stream().anyMatch(NAMES_OF_DAYS::contains));
    }

    /** Whether cells are dates, or all but a few, if numbers of that size are. */
    private static boolean mayFit(ColumnStatistics cells) {
        return cells.unknown < cells.present && cells.isMostly(cells.dates == null ? 0 : cells.dates.count());
    }

    /** Whether the name of a column means dates or times. */
    private static boolean isNamedSo(ColumnStatistics cells) {
        List<String> words = cells.wordsOfName();
        return words.stream().anyMatch(NAMES::contains) || words.size() > 1 && words.get(words.size() - 1).equals("at");
    }

    /** That numbers may be moments, in a sentence; empty if they are not. */
    static String doubt(ColumnStatistics cells) {
        return !mayFit(cells) || cells.asked() != null ? "" : readAs(cells.dates, "may be") + ": "
                + cells.typed(Type.DATE) + " takes them for dates";
    }

    /** The first cell of digits and its date. */
    private static String readAs(DateStatistics dates, String is) {
        Place digits = dates.firstOfDigits;
        DateText date = DateText.parse(digits.cell());
        LocalDateTime when = date.read(true);
        boolean isDay = date.digits() != DateText.Digits.SINCE_1970 && date.time().equals(LocalTime.MIDNIGHT);
        return digits.shown() + ' ' + is + ' ' + (isDay ? when.toLocalDate() : when) + switch (date.digits()) {
            case SINCE_1970 -> " in UTC, as counted since 1970";
            case SPREADSHEET -> ", as spreadsheets count days";
            default -> "";
        };
    }

    static TableColumn learn(ColumnStatistics cells) throws DataException {
        DateStatistics dates = cells.dates;
        DateStatistics.Order order = dates.order();
        if (dates.count() == 0) {
            Place wrong = order.days.firstOther;
            throw cells.table.error(cells.place, wrong.line(), EXPECTED, wrong.cell());
        }
        long others = cells.others(dates.count());
        long missing = cells.missing + cells.unknown + others;
        if (order.parts().isEmpty() && missing == 0) {
            return cells.constant();
        }
        Place undecided = dates.undecided();
        String note = undecided == null ? "" : "no value shows whether the month or the day comes first: " + undecided.shown()
                + " is taken for " + DateText.read(undecided.cell(), order.monthFirst).toLocalDate() + ": "
                + cells.typed(order.monthFirst ? Type.DAYFIRST : Type.MONTHFIRST) + " takes it for "
                + DateText.read(undecided.cell(), !order.monthFirst).toLocalDate();
        if (dates.firstOfDigits != null && cells.numbers.count > 0 && cells.asked() == null) {
            note = ColumnStatistics.joined(note, readAs(dates, "is read as") + ": " + cells.typed(Type.NUMERIC) + " takes it for a number");
        }
        String mistakes = others == 0 ? "" : cells.mistakes(others, "date", order.days.firstOther);
        return new DateColumn(cells.name(), missing, ColumnStatistics.joined(note, cells.unknownNote(), mistakes), order.monthFirst,
                order.parts(), order.days.mean, order.days.standardDeviation(), order.years.mean, order.years.standardDeviation());
    }

    @Override
    String contents(ColumnStatistics cells) {
        DateStatistics.Order order = cells.dates.order();
        return "from " + shown(order.first) + " to " + shown(order.last);
    }

    @Override
    public String becomes() {
        return parts.stream().map(Part::toString).collect(Collectors.joining(", "));
    }

    private String shown(LocalDateTime when) {
        return parts.contains(Part.TIME) ? when.toString() : when.toLocalDate().toString();
    }

    // ------------------------------------------------------------------------------------------------------ facts

    /** Whether {@code 1/2/2024} is the second of January, not the first of February. */
    public boolean monthFirst() {
        return monthFirst;
    }

    /** The parts that vary between training rows. */
    public List<Part> parts() {
        return parts;
    }

    /** The mean of the training rows, in days since the beginning of 1970. */
    public double meanDays() {
        return meanDays;
    }

    /** The standard deviation of the training rows, dividing by their number; above 0 if elapsed days are a part. */
    public double deviationDays() {
        return deviationDays;
    }

    @Override
    List<String> valueFeatures() {
        return parts.stream().flatMap(part -> part.features.stream()).map(feature -> name() + " " + feature).toList();
    }

    @Override
    public Input input() {
        return new Input(EnumSet.complementOf(EnumSet.of(Input.Kind.BOOLEAN)), List.of("2024-01-31", "2024-01-31T12:30"),
                "A date, a time or both.");
    }

    // --------------------------------------------------------------------------------------------------- encoding

    @Override
    Found encodeValue(Object cell, float[] out, int at) {
        LocalDateTime when = DateText.read(RowEncoder.text(cell), monthFirst);
        if (when == null) {
            return Found.UNREADABLE;
        }
        int place = at;
        for (Part part : parts) {
            switch (part) {
                case YEAR -> out[place] = (float) ((when.getYear() - meanYear) / deviationYear);
                case MONTH -> circle((when.getDayOfYear() - 1.0) / when.toLocalDate().lengthOfYear(), out, place);
                case WEEKDAY -> out[place + when.getDayOfWeek().ordinal()] = 1f;
                case TIME -> circle(DateText.timeOfDay(when), out, place);
                case DAYS -> out[place] = (float) ((DateText.days(when) - meanDays) / deviationDays);
                default -> throw new AssertionError(part);
            }
            place += part.width();
        }
        return Found.VALUE;
    }

    /** The place on a circle of a periodic part. */
    private static void circle(double share, float[] out, int place) {
        out[place] = (float) StrictMath.sin(2 * Math.PI * share);
        out[place + 1] = (float) StrictMath.cos(2 * Math.PI * share);
    }

    @Override
    String expected() {
        return EXPECTED;
    }

    @Override
    Encoding.Source source(MissingMarks marks) {
        List<Encoding.Part> described = new ArrayList<>();
        for (Part part : parts) {
            described.add(switch (part) {
                case YEAR -> new Encoding.Part(DateNumber.YEAR, new Encoding.Standardize(meanYear, deviationYear));
                case MONTH -> new Encoding.Part(DateNumber.SEASON, new Encoding.Circle());
                case WEEKDAY -> new Encoding.Part(DateNumber.WEEKDAY, new Encoding.OneHot(part.width()));
                case TIME -> new Encoding.Part(DateNumber.TIME, new Encoding.Circle());
                case DAYS -> new Encoding.Part(DateNumber.DAYS, new Encoding.Standardize(meanDays, deviationDays));
            });
        }
        return new Encoding.Dates(name(), described, isFlagged());
    }

    // ----------------------------------------------------------------------------------------------------- config

    @Override
    void addSettings(Map<String, Object> settings) {
        settings.put("monthFirst", monthFirst);
        settings.put("parts", parts.stream().map(Part::name).toList());
        settings.put("meanDays", meanDays);
        settings.put("deviationDays", deviationDays);
        settings.put("meanYear", meanYear);
        settings.put("deviationYear", deviationYear);
    }

    static DateColumn read(Config config) {
        return new DateColumn(config.text("name"), config.whole("missing"), config.text("note"), config.flag("monthFirst"),
                config.texts("parts").stream().map(part -> named("A part of a date is", part, Part.values())).toList(), config.number("meanDays"),
                config.number("deviationDays"), config.number("meanYear"), config.number("deviationYear"));
    }
}

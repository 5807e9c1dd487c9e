package beras.data.table;

import static beras.data.Refusals.assertBadData;
import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.data.table.DateColumn.Part;
import beras.data.table.TableColumn.Type;
import beras.data.table.values.DateText;
import beras.feed.Preprocessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of dates and times. */
@Tag("data")
class DatesTest {

    private static final TableOptions PLAIN = new TableOptions();

    @TempDir
    Path folder;

    private Path table(int rows, IntFunction<Object> cells) throws IOException {
        StringBuilder text = new StringBuilder("when\ty\n");
        for (int row = 0; row < rows; row++) {
            text.append(cells.apply(row)).append(row % 3 == 0 ? "\ta\n" : "\tb\n");
        }
        return Files.writeString(folder.resolve("table.tsv"), text.toString());
    }

    private TableColumn column(TableOptions options, int rows, IntFunction<Object> cells) throws IOException {
        return TableSchema.infer(table(rows, cells), "y", options).columns().get(0);
    }

    private DateColumn dates(String... cells) throws IOException {
        return assertInstanceOf(DateColumn.class, column(PLAIN, cells.length, i -> cells[i]));
    }

    private float[] encoded(DateColumn column, Object value) {
        TableSchema schema = new TableSchema(new TableTarget.Regression("y", 0, 1), List.of(column), 9);
        return new TablePreprocessor(schema).encode(Map.of(column.name(), value));
    }

    // ------------------------------------------------------------------------------------------------ how they are written

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"2024-01-31|2024-01-31T00:00", "2024-1-3|2024-01-03T00:00",
            "2024/01/31|2024-01-31T00:00",
        "2024.01.31|2024-01-31T00:00", "2024-01|2024-01-01T00:00", "2024-01-31 12:30|2024-01-31T12:30",
                "2024-01-31 2:30|2024-01-31T02:30",
        "2024-01-31T12:30:45|2024-01-31T12:30:45", "2024-01-31 12:30:45.123|2024-01-31T12:30:45.123",
        "2024-01-31T12:30:45,5|2024-01-31T12:30:45.5", "2024-01-31T12:30:45.123456789Z|2024-01-31T12:30:45.123456789",
        "2024-01-31T12:30Z|2024-01-31T12:30", "2024-01-31T12:30:45+01:00|2024-01-31T12:30:45",
        "2024-01-31 12:30:45 +0100|2024-01-31T12:30:45",
        "2024-01-31 12:30:45 UTC|2024-01-31T12:30:45", "2024-01-31T12:30:45-05[America/New_York]|2024-01-31T12:30:45",
        "31.01.2024|2024-01-31T00:00", "1.2.2024 7:05|2024-02-01T07:05", "31.01.24|2024-01-31T00:00",
        "01/31/2024|2024-01-31T00:00",
        "1/2/2024|2024-01-02T00:00", "1-2-2024|2024-01-02T00:00", "1/8/90 0:00|1990-01-08T00:00", "1/2/68|2068-01-02T00:00",
        "1/2/69|1969-01-02T00:00", "1/2/2024 1:30 PM|2024-01-02T13:30", "1/2/2024, 12:30:05am|2024-01-02T00:30:05",
        "1/2/2024 12:30 p.m.|2024-01-02T12:30", "Jan 31, 2024|2024-01-31T00:00", "Jan 31 2024|2024-01-31T00:00",
        "January 31st, 2024|2024-01-31T00:00", "Sept. 5, 2024|2024-09-05T00:00", "Jan 2024|2024-01-01T00:00",
        "31-Jan-2024|2024-01-31T00:00", "31-JAN-24|2024-01-31T00:00", "31 January 2024|2024-01-31T00:00",
        "31Jan2024|2024-01-31T00:00",
        "Wed, 31 Jan 2024 12:30:00 GMT|2024-01-31T12:30", "Wednesday, January 31, 2024|2024-01-31T00:00",
        "1. Januar 2024|2024-01-01T00:00", "Montag, 1. Januar 2024|2024-01-01T00:00", "5. März 2024 12:30|2024-03-05T12:30", "31. Dez. 2024|2024-12-31T00:00",
        "12 août 2023|2023-08-12T00:00", "1er janvier 2024|2024-01-01T00:00", "12 AOÛT 2023|2023-08-12T00:00", "12 aou\u0302t 2023|2023-08-12T00:00",
        "3 de mayo de 2021|2021-05-03T00:00", "lunes, 3 de mayo de 2021|2021-05-03T00:00", "mayo de 2021|2021-05-01T00:00", "25 dic 2020|2020-12-25T00:00",
        "1° gennaio 2024|2024-01-01T00:00", "7 lug 2024|2024-07-07T00:00", "14 juil. 2024|2024-07-14T00:00", "9 sett 2024|2024-09-09T00:00",
        "1706703045|2024-01-31T12:10:45", "1706703045123|2024-01-31T12:10:45.123", "631152000|1990-01-01T00:00",
        "20240131T1230|2024-01-31T12:30", "20240131T123045Z|2024-01-31T12:30:45", "20240131 123045.5+01:00|2024-01-31T12:30:45.5",
        "202401311230|2024-01-31T12:30", "20240131123045|2024-01-31T12:30:45", "45322|2024-01-31T00:00", "45322.75|2024-01-31T18:00",
        "44927.520833333336|2023-01-01T12:30", "45322.9999999999|2024-01-31T23:59:59.999", "10000|1927-05-18T00:00", "73415|2100-12-31T00:00",
        "20240131|2024-01-31T00:00", "2024|2024-01-01T00:00", "12:30|1970-01-01T12:30", "7:05:09|1970-01-01T07:05:09",
        "2024-02-29|2024-02-29T00:00", "0001-01-01|0001-01-01T00:00", "9999-12-31 23:59:59|9999-12-31T23:59:59"})
    void datesAreRead(String text, LocalDateTime expected) {
        assertEquals(expected, DateText.read(text, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1st of", "today", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00",
            "0000-01-01", "24:00", "12:60",
        "12:30:60", "13:00 PM", "0:30 AM", "1.2.10", "3.11.12", "1.2.3", "12.5", "1/2", "1-2-3", "2024-01/02", "2024-01-31-05",
                "123-45-6789",
        "31-Foo-2024", "Marchioness 5, 2024", "Marble 5, 2024", "Decide 5, 2024", "5 Mayor 2024", "Ma5 2024", "5 jui 2024", "Foo 2024-01-31", "631151999", "2208988800000", "99999999999999", "20241301", "09999", "73416", "45322.", "45322,5", "45322.5.5", "45322.5e3", "45322.5%", "20241301T1230", "20240131T2460", "20240131T12",
        "202401312460", "-2024-01-01", "2024-01-31T", "2024-01-31 12",
        "1:2",
        "2024-01-31 12:30 5", "\u0662\u0660\u0662\u0664-01-31", "10:30:15:20", "room 12:30", "99999999999999999999:30"})
    void whatIsNoDateIsNone(String text) {
        assertNull(DateText.read(text, true), text);
    }

    @Test
    void aValueAbove12DecidesWhatComesFirst() throws IOException {
        assertTrue(dates("01/02/2024", "01/31/2024").monthFirst());
        DateColumn dayFirst = dates("01/02/2024", "31/01/2024");
        assertEquals(Set.of(false, ""), Set.of(dayFirst.monthFirst(), dayFirst.note()));
        assertEquals(LocalDate.of(2024, 2, 1).toEpochDay() / 2. + LocalDate.of(2024, 1, 31).toEpochDay() / 2.,
                dayFirst.meanDays());
        assertEquals(0, encoded(dayFirst, "01/02/2024")[0] - encoded(dayFirst, "2024-02-01")[0]);
        String[] cells = new String[40];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = 1 + i % 9 + "/" + (1 + i % 7) + "/2024";
        }
        cells[7] = "31/01/2024";
        assertEquals(false, dates(cells).monthFirst(), "one value of many");
    }

    @Test
    void withoutSuchAValueTheMonthComesFirstAndThatIsSaid() throws IOException {
        DateColumn undecided = dates("03/03/2024", "03/04/2024", "05/06/2024");
        assertTrue(undecided.monthFirst());
        assertEquals("no value shows whether the month or the day comes first: \"03/04/2024\" in line 3 is taken for 2024-03-04:"
                + " `types when=dayfirst` takes it for 2024-04-03",
                undecided.note());
        DateColumn firsts = dates("01/01/2024", "01/02/2024", "01/03/2024");
        assertEquals(false, firsts.monthFirst(), "the first of each month");
        assertEquals("no value shows whether the month or the day comes first: \"01/02/2024\" in line 3 is taken for 2024-02-01:"
                + " `types when=monthfirst` takes it for 2024-01-02",
                firsts.note());
        assertEquals("", dates("2024-03-04", "2024-05-06").note());
        assertEquals("", dates("03.04.2024", "05.06.2024").note());
    }

    @Test
    void whatComesFirstMayBeGiven() throws IOException {
        String[] cells = {"03/03/2024", "03/04/2024", "05/06/2024"};
        for (Type asked : List.of(Type.DAYFIRST, Type.MONTHFIRST)) {
            DateColumn column = assertInstanceOf(DateColumn.class, column(PLAIN.types(Map.of("when", asked)), 3, i -> cells[i]));
            assertEquals(List.of(asked == Type.MONTHFIRST, "", Type.DATE), List.of(column.monthFirst(), column.note(), column.type()));
            assertEquals(0, encoded((DateColumn) TableColumn.of(column.config()), "05/06/2024")[0]
                    - encoded(column, asked == Type.MONTHFIRST ? "2024-05-06" : "2024-06-05")[0]);
        }
        TableColumn firsts = column(PLAIN.types(Map.of("when", Type.MONTHFIRST)), 3, i -> "01/0" + (1 + i) + "/2024");
        assertTrue(((DateColumn) firsts).monthFirst(), "not the first of each month");
        DateColumn against = assertInstanceOf(DateColumn.class,
                column(PLAIN.types(Map.of("when", Type.DAYFIRST)), 3, i -> i == 1 ? "01/31/2024" : "02/0" + (3 + i) + "/2024"));
        assertEquals(1, against.missing(), "no day comes first there");
        assertEquals("1 of 3 values is no date and counts as missing, such as \"01/31/2024\" in line 3", against.note());
        TableProfile.Column profile = TableProfile.of(TableFile.of(table(3, i -> cells[i])), Optional.of("y"), PLAIN.types(Map.of("when", Type.DAYFIRST)))
                .columns().get(0);
        assertEquals(Optional.of(Type.DATE), profile.type());
    }

    // --------------------------------------------------------------------------------------------------- days of spreadsheets

    private TableColumn sheetDays(String name, TableOptions options, IntFunction<String> cells) throws IOException {
        StringBuilder text = new StringBuilder(name + "\ty\n");
        for (int row = 0; row < 60; row++) {
            text.append(cells.apply(row)).append(row % 3 == 0 ? "\ta\n" : "\tb\n");
        }
        return TableSchema.infer(Files.writeString(folder.resolve("days.tsv"), text.toString()), "y", options).columns().get(0);
    }

    @Test
    void daysOfASpreadsheetAreAskedForUnlessTheNameSaysSo() throws IOException {
        IntFunction<String> days = row -> Integer.toString(44_927 + row * 7 % 60);
        NumericColumn numbers = assertInstanceOf(NumericColumn.class, sheetDays("when", PLAIN, days));
        assertEquals("\"44927\" in line 2 may be 2023-01-01, as spreadsheets count days: `types when=date` takes them for dates", numbers.note());
        DateColumn asked = assertInstanceOf(DateColumn.class, sheetDays("when", PLAIN.types(Map.of("when", Type.DATE)), days));
        assertEquals(LocalDate.of(2023, 1, 1).toEpochDay() + 29.5, asked.meanDays(), 1e-9);
        DateColumn read = (DateColumn) TableColumn.of(asked.config());
        for (Object day : new Object[] {44_930, 44_930.0, "44930", "44930.0"}) {
            assertArrayEquals(encoded(read, "2023-01-04"), encoded(read, day), () -> day.getClass() + " " + day);
        }
        TableColumn named = sheetDays("Order Date", PLAIN, row -> 44_927 + row + ".5");
        assertEquals("\"44927.5\" in line 2 is read as 2023-01-01T12:00, as spreadsheets count days: `types Order Date=numeric` takes it for a"
                + " number", assertInstanceOf(DateColumn.class, named).note());
        assertInstanceOf(NumericColumn.class, sheetDays("time", PLAIN, days), "seconds of a day, perhaps");
        assertEquals("", sheetDays("amount", PLAIN, row -> Integer.toString(30_000 + row * 37 % 60 * 1000)).note(), "amounts");
    }

    // ------------------------------------------------------------------------------------------------------ what they become

    @Test
    void aDateBecomesItsParts() throws IOException {
        DateColumn column = dates("2023-01-31 06:00", "2024-07-01 18:00", "2024-07-02 18:00");
        assertEquals(List.of(Part.values()), column.parts());
        assertEquals(13, column.width());
        assertEquals(List.of("when year", "when month, sine", "when month, cosine", "when Monday", "when Tuesday",
                "when Wednesday",
                "when Thursday", "when Friday", "when Saturday", "when Sunday", "when time of day, sine",
                "when time of day, cosine",
                "when elapsed days"), column.features());
        double first = LocalDate.of(2023, 1, 31).toEpochDay() + .25;
        double second = LocalDate.of(2024, 7, 1).toEpochDay() + .75;
        double mean = (first + second + second + 1) / 3;
        assertEquals(mean, column.meanDays(), 1e-9);
        float[] row = encoded(column, "2023-01-31 06:00");
        assertArrayEquals(new float[] {(float) (-Math.sqrt(2)), (float) Math.sin(2 * Math.PI * 30 / 365),
            (float) Math.cos(2 * Math.PI * 30 / 365), 0, 1, 0, 0, 0, 0, 0, 1, 0,
            (float) ((first - mean) / column.deviationDays())}, row, 1e-6f);
        assertEquals(Type.DATE, column.type());
    }

    @Test
    void constantPartsAreLeftOut() throws IOException {
        assertEquals(List.of(Part.YEAR), dates("2023-01-01", "2024-01-01", "2025-01-01").parts(), "years alone");
        assertEquals(List.of(Part.MONTH, Part.DAYS), dates("2024-01", "2024-02", "2024-05").parts());
        assertEquals(List.of(Part.WEEKDAY, Part.DAYS), dates("2024-01-01", "2024-01-05").parts());
        assertEquals(List.of(Part.DAYS), dates("2024-01-01", "2024-01-08").parts(), "all Mondays");
        assertEquals(List.of(Part.TIME, Part.DAYS), dates("12:30", "7:05").parts(), "times alone");
        assertEquals(List.of(Part.WEEKDAY, Part.DAYS), dates("2024-01-01 12:30", "2024-01-05 12:30").parts());
        DateColumn constant = dates("2024-01-01", "");
        assertEquals(List.of("when is missing"), constant.features());
        TableColumn none = TableSchema.infer(Files.writeString(folder.resolve("one.csv"),
                "when,x,y\n2024-01-01,1,a\n2024-01-01,2,b\n"), "y",
                PLAIN).columns().get(0);
        assertEquals(new IgnoredColumn("when", 0, "all values are \"2024-01-01\""), none);
    }

    @Test
    void missingDatesAreThoseOfTheMean() throws IOException {
        DateColumn column = dates("2024-01-31", "", "2025-03-02", "NaT");
        assertEquals(2, column.missing());
        assertEquals("when is missing", column.features().get(column.width() - 1));
        float[] row = encoded(column, "");
        for (int i = 0; i < row.length; i++) {
            assertEquals(i == row.length - 1 ? 1f : 0f, row[i]);
        }
    }

    @Test
    void allFeaturesAreFinite() throws IOException {
        DateColumn second = dates("2024-01-31 12:30:45.000000001", "2024-01-31 12:30:45.000000002");
        DateColumn all = dates("0001-01-01", "9999-12-31", "2024-02-29 23:59:59.999999999");
        for (DateColumn column : List.of(second, all)) {
            for (String when : List.of("0001-01-01", "9999-12-31T23:59:59.999999999", "1970-01-01", "2024-02-29")) {
                for (float value : encoded(column, when)) {
                    assertTrue(Float.isFinite(value), when);
                }
            }
        }
    }

    // ---------------------------------------------------------------------------------------------------------- columns

    @Test
    void aColumnOfDatesWithAFewMistakesIsOneOfDates() throws IOException {
        Path file = table(100, row -> row == 7 ? "soon" : row == 9 ? "5" : "2024-03-" + (10 + row % 20));
        TableSchema schema = TableSchema.infer(file, "y", PLAIN);
        DateColumn column = assertInstanceOf(DateColumn.class, schema.columns().get(0));
        assertEquals(2, column.missing());
        assertEquals("2 of 100 values are no dates and count as missing, such as \"soon\" in line 9", column.note());
        float[] row = new float[schema.width()];
        try (TableReader reader = TableReader.open(TableFile.of(file), schema, number -> number == 7)) {
            assertTrue(reader.next(row, 0));
            assertEquals(1f, row[row.length - 1]);
            assertEquals("Column \"when\" has no date in 1 row, which counts as missing: \"soon\" in line 9",
                    reader.unreadable().get("when"));
        }
        assertBadData(() -> {
            try (TableReader reader = TableReader.open(TableFile.of(file), schema, number -> true).strict()) {
                while (reader.next(row, 0)) {
                    // to the wrong cell
                }
            }
        }, "line 9, column 1 (when): expected a date or time, as in a column of dates", "Received: \"soon\"");
        assertRefused(IllegalArgumentException.class, () -> encoded(column, "soon"), "Column \"when\": expected a date or time",
                "Received: \"soon\"");
        assertInstanceOf(CategoryColumn.class, column(PLAIN, 100, i -> i % 10 == 0 ? "soon" : "2024-03-" + (10 + i % 20)));
        assertInstanceOf(CategoryColumn.class, column(PLAIN, 5, i -> i == 0 ? "soon" : "2024-03-1" + i),
                "of five one is no mistake");
        Path gaps = table(4, i -> i == 1 ? "later" : i == 2 ? "" : "2024-03-01");
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(gaps), schema)) {
            ReaderRows.inputs(reader);
            assertEquals(Map.of("when", 1L), reader.counts().missing());
            assertEquals(List.of("Column \"when\" has no date in 1 row, which counts as missing: \"later\" in line 3"),
                    List.copyOf(reader.unreadable().values()), "not the one after it that is empty");
        }
    }

    @Test
    void typesMayBeGiven() throws IOException {
        TableOptions date = PLAIN.types(Map.of("when", Type.DATE));
        assertInstanceOf(NumericColumn.class, column(PLAIN.types(Map.of("when", Type.NUMERIC)), 40, i -> 20240100 + 1 + i % 28));
        DateColumn digits = assertInstanceOf(DateColumn.class, column(date, 40, i -> 20240100 + 1 + i % 28));
        assertEquals(LocalDate.of(2024, 1, 1).toEpochDay() + 12, digits.meanDays(), 1);
        assertEquals(0, encoded(digits, 20240105)[0] - encoded(digits, "2024-01-05")[0]);
        assertInstanceOf(CategoryColumn.class,
                column(PLAIN.types(Map.of("when", Type.CATEGORY)), 40, i -> "2024-01-" + (10 + i % 9)));
        assertEquals(350, column(date, 400, i -> i < 350 ? "soon" : "2024-01-" + (10 + i % 9)).missing(),
                "what is asked is done");
        assertBadData(() -> column(date, 3, i -> "soon"), "line 2, column 1 (when): expected a date or time",
                "Received: \"soon\"");
    }

    @Test
    void valuesInMemoryAreReadLikeThoseOfAFile() throws IOException {
        DateColumn column = dates("2023-01-31 06:00", "2024-07-01 18:00", "2024-07-02 18:00");
        float[] expected = encoded(column, "2024-02-03 04:05:06");
        for (Object value : new Object[] {LocalDateTime.of(2024, 2, 3, 4, 5, 6), Instant.parse("2024-02-03T04:05:06Z"),
            OffsetDateTime.parse("2024-02-03T04:05:06+09:00"), ZonedDateTime.parse("2024-02-03T04:05:06+01:00[Europe/Berlin]"),
            java.util.Date.from(Instant.parse("2024-02-03T04:05:06Z")), " 2024-02-03T04:05:06 "}) {
            assertArrayEquals(expected, encoded(column, value), () -> value.getClass() + " " + value);
        }
        assertArrayEquals(encoded(column, "2024-02-03"), encoded(column, LocalDate.of(2024, 2, 3)));
        assertArrayEquals(encoded(column, "2024-02-01"), encoded(column, YearMonth.of(2024, 2)));
        assertArrayEquals(encoded(column, "4:05"), encoded(column, LocalTime.of(4, 5)));
    }

    @Test
    void schemasOfDatesComeBack() throws IOException {
        for (TableSchema schema : List.of(TableSchema.infer(table(30, i -> i == 3 ? "" : "2024-03-" + (1 + i)), "y", PLAIN),
                TableSchema.infer(table(30, i -> 1 + i + "/03/2024 1" + i % 10 + ":30"), "y", PLAIN))) {
            assertInstanceOf(DateColumn.class, schema.columns().get(0));
            TablePreprocessor back = (TablePreprocessor) Preprocessor.of(new TablePreprocessor(schema).config());
            assertEquals(schema, back.schema());
            Config config = schema.columns().get(0).config();
            assertRefused(IllegalArgumentException.class,
                    () -> TableColumn.of(config.with("parts", List.of("FORTNIGHT"))), "A part of a date is one of [YEAR",
                    "Received: FORTNIGHT");
            assertRefused(IllegalArgumentException.class, () -> TableColumn.of(config.with("parts", List.of("DAYS", "WEEKDAY"))),
                    "Column when: parts of a date");
            assertRefused(IllegalArgumentException.class, () -> TableColumn.of(config.with("monthFirst", 1)),
                    "monthFirst must be true or false");
        }
        assertRefused(IllegalArgumentException.class, () -> new DateColumn("d", 0, "", true, List.of(), 0, 0, 0, 0), "parts of a date");
        assertRefused(IllegalArgumentException.class, () -> new DateColumn("d", 0, "", true, List.of(Part.DAYS), 0, 0, 0, 0),
                "mean and standard deviation");
        assertRefused(IllegalArgumentException.class, () -> new DateColumn("d", 0, "", true, List.of(Part.YEAR), 0, 0, Double.NaN, 1),
                "NaN");
    }

    @Test
    void aProfileTellsWhatDatesBecome() throws IOException {
        TableProfile.Column when = TableProfile.of(TableFile.of(table(30, i -> "2024-03-" + (1 + i))), Optional.of("y"),
                PLAIN).columns().get(0);
        assertEquals("from 2024-03-01 to 2024-03-30; becomes day of the week, elapsed days", when.note());
        assertEquals(Optional.of(Type.DATE), when.type());
        TableProfile.Column clock = TableProfile.of(TableFile.of(table(30, i -> "2024-03-01 1" + i % 9 + ":30")), Optional.of("y"),
                PLAIN).columns().get(0);
        assertEquals("from 2024-03-01T10:30 to 2024-03-01T18:30; becomes time of day, elapsed days", clock.note());
    }
}

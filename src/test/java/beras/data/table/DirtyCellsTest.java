package beras.data.table;

import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Model;
import beras.models.Sequential;
import beras.tensor.Rng;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables in which one column decides the label, whose cells are written as people and programs write them: a small net learns it. */
@Tag("data")
class DirtyCellsTest {

    private static final int ROWS = 900;
    private static final int TRAINED = 700;
    private static final double LEARNT = 0.9;
    private static final String[] GERMAN = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
        "Oktober", "November", "Dezember"};
    private static final String[] FRENCH = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
        "octobre", "novembre", "décembre"};
    private static final String[] SPANISH = {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
        "octubre", "noviembre", "diciembre"};
    private static final String[] ITALIAN = {"gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"};

    @TempDir
    Path folder;

    /** Writes a number from 0 to 1 that decides the label. */
    private interface Writer {
        String cell(double share, int row);
    }

    /**
     * A way to write cells.
     *
     * @param column its name
     */
    private record Form(String name, String column, Writer writer) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Form form(String name, Writer writer) {
        return new Form(name, "x", writer);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** The share of a year, which no number shows that grows from year to year. */
    private static LocalDate day(double share, int row) {
        return LocalDate.of(1991 + row * 31 % 23, 1, 1).plusDays((int) (share * 364));
    }

    private static long seconds(double share, int row) {
        return day(share, row).atStartOfDay().toEpochSecond(ZoneOffset.UTC) + row * 97L % 86_400;
    }

    private static String indian(long number) {
        String digits = Long.toString(number);
        return digits.length() <= 3 ? digits : digits.substring(0, digits.length() - 3).replaceAll("(?<=\\d)(?=(\\d\\d)+$)", ",") + ","
                + digits.substring(digits.length() - 3);
    }

    private static String byMonth(double share, int row, String format, String[] months) {
        LocalDate day = day(share, row);
        return text(format, day.getDayOfMonth(), months[day.getMonthValue() - 1], day.getYear());
    }

    static Stream<Form> numbers() {
        return Stream.of(form("plain", (u, row) -> text("%.3f", u * 100)),
                form("percent", (u, row) -> text("%.1f %%", u * 100)),
                form("apostrophes", (u, row) -> text("%,.0f", u * 9e6).replace(',', '\'')),
                form("narrow spaces", (u, row) -> text("%,.0f", u * 9e6).replace(',', '\u202f')),
                form("brackets for minus", (u, row) -> u < .5 ? text("(%,.2f)", 5000 * (.5 - u)) : text("%,.2f", 5000 * (u - .5))),
                form("currency before", (u, row) -> text("$%,.2f", u * 9e4)),
                form("currency behind", (u, row) -> text("%.2f €", u * 900)),
                form("too large", (u, row) -> row % 50 == 7 ? "1e400" : text("%.3f", u)),
                form("outlier", (u, row) -> row % 200 == 7 ? "1e12" : text("%.3f", u)),
                form("mark -9999", (u, row) -> row % 20 == 7 ? "-9999" : text("%.3f", u)),
                form("unit", (u, row) -> text("%.1f kg", u * 90)),
                form("unit without a space", (u, row) -> (int) (u * 900) + "cm"),
                form("unit and decimal comma", (u, row) -> text("%.2f kg", u * 90).replace('.', ',')),
                form("unit now and then", (u, row) -> text(row % 3 == 0 ? "%.1f" : "%.1f kg", u * 90)),
                form("word as unit", (u, row) -> (int) (u * 900) + " widgets"),
                form("singular and plural", (u, row) -> (int) (u * 30) == 1 ? "1 year" : (int) (u * 30) + " years"),
                form("about", (u, row) -> (row % 3 == 0 ? "~" : "") + text("%.1f", u * 90)),
                form("footnotes", (u, row) -> text("%.1f", u * 90) + (row % 3 == 0 ? "*" : "")),
                form("below a limit", (u, row) -> u < .3 ? "<0.3" : text("%.3f", u)),
                form("above a limit", (u, row) -> u > .6 ? ">60" : text("%.1f", u * 100)),
                form("limit with a plus", (u, row) -> u > .6 ? "60+" : text("%.1f", u * 100)),
                form("minus behind", (u, row) -> u < .5 ? text("%.2f-", 5000 * (.5 - u)) : text("%.2f", 5000 * (u - .5))),
                form("currency before brackets", (u, row) -> u < .5 ? text("$(%,.2f)", 5000 * (.5 - u)) : text("$%,.2f", 5000 * (u - .5))),
                form("Indian groups", (u, row) -> indian((long) (u * 5e7))),
                form("unknown", (u, row) -> row % 10 == 3 ? "unknown" : text("%.3f", u)),
                form("em dash", (u, row) -> row % 10 < 2 && row % 2 == 0 ? "—" : text("%.3f", u)),
                form("two dashes with a unit", (u, row) -> row % 10 == 3 ? "--" : text("%.1f kg", u * 90)),
                form("n/v", (u, row) -> row % 10 == 3 ? "n/v" : text("%.3f", u).replace('.', ',')));
    }

    static Stream<Form> dates() {
        return Stream.of(form("ISO", (u, row) -> day(u, row).toString()),
                form("mixed dates", (u, row) -> row % 2 == 0 ? day(u, row).toString()
                        : text("%1$td.%1$tm.%1$tY", day(u, row))),
                form("yyyymmdd", (u, row) -> day(u, row).toString().replace("-", "")),
                form("yyyymmddThhmm", (u, row) -> day(u, row).toString().replace("-", "") + text("T%02d30", row % 24)),
                form("yyyymmddhhmmss", (u, row) -> day(u, row).toString().replace("-", "") + text("%02d3059", row % 24)),
                new Form("days of a spreadsheet", "Date", (u, row) -> Long.toString(day(u, row).toEpochDay() + 25_569)),
                new Form("seconds since 1970", "created_at", (u, row) -> Long.toString(seconds(u, row))),
                new Form("milliseconds since 1970", "timestamp",
                        (u, row) -> Long.toString(seconds(u, row) * 1000 + row)),
                form("German", (u, row) -> byMonth(u, row, "%d. %s %d", GERMAN)),
                form("French", (u, row) -> byMonth(u, row, "%d %s %d", FRENCH)),
                form("Spanish", (u, row) -> byMonth(u, row, "%d de %s de %d", SPANISH)),
                form("Italian", (u, row) -> byMonth(u, row, "%d %s %d", ITALIAN)),
                form("unknown dates", (u, row) -> row % 10 == 3 ? "unbekannt" : day(u, row).toString()));
    }

    static Stream<Form> categories() {
        String[] words = {"red", "green", "blue", "New York", "olive", "pink"};
        return Stream.of(form("case of categories", (u, row) -> {
            String word = words[(int) (u * 6)];
            String[] forms = {word, word.toUpperCase(Locale.ROOT), word.toLowerCase(Locale.ROOT), word.substring(0, 1).toUpperCase(Locale.ROOT)
                    + word.substring(1).toLowerCase(Locale.ROOT), " " + word.replace(" ", "  ")};
            return forms[row % forms.length];
        }));
    }

    private Path table(Form form, String... labels) throws IOException {
        StringBuilder text = new StringBuilder(form.column() + "\tz\ty\n");
        Rng shares = new Rng(5, "shares", 0);
        for (int row = 0; row < ROWS; row++) {
            double share = (shares.bits(row) >>> 11) * 0x1p-53;
            text.append(form.writer().cell(share, row)).append('\t').append(row * 7919 % 13).append('\t')
                    .append(labels[(share < .5 ? 0 : labels.length / 2) + row % (labels.length / 2)]).append('\n');
        }
        return Files.writeString(folder.resolve("table.tsv"), text.toString());
    }

    private static double accuracy(Path file) throws IOException {
        TableSchema schema = TableSchema.infer(file, "y", new TableOptions().rows(row -> row < TRAINED));
        Examples train;
        Examples test;
        try (TableReader reader = TableReader.open(file, schema, row -> row < TRAINED)) {
            train = ReaderRows.examples(reader);
        }
        try (TableReader reader = TableReader.open(file, schema, row -> row >= TRAINED)) {
            test = ReaderRows.examples(reader);
        }
        Model model = new Sequential(1, new Input(schema.width()), new Dense(32, "relu"), new Dense(schema.targetWidth(), "softmax"));
        model.compile("adam(learning_rate=0.02)", "cross-entropy", "accuracy");
        model.fit(train, new FitOptions().epochs(30).batchSize(32));
        return model.evaluate(test).get("accuracy");
    }

    @ParameterizedTest
    @MethodSource({"numbers", "dates", "categories"})
    void theColumnDecides(Form form) throws IOException {
        double accuracy = accuracy(table(form, "no", "yes"));
        assertTrue(accuracy >= LEARNT, () -> form + ": " + accuracy);
    }

    @Test
    void labelsMayBeSpeltInSeveralWays() throws IOException {
        double accuracy = accuracy(table(form("plain", (u, row) -> text("%.3f", u)), "no", "NO ", " No", "y  es", "Y ES ", "Y es"));
        assertTrue(accuracy >= LEARNT, () -> "labels: " + accuracy);
        double truths = accuracy(table(form("plain", (u, row) -> text("%.3f", u)), "FALSE", "false", "F", "TRUE", "true", "T"));
        assertTrue(truths >= LEARNT, () -> "true and false: " + truths);
    }
}

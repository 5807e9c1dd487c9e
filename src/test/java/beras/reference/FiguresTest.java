package beras.reference;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Figures of pages are those of the files in {@code results}. A comment after a number has its source, and the number is what
 * the source has, rounded to as many places:
 *
 * <pre>0.17{@code <!-- from training.csv: median, library=beras, threads=1 -->}</pre>
 *
 * A source is a file, a column and values of other columns, which one row has; or {@code median(column)}, {@code mean}, {@code min},
 * {@code max}, {@code sum} and {@code count} of all rows that have them. Sources and numbers may be multiplied and divided:
 * {@code <!-- from a.csv: sum(x) / a.csv: sum(y) * 100 -->}. A value may be {@code a|b}, and {@code !=} excludes.
 */
@Tag("data")
class FiguresTest {

    private static final Path RESULTS = Path.of("results");
    private static final Pattern FIGURE =
            Pattern.compile("([0-9][0-9,]*\\.?[0-9]*|\\.[0-9]+)[^0-9<\n]{0,24}<!-- from (.*?) -->", Pattern.DOTALL);
    private static final Pattern SOURCE =
            Pattern.compile("([\\w.-]+\\.csv): (?:(median|mean|min|max|sum|count)\\(([^)]*)\\)|([^,]+?))((?:, .*)?)");

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        for (Path folder : List.of(Path.of("src/site/markdown"), RESULTS)) {
            try (Stream<Path> files = Files.walk(folder)) {
                pages.addAll(files.filter(file -> file.toString().endsWith(".md")).sorted().toList());
            }
        }
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void figuresAreThoseOfTheFiles(Path page) throws IOException {
        String text = Files.readString(page);
        List<MatchResult> figures = FIGURE.matcher(text).results().toList();
        assertEquals(text.split("<!-- from ", -1).length - 1, figures.size(), "a source without a number before it");
        List<String> wrong = new ArrayList<>();
        for (MatchResult figure : figures) {
            String difference = difference(figure.group(1), figure.group(2));
            if (difference != null) {
                wrong.add(difference);
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void thePagesQuoteFigures() throws IOException {
        long figures = 0;
        for (Path page : pages()) {
            figures += FIGURE.matcher(Files.readString(page)).results().count();
        }
        assertTrue(figures >= 600, "only " + figures + " figures have a source");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "0.18; training-summary-jdk17-amd-epyc.csv: median, hidden=128, batch=128, threads=1, measure=steady epoch, library=beras",
        "198; kills.csv: sum(kills)", "5; kills.csv: sum(kills) / kills.csv: sum(resumed) * 100"})
    void aWrongFigureIsSeen(String number, String source) throws IOException {
        assertTrue(difference(number, source) != null, source);
        assertNull(difference("0.17", "training-summary-jdk17-amd-epyc.csv: median, hidden=128, batch=128, threads=1, "
                + "measure=steady epoch, library=beras"));
    }

    /** Null if a number is what its source has. */
    private static String difference(String number, String source) throws IOException {
        BigDecimal written = new BigDecimal(number.replace(",", ""));
        double value = value(source);
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(written.scale(), RoundingMode.HALF_UP);
        return rounded.compareTo(written) == 0 ? null : number + ", where results/" + source + " is " + value;
    }

    private static double value(String formula) throws IOException {
        double value = 1;
        for (String part : formula.replaceAll("\\s+", " ").split(" (?=[*/] )")) {
            boolean divides = part.startsWith("/ ");
            String factor = part.replaceFirst("^[*/] ", "");
            double number = factor.matches("[0-9.]+") ? Double.parseDouble(factor) : read(factor);
            value = divides ? value / number : value * number;
        }
        return value;
    }

    private static double read(String source) throws IOException {
        Matcher parts = SOURCE.matcher(source);
        assertTrue(parts.matches(), () -> "expected \"FILE.csv: COLUMN, NAME=VALUE, ...\". Received: " + source);
        List<CSVRecord> rows = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(RESULTS.resolve(parts.group(1)), StandardCharsets.UTF_8,
                CSVFormat.DEFAULT.builder().setHeader().setCommentMarker('#').get())) {
            for (CSVRecord row : parser) {
                if (Arrays.stream(parts.group(5).split(", (?=[\\w ]+!?=)")).skip(1).allMatch(condition -> has(row, condition))) {
                    rows.add(row);
                }
            }
        }
        if (parts.group(4) != null) {
            assertEquals(1, rows.size(), () -> "rows of " + source);
            return Double.parseDouble(rows.get(0).get(parts.group(4)));
        }
        if (parts.group(2).equals("count")) {
            return rows.size();
        }
        double[] values = rows.stream().mapToDouble(row -> Double.parseDouble(row.get(parts.group(3)))).sorted().toArray();
        assertTrue(values.length > 0, () -> "no rows of " + source);
        return switch (parts.group(2)) {
            case "median" -> (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
            case "min" -> values[0];
            case "max" -> values[values.length - 1];
            case "sum" -> Arrays.stream(values).sum();
            default -> Arrays.stream(values).average().orElseThrow();
        };
    }

    private static boolean has(CSVRecord row, String condition) {
        boolean excludes = condition.contains("!=");
        String[] sides = condition.split("!?=", 2);
        return excludes != List.of(sides[1].split("\\|")).contains(row.get(sides[0]));
    }
}

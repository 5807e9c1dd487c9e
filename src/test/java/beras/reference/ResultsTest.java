package beras.reference;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of results/README.md has a row for each file in the folder, with machine, JDK and commit as in the file. */
@Tag("data")
class ResultsTest {

    private static final Path FOLDER = Path.of("results");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (`[^|]*\\.(?:csv|png)`) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");

    private record Row(List<String> names, String machine, String jdk, String commit) {
        boolean covers(Path file) {
            return names.stream().anyMatch(name -> FileSystems.getDefault().getPathMatcher("glob:" + name).matches(file.getFileName()));
        }
    }

    private static List<Row> rows() throws IOException {
        return ROW.matcher(page()).results().map(row -> new Row(List.of(row.group(1).replace("`", "").split(", ")), row.group(3),
                row.group(4), row.group(5))).toList();
    }

    private static String page() throws IOException {
        return Files.readString(FOLDER.resolve("README.md"));
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(Files::isRegularFile).filter(file -> !file.endsWith("README.md")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachFileHasARow(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (!name.matches(".*\\.(csv|png)")) {
            assertTrue(page().contains(name), "the page does not mention a page or script");
            return;
        }
        List<Row> rows = rows().stream().filter(row -> row.covers(file)).toList();
        assertEquals(1, rows.size(), rows::toString);
        Row row = rows.get(0);
        assertTrue(row.commit.matches("[0-9a-f]{8}"), row.commit);
        if (name.endsWith(".csv")) {
            assertEquals(List.of(), differences(file, row));
        }
    }

    @Test
    void eachRowHasFiles() throws IOException {
        List<Path> files = files();
        List<Row> rows = rows();
        assertTrue(rows.size() > 30, rows::toString);
        assertAll(rows.stream().flatMap(row -> row.names.stream().map(name -> new Row(List.of(name), row.machine, row.jdk, row.commit)))
                .map(row -> () -> assertTrue(files.stream().anyMatch(row::covers), row::toString)));
    }

    /** Where the first lines or the columns of a file contain machine, JDK or commit, and the row has others. */
    private static List<String> differences(Path file, Row row) throws IOException {
        List<String> found = new ArrayList<>();
        List<String> lines = Files.readAllLines(file).stream().filter(line -> line.startsWith("#")).toList();
        if (!lines.isEmpty()) {
            String last = lines.get(lines.size() - 1);
            if (!last.contains(row.jdk) || last.contains("commit") && !last.endsWith("commit " + row.commit)) {
                found.add(last);
            }
        }
        try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8,
                CSVFormat.DEFAULT.builder().setHeader().setCommentMarker('#').get())) {
            TreeSet<String> different = new TreeSet<>();
            parser.forEach(record -> {
                if (record.isMapped("jdk") && !record.get("jdk").equals(row.jdk)) {
                    different.add(record.get("jdk"));
                }
                if (record.isMapped("machine") && !words(row.machine).containsAll(words(record.get("machine")))) {
                    different.add(record.get("machine"));
                }
            });
            found.addAll(different);
        }
        return found;
    }

    /** Such as amd and epyc, without the number of processors and the bits of their vectors. */
    private static List<String> words(String machine) {
        return Stream.of(machine.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")).filter(word -> word.matches("[a-z]{2,}")).toList();
    }
}

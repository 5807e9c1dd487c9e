package beras.data.table;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.ProposedSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns and rows that are there twice, and labels of hardly a row, are pointed out. */
@Tag("data")
class TwinsTest {

    private static final int ROWS = 200;

    @TempDir
    Path folder;

    private TableFile table(String names, int rows, IntFunction<String> row) throws IOException {
        return TableFile.of(Files.writeString(folder.resolve("table.csv"),
                IntStream.range(0, rows).mapToObj(row).collect(Collectors.joining("\n", names + "\n", "\n"))));
    }

    private static String note(TableFile file, String target, String column) throws IOException {
        TableSchema schema = TableSchema.infer(file, target, new TableOptions());
        String note = schema.columns().stream().filter(each -> each.name().equals(column)).findFirst().orElseThrow().note();
        TableProfile profile = TableProfile.of(file, Optional.of(target), new TableOptions());
        String shown = profile.columns().stream().filter(each -> each.name().equals(column)).findFirst().orElseThrow().note();
        assertTrue(shown.endsWith(note), shown);
        assertEquals(schema, TableSchema.of(schema.config()));
        return note;
    }

    private static int noise(int row, int below) {
        return (int) ((row * 2654435761L >>> 7) % below);
    }

    private static final String SAME = "determines the target by itself, value for value, as if one was made from the other: add `types ";
    private static final String UNKNOWN = "` if it is not known when predicting";

    @ParameterizedTest
    @CsvSource({"same, x=ignored", "code, x=ignored", "parts, x=ignored"})
    void aTwinOfTheTargetIsPointedOut(String kind, String option) throws IOException {
        IntFunction<String> twin = row -> switch (kind) {
            case "same" -> row % 3 == 0 ? "yes" : "no";
            case "code" -> row % 3 == 0 ? "1" : "2";
            default -> row % 3 == 0 ? "a" + noise(row, 3) : "b" + noise(row, 4);
        };
        TableFile file = table("x,z,y", ROWS, row -> twin.apply(row) + ',' + noise(row, 50) + ',' + (row % 3 == 0 ? "yes" : "no"));
        assertEquals(SAME + option + UNKNOWN, note(file, "y", "x"));
        TableFile almost = table("x,z,y", ROWS, row -> twin.apply(row == 77 || row == 79 ? 3 : row) + ',' + noise(row, 50) + ','
                + (row % 3 == 0 || row == 77 ? "yes" : "no"));
        assertEquals("", note(almost, "y", "x"));
    }

    @Test
    void aTwinOfAnAmountAndANameWithACommaArePointedOut() throws IOException {
        TableFile file = table("\"x, in cents\",z,y", ROWS, row -> (noise(row, 3000) + .5) + "," + noise(row, 50) + ',' + (noise(row, 3000) + .5));
        assertEquals(SAME + "\"x, in cents\"=ignored" + UNKNOWN, note(file, "y", "x, in cents"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"it's", "a\"b", "$(x)", "a=b", "a, b"})
    void theProposedTypeIsOfTheColumn(String name) throws IOException {
        TableFile file = table(name.replace("\"", "\"\"").replaceFirst(".*", "\"$0\"") + ",z,y", ROWS,
                row -> (row % 3 == 0 ? "a" : "b") + ',' + noise(row, 50) + ',' + (row % 3 == 0 ? "yes" : "no"));
        ProposedSetting proposed = ProposedSetting.in(note(file, "y", name)).get(0);
        assertEquals("types", proposed.name());
        assertEquals(Map.of(name, "ignored"), NamedValues.parse(proposed.value()));
    }

    private static List<String> remarks(TableFile file, int heldOutFrom) throws IOException {
        List<String> remarks = new ArrayList<>();
        TableSchema.infer(file, "y", new TableOptions().rows(row -> row < heldOutFrom).onRemark(remarks::add));
        return remarks;
    }

    @Test
    void equalRowsAreCounted() throws IOException {
        // rows 150 to 199 are those from 0 on; without a name the numbers of rows do not count
        TableFile file = table(",x,y", ROWS, row -> row + "," + (row % 150 + .25) + ',' + (row % 150 % 2 == 0 ? "yes" : "no"));
        String counted = "50 of 200 rows are the same as an earlier one in all columns";
        assertEquals(counted, remarks(file, ROWS).get(1));
        assertEquals(counted + "; 20 of 20 held out are the same as one to train on, so measures look better than they are: remove"
                + " repeated rows, or hold equal ones out together (`split group:COLUMN`)", remarks(file, 180).get(1));
        assertEquals(List.of("1 column has no name or that of another, and got one: \"column1\"", counted),
                TableProfile.of(file, Optional.of("y"), new TableOptions()).remarks());
        String few = remarks(file, 2).get(1);
        assertTrue(few.startsWith(counted + "; 2 of 198 held out are the same as one to train on"), few);
        assertEquals(1, remarks(table("x,y", ROWS, row -> row % 150 + ".25," + (row % 150 % 2 == 0)), ROWS).size());
        assertEquals(List.of(), remarks(table("x,y", ROWS, row -> row % 20 + ".25," + (row % 2 == 0)), ROWS), "of few kinds");
        TableFile named = table("n,x,y", ROWS, row -> row + "," + (row % 150 + .25) + ',' + (row % 150 % 2 == 0 ? "yes" : "no"));
        assertEquals(List.of(), remarks(named, ROWS));
    }

    /** Beyond a bound no row is looked at. */
    @Test
    void theFirstRowsOfAManyTell() throws IOException {
        int most = RowHashes.MOST;
        TableFile file = table("x,y", most + 100, row -> (row < 10 ? 17 : row < most ? row : 17) + "," + (row < 10 || row >= most || row % 2 == 0));
        assertEquals(List.of("9 of the first " + most + " rows are the same as an earlier one in all columns"), remarks(file, most + 100));
    }

    @Test
    void aLabelOfAFewRowsIsPointedOut() throws IOException {
        IntFunction<String> rows = row -> (row + .5) + "," + (row == 7 ? "rare" : row == 199 ? "late" : row == 20 || row == 30 ? "few"
                : row % 2 == 0 ? "yes" : "no");
        String end = " predicted: ";
        assertEquals(List.of("These labels of \"y\" have too few rows to be both trained on and held out, so no metric shows how well they are"
                + " predicted: \"few\" (2 rows), \"late\" (1 row), \"rare\" (1 row). Join them with another, or remove the rows"),
                remarks(table("x,y", ROWS, rows), 150));
        List<String> whole = remarks(table("x,y", ROWS, row -> rows.apply(row == 199 ? 198 : row)), ROWS);
        assertEquals("This label of \"y\" has too few rows to be both trained on and held out, so no metric shows how well it is" + end
                + "\"rare\" (1 row). Join it with another, or remove the rows", whole.get(0));
        assertEquals(List.of(), remarks(table("x,y", ROWS, row -> (row * 37 % 200 + .5) + "," + (row * row % 200 + .25)), 150));
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.tables.TinyTable;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code inspect}: the types of the columns of a table. */
@Tag("cli")
class InspectCommandTest {

    @TempDir
    Path folder;
    private Path table;

    @BeforeEach
    void prepare() throws IOException {
        StringBuilder text = new StringBuilder(";age;city;planet;code;kind\n");
        for (int row = 0; row < 60; row++) {
            text.append(row + 1).append(';').append(row == 7 ? "oops" : row % 30 + ",5").append(';').append(row % 2 == 0 ? "Rome" : "Oslo")
                    .append(";Earth;").append("x").append(row).append(row % 3 == 0 ? "z;big\n" : ";small\n");
        }
        text.append("61;1;;Earth;y;\n");
        table = Files.writeString(folder.resolve("table.csv"), text.toString());
    }

    @Test
    void eachColumnIsShown() {
        Result result = run("inspect", table, "--target", "kind");
        assertExit(Exit.DONE, result);
        assertEquals(List.of("The cells are separated by semicolons",
                "1 column has no name or that of another, and got one: \"column1\"",
                "1 row has no value of the target \"kind\", and is left out"), result.err().lines().toList());
        assertEquals("""
                60 rows
                column   taken as  values  missing  what is there
                column1  ignored       60        0  1, 10, 11; it has no name and numbers the rows, as an index does: --types column1=numeric keeps it
                age      numeric       31        1  from 0.5 to 29.5; becomes a number and 16 bins; 1 of 60 values is no number and counts as missing, such as "oops"\
                 in line 9
                city     category       2        0  Oslo, Rome
                planet   ignored        1        0  Earth; all values are "Earth"
                code     category      60        0  x0z, x1, x10; becomes a feature each of the 20 most frequent, and the mean of the target;\
                 60 of 60 values differ, as those of ids do
                kind     target         2        0  small, big
                """, result.out());
    }

    @Test
    void programsGetTheSameAsJson() {
        JsonObject all = run("inspect", table, "--json", "--types", "city=ignored").objects().get(0);
        assertEquals(61, all.get("rows").getAsInt());
        assertEquals(2, all.getAsJsonArray("remarks").size());
        JsonObject age = all.getAsJsonArray("columns").get(1).getAsJsonObject();
        assertEquals("{\"name\":\"age\",\"type\":\"numeric\",\"missing\":1,\"values\":32,\"least\":0.5,\"most\":29.5,\"examples\":[\"0,5\","
                + "\"1,5\",\"10,5\"],\"note\":\"becomes a number and 16 bins; 1 of 61 values is no number and counts as missing, such as \\\"oops\\\" in line 9\"}",
                age.toString());
        assertEquals("as requested", all.getAsJsonArray("columns").get(2).getAsJsonObject().get("note").getAsString());
        assertEquals("category", all.getAsJsonArray("columns").get(5).getAsJsonObject().get("type").getAsString());
    }

    /** Its output can be edited and given to {@code train}. */
    @Test
    void trainTakesTheTypesThatItWrites() throws IOException {
        Path types = folder.resolve("types.json");
        Result inspected = run("inspect", table, "--target", "kind", "--out", types);
        assertExit(Exit.DONE, inspected);
        assertTrue(inspected.err().endsWith("What the columns are taken for is in " + types + "\n"), inspected.err());
        assertRefused(Exit.USAGE, types + " exists already", run("inspect", table, "--out", types));
        assertExit(Exit.DONE, run("inspect", table, "--target", "kind", "--out", types, "--force"));
        Object[] train = {"train", "--data", table, "--target", "kind", "--epochs", "1", "--json", "--force", "--out",
            folder.resolve("m.beras")};
        String byValues = run(train).hash();
        assertEquals(byValues, run(train, "--config", types).hash());
        Files.writeString(types, Files.readString(types).replace("\"code\": \"category\"", "\"code\": \"ignored\""));
        Result changed = run(train, "--config", types);
        assertTrue(changed.err().contains("code     ignored          0        0  as requested\n"), changed.err());
    }

    @Test
    void namesMayHoldAnyCharacter() throws IOException {
        StringBuilder text = new StringBuilder("\"a,b=c \"\"d\"\"\",z,kind\n");
        for (int row = 0; row < 60; row++) {
            text.append(row % 7).append(',').append(row % 5).append(row % 3 == 0 ? ",big\n" : ",small\n");
        }
        Path odd = Files.writeString(folder.resolve("odd.csv"), text.toString());
        Path types = folder.resolve("odd.json");
        assertExit(Exit.DONE, run("inspect", odd, "--target", "kind", "--types", "\"a,b=c \"\"d\"\"\"=category", "--out", types));
        assertEquals("category", JsonParser.parseString(Files.readString(types)).getAsJsonObject().getAsJsonObject("types")
                .get("a,b=c \"d\"").getAsString());
        Result trained = run("train", "--data", odd, "--target", "kind", "--epochs", "1", "--out", folder.resolve("m.beras"),
                "--config",
                types);
        assertExit(Exit.DONE, trained);
        assertTrue(trained.err().contains("of 12 features"), trained.err());
    }

    /** NA is Namibia, and None a class: their rows are kept, and the model has the marks. */
    @Test
    void theUsualMarksOfMissingValuesMayBeReplaced() throws IOException {
        Path lands = TinyTable.write(folder.resolve("lands.csv"), "land,x,kind", 120,
                row -> (row % 3 == 0 ? "NA" : row % 3 == 1 ? "DE" : "US") + "," + (row % 7 == 0 ? "-99" : row) + ","
                        + (row % 3 == 0 ? "None" : "Some") + (row % 2 == 0 ? "" : "x"));
        String cure = "in 20 rows counts as missing: if it is a value, give the marks of missing values with --na only:";
        Result usual = run("inspect", lands, "--target", "kind");
        assertTrue(usual.err().contains("and are left out; \"None\" " + cure), usual.err());
        Result inspected = run("inspect", lands, "--target", "kind", "--na", "only:-99", "--json");
        JsonObject all = inspected.objects().get(0);
        assertEquals(120, all.get("rows").getAsLong(), inspected::toString);
        assertEquals("[\"12 of 120 rows are the same as an earlier one in all columns\"]", all.getAsJsonArray("remarks").toString());
        Path model = folder.resolve("lands.beras");
        assertExit(Exit.DONE, run("train", "--data", lands, "--target", "kind", "--na", "only:-99", "--epochs", 1, "--ensemble", 1,
                "--out", model));
        assertTrue(run("info", model).out().contains("None"));
        JsonObject evaluated = run("evaluate", model, "--data", lands, "--json").objects().get(0);
        assertEquals(120, evaluated.get("examples").getAsLong());
        assertEquals(12, run("evaluate", model, "--data", lands, "--rows", "validation", "--json").objects().get(0)
                .get("examples").getAsLong(), "the same rows are held out");
        Result predicted = run("predict", model, "--data", lands, "--strict");
        assertExit(Exit.DONE, predicted); // NA is a category that the model lists
        assertEquals(121, predicted.out().lines().count());
        assertEquals(120, run("inspect", lands, "--target", "kind", "--na", "only:", "--json").objects().get(0).get("rows").getAsLong());
        assertRefused(Exit.USAGE, "without spaces around it", run("inspect", lands, "--na", "only:a,,b"));
    }

    @Test
    void whatCannotBeReadIsRefused() throws IOException {
        assertRefused(Exit.BAD_DATA, "no such file", run("inspect", folder.resolve("none.csv")));
        assertRefused(Exit.BAD_DATA, "expected a column \"x\", the target", run("inspect", table, "--target", "x"));
        assertRefused(Exit.USAGE, "the target has a task, not a type", run("inspect", table, "--target", "kind", "--types",
                "kind=category"));
        Path empty = Files.writeString(folder.resolve("empty.csv"), "a,b\n");
        assertRefused(Exit.BAD_DATA, "expected rows", run("inspect", empty));
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.tables.TinyTable;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables as other programs write them. */
@Tag("cli")
class TableFilesTest {

    private static final String SEMICOLONS = "The cells are separated by semicolons";
    private static final String LATIN = "The text is Windows-1252, as what is in line 1 is no UTF-8";

    @TempDir
    Path folder;
    private Path plain;
    private Path model;

    @BeforeEach
    void prepare() throws IOException {
        plain = TinyTable.kinds(folder.resolve("plain.csv"));
        model = folder.resolve("m.beras");
    }

    /** The same table with other separators, and a letter beyond ASCII in the name of a column that is left out. */
    private Path other(String name, String separator, Charset encoding) throws IOException {
        String text = Files.readString(plain).replace("id,", "né,").replace(",", separator);
        return Files.write(folder.resolve(name), text.getBytes(encoding));
    }

    private Result train(Path data, Object... more) {
        return run("train", "--data", data, "--target", "kind", "--out", model, "--force", "--epochs", "2", "--json", more);
    }

    @Test
    void theBitsDoNotDependOnHowTheFileIsWritten() throws IOException {
        String expected = train(plain, "--types", "id=ignored").hash();
        Result latin = train(other("semicolons.csv", ";", Charset.forName("windows-1252")), "--types", "né=ignored");
        assertEquals(expected, latin.hash());
        assertEquals(List.of(SEMICOLONS, LATIN),
                latin.err().lines().filter(line -> line.startsWith("The cells") || line.startsWith("The text")).toList());
        Result wide = train(other("tabs.tsv", "\t", StandardCharsets.UTF_16), "--types", "né=ignored");
        assertEquals(expected, wide.hash());
        Result said = train(other("colons.txt", ":", StandardCharsets.ISO_8859_1), "--types", "né=ignored", "--separator", ":",
                "--encoding", "ISO-8859-1");
        assertEquals(expected, said.hash());
        assertEquals(List.of("The cells are separated by \":\""),
                said.err().lines().filter(line -> line.startsWith("The cells")).toList());
    }

    @Test
    void theSheetOfAWorkbookIsSaidAgainInTheNextSteps() throws IOException {
        Path book = Files.write(folder.resolve("book.xlsx"), Files.readAllBytes(Path.of("src/test/resources/tables/kinds.xlsx")));
        assertRefused(Exit.BAD_DATA, "expected a workbook with the sheet \"x\". Received the sheets: \"notes\", ",
                run("inspect", book, "--sheet", "x"));
        Result inspected = run("inspect", book, "--sheet", "notes");
        assertTrue((inspected.out() + inspected.err()).contains("expected rows after the line that names the columns"), inspected.err());
        Path penguins = Path.of("src/test/resources/tables/penguins.xlsx");
        Result trained = run("train", "--data", penguins, "--target", "species", "--out", model, "--epochs", "1", "--ensemble", "1", "--sheet",
                "penguins");
        assertExit(Exit.DONE, trained);
        assertTrue(trained.err().contains("evaluate " + model + " --data " + penguins + " --sheet penguins"), trained.err());
    }

    @Test
    void whatIsSaidOfTheFileIsSaidAgainInTheNextSteps() throws IOException {
        Path colons = other("co lons.txt", ":", StandardCharsets.ISO_8859_1);
        Result trained = run("train", "--data", colons, "--target", "kind", "--out", model, "--epochs", "1", "--separator", ":",
                "--encoding", "ISO-8859-1");
        assertExit(Exit.DONE, trained);
        assertTrue(trained.err().contains("evaluate " + model + " --data '" + colons + "' --separator : --encoding ISO-8859-1"),
                trained.err());
        assertExit(Exit.DONE, run("evaluate", model, "--data", colons, "--separator", ":", "--encoding", "ISO-8859-1"));
        String predicted = run("predict", model, "--data", colons, "--separator", ":", "--encoding", "ISO-8859-1").out();
        assertEquals(TinyTable.ROWS + 1, predicted.lines().count());
        assertEquals(predicted, run("predict", model, "--data", other("bars.csv", "|", StandardCharsets.UTF_8)).out());
    }

    /** A title, a row of units and a footer that options name change no bit; without them a title is refused with the option. */
    @Test
    void linesThatAreNoRowsChangeNothing() throws IOException {
        String expected = train(plain).hash();
        List<String> lines = Files.readAllLines(plain);
        String head = "Sales of 2024\n" + lines.get(0) + "\n" + lines.get(0).replaceAll("[a-z]+", "").replaceFirst(",", ",cm").substring(0);
        String rows = String.join("\n", lines.subList(1, lines.size()));
        Path titled = Files.writeString(folder.resolve("titled.csv"), head + "\n" + rows + "\nSource: x\n");
        assertRefused(Exit.BAD_DATA, "add --skip-lines 1 if it does", train(titled));
        Path config = Files.writeString(folder.resolve("config.json"), "{\"skip-lines\": 1, \"header-lines\": 2, \"skip-footer\": 1}");
        assertEquals(expected, train(titled, "--config", config).hash());
        Result said = run("train", "--data", titled, "--target", "kind", "--out", model, "--force", "--epochs", "1", "--skip-lines", 1,
                "--header-lines", 2, "--skip-footer", 1);
        String options = " --skip-lines 1 --header-lines 2 --skip-footer 1";
        assertTrue(said.err().contains("evaluate " + model + " --data " + titled + options), said.err());
        assertEquals(run("predict", model, "--data", plain).out(), run("predict", model, "--data", titled,
                "--skip-lines", 1, "--header-lines", 2, "--skip-footer", 1).out());
        assertEquals(run("inspect", plain).out(), run("inspect", titled, "--skip-lines", 1, "--header-lines", 2, "--skip-footer",
                1).out());
        Path years = Files.writeString(folder.resolve("years.csv"), "Sales\nshop,2023,2024\n" + "Rome,1,2\n".repeat(20));
        assertRefused(Exit.BAD_DATA, "add --skip-lines 1 if it does", run("inspect", years));
        assertExit(Exit.DONE, run("inspect", years, "--skip-lines", 1));
        assertRefused(Exit.USAGE, "'--skip-footer': it must be 0 to 1000. Received: -1", run("inspect", years, "--skip-footer", -1));
    }

    @Test
    void whatMakesNoSenseIsRefused() throws IOException {
        assertRefused(Exit.USAGE, "A separator must be no letter, digit, quote or line end. Received: \"x\"",
                train(plain, "--separator", "x"));
        assertRefused(Exit.USAGE, "this Java has no such encoding", train(plain, "--encoding", "latin-99"));
        assertRefused(Exit.USAGE, "this Java has no such encoding", train(plain, "--encoding", "?"));
        Path digits = TinyDigits.write(folder.resolve("digits"));
        assertRefused(Exit.USAGE, "'--separator': it applies to tables",
                run("train", "--data", digits, "--out", model, "--separator", ";"));
        assertRefused(Exit.USAGE, "'--max-categories': it applies to tables",
                run("train", "--data", digits, "--out", model, "--max-categories", "7"));
        assertExit(Exit.DONE, run("train", "--data", digits, "--out", model, "--epochs", "1"));
        assertRefused(Exit.USAGE, "'--encoding': it applies to tables",
                run("evaluate", model, "--data", digits, "--encoding", "UTF-8"));
        assertRefused(Exit.USAGE, "'--encoding': it applies to tables", run("predict", model,
                digits.resolve("t10k-images-idx3-ubyte.gz"), "--encoding", "UTF-8"));
    }

    @Test
    void whatIsMissingOrWrongIsCountedAndSaid() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(plain));
        lines.set(7, lines.get(7).substring(0, lines.get(7).lastIndexOf(',') + 1)); // no target
        lines.set(9, lines.get(9).replaceFirst("^([^,]*),[^,]*", "$1,oops"));
        Path messy = Files.write(folder.resolve("messy.csv"), lines);
        Result trained = run("train", "--data", messy, "--target", "kind", "--out", model, "--epochs", "1", "--validation-split", "0");
        assertExit(Exit.DONE, trained);
        assertTrue(trained.err().contains("1 row has no value of the target \"kind\", and is left out\n"), trained.err());
        assertTrue(trained.err().contains("size    numeric         18        1  a number and 16 bins; 1 of 399 values is no number and counts as missing, such as"
                + " \"oops\" in line 10\n"), trained.err());
        assertTrue(trained.err().contains("399 rows to train on and 0 to validate"), trained.err());
        String said = "Column \"size\" has no number in 1 row, which counts as missing: \"oops\" in line 10\n";
        int ofValidation = 0;
        for (int seed = 0; seed < 20; seed++) {
            String err = run("train", "--data", messy, "--target", "kind", "--out", model, "--force", "--epochs", "1", "--split-seed", seed)
                    .err();
            boolean ofTraining = err.contains("such as \"oops\" in line 10");
            assertTrue(ofTraining != err.contains(said), "it is said once: " + err);
            ofValidation += ofTraining ? 0 : 1;
        }
        assertTrue(ofValidation > 0 && ofValidation < 20, ofValidation + " of 20 seeds");
        assertExit(Exit.DONE, run("train", "--data", messy, "--target", "kind", "--out", model, "--force", "--epochs", "1",
                "--validation-split", "0"));
        Result evaluated = run("evaluate", model, "--data", messy);
        assertExit(Exit.DONE, evaluated);
        assertTrue(evaluated.out().contains(" on 399 rows"), evaluated.out());
        assertEquals(List.of(messy + " is the table that the model was trained on, so that these numbers are better than those of new"
                + " rows",
                "1 row has no value of the target \"kind\", and is left out",
                "Column \"size\" has no number in 1 row, which counts as missing: \"oops\" in line 10"), evaluated.err().lines().toList());
        Result predicted = run("predict", model, "--data", messy);
        assertEquals(401, predicted.out().lines().count());
        assertRefused(Exit.BAD_DATA, messy + ": line 10, column 2 (size): expected a finite number, as in a column of numbers."
                + " Received: \"oops\"", run("predict", model, "--data", messy, "--strict", "--out", folder.resolve("p.csv")));
        for (String split : List.of("0.2", "0.5")) {
            Result both = run("train", "--data", messy, "--target", "kind", "--out", model, "--force", "--epochs", "1",
                    "--validation-split", split);
            assertExit(Exit.DONE, both);
            String[] words = both.err().lines().filter(line -> line.contains(" to validate (")).findFirst().orElseThrow().split(" ");
            assertEquals(399, Integer.parseInt(words[0]) + Integer.parseInt(words[6]), both.err());
        }
    }
}

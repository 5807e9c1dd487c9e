package beras.cli;

import static beras.cli.Commands.assertExit;
import static beras.cli.Commands.assertRefused;
import static beras.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of classes, as a folder for each class and as a column of a table: whatever learns their classes sees the order of words. */
@Tag("cli")
class ClassifiedTextsTest {

    private static final int TEXTS = 400;
    private static final Rng RNG = new Rng(5, "classified", 0);

    @TempDir
    Path folder;
    private Path texts;
    private Path table;
    private Path model;

    /** Both classes have the same words and the same pairs: only the order of two words differs. */
    private static String text(int i) {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < 10; word++) {
            boolean isFirst = word == 2 || word == 3 && i % 3 == 0;
            boolean isLast = word == 7;
            String said = isFirst ? i % 2 == 0 ? "dawn" : "dusk" : isLast ? i % 2 == 0 ? "dusk" : "dawn" : "word" + (int) (8 * RNG.uniform(i * 10L + word));
            text.append(said).append(word == 5 ? ".\r\n" : " ");
        }
        return text.toString();
    }

    @BeforeEach
    void write() throws IOException {
        texts = folder.resolve("texts");
        model = folder.resolve("m.beras");
        List<String> rows = new ArrayList<>(List.of("size,review,stars"));
        for (int i = 0; i < TEXTS; i++) {
            Path file = texts.resolve(i % 2 == 0 ? "up" : "down").resolve(i + ".txt");
            Files.createDirectories(file.getParent());
            Files.writeString(file, text(i));
            rows.add(i % 7 + "," + (i % 50 == 9 ? "" : "\"" + text(i).replace("\r\n", " ") + "\"") + "," + (i % 2 + i % 7 % 2 * 2));
        }
        table = Files.write(folder.resolve("t.csv"), rows);
    }

    private Result train(Object... options) {
        return run("train", "--ensemble", 1, "--learning-rate", "0.01", options);
    }

    @Test
    void aFolderOfTextsForEachClassIsATable() throws IOException {
        Result trained = train("--data", texts, "--types", "text=sequence", "--epochs", 6, "--run", folder.resolve("run"), "--out", model);
        assertExit(Exit.DONE, trained);
        assertTrue(trained.err().contains("a sequence of 10 of 10 words"), trained::toString);
        assertTrue(trained.out().contains("Validation accuracy 1.0000 on 40"), trained::toString);
        Result asWords = train("--data", texts, "--epochs", 6, "--out", folder.resolve("w.beras"));
        assertTrue(asWords.out().contains("Validation accuracy 0."), asWords::toString);

        Result evaluated = run("evaluate", model, "--data", texts, "--rows", "validation");
        assertTrue(evaluated.out().contains("accuracy 1.0000 on 40 rows"), evaluated::toString);
        Path fresh = Files.createDirectory(folder.resolve("new"));
        Files.writeString(fresh.resolve("b.txt"), text(1000));
        Files.writeString(fresh.resolve("a.txt"), text(1001));
        Result predicted = run("predict", model, "--data", fresh, "--keep", "file");
        assertEquals("row,file,class\n1,a.txt,down\n2,b.txt,up\n", predicted.out(), predicted::toString);
        assertExit(Exit.DONE, run("verify", model));
    }

    /** Of a folder and of a column beside another, of one net and of several. */
    @ParameterizedTest
    @CsvSource({"folder, 1", "folder, 2", "column, 1", "column, 2"})
    void sequencesAreResumedAndVerifiedToTheBits(String data, int nets) throws IOException {
        assertExit(Exit.DONE, run("train", given(data), "--epochs", 3, "--run", folder.resolve("whole"), "--ensemble", nets));
        assertExit(Exit.DONE, run("train", given(data), "--epochs", 2, "--run", folder.resolve("parts"), "--ensemble", nets));
        assertExit(Exit.DONE, run("train", "--resume", folder.resolve("parts"), "--epochs", 3));
        assertArrayEquals(weights("whole"), weights("parts"));
        assertExit(Exit.DONE, run("verify", folder.resolve("parts").resolve("model.beras")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"folder", "column"})
    void sequencesAreTunedAndVerifiedToTheBits(String data) throws IOException {
        Result tuned = run("tune", given(data), "--trials", 3, "--epochs", 3, "--run", folder.resolve("tuned"));
        assertExit(Exit.DONE, tuned);
        assertTrue(tuned.out().matches("(?s).*8.0E-4 +dropout:0.3 .*"), tuned::toString); // the defaults
        assertTrue(run("info", folder.resolve("tuned").resolve("model.beras")).out().contains("Columns"), "a net that reads words");
        assertExit(Exit.DONE, run("train", given(data), "--config", folder.resolve("tuned").resolve("config.json"), "--run", folder.resolve("again")));
        assertExit(Exit.DONE, run("verify", folder.resolve("again").resolve("model.beras")));
        assertArrayEquals(weights("tuned"), weights("again"));
    }

    private Object[] given(String data) {
        return data.equals("folder") ? new Object[] {"--data", texts, "--types", "text=sequence"}
                : new Object[] {"--data", table, "--target", "stars", "--task", "classification", "--types", "review=sequence"};
    }

    private Object[] weights(String run) {
        Result info = run("info", folder.resolve(run).resolve("model.beras"), "--json");
        return new Object[] {info.objects().get(0).get("weights_sha256")};
    }

    /** The class follows from the text and from a number beside it; some texts are missing. */
    @Test
    void aColumnOfATableIsReadInTheOrderOfItsWords() throws IOException {
        Result trained = train("--data", table, "--target", "stars", "--task", "classification", "--types", "review=sequence,size=category",
                "--layers", "32:relu", "--epochs", 15, "--out", model);
        assertExit(Exit.DONE, trained);
        Result evaluated = run("evaluate", model, "--data", table, "--json");
        assertTrue(evaluated.objects().get(0).get("accuracy").getAsDouble() > 0.97, evaluated::toString);
        Result explained = run("explain", model, "--data", table);
        assertExit(Exit.DONE, explained);
        assertRefused(Exit.FAILED, "ONNX has no operator that splits a text into words, as column review needs",
                run("convert", model, "--out", folder.resolve("m.onnx")));
        assertRefused(Exit.FAILED, "Keras's format cannot express layer", run("convert", model, "--out", folder.resolve("m.keras")));
    }

    @Test
    void whatIsNoFolderOfTextsIsRefused() throws IOException {
        assertRefused(Exit.BAD_DATA, "Received: a folder of texts. Leave these options out", train("--data", texts, "--separator", "tab", "--out", model));
        Path parts = folder.resolve("parts");
        for (String part : List.of("train", "test")) {
            Files.createDirectories(parts.resolve(part).resolve("up"));
            Files.writeString(parts.resolve(part).resolve("up").resolve("1.txt"), "a text");
        }
        assertRefused(Exit.BAD_DATA, "Train with --data " + parts.resolve("train"), train("--data", parts, "--out", model));
        Files.writeString(texts.resolve("up").resolve("x.png"), "no picture");
        assertRefused(Exit.BAD_DATA, "x.png: expected a text, with a name that ends with .txt", train("--data", texts, "--out", model));
        assertRefused(Exit.BAD_DATA, "column 2 (review): expected text. Received: none with a letter or digit",
                train("--data", Files.writeString(folder.resolve("e.csv"), "a,review,y\n" + "1,!!,0\n2,??,1\n".repeat(9)), "--target", "y", "--types",
                        "review=sequence", "--out", model));
    }
}

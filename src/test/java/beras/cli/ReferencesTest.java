package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.ArchitectureTest;
import beras.cli.shell.CommandLinePage;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Terminal;
import beras.config.Config;
import beras.data.image.ImagePreprocessor;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.prediction.Calibration;
import beras.reference.CataloguePage;
import beras.reference.HttpPage;
import beras.reference.ModelFilePage;
import beras.reference.ResultCharts;
import beras.reference.SitePages;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of the reference and the charts are generated from the program and the results. */
@Tag("cli")
class ReferencesTest {

    private static final Path REFERENCE = Path.of("src/site/markdown/reference");
    private static final Pattern PICTURE = Pattern.compile("!\\[([^]]*)]\\(([^)]+)\\)");
    private static final String RENEW = "beras.references";

    @TempDir
    Path folder;

    @Test
    void commandLine() throws IOException {
        assertFresh("command-line.md", CommandLinePage.of(Main.commands("", new Console(OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(), Terminal.NONE))));
    }

    @Test
    void catalogue() throws IOException {
        assertFresh("catalogue.md", CataloguePage.of());
    }

    @Test
    void http() throws Exception {
        Map<String, SavedModel> models = new LinkedHashMap<>();
        models.put("a table", ModelFile.load(train("penguins.beras")));
        models.put("images", new SavedModel(new Sequential(1, new Input(784), new Dense(10, "softmax")))
                .preprocessor(ImagePreprocessor.ofNumbers(28, 28, 10)));
        assertFresh("http.md", HttpPage.of(models));
    }

    @Test
    void modelFile() throws Exception {
        Path run = folder.resolve("run");
        Path trained = train("trained.beras", "--run", run.toString());
        Path compiled = folder.resolve("compiled.beras");
        Sequential net = new Sequential(1, new Input(4), new Dense(2, "softmax"));
        net.compile("adam", "cross-entropy");
        ModelFile.save(net, compiled);
        Path calibrated = folder.resolve("calibrated.beras");
        ModelFile.save(new SavedModel(net).calibration(Calibration.of(Config.of("Calibration").with("temperature", 1.5).with("examples", 10))), calibrated);
        assertFresh("model-file.md", ModelFilePage.of(List.of(compiled, calibrated, run.resolve("last.beras"), trained)));
    }

    @Test
    void charts() throws IOException {
        for (Map.Entry<String, String> chart : ResultCharts.of(ArchitectureTest.MAY_USE).entrySet()) {
            assertFresh("../../resources/images/" + chart.getKey(), chart.getValue());
        }
    }

    /** Images follow the reader's light or dark scheme where they can, and have alternative text. */
    @Test
    void everyPictureIsShownWithWords() throws Exception {
        Set<Path> shown = new HashSet<>();
        for (Path page : SitePages.pages()) {
            for (MatchResult picture : PICTURE.matcher(Files.readString(page)).results().toList()) {
                assertTrue(picture.group(1).length() > 10, () -> page + ": " + picture.group());
                shown.add(page.resolveSibling(picture.group(2)).normalize());
            }
        }
        try (Stream<Path> files = Files.walk(REFERENCE.resolve("../../resources/images").normalize())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertTrue(shown.contains(file), () -> "no page shows " + file);
                if (file.toString().endsWith(".svg")) {
                    assertEquals("svg", DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getDocumentElement().getTagName());
                    assertTrue(Files.readString(file).contains("prefers-color-scheme"), file::toString);
                }
            }
        }
        assertTrue(shown.size() >= 25, shown::toString);
    }

    private Path train(String name, String... more) {
        Path file = folder.resolve(name);
        assertExit(Exit.DONE, Commands.run("train", "--data", "data/penguins.csv", "--target", "species",
                "--layers", "8:relu", "--ensemble", "1", "--epochs", "20", "--out", file, more));
        return file;
    }

    private static void assertFresh(String page, String made) throws IOException {
        Path file = REFERENCE.resolve(page).normalize();
        if (System.getProperty(RENEW) != null) {
            Files.writeString(file, made);
        }
        assertEquals(made, Files.exists(file) ? Files.readString(file) : "", () -> file + " is stale. To renew all of them: mvn test"
                + " -Dtest=ReferencesTest -D" + RENEW + "=renew");
    }
}

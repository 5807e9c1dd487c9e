package beras.bits;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batches;
import beras.kernels.KernelsOfThisBuild;
import beras.models.DataSource;
import beras.models.Model;
import beras.models.Models;
import beras.models.RecipeTraining;
import beras.models.TrainingData;
import beras.models.TrainingSet;
import beras.saving.Version;
import beras.sources.ImageOptions;
import beras.sources.ImageSource;
import beras.tables.TableTraining;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole trainings have the traces that {@code src/test/c/replay.c} has, which follows the page on the arithmetic alone. A change that
 * fails here is a change of every user's results: it needs another {@link Version#ARITHMETIC}, and with that traces of its own.
 */
@Tag("kernels")
@Tag("model")
class TrainingTraceTest implements KernelsOfThisBuild {

    private static final Path PAGE = Path.of("src/site/markdown/reference/arithmetic.md");
    private static final Path REPLAY = Path.of("src/test/c/replay.c");
    private static final Path GOLDEN = Path.of("src/test/resources/beras/bits/arithmetic-" + Version.ARITHMETIC);
    private static final Pattern SECTION = Pattern.compile("(?ms)^## ([^\n]+)\n(.*?)(?=^## |\\z)");
    private static final Set<String> WITHOUT_TESTS = Set.of("Notation", "What is left out");

    @ParameterizedTest
    @ValueSource(strings = {"relu", "tanh", "dropout", "penguins"})
    void traceIsThatOfTheSecondProgram(String name) throws IOException {
        Path golden = GOLDEN.resolve(name + ".trace");
        List<String> expected = Files.readAllLines(golden);
        assertEquals(expected.subList(1, expected.size()), trace(name).lines(), () -> golden
                + ": other bits are another arithmetic, whose version is to be raised, see src/test/c/check.sh");
    }

    /** As the first line of the golden trace describes it. */
    private static TrainingTrace trace(String name) throws IOException {
        Path digits = Path.of("data");
        Recipe recipe = new Recipe().seed(1).epochs(1);
        return switch (name) {
            case "relu" -> trace(ImageSource.of(digits, new ImageOptions()), recipe.layers("16:relu,10:softmax").epochs(2), 0);
            case "tanh" -> trace(ImageSource.of(digits, new ImageOptions()), recipe.layers("8:tanh,10:linear").loss("mse")
                    .optimizer("sgd(0.2, momentum=0.9)").schedule("one_cycle"), 0);
            case "dropout" -> trace(ImageSource.of(digits, new ImageOptions().validationSplit(0.1)), recipe.batchSize(32)
                    .layers("8:sigmoid,dropout:0.2,10:softmax").optimizer("adamw").with("l2", 0.0001).with("clipNorm", 0.5)
                    .with("initializer", "he_uniform"), 0);
            default -> trace(TableTraining.of(Path.of("data/penguins.csv"), "species"),
                    new Recipe().seed(1).ensemble(2).with("learningRate", 0.05).epochs(12), 2);
        };
    }

    private static TrainingTrace trace(DataSource source, Recipe given, int patience) throws IOException {
        TrainingData data = source.read(remark -> { });
        Recipe recipe = data.complete(given);
        Model model = Models.of(recipe, data.inputShape());
        TrainingSet set = data.open(remark -> { });
        RecipeTraining training = new RecipeTraining(recipe, set, model).stopEarly("loss", patience);
        Batches batches = set.training(recipe.batchSize(), recipe.seed(), recipe.ensemble());
        TrainingTrace trace = TrainingTrace.of(model, recipe, batches);
        training.fit(training.fitOptions().callbacks(trace));
        trace.end(model);
        return trace;
    }

    /** As the version is that of model files, a page or a program of another one would mislead. */
    @Test
    void versionIsThatOfThePageAndOfTheSecondProgram() throws IOException {
        assertTrue(Files.readString(PAGE).contains("**version " + Version.ARITHMETIC + "**"));
        assertTrue(Files.readString(REPLAY).contains("\n#define VERSION " + Version.ARITHMETIC + "\n"));
    }

    @Test
    void eachSectionNamesTestsThatAreThere() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            classes = files.map(file -> file.getFileName().toString().replace(".java", "")).collect(Collectors.toCollection(TreeSet::new));
        }
        Matcher section = SECTION.matcher(Files.readString(PAGE));
        int sections = 0;
        for (; section.find(); sections++) {
            String text = section.group(2);
            if (WITHOUT_TESTS.contains(section.group(1))) {
                continue;
            }
            int from = text.indexOf("\nTests: ");
            assertTrue(from >= 0, section.group(1));
            List<String> named = Pattern.compile("`(\\w+)`").matcher(text.substring(from)).results().map(each -> each.group(1)).toList();
            assertFalse(named.isEmpty(), section.group(1));
            assertTrue(classes.containsAll(named), () -> section.group(1) + ": " + named);
        }
        assertTrue(sections > 15);
    }
}

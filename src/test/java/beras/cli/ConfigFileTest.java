package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.training.TrainCommand;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tables.TinyTable;
import beras.training.Recipe;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Options of {@code train} in files. */
@Tag("cli")
class ConfigFileTest {

    @TempDir
    Path folder;
    private Path config;

    @BeforeEach
    void prepare() {
        config = folder.resolve("c.json");
    }

    private Result train(Object... args) {
        return run("train", "--json", args);
    }

    private Result train(Path data, String options, Path run) {
        List<Object> all = new ArrayList<>(List.of("--data", data, "--run", run));
        all.addAll(List.of(options.split(" ")));
        return train(all.toArray());
    }

    private static JsonObject json(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    private void assertRoundTrip(Path data, String options) throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        String hash = train(data, options, first).hash();
        assertEquals(hash, train("--config", first.resolve("config.json"), "--run", second).hash());
        assertEquals(json(first.resolve("config.json")), json(second.resolve("config.json")));
        Result other = train("--config", first.resolve("config.json"), "--seed", 9, "--out", folder.resolve("m"));
        assertNotEquals(hash, other.hash());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--epochs 1",
        "--epochs 2 --layers 16:tanh,dropout:0.1,10:softmax --initializer he_normal --l2 1e-4 --label-smoothing 0.1"
            + " --class-weight 1=2 --optimizer adamw --learning-rate 0.003 --lr-schedule cosine:warmup=1 --weight-decay 0.01"
            + " --clip-norm 1 --batch-size 50 --early-stopping 5 --augment --validation-split 0.2 --seed 4",
        "--epochs 2 --augment --outliers 0.3 --validation-split 0.2",
        "--epochs 2 --ema --reduce-lr 1 --validation-split 0.2 --optimizer sgd --loss mse"})
    void theConfigOfARunOnImagesGivesTheSameWeights(String options) throws IOException {
        assertRoundTrip(TinyDigits.write(folder.resolve("digits")), options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--target kind --epochs 3", "--target kind --types age=category,id=ignored --class-weight balanced --epochs 2"
            + " --layers 8:relu,3:linear --loss mse", "--target kind --shuffle-buffer 20 --epochs 2 --layers 8:tanh,3:softmax --batch-size 7"
            + " --label-smoothing 0.1 --class-weight odd=5 --lr-schedule cosine --early-stopping 1 --validation-split 0.5"})
    void theConfigOfARunOnATableGivesTheSameWeights(String options) throws IOException {
        assertRoundTrip(TinyTable.kinds(folder.resolve("kinds.csv.gz")), options);
    }

    @Test
    void theConfigOfARunSaysWhatWasSaidAndTheModelAllThatFollowed() throws IOException {
        Path data = TinyTable.prices(folder.resolve("prices.csv"));
        assertExit(Exit.DONE, train(data, "--target price --epochs 1", folder.resolve("run")));
        JsonObject written = json(folder.resolve("run/config.json"));
        assertEquals(Set.of("data", "target", "epochs"), written.keySet(), "only what was said: the rest follows from that");
        assertTrue(written.getAsJsonPrimitive("epochs").isNumber());
        SavedModel saved = ModelFile.load(folder.resolve("run/model.beras"));
        Recipe recipe = saved.recipe().orElseThrow();
        assertEquals(3, recipe.makeLayers().size());
        assertEquals(64, recipe.batchSize());
        assertEquals(0.1, recipe.validationSplit());
        assertEquals("regression", saved.provenance().get("task"));
        assertEquals("all", saved.provenance().get("shuffle_buffer"));
    }

    /** All options of the line, except for outputs, permission to replace, and other files of options. */
    @Test
    void everyOptionCanStandInAFile() throws IOException {
        Set<String> names = new TreeSet<>();
        for (OptionSpec option : new CommandLine(new TrainCommand()).getCommandSpec().options()) {
            names.add(Usage.name(option));
        }
        names.removeAll(Set.of("config", "help", "force", "resume", "out", "run"));
        Files.writeString(config, "{\"nothing\": 1}");
        Result refused = train("--config", config);
        String known = refused.err().lines().findFirst().orElseThrow().replaceFirst(".*, only ", "");
        assertEquals(names, new TreeSet<>(List.of(known.split(", "))));
        assertRefused(Exit.USAGE, config + ": there is no option \"nothing\", only data, target,", refused);
    }

    /** Options with a value for each name may be an object. */
    @Test
    void typesAndWeightsMayBeObjects() throws IOException {
        Path data = TinyTable.kinds(folder.resolve("kinds.csv"));
        Files.writeString(config, "{\"types\": {\"age\": \"category\", \"id\": \"ignored\"}, \"class-weight\": {\"odd\": 5}}");
        Result objects = train("--config", config, "--data", data, "--target", "kind", "--epochs", 2, "--out", folder.resolve("a.beras"));
        Result said = train("--types", "age=category,id=ignored", "--class-weight", "odd=5", "--data", data, "--target", "kind",
                "--epochs", 2, "--out", folder.resolve("b.beras"));
        assertEquals(said.hash(), objects.hash());
        Result without = train("--types", "age=category,id=ignored", "--data", data, "--target", "kind", "--epochs", 2, "--out",
                folder.resolve("c.beras"));
        assertNotEquals(without.hash(), objects.hash());
    }

    @Test
    void whatIsSaidOnTheLineComesFirst() throws IOException {
        Path data = TinyTable.kinds(folder.resolve("kinds.csv"));
        Path model = folder.resolve("m.beras");
        Files.writeString(model, "to be replaced");
        Files.writeString(config, "{\"data\": \"nowhere\", \"target\": \"kind\", \"epochs\": 3, \"json\": true,"
                + " \"validation-split\": \"0.3\"}");
        Result result = run("train", "--config", config, "--data", data, "--out", model, "--force");
        assertEquals(3, result.summary().get("epochs").getAsInt(), result::toString);
        Result again = run("train", "--epochs=4", "--force", "--json", "--config=" + config, "--data", data, "--out=" + model);
        assertEquals(4, again.summary().get("epochs").getAsInt());
        assertRefused(Exit.USAGE, model + " exists already", run("train", "--config", config, "--data", data, "--out",
                model));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2 | {\"epoch\": 3}              | there is no option \"epoch\", only",
        "2 | {\"config\": \"a.json\"}    | c.json: \"config\" is not taken from a file. Give --config on the command line",
        "2 | {\"help\": true}            | c.json: \"help\" is not taken from a file",
        "2 | {\"force\": true}           | c.json: \"force\" is not taken from a file",
        "2 | {\"out\": \"a.beras\"}       | c.json: \"out\" is not taken from a file. Give --out on the command line",
        "2 | {\"run\": [\"a\"]}           | c.json: \"run\" is not taken from a file. Give --run on the command line",
        "2 | {\"resume\": \"a\"}          | c.json: \"resume\" is not taken from a file",
        "2 | {\"epochs\": 3, \"epochs\": 3} | \"epochs\" is there twice",
        "2 | {\"epochs\": \"many\"}      | c.json: Invalid value for option '--epochs'",
        "2 | {\"layers\": \"8:zelu\"}    | c.json: Invalid value for option '--layers'",
        "2 | {\"epochs\": 0}             | Invalid value for option '--epochs': it must be at least 1. Received: 0",
        "3 | {\"epochs\": null}          | Received: NULL at $.epochs, which must be a text, a number, true or false",
        "3 | {\"epochs\": [[3]]}         | Received: BEGIN_ARRAY at $.epochs[0]",
        "3 | {epochs: 3}                 | expected a JSON object of options, such as {\"epochs\": 5}. Received:",
        "3 | epochs: 3                   | Received: malformed JSON at line 1 column 1 path $",
        "3 | [3]                         | expected a JSON object of options",
        "3 | {} {}                       | expected a JSON object of options",
        "3 | {\"epochs\": 3              | expected a JSON object of options",
        "3 | ''                          | expected a JSON object of options",
    })
    void whatIsNoConfigIsRefused(int exit, String text, String message) throws IOException {
        Files.writeString(config, text);
        Result result = train("--config", config, "--out", folder.resolve("m"));
        assertRefused(exit, message, result);
        assertTrue(exit == Exit.USAGE || result.err().startsWith("beras: " + config + ": "), result::toString);
        assertFalse(result.err().contains("Strictness") || result.err().contains("https:"), result::toString); // advice to programmers
    }

    @Test
    void aMissingConfigIsRefused() {
        assertRefused(Exit.BAD_DATA, config + ": there is no such file", train("--config", config));
        assertRefused(Exit.BAD_DATA, folder + ": expected a JSON object", train("--config", folder));
    }
}

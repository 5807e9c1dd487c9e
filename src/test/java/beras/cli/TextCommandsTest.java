package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts: trained on, continued, evaluated. */
@Tag("cli")
class TextCommandsTest {

    private static final String TEXT = "the quick brown fox jumps over the lazy dog.\nand the dog sleeps on.\n".repeat(12);
    private static final List<String> SMALL = List.of("--layers", "gru(24, return_sequences=true)", "--context", "12", "--learning-rate", "0.02");

    @TempDir
    Path folder;
    private Path text;
    private Path model;

    @BeforeEach
    void write() throws IOException {
        text = Files.writeString(folder.resolve("t.txt"), TEXT);
        model = folder.resolve("m.beras");
    }

    private Result train(Object... options) {
        return run("train", "--data", text, SMALL, "--out", model, options);
    }

    @Test
    void aNetLearnsATextAndContinuesIt() throws IOException {
        Result trained = train("--epochs", 25);
        assertExit(Exit.DONE, trained);
        assertTrue(trained.out().contains("Validation perplexity 1."), trained::toString);
        assertTrue(trained.err().contains("30 different: characters; the last 81 are held out"), trained::toString);
        Result written = run("generate", model, "--prompt", "the quick", "--length", 30, "--temperature", 0);
        assertEquals("the quick brown fox jumps over the dog \n", written.out());
        Result one = run("generate", model, "--temperature", 2);
        assertEquals(501, one.out().length());
        assertEquals(one.out(), run("generate", model, "--temperature", 2).out());
        assertNotEquals(one.out(), run("generate", model, "--temperature", 2, "--seed", 2).out());
        assertNotEquals(one.out(), run("generate", model, "--temperature", 2, "--top-k", 2).out());
        assertEquals(run("generate", model, "--temperature", 0).out(), run("generate", model, "--top-p", "0.001").out());

        JsonObject held = run("evaluate", model, "--data", text, "--json").objects().get(0);
        assertEquals(72, held.get("tokens").getAsInt());
        assertEquals(StrictMath.exp(held.get("loss").getAsDouble()), held.get("perplexity").getAsDouble(), 1e-6);
        Path other = Files.writeString(folder.resolve("o.md"), "the fox sleeps, the dog jumps \u00e7 ".repeat(3));
        Result evaluated = run("evaluate", model, "--data", other);
        assertTrue(evaluated.err().contains("o.md: 6 of 96 tokens are not in the vocabulary of the model: [,, \u00e7]"), evaluated::toString);
        assertTrue(evaluated.out().startsWith("Loss (sparse_categorical_crossentropy) "), evaluated::toString);
        Result info = run("info", model);
        assertTrue(info.out().contains("Continues a text by 30 different tokens, characters, of which it sees 12"), info::toString);
        assertExit(Exit.DONE, run("verify", model));

        assertRefused(Exit.USAGE, "Received besides: \"Z\", \"\u00e4\"", run("generate", model, "--prompt", "Z\u00e4Z the"));
        assertRefused(Exit.USAGE, "'--top-p': topP must be above 0", run("generate", model, "--top-p", 0));
        assertRefused(Exit.USAGE, "'--sample': it must be at least 1", train("--sample", 0));
        assertRefused(Exit.USAGE, "'--length': it must be at least 1", run("generate", model, "--length", 0));
        assertRefused(Exit.USAGE, "'--plots': it applies to", run("evaluate", model, "--data", text, "--plots", folder.resolve("p")));
        assertRefused(Exit.USAGE, "'--data': it must name a text", run("evaluate", model));
        for (String command : List.of("predict", "serve", "explain", "relay")) {
            Object[] data = command.equals("serve") ? new Object[0] : command.equals("explain") ? new Object[] {"--data", text} : new Object[] {text};
            assertRefused(Exit.BAD_DATA, "generate " + model, run(command, model, data));
        }
    }

    @Test
    void aResumedTrainingGivesTheSameBits() throws IOException {
        Path run = folder.resolve("run");
        String hash = train("--epochs", 4, "--optimizer", "adam", "--json").hash();
        Result sampled = run("train", "--data", text, SMALL, "--epochs", 2, "--optimizer", "adam", "--run", run, "--sample", 7);
        String written = run("generate", run.resolve("model.beras"), "--length", 7).out();
        assertTrue(sampled.err().contains(written.substring(1)), sampled::toString); // after the last epoch
        String report = Files.readString(run.resolve("report.html"));
        String[] samples = report.split("(?s)(Before|After) training</h3>\\s*<pre tabindex=.0.>");
        assertTrue(report.contains("perplexity") && samples.length == 3, report);
        String sample = run("generate", run.resolve("model.beras"), "--length", 300).out();
        assertTrue(samples[2].startsWith(sample.substring(0, 299)), () -> samples[2] + sample);
        assertFalse(samples[1].startsWith(sample.substring(0, 20)), samples[1]);
        assertEquals(hash, run("train", "--resume", run, "--epochs", 4, "--sample", 3, "--json").hash());
        assertEquals(hash, run("train", "--config", run.resolve("config.json"), "--epochs", 4, "--out", folder.resolve("c.beras"), "--json")
                .hash());
        Files.writeString(text, TEXT + "more");
        assertRefused(Exit.BAD_DATA, "other data, by their SHA-256", run("train", "--resume", run, "--epochs", 5));
    }

    /** The report shows what each token of the first held-out window attends to: none to later ones, the first to itself alone. */
    @Test
    void theReportShowsTheAttentionOfAWindow() throws IOException {
        Path run = folder.resolve("run");
        assertExit(Exit.DONE, run("train", "--data", text, "--layers", "transformer_block(2, 16, causal=true), layer_norm", "--context", 40,
                "--epochs", 1, "--run", run));
        String report = Files.readString(run.resolve("report.html"));
        String chart = report.substring(report.indexOf("<h2>Attention</h2>"));
        String held = TEXT.substring(TEXT.length() - (int) (TEXT.length() * 0.1)).replace(' ', '\u2423').replace('\n', '\u21b5');
        assertTrue(chart.contains("What each of 32 tokens attends to") && chart.contains(held.charAt(0) + " attends to " + held.charAt(0) + ": 100 %"),
                chart);
        List<String> cells = Pattern.compile("<title>. attends to .: [^<]+</title>\\s*<rect class=\"right h").matcher(chart).results()
                .map(MatchResult::group).toList();
        assertTrue(cells.size() > 32 && cells.size() <= 32 * 33 / 2, cells::toString);
        assertTrue(cells.get(cells.size() - 1).startsWith("<title>" + held.charAt(31) + " attends to "), cells::toString);
        assertExit(Exit.DONE, run("train", "--data", text, SMALL, "--epochs", 1, "--run", folder.resolve("other")));
        assertFalse(Files.readString(folder.resolve("other/report.html")).contains("Attention"), "a net without attention");
    }

    @Test
    void wordsAndPairsAreTokensToo() throws IOException {
        Path packed = folder.resolve("t.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(TEXT.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        for (String tokens : List.of("words", "words=9", "byte-pairs=40")) {
            Result trained = run("train", "--data", packed, SMALL, "--epochs", 12, "--tokens", tokens, "--out", model, "--force");
            assertExit(Exit.DONE, trained);
            assertEquals(tokens.equals("words=9"), trained.err().contains(" that are none of the most frequent"), trained::toString);
            Result written = run("generate", model, "--prompt", " dog", "--length", 20, "--temperature", 0.5);
            assertExit(Exit.DONE, written);
            assertFalse(written.out().contains("\uFFFD"), written::toString);
        }
        Result words = run("train", "--data", packed, SMALL, "--tokens", "words", "--epochs", 12, "--out", model, "--force");
        assertExit(Exit.DONE, words);
        assertRefused(Exit.USAGE, "\" cat\"", run("generate", model, "--prompt", "the cat"));
    }

    @Test
    void eachNetHasDefaults() {
        for (String net : List.of("transformer", "lstm", "gru")) {
            Result trained = run("train", "--data", text, "--net", net, "--context", 8, "--epochs", 1, "--out", folder.resolve(net));
            assertExit(Exit.DONE, trained);
            Result written = run("generate", folder.resolve(net), "--length", 20); // more than the context
            assertEquals(21, written.out().length(), written::toString);
        }
        assertExit(Exit.DONE, train("--epochs", 1, "--validation-split", 0, "--ensemble", 2, "--metrics", "accuracy"));
        assertExit(Exit.DONE, run("generate", model, "--length", 3));
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        Path shortText = Files.writeString(folder.resolve("short.txt"), "to be or not to be");
        assertRefused(Exit.BAD_DATA, "expected a text of at least 650 tokens", run("train", "--data", shortText, "--out", model));
        assertRefused(Exit.BAD_DATA, "Received: 18. Take a longer text, or a shorter --context",
                run("train", "--data", shortText, "--validation-split", 0, "--out", model));
        assertRefused(Exit.BAD_DATA, "expected text. Received: a byte of 0",
                run("train", "--data", Files.write(folder.resolve("b.txt"), new byte[100]), "--out", model));
        assertRefused(Exit.BAD_DATA, "there is no such file", run("train", "--data", folder.resolve("none.txt"), "--out", model));
        assertRefused(Exit.USAGE, "'--types': it applies to tables", train("--types", "a=text"));
        assertRefused(Exit.USAGE, "'--class-weight': it applies to", train("--class-weight", "balanced"));
        assertRefused(Exit.USAGE, "'--augment': it applies to images", train("--augment"));
        assertRefused(Exit.USAGE, "'--tokens': they are characters, words or byte-pairs", train("--tokens", "letters"));
        assertRefused(Exit.USAGE, "'--tokens': they are characters, words or byte-pairs", train("--tokens", "words=1"));
        assertRefused(Exit.USAGE, "'--context': it must be at least 1", run("train", "--data", text, "--context", 0, "--out", model));
        assertRefused(Exit.USAGE, "'--net': it must be one of transformer, lstm, gru. Received: lenet",
                run("train", "--data", text, "--net", "lenet", "--out", model));
        assertRefused(Exit.USAGE, "'--context': it applies to texts",
                run("train", "--data", TinyDigits.write(folder.resolve("digits")), "--context", 3, "--out", model));
        assertRefused(Exit.USAGE, "'--loss': mse is not for labels as numbers", train("--loss", "mse"));
        assertRefused(Exit.USAGE, "'--loss': it is from logits", train("--loss", "sparse_categorical_crossentropy"));
        for (String peeking : List.of("bidirectional(gru(8, return_sequences=true))", "transformer_block(2, 16)")) {
            Result refused = run("train", "--data", text, "--layers", peeking, "--context", 12, "--out", model);
            assertRefused(Exit.USAGE, "'--layers': a net that writes a text sees no later tokens", refused);
        }
        Result last = run("train", "--data", text, "--layers", "gru(8)", "--context", 12, "--out", model);
        assertRefused(Exit.BAD_DATA, "recurrent layers have return_sequences=true, and the last layer has 30 units", last);
        assertRefused(Exit.BAD_DATA, "expected a model that was trained on a text", run("generate", digitModel(), "--prompt", "a"));
        assertFalse(Files.exists(model));
    }

    private Path digitModel() throws IOException {
        Path digits = folder.resolve("d.beras");
        assertExit(Exit.DONE, run("train", "--data", folder.resolve("digits"), "--epochs", 1, "--layers", "10:softmax", "--out", digits));
        return digits;
    }
}

package beras.cli;

import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import beras.cli.terminal.Exit;
import beras.saving.ModelFile;
import beras.tables.TinyTable;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands as processes whose standard output is a full disk, closed, or a pipe, and in other locales. */
@Tag("cli")
class ProcessTest {

    private static final int MINUTES = 2;
    private static final String LOST = "beras: standard output: ";

    @TempDir
    Path folder;

    private record Result(int exit, String out, String err) {}

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue("true".equals(System.getenv("CI")) || Files.exists(Path.of("/dev/full")) && Files.exists(Path.of("/bin/bash")),
                "needs bash and /dev/full");
        TinyDigits.write(folder.resolve("data"));
        assertEquals(Exit.DONE, Commands.run("train", "--data", folder.resolve("data"), "--epochs", 1, "--out",
                folder.resolve("m.beras")).exit());
    }

    /** Runs a line in a shell in which {@code beras} is the command; with {@code EXEC=exec} it takes the place of its shell. */
    private Result shell(String line) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String script = "beras() { $EXEC '" + java + "' -cp '" + System.getProperty("java.class.path") + "' " + Main.class.getName()
                + " \"$@\"; }\n" + line;
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "-c", script).directory(folder.toFile())
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(MINUTES, TimeUnit.MINUTES), "The process did not end");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "predict m.beras data/t10k-images-idx3-ubyte.gz | > /dev/full",
        "predict m.beras data/t10k-images-idx3-ubyte.gz | >&-",
        "evaluate m.beras                               | > /dev/full",
        "evaluate m.beras --json                        | >&-",
        "train --epochs 1 --json                                | > /dev/full",
        "train --epochs 1                                       | >&-",
        "train --help                                           | > /dev/full",
    })
    void resultsThatAreLostAreAFailure(String command, String output) throws Exception {
        Result result = shell("beras " + command + " " + output);
        assertEquals(Exit.FAILED, result.exit, result::toString);
        String last = result.err.lines().reduce((before, line) -> line).orElse("");
        assertTrue(last.startsWith(LOST) && last.contains("What was printed after the first 0 bytes is lost"), result::toString);
        if (command.startsWith("train --epochs")) {
            assertEquals(4, ModelFile.load(folder.resolve("model.beras")).model().weights().size(), "the model is saved");
        }
    }

    @Test
    void aReaderThatGoesAwayIsNoFailure() throws Exception {
        Result predict = shell("beras predict m.beras data/train-images-idx3-ubyte.gz | head -n 1; echo ${PIPESTATUS[0]}");
        assertEquals(2, predict.out.lines().count(), predict::toString);
        assertTrue(predict.out.endsWith("\n0\n"), predict::toString);
        assertFalse(predict.err.contains("beras:"), predict::toString);
        Result train = shell("beras train --epochs 3 | true; echo ${PIPESTATUS[0]}");
        assertEquals("0\n", train.out, train::toString);
        assertFalse(train.err.contains("beras:"), train::toString);
        assertTrue(Files.exists(folder.resolve("model.beras")), "training goes on");
    }

    @Test
    void textIsUtf8InEveryLocale() throws Exception {
        StringBuilder table = new StringBuilder("x,y\n");
        for (int i = 0; i < 60; i++) {
            table.append(i % 5).append(i % 5 < 2 ? ",é\n" : ",東\n");
        }
        Files.writeString(folder.resolve("t.csv"), table);
        Files.writeString(folder.resolve("unknown.csv"), "x,y\n1,ß\n");
        Result result = shell("export LC_ALL=C; beras train --data t.csv --target y --epochs 1 --out t.beras > /dev/null;"
                + " beras evaluate t.beras --data t.csv --json; beras predict t.beras --data t.csv | tail -n 1;"
                + " beras evaluate t.beras --data unknown.csv");
        List<String> lines = result.out.lines().toList();
        assertEquals(2, lines.size(), result::toString);
        assertEquals("[\"é\",\"東\"]", JsonParser.parseString(lines.get(0)).getAsJsonObject().get("labels").toString());
        assertTrue(lines.get(1).matches("60,[é東]"), result::toString);
        assertTrue(result.err.contains("one of é, 東. Received: \"ß\""), result::toString);
        assertEquals(Exit.BAD_DATA, result.exit);
    }

    /** Java would write to a file of another name. */
    @Test
    void aNameThatIsLostInTheLocaleIsRefused() throws Exception {
        Result result = shell("export LC_ALL=C; beras info \"$(printf '\\303\\251').beras\"; export LC_ALL=C.UTF-8;"
                + " beras train --epochs 1 --out \"$(printf '\\377').beras\"; ls *.beras");
        assertEquals("m.beras\n", result.out, result::toString);
        List<String> errors = result.err.lines().filter(line -> line.startsWith("beras: ")).toList();
        assertTrue(errors.get(0).startsWith("beras: Invalid value for positional parameter at index 0 (MODEL): expected a name in the"
                + " encoding of this"
                + " system's names, ANSI_X3.4-1968. Received: ") && errors.get(0).endsWith(".beras. Set LC_ALL=C.UTF-8"),
                result::toString);
        assertEquals("beras: Invalid value for option '--out': expected a name in the encoding of this system's names, UTF-8."
                + " Received: \ufffd.beras. Rename the file", errors.get(1), result::toString);
    }

    @Test
    void pipesAreReadOnceOrRefusedClearly() throws Exception {
        TinyTable.kinds(folder.resolve("kinds.csv"));
        Result train = shell("beras train --data <(cat kinds.csv) --target kind --epochs 1 --out k.beras");
        assertEquals(Exit.BAD_DATA, train.exit, train::toString);
        assertTrue(train.err.contains("a table to train on may have to be read again"), train::toString);
        Result model = shell("beras predict <(cat m.beras) data/t10k-images-idx3-ubyte.gz");
        assertEquals(Exit.BAD_DATA, model.exit, model::toString);
        assertTrue(model.err.contains("a model is read from a file, not from a pipe"), model::toString);
        assertEquals(Exit.DONE, Commands.run("train", "--data", folder.resolve("kinds.csv"), "--target", "kind", "--epochs", 1,
                "--out", folder.resolve("k.beras")).exit());
        String whole = shell("beras evaluate k.beras --data kinds.csv --json").out;
        assertEquals(whole, shell("beras evaluate k.beras --data <(cat kinds.csv) --json").out);
        String images = shell("beras predict m.beras data/t10k-images-idx3-ubyte.gz").out;
        assertEquals(images, shell("beras predict m.beras <(cat data/t10k-images-idx3-ubyte.gz)").out);
        assertEquals(TinyDigits.TEST, images.lines().count());
    }

    /** In a pipe; its copy during training is in memory, or in a file without a name that others could open. */
    @Test
    void standardInputIsReadAndLeavesNothing() throws Exception {
        TinyTable.kinds(folder.resolve("kinds.csv"));
        Files.createDirectory(folder.resolve("tmp"));
        String own = "export JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=tmp; ";
        Result piped = shell(own + "cat kinds.csv | beras train --data - --target kind --epochs 1 --out k.beras --json | tail -n 1; gzip <"
                + " kinds.csv | beras predict k.beras --data - --format jsonl --keep id | head -n 3; ls -A tmp | wc -l");
        List<String> lines = piped.out.lines().toList();
        assertEquals(5, lines.size(), piped::toString);
        assertTrue(lines.get(1).startsWith("{\"row\":1,\"id\":\"1000\",\"kind\":"), piped::toString);
        assertEquals("0", lines.get(4).strip(), piped::toString);
        assertFalse(piped.err.contains("beras:"), piped::toString);
        assertEquals(lines.get(0).replaceFirst(".*weights_sha256", ""), shell("beras train --data kinds.csv --target kind --epochs 1 --out"
                + " k.beras --force --json | tail -n 1").out.strip().replaceFirst(".*weights_sha256", ""));
        Result ended = shell(own + "(EXEC=exec; echo $BASHPID > pid; beras train --data - --target kind --epochs 1000000 --out e.beras --json"
                + " < kinds.csv) | { read line; ls -A tmp | wc -l; kill -TERM $(cat pid); cat > /dev/null; }; echo ${PIPESTATUS[0]};"
                + " ls -A tmp | wc -l");
        assertEquals(List.of("0", "143", "0"), ended.out.lines().map(String::strip).toList(), ended::toString);
        assertTrue(Files.exists(folder.resolve("e.beras")), ended::toString);
    }
}

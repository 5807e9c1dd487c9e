package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.tables.TinyTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output of commands does not depend on the language and the time zone of the machine, nor do plots. */
@Tag("cli")
class LocaleTest {

    private static final String CONFUSION = "confusion.svg";

    @TempDir
    private static Path folder;

    private static Path kinds;
    private static Path prices;

    @BeforeAll
    static void train() throws IOException {
        kinds = TinyTable.kinds(folder.resolve("kinds.csv"));
        prices = TinyTable.prices(folder.resolve("prices.csv"));
        for (String target : List.of("kind", "price")) {
            Commands.assertExit(Exit.DONE, run("train", "--data", table(target), "--target", target, "--epochs", 4,
                    "--out", model(target), "--run", folder.resolve(target + "-run")));
        }
    }

    private static Path table(String target) {
        return target.equals("kind") ? kinds : prices;
    }

    private static Path model(String target) {
        return folder.resolve(target + ".beras");
    }

    /** All that is written to a folder or printed, by the name of the file or the command. */
    private static Map<String, byte[]> written() throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        Path out = Files.createDirectory(folder.resolve("out"));
        Path run = folder.resolve("kind-run");
        for (List<Object> command : List.<List<Object>>of(
                List.of("evaluate", model("price"), "--data", prices, "--plots", out),
                List.of("evaluate", model("kind"), "--data", kinds, "--plots", out),
                List.of("explain", model("kind"), "--data", kinds, "--plots", out, "--repeats", 1),
                List.of("predict", model("price"), "--data", prices), List.of("inspect", kinds, "--target", "kind"),
                List.of("compare", run, folder.resolve("price-run"), "--out", out.resolve("both.html")))) {
            Result result = run(command.toArray());
            Commands.assertExit(Exit.DONE, result);
            all.put(command.toString(), result.out().getBytes(StandardCharsets.UTF_8));
        }
        all.put("report.html", Files.readAllBytes(run.resolve("report.html")));
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.toList()) {
                all.put(file.getFileName().toString(), Files.readAllBytes(file));
                Files.delete(file);
            }
        }
        Files.delete(out);
        return all;
    }

    private static List<String> differences(Map<String, byte[]> one, Map<String, byte[]> other) {
        assertEquals(one.keySet(), other.keySet());
        return one.keySet().stream().filter(name -> !Arrays.equals(one.get(name), other.get(name))).toList();
    }

    @Test
    void nothingFollowsTheLanguageOrTheTimeZone() throws Exception {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.ROOT);
            TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
            Map<String, byte[]> expected = written();
            assertTrue(expected.keySet().containsAll(List.of("roc.svg", "dependence1.svg", "residuals.svg", "both.html")),
                    () -> expected.keySet().toString());
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertEquals(List.of(), differences(expected, written()));
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals(List.of(), differences(expected, written()));
            Path plots = folder.resolve("plots");
            FreshJvm.run(List.of("-Duser.language=ar", "-Duser.country=EG"), Main.class, "evaluate", model("kind"), "--data",
                    kinds, "--plots", plots);
            assertArrayEquals(expected.get(CONFUSION), Files.readAllBytes(plots.resolve(CONFUSION)), "a process has another default");
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }
}

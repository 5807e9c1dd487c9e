package beras.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.Commands.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages of the tour do what they say. Of the blocks between fences, {@code sh} is run by a shell, in the order of the page, in
 * a folder with what the top folder has; {@code java} is a program, which is saved under the name of its class, or a part of a
 * source that the page links to; and one without a language is what the commands before it print, times aside, with {@code ...}
 * for what is left out.
 */
@Tag("jar")
class TourTest {

    private static final Path PAGES = Path.of("src/site/tour");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
    private static final Pattern CLASS = Pattern.compile("(?m)^public (?:final )?class (\\w+)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)");
    private static final String GAP = "...\n";
    private static final String TIMES = "[0-9.]+ s\\b(, [0-9]+ examples/s)?";

    @TempDir
    Path folder;

    private record Block(String language, String text) {}

    static List<String> pages() throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static List<Block> blocks(String page) throws IOException {
        return BLOCK.matcher(Files.readString(PAGES.resolve(page))).results().map(found -> new Block(found.group(1), found.group(2)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandsPrintWhatIsShown(String page) throws Exception {
        for (String name : List.of("beras", "beras.jar", "data")) {
            Files.createSymbolicLink(folder.resolve(name), Path.of(name).toAbsolutePath());
        }
        StringBuilder script = new StringBuilder("set -e\nexec 2>&1\n");
        List<String> shown = new ArrayList<>(); // after each block of commands; empty: nothing
        for (Block block : blocks(page)) {
            switch (block.language) {
                case "java" -> saveIfProgram(block.text);
                case "sh" -> {
                    script.append("printf '\\036'\n").append(block.text);
                    shown.add("");
                }
                default -> {
                    assertEquals("", block.language, "the language of a block");
                    shown.set(shown.size() - 1, block.text);
                }
            }
        }
        Result result = run(script.toString());
        String[] outputs = result.out().split("\036", -1);
        assertEquals(0, result.exit(), () -> page + ":\n" + result.out());
        assertEquals(shown.size(), outputs.length - 1, result::out);
        for (int i = 0; i < shown.size(); i++) {
            assertShown(page, shown.get(i), outputs[i + 1]);
        }
        for (String name : List.of("beras", "beras.jar", "data")) {
            Files.delete(folder.resolve(name)); // JUnit warns of links that lead out of its folders
        }
    }

    private void saveIfProgram(String text) throws IOException {
        Matcher name = CLASS.matcher(text);
        if (name.find()) {
            Files.writeString(folder.resolve(name.group(1) + ".java"), text);
        }
    }

    private Result run(String script) throws IOException, InterruptedException {
        String java = System.getProperty("java.home");
        try (JarProcess process = JarProcess.startCommand(folder,
                Map.of("JAVA_HOME", java, "PATH", Path.of(java, "bin") + ":" + System.getenv("PATH")), List.of("sh", "-c", script))) {
            return process.end();
        }
    }

    private static void assertShown(String page, String shown, String output) {
        String rest = withoutTimes(output);
        for (String part : ("\n" + withoutTimes(shown)).split("\n" + Pattern.quote(GAP))) {
            String lines = part.startsWith("\n") ? part.substring(1) : part;
            int at = ("\n" + rest).indexOf("\n" + lines);
            assertTrue(at >= 0, () -> page + " shows\n" + lines + "\nbut the commands before it printed\n" + output);
            rest = rest.substring(at + lines.length());
        }
    }

    private static String withoutTimes(String text) {
        return text.replaceAll(TIMES, "TIME");
    }

    @Test
    void aWrongLineIsSeen() {
        assertShown("page", "a\n...\nc 2 s\n", "0\na\nb\nc 1.5 s\nd\n");
        for (String wrong : List.of("b\n...\na\n", "a\nc TIME\n", "e\n", "a\nb\nb\n", "x\na\n")) {
            boolean seen = false;
            try {
                assertShown("page", wrong, "0\na\nb\nc 1.5 s\nd\n");
            } catch (AssertionError e) {
                seen = true;
            }
            assertTrue(seen, wrong);
        }
    }

    /** What is not a program stands in a source that the page links to. */
    @ParameterizedTest
    @MethodSource("pages")
    void partsOfSourcesAreWhatStandsThere(String page) throws IOException {
        List<String> sources = links(page).stream().filter(link -> link.endsWith(".java")).map(TourTest::read).toList();
        for (Block block : blocks(page)) {
            if (block.language.equals("java") && !CLASS.matcher(block.text).find()) {
                assertTrue(sources.stream().anyMatch(source -> source.contains("\n" + block.text)), () -> "in no source:\n" + block.text);
            }
        }
    }

    private static String read(String link) {
        try {
            return Files.readString(PAGES.resolve(link));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(String page) throws IOException {
        List<String> links = links(page);
        assertFalse(links.isEmpty());
        links.forEach(link -> assertTrue(Files.exists(PAGES.resolve(link)), link));
    }

    private static List<String> links(String page) throws IOException {
        return LINK.matcher(Files.readString(PAGES.resolve(page))).results().map(found -> found.group(1)).toList();
    }
}

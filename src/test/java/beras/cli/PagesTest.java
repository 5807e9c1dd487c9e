package beras.cli;

import static beras.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.Commands.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The README and the pages of the site do what they say. Of the blocks between fences, {@code sh} is run by a shell, but for lines
 * of Maven, in the order of the page, in a folder with what the top folder has; {@code console} shows commands that need other data
 * or much time, {@code python} the other side of a migration; {@code java} is a program, which is saved under the name of its
 * class, or a part of a source that the page links to; and one without a language is what the commands before it print, times aside,
 * with {@code ...} for what is left out.
 */
@Tag("jar")
@Tag("process")
class PagesTest {

    private static final Path README = Path.of("README.md");
    private static final Path SITE = Path.of("src/site/markdown");
    private static final List<String> TOP = List.of("beras", "beras.jar", "data");
    private static final Set<String> NOT_RUN = Set.of("console", "python", "xml");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
    private static final Pattern CLASS = Pattern.compile("(?m)^public (?:final )?class (\\w+)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z0-9][a-z0-9-]*");
    /** A file or folder that a command creates. */
    private static final Pattern CREATED =
            Pattern.compile("(?:--(?:out|run|pictures|plots|explain|filters)|\\w+\\.java|>) ([\\w./-]+)");
    /** Options of Java, Maven, curl and others. */
    private static final Set<String> OF_OTHERS = Set.of("--add-modules", "--data-binary", "--jars");
    private static final String GAP = "...\n";
    private static final String TIMES = "[0-9.]+ s\\b(, [0-9]+ examples/s)?";

    @TempDir
    Path folder;

    private record Block(String language, String text) {}

    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(SITE)) {
            return Stream.concat(Stream.of(README), files.filter(file -> file.toString().endsWith(".md")).sorted()).toList();
        }
    }

    private static List<Block> blocks(Path page) throws IOException {
        return BLOCK.matcher(Files.readString(page)).results().map(found -> new Block(found.group(1), found.group(2))).toList();
    }

    // ------------------------------------------------------------------------------------------------- commands

    @ParameterizedTest
    @MethodSource("pages")
    void commandsPrintWhatIsShown(Path page) throws Exception {
        StringBuilder script = new StringBuilder("set -e\nexec 2>&1\n");
        List<String> shown = new ArrayList<>(); // after each block of commands; empty: nothing
        for (Block block : blocks(page)) {
            switch (block.language) {
                case "java" -> saveIfProgram(block.text);
                case "sh" -> {
                    script.append("printf '\\036'\n").append(block.text.replaceAll("(?m)^mvn .*\n", ""));
                    shown.add("");
                }
                case "" -> shown.set(shown.size() - 1, block.text);
                default -> assertTrue(NOT_RUN.contains(block.language), () -> "the language " + block.language);
            }
        }
        if (shown.isEmpty()) {
            return; // the page has no commands
        }
        for (String name : TOP) {
            Files.createSymbolicLink(folder.resolve(name), Path.of(name).toAbsolutePath());
        }
        Result result = runScript(script.toString());
        String[] outputs = result.out().split("\036", -1);
        assertEquals(0, result.exit(), () -> page + ":\n" + result.out());
        assertEquals(shown.size(), outputs.length - 1, result::out);
        for (int i = 0; i < shown.size(); i++) {
            assertShown(page.toString(), shown.get(i), outputs[i + 1]);
        }
        for (String name : TOP) {
            Files.delete(folder.resolve(name)); // JUnit warns of links that lead out of its folders
        }
    }

    private void saveIfProgram(String text) throws IOException {
        Matcher name = CLASS.matcher(text);
        if (name.find()) {
            Files.writeString(folder.resolve(name.group(1) + ".java"), text);
        }
    }

    private Result runScript(String script) throws IOException, InterruptedException {
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
            assertThrows(AssertionError.class, () -> assertShown("page", wrong, "0\na\nb\nc 1.5 s\nd\n"), wrong);
        }
    }

    /** Who reads one page after the other, in one folder, is never told that a file exists. */
    @Test
    void noTwoPagesCreateTheSameFile() throws IOException {
        Map<String, Path> creators = new TreeMap<>(Map.of("model.beras", README));
        for (Path page : pages()) {
            String commands = blocks(page).stream().filter(block -> block.language.equals("sh") || block.language.equals("console"))
                    .map(Block::text).collect(Collectors.joining());
            for (String file : CREATED.matcher(commands).results().map(found -> found.group(1)).collect(Collectors.toSet())) {
                Path before = creators.put(file, page);
                assertNull(before, () -> file + " is created by " + before + ", too");
            }
        }
        assertTrue(creators.keySet().containsAll(Set.of("digits.beras", "penguins.beras")), creators::toString);
    }

    @Test
    void everyOptionExists() throws IOException {
        StringBuilder help = new StringBuilder();
        for (String command : Main.NAMES) {
            help.append(run(command, "--help").out());
        }
        Set<String> known = OPTION.matcher(help).results().map(MatchResult::group).collect(Collectors.toSet());
        known.addAll(OF_OTHERS);
        for (Path page : pages()) {
            for (String option : OPTION.matcher(Files.readString(page)).results().map(MatchResult::group).toList()) {
                assertTrue(known.contains(option), () -> page + ": " + option);
            }
        }
    }

    // --------------------------------------------------------------------------------------------- Java and links

    /** A program is run by the page; what is not, and what is no program, stands in a source that the page links to. */
    @ParameterizedTest
    @MethodSource("pages")
    void codeIsRunOrStandsInASource(Path page) throws IOException {
        String commands = blocks(page).stream().filter(block -> block.language.equals("sh")).map(Block::text)
                .collect(Collectors.joining());
        List<String> sources = links(page).stream().map(link -> link.group(1)).filter(link -> link.endsWith(".java"))
                .map(link -> stripped(read(target(page, link)))).toList();
        for (Block block : blocks(page)) {
            Matcher program = CLASS.matcher(block.text);
            if (block.language.equals("java") && !(program.find() && commands.contains(program.group(1) + ".java"))) {
                assertTrue(sources.stream().anyMatch(source -> source.contains("\n" + stripped(block.text))),
                        () -> "neither run nor in a source that the page links to:\n" + block.text);
            }
        }
    }

    /** Without indentation: parts of a method have none on some pages. */
    private static String stripped(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(Path page) throws IOException {
        for (MatchResult link : links(page)) {
            Path target = link.group(1).isEmpty() ? page : target(page, link.group(1));
            assertTrue(Files.exists(target), () -> page + ": " + link.group());
            if (link.group(2) != null) {
                Set<String> anchors = Files.readAllLines(target).stream().filter(line -> line.matches("#+ .*"))
                        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-'))
                        .collect(Collectors.toSet());
                assertTrue(anchors.contains(link.group(2)), () -> page + ": " + link.group() + " is none of " + anchors);
            }
        }
    }

    @Test
    void everyPageIsReachedFromTheReadme() throws IOException {
        Set<Path> reached = new LinkedHashSet<>(Set.of(README));
        for (Path page = README; page != null; page = next(reached, page)) {
            for (MatchResult link : links(page)) {
                Path target = target(page, link.group(1));
                if (target.startsWith(SITE) && target.toString().endsWith(".md")) {
                    reached.add(target);
                }
            }
        }
        assertEquals(new TreeSet<>(pages()), new TreeSet<>(reached));
    }

    private static Path next(Set<Path> pages, Path page) {
        List<Path> list = List.copyOf(pages);
        int after = list.indexOf(page) + 1;
        return after < list.size() ? list.get(after) : null;
    }

    private static Path target(Path page, String link) {
        return page.resolveSibling(link).normalize();
    }

    private static List<MatchResult> links(Path page) throws IOException {
        return LINK.matcher(Files.readString(page)).results().filter(link -> !link.group(1).startsWith("http")).toList();
    }

    // -------------------------------------------------------------------------------------------------- versions

    @Test
    void theVersionsAreThoseOfTheBuild() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        for (Path page : List.of(README, SITE.resolve("guide/java.md"))) {
            String text = Files.readString(page);
            assertTrue(text.contains("<version>" + between("<artifactId>beras</artifactId>\n  <version>", pom) + "</version>"));
            assertTrue(text.contains("`com.google.code.gson:gson:" + between("<gson.version>", pom) + "`"));
            assertTrue(text.contains("`org.apache.commons:commons-csv:" + between("<commons-csv.version>", pom) + "`"));
        }
        assertTrue(Files.readString(SITE.resolve("guide/java.md")).contains("`io.jhdf:jhdf:" + between("<jhdf.version>", pom) + "`"));
    }

    /** From these words to the next tag. */
    private static String between(String begin, String text) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf('<', from));
    }
}

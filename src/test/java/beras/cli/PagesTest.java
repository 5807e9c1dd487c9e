package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.options.PathConverter;
import beras.cli.terminal.Console;
import beras.cli.terminal.Terminal;
import beras.reference.SitePages;
import beras.reference.SitePages.Link;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The commands and programs of the README and of the site's pages work as shown. In fences, {@code sh} is run by a shell,
 * except for lines of Maven, in the order of the page, in a folder with the contents of the top folder; {@code console} shows
 * commands that need other data or much time; {@code java} is a program, which is saved under the name of its class, or a part
 * of a source that the page links to; and a block without a language is the output of the commands before it, times aside, with
 * {@code ...} for omissions.
 */
@Tag("jar")
@Tag("process")
class PagesTest {

    private static final Path README = Path.of("README.md");
    private static final Path SITE = Path.of("src/site/markdown");
    private static final List<String> TOP = List.of("beras", "beras.jar", "data");
    private static final Set<String> NOT_RUN = Set.of("console", "xml", "json", "text", "kotlin", "python", "groovy", "yaml", "properties");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
    private static final Pattern CLASS = Pattern.compile("(?m)^public (?:final )?class (\\w+)");
    /** The start of a command: the script, by its path or by a link on the PATH, or the jar. */
    private static final Pattern COMMAND = Pattern.compile("(?<=^|[;|&(] |\\$\\()(?:\\./|time \\./)?beras |-jar (?:\\S*/)?beras\\.jar ");
    private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"[^\"]*\")+");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z0-9][a-z0-9-]*");
    /** A file or folder that a command creates. */
    private static final Pattern CREATED =
            Pattern.compile("(?:--(?:out|run|pictures|plots|explain|filters)|\\w+\\.java|>) ([\\w./-]+)");
    /** Options of Java, Maven, curl, Docker and others. */
    private static final Set<String> OF_OTHERS = Set.of("--add-modules", "--cpus", "--data-binary", "--jars", "--memory", "--rm", "--survivors");
    private static final Pattern DEPENDENCY = Pattern.compile("<artifactId>beras(?:-bench|-serving)?</artifactId>\\s*"
            + "(?:<!-- That of BERAS. -->\\s*)?<version>([^<$]+)</version>");
    private static final String GAP = "...\n";
    private static final String TIMES = " *[0-9.]+ (s|min|h)\\b";

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

    /**
     * A reader who follows all pages in one folder never gets an error that a file exists. The reference is looked up, not
     * followed.
     */
    @Test
    void noTwoPagesCreateTheSameFile() throws IOException {
        Map<String, Path> creators = new TreeMap<>(Map.of("model.beras", README));
        for (Path page : pages().stream().filter(each -> !each.startsWith(SITE.resolve("reference"))).toList()) {
            String commands = blocks(page).stream().filter(block -> block.language.equals("sh") || block.language.equals("console"))
                    .map(Block::text).collect(Collectors.joining());
            for (String file : CREATED.matcher(commands).results().map(found -> found.group(1)).collect(Collectors.toSet())) {
                Path before = creators.put(file, page);
                assertNull(before, () -> file + " is created by " + before + ", too");
            }
        }
        assertTrue(creators.keySet().containsAll(Set.of("digits.beras", "penguins.beras")), creators::toString);
    }

    /** Also those that are not run: each is a command, and accepts its options, values and files. */
    @ParameterizedTest
    @MethodSource("pages")
    void commandsAreUnderstood(Path page) throws IOException {
        for (Block block : blocks(page)) {
            if (block.language.equals("sh") || block.language.equals("console")) {
                for (String line : block.text.replace("\\\n", " ").split("\n")) {
                    Matcher command = COMMAND.matcher(line);
                    while (command.find()) {
                        assertUnderstood(page, line, words(line.substring(command.end())));
                    }
                }
            }
        }
    }

    private static void assertUnderstood(Path page, String line, List<String> words) {
        CommandLine commands = Main.commands(words.isEmpty() ? "" : words.get(0), new Console(OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(), Terminal.NONE)).registerConverter(Path.class, new PathConverter());
        try {
            commands.parseArgs(words.toArray(new String[0]));
        } catch (ParameterException e) {
            fail(page + ": " + e.getMessage() + " in " + line);
        }
    }

    /** The words of a command as a shell splits them, up to its end. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find() && !word.group().matches("[|&;<>#].*|\\d>.*")) {
            boolean isGlob = word.group().matches("[^'\"]*\\*[^'\"]*"); // which stands for several files
            for (String file : isGlob ? List.of("a", "b") : List.of("*")) {
                words.add(word.group().replaceAll("['\"]", "").replace("*", file));
            }
        }
        return words;
    }

    @Test
    void aWrongCommandIsSeen() {
        assertEquals(List.of("train", "--layers", "64:relu|8:relu", "--out", "a*b", "runs/a", "runs/b"),
                words(" train --layers '64:relu|8:relu' --out \"a*b\" runs/* > log.txt"));
        for (List<String> wrong : List.of(List.of("trian"), List.of("evaluate", "m", "--epochs", "2"), List.of("convert", "--out"))) {
            assertThrows(AssertionError.class, () -> assertUnderstood(README, "", wrong), wrong::toString);
        }
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

    /** The page runs a program; other code is in a source that the page links to or the build writes. */
    @ParameterizedTest
    @MethodSource("pages")
    void codeIsRunOrStandsInASource(Path page) throws IOException {
        String commands = blocks(page).stream().filter(block -> block.language.equals("sh")).map(Block::text)
                .collect(Collectors.joining());
        List<String> sources;
        try (Stream<Path> generated = Files.walk(Path.of("target/generated-sources"))) {
            sources = Stream.concat(SitePages.links(page).stream().map(Link::file), generated)
                    .filter(file -> file.toString().endsWith(".java")).map(file -> stripped(read(file))).toList();
        }
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

    static List<Path> linkedPages() {
        return SitePages.pages();
    }

    @ParameterizedTest
    @MethodSource("linkedPages")
    void linksLeadSomewhere(Path page) {
        for (Link link : SitePages.links(page)) {
            assertTrue(Files.exists(link.file()), link::toString);
            assertTrue(link.anchor() == null || SitePages.anchors(link.file()).contains(link.anchor()),
                    () -> link + " is none of " + SitePages.anchors(link.file()));
        }
    }

    /** A row of a table that is broken ends the table there. */
    @ParameterizedTest
    @MethodSource("linkedPages")
    void rowsOfTablesAreOneLine(Path page) {
        String text = BLOCK.matcher(read(page)).replaceAll("");
        assertEquals(List.of(), text.lines().filter(line -> line.startsWith("| ") && !line.endsWith("|")).toList());
    }

    /** The reference is in the menus of the site, and in those of its pages. */
    @Test
    void everyPageIsReachedFromTheReadme() throws IOException {
        Set<Path> reached = new LinkedHashSet<>();
        Deque<Path> next = new ArrayDeque<>(List.of(README));
        while (!next.isEmpty()) {
            Path page = next.remove();
            if (reached.add(page)) {
                SitePages.links(page).stream().map(Link::file).filter(target -> target.toString().endsWith(".md")).forEach(next::add);
            }
        }
        for (Path page : pages()) {
            assertTrue(reached.contains(page) || page.startsWith(SITE.resolve("reference")), page::toString);
        }
    }

    @Test
    void theSiteHasEveryPageInItsMenusAndItsLinksLeadToPages() throws IOException {
        SitePages.write(folder);
        Path written = folder.resolve("markdown");
        String menus = Files.readString(folder.resolve("site.xml"));
        List<Path> all;
        try (Stream<Path> files = Files.walk(written)) {
            all = files.filter(Files::isRegularFile).toList();
        }
        assertTrue(SitePages.pages().containsAll(pages()), () -> SitePages.pages().toString());
        assertEquals(SitePages.pages().size() + 1, all.size(), "pages, and the terms");
        for (Path page : all) {
            String name = written.relativize(page).toString();
            assertTrue(menus.contains(" href=\"" + name.replaceFirst("\\.md$", ".html") + "\""), name);
            for (Link link : SitePages.links(page)) {
                Path file = link.file();
                boolean isCopied = Files.exists(folder.resolve("resources").resolve(written.relativize(file)));
                assertTrue(Files.exists(file) || isCopied || file.endsWith("apidocs/index.html"), link::toString);
                assertTrue(link.anchor() == null || SitePages.anchors(file).contains(link.anchor()), link::toString);
            }
        }
        String terms = Files.readString(written.resolve("terms.md"));
        assertTrue(Files.readString(folder.resolve("resources/terms.js")).contains(
                "\n[\"--lr-schedule\", \"train\", \"reference/command-line.html#train--lr-schedule\"],\n"), "the terms of the search");
        assertTrue(terms.contains("`--batch-size`: [train](reference/command-line.md#train--batch-size)"));
        assertTrue(terms.contains("`Dense`: [Catalogue](reference/catalogue.md#Dense)"));
    }

    // -------------------------------------------------------------------------------------------------- versions

    @Test
    void theVersionsAreThoseOfTheBuild() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String version = between("<artifactId>beras</artifactId>\n  <version>", pom);
        for (Path page : List.of(README, SITE.resolve("guide/java.md"))) {
            String text = Files.readString(page);
            assertTrue(text.contains("`com.google.code.gson:gson:" + between("<gson.version>", pom) + "`"));
            assertTrue(text.contains("`org.apache.commons:commons-csv:" + between("<commons-csv.version>", pom) + "`"));
        }
        assertTrue(Files.readString(SITE.resolve("guide/java.md")).contains("`io.jhdf:jhdf:" + between("<jhdf.version>", pom) + "`"));
        assertTrue(Files.readString(Path.of("CITATION.cff")).contains("\nversion: " + version + "\n"));
        List<Path> files = new ArrayList<>(SitePages.pages());
        for (Path folder : List.of(Path.of("bench"), Path.of("src"))) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(file -> file.toString().endsWith(".xml") && !file.startsWith("bench/target")).forEach(files::add);
            }
        }
        int found = 0;
        for (Path file : files) {
            for (MatchResult named : DEPENDENCY.matcher(Files.readString(file)).results().toList()) {
                assertEquals(version, named.group(1), file::toString);
                found++;
            }
        }
        assertTrue(found >= 5, "the README, a page, and poms");
    }

    /** From these words to the next tag. */
    private static String between(String begin, String text) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf('<', from));
    }
}

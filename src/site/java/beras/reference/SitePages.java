package beras.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The source of the site for {@code mvn site}, which runs this: {@code java SitePages.java FOLDER}, in the top folder. The site has the
 * README as its first page, all pages of {@code src/site/markdown}, and all others that they link to; the menus have each page by
 * its title, in the order in which a reader who follows the links comes to it. Links of the repository become those of the site, and files
 * that are no pages are copied. The page {@code terms} lists all headings, options and names.
 */
public final class SitePages {

    public static final Path README = Path.of("README.md");
    public static final Path SITE = Path.of("src/site/markdown");

    private static final String TOP = "BERAS";
    private static final String PROJECT = "Project";
    private static final Path TERMS = Path.of("terms.md");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$|`[^`\n]+`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^(#+) (.*)$");
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\"></a>");
    private static final Pattern CODE_IN_TABLE = Pattern.compile("`([^`\n]*\\\\\\|[^`\n]*)`");

    /** A link of a page to another file, or to a place within. */
    public record Link(Path page, String target, String anchor) {

        /** The file in the repository. */
        public Path file() {
            return target.isEmpty() ? page : page.resolveSibling(target).normalize();
        }

        @Override
        public String toString() {
            return page + ": " + target + (anchor == null ? "" : "#" + anchor);
        }
    }

    private final Map<Path, Path> places; // by the files of pages, in the order of reading

    private SitePages(Map<Path, Path> places) {
        this.places = places;
    }

    // ---------------------------------------------------------------------------------------------------- reading

    /** Text with blanks in place of its blocks and spans of code, in which nothing is a link or a heading. */
    private static String withoutCode(String text) {
        return FENCE.matcher(text).replaceAll(code -> code.group().replaceAll("[^\n]", " "));
    }

    /** The links of a page to what is in the repository. */
    public static List<Link> links(Path page) {
        return LINK.matcher(withoutCode(read(page))).results().filter(link -> !link.group(1).matches("[a-z]+:.*"))
                .map(link -> new Link(page, link.group(1), link.group(2))).toList();
    }

    /** What links may name within a page: its headings, as Git hosts do, and anchors. */
    public static Set<String> anchors(Path page) {
        String text = read(page);
        Set<String> anchors = HEADING.matcher(blocksBlanked(text)).results().map(heading -> slug(heading.group(2)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        ANCHOR.matcher(text).results().forEach(anchor -> anchors.add(anchor.group(1)));
        return anchors;
    }

    private static String blocksBlanked(String text) {
        return Pattern.compile("(?ms)^```.*?^```$").matcher(text).replaceAll(code -> code.group().replaceAll("[^\n]", " "));
    }

    private static String slug(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
    }

    /** The pages: the README, those of the site, and those that they link to. */
    public static List<Path> pages() {
        Set<Path> pages = new LinkedHashSet<>();
        follow(README, pages);
        try (Stream<Path> files = Files.walk(SITE)) {
            files.filter(SitePages::isPage).sorted().forEach(page -> follow(page, pages));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(pages);
    }

    private static void follow(Path begin, Set<Path> pages) {
        Deque<Path> next = new ArrayDeque<>(List.of(begin));
        while (!next.isEmpty()) {
            Path page = next.remove();
            if (pages.add(page)) {
                links(page).stream().map(Link::file).filter(SitePages::isPage).forEach(next::add);
            }
        }
    }

    private static boolean isPage(Path file) {
        return file.toString().endsWith(".md") && Files.exists(file);
    }

    private static String title(Path page) {
        Matcher heading = HEADING.matcher(read(page));
        return heading.find() ? heading.group(2).replace("`", "") : page.toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---------------------------------------------------------------------------------------------------- writing

    public static void main(String[] arguments) throws IOException {
        write(Path.of(arguments[0]));
    }

    /** Writes the folder that maven-site-plugin calls {@code siteDirectory}. */
    public static void write(Path folder) throws IOException {
        Map<Path, Path> places = new LinkedHashMap<>();
        Map<Path, Path> pages = new TreeMap<>();
        for (Path page : pages()) {
            Path within = page.startsWith(SITE) ? SITE.relativize(page) : page;
            Path place = within.getFileName().equals(README) ? sibling(within, "index.md") : within;
            Path other = pages.put(place, page);
            if (other != null) {
                throw new IllegalStateException(page + " and " + other + " would both be the page " + place + ". Rename one");
            }
            places.put(page, place);
        }
        new SitePages(places).writeAll(folder);
    }

    private static Path sibling(Path file, String name) {
        return file.getParent() == null ? Path.of(name) : file.resolveSibling(name);
    }

    private void writeAll(Path folder) throws IOException {
        for (Map.Entry<Path, Path> page : places.entrySet()) {
            save(folder.resolve("markdown").resolve(page.getValue()), converted(page.getKey(), folder));
        }
        Map<String, Map<String, String>> terms = terms();
        save(folder.resolve("markdown").resolve(TERMS), list(terms));
        save(folder.resolve("resources/terms.js"), script(terms));
        save(folder.resolve("site.xml"), read(SITE.resolveSibling("site.xml")).replace("<!-- menus -->", menus()));
        try (Stream<Path> files = Files.walk(SITE.resolveSibling("resources"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                copy(file, folder.resolve(SITE.getParent().relativize(file)));
            }
        }
    }

    private static void save(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.write(to, Files.readAllBytes(from));
    }

    /** A page with the links of the site, an anchor at each heading, and what Doxia does not read in another form. */
    private String converted(Path page, Path folder) {
        String text = outsideOfBlocks(read(page), part -> {
            String anchored = HEADING.matcher(part).replaceAll(heading -> Matcher.quoteReplacement(
                    heading.group(1) + " <a id=\"" + slug(heading.group(2)) + "\"></a>" + heading.group(2)));
            return CODE_IN_TABLE.matcher(anchored).replaceAll(code -> Matcher.quoteReplacement("<code>"
                    + code.group(1).replace("&", "&amp;").replace("<", "&lt;").replace("\\|", "&#124;") + "</code>"));
        });
        String masked = withoutCode(text);
        StringBuilder converted = new StringBuilder();
        Matcher link = LINK.matcher(masked);
        int end = 0;
        while (link.find()) {
            converted.append(text, end, link.start());
            end = link.end();
            converted.append(link.group(1).matches("[a-z]+:.*") ? link.group() : "](" + target(new Link(page, link.group(1), link.group(2)), folder)
                    + (link.group(2) == null ? "" : "#" + link.group(2)) + ")");
        }
        return converted.append(text.substring(end)).toString();
    }

    private static String outsideOfBlocks(String text, UnaryOperator<String> change) {
        StringBuilder changed = new StringBuilder();
        Matcher block = Pattern.compile("(?ms)^```.*?^```$").matcher(text);
        int end = 0;
        while (block.find()) {
            changed.append(change.apply(text.substring(end, block.start()))).append(block.group());
            end = block.end();
        }
        return changed.append(change.apply(text.substring(end))).toString();
    }

    /** A page or a file as the site has it, from the place of a page; a folder is the list of its files. */
    private String target(Link link, Path folder) {
        Path from = places.get(link.page);
        Path file = link.file();
        try {
            if (link.target.isEmpty()) {
                return "";
            }
            if (places.containsKey(file)) {
                return relative(from, places.get(file));
            }
            Path place = Path.of("files").resolve(file + (Files.isDirectory(file) ? ".txt" : ""));
            Path copy = folder.resolve("resources").resolve(place);
            if (Files.isDirectory(file)) {
                try (Stream<Path> files = Files.list(file)) {
                    save(copy, files.map(Path::toString).sorted().collect(Collectors.joining("\n", "", "\n")));
                }
            } else {
                copy(file, copy);
            }
            return relative(from, place);
        } catch (IOException e) {
            throw new UncheckedIOException(link.toString(), e);
        }
    }

    private static String relative(Path from, Path to) {
        return (from.getParent() == null ? to : from.getParent().relativize(to)).toString();
    }

    // ------------------------------------------------------------------------------------------------------ menus

    /** A menu for each folder; pages of the top folder are in the first one, and those from elsewhere in the last, results apart. */
    private String menus() {
        Map<String, List<Path>> menus = new LinkedHashMap<>();
        for (String title : List.of(TOP, "Start", "Guide", "Explain", "Migrate", "Reference", "Tour", "Results", "Develop", PROJECT)) {
            menus.put(title, new ArrayList<>());
        }
        places.forEach((page, place) -> {
            String title = place.getParent() == null ? TOP : capital(place.getName(0).toString());
            boolean isElsewhere = !page.startsWith(SITE) && !page.equals(README) && !title.equals("Results");
            List<Path> menu = menus.computeIfAbsent(isElsewhere ? PROJECT : title, none -> new ArrayList<>());
            menu.add(place.endsWith("index.md") && !isElsewhere ? 0 : menu.size(), page);
        });
        StringBuilder xml = new StringBuilder();
        menus.forEach((title, pages) -> {
            if (!pages.isEmpty()) {
                xml.append("    <menu name=\"").append(title).append("\">\n");
                pages.forEach(page -> xml.append(item(page.equals(README) ? "Overview" : title(page), places.get(page))));
                xml.append(title.equals("Reference") ? "      <item name=\"Javadoc\" href=\"apidocs/index.html\"/>\n" + item("All terms", TERMS) : "");
                xml.append("    </menu>\n");
            }
        });
        return xml.toString();
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static String item(String title, Path place) {
        return "      <item name=\"" + title.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;") + "\" href=\"" + html(place) + "\"/>\n";
    }

    private static String html(Path place) {
        return place.toString().replaceFirst("\\.md$", ".html");
    }

    // ------------------------------------------------------------------------------------------------------ terms

    /** Options with their commands, names, and headings, each with its pages and their addresses. */
    private Map<String, Map<String, String>> terms() {
        Map<String, Map<String, String>> terms = new TreeMap<>(Comparator.comparing((String term) -> term.replaceFirst("^\\W+", "").toLowerCase(Locale.ROOT))
                .thenComparing(Comparator.naturalOrder()));
        places.forEach((page, place) -> {
            for (String anchor : anchors(page)) {
                int dashes = anchor.indexOf("--");
                boolean isOption = dashes > 0 && page.endsWith("command-line.md");
                terms.computeIfAbsent(isOption ? "`" + anchor.substring(dashes) + "`" : isName(anchor) ? "`" + anchor + "`" : "", none -> new TreeMap<>())
                        .put(isOption ? anchor.substring(0, dashes) : title(page), place + "#" + anchor);
            }
            HEADING.matcher(blocksBlanked(read(page))).results().forEach(heading -> terms.computeIfAbsent(heading.group(2),
                    none -> new TreeMap<>()).put(title(page), place + "#" + slug(heading.group(2))));
        });
        terms.remove("");
        return terms;
    }

    /** The page of all terms. */
    private static String list(Map<String, Map<String, String>> terms) {
        StringBuilder text = new StringBuilder("# All terms\n\nEach option, name and heading, and where it is. Classes of Java are in the search of the")
                .append(" [Javadoc](apidocs/index.html).\n\n");
        terms.forEach((term, where) -> text.append("- ").append(term).append(": ").append(where.entrySet().stream()
                .map(each -> "[" + each.getKey().replace("`", "") + "](" + each.getValue() + ")").collect(Collectors.joining(", "))).append('\n'));
        return text.toString();
    }

    /** The terms for the search, each with the title of the page and the address. */
    private static String script(Map<String, Map<String, String>> terms) {
        StringBuilder script = new StringBuilder("window.berasTerms = [\n");
        terms.forEach((term, where) -> where.forEach((title, address) -> script.append("[").append(Stream.of(term, title, address.replace(".md#", ".html#"))
                .map(text -> "\"" + text.replace("`", "").replace("\\", "\\\\").replace("\"", "\\\"") + "\"").collect(Collectors.joining(", ")))
                .append("],\n")));
        return script.append("];\n").toString();
    }

    /** An anchor that is no heading: a class. */
    private static boolean isName(String anchor) {
        return Character.isUpperCase(anchor.charAt(0));
    }
}

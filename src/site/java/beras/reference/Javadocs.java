package beras.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Javadoc of classes, read from their sources. */
final class Javadocs {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern COMMENT =
            Pattern.compile("(?s)/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@[^\\n]*\\n)*(?:public )?(?:final |abstract |sealed )*(?:class|record|interface|enum) ");
    private static final Pattern CODE = Pattern.compile("\\{@code ((?:[^{}]|\\{[^{}]*\\})*)\\}");
    private static final Pattern LINK = Pattern.compile("\\{@link(?:plain)? ([^\\s}]+)\\s*([^}]*)\\}");
    /** It ends with a full stop, a colon behind which a paragraph ends, or the comment. */
    private static final Pattern END = Pattern.compile("(?s)\\.(?=\\s+[A-Z<{]|\\s*$)");

    /** What stands between the signs of a class's comment, line by line. */
    static String comment(Class<?> type) {
        return comment(type, COMMENT);
    }

    private static String comment(Class<?> type, Pattern pattern) {
        try {
            String source = Files.readString(SOURCES.resolve(type.getName().replace('.', '/') + ".java"));
            Matcher comment = pattern.matcher(source);
            if (!comment.find()) {
                throw new AssertionError(type + " has no Javadoc");
            }
            return comment.group(1).replaceAll("(?m)^ *\\* ?", "").strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first sentence of a class's Javadoc in Markdown, fit for a cell of a table. */
    static String firstSentence(Class<?> type) {
        return firstSentence(comment(type));
    }

    /** That of a row, a constant of an enum inside a class. */
    static String firstSentence(Class<?> table, String row) {
        return firstSentence(comment(table, Pattern.compile("(?s)/\\*\\*((?:(?!\\*/).)*)\\*/\\s*" + row + "\\b")));
    }

    private static String firstSentence(String comment) {
        String first = comment.split("\\n\\s*\\n|<p>|<pre>")[0];
        StringBuilder masked = new StringBuilder(first); // full stops in code end no sentence
        for (Pattern inline : new Pattern[] {CODE, LINK}) {
            Matcher found = inline.matcher(first);
            while (found.find()) {
                for (int i = found.start(); i < found.end(); i++) {
                    masked.setCharAt(i, 'x');
                }
            }
        }
        Matcher end = END.matcher(masked);
        String sentence = end.find() ? first.substring(0, end.start() + 1) : first.strip().replaceFirst(":$", ".");
        String linked = LINK.matcher(sentence).replaceAll(link -> Matcher.quoteReplacement(link.group(2).isEmpty()
                ? "`" + link.group(1).replaceFirst("^#", "").replaceFirst("^([a-z]+\\.)+", "").replace('#', '.').replaceFirst("\\(.*", "") + "`"
                : link.group(2)));
        return Markdown.text(CODE.matcher(linked).replaceAll(code -> Matcher.quoteReplacement("`" + code.group(1) + "`")));
    }

    private Javadocs() {}
}

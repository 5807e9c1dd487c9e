package beras.saving;

import beras.config.Names;
import beras.training.Logs;
import java.io.File;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path of files whose name contains epoch and numbers, such as {@code models/{epoch:02d}-{val_loss:.2f}.beras}.
 *
 * <p>Placeholders are written as in Python: {@code {epoch}}, {@code {epoch:3d}}, {@code {epoch:03d}} for the epoch, counted
 * from 1; {@code {loss}}, {@code {loss:f}}, {@code {loss:.4f}}, {@code {loss:08.4f}} and the same with {@code e} for a number
 * of the logs. A doubled brace is a brace.
 */
final class FilePattern {

    private static final String EPOCH = "epoch";
    private static final Pattern TOKEN = Pattern.compile("\\{\\{|}}|\\{(\\w+)(?::([^{}]*))?}|[^{}]+|.");
    private static final Pattern WHOLE_FORMAT = Pattern.compile("(0?[1-9]\\d?)?d?");
    private static final Pattern REAL_FORMAT = Pattern.compile("(?:(0?[1-9]\\d?)?(?:\\.(\\d\\d?))?([fe]))?");

    private final String pattern;
    /** The folder of all files; empty for that in which the program runs. */
    final Path folder;
    private final List<BiFunction<Integer, Logs, String>> parts = new ArrayList<>();
    private final Pattern names;
    private final Set<String> numbers = new TreeSet<>();

    /**
     * @throws IllegalArgumentException if there is no name of a file, the folder has braces, or a placeholder is not as above
     */
    FilePattern(String pattern) {
        this.pattern = pattern;
        int nameFrom = Math.max(pattern.lastIndexOf('/'), pattern.lastIndexOf(File.separatorChar)) + 1;
        String before = pattern.substring(0, nameFrom);
        if (nameFrom == pattern.length()) {
            throw wrong("The path of a file must end with its name");
        }
        if (before.contains("{") || before.contains("}")) {
            throw wrong("Placeholders may stand in the name of the file only, not in its folder");
        }
        this.folder = Path.of(before);
        StringBuilder regex = new StringBuilder();
        Matcher token = TOKEN.matcher(pattern.substring(nameFrom));
        while (token.find()) {
            regex.append(add(token.group(), token.group(1), token.group(2)));
        }
        this.names = Pattern.compile(regex.toString());
    }

    /** Adds a part of the name; returns the regular expression that matches it. */
    private String add(String token, String name, String format) {
        if (name == null) {
            if (token.equals("{") || token.equals("}")) {
                throw wrong("A brace must be part of a placeholder such as {epoch}, or doubled");
            }
            String literal = token.equals("{{") ? "{" : token.equals("}}") ? "}" : token;
            parts.add((epoch, logs) -> literal);
            return Pattern.quote(literal);
        }
        Matcher parsed = (name.equals(EPOCH) ? WHOLE_FORMAT : REAL_FORMAT).matcher(format == null ? "" : format);
        if (!parsed.matches()) {
            throw wrong("The format of {" + name + "} must be such as " + (name.equals(EPOCH) ? "02d" : ".2f or .3e"));
        }
        String width = parsed.group(1) == null ? "" : parsed.group(1);
        if (name.equals(EPOCH)) {
            parts.add((epoch, logs) -> String.format(Locale.ROOT, "%" + width + "d", epoch + 1));
            return " *\\d+";
        }
        numbers.add(name);
        if (parsed.group(3) == null) {
            parts.add((epoch, logs) -> Double.toString(logs.get(name)));
        } else {
            int decimals = parsed.group(2) == null ? 6 : Integer.parseInt(parsed.group(2));
            parts.add((epoch, logs) -> number(logs.get(name), width, decimals, parsed.group(3)));
        }
        return "(?: *[-+.0-9eE]+|NaN|-?Infinity)";
    }

    /** As Python rounds: the exact value, ties to even. */
    private static String number(double value, String width, int decimals, String conversion) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        BigDecimal exact = new BigDecimal(value);
        BigDecimal rounded = conversion.equals("f") ? exact.setScale(decimals, RoundingMode.HALF_EVEN)
                : exact.round(new MathContext(decimals + 1, RoundingMode.HALF_EVEN));
        return String.format(Locale.ROOT, "%" + width + "." + decimals + conversion, rounded);
    }

    private IllegalArgumentException wrong(String message) {
        return new IllegalArgumentException(message + ". Received: \"" + pattern + "\"");
    }

    /**
     * Refuses placeholders for numbers that are not among these.
     *
     * @throws IllegalArgumentException naming the placeholder and the numbers there are
     */
    void requireNames(Set<String> known) {
        for (String name : numbers) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("There will be no " + name + " in the logs for {" + name + "}, only " + known
                        + " and " + EPOCH + ". Received: \"" + pattern + "\"" + Names.didYouMean(name, known));
            }
        }
    }

    /**
     * The file for an epoch, counted from 0.
     *
     * @throws IllegalArgumentException if a number is not in the logs; the message lists the names there are
     */
    Path file(int epoch, Logs logs) {
        StringBuilder name = new StringBuilder();
        parts.forEach(part -> name.append(part.apply(epoch, logs)));
        return folder.resolve(name.toString());
    }

    /** The file of the first epoch, if all numbers of the logs are a half then. */
    Path example() {
        Map<String, Double> halves = new HashMap<>();
        numbers.forEach(name -> halves.put(name, 0.5));
        return file(0, new Logs(halves, 0));
    }

    /** Whether a file of this name could be one of these. */
    boolean fits(String name) {
        return names.matcher(name).matches();
    }
}

package beras.cli.terminal;

import beras.files.Excerpt;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Prints lines in UTF-8, whatever the locale, without control characters except its own colours. */
final class Lines extends PrintStream {

    private static final Map<String, Style> BEGINNINGS = Map.of("beras:", Style.ERROR, "Warning:", Style.WARNING, "Next:", Style.HEADING);

    private final boolean messages;
    private final boolean colours;

    /** @param messages whether they are for people, shortened in the middle if they are very long; the first word marks errors */
    Lines(OutputStream out, boolean messages, boolean colours) {
        super(new BufferedOutputStream(out), true, StandardCharsets.UTF_8);
        this.messages = messages;
        this.colours = colours;
    }

    @Override
    public void println(String line) {
        String shown = messages ? Excerpt.message(Text.options(line)) : Excerpt.printable(line);
        String first = shown.substring(0, shown.indexOf(':') + 1);
        Style style = messages && colours ? BEGINNINGS.get(first) : null;
        super.println(style == null ? shown : style.of(first) + shown.substring(first.length()));
    }

    @Override
    public void println(Object line) {
        println(String.valueOf(line));
    }

    /** A line in a style, where there are colours. */
    void println(Style style, String line) {
        super.println(colours ? style.of(Excerpt.printable(line)) : Excerpt.printable(line));
    }
}

package beras.cli.terminal;

import beras.files.Excerpt;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Prints lines in UTF-8, whatever the locale, with nothing in them that a terminal would obey. */
final class Lines extends PrintStream {

    private final boolean messages;

    private Lines(OutputStream out, boolean messages) {
        super(new BufferedOutputStream(out), true, StandardCharsets.UTF_8);
        this.messages = messages;
    }

    /** Whole lines, however long. */
    static Lines results(OutputStream out) {
        return new Lines(out, false);
    }

    /** Lines for people, of which the middle is left out if they are very long. */
    static Lines messages(OutputStream out) {
        return new Lines(out, true);
    }

    @Override
    public void println(String line) {
        super.println(messages ? Excerpt.message(Text.options(line)) : Excerpt.printable(line));
    }

    @Override
    public void println(Object line) {
        println(String.valueOf(line));
    }
}

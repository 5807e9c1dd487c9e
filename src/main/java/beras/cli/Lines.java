package beras.cli;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Prints lines, each through one function, in UTF-8 whatever the locale. */
final class Lines extends PrintStream {

    private final UnaryOperator<String> shown;

    /**
     * @param shown what becomes of a line before it is printed
     */
    Lines(OutputStream out, UnaryOperator<String> shown) {
        super(new BufferedOutputStream(out), true, StandardCharsets.UTF_8);
        this.shown = shown;
    }

    @Override
    public void println(String line) {
        super.println(shown.apply(line));
    }

    @Override
    public void println(Object line) {
        println(String.valueOf(line));
    }
}

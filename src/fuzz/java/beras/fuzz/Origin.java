package beras.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The first line of a file of results: day, machine, JDK and commit of the run, by the script of all results. */
public final class Origin {

    /** The line with its end. */
    public static String line() throws IOException {
        Process script = new ProcessBuilder("python3", "results/origin.py", System.getProperty("java.version"))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        return new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private Origin() {}
}

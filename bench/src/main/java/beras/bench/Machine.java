package beras.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Short names for the machine, fit for a file's name. */
public final class Machine {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** The processor, how many of them, and the bits of their vectors, such as {@code amd-epyc-2x512}. */
    static String name(int vectorBits) throws IOException {
        return processorName() + "-" + Runtime.getRuntime().availableProcessors() + "x" + vectorBits;
    }

    /** The processor alone, such as {@code amd-epyc}. */
    public static String processorName() throws IOException {
        return slug(processor());
    }

    private static String processor() throws IOException {
        String unnamed = System.getProperty("os.arch");
        if (!Files.isReadable(CPU_INFO)) {
            return unnamed; // not Linux
        }
        return Files.readAllLines(CPU_INFO).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1)).findFirst().orElse(unnamed);
    }

    /** For "Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz": intel-xeon-platinum-8370c. */
    private static String slug(String processor) {
        return processor.toLowerCase(Locale.ROOT)
                .replaceAll("\\((r|tm)\\)|@.*|\\b(cpu|processor|\\d+-core)\\b", " ")
                .replaceAll("[^a-z0-9]+", " ").strip().replace(' ', '-');
    }

    /** The commit of the folder, with -dirty if files differ from it; empty outside of a repository. */
    public static String commit() throws IOException {
        Process git = new ProcessBuilder("git", "describe", "--always", "--abbrev=8", "--dirty").start();
        return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private Machine() {}
}

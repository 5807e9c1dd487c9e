package beras.bench.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** The processor's model as part of a file name, such as {@code intel-xeon-e5-2680-v4}. */
final class Cpu {

    static String slug() {
        return model().toLowerCase(Locale.ROOT)
                .replaceAll("\\((r|tm)\\)|\\b(cpu|processor|\\d+-core)\\b|@.*", "")
                .replaceAll("[^a-z0-9]+", " ").strip().replace(' ', '-');
    }

    private static String model() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1)).orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch"); // not Linux
        }
    }

    private Cpu() {}
}

package beras.bench.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Who serves. The first is the reference of the comparison. */
enum Party {
    BERAS("BERAS", "beras-", "gson-"),
    /** From a file of Keras. */
    BERAS_KERAS("BERAS, .keras", "beras-", "gson-", "jhdf-", "commons-", "slf4j-"),
    ONNX_RUNTIME("ONNX Runtime", "onnxruntime-"),
    DJL_PYTORCH("DJL, PyTorch", "pytorch-engine-", "api-", "pytorch-", "jna-", "slf4j-", "gson-", "commons-");

    private final String title;
    private final List<String> libraries; // how the names of its jars begin, the first that of its version

    Party(String title, String... libraries) {
        this.title = title;
        this.libraries = List.of(libraries);
    }

    String title() {
        return title;
    }

    /** The options of {@code java} to run it on so many threads, 0 for the default. */
    List<String> options(Path classes, Path folder, int threads) throws IOException {
        List<String> path = new ArrayList<>(List.of(classes.toString()));
        jars(folder).forEach(jar -> path.add(jar.toString()));
        List<String> options = new ArrayList<>(List.of("-cp", String.join(System.getProperty("path.separator"), path)));
        switch (this) {
            case BERAS, BERAS_KERAS -> {
                options.addAll(List.of("--add-modules", "jdk.incubator.vector"));
                if (threads > 0) {
                    options.add("-Dberas.threads=" + threads);
                }
            }
            case DJL_PYTORCH -> {
                options.add("-DOPT_OUT_TRACKING=true");
                if (threads > 0) {
                    options.addAll(List.of("-Dai.djl.pytorch.num_threads=" + threads,
                            "-Dai.djl.pytorch.num_interop_threads=" + threads));
                }
            }
            case ONNX_RUNTIME -> { } // set when its session is made
        }
        return options;
    }

    /** As in the name of its jar. */
    String version(Path folder) throws IOException {
        String begin = libraries.get(0);
        return jars(folder).stream().map(jar -> jar.getFileName().toString()).filter(name -> name.startsWith(begin)).findFirst()
                .orElseThrow().replace(begin, "").replace(".jar", "");
    }

    private List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> libraries.stream().anyMatch(begin -> file.getFileName().toString().startsWith(begin)))
                    .sorted().toList();
        }
    }
}

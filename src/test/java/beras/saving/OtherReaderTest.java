package beras.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import beras.files.Bytes;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.MeanSquaredError;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Python package safetensors reads our files. It comes with Debian's python3-safetensors; on a machine without it this is
 * passed over, but not where {@code CI=true}.
 */
@Tag("python")
class OtherReaderTest {

    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    Path folder;

    private static List<String> run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.lines().toList();
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder(PYTHON, "-c", "import numpy, safetensors").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Weights, and the state of a training with tensors without elements. */
    @Test
    void readsTheSameNamesShapesAndBytes() throws Exception {
        assumeTrue("true".equals(System.getenv("CI")) || isInstalled(), "needs python3-safetensors and python3-numpy");
        Path file = folder.resolve("m.beras");
        Model model = new Sequential(1, new Input(3), new Dense(200), new BatchNormalization(), new Dense(200), new Dense(1));
        model.compile(new Adam(0.01f).ema(0.9), new MeanSquaredError());
        model.fit(Tensor.generate(i -> i % 7, 8, 3), Tensor.ones(8, 1), new FitOptions().callbacks(
                new BackupAndRestore(file).parts(saved -> saved.provenance(Map.of("note", "\"\u4e16\u0001\\")))));
        List<String> expected = new ArrayList<>();
        try (Bytes bytes = Bytes.open(file)) {
            Safetensors header = Safetensors.read(bytes);
            for (Map.Entry<String, Safetensors.Entry> entry : new TreeMap<>(header.entries()).entrySet()) {
                Tensor tensor = Tensor.zeros(entry.getValue().shape());
                header.readElements(bytes, entry.getValue(), tensor);
                ByteBuffer elements = ByteBuffer.allocate(4 * tensor.size()).order(ByteOrder.LITTLE_ENDIAN);
                elements.asFloatBuffer().put(tensor.toArray());
                List<Integer> shape = new ArrayList<>();
                for (int size : tensor.shape().toArray()) {
                    shape.add(size);
                }
                expected.add(String.join("\t", entry.getKey(), "float32", shape.toString(),
                        HexFormat.of().formatHex(elements.array())));
            }
            new TreeMap<>(header.metadata()).forEach((name, text) -> expected.add(name + "\t"
                    + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8))));
        }
        assertTrue(expected.stream().anyMatch(line -> line.contains("[0]")), "tensors without elements");
        assertEquals(expected, run(PYTHON, "src/test/python/read_safetensors.py", file.toString()));
    }
}

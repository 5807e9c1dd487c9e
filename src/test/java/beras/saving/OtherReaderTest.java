package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.files.Bytes;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.MeanSquaredError;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.saving.bytes.Safetensors;
import beras.saving.numpy.NumpyFile;
import beras.saving.onnx.OnnxCases;
import beras.saving.onnx.OnnxEncodingTest;
import beras.saving.onnx.OnnxFile;
import beras.saving.onnx.OnnxFormulas;
import beras.saving.pytorch.PyTorchFile;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Python packages safetensors and NumPy read our files, and ONNX's own checker. They come with Debian's python3-safetensors,
 * python3-numpy and python3-onnx.
 */
@Tag("once")
@Tag("python")
class OtherReaderTest {

    @TempDir
    Path folder;

    private static String line(String name, Tensor tensor) {
        ByteBuffer elements = ByteBuffer.allocate(4 * tensor.size()).order(ByteOrder.LITTLE_ENDIAN);
        elements.asFloatBuffer().put(tensor.toArray());
        return String.join("\t", name, "float32", Arrays.toString(tensor.shape().toArray()),
                HexFormat.of().formatHex(elements.array()));
    }

    /** Weights, and the state of a training with tensors without elements. */
    @Test
    void readsTheSameNamesShapesAndBytes() throws Exception {
        Python.require("numpy", "safetensors");
        Path file = folder.resolve("m.beras");
        Model model = new Sequential(1, new Input(3), new Dense(200), new BatchNormalization(), new Dense(200), new Dense(1));
        model.compile(new Adam(0.01f).with("emaMomentum", 0.9), new MeanSquaredError());
        model.fit(Tensor.generate(i -> i % 7, 8, 3), Tensor.ones(8, 1), new FitOptions().callbacks(
                new BackupAndRestore(file).parts(saved -> saved.provenance(Map.of("note", "\"\u4e16\u0001\\")))));
        List<String> expected = new ArrayList<>();
        try (Bytes bytes = Bytes.open(file)) {
            Safetensors header = Safetensors.read(bytes);
            for (Map.Entry<String, Safetensors.Entry> entry : new TreeMap<>(header.entries()).entrySet()) {
                Tensor tensor = Tensor.zeros(entry.getValue().shape());
                header.readElements(bytes, entry.getValue(), tensor);
                expected.add(line(entry.getKey(), tensor));
            }
            new TreeMap<>(header.metadata()).forEach((name, text) -> expected.add(name + "\t"
                    + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8))));
        }
        assertTrue(expected.stream().anyMatch(line -> line.contains("[0]")), "tensors without elements");
        assertEquals(expected, Python.run("read_safetensors.py", file.toString()));
    }

    @Test
    void numpyReadsWhatIsWrittenForIt() throws Exception {
        Python.require("numpy", "safetensors");
        Tensor turned = Tensor.generate(i -> i / 3.0, 7, 11).transpose();
        Map<String, Tensor> all = new TreeMap<>(Map.of("dense/kernel", turned, "none", Tensor.zeros(0, 2), "one",
                Tensor.scalar(2)));
        NumpyFile.save(turned, folder.resolve("a.npy"));
        NumpyFile.save(Tensor.of(Float.NaN, -0f), folder.resolve("b.npy"));
        NumpyFile.saveAll(all, folder.resolve("c.npz"));
        List<String> expected = new ArrayList<>(List.of(line("", turned), line("", Tensor.of(Float.NaN, -0f))));
        all.forEach((name, tensor) -> expected.add(line(name, tensor)));
        assertEquals(expected, Python.run("read_arrays.py", folder.resolve("a.npy").toString(),
                folder.resolve("b.npy").toString(), folder.resolve("c.npz").toString()));
    }

    /** A linear layer is out x in there. */
    @Test
    void theWeightsOfPyTorchAreReadByItsPackage() throws Exception {
        Python.require("numpy", "safetensors");
        Dense dense = new Dense(3, "relu");
        Dense last = new Dense(2).useBias(false);
        Model model = new Sequential(1, new Input(4), dense, last);
        Path file = folder.resolve("t.safetensors");
        PyTorchFile.save(model, file);
        assertEquals(List.of(line("0.bias", dense.b().reshape(3)), line("0.weight", dense.w().transpose()),
                line("2.weight", last.w().transpose())), Python.run("read_arrays.py", file.toString()));
    }

    /** Shapes are inferred, too, and must be those that the file tells. */
    @Test
    void onnxFindsNothingWrong() throws Exception {
        Python.require("onnx");
        List<String> files = new ArrayList<>();
        for (Model model : Stream.of(OnnxCases.all(), OnnxFormulas.all()).flatMap(cases -> cases.values().stream()).toList()) {
            Path file = folder.resolve(files.size() + ".onnx");
            OnnxFile.save(model, file);
            files.add(file.toString());
        }
        Path table = folder.resolve("table.onnx");
        OnnxFile.save(OnnxEncodingTest.ofTable(), table);
        assertEquals(List.of("ai.onnx:17 ai.onnx.ml:2"), Python.run("check_onnx.py", table.toString()));
        assertEquals(List.of("ai.onnx:17"), Python.run("check_onnx.py", files.toArray(String[]::new)).stream().distinct()
                .toList());
    }
}

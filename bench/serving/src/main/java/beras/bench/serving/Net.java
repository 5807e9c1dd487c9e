package beras.bench.serving;

import beras.data.image.ImageSets;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the served network, and rows for it. */
final class Net {

    /** Writes all files. */
    static void write(Path folder, int rows) throws IOException {
        Sequential net = new Sequential(1, new Input(NetFiles.INPUTS), new Dense(NetFiles.HIDDEN, "relu"),
                new Dense(NetFiles.OUTPUTS, "softmax"));
        Rng rng = new Rng(1, "serving", 0);
        net.weights().forEach(weight -> weight.assign(
                weight.add(Tensor.generate(i -> uniform(rng, i) / 20 - 0.025, weight.shape().toArray())))); // biases, too
        ModelFile.save(net, folder.resolve(NetFiles.BERAS));
        ModelFile.save(net, folder.resolve(NetFiles.KERAS));
        Files.write(folder.resolve(NetFiles.ONNX), OnnxFile.of(net.weights()));
        write(folder.resolve(NetFiles.WEIGHTS), net.weights());
        List<Tensor> kinds = List.of(Tensor.generate(i -> uniform(rng, i), rows, NetFiles.INPUTS),
                ImageSets.load(Path.of("data")).test().slice(0, rows).inputs());
        for (int i = 0; i < kinds.size(); i++) {
            write(folder.resolve(NetFiles.rows(NetFiles.KINDS.get(i))), List.of(kinds.get(i)));
            write(folder.resolve(NetFiles.expected(NetFiles.KINDS.get(i))), List.of(net.predict(kinds.get(i))));
        }
    }

    private static double uniform(Rng rng, int i) {
        return (rng.bits(i) >>> 40) * 0x1p-24;
    }

    private static void write(Path file, List<? extends Tensor> tensors) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * tensors.stream().mapToInt(Tensor::size).sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        tensors.forEach(tensor -> {
            for (float value : tensor.toArray()) {
                bytes.putFloat(value);
            }
        });
        Files.write(file, bytes.array());
    }

    private Net() {}
}

package beras.saving.bytes;

import beras.files.Bytes;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;

/** Reads a file of safetensors for tests elsewhere. */
public final class SafetensorsReading {

    /**
     * Reads all tensors of a file.
     *
     * @throws IllegalArgumentException if it is not of the format
     */
    public static void read(Path path) throws IOException {
        try (Bytes file = Bytes.open(path)) {
            Safetensors header = Safetensors.read(file);
            header.requireFloats(file.size());
            for (Safetensors.Entry entry : header.entries().values()) {
                header.readElements(file, entry, Tensor.zeros(entry.shape()));
            }
        }
    }

    private SafetensorsReading() {}
}

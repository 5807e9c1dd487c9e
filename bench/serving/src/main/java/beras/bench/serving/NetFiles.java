package beras.bench.serving;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files that all parties read, for processes that have but one library. */
final class NetFiles {

    static final int INPUTS = 784;
    static final int HIDDEN = 128;
    static final int OUTPUTS = 10;
    static final String BERAS = "net.beras";
    static final String KERAS = "net.keras";
    static final String ONNX = "net.onnx";
    /** Kernels, inputs by outputs, each followed by its bias. */
    static final String WEIGHTS = "weights.bin";
    /** The kinds of rows: numbers from 0 to 1, and images of MNIST, most of whose pixels are 0. */
    static final List<String> KINDS = List.of("uniform", "mnist");

    /** The file of the rows of a kind. */
    static String rows(String kind) {
        return kind + "-rows.bin";
    }

    /** The file of BERAS's outputs for them. */
    static String expected(String kind) {
        return kind + "-expected.bin";
    }

    /** The numbers of a file. */
    static float[] read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] numbers = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(numbers);
        return numbers;
    }

    private NetFiles() {}
}

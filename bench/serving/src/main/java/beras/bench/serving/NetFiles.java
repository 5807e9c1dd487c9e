package beras.bench.serving;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

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
    static final String ROWS = "rows.bin";
    /** What BERAS gives for the rows. */
    static final String EXPECTED = "expected.bin";

    /** The numbers of a file. */
    static float[] read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] numbers = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(numbers);
        return numbers;
    }

    private NetFiles() {}
}

package beras.bench.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** ONNX Runtime by its Java interface; the tensor of the inputs lies over native memory, made only once in each thread. */
final class OnnxServer implements Server {

    private record Inputs(FloatBuffer memory, Map<String, OnnxTensor> tensors) {}

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final ThreadLocal<Map<Integer, Inputs>> byCount = ThreadLocal.withInitial(HashMap::new);

    /** @param threads 0 for its default */
    OnnxServer(Path file, int threads) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        if (threads > 0) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(threads);
        }
        session = environment.createSession(file.toString(), options);
    }

    @Override
    public float[] predict(float[] rows, int count) throws OrtException {
        Inputs inputs = byCount.get().get(count);
        if (inputs == null) {
            inputs = inputs(count);
            byCount.get().put(count, inputs);
        }
        inputs.memory.put(0, rows);
        try (OrtSession.Result result = session.run(inputs.tensors)) {
            FloatBuffer outputs = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] copy = new float[outputs.remaining()];
            outputs.get(copy);
            return copy;
        }
    }

    private Inputs inputs(int count) throws OrtException {
        FloatBuffer memory = ByteBuffer.allocateDirect(Float.BYTES * count * NetFiles.INPUTS).order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        OnnxTensor tensor = OnnxTensor.createTensor(environment, memory, new long[] {count, NetFiles.INPUTS});
        return new Inputs(memory, Map.of(OnnxFile.INPUT, tensor));
    }
}

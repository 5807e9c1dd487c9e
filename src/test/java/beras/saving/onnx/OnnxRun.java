package beras.saving.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import beras.files.Bytes;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model of ONNX in ONNX Runtime. */
public final class OnnxRun implements AutoCloseable {

    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    private final OrtSession session;

    /** Of the bytes of a file. */
    public OnnxRun(byte[] model) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = ENVIRONMENT.createSession(model, options);
        }
    }

    /** How often an operator is left when ONNX Runtime has made a graph smaller. */
    static long left(String operator, byte[] model, Path folder) throws OrtException, IOException {
        Path optimized = folder.resolve("optimized.onnx");
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
            options.setOptimizedModelFilePath(optimized.toString());
            ENVIRONMENT.createSession(model, options).close();
        }
        try (Bytes bytes = Bytes.open(optimized)) {
            return OnnxReader.of(bytes).nodes().stream().filter(node -> node.type().equals(operator)).count();
        }
    }

    /** What is written for a model. */
    static byte[] bytes(SavedModel saved) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new OnnxWriter(saved).write(out);
        return out.toByteArray();
    }

    /** The names of the inputs, in order. */
    public List<String> inputs() {
        return List.copyOf(session.getInputNames());
    }

    /**
     * The outputs by name, in order, for inputs in order: tensors, columns of {@code double[]} or of {@code String[]}, images
     * {@code byte[][][]}, in colours {@code byte[][][][]}.
     */
    public Map<String, Object> run(List<?> inputs) throws OrtException {
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try {
            for (int i = 0; i < inputs.size(); i++) {
                feeds.put(inputs().get(i), tensor(inputs.get(i)));
            }
            try (OrtSession.Result result = session.run(feeds)) {
                Map<String, Object> outputs = new LinkedHashMap<>();
                for (Map.Entry<String, OnnxValue> output : result) {
                    outputs.put(output.getKey(), value((OnnxTensor) output.getValue()));
                }
                return outputs;
            }
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(Object input) throws OrtException {
        if (input instanceof double[] column) {
            return OnnxTensor.createTensor(ENVIRONMENT, DoubleBuffer.wrap(column), new long[] {column.length, 1});
        }
        if (input instanceof String[] column) {
            return OnnxTensor.createTensor(ENVIRONMENT, column, new long[] {column.length, 1});
        }
        if (input instanceof byte[][][] images) {
            ByteBuffer pixels = ByteBuffer.allocateDirect(images.length * images[0].length * images[0][0].length);
            Arrays.stream(images).flatMap(Arrays::stream).forEach(pixels::put);
            return OnnxTensor.createTensor(ENVIRONMENT, pixels.flip(), new long[] {images.length, images[0].length,
                images[0][0].length}, ai.onnxruntime.OnnxJavaType.UINT8);
        }
        if (input instanceof byte[][][][] images) {
            int channels = images[0][0][0].length;
            ByteBuffer pixels = ByteBuffer.allocateDirect(images.length * images[0].length * images[0][0].length * channels);
            Arrays.stream(images).flatMap(Arrays::stream).flatMap(Arrays::stream).forEach(pixels::put);
            return OnnxTensor.createTensor(ENVIRONMENT, pixels.flip(), new long[] {images.length, images[0].length,
                images[0][0].length, channels}, ai.onnxruntime.OnnxJavaType.UINT8);
        }
        Tensor tensor = (Tensor) input;
        return OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(tensor.toArray()),
                Arrays.stream(tensor.shape().toArray()).asLongStream().toArray());
    }

    private static Object value(OnnxTensor tensor) throws OrtException {
        return switch (tensor.getInfo().type) {
            case FLOAT -> {
                FloatBuffer floats = tensor.getFloatBuffer();
                float[] values = new float[floats.remaining()];
                floats.get(values);
                yield Tensor.of(values).reshape(Arrays.stream(tensor.getInfo().getShape()).mapToInt(Math::toIntExact)
                        .toArray());
            }
            default -> tensor.getValue();
        };
    }

    /** The metadata of the file. */
    public Map<String, String> metadata() throws OrtException {
        return new HashMap<>(session.getMetadata().getCustomMetadata());
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}

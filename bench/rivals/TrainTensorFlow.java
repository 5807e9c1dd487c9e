import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The training in TensorFlow for Java as fast as its documented interface gets: one graph for a step, which is fed a batch that
 * was gathered into the tensor's memory. Images kept in a variable would be copied whole by each {@code tf.gather}, and only
 * labels that are one-hot have a gradient from Java.
 */
final class TrainTensorFlow {

    private static final int PIXELS = 784;
    private static final int CLASSES = 10;
    private static final Random RANDOM = new Random(1);

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    /** 32 and 64 filters of 3 x 3; empty for a network without convolutions. */
    private final List<Variable<TFloat32>> kernels = new ArrayList<>();
    private final List<Variable<TFloat32>> biases = new ArrayList<>();
    private final Variable<TFloat32> w1;
    private final Variable<TFloat32> b1;
    private final Variable<TFloat32> w2;
    private final Variable<TFloat32> b2;

    /** Without arguments it prints the version. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            System.out.println(TensorFlow.version());
            return;
        }
        if (arguments.length != 5) {
            System.err.println("Arguments: FOLDER HIDDEN BATCH EPOCHS THREADS, the folder with the four unpacked IDX files");
            System.exit(2);
        }
        int[] numbers = Arrays.stream(arguments).skip(2).mapToInt(Integer::parseInt).toArray();
        new TrainTensorFlow(arguments[1]).train(Path.of(arguments[0]), numbers[0], numbers[1], numbers[2]);
    }

    /** @param net units of the hidden layer, or conv */
    private TrainTensorFlow(String net) {
        boolean convolutions = net.equals("conv");
        int hidden = convolutions ? 128 : Integer.parseInt(net);
        if (convolutions) {
            addConvolution(1, 32);
            addConvolution(32, 64);
        }
        w1 = convolutions ? weights(5 * 5 * 64, hidden) : weights(PIXELS, hidden);
        b1 = variable(new float[hidden], Shape.of(hidden));
        w2 = weights(hidden, CLASSES);
        b2 = variable(new float[CLASSES], Shape.of(CLASSES));
    }

    private void train(Path folder, int batch, int epochs, int threads) throws IOException {
        float[] images = images(folder, "train");
        byte[] labels = labels(folder, "train");
        byte[] testLabels = labels(folder, "t10k");
        Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
        Placeholder<TFloat32> y = tf.placeholder(TFloat32.class);
        Operand<TFloat32> loss = tf.math.mean(tf.nn.softmaxCrossEntropyWithLogits(scores(x), y).loss(), tf.constant(0));
        Op step = new Adam(graph, 1e-3f, 0.9f, 0.999f, 1e-7f).minimize(loss);
        Operand<TInt32> predicted = tf.math.argMax(scores(x), tf.constant(1), TInt32.class);
        ConfigProto config =
                ConfigProto.newBuilder().setIntraOpParallelismThreads(threads).setInterOpParallelismThreads(1).build();
        int rest = labels.length % batch;
        try (graph; Session session = new Session(graph, config);
                Batch full = new Batch(batch); Batch last = new Batch(rest == 0 ? batch : rest);
                TFloat32 testImages = tensor(images(folder, "t10k"), testLabels.length)) {
            session.initialize();
            int[] order = IntStream.range(0, labels.length).toArray();
            for (int epoch = 1; epoch <= epochs; epoch++) {
                long start = System.nanoTime();
                shuffle(order);
                for (int first = 0; first < order.length; first += batch) {
                    Batch chosen = order.length - first < batch ? last : full;
                    chosen.gather(images, labels, order, first);
                    session.runner().feed(x, chosen.x).feed(y, chosen.y).addTarget(step).run().close();
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                try (Result result = session.runner().feed(x, testImages).fetch(predicted).run()) {
                    TInt32 classes = (TInt32) result.get(0);
                    long right = IntStream.range(0, testLabels.length).filter(i -> classes.getInt(i) == testLabels[i]).count();
                    System.out.printf(Locale.ROOT, "{\"epoch\": %d, \"test_accuracy\": %s, \"seconds\": %s}%n", epoch,
                            (double) right / testLabels.length, seconds);
                }
            }
        }
        System.out.printf("{\"summary\": {\"version\": \"%s\", \"backend\": \"TensorFlow for Java\"}}%n", TensorFlow.version());
    }

    private void addConvolution(int channels, int filters) {
        kernels.add(weights(9 * channels, 9 * filters, Shape.of(3, 3, channels, filters)));
        biases.add(variable(new float[filters], Shape.of(filters)));
    }

    private Operand<TFloat32> scores(Operand<TFloat32> x) {
        Operand<TFloat32> inputs = x;
        if (!kernels.isEmpty()) {
            inputs = tf.reshape(inputs, tf.constant(new int[] {-1, 28, 28, 1}));
            for (int i = 0; i < kernels.size(); i++) {
                inputs = tf.nn.relu(tf.nn.biasAdd(tf.nn.conv2d(inputs, kernels.get(i), List.of(1L, 1L, 1L, 1L), "VALID"),
                        biases.get(i)));
                inputs = tf.nn.maxPool(inputs, tf.constant(new int[] {1, 2, 2, 1}), tf.constant(new int[] {1, 2, 2, 1}), "VALID");
            }
            inputs = tf.reshape(inputs, tf.constant(new int[] {-1, 5 * 5 * 64}));
        }
        Operand<TFloat32> h = tf.nn.relu(tf.math.add(tf.linalg.matMul(inputs, w1), b1));
        return tf.math.add(tf.linalg.matMul(h, w2), b2);
    }

    /** Glorot's uniform ones. */
    private Variable<TFloat32> weights(int inputs, int outputs) {
        return weights(inputs, outputs, Shape.of(inputs, outputs));
    }

    /** @param inputs the number of inputs of an output, and {@code outputs} of outputs of an input */
    private Variable<TFloat32> weights(int inputs, int outputs, Shape shape) {
        float[] w = new float[Math.toIntExact(shape.size())];
        float limit = (float) Math.sqrt(6.0 / (inputs + outputs));
        for (int i = 0; i < w.length; i++) {
            w[i] = (2 * RANDOM.nextFloat() - 1) * limit;
        }
        return variable(w, shape);
    }

    private Variable<TFloat32> variable(float[] values, Shape shape) {
        return tf.variable(tf.constant(shape, DataBuffers.of(values)));
    }

    private static TFloat32 tensor(float[] images, int count) {
        return TFloat32.tensorOf(Shape.of(count, PIXELS), DataBuffers.of(images, true, false));
    }

    /** The tensors of a step, made once. */
    private static final class Batch implements AutoCloseable {

        private final int size;
        private final TFloat32 x;
        private final TFloat32 y;
        private final FloatDataBuffer xData;
        private final FloatDataBuffer yData;
        private final float[] images;

        Batch(int size) {
            this.size = size;
            x = TFloat32.tensorOf(Shape.of(size, PIXELS));
            y = TFloat32.tensorOf(Shape.of(size, CLASSES));
            xData = x.asRawTensor().data().asFloats();
            yData = y.asRawTensor().data().asFloats();
            images = new float[size * PIXELS];
        }

        void gather(float[] from, byte[] labels, int[] order, int first) {
            float[] oneHot = new float[size * CLASSES];
            for (int i = 0; i < size; i++) {
                System.arraycopy(from, order[first + i] * PIXELS, images, i * PIXELS, PIXELS);
                oneHot[i * CLASSES + labels[order[first + i]]] = 1;
            }
            xData.write(images);
            yData.write(oneHot);
        }

        @Override
        public void close() {
            x.close();
            y.close();
        }
    }

    private static void shuffle(int[] order) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = RANDOM.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[j];
            order[j] = moved;
        }
    }

    private static float[] images(Path folder, String part) throws IOException {
        byte[] file = Files.readAllBytes(folder.resolve(part + "-images-idx3-ubyte"));
        float[] pixels = new float[file.length - 16];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (file[i + 16] & 0xff) * (1 / 255f);
        }
        return pixels;
    }

    private static byte[] labels(Path folder, String part) throws IOException {
        byte[] file = Files.readAllBytes(folder.resolve(part + "-labels-idx1-ubyte"));
        return Arrays.copyOfRange(file, 8, file.length);
    }
}

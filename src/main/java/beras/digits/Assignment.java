package beras.digits;

import beras.data.DataException;
import beras.data.image.ImageSets;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.metrics.CategoricalAccuracy;
import beras.metrics.Metric;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.tensor.Tensor;
import java.nio.file.Path;

/**
 * The main program of the assignment BERAS, by its parts: digits of MNIST, classified in more than 95 % of the test images
 * after a few epochs.
 *
 * <pre>{@code
 * Assignment.Data data = Assignment.data(Path.of("data"));
 * OneHotEncoder oneHot = new OneHotEncoder();
 * oneHot.fit(data.trainLabels());
 * Sequential model = Assignment.model();
 * model.compile(Assignment.optimizer(), Assignment.loss(), Assignment.metric());
 * model.fit(data.trainInputs(), oneHot.call(data.trainLabels()), new FitOptions().epochs(5).batchSize(Assignment.BATCH_SIZE));
 * model.evaluate(data.testInputs(), oneHot.call(data.testLabels()));
 * }</pre>
 *
 * Each method makes a new object, with its weights or state.
 */
public final class Assignment {

    /**
     * The result of {@code load_and_preprocess_data}, in its order.
     *
     * @param trainInputs {@code (count, height * width)}, in [0, 1]
     * @param trainLabels {@code (count)}, digits 0 to 9
     * @param testInputs  as {@code trainInputs}
     * @param testLabels  as {@code trainLabels}
     */
    public record Data(Tensor trainInputs, Tensor trainLabels, Tensor testInputs, Tensor testLabels) {}

    /** The size of batches that goes with the optimizer. */
    public static final int BATCH_SIZE = 128;

    private static final int PIXELS = 784;
    private static final int HIDDEN = 128;
    private static final int CLASSES = 10;
    private static final float LEARNING_RATE = 0.001f;

    /** {@code get_model}: {@code (count, 784)} pixels to {@code (count, 10)} probabilities, by a hidden layer of 128. */
    public static Sequential model() {
        return new Sequential(new Input(PIXELS), new Dense(HIDDEN).with("kernelInitializer", Initializers.heNormal()), new ReLU(),
                new Dense(CLASSES).with("kernelInitializer", Initializers.glorotNormal()), new Softmax());
    }

    /** {@code get_optimizer}: Adam at 0.001. */
    public static Optimizer optimizer() {
        return new Adam(LEARNING_RATE);
    }

    /** {@code get_loss_fn}: categorical cross-entropy. */
    public static Loss loss() {
        return new CategoricalCrossEntropy();
    }

    /** {@code get_acc_fn}: categorical accuracy. */
    public static Metric metric() {
        return new CategoricalAccuracy();
    }

    /**
     * {@code load_and_preprocess_data}: pixels flattened and scaled to [0, 1], labels as digits, no shuffle.
     *
     * @throws DataException as {@link ImageSets#load}
     */
    public static Data data(Path folder) throws DataException {
        ImageSets mnist = ImageSets.load(folder);
        return new Data(mnist.train().inputs(), mnist.train().labels(), mnist.test().inputs(), mnist.test().labels());
    }

    private Assignment() {}
}

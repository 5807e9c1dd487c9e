package beras.models;

import beras.feed.Batches;
import beras.feed.Examples;
import beras.feed.Preprocessor;
import beras.metrics.Metric;
import beras.prediction.Calibration;
import beras.prediction.ConformalScores;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Recipe;
import beras.training.Targets;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The properties of training data, once they are {@linkplain DataSource#read read}. */
public interface TrainingData extends Targets {

    /** Names of data in a provenance, which may have been moved. */
    Set<String> NAMES = Set.of("data", "validation_data");

    /** The shape of one example. */
    Shape inputShape();

    /** The outputs that a network for the data needs, in an error, behind the name of the data. */
    String neededOutputs();

    /** How many examples there are to train on. */
    long examples();

    /** Metrics that are reported before the metrics of the recipe. */
    List<Metric> metrics();

    /**
     * The recipe, with the defaults for these data.
     *
     * @throws beras.config.SettingException if the given settings do not fit the data
     */
    Recipe complete(Recipe given);

    /** After how many epochs without improvement training stops if nothing is given; 0: never. */
    default int patience(Recipe recipe) {
        return 0;
    }

    /** The number of the validation that selects the best epoch if nothing is given. */
    default String monitored() {
        return "loss";
    }

    /** Adapts a new network to the data before it is trained. */
    default void prepare(Model model) {}

    /**
     * Makes the examples ready.
     *
     * @throws IOException if the data changed meanwhile
     * @throws beras.config.SettingException if a setting needs more memory than there is
     */
    TrainingSet open(ReadListener listener) throws IOException;

    /** Examples to measure when training has ended; empty if there are none. */
    Optional<Examples> test();

    /**
     * The scores of held-out examples, which intervals and sets of predictions need; empty, the default, if there are none for
     * these data, or an output for one is not finite.
     *
     * @param model         a trained model
     * @param probabilities computes the probabilities of labels, or numbers, from the outputs of the model, or of one of its
     *     networks
     * @param validation    the held-out examples
     */
    default Optional<ConformalScores> conformalScores(Model model, UnaryOperator<Tensor> probabilities, Batches validation) {
        return Optional.empty();
    }

    /**
     * The calibration of a model's probabilities, fitted to held-out examples; empty, the default, if there are none, or these
     * data do not need it. Never to examples that were trained on: the model is surer of these than of new ones.
     *
     * @param model a trained model, which gives probabilities
     */
    default Optional<Calibration> calibration(Model model) {
        return Optional.empty();
    }

    /** The preprocessor of the data, which the model file keeps. */
    Preprocessor preprocessor();

    /**
     * Where a model comes from: the data, their SHA-256 and how they are split. The first call may wait for the hash.
     *
     * @throws IOException if the data cannot be read
     */
    Map<String, String> provenance() throws IOException;

    /**
     * The difference of these data to the training data of a model, to end a sentence; empty if they are the same.
     *
     * @param before       the provenance of that model
     * @param preprocessor of that model
     */
    default Optional<String> difference(Map<String, String> before, Optional<Preprocessor> preprocessor) throws IOException {
        for (Map.Entry<String, String> now : provenance().entrySet()) {
            String then = before.getOrDefault(now.getKey(), "unknown");
            if (!then.equals(now.getValue()) && !NAMES.contains(now.getKey())) {
                return Optional.of(now.getKey().replace('_', ' ') + " " + then + ". Received: " + now.getValue());
            }
        }
        return preprocessor.isEmpty() || preprocessor.get().config().equals(preprocessor().config()) ? Optional.empty()
                : Optional.of("the same features. Received: data of which this version of BERAS makes others");
    }
}

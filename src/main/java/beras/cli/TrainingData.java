package beras.cli;

import beras.config.Config;
import beras.data.image.ImageSets;
import beras.feed.Examples;
import beras.feed.Preprocessor;
import beras.metrics.Metric;
import beras.models.Model;
import beras.models.TrainingSet;
import beras.saving.SavedModel;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code train} learns from: images or a table. Made from the options alone; {@link #load} reads it. */
abstract class TrainingData {

    /** Of data, in a provenance. */
    private static final Set<String> NAMES = Set.of("data", "validation_data");

    /** What the options say. */
    static TrainingData of(CommandSpec spec, TrainOptions options) throws IOException {
        if (TrainCommand.isTable(options)) {
            return new TableData(spec, options);
        }
        if (ArrayFiles.hasNumbers(options.data)) {
            return new ArrayData(spec, options);
        }
        // Asked in this order, training on MNIST loads nothing that is for pictures.
        boolean pictures = !ImageSets.isIn(options.data) && PictureData.isOne(options.data);
        return pictures ? PictureData.open(spec, options) : new MnistData(spec, options);
    }

    /** Whether examples are held out to validate. */
    abstract boolean keepsValidation();

    /** Whether training ends early if nothing is said, and the best weights are kept; else the last are. */
    abstract boolean endsEarly();

    /** After how many epochs without improvement it ends early. */
    abstract int patience(Recipe recipe);

    /** Refuses what cannot work, whatever the data are like. */
    abstract void check(Recipe said) throws IOException;

    /** Begins to read in the background, so that options can be checked meanwhile. */
    abstract void begin() throws IOException;

    /**
     * Waits until all is known that {@link #complete} needs.
     *
     * @param console is told what is made of the data
     */
    abstract void load(Console console) throws Exception;

    /** Adds to a recipe what was not said, and refuses what does not fit the data. */
    abstract Recipe complete(Recipe said);

    /** Has a new model learn what it must know of the data before its training. */
    void prepare(Model model) {}

    /** The shape of one example. */
    abstract Shape inputShape();

    /** The shape of one target. */
    abstract Shape targetShape();

    /** What an error calls the need for outputs of the {@link #targetShape}. */
    abstract String outputsNeeded();

    /** How many examples there are to train on. */
    abstract long examples();

    /** Makes the examples ready. */
    abstract void open(Console console) throws IOException;

    /** The examples, once they are {@linkplain #open ready}. */
    abstract TrainingSet set();

    /** Measured when training has ended; null for none. */
    abstract Examples test();

    /** Metrics to report before those that were asked for. */
    abstract List<Metric> metrics();

    /** The names of the classes; empty for a regression. */
    abstract List<String> labels();

    /** Weights that make up for classes with few examples. */
    abstract double[] balancedWeights();

    /** What the model file keeps of the data; empty if the model takes them as they are. */
    abstract Optional<Preprocessor> preprocessor();

    /** What the columns of a table are taken for; empty for images. */
    abstract Optional<ColumnTable> columns();

    /** Where the model comes from: the data, their hash and what was made of them. */
    abstract Map<String, String> provenance() throws Exception;

    /** What differs in these data from those that this model was trained on, to end a sentence; empty if they are the same. */
    Optional<String> difference(SavedModel before) throws Exception {
        Optional<String> difference = difference(provenance(), before.provenance());
        if (difference.isPresent()) {
            return difference;
        }
        Optional<Config> meaning = before.preprocessor().map(Preprocessor::config);
        return meaning.isEmpty() || meaning.equals(preprocessor().map(Preprocessor::config)) ? Optional.empty()
                : Optional.of("the same features. Received: data of which this version of BERAS makes others");
    }

    /** What differs in what a provenance tells of data, to end a sentence; but for their names, as they may have been moved. */
    static Optional<String> difference(Map<String, String> now, Map<String, String> before) {
        for (Map.Entry<String, String> each : now.entrySet()) {
            String then = before.getOrDefault(each.getKey(), "unknown");
            if (!then.equals(each.getValue()) && !NAMES.contains(each.getKey())) {
                return Optional.of(each.getKey().replace('_', ' ') + " " + then + ". Received: " + each.getValue());
            }
        }
        return Optional.empty();
    }

    /** Commands that may come next, without the name of the jar; {@code model} is the option that names it. */
    abstract List<String> next(String model) throws IOException;
}

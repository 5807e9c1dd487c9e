package beras.sources;

import beras.data.ArrayPreprocessor;
import beras.data.ClassWeights;
import beras.data.DataException;
import beras.data.Splits.Split;
import beras.data.table.TableTarget.Task;
import beras.feed.Examples;
import beras.files.Background;
import beras.layers.Layer;
import beras.layers.Normalization;
import beras.metrics.Metric;
import beras.models.Model;
import beras.models.Models;
import beras.models.ReadListener;
import beras.models.TrainingData;
import beras.models.TrainingSet;
import beras.sources.ArrayFiles.Numbers;
import beras.tables.TableDefaults;
import beras.tables.TableOrigin;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The arrays of an {@link ArraySource}, split and standardized. */
public final class ArrayData implements TrainingData {

    private static final String NORMALIZATION = "normalization";
    private static final String LAYERS_OF_SEQUENCES = "bidirectional(gru(64))";

    private final ArraySource source;
    private final Background<String> hash;
    private final Numbers numbers;
    private final Split split;
    private final ArrayPreprocessor preprocessor;
    private final Examples all;
    private final Optional<Examples> tests;

    ArrayData(ArraySource source, Numbers numbers, Split split) throws DataException {
        this.source = source;
        this.hash = Background.startLater("beras-hash", () -> DataHash.of(source.path()).orElseThrow());
        this.numbers = numbers;
        this.split = split;
        boolean regression = numbers.labels().isEmpty();
        preprocessor = regression ? values(source.path(), numbers, split)
                : ArrayPreprocessor.ofLabels(numbers.x().shape().rest(), numbers.names());
        all = Examples.of(numbers.x(), regression ? preprocessor.standardize(numbers.y()) : numbers.y());
        tests = numbers.tests().isEmpty() ? Optional.empty() : Optional.of(ArraySource.examples(source.path(),
                ArrayFiles.fitted(source.path(), numbers.tests().get(), preprocessor, Optional.empty())));
    }

    /** Why the targets are taken for labels or numbers; empty if that was given. */
    public Optional<String> reason() {
        return numbers.reason();
    }

    /** With the defaults of a table, and a first layer that standardizes the inputs; a recurrent layer takes {@code (steps, features)}. */
    @Override
    public Recipe complete(Recipe given) {
        String output = targetShape().size() + (isRegression() ? ":linear" : ":softmax");
        Recipe defaults = TableDefaults.lengths(given, examples()).optimizer(ImageNet.OPTIMIZER)
                .layers(NORMALIZATION + "," + (inputShape().rank() == 2 ? LAYERS_OF_SEQUENCES : TableDefaults.LAYERS) + "," + output);
        Recipe recipe = given.output(output).input(NORMALIZATION).complete(defaults, this);
        return ImageNet.fitted(recipe, inputShape(), inputShape()).validationSplit(source.validationSplit());
    }

    /** The standardisation of the numbers: a mean for each, and one standard deviation, so that errors of all are in one unit. */
    private static ArrayPreprocessor values(Path path, Numbers numbers, Split split) throws DataException {
        Tensor y = numbers.y();
        int width = y.dim(1);
        double[] means = new double[width];
        for (int row : split.train()) {
            for (int i = 0; i < width; i++) {
                means[i] += y.get(row, i);
            }
        }
        for (int i = 0; i < width; i++) {
            means[i] /= split.train().length;
        }
        double squares = 0;
        for (int row : split.train()) {
            for (int i = 0; i < width; i++) {
                squares += (y.get(row, i) - means[i]) * (y.get(row, i) - means[i]);
            }
        }
        double deviation = Math.sqrt(squares / split.train().length / width);
        if (deviation == 0) {
            throw new DataException(path + ": y: expected different numbers among the examples to train on."
                    + " Received: only " + Arrays.toString(means));
        }
        return ArrayPreprocessor.ofValues(numbers.x().shape().rest(), means, deviation);
    }

    /** Adapts the first layer of each network to the training examples; a constant feature is unchanged. */
    @Override
    public void prepare(Model model) {
        Models.adapt(model, () -> selected(numbers.x(), split.train()));
        for (Layer layer : Layer.withInner(model.layers())) {
            if (layer instanceof Normalization normalization && normalization.adapts()) {
                Tensor variance = normalization.variance();
                for (int i = 0; i < variance.size(); i++) {
                    float known = variance.data()[variance.offset() + i];
                    variance.data()[variance.offset() + i] = known == 0 ? 1 : known;
                }
            }
        }
    }

    private static Tensor selected(Tensor rows, int[] which) {
        int width = rows.shape().rest().size();
        Tensor flat = rows.contiguous();
        float[] chosen = new float[Math.multiplyExact(which.length, width)];
        for (int i = 0; i < which.length; i++) {
            System.arraycopy(flat.data(), flat.offset() + which[i] * width, chosen, i * width, width);
        }
        return Tensor.wrap(chosen, rows.shape().rest().prepend(which.length));
    }

    @Override
    public Shape inputShape() {
        return numbers.x().shape().rest();
    }

    @Override
    public Shape targetShape() {
        return numbers.y().shape().rest();
    }

    @Override
    public String neededOutputs() {
        int size = targetShape().size();
        return " needs " + size + (size == 1 ? " output" : " outputs") + ", so the last layer needs as many units"
                + (inputShape().rank() == 2 ? ", and one before it makes a row of the steps, such as gru(64) or flatten" : "");
    }

    @Override
    public long examples() {
        return split.train().length;
    }

    @Override
    public TrainingSet open(ReadListener listener) {
        return TrainingSet.of(inputShape(), targetShape(), all.select(split.train()), all.select(split.validation()), metrics());
    }

    @Override
    public Optional<Examples> test() {
        return tests;
    }

    @Override
    public List<Metric> metrics() {
        return TableDefaults.metrics(isRegression() ? Task.REGRESSION : Task.CLASSIFICATION, preprocessor.unit());
    }

    @Override
    public List<String> labels() {
        return preprocessor.labels();
    }

    @Override
    public double[] balancedClassWeights() {
        int[] labels = Arrays.stream(split.train()).map(example -> numbers.labels().orElseThrow()[example]).toArray();
        return ClassWeights.balanced(labels, targetShape().size());
    }

    @Override
    public ArrayPreprocessor preprocessor() {
        return preprocessor;
    }

    @Override
    public Map<String, String> provenance() throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("data", source.path().toString());
        provenance.put(TableOrigin.DATA_HASH, hash.getOrRetry());
        provenance.put("examples", Long.toString(examples()));
        provenance.put(ImageData.VALIDATION_SPLIT, Double.toString(source.validationSplit()));
        provenance.put(ImageData.SPLIT_SEED, Long.toString(source.splitSeed()));
        return provenance;
    }
}

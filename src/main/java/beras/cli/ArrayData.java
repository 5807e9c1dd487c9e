package beras.cli;

import beras.cli.ArrayFiles.Numbers;
import beras.data.ArrayPreprocessor;
import beras.data.ClassWeights;
import beras.data.Splits;
import beras.data.table.TableTarget.Task;
import beras.feed.Examples;
import beras.feed.Preprocessor;
import beras.files.Sha256;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Normalization;
import beras.metrics.Metric;
import beras.models.Model;
import beras.models.TrainingSet;
import beras.tables.TableDefaults;
import beras.tables.TableOrigin;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Recipe;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The arrays {@code x} and {@code y} of a file of NumPy. As of a table, numbers are standardised by the examples to train on: those
 * of x by a first layer, so that the model takes them as they are, amounts by what the model file keeps.
 */
final class ArrayData extends TrainingData {

    private static final String NORMALIZATION = "normalization";

    private final CommandSpec spec;
    private final TrainOptions options;
    private final Optional<Task> task;
    private Background<String> hash;
    private Numbers numbers;
    private Splits.Split split;
    private ArrayPreprocessor meaning;
    private Examples all;
    private TrainingSet set;

    ArrayData(CommandSpec spec, TrainOptions options) {
        this.spec = spec;
        this.options = options;
        DataKind.ARRAYS.requireOptions(spec);
        ImageData.requireSplit(spec, options, share());
        task = options.table.task(spec);
    }

    private double share() {
        return options.validationSplit == null ? TableDefaults.VALIDATION_SPLIT : options.validationSplit;
    }

    @Override
    boolean keepsValidation() {
        return share() > 0;
    }

    @Override
    boolean endsEarly() {
        return false;
    }

    @Override
    int patience(Recipe recipe) {
        throw new AssertionError("of arrays training ends early only if that is said, with its patience");
    }

    @Override
    void check(Recipe said) {} // what fits depends on the data

    @Override
    void begin() {
        hash = Background.startLater("beras-hash", () -> Sha256.of(List.of(options.data)));
    }

    @Override
    void load(Console console) throws Exception {
        numbers = ArrayFiles.numbers(options.data, task, console);
        try {
            Examples.of(numbers.x(), numbers.y());
        } catch (IllegalArgumentException e) { // such as NaN
            throw new Failure(Exit.BAD_DATA, options.data + ": " + e.getMessage());
        }
    }

    private boolean isRegression() {
        return numbers.labels().isEmpty();
    }

    @Override
    Recipe complete(Recipe said) {
        try {
            split = isRegression() ? Splits.random(numbers.x().dim(0), share(), 0, options.table.splitSeed())
                    : Splits.stratified(numbers.labels().get(), share(), 0, options.table.splitSeed());
        } catch (IllegalArgumentException e) {
            throw Usage.invalid(spec, "--validation-split", e.getMessage());
        }
        meaning = isRegression() ? amounts() : ArrayPreprocessor.ofLabels(inputShape(), numbers.names());
        all = Examples.of(numbers.x(), isRegression() ? meaning.standardize(numbers.y()) : numbers.y());
        Recipe recipe = options.batchSize != null ? said : said.batchSize(TableDefaults.batchSize(examples()));
        recipe = options.epochs != null ? recipe : recipe.epochs(TableDefaults.epochs(examples(), recipe.batchSize()));
        String layers = options.layers == null ? TableDefaults.LAYERS : options.layers;
        if (options.layers == null || !RecipeOptions.endsInOutput(recipe)) {
            layers += "," + targetShape().size() + (isRegression() ? ":linear" : ":softmax");
        }
        boolean normalizes = options.layers != null && Layers.REGISTRY.of(said.layerConfigs().get(0)) instanceof Normalization;
        recipe = recipe.layers(RecipeOptions.layers(options, normalizes ? layers : NORMALIZATION + "," + layers))
                .validationSplit(share());
        recipe = Nets.fitted(recipe, inputShape(), inputShape());
        return RecipeOptions.withLoss(spec, options, recipe, isRegression());
    }

    /** What standardises the amounts: a mean for each, and one deviation, so that errors of all are in one unit. */
    private ArrayPreprocessor amounts() {
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
            throw new Failure(Exit.BAD_DATA, options.data + ": y: expected different amounts among the examples to train on."
                    + " Received: only " + Arrays.toString(means));
        }
        return ArrayPreprocessor.ofAmounts(inputShape(), means, deviation);
    }

    /** Has the first layer of each net learn from the examples to train on; a feature of one value stays as it is. */
    @Override
    void prepare(Model model) {
        Tensor trained = null;
        for (Layer layer : firstLayers(model)) {
            if (layer instanceof Normalization normalization && !normalization.config().has("mean")) {
                trained = trained == null ? selected(numbers.x(), split.train()) : trained;
                normalization.adapt(trained);
                Tensor variance = normalization.variance();
                for (int i = 0; i < variance.size(); i++) {
                    float known = variance.data()[variance.offset() + i];
                    variance.data()[variance.offset() + i] = known == 0 ? 1 : known;
                }
            }
        }
    }

    private static List<Layer> firstLayers(Model model) {
        Layer first = model.layers().get(0);
        return first instanceof Model ? model.layers().stream().filter(Model.class::isInstance)
                .map(inner -> ((Model) inner).layers().get(0)).toList() : List.of(first);
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
    Shape inputShape() {
        return numbers.x().shape().rest();
    }

    @Override
    Shape targetShape() {
        return numbers.y().shape().rest();
    }

    @Override
    String outputsNeeded() {
        return " needs " + Text.count(targetShape().size(), "output") + ", so the last layer needs as many units";
    }

    @Override
    long examples() {
        return split.train().length;
    }

    @Override
    void open(Console console) {
        set = TrainingSet.of(inputShape(), targetShape(), all.select(split.train()), all.select(split.validation()), metrics());
    }

    @Override
    TrainingSet set() {
        return set;
    }

    @Override
    Examples test() {
        return null;
    }

    @Override
    List<Metric> metrics() {
        return TableDefaults.metrics(isRegression() ? Task.REGRESSION : Task.CLASSIFICATION, meaning.unit());
    }

    @Override
    List<String> labels() {
        return meaning.labels();
    }

    @Override
    double[] balancedWeights() {
        int[] labels = Arrays.stream(split.train()).map(example -> numbers.labels().orElseThrow()[example]).toArray();
        return ClassWeights.balanced(labels, targetShape().size());
    }

    @Override
    Optional<Preprocessor> preprocessor() {
        return Optional.of(meaning);
    }

    @Override
    Optional<ColumnTable> columns() {
        return Optional.empty();
    }

    @Override
    Map<String, String> provenance() throws Exception {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("data", options.data.toString());
        provenance.put(TableOrigin.DATA_HASH, hash.get());
        provenance.put("examples", Long.toString(examples()));
        provenance.put(ImageData.VALIDATION_SPLIT, Double.toString(share()));
        provenance.put(ImageData.SPLIT_SEED, Long.toString(options.table.splitSeed()));
        return provenance;
    }

    @Override
    List<String> next(String model) {
        return List.of("predict " + model + " --data " + Text.quote(options.data) + " --out outputs.npy");
    }
}

package beras.cli;

import beras.cli.ArrayFiles.Numbers;
import beras.data.ClassWeights;
import beras.data.Splits;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.feed.Preprocessor;
import beras.files.Sha256;
import beras.metrics.CategoricalAccuracy;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.tables.TableDefaults;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** The arrays {@code x} and {@code y} of a file of NumPy. The net takes the numbers as they are. */
final class ArrayData extends TrainingData {

    // As of tables.
    private static final String MAE = "mae";
    private static final String RMSE = "rmse";

    private final CommandSpec spec;
    private final TrainOptions options;
    private Background<String> hash;
    private Numbers numbers;
    private Splits.Split split;
    private Examples all;
    private Batches training;
    private Batches validation; // null: none

    ArrayData(CommandSpec spec, TrainOptions options) {
        this.spec = spec;
        this.options = options;
        ImageData.requireNoTable(spec, options);
        ImageData.requireNoFolder(spec, options);
        options.requireAbsent(spec, "--augment", options.augment, "images");
        options.requireAbsent(spec, "--outliers", options.outliers, "images");
        options.requireAbsent(spec, "--net", options.net, "images");
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
        numbers = ArrayFiles.numbers(options.data, console);
        try {
            all = Examples.of(numbers.x(), numbers.y());
        } catch (IllegalArgumentException e) { // such as NaN
            throw new Failure(Exit.BAD_DATA, options.data + ": " + e.getMessage());
        }
    }

    private boolean isRegression() {
        return numbers.labels() == null;
    }

    @Override
    Recipe complete(Recipe said) {
        try {
            split = isRegression() ? Splits.random(all.count(), share(), 0, said.seed())
                    : Splits.stratified(numbers.labels(), share(), 0, said.seed());
        } catch (IllegalArgumentException e) {
            throw Usage.invalid(spec, "--validation-split", e.getMessage());
        }
        Recipe recipe = options.batchSize != null ? said : said.batchSize(TableDefaults.batchSize(examples()));
        recipe = options.epochs != null ? recipe : recipe.epochs(TableDefaults.epochs(examples(), recipe.batchSize()));
        String layers = options.layers == null ? TableDefaults.LAYERS : options.layers;
        if (options.layers == null || !RecipeOptions.endsInOutput(recipe)) {
            layers += "," + targetShape().size() + (isRegression() ? ":linear" : ":softmax");
        }
        recipe = recipe.layers(RecipeOptions.layers(options, layers)).validationSplit(share());
        recipe = Nets.fitted(recipe, inputShape(), inputShape());
        return RecipeOptions.withLoss(spec, options, recipe, isRegression());
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
    void open(Recipe recipe, Console console) {
        training = Batches.shuffled(all.select(split.train()), recipe.batchSize(), recipe.seed());
        validation = split.validation().length == 0 ? null
                : Batches.of(all.select(split.validation()), recipe.batchSize());
    }

    @Override
    Batches training() {
        return training;
    }

    @Override
    Batches validation() {
        return validation;
    }

    @Override
    Examples test() {
        return null;
    }

    @Override
    List<Metric> metrics() {
        return isRegression() ? List.of(Metrics.of(MAE).named(MAE), Metrics.of(RMSE).named(RMSE))
                : List.of(new CategoricalAccuracy());
    }

    @Override
    List<String> labels() {
        return isRegression() ? List.of() : ImageData.labels(targetShape().size());
    }

    @Override
    float[] balancedWeights() {
        int[] labels = new int[split.train().length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = numbers.labels()[split.train()[i]];
        }
        return ClassWeights.balanced(labels, targetShape().size());
    }

    @Override
    Optional<Preprocessor> preprocessor() {
        return Optional.empty();
    }

    @Override
    Optional<ColumnTable> columns() {
        return Optional.empty();
    }

    @Override
    Map<String, String> provenance() throws Exception {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("data", options.data.toString());
        provenance.put("data_sha256", hash.get());
        provenance.put("examples", Long.toString(examples()));
        return provenance;
    }

    @Override
    List<String> next(String model) {
        return List.of("predict " + model + " --data " + Text.quote(options.data) + " --out outputs.npy");
    }
}

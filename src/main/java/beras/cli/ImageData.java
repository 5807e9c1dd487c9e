package beras.cli;

import beras.data.ClassWeights;
import beras.data.image.AugmentedImages;
import beras.data.image.ImageAugmentation;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.data.image.Mnist;
import beras.data.image.OutlierImages;
import beras.data.table.NamedValues;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.feed.Preprocessor;
import beras.files.Sha256;
import beras.metrics.CategoricalAccuracy;
import beras.metrics.Metric;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** MNIST, or any set in its form. */
final class ImageData extends TrainingData {

    /** Stands for the number of classes while the data are not there. */
    private static final int SOME_CLASSES = 10;

    private final CommandSpec spec;
    private final TrainOptions options;
    private final ImageAugmentation augmentation; // null: none
    private final Nets.Net net; // null: none is named
    private Background<Mnist> loading;
    private Background<String> hash;
    private Mnist mnist;
    private Images train;
    private Images held;
    private Examples shown; // what is trained on
    private Batches training;
    private Batches validation; // null: none

    ImageData(CommandSpec spec, TrainOptions options) {
        this.spec = spec;
        this.options = options;
        requireNoTable(spec, options);
        if (options.net != null && options.layers != null) {
            throw Usage.invalid(spec, "--net", "it names a net, and --layers describes one. Leave one of them out");
        }
        net = options.net == null ? null : Usage.check(spec, "--net", () -> Nets.of(options.net));
        augmentation = options.augment == null ? null
                : Usage.check(spec, "--augment", () -> augmentation(options.augment));
        if (options.outliers != null) {
            Usage.check(spec, "--outliers", () -> OutlierImages.requireShare(options.outliers));
            if (options.classWeight != null) {
                throw Usage.invalid(spec, "--class-weight", "with --outliers it cannot be: an outlier is of no class. Leave one of them out");
            }
        }
    }

    /** Refuses what is for tables alone. */
    static void requireNoTable(CommandSpec spec, TrainOptions options) {
        options.requireAbsent(spec, "--target", options.table.target, "tables");
        options.requireAbsent(spec, "--task", options.table.task, "tables");
        options.requireAbsent(spec, "--types", options.table.types, "tables");
        options.requireAbsent(spec, "--max-categories", options.table.maxCategories, "tables");
        options.table.file.requireAbsent(spec);
        options.requireAbsent(spec, "--validation-data", options.table.validationData, "tables");
        options.requireAbsent(spec, "--split", options.table.split, "tables");
        options.requireAbsent(spec, "--split-seed", options.table.splitSeed, "tables");
        options.requireAbsent(spec, "--cross-validate", options.crossValidate, "tables");
        options.requireAbsent(spec, "--shuffle-buffer", options.table.shuffleBuffer, "tables");
    }

    private static ImageAugmentation augmentation(String text) {
        Map<String, Double> numbers = new LinkedHashMap<>(Map.of("shift", 0.0, "rotate", 0.0, "zoom", 0.0, "shear", 0.0));
        NamedValues.parse(text).forEach((name, value) -> {
            if (numbers.replace(name, Text.number(name, value)) == null) {
                throw new IllegalArgumentException("there is no " + name + " here, only shift, rotate, zoom, shear");
            }
        });
        return new ImageAugmentation(numbers.get("shift"), numbers.get("rotate"), numbers.get("zoom"), numbers.get("shear"));
    }

    @Override
    boolean keepsValidation() {
        return (options.validationSplit == null ? TrainDefaults.VALIDATION_SPLIT : options.validationSplit) > 0;
    }

    @Override
    boolean endsEarly() {
        return false;
    }

    @Override
    int patience(Recipe recipe) {
        throw new AssertionError("of images training ends early only if that is said, with its patience");
    }

    @Override
    void check(Recipe said) {
        RecipeOptions.withLoss(spec, options, withLayers(said, SOME_CLASSES), false);
    }

    private Recipe withLayers(Recipe said, int classes) {
        return options.layers != null ? said
                : said.layers(RecipeOptions.layers(options, net == null ? TrainDefaults.LAYERS : net.layers(classes)));
    }

    @Override
    void begin() {
        loading = Background.start("beras-data", () -> ArrayFiles.isNamedSo(options.data)
                ? ArrayFiles.images(options.data) : Mnist.load(options.data));
    }

    @Override
    void load(Console console) throws Exception {
        mnist = loading.get();
        hash = Background.start("beras-hash", () -> ArrayFiles.isNamedSo(options.data)
                ? Sha256.of(List.of(options.data)) : Sha256.of(Mnist.files(options.data)));
    }

    @Override
    Recipe complete(Recipe said) {
        Recipe recipe = options.epochs == null ? said.epochs(net == null ? TrainDefaults.EPOCHS : net.epochs()) : said;
        boolean scheduled = net == null || net.schedule() == null || options.lrSchedule != null || options.reduceLr != null;
        recipe = scheduled ? recipe : recipe.schedule(net.schedule());
        recipe = options.batchSize == null ? recipe.batchSize(TrainDefaults.BATCH_SIZE) : recipe;
        recipe = Nets.fitted(withLayers(recipe, mnist.train().classes()), mnist.train().inputShape(),
                Shape.of(mnist.train().height(), mnist.train().width(), 1));
        recipe = options.validationSplit == null ? recipe.validationSplit(TrainDefaults.VALIDATION_SPLIT) : recipe;
        int kept = (int) Math.floor(mnist.train().count() * (1 - recipe.validationSplit()));
        train = mnist.train().slice(0, kept);
        held = mnist.train().slice(kept, mnist.train().count());
        if (train.count() == 0 || mnist.test().count() == 0) {
            throw new Failure(Exit.BAD_DATA, options.data + ": at least one image to train on and one to test on are needed."
                    + " Received: " + train.count() + " and " + mnist.test().count());
        }
        if (recipe.validationSplit() > 0 && held.count() == 0) {
            throw new Failure(Exit.BAD_DATA, options.data + ": at least one image to validate is needed. Received: none of "
                    + kept + ". Take a larger --validation-split");
        }
        Examples changed = augmentation == null ? train : new AugmentedImages(train, augmentation, recipe.seed());
        shown = options.outliers == null ? changed : Usage.check(spec, "--outliers",
                () -> new OutlierImages(changed, train, options.outliers, said.seed()));
        return RecipeOptions.withLoss(spec, options, recipe, false);
    }

    @Override
    Shape inputShape() {
        return train.inputShape();
    }

    @Override
    Shape targetShape() {
        return Shape.of(train.classes());
    }

    @Override
    String outputsNeeded() {
        return " has " + train.classes() + " classes, so the last layer needs as many units";
    }

    @Override
    long examples() {
        return shown.count();
    }

    @Override
    void open(Recipe recipe, Console console) {
        training = Batches.shuffled(shown, recipe.batchSize(), recipe.seed());
        validation = held.count() == 0 ? null : Batches.of(held, recipe.batchSize());
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
        return mnist.test();
    }

    @Override
    List<Metric> metrics() {
        return List.of(new CategoricalAccuracy());
    }

    @Override
    List<String> labels() {
        return labels(train.classes());
    }

    /** The names of classes that have just numbers. */
    static List<String> labels(int classes) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < classes; i++) {
            labels.add(Integer.toString(i));
        }
        return labels;
    }

    @Override
    float[] balancedWeights() {
        int[] classes = new int[train.count()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = train.label(i);
        }
        return ClassWeights.balanced(classes, train.classes());
    }

    @Override
    Optional<Preprocessor> preprocessor() {
        return Optional.of(ImagePreprocessor.ofNumbers(train.height(), train.width(), train.classes()));
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
    List<String> next(String model) throws IOException {
        if (ArrayFiles.isNamedSo(options.data)) {
            return List.of("evaluate " + model + " --data " + Text.quote(options.data),
                    "predict " + model + " --data " + Text.quote(options.data) + " --out outputs.npy");
        }
        String images = "IMAGES";
        try (DirectoryStream<Path> tests = Files.newDirectoryStream(options.data, "t10k-images*")) {
            for (Path file : tests) {
                images = Text.quote(file);
            }
        }
        return List.of("evaluate " + model + " --data " + Text.quote(options.data) + " --pictures digits.png",
                "predict " + model + " " + images);
    }
}

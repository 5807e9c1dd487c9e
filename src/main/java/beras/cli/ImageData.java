package beras.cli;

import beras.config.Names;
import beras.data.ClassWeights;
import beras.data.image.AugmentedImages;
import beras.data.image.ImageAugmentation;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.data.image.PictureForm;
import beras.data.table.NamedValues;
import beras.feed.Examples;
import beras.feed.Preprocessor;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.TrainingSet;
import beras.tables.TableOrigin;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** Images with labels, wherever they come from. */
abstract class ImageData extends TrainingData {

    // Of the provenance.
    static final String VALIDATION_SPLIT = "validation_split";
    static final String SPLIT_SEED = "split_seed";

    /** Stands for the number of classes while the data are not there. */
    private static final int SOME_CLASSES = 10;

    final CommandSpec spec;
    final TrainOptions options;
    private final ImageAugmentation augmentation; // null: none
    private final Nets.Net net; // null: none is named
    private Background<String> hash;
    private Parts parts;
    private Examples shown; // what is trained on
    private TrainingSet set;

    /**
     * What images are for.
     *
     * @param held for validation; perhaps none
     * @param test null: none
     */
    record Parts(Images train, Images held, Images test) {}

    ImageData(CommandSpec spec, TrainOptions options, DataKind kind) {
        this.spec = spec;
        this.options = options;
        kind.requireOptions(spec);
        if (options.net != null && options.layers != null) {
            throw Usage.invalid(spec, "--net", "it names a net, and --layers describes one. Remove one of them");
        }
        net = options.net == null ? null : Usage.check(spec, "--net", () -> Nets.of(options.net));
        augmentation = options.augment == null ? null
                : Usage.check(spec, "--augment", () -> augmentation(options.augment));
        if (options.outliers != null) {
            Usage.check(spec, "--outliers", () -> PictureForm.requireOutlierShare(options.outliers));
            if (options.classWeight != null) {
                throw Usage.invalid(spec, "--class-weight", "with --outliers it cannot be: an outlier is of no class. Remove one of them");
            }
        }
    }

    /** Refuses a seed for a split of data of which nothing is held out. */
    static void requireSplit(CommandSpec spec, TrainOptions options, double share) {
        if (options.table.splitSeed != null && share == 0) {
            throw Usage.invalid(spec, TableDataOptions.SPLIT_SEED, "nothing is held out that it could choose. Add"
                    + " --validation-split, such as 0.1, or remove it");
        }
    }

    private static ImageAugmentation augmentation(String text) {
        Map<String, Double> numbers = new LinkedHashMap<>(Map.of("shift", 0.0, "rotate", 0.0, "zoom", 0.0, "shear", 0.0));
        NamedValues.parse(text).forEach((name, value) -> {
            if (numbers.replace(name, Text.number(name, value)) == null) {
                throw new IllegalArgumentException("there is no " + name + " here, only shift, rotate, zoom, shear"
                        + Names.didYouMean(name, numbers.keySet()));
            }
        });
        return new ImageAugmentation(numbers.get("shift"), numbers.get("rotate"), numbers.get("zoom"), numbers.get("shear"));
    }

    /** The share of the images to train on that is held out. */
    final double validationShare() {
        return options.validationSplit == null ? TrainDefaults.VALIDATION_SPLIT : options.validationSplit;
    }

    @Override
    boolean keepsValidation() {
        return validationShare() > 0;
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
                : said.layers(RecipeOptions.layers(options, (net == null ? Nets.of(Nets.DENSE) : net).layers(classes)));
    }

    /** Reads the images, once {@link #begin} was called. */
    abstract Parts read(Console console) throws Exception;

    /** How many images make a step if nothing is said. */
    abstract int batchSize();

    /** How often a net sees the images if nothing is said. */
    abstract int epochs(Nets.Net net, int batchSize);

    /** The SHA-256 of all of them. */
    abstract String hash() throws IOException;

    @Override
    final void load(Console console) throws Exception {
        parts = read(console);
        hash = Background.startLater("beras-hash", this::hash);
        if (parts.train.count() == 0 || parts.test != null && parts.test.count() == 0) {
            throw new Failure(Exit.BAD_DATA, options.data + ": at least one image to train on and one to test on are needed."
                    + " Received: " + parts.train.count() + " and " + (parts.test == null ? 0 : parts.test.count()));
        }
        if (keepsValidation() && parts.held.count() == 0) {
            throw new Failure(Exit.BAD_DATA, options.data + ": at least one image to validate is needed. Received: none of "
                    + parts.train.count() + ". Take a larger --validation-split");
        }
    }

    @Override
    Recipe complete(Recipe said) {
        Recipe recipe = options.batchSize == null ? said.batchSize(batchSize()) : said;
        recipe = options.epochs == null ? recipe.epochs(epochs(net == null ? Nets.of(Nets.DENSE) : net, recipe.batchSize()))
                : recipe;
        boolean scheduled = net == null || net.schedule() == null || options.lrSchedule != null || options.reduceLr != null;
        recipe = scheduled ? recipe : recipe.schedule(net.schedule());
        recipe = Nets.fitted(withLayers(recipe, parts.train.classes()), inputShape(),
                Shape.of(parts.train.height(), parts.train.width(), parts.train.channels()));
        recipe = recipe.validationSplit(validationShare());
        Examples changed = augmentation == null ? parts.train : new AugmentedImages(parts.train, augmentation, recipe.seed());
        shown = options.outliers == null ? changed : Usage.check(spec, "--outliers",
                () -> PictureForm.ofGrey().withOutliers(changed, parts.train, options.outliers, said.seed()));
        return RecipeOptions.withLoss(spec, options, recipe, false);
    }

    @Override
    Shape inputShape() {
        return parts.train.inputShape();
    }

    @Override
    Shape targetShape() {
        return Shape.of(parts.train.classes());
    }

    @Override
    String outputsNeeded() {
        return " has " + parts.train.classes() + " classes, so the last layer needs as many units";
    }

    /** How many images there are to train on. */
    final int images() {
        return parts.train.count();
    }

    @Override
    long examples() {
        return shown.count();
    }

    @Override
    void open(Console console) {
        set = TrainingSet.of(inputShape(), targetShape(), shown, parts.held, metrics());
    }

    @Override
    TrainingSet set() {
        return set;
    }

    @Override
    Examples test() {
        return parts.test;
    }

    @Override
    List<Metric> metrics() {
        return List.of(Metrics.of("accuracy"));
    }

    @Override
    List<String> labels() {
        return labels(parts.train.classes());
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
    double[] balancedWeights() {
        return ClassWeights.balanced(classes(parts.train), parts.train.classes());
    }

    /** The class of each image. */
    static int[] classes(Images images) {
        int[] classes = new int[images.count()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = images.label(i);
        }
        return classes;
    }

    @Override
    final Optional<Preprocessor> preprocessor() {
        return Optional.of(preprocessor(parts.train));
    }

    /** What makes inputs from images like these, and from pictures. */
    ImagePreprocessor preprocessor(Images train) {
        return new ImagePreprocessor(train.height(), train.width(), train.channels(), labels(), train.classes());
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
        return provenance;
    }
}

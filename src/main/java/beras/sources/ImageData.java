package beras.sources;

import beras.data.ClassWeights;
import beras.data.DataException;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.files.Background;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Model;
import beras.models.Models;
import beras.models.ReadListener;
import beras.models.TrainingData;
import beras.models.TrainingSet;
import beras.prediction.Calibration;
import beras.saving.Predictor;
import beras.tables.TableDefaults;
import beras.tables.TableOrigin;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Images with labels, wherever they come from. */
final class ImageData implements TrainingData {

    // In the provenance.
    static final String VALIDATION_SPLIT = ImageOptions.VALIDATION_ORIGIN;
    static final String SPLIT_SEED = "split_seed";

    private static final int NO_EPOCH = -1;
    /** Stands for the number of classes while the data are not there. */
    private static final int SOME_CLASSES = 10;

    /** Layers that adapt to data use so many numbers, 5000 images of MNIST. */
    private static final int MOST_NUMBERS = 1 << 22;

    private final Path path;
    private final ImageOptions options;
    private final Parts parts;
    private final boolean isSet;
    private final Background<String> hash;
    private final Map<String, String> split;
    private final Examples shown; // to train on

    /**
     * The parts of the images, and their preprocessing.
     *
     * @param held         to validate; perhaps none
     * @param preprocessor makes inputs from such images, and from pictures
     */
    record Parts(Images train, Images held, Optional<Examples> test, ImagePreprocessor preprocessor) {}

    /**
     * @param isSet whether they are a set of images, which has other defaults than a folder of pictures
     * @param hash  gives the SHA-256 of all of them
     * @param split the provenance of the split
     * @throws DataException if there are none for a part
     */
    ImageData(Path path, ImageOptions options, Parts parts, boolean isSet, Callable<String> hash, Map<String, String> split)
            throws DataException {
        this.path = path;
        this.options = options;
        this.parts = parts;
        this.isSet = isSet;
        this.hash = Background.startLater("beras-hash", hash);
        this.split = split;
        Images train = parts.train;
        int tests = parts.test.isPresent() ? parts.test.get().count() : 0;
        if (train.count() == 0 || parts.test.isPresent() && tests == 0) {
            throw new DataException(path + ": at least one image to train on and one to test on are needed. Received: "
                    + train.count() + " and " + tests);
        }
        if (options.validationShare() > 0 && parts.held.count() == 0) {
            throw new DataException(path + ": at least one image to validate is needed. Received: none of " + train.count()
                    + ". Take a larger validation split");
        }
        shown = options.shown(train);
    }

    /** Rejects settings that fit no images. */
    static void check(Recipe given, ImageOptions options) {
        given.check(defaults(options, SOME_CLASSES));
    }

    /** The default training on a set of images. */
    private static Recipe defaults(ImageOptions options, int classes) {
        ImageNet net = options.net;
        Recipe defaults = new Recipe().layers(net.layers(classes)).batchSize(ImageNet.BATCH_SIZE).epochs(net.epochs())
                .optimizer(net.optimizer());
        defaults = net.schedule().isEmpty() ? defaults : defaults.schedule(net.schedule().get());
        return net.loss().isEmpty() ? defaults : defaults.loss(net.loss().get());
    }

    /** A folder of pictures may have few or many, as a table has rows. */
    @Override
    public Recipe complete(Recipe given) {
        Images train = parts.train;
        Recipe defaults = defaults(options, train.classes());
        defaults = isSet ? defaults : TableDefaults.lengths(given, train.count()).or(defaults);
        return ImageNet.fitted(given.complete(defaults, this), inputShape(),
                Shape.of(train.height(), train.width(), train.channels())).validationSplit(options.validationShare());
    }

    /**
     * For a folder the weights of the best epoch are kept if {@value ImageOptions#FEWEST_VALIDATED} pictures are held out, but
     * all epochs are made, as schedules expect.
     */
    @Override
    public int patience(Recipe recipe) {
        return isSet || parts.held.count() < ImageOptions.FEWEST_VALIDATED ? 0 : Integer.MAX_VALUE;
    }

    /**
     * The loss of a few pictures is lowest in an early epoch, after which a network grows more confident, but also more
     * accurate.
     */
    @Override
    public String monitored() {
        return isSet ? TrainingData.super.monitored() : "accuracy";
    }

    /** Has layers that learn from data alone learn from images to train on, as they are, spread evenly over all. */
    @Override
    public void prepare(Model model) {
        Images train = parts.train;
        Models.adapt(model, () -> {
            int count = Math.max(1, Math.min(train.count(), MOST_NUMBERS / train.inputShape().size()));
            int[] chosen = new int[count];
            for (int i = 0; i < count; i++) {
                chosen[i] = (int) ((long) i * train.count() / count);
            }
            return train.select(chosen).inputs();
        });
    }

    @Override
    public Shape inputShape() {
        return parts.train.inputShape();
    }

    @Override
    public Shape targetShape() {
        return Shape.of(parts.train.classes());
    }

    @Override
    public String neededOutputs() {
        return " has " + parts.train.classes() + " classes, so the last layer needs as many units";
    }

    @Override
    public long examples() {
        return shown.count();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metrics.of("accuracy"));
    }

    @Override
    public TrainingSet open(ReadListener listener) {
        return TrainingSet.of(inputShape(), targetShape(), shown, parts.held, metrics());
    }

    /**
     * By the validation images, not augmented, and the outliers of an epoch that is not trained, so that they are new. None by
     * fewer than {@value ImageOptions#FEWEST_VALIDATED}.
     */
    @Override
    public Optional<Calibration> calibration(Model model) {
        if (parts.held.count() < ImageOptions.FEWEST_VALIDATED) {
            return Optional.empty();
        }
        Examples examples = options.withOutliers(parts.held, parts.held);
        Tensor probabilities = Tensor.zeros(model.outputShape().prepend(examples.count()).toArray());
        int done = 0;
        try (Batches.Pass pass = Batches.of(examples, Predictor.batchSize(model.inputShape())).open(NO_EPOCH)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                Tensor given = model.run(batch, pass.net())[0].contiguous();
                System.arraycopy(given.data(), given.offset(), probabilities.data(), done, given.size());
                done += given.size();
            }
        }
        return Calibration.fit(probabilities, classes(parts.held));
    }

    @Override
    public Optional<Examples> test() {
        return parts.test;
    }

    @Override
    public List<String> labels() {
        return parts.preprocessor.labels();
    }

    @Override
    public double[] balancedClassWeights() {
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
    public ImagePreprocessor preprocessor() {
        return parts.preprocessor;
    }

    @Override
    public Map<String, String> provenance() throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("data", path.toString());
        provenance.put(TableOrigin.DATA_HASH, hash.getOrRetry());
        provenance.put("examples", Long.toString(examples()));
        provenance.putAll(split);
        return provenance;
    }
}

package beras.sources;

import beras.data.Splits;
import beras.data.image.ImagePreprocessor;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.models.DataSource;
import beras.models.ReadListener;
import beras.models.TrainingData;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * A set of images to train on and to test on: a folder in the form of MNIST, or a file of NumPy with the bytes of {@code x_train},
 * {@code y_train}, {@code x_test} and {@code y_test}.
 */
public final class ImageSource implements DataSource {

    private final Path path;
    private final ImageOptions options;

    private ImageSource(Path path, ImageOptions options) {
        this.path = path;
        this.options = options;
    }

    /** The images at this path, which are read later. */
    public static ImageSource of(Path path, ImageOptions options) {
        return new ImageSource(path, options);
    }

    @Override
    public boolean holdsOut() {
        return options.validationShare() > 0;
    }

    @Override
    public void check(Recipe given) {
        ImageData.check(given, options);
    }

    /** Each class is held out in proportion. */
    @Override
    public TrainingData read(ReadListener listener) throws IOException {
        ImageSets set = ArrayFiles.isNamedSo(path) ? ArrayFiles.images(path) : ImageSets.load(path);
        Images train = set.train();
        Images held = train.slice(0, 0);
        Map<String, String> split = new LinkedHashMap<>();
        if (holdsOut()) {
            int[] which = Splits.share(ImageData.classes(train), options.validationShare(), options.splitSeed);
            LongPredicate isHeld = Splits.rows(which);
            held = train.select(which);
            train = train.select(IntStream.range(0, train.count()).filter(image -> !isHeld.test(image)).toArray());
            split.put(ImageData.VALIDATION_SPLIT, Double.toString(options.validationShare()));
            split.put(ImageData.SPLIT_SEED, Long.toString(options.splitSeed));
        }
        ImagePreprocessor preprocessor = new ImagePreprocessor(train.height(), train.width(), train.channels(),
                labels(train.classes()), train.classes());
        return new ImageData(path, options, new ImageData.Parts(train, held, Optional.of(set.test()), preprocessor), true,
                () -> DataHash.of(path).orElseThrow(), split);
    }

    /** The names of classes that have just numbers. */
    private static List<String> labels(int classes) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < classes; i++) {
            labels.add(Integer.toString(i));
        }
        return labels;
    }
}

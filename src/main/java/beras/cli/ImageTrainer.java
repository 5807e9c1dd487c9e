package beras.cli;

import beras.data.AugmentedImages;
import beras.data.ClassWeights;
import beras.data.ImageAugmentation;
import beras.data.Images;
import beras.data.Mnist;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.metrics.CategoricalAccuracy;
import beras.models.Sequential;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.CommandSpec;

/** {@code train} on MNIST, or any set in its form. */
final class ImageTrainer extends Trainer {

    private ImageAugmentation augmentation; // null: none

    ImageTrainer(Console console, CommandSpec spec, TrainOptions options) {
        super(console, spec, options);
    }

    @Override
    Integer run() throws Exception {
        Background<Mnist> loading = Background.start("beras-data", () -> Mnist.load(options.data)); // while options are checked
        options.fill(TrainDefaults.VALIDATION_SPLIT);
        options.fill(TrainDefaults.LAYERS, TrainDefaults.LOSS, TrainDefaults.BATCH_SIZE, TrainDefaults.EPOCHS);
        Recipe recipe = new Recipe(spec, options);
        recipe.requireLossFits();
        requireAbsent("--target", options.target, "tables");
        requireAbsent("--task", options.task, "tables");
        requireAbsent("--types", options.types, "tables");
        requireAbsent("--shuffle-buffer", options.shuffleBuffer, "tables");
        if (options.augment != null) {
            augmentation = Usage.check(spec, "--augment", () -> augmentation(options.augment));
        }
        requirePlaces();
        start();
        return train(recipe, loading.get());
    }

    private static ImageAugmentation augmentation(String text) {
        Map<String, Double> numbers = Pairs.numbers(text, "shift", "rotate", "zoom", "shear");
        return new ImageAugmentation(numbers.getOrDefault("shift", 0.0), numbers.getOrDefault("rotate", 0.0),
                numbers.getOrDefault("zoom", 0.0), numbers.getOrDefault("shear", 0.0));
    }

    private int train(Recipe recipe, Mnist mnist) throws IOException {
        int kept = (int) Math.floor(mnist.train().count() * (1 - options.validationSplit));
        Images training = mnist.train().slice(0, kept);
        if (training.count() == 0 || mnist.test().count() == 0) {
            throw new Failure(Exit.BAD_DATA, options.data + ": at least one image to train on and one to test on are needed."
                    + " Received: " + training.count() + " and " + mnist.test().count());
        }
        if (options.validationSplit > 0 && kept == mnist.train().count()) {
            throw new Failure(Exit.BAD_DATA, options.data + ": at least one image to validate is needed. Received: none of "
                    + kept + ". Take a larger --validation-split");
        }
        if (options.layers.outputs() != training.classes()) {
            throw new Failure(Exit.BAD_DATA, options.data + " has " + training.classes()
                    + " classes, so the last layer needs as many units. Received: --layers " + options.layers);
        }
        Sequential model = recipe.compiled(training.inputShape().size(), training.count(), new CategoricalAccuracy());
        Examples shown = augmentation == null ? training : new AugmentedImages(training, augmentation, options.seed);
        Batches validation = options.validationSplit == 0 ? null
                : Batches.of(mnist.train().slice(kept, mnist.train().count()), options.batchSize);
        Lessons lessons = new Lessons(Batches.shuffled(shown, options.batchSize, options.seed), training.count(), validation,
                mnist.test());
        return train(model, lessons, fitOptions(() -> labels(training.classes()), () -> ClassWeights.balanced(
                IntStream.range(0, training.count()).map(training::label).toArray(), training.classes())),
                provenance(training.count()));
    }

    /** The names of classes that have just numbers. */
    static List<String> labels(int classes) {
        return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    @Override
    List<String> next(String model) throws IOException {
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

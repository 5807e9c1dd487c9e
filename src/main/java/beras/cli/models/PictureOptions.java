package beras.cli.models;

import beras.cli.options.Usage;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.ReadProgress;
import beras.cli.terminal.Text;
import beras.data.image.ImageExplanation;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.files.WholeFile;
import beras.models.Model;
import beras.prediction.Prediction;
import beras.saving.SavedModel;
import beras.sources.ArrayFiles;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The pictures that {@code explain} draws of a model of images. */
final class PictureOptions {

    private static final String FILTERS = "--filters";
    private static final String FEATURE_MAPS = "--feature-maps";
    private static final String SALIENCY = "--saliency";
    private static final String IMAGE = "--image";

    @Option(names = FILTERS, paramLabel = "FILE.png", description = "Images: draw what the model looks for, the filters of its first"
            + " convolution, or the weights of its first dense layer as images.")
    private Path filters;

    @Option(names = FEATURE_MAPS, paramLabel = "FILE.png",
            description = "Images: draw what each convolution makes of one image, with the normalization and activation behind it.")
    private Path featureMaps;

    @Option(names = SALIENCY, paramLabel = "FILE.png", description = "Images: draw one image next to what speaks for the predicted"
            + " class: brighter pixels for it where red, against it where blue; and which pixels spoke for it.")
    private Path saliency;

    @Option(names = IMAGE, paramLabel = "N", description = "Which image of --data these show, from 1. Default: the first.")
    private Integer image;

    /** Whether pictures of images are wanted, rather than the columns of a table. */
    boolean wanted() {
        return filters != null || ofOneImage();
    }

    private boolean ofOneImage() {
        return featureMaps != null || saliency != null;
    }

    private Map<String, Path> files() {
        Map<String, Path> files = new LinkedHashMap<>();
        files.put(FILTERS, filters);
        files.put(FEATURE_MAPS, featureMaps);
        files.put(SALIENCY, saliency);
        files.values().removeIf(file -> file == null);
        return files;
    }

    /**
     * Refuses what cannot be drawn or written, before long work.
     *
     * @param data the images; null: none
     */
    void check(CommandSpec spec, Path model, Path data, boolean force) throws IOException {
        if (image != null && !ofOneImage()) {
            throw Usage.invalid(spec, IMAGE, "it chooses what " + FEATURE_MAPS + " and " + SALIENCY + " show. Add one of them, or leave"
                    + " it out");
        }
        if (image != null && image < 1) {
            throw Usage.invalid(spec, IMAGE, "images are counted from 1. Received: " + image);
        }
        if (ofOneImage() && data == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--data', the images of which "
                    + (saliency == null ? FEATURE_MAPS : SALIENCY) + " shows one");
        }
        List<Path> others = new ArrayList<>(data == null ? List.of(model) : List.of(model, data));
        for (Map.Entry<String, Path> file : files().entrySet()) {
            Usage.requirePlace(spec, file.getKey(), file.getValue(), force);
            Usage.requireApart(spec, file.getKey(), file.getValue(), others);
            others.add(file.getValue());
        }
        if (wanted()) {
            Usage.requireDrawing(files().keySet().iterator().next());
        }
    }

    /**
     * Draws what is wanted. All is drawn before a file is written.
     *
     * @return what there is for programs
     * @throws Failure if this model has nothing of the kind, or the data do not fit it
     */
    Map<String, Object> draw(SavedModel saved, Path model, Path data, boolean force, Console console) throws IOException {
        Model applied = saved.uncalibrated().probabilities(); // whose softmax is the last, by which pixels are explained
        Predictions.requireOneClassifier(applied, model);
        Shown shown = data == null ? new Shown(null, null) : read(saved, model, data, console);
        Map<String, byte[]> pictures = new LinkedHashMap<>();
        Map<String, Object> fields = new LinkedHashMap<>();
        try {
            ImagePreprocessor meaning = meaning(saved, model, shown.images);
            ImageExplanation explanation = new ImageExplanation(applied, meaning);
            if (filters != null) {
                pictures.put(FILTERS, explanation.drawFilters());
            }
            if (featureMaps != null) {
                pictures.put(FEATURE_MAPS, explanation.drawFeatureMaps(shown.example));
            }
            if (saliency != null) {
                Prediction prediction = saved.predictor(meaning).decodeAll(saved.probabilities().predict(shown.example)).get(0);
                pictures.put(SALIENCY, explanation.drawSaliency(shown.example, prediction));
                fields.put("label", prediction.isRejected() ? null : prediction.label());
                if (prediction.isRejected()) {
                    fields.put("closest", prediction.label());
                }
                fields.put(prediction.hasProbabilities() ? "confidence" : "score", prediction.score());
            }
        } catch (IllegalArgumentException e) {
            throw new Failure(Exit.BAD_DATA, model + ": " + e.getMessage());
        }
        for (Map.Entry<String, Path> file : files().entrySet()) {
            WholeFile.write(file.getValue(), force, out -> out.write(pictures.get(file.getKey())));
            fields.put(file.getKey().substring(2).replace('-', '_'), file.getValue());
            console.err().println("The picture of " + file.getKey() + " is in " + file.getValue());
        }
        return fields;
    }

    /**
     * The image that is shown.
     *
     * @param images  among which it is; null: others than files of images
     * @param example as the model takes it, {@code (1, ...)}; null: none
     */
    private record Shown(Images images, Tensor example) {}

    private Shown read(SavedModel saved, Path model, Path data, Console console) throws IOException {
        Shape input = saved.model().inputShape();
        int place = image == null ? 0 : image - 1;
        if (ArrayFiles.isNamedSo(data)) {
            Tensor all = ArrayFiles.inputs(data, input, true, new ReadProgress(console));
            requirePlace(place, all.dim(0), data);
            return new Shown(null, all.slice(place, place + 1).copy());
        }
        if (Files.isDirectory(data)) {
            throw new Failure(Exit.BAD_DATA, data
                    + ": expected a picture or a file of images. Received: a folder. Name a file in it");
        }
        Images images = Predictions.images(data, Predictions.meaning(saved, model));
        Predictions.requireFit(saved.model(), model, images, data);
        requirePlace(place, images.count(), data);
        Predictions.sayScaling(saved, model, console);
        Tensor example = images.slice(place, place + 1).inputs().reshape(input.prepend(1).toArray());
        return new Shown(images, example);
    }

    private static void requirePlace(int place, int count, Path data) {
        if (place >= count) {
            throw new Failure(Exit.BAD_DATA, data + ": expected at least " + Text.count(place + 1, "image") + " for " + IMAGE + " "
                    + (place + 1) + ". Received: " + count);
        }
    }

    /** What the model says of its images, or a layer that gives sides to the pixels; else the sides that the images have. */
    private static ImagePreprocessor meaning(SavedModel saved, Path file, Images known) {
        return Predictions.recorded(saved).orElseGet(() -> {
            if (known == null) {
                throw new Failure(Exit.BAD_DATA, file + ": expected a model that records height and width of its images. Received:"
                        + " one that takes " + saved.model().inputShape()
                        + " numbers. Give such images with --data, as IDX");
            }
            return ImagePreprocessor.ofNumbers(known.height(), known.width(), known.channels(), saved.model().outputShape().size());
        });
    }
}

package beras.cli.models;

import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Text;
import beras.config.InvalidDataException;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.text.TextPreprocessor;
import beras.feed.ExampleShapes;
import beras.files.FileFailure;
import beras.models.Model;
import beras.saving.ModelFormatException;
import beras.saving.PortableFormat;
import beras.saving.PortableFormat.Imported;
import beras.saving.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** The common part of commands that use a trained model. */
public final class Predictions {

    /**
     * Loads a model.
     *
     * @throws Failure if there is no such file, or it cannot be read
     * @throws ModelFormatException if the file is no good model
     */
    public static SavedModel load(Path file) throws ModelFormatException {
        return read(file).saved();
    }

    /** As {@link #load}, with losses of the import. */
    static Imported read(Path file) throws ModelFormatException {
        return Failure.blaming(file, ". Make a model of it first: " + Text.command("convert --help"), () -> read(file, Optional.empty()));
    }

    /**
     * As {@link #read(Path)}.
     *
     * @param net for a file of weights; else none
     * @throws InvalidDataException if the network is missing or superfluous
     */
    static Imported read(Path file, Optional<Model> net) throws ModelFormatException {
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            throw new Failure(Exit.BAD_DATA, file + ": a model is read from a file, not from a pipe or device. Save it to a file"
                    + " first");
        }
        try {
            Imported read = PortableFormat.reading(file).read(file, net);
            return Failure.blaming(file, () -> {
                read.saved().requireFinite();
                return read;
            });
        } catch (ModelFormatException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new Failure(Exit.BAD_DATA, file + ": there is no such file. Train a model first: "
                    + Text.command("train"));
        } catch (IOException e) {
            throw new Failure(Exit.BAD_DATA, file + ": the model cannot be read: " + FileFailure.reason(e));
        }
    }

    /**
     * The preprocessor of images for a model, and the meaning of its outputs; if the file has none, images are grey, and as
     * large as grey pictures become, or one row of pixels.
     *
     * @throws Failure if the model has several inputs or outputs, or the output is no row of numbers
     */
    static ImagePreprocessor meaning(SavedModel saved, Path file) {
        requireOneClassifier(saved.model(), file);
        Model model = saved.model();
        return (saved.preprocessor().orElse(null) instanceof ImagePreprocessor own ? Optional.of(own) : ImagePreprocessor.of(model))
                .or(() -> ImagePreprocessor.ofGrey(model))
                .orElseGet(() -> ImagePreprocessor.ofNumbers(1, Math.max(1, model.inputShape().size()), model.outputShape().size()));
    }

    /** Refuses a model that writes texts, for commands that predict something. */
    static SavedModel requireNoText(SavedModel saved, Path file) {
        if (saved.preprocessor().orElse(null) instanceof TextPreprocessor) {
            throw new Failure(Exit.BAD_DATA, file + ": expected a model that predicts labels or numbers. Received: one that continues a"
                    + " text. Have it write: " + Text.command("generate " + Text.quote(file)));
        }
        return saved;
    }

    /** Prints the assumptions about images if the file of a model has no preprocessor. */
    static void sayScaling(SavedModel saved, Path file, Console console) {
        if (saved.preprocessor().isEmpty()) {
            console.err().println(file + ": The file does not record how images become inputs: pixels from 0 to 255 are"
                    + " divided by 255");
        }
    }

    /** The schema of the table that a model was trained on; empty if it was not trained on a table. */
    static Optional<TableSchema> schema(SavedModel saved, Path file) {
        if (!(saved.preprocessor().orElse(null) instanceof TablePreprocessor table)) {
            return Optional.empty();
        }
        Model model = saved.model();
        require(model.inputShapes().size() == 1 && model.outputShapes().size() == 1 && model.inputShape().rank() == 1
                && model.outputShape().rank() == 1, model, file, "output, each a row of numbers");
        return Optional.of(table.schema());
    }

    /**
     * @throws Failure if the model takes inputs of another size than these images
     */
    static void requireFit(Model model, Path modelFile, Images images, Path imageFile) {
        requireOneClassifier(model, modelFile);
        int[] sides = Arrays.stream(model.inputShape().toArray()).filter(side -> side > 1).toArray(); // grey has one channel
        int[] expected = IntStream.of(images.height(), images.width(), images.channels()).filter(side -> side > 1).toArray();
        boolean flat = model.inputShape().equals(images.inputShape());
        if (!flat && !(model.inputShape().size() == images.inputShape().size() && Arrays.equals(sides, expected))) {
            throw new Failure(Exit.BAD_DATA, imageFile + ": the model " + modelFile + " takes "
                    + (model.inputShape().size() == 0 ? "no images, but inputs of shape " + ExampleShapes.batch(model.inputShape())
                            : "images of " + model.inputShape().size() + " pixels"
                                    + (model.inputShape().rank() == 1 ? "" : ", as " + model.inputShape()))
                    + ". Received: "
                    + images.sides() + " = " + images.inputShape().size());
        }
    }

    /**
     * @throws Failure if the model has several inputs or outputs, or the output is no row of numbers
     */
    static void requireOneClassifier(Model model, Path file) {
        require(model.inputShapes().size() == 1 && model.outputShapes().size() == 1 && model.outputShape().rank() == 1, model, file,
                "output, which is a row of numbers");
    }

    private static void require(boolean fits, Model model, Path file, String output) {
        if (!fits) {
            throw new Failure(Exit.BAD_DATA, file + ": expected a model of one input and one " + output
                    + ". Received: inputs of shapes " + model.inputShapes() + " and outputs of shapes " + model.outputShapes()
                    + ". Use such a model from Java");
        }
    }

    private Predictions() {}
}

package beras.cli;

import beras.data.Images;
import beras.models.Model;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What the commands that use a trained model share. */
final class Predictions {

    /** Images at a time; the results do not depend on it. */
    static final int BATCH = 250;

    /**
     * Loads a model.
     *
     * @throws Failure if there is no such file, or it cannot be read
     * @throws ModelFormatException if the file is no good model
     */
    static SavedModel load(Path file) throws ModelFormatException {
        try {
            return ModelFile.load(file);
        } catch (ModelFormatException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new Failure(Exit.BAD_DATA, file + ": there is no such file. Train a model first: "
                    + Text.command("train"));
        } catch (IOException e) {
            throw new Failure(Exit.BAD_DATA, file + ": the model cannot be read: " + e.getMessage());
        }
    }

    /**
     * @throws Failure if the model takes inputs of another size than these images
     */
    static void requireFit(Model model, Path modelFile, Images images, Path imageFile) {
        if (!model.inputShape().equals(images.inputShape())) {
            throw new Failure(Exit.BAD_DATA, imageFile + ": the model " + modelFile + " takes images of "
                    + model.inputShape().size() + " pixels. Received: "
                    + images.height() + " x " + images.width() + " = " + images.inputShape().size());
        }
    }

    /** The most likely class of each image. */
    static int[] classes(Model model, Images images) {
        int[] classes = new int[images.count()];
        for (int from = 0; from < classes.length; from += BATCH) {
            int[] part = model.predict(images.slice(from, Math.min(classes.length, from + BATCH)).inputs()).argmax(1);
            System.arraycopy(part, 0, classes, from, part.length);
        }
        return classes;
    }

    private Predictions() {}
}

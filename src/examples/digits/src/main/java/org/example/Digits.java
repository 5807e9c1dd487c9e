package org.example;

import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Input;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.file.Path;

/** Learns to read handwritten digits. */
public final class Digits {

    private Digits() {}

    /** @param arguments the folder of MNIST, and where the model goes */
    public static void main(String[] arguments) throws IOException {
        ImageSets mnist = ImageSets.load(Path.of(arguments[0]));
        Path file = Path.of(arguments[1]);
        ModelFile.save(train(mnist.train(), 5), file);
        System.out.println("Test accuracy " + accuracy(file, mnist.test()) + ", the model is in " + file);
    }

    static Model train(Images images, int epochs) {
        Sequential model = new Sequential(7, new Input(784), new Dense(128, "relu"), new Dropout(0.2), new Dense(10, "softmax"));
        model.compile("adam(0.002)", "cross-entropy", "accuracy");
        model.fit(images, new FitOptions().epochs(epochs).batchSize(128));
        return model;
    }

    static double accuracy(Path file, Images images) throws IOException {
        Model model = ModelFile.load(file).model(); // comes back compiled
        return model.evaluate(images).get("accuracy");
    }
}

package beras.examples;

import beras.data.image.ImageSets;
import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.CategoricalCrossEntropy;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.saving.ModelFile;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

public class Digits {

    public static void main(String[] arguments) throws IOException {
        ImageSets mnist = ImageSets.load(Path.of("data"));
        Sequential model = new Sequential(1, new Input(784), new Dense(128, "relu"), new Dense(10, "softmax"));
        model.compile(new Adam(0.001), new CategoricalCrossEntropy(), "accuracy");
        History history = model.fit(mnist.train(), new FitOptions().epochs(5).batchSize(128).validationData(mnist.test()));
        System.out.println(history.get("val_accuracy"));
        Tensor probabilities = model.predict(mnist.test().slice(0, 10).inputs());
        System.out.println(Arrays.toString(probabilities.argmax(1)));
        ModelFile.save(model, Path.of(arguments[0]));
    }
}

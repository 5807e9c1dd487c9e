package beras.training;

import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.tensor.Dice;
import beras.tensor.Tensor;
import java.util.List;

/** A small task for tests of training: which of three weighted sums of four numbers is the largest? */
public final class Problem {

    public static final int COUNT = 103;
    public static final Tensor X = new Dice("problem").normal(COUNT, 4);
    public static final Tensor Y = oneHot();
    public static final FitOptions OPTIONS = new FitOptions().epochs(3).batchSize(10).seed(5);

    private static Tensor oneHot() {
        int[] labels = X.matmul(new Dice("truth").normal(4, 3)).argmax(1);
        return Tensor.generate(i -> labels[i / 3] == i % 3 ? 1 : 0, COUNT, 3);
    }

    /** A compiled model that always starts from the same weights. */
    public static Sequential model() {
        Sequential model = new Sequential(layers());
        model.compile(new Adam(0.01f), new CategoricalCrossEntropy(), "accuracy");
        return model;
    }

    static Layer[] layers() {
        return new Layer[] {new Dense(4, 8, Initializers.glorotUniform(), 1), new LeakyReLU(),
            new Dense(8, 3, Initializers.glorotUniform(), 2), new Softmax()};
    }

    public static List<Tensor> copyOfWeights(Model model) {
        return model.weights().stream().map(Tensor::copy).toList();
    }

    /** The weights after training with these options. */
    public static List<Tensor> trained(FitOptions options) {
        Sequential model = model();
        model.fit(X, Y, options);
        return copyOfWeights(model);
    }

    private Problem() {}
}

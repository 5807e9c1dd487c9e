package beras.saving;

import beras.feed.Examples;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.losses.MeanSquaredError;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.FitOptions;
import beras.training.History;

/** A training for callbacks that write files: three epochs of two batches, with validation. */
public final class SmallTraining {

    public static final int EPOCHS = 3;
    public static final int BATCHES = 2;
    public static final float RATE = 0.125f;

    private static final Tensor X = Tensor.of(new float[][] {{1, 0}, {0, 1}, {1, 1}, {0.5f, -1}});
    private static final Tensor Y = Tensor.of(new float[][] {{1}, {2}, {3}, {0.5f}});

    final Sequential model = new Sequential(new Dense(2, 1, Initializers.zeros()));

    public History fit(Callback... callbacks) {
        model.compile(new SGD(RATE), new MeanSquaredError());
        return model.fit(X, Y, new FitOptions().epochs(EPOCHS).batchSize(2).validationData(Examples.of(X, Y))
                .callbacks(callbacks));
    }
}

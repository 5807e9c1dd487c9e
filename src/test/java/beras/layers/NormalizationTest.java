package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.losses.MeanSquaredError;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.saving.ModelFile;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("layers")
class NormalizationTest {

    @Test
    void givesMeanZeroAndDeviationOneToWhatItAdaptedTo() {
        Tensor data = new Dice("data").normal(50, 4, 3).multiply(Tensor.of(2, 100, 0.001f)).add(Tensor.of(1000, -5, 0));
        Normalization layer = new Normalization();
        layer.adapt(data);
        Tensor y = layer.forward(data).reshape(200, 3);
        assertTrue(y.mean(0).allClose(Tensor.zeros(3), 0, 3e-5), y.mean(0)::toString);
        assertTrue(y.multiply(y).mean(0).allClose(Tensor.ones(3), 1e-4, 0), y.multiply(y).mean(0)::toString);
    }

    @Test
    void meanAndVarianceAreThoseOfThePopulation() {
        Normalization layer = new Normalization();
        layer.adapt(Tensor.of(new float[][] {{1, 7}, {2, 7}, {6, 7}}));
        assertEquals(Tensor.of(3, 7), layer.mean().copy());
        assertEquals(Tensor.of(14f / 3, 0), layer.variance().copy());
        assertEquals(Tensor.of(new float[][] {{0, -1e7f}}).shape(), layer.forward(Tensor.of(new float[][] {{3, 6}})).shape());
        assertEquals(-1e7f, layer.forward(Tensor.of(new float[][] {{3, 6}})).get(0, 1), "a feature without variance");
    }

    @Test
    void givenNumbersAreUsed() {
        Normalization layer = new Normalization(new float[] {1, 2}, new float[] {4, 0.25f});
        assertEquals(Tensor.of(new float[][] {{1, 4}}), layer.forward(Tensor.of(new float[][] {{3, 4}})));
    }

    @Test
    void trainingChangesNeitherAndAFileKeepsBoth(@TempDir Path folder) throws IOException {
        Tensor x = new Dice("x").normal(8, 2);
        Normalization layer = new Normalization();
        layer.adapt(x);
        Tensor mean = layer.mean().copy();
        Model model = new Sequential(1, new Input(2), layer, new Dense(1));
        model.compile(new SGD(0.1f), new MeanSquaredError());
        model.fit(x, Tensor.ones(8, 1), new FitOptions());
        assertEquals(mean, layer.mean().copy());
        Path file = folder.resolve("model.beras");
        ModelFile.save(model, file);
        assertEquals(mean, ((Normalization) ModelFile.load(file).model().layers().get(0)).mean().copy());
    }

    @Test
    void refusesDataThatTellNothing() {
        for (int[] shape : new int[][] {{0, 3}, {3, 0}, {3}}) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> new Normalization().adapt(Tensor.zeros(shape)));
            assertEquals("Normalization needs data (count, ..., features) to adapt to. Received shape: " + Shape.of(shape),
                    e.getMessage());
        }
        Normalization layer = new Normalization(new float[1], new float[1]);
        Exception e = assertThrows(IllegalArgumentException.class, () -> layer.adapt(Tensor.zeros(5, 2)));
        assertEquals("Normalization needs an input whose last axis is 1. Received shape: (2,)", e.getMessage());
    }

    @Test
    void refusesNumbersThatAreNoStatistics() {
        float[][][] wrong = {{{1}, {1, 2}}, {{}, {}}, {{1}, {-1}}, {{Float.NaN}, {1}}, {{1}, {Float.POSITIVE_INFINITY}}};
        for (float[][] pair : wrong) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> new Normalization(pair[0], pair[1]));
            assertTrue(e.getMessage().startsWith("Normalization needs a finite mean and a finite variance of at least 0 for"
                    + " each feature. Received: ["), e.getMessage());
        }
        assertThrows(IllegalArgumentException.class,
                () -> Layers.REGISTRY.of(Config.of("Normalization").with("mean", List.of(1))));
    }

    @Test
    void unitVectorsMayHaveNegativePartsUnlessTheirInputsHaveNone() {
        Layer layer = new UnitNormalization();
        assertEquals(-1, layer.outputRange(List.of(OutputRange.unbounded(new Dense(2)))).min());
        assertEquals(0, layer.outputRange(List.of(OutputRange.elementwise(0, 9, new Dense(2)))).min());
    }
}

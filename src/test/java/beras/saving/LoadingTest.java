package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.initializers.Initializers;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Node;
import beras.layers.Normalization;
import beras.layers.activations.ReLU;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Models;
import beras.models.Sequential;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What it takes to load a model, and what is refused on the way. */
@Tag("model")
class LoadingTest {

    @TempDir
    private Path folder;

    @Test
    void noInitializerRuns() {
        Config config = new Sequential(1, new Input(3), new Normalization(new float[] {1, 2, 3}, new float[] {1, 1, 1}),
                new Dense(2).with("biasInitializer", Initializers.ones()), new Dropout(0.5)).config();
        Model model = Models.zeroInitialized(config, 6 + 6 + 2);
        assertEquals(Tensor.zeros(3, 2), model.weights().get(2).copy());
        assertEquals(Tensor.zeros(1, 2), model.weights().get(3).copy());
        assertEquals(Tensor.ones(1, 2), Models.of(config).weights().get(3).copy());
        assertEquals(config, model.config());
    }

    /** Each part is found without a search through all others. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void timeGrowsWithTheNumberOfLayers() throws IOException {
        int count = 50_000;
        List<Layer> layers = new ArrayList<>(List.of(new Input(1)));
        Layer shared = new ReLU();
        for (int i = 0; i < count; i++) {
            layers.add(i % 2 == 0 ? shared : new ReLU());
        }
        Sequential model = new Sequential(1, layers.toArray(Layer[]::new));
        ModelFile.save(model, folder.resolve("m"));
        Model loaded = ModelFile.load(folder.resolve("m")).model();
        assertEquals(count + 1, loaded.nodes().size());
        assertEquals(count / 2 + 1, loaded.layers().size());
        assertEquals(model.config(), loaded.config());
    }

    @Test
    void aSharedLayerOfAnotherWidthIsRefused() {
        Config config = new Sequential(new Input(4), new Dense(5), new Dense(6), new Dense(7)).config();
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> Models.zeroInitialized(config.with("order", List.of(0, 1, 2, 1)), 61));
        assertTrue(e.getMessage().contains("Dense(5) has one set of weights, which fits inputs of shape [(4,)]. Received: [(6,)]"),
                e.getMessage());
    }

    /** Each step twice as long: a file of 2 KB that claims 2^40 numbers. */
    @Test
    void lengthsThatDoubleUntilTheyWrapAreRefused() {
        Node x = new Input(1).apply();
        Node node = x;
        for (int i = 0; i < 20; i++) {
            node = new Concatenate().apply(node, node);
        }
        Config config = new Functional(x, node).config();
        List<Object> layers = new ArrayList<>(config.list("layers"));
        List<Object> nodes = new ArrayList<>(config.list("nodes"));
        for (int layer = 21; layer <= 40; layer++) {
            layers.add(Config.of("Concatenate"));
            nodes.add(List.of(layer, layer - 1, layer - 1));
        }
        Config longer = config.with("layers", layers).with("nodes", nodes).with("outputs", List.of(40));
        Exception e = assertThrows(IllegalArgumentException.class, () -> Models.zeroInitialized(longer, 0));
        assertTrue(e.getMessage().contains("Concatenate gives an axis of at most 2147483647"), e.getMessage());
    }
}

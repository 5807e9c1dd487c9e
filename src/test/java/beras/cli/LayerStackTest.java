package beras.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.config.Config;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.WeightSpec;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.models.Sequential;
import beras.regularizers.Regularizer;
import beras.regularizers.Regularizers;
import beras.tensor.Rng;
import beras.tensor.Shape;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("cli")
class LayerStackTest {

    @ParameterizedTest
    @MethodSource("beras.layers.activations.Activations#names")
    void buildsEveryActivation(String name) {
        for (String spelling : List.of(name, name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT))) {
            List<Layer> layers = LayerStack.parse("5:" + spelling).build(7, Initializers.glorotUniform(), null, 1).layers();
            assertEquals(Dense.class, layers.get(0).getClass());
            assertEquals(name, layers.size() == 1 ? "Linear" : layers.get(1).getClass().getSimpleName());
        }
    }

    @Test
    void buildsLayersInTheirOrder() {
        Sequential model = LayerStack.parse("5:relu, 4:leaky_relu,3:sigmoid,6:linear,2:softmax")
                .build(7, Initializers.glorotUniform(), null, 1);
        assertEquals(List.of(Dense.class, ReLU.class, Dense.class, LeakyReLU.class, Dense.class, Sigmoid.class, Dense.class,
                Dense.class, Softmax.class), model.layers().stream().map(Object::getClass).toList());
        assertEquals(Shape.of(7), model.inputShape());
        assertEquals(Shape.of(2), model.outputShape());
    }

    @Test
    void eachLayerHasASeedOfItsOwn() {
        Sequential model = LayerStack.parse("3:relu,3:relu").build(3, Initializers.normal(), null, 9);
        for (int layer = 0; layer < 2; layer++) {
            assertArrayEquals(Initializers.normal().values(Shape.of(3, 3), new Rng(9, "layer", layer).bits(0)).toArray(),
                    model.weights().get(2 * layer).toArray());
        }
    }

    @Test
    void buildsOtherLayersWithSeedsOfTheirOwn() {
        Sequential model = LayerStack.parse("noise:0.1,4:relu,dropout:0.25 , batch_norm,layer_norm,2:linear")
                .build(3, Initializers.glorotUniform(), null, 5);
        List<Config> configs = model.layers().stream().map(Layer::config).toList();
        assertEquals(List.of("GaussianNoise", "Dense", "ReLU", "Dropout", "BatchNormalization", "LayerNormalization", "Dense"),
                configs.stream().map(Config::type).toList());
        assertEquals(0.1, configs.get(0).values().get("stddev"));
        assertEquals(0.25, configs.get(3).values().get("rate"));
        assertEquals(new Rng(5, "layer", 2).bits(0), configs.get(3).values().get("seed"));
        assertEquals(Shape.of(2), model.outputShape());
    }

    @Test
    void penalisesTheWeightsOfDenseLayersOnly() {
        Regularizer penalty = Regularizers.of(Config.of("L2").with("l2", 0.5));
        Sequential model = LayerStack.parse("4:relu,batch_norm,2:linear").build(3, Initializers.glorotUniform(), penalty, 5);
        List<String> penalised = model.layers().stream().flatMap(layer -> layer.specs().stream())
                .filter(spec -> spec.regularizer() != null).map(WeightSpec::name).toList();
        assertEquals(List.of("kernel", "kernel"), penalised);
    }

    @Test
    void addsAnOutput() {
        LayerStack stack = LayerStack.parse("3:relu").withOutput(2, "softmax");
        assertEquals("3:relu,2:softmax", stack.toString());
        assertEquals(2, stack.outputs());
    }

    @Test
    void knowsItsEnd() {
        for (String output : List.of("2:softmax", "2:Softmax", "2:sigmoid", "2:linear")) {
            assertTrue(LayerStack.parse("3:relu," + output).endsInOutput(), output);
        }
        for (String hidden : List.of("2:relu", "2:tanh", "dropout:0.5", "2:softmax,batch_norm", "2:linear,layer_norm")) {
            assertFalse(LayerStack.parse(hidden).endsInOutput(), hidden);
        }
        assertEquals(0, LayerStack.parse("3:relu,dropout:0.5").outputs());
        assertEquals(10, LayerStack.parse("3:relu,10:sigmoid").outputs());
        assertTrue(LayerStack.parse("3:relu,10:sigmoid").endsInProbabilities());
        assertTrue(LayerStack.parse("10:softmax").endsInProbabilities());
        assertFalse(LayerStack.parse("10:softmax,10:linear").endsInProbabilities());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''               | layer 1 (from character 1) must be units:activation",
        "128              | layer 1 (from character 1) must be units:activation, such as 128:relu, or dropout:rate,",
        "128:relu,        | layer 2 (from character 10) must be units:activation",
        "8:relu,x:softmax | layer 2 (from character 8) must start with a number of units, from 1 to 2147483647",
        "0:relu           | Received: \"0\"",
        "9999999999:relu  | Received: \"9999999999\"",
        "8:relu,4:tan     | layer 2 (from character 8): There is no such name for an activation. Received: tan. Known: ReLU,",
        "8:relu,x:softmax | Received: \"x\"",
        "8:               | layer 1 (from character 1): There is no such name for an activation. Received: .",
        "8:relu:relu      | Received: relu:relu.",
        "4:relu,dropout   | layer 2 (from character 8): the number after dropout must be a number. Received: \"\"",
        "4:relu,dropout:x | Received: \"x\"",
        "4:relu,dropout:2 | layer 2 (from character 8): The rate of Dropout must be from 0 to 1. Received: 2.0",
        "noise:-1         | layer 1 (from character 1): ",
        "batch_norm:3     | layer 1 (from character 1): batch_norm stands alone. Received after it: \"3\"",
        "drop:0.3         | layer 1 (from character 1) must start with a number of units",
    })
    void namesTheLayerAndItsPlace(String text, String message) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> LayerStack.parse(text));
        assertTrue(refused.getMessage().contains(message), refused::getMessage);
    }
}

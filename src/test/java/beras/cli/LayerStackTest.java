package beras.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.activations.LeakyReLU;
import beras.activations.ReLU;
import beras.activations.Sigmoid;
import beras.activations.Softmax;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.models.Sequential;
import beras.tensor.Rng;
import beras.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("cli")
class LayerStackTest {

    @Test
    void buildsEveryActivation() {
        Sequential model = LayerStack.parse("5:relu, 4:leaky_relu,3:sigmoid,6:linear,2:softmax")
                .build(7, Initializers.glorotUniform(), 1);
        assertEquals(List.of(Dense.class, ReLU.class, Dense.class, LeakyReLU.class, Dense.class, Sigmoid.class, Dense.class,
                Dense.class, Softmax.class), model.layers().stream().map(Object::getClass).toList());
        assertEquals(Shape.of(7), model.inputShape());
        assertEquals(Shape.of(2), model.outputShape());
    }

    @Test
    void eachLayerHasASeedOfItsOwn() {
        Sequential model = LayerStack.parse("3:relu,3:relu").build(3, Initializers.normal(), 9);
        for (int layer = 0; layer < 2; layer++) {
            assertArrayEquals(Initializers.normal().values(Shape.of(3, 3), new Rng(9, "layer", layer).bits(0)).toArray(),
                    model.weights().get(2 * layer).toArray());
        }
    }

    @Test
    void knowsItsEnd() {
        assertEquals(10, LayerStack.parse("3:relu,10:sigmoid").outputs());
        assertTrue(LayerStack.parse("3:relu,10:sigmoid").endsInProbabilities());
        assertTrue(LayerStack.parse("10:softmax").endsInProbabilities());
        assertFalse(LayerStack.parse("10:softmax,10:linear").endsInProbabilities());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''               | layer 1 (from character 1) must be units:activation",
        "128              | layer 1 (from character 1) must be units:activation, such as 128:relu. Received: \"128\"",
        "128:relu,        | layer 2 (from character 10) must be units:activation",
        "8:relu,x:softmax | layer 2 (from character 8) must start with a number of units, from 1 to 2147483647",
        "0:relu           | Received: \"0\"",
        "9999999999:relu  | Received: \"9999999999\"",
        "8:relu,4:tanh    | layer 2 (from character 8) must end with relu, leaky_relu, sigmoid, softmax or linear.",
        "8:relu,x:softmax | Received: \"x\"",
        "8:relu,4:tanh    | Received: \"tanh\"",
        "8:               | Received: \"\"",
        "8:relu:relu      | Received: \"relu:relu\"",
    })
    void namesTheLayerAndItsPlace(String text, String message) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> LayerStack.parse(text));
        assertTrue(refused.getMessage().contains(message), refused::getMessage);
    }
}

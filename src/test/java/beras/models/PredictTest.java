package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import beras.layers.Add;
import beras.layers.Dense;
import beras.layers.GlobalAveragePooling1D;
import beras.layers.Input;
import beras.layers.Node;
import beras.layers.Rescaling;
import beras.layers.Reshape;
import beras.layers.activations.ReLU;
import beras.tensor.Dice;
import beras.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What predict gives of any number of examples; and data as arrays. */
@Tag("model")
class PredictTest {

    /** Beyond the size of the batches inside, with outputs of different widths, against one row after the other. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 512, 600})
    void anyNumberOfRowsGivesWhatEachRowGives(int count) {
        Node a = new Input(3).apply();
        Node b = new Input(2).apply();
        Node hidden = new Dense(6, "relu").apply(a);
        Functional model = new Functional(3, List.of(a, b), List.of(new Dense(2).apply(b), new Dense(7, "softmax").apply(hidden),
                new Reshape(3, 2).apply(hidden), hidden));
        Dice dice = new Dice("rows");
        Tensor x = dice.normal(count, 3);
        Tensor other = dice.normal(count, 2);
        List<Tensor> results = model.predict(List.of(x, other));
        for (int output = 0; output < results.size(); output++) {
            assertEquals(model.outputShapes().get(output).prepend(count), results.get(output).shape());
            for (int row = 0; row < count; row++) {
                Tensor one = model.run(x.slice(row, row + 1), other.slice(row, row + 1))[output];
                assertArrayEquals(one.toArray(), results.get(output).slice(row, row + 1).toArray(),
                        "output " + output + ", row " + row);
            }
        }
    }

    /** What no layer needs any more leaves the heap: of thirty results of 16 MB each there are but a few at a time. */
    @Test
    void predictionKeepsNoResultLongerThanItIsNeeded() throws IOException, InterruptedException {
        assertEquals(List.of("done"), FreshJvm.run(List.of("-Xmx160m"), Deep.class));
    }

    static final class Deep {

        public static void main(String[] arguments) {
            Node x = new Input(1 << 14).apply();
            Node y = x;
            for (int i = 0; i < 10; i++) {
                Node branch = new Rescaling(0.5).apply(y);
                y = new Add().apply(new ReLU().apply(branch), y);
            }
            Functional model = new Functional(x, new GlobalAveragePooling1D().apply(new Reshape(1 << 14, 1).apply(y)));
            if (Math.abs(model.predict(Tensor.ones(256, 1 << 14)).get(255, 0) - 57.665) > 0.01) { // 1.5 to the 10th
                throw new AssertionError();
            }
            System.out.println("done");
        }
    }
}

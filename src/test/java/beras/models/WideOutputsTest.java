package beras.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Node;
import beras.layers.Reshape;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prediction works in parts; outputs of different widths come together all the same. */
@Tag("model")
class WideOutputsTest {

    private static final List<Shape> WIDTHS = List.of(Shape.of(1), Shape.of(7), Shape.of(2, 3));

    private static Functional model() {
        Node x = new Input(4).apply();
        return new Functional(3, List.of(x), List.of(new Dense(1).apply(x), new Dense(7).apply(x),
                new Reshape(2, 3).apply(new Dense(6).apply(x))));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 512, 513, 700})
    void predictionIsTheForwardPassOfEachRow(int rows) {
        Functional model = model();
        Tensor x = new Dice("rows").normal(rows, 4);
        List<Tensor> predicted = model.predict(List.of(x));
        for (int i = 0; i < WIDTHS.size(); i++) {
            assertEquals(WIDTHS.get(i).prepend(rows), predicted.get(i).shape());
        }
        for (int row = 0; row < rows; row++) {
            List<Tensor> alone = List.of(model.run(x.slice(row, row + 1)));
            for (int i = 0; i < WIDTHS.size(); i++) {
                assertEquals(alone.get(i), predicted.get(i).slice(row, row + 1), "row " + row + " of output " + i);
            }
        }
    }
}

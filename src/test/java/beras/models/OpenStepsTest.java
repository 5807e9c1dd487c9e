package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Conv1D;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.GRU;
import beras.layers.Input;
import beras.layers.LSTM;
import beras.saving.ModelFile;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An axis of size 0 of an input has the size of the data. */
@Tag("model")
class OpenStepsTest {

    private static Tensor sequences(int count, int steps) {
        return Tensor.generate(i -> (i * 7 % 11 - 5) / 4.0, count, steps, 2);
    }

    private static Sequential model(int steps) {
        Sequential inside = new Sequential(3, new Input(steps, 2), new Conv1D(4, 3), new GRU(3).returnSequences(true));
        Sequential model = new Sequential(1, new Input(steps, 2), inside, new LSTM(5).returnSequences(true), new Dense(2));
        model.compile("adam(0.01)", "mse", "mae");
        return model;
    }

    /** The bits are those of a model that is made for the length, in prediction and training, and after saving. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 9})
    void eachLengthHasTheBitsOfAModelForIt(int steps, @TempDir Path folder) throws IOException {
        Sequential open = model(0);
        Sequential fixed = model(steps);
        Tensor x = sequences(300, steps);
        Tensor y = x.slice(1, 0, steps - 2);
        assertEquals(fixed.predict(x), open.predict(x));
        assertEquals(open.fit(x, y, new FitOptions().validationSplit(0.1)).get("val_mae"), fixed.fit(x, y, new FitOptions().validationSplit(0.1)).get("val_mae"));
        assertEquals(fixed.evaluate(x, y).loss(), open.evaluate(x, y).loss());
        for (String name : List.of("m.beras", "m.keras")) {
            ModelFile.save(open, folder.resolve(name));
            assertEquals(fixed.predict(x), ModelFile.load(folder.resolve(name)).model().predict(x));
        }
    }

    /** A layer has the multiply-adds of as few steps as it takes: mostly one, of a convolution a window. */
    @Test
    void multiplyAddsAreThoseOfAStep() {
        assertTrue(model(0).summary().endsWith("Multiply-adds for one example, with open axes of one step: 257\n"), model(0)::summary);
        assertTrue(model(3).summary().endsWith("Multiply-adds for one example: 257\n"), model(3)::summary);
    }

    @Test
    void whatDependsOnTheLengthIsRefused(@TempDir Path folder) {
        assertRefused("whose last axis is at least 1. Received shape: (0,)", () -> new Sequential(new Input(0, 2), new Flatten(), new Dense(2)));
        assertRefused("This model takes inputs (batch, any, 2). Received: (4, 5, 3)", () -> model(0).predict(Tensor.zeros(4, 5, 3)));
        assertRefused("(batch, any, 2). Received for training: (batch, 5, 3)", () -> model(0).fit(Tensor.zeros(4, 5, 3), Tensor.zeros(4, 3, 2)));
        assertRefused("(batch, any, 2) for outputs (batch, any, 2). Received for training: (batch, 3, 1)",
                () -> model(0).fit(sequences(4, 5), Tensor.zeros(4, 3, 1)));
        assertRefused("must fit into the examples", () -> model(0).predict(sequences(4, 2)));
        assertRefused("ONNX cannot express here inputs of any size", () -> ModelFile.save(model(0), folder.resolve("m.onnx")));
    }

    private static void assertRefused(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }
}

package beras.cli.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.terminal.Console;
import beras.feed.Batch;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.models.RecipeTraining;
import beras.models.TrainingSet;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.History;
import beras.training.Recipe;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cli")
class TrainEndingTest {

    private static final Tensor INPUTS = Tensor.generate(i -> i / 20f, 20, 1);
    private static final Examples OPPOSITE = Examples.of(INPUTS, Tensor.generate(i -> -i / 10f, 20, 1));

    private boolean gone;

    /** Examples of a file that may be removed after training. */
    private final class OfAFile implements Examples {

        private final Examples all = Examples.of(INPUTS, Tensor.generate(i -> i / 10f, 20, 1));

        @Override
        public int count() {
            return all.count();
        }

        @Override
        public ExampleSpec spec() {
            return all.spec();
        }

        @Override
        public void read(int epoch, int[] order, int from, int to, Batch into) {
            if (gone) {
                throw new UncheckedIOException(new FileNotFoundException("rows.csv"));
            }
            all.read(epoch, order, from, to, into);
        }
    }

    private String described(RecipeTraining training, History history) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(new ByteArrayOutputStream(), err, false);
        new TrainEnding(console, "loss", training, 0, history).describeOverfitting();
        console.err().flush();
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void examplesThatWentAwayCostNothingButTheAdvice() {
        RecipeTraining training = new RecipeTraining(new Recipe().layers("1").loss("mse").optimizer("sgd(0.05)").epochs(50),
                TrainingSet.of(Shape.of(1), Shape.of(1), new OfAFile(), OPPOSITE, List.of()));
        History history = training.fit(training.fitOptions());
        String there = described(training, history);
        assertTrue(there.startsWith("The weights of epoch 50 overfit, as those since epoch "), there);
        gone = true;
        String none = described(training, history);
        assertTrue(none.startsWith("Whether the net overfits is unknown, as its examples cannot be read again: ")
                && none.contains("rows.csv"), none);
    }
}

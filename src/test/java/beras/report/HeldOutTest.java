package beras.report;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batches;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Ensemble;
import beras.models.Model;
import beras.models.Sequential;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of examples to judge a model by. */
@Tag("cli")
class HeldOutTest {

    private static HeldOut of(int count, int width, int batch, Model model) {
        Tensor inputs = Tensor.generate(i -> i / width, count, width); // each is its number
        Tensor targets = Tensor.generate(i -> -i, count, 1);
        return HeldOut.of("rows", Batches.of(Examples.of(inputs, targets), batch), model);
    }

    private static Model model(int width) {
        Sequential model = new Sequential(1, new Input(width), new Dense(1, "linear"));
        model.weights().get(0).assign(Tensor.generate(i -> i == 0 ? 2 : 0, width, 1));
        return model;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1 rows", "300, 1, 300 rows", "10000, 1, 10000 rows", "10001, 2, '5001 of 10001 rows, one in 2'",
        "20000, 2, '10000 of 20000 rows, one in 2'", "25000, 4, '6250 of 25000 rows, one in 4'"})
    void everySoManyIsKept(int count, int step, String words) {
        HeldOut held = of(count, 1, 333, model(1));
        assertEquals(words, held.words());
        assertEquals((count + step - 1) / step, held.count());
        for (int i = 0; i < held.count(); i++) {
            assertEquals(i * step, held.inputs().get(i, 0));
            assertEquals(-i * step, held.targets().get(i, 0), 0f);
            assertEquals(2 * i * step, held.outputs().get(i, 0));
        }
    }

    /** The nets give 2 and 4 times an example; each holds out every second one. */
    @ParameterizedTest
    @CsvSource({"10, 1", "20000, 2"})
    void theNetThatDidNotLearnFromAnExampleIsJudgedByIt(int count, int step) {
        Model twice = model(1);
        Model fourTimes = model(1);
        fourTimes.weights().get(0).assign(Tensor.of(new float[][] {{4}}));
        List<Batches> each = new ArrayList<>();
        for (int net = 0; net < 2; net++) {
            int first = net;
            each.add(Batches.of(Examples.of(Tensor.generate(i -> 2 * i + first, count / 2, 1), Tensor.zeros(count / 2, 1)), 4));
        }
        HeldOut held = HeldOut.of("rows", Batches.ofNets(each), new Ensemble(List.of(twice, fourTimes)));
        assertEquals(count / step, held.count());
        for (int i = 0; i < held.count(); i++) {
            float example = held.inputs().get(i, 0);
            assertEquals((example % 2 == 0 ? 2 : 4) * example, held.outputs().get(i, 0));
        }
    }

    /** 64 MB have room for 1398 of them. */
    @Test
    void wideExamplesTakeNoMoreMemory() {
        int width = 12_000;
        HeldOut held = of(2000, width, 100, model(width));
        assertEquals(1000, held.count());
        assertEquals(2, held.inputs().get(1, width - 1));
    }

    @Test
    void someAreAtEqualDistances() {
        Tensor some = HeldOut.some(Tensor.generate(i -> i, 10, 2), 3);
        assertEquals(Tensor.of(new float[][] {{0, 1}, {6, 7}, {12, 13}}), some);
        assertEquals(2, HeldOut.some(Tensor.zeros(2, 1), 3).dim(0));
    }

    @Test
    void whatTheModelCannotJudgeIsRefused() {
        Model broken = model(1);
        broken.weights().get(0).assign(Tensor.of(new float[][] {{Float.NaN}}));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> of(3, 1, 2, broken)).getMessage()
                .contains("the model gives NaN for some of the rows"));
    }
}

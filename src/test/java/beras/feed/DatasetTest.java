package beras.feed;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("model")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DatasetTest {

    private static final int COUNT = 23;

    /** Example {@code i} has the inputs {@code 2 i, 2 i + 1}, the target {@code 100 + i} and the weight {@code i}. */
    private static Dataset numbered() {
        return Dataset.of(Examples.of(List.of(Tensor.generate(i -> i, COUNT, 2)),
                List.of(Tensor.generate(i -> 100 + i, COUNT, 1)), Tensor.generate(i -> i, COUNT)));
    }

    /** The first input of all examples of an epoch, in order. */
    private static List<Integer> inputs(Dataset dataset, int epoch) {
        List<Integer> inputs = new ArrayList<>();
        Example example = new Example(dataset.spec());
        try (Dataset.Reader reader = dataset.open(epoch)) {
            while (reader.next(example)) {
                assertEquals(2 * (example.target(0)[0] - 100), example.input(0)[0]);
                assertEquals(example.target(0)[0] - 100, example.weight());
                inputs.add((int) example.input(0)[0]);
            }
            assertFalse(reader.next(example), "the end stays the end");
        }
        return inputs;
    }

    private static List<Integer> even() {
        return IntStream.range(0, COUNT).mapToObj(i -> 2 * i).toList();
    }

    // ------------------------------------------------------------------------------------------------- streams

    @Test
    void givesTheExamplesInTheirOrderInEveryEpoch() {
        assertEquals(even(), inputs(numbered(), 0));
        assertEquals(even(), inputs(numbered(), 1));
    }

    @Test
    void shufflesByTheSeedAndTheEpoch() {
        for (int buffer : new int[] {1, 2, 7, COUNT, 100}) {
            List<Integer> first = inputs(numbered().shuffle(buffer, 5), 0);
            assertEquals(even(), first.stream().sorted().toList(), "each example once, with a buffer of " + buffer);
            assertEquals(first, inputs(numbered().shuffle(buffer, 5), 0));
            if (buffer == 1) {
                assertEquals(even(), first);
            } else {
                assertNotEquals(even(), first);
                assertNotEquals(first, inputs(numbered().shuffle(buffer, 6), 0));
                assertNotEquals(first, inputs(numbered().shuffle(buffer, 5), 1));
            }
        }
    }

    @Test
    void anExampleIsNeverFurtherAheadThanTheBuffer() {
        List<Integer> order = inputs(numbered().shuffle(4, 1), 0);
        for (int place = 0; place < COUNT; place++) {
            assertTrue(order.get(place) / 2 < place + 4, "example " + order.get(place) / 2 + " at " + place);
        }
    }

    @Test
    void mapsInPlaceOrToOtherShapes() {
        Dataset doubled = numbered().map(example -> {
            example.input(0)[0] *= 2;
            example.target(0)[0] = example.input(0)[0] / 2 / 2 + 100;
        });
        Example example = new Example(doubled.spec());
        Dataset.Reader reader = doubled.open(0);
        reader.next(example);
        reader.next(example);
        assertArrayEquals(new float[] {4, 3}, example.input(0));

        Dataset sums = numbered().map(ExampleSpec.of(Shape.of(1), Shape.of(1)), (from, to) -> {
            to.input(0)[0] = from.input(0)[0] + from.input(0)[1];
            to.target(0)[0] = from.target(0)[0];
        });
        Example sum = new Example(sums.spec());
        Dataset.Reader summed = sums.open(0);
        summed.next(sum);
        summed.next(sum);
        assertArrayEquals(new float[] {5}, sum.input(0));
    }

    @Test
    void aBufferHoldsAtLeastOne() {
        assertRefused("A buffer to shuffle in holds at least 1 example. Received: 0", () -> numbered().shuffle(0, 1));
    }

    // ------------------------------------------------------------------------------------------------- batches

    /** All rows of all inputs, and the sizes of the batches. */
    private static void assertBatches(Batches batches, List<Integer> sizes, List<Integer> firsts) {
        List<Integer> seenSizes = new ArrayList<>();
        List<Integer> seen = new ArrayList<>();
        try (Batches.Pass pass = batches.open(0)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                seenSizes.add(batch.size());
                for (int row = 0; row < batch.size(); row++) {
                    seen.add((int) batch.inputs().get(0).get(row, 0));
                    assertEquals(batch.inputs().get(0).get(row, 0) / 2, batch.weights().get(row));
                }
            }
            assertNull(pass.next(), "the end stays the end");
        }
        assertEquals(sizes, seenSizes);
        assertEquals(firsts, seen);
    }

    @Test
    void theLastBatchMayBeSmallerButIsNeverEmpty() {
        assertBatches(numbered().batch(10), List.of(10, 10, 3), even());
        assertBatches(numbered().batch(COUNT), List.of(COUNT), even());
        assertBatches(numbered().batch(100), List.of(COUNT), even());
        assertEquals(-1, numbered().batch(10).count());
        assertThrows(IllegalArgumentException.class, () -> numbered().batch(0));
    }

    @Test
    void fetchingAheadChangesNothing() {
        assertBatches(numbered().batch(4).prefetch(1), List.of(4, 4, 4, 4, 4, 3), even());
        assertBatches(numbered().batch(4).prefetch(50), List.of(4, 4, 4, 4, 4, 3), even());
        assertThrows(IllegalArgumentException.class, () -> numbered().batch(4).prefetch(0));
    }

    @Test
    void aStreamWithoutExamplesIsRefused() {
        Batches none = Dataset.of(Examples.of(Tensor.zeros(0, 4), Tensor.zeros(0, 3))).batch(5);
        Batches some = Dataset.of(Examples.of(Tensor.zeros(2, 4), Tensor.of(new float[][] {{0, 1, 0}, {1, 0, 0}}))).batch(5);
        FitOptions options = new FitOptions();
        assertRefused("There are no examples for training", () -> Problem.model().fit(none, options));
        assertRefused("There are no examples for validation", () -> Problem.model().fit(some, options.validationData(none)));
        assertRefused("There are no examples for evaluation", () -> Problem.model().evaluate(none));
        assertRefused("validationSplit needs examples that can be counted and read in any order. For batches give validationData",
                () -> Problem.model().fit(some, options.validationSplit(0.5)));
    }

    // ------------------------------------------------------------------------------------------- streams and windows

    @Test
    void objectsOfStreamsAreExamples() {
        Tensor x = Tensor.generate(i -> i / 9f - 1, COUNT, 3);
        Tensor y = Tensor.generate(i -> i % 3, COUNT, 1);
        AtomicInteger closed = new AtomicInteger();
        ExampleSpec spec = ExampleSpec.of(Shape.of(3), Shape.of(1));
        Dataset dataset = Dataset.of(spec, () -> IntStream.range(0, COUNT)
                .mapToObj(i -> Example.of(x.slice(i, i + 1).toArray(), new float[] {y.get(i, 0)})).onClose(closed::incrementAndGet));
        Sequential model = new Sequential(1, new Input(3), new Dense(1));
        Sequential same = new Sequential(1, new Input(3), new Dense(1));
        model.compile("sgd", "mse");
        same.compile("sgd", "mse");
        model.fit(dataset.batch(5), new FitOptions().epochs(3));
        same.fit(x, y, new FitOptions().epochs(3).batchSize(5).shuffle(false));
        assertEquals(same.getWeights(), model.getWeights());
        assertEquals(3, closed.get());
        Dataset wide = Dataset.of(spec, () -> Stream.of(Example.of(new float[4], new float[1])));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> model.fit(wide.batch(5), new FitOptions())).getMessage()
                .contains("has 3 numbers as number 0 of its inputs. Received: 4"));
    }

    /** As Keras's timeseries_dataset_from_array, by its formula for each element. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "4, 1, 1", "4, 3, 1", "4, 1, 2", "3, 2, 5", "23, 1, 1", "12, 9, 2"})
    void windowsOfASeries(int length, int stride, int rate) {
        Tensor series = Tensor.generate(i -> i, COUNT, 2);
        for (int cut : new int[] {0, 1, COUNT - 1}) {
            Tensor targets = Tensor.generate(i -> -i, COUNT, 1).slice(cut, COUNT);
            int starts = Math.min(COUNT - (length - 1) * rate, COUNT - cut);
            SeriesWindows windows = new SeriesWindows(series, targets, length).stride(stride).samplingRate(rate);
            assertEquals((starts + stride - 1) / stride, windows.count());
            assertEquals(ExampleSpec.of(Shape.of(length, 2), Shape.of(1)), windows.spec());
            int[] backwards = IntStream.range(0, windows.count()).map(i -> windows.count() - 1 - i).toArray();
            Batch batch = Batch.zeros(windows.spec(), windows.count());
            windows.read(0, backwards, 0, windows.count(), batch);
            for (int i = 0; i < windows.count(); i++) {
                int start = backwards[i] * stride;
                for (int j = 0; j < length; j++) {
                    assertEquals(2 * (start + j * rate) + 1, batch.inputs().get(0).get(i, j, 1));
                }
                assertEquals(-cut - start, batch.targets().get(0).get(i, 0));
            }
        }
    }

    @Test
    void windowsThatDoNotFitAreRefused() {
        Tensor series = Tensor.zeros(10);
        assertEquals(Shape.of(10), new SeriesWindows(series, series, 10).spec().inputs().get(0));
        assertRefused("A window of 6 steps, each 2 after the one before, needs a series of at least 11 steps, and a target. Received: a"
                + " series of shape (10,) and targets of shape (10,)", () -> new SeriesWindows(series, series, 6).samplingRate(2));
        assertThrows(IllegalArgumentException.class, () -> new SeriesWindows(series, Tensor.zeros(0), 2));
        assertThrows(IllegalArgumentException.class, () -> new SeriesWindows(series, series, 0));
        assertThrows(IllegalArgumentException.class, () -> new SeriesWindows(series, series, 2).stride(0));
        assertThrows(IllegalArgumentException.class, () -> new SeriesWindows(Tensor.of(1f, Float.NaN), series, 1));
    }
}

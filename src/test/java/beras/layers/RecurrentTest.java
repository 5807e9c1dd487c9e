package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.kernels.RestoresThreads;
import beras.kernels.Threads;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A sequence has the same bits wherever it stands: with padding or without, alone or among others. */
@Tag("layers")
class RecurrentTest implements RestoresThreads {

    private static final int FEATURES = 3;

    /** What a call gives, and the gradients to its input and to the weights. */
    private record Result(Tensor y, Tensor x, List<Tensor> weights) {}

    private static Recurrent<?> layer(String text) {
        Recurrent<?> layer = (Recurrent<?>) Layers.REGISTRY.of(text);
        layer.seed(5);
        layer.build(List.of(Shape.of(1, FEATURES)));
        for (int i = 0; i < layer.weights().size(); i++) {
            layer.weights().get(i).assign(Tensor.generate(new Rng(i, "weights", 0)::normal, layer.weights().get(i).shape().toArray()));
        }
        return layer;
    }

    private static Result result(Recurrent<?> layer, Tensor x, Tensor upstream) {
        GradientTape tape = GradientTape.forPrediction();
        Tensor y;
        try (tape) {
            tape.watch(x);
            y = layer.call(x);
        }
        List<Tensor> sources = new ArrayList<>(List.of(x));
        sources.addAll(layer.weights());
        List<Tensor> gradients = tape.gradient(y, sources, upstream);
        return new Result(y, gradients.get(0), gradients.subList(1, gradients.size()));
    }

    /** The numbers of a sequence, or of what goes with it, do not depend on where it stands. */
    private static Tensor batch(int[] lengths, int before, int steps, int columns, String purpose, float padding) {
        Tensor all = Tensor.full(padding, lengths.length, steps, columns);
        for (int b = 0; b < lengths.length; b++) {
            Rng rng = new Rng(lengths[b] * 1000L + b, purpose, 0);
            for (int i = 0; i < lengths[b] * columns; i++) {
                all.data()[(b * steps + before) * columns + i] = (float) rng.normal(i);
            }
        }
        return all;
    }

    private static Tensor mask(int[] lengths, int before, int steps) {
        return Tensor.generate(i -> i % steps >= before && i % steps < before + lengths[i / steps] ? 1 : 0, lengths.length, steps);
    }

    private static int[] lengths(int seed, int count, int most) {
        Rng rng = new Rng(seed, "lengths", 0);
        int[] lengths = new int[count];
        for (int b = 0; b < count; b++) {
            lengths[b] = (int) (rng.uniform(b) * (most + 1));
        }
        return lengths;
    }

    @ParameterizedTest
    @CsvSource({"'lstm(7)', 1", "'lstm(37)', 2", "'gru(33)', 3", "'gru(9, resetAfter=false)', 2", "'simple_rnn(17)', 1",
        "'lstm(8, goBackwards=true)', 2", "'gru(6, activation=softsign, recurrentActivation=hard_sigmoid)', 1", "'lstm(5, activation=elu)', 1"})
    void aSequenceHasTheSameBitsWithPaddingAndAmongOthers(String text, int threads) {
        Threads.set(threads);
        for (boolean isAll : new boolean[] {false, true}) {
            Recurrent<?> layer = layer(text.replace(")", ", returnSequences=" + isAll + ")"));
            int units = layer.units();
            for (int count : new int[] {1, 5, 64}) {
                int most = 6;
                int[] lengths = lengths(count, count, most);
                Result first = null;
                for (int[] padding : new int[][] {{0, 0}, {0, 3}, {4, 0}, {2, 5}}) {
                    int steps = padding[0] + most + padding[1];
                    // What stands at padding takes part in nothing, and no gradient comes from there.
                    Tensor x = batch(lengths, padding[0], steps, FEATURES, "x", Float.NaN).masked(mask(lengths, padding[0], steps));
                    Tensor upstream = isAll ? batch(lengths, padding[0], steps, units, "upstream", 0f)
                            : Tensor.generate(new Rng(count, "upstream", 0)::normal, count, units);
                    if (isAll && layer.config().values().get("goBackwards").equals(true)) {
                        upstream = upstream.flip(1);
                    }
                    Result all = result(layer, x, upstream);
                    first = first == null ? all : first;
                    for (int i = 0; i < first.weights.size(); i++) {
                        assertBits(first.weights.get(i), all.weights.get(i), text + ", weight " + i);
                    }
                    for (int b = 0; b < count; b++) {
                        int length = lengths[b];
                        if (length == 0) {
                            assertBits(Tensor.zeros(all.y.slice(b, b + 1).shape()), all.y.slice(b, b + 1), text);
                            continue;
                        }
                        Tensor alone = x.slice(b, b + 1).slice(1, padding[0], padding[0] + length).copy();
                        boolean isBackwards = layer.config().values().get("goBackwards").equals(true);
                        int from = isBackwards ? steps - padding[0] - length : padding[0];
                        Tensor above = upstream.slice(b, b + 1);
                        Result one = result(layer, alone, isAll ? above.slice(1, from, from + length) : above);
                        Tensor y = all.y.slice(b, b + 1);
                        assertBits(one.y, isAll ? y.slice(1, from, from + length) : y, text + ", sequence " + b);
                        Tensor dx = all.x.slice(b, b + 1);
                        assertBits(one.x, dx.slice(1, padding[0], padding[0] + length), text + ", gradient of sequence " + b);
                        assertEquals(0f, dx.slice(1, 0, padding[0]).abs().sum().item() + dx.slice(1, padding[0] + length, steps).abs().sum().item());
                    }
                }
            }
        }
    }

    /** The bits, 0 and -0 alike: a sum of gradients that begins with 0 has no -0. */
    private static void assertBits(Tensor expected, Tensor actual, String what) {
        if (expected == null) { // where no step counts, one that is computed step by step does not depend on a weight
            assertNull(actual, what);
            return;
        }
        assertArrayEquals(expected.add(0).toArray(), actual.add(0).toArray(), what);
    }

    @Test
    void stepsThatAreMaskedRepeatTheOutputBefore() {
        Tensor x = Tensor.generate(new Rng(1, "x", 0)::normal, 1, 5, FEATURES).masked(Tensor.of(new float[][] {{0, 1, 0, 1, 0}}));
        Tensor y = layer("gru(4, returnSequences=true)").forward(x);
        Tensor zeros = layer("gru(4, returnSequences=true, zeroOutputForMask=true)").forward(x);
        Tensor none = Tensor.zeros(1, 1, 4);
        assertEquals(none, step(y, 0));
        assertEquals(step(y, 1), step(y, 2));
        assertFalse(step(y, 2).equals(step(y, 3)));
        assertEquals(step(y, 3), step(y, 4));
        for (int t : new int[] {0, 2, 4}) {
            assertEquals(none, step(zeros, t));
        }
        assertEquals(step(y, 3), step(zeros, 3));
        assertEquals(x.mask(), y.mask());
        Tensor last = layer("gru(4)").forward(x);
        assertTrue(last.mask().isEmpty());
        assertEquals(step(y, 4).reshape(1, 4), last);
        assertEquals(Tensor.zeros(1, 4), layer("gru(4, zeroOutputForMask=true)").forward(x));
    }

    private static Tensor step(Tensor y, int t) {
        return y.slice(1, t, t + 1);
    }

    @Test
    void theForgetGateBeginsAsOne() {
        LSTM layer = new LSTM(2);
        layer.build(List.of(Shape.of(4, 3)));
        assertEquals(Tensor.of(0, 0, 1, 1, 0, 0, 0, 0), layer.bias().copy());
        LSTM other = new LSTM(2).with("unitForgetBias", false);
        other.build(List.of(Shape.of(4, 3)));
        assertEquals(Tensor.zeros(8), other.bias().copy());
    }

    /** Both dropouts are the same in all steps, and others in the next call. */
    @ParameterizedTest
    @ValueSource(strings = {"lstm(6, recurrentDropout=0.5)", "gru(6, dropout=0.5)", "simple_rnn(6, recurrentDropout=0.25)"})
    void dropoutsDifferFromCallToCall(String text) {
        Recurrent<?> layer = layer(text);
        Tensor x = Tensor.generate(new Rng(1, "x", 0)::normal, 3, 5, FEATURES).masked(mask(new int[] {2, 0, 5}, 0, 5));
        Tensor first = layer.callInTraining(x);
        assertEquals(1, layer.noiseCalls());
        assertFalse(first.equals(layer.callInTraining(x)));
        layer.noiseCalls(0);
        assertEquals(first, layer.callInTraining(x));
        assertFalse(first.equals(layer.forward(x)));
        assertEquals(layer.forward(x), layer.call(x));
    }

    @Test
    void aMaskIsOfTheStepsOfSequences() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> Tensor.zeros(2, 3, 4).masked(Tensor.ones(2, 4)));
        assertTrue(e.getMessage().contains("Received: (2, 4) and (2, 3, 4)"), e.getMessage());
    }
}

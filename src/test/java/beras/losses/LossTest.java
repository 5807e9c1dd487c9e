package beras.losses;

import static beras.Refusals.assertReceived;
import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.autograd.Recorded;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.tensor.Layouts;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all losses have in common: shapes, weights, names, gradients by definition. Their values are in the golden test. */
@Tag("losses")
class LossTest {

    private static final int[][] SHAPES = {{1, 1}, {1, 3}, {3, 1}, {5, 3}, {3, 17}, {33, 5}};

    static Stream<Loss> losses() {
        return Stream.concat(Losses.REGISTRY.names().stream().map(Losses.REGISTRY::of)
                .map(loss -> loss instanceof Overlap ? loss.with("axis", -1) : loss), Stream.of(
                Losses.REGISTRY.of("huber", 0.25f), Losses.REGISTRY.of("quantile(0.9)"),
                new CategoricalCrossEntropy().with("epsilon", 1e-3f),
                new CategoricalCrossEntropy().fromLogits(true).with("labelSmoothing", 0.1).with("epsilon", 1e-7f),
                new CategoricalCrossEntropy().with("labelSmoothing", 0.1).with("epsilon", 1e-7f).with("normalize", true),
                new SparseCategoricalCrossEntropy().fromLogits(true),
                new SparseCategoricalCrossEntropy().with("ignoreClass", 0),
                new SparseCategoricalCrossEntropy().fromLogits(true).with("ignoreClass", 0),
                new BinaryCrossEntropy().fromLogits(true).with("labelSmoothing", 0.2),
                Losses.REGISTRY.of("BinaryFocalCrossEntropy").with("fromLogits", true).with("labelSmoothing", 0.2).with("applyClassBalancing", true),
                Losses.REGISTRY.of("CategoricalFocalCrossEntropy").with("fromLogits", true).with("labelSmoothing", 0.2)));
    }

    /** Away from all clips, and in reach of every loss: from 0.1 to 0.9. */
    private static Tensor predictions(int... shape) {
        Rng rng = new Rng(1, "predictions", 0);
        return Tensor.generate(i -> 0.1 + 0.8 * rng.uniform(i), shape);
    }

    /** Labels, or numbers from 0.1 to 0.9. */
    private static Tensor truth(Loss loss, Tensor predictions) {
        Rng rng = new Rng(2, "truth", 0);
        boolean labels = loss instanceof SparseCategoricalCrossEntropy;
        return Tensor.generate(i -> labels ? (int) (rng.uniform(i) * predictions.dim(-1)) : 0.1 + 0.8 * rng.uniform(i),
                loss.targetShape(predictions.shape()).toArray());
    }

    private static Tensor weights(int... shape) {
        Rng rng = new Rng(3, "weights", 0);
        return Tensor.generate(i -> i % 4 == 3 ? 0 : 2 * rng.uniform(i), shape);
    }

    // --------------------------------------------------------------------------------------------------- configs

    @ParameterizedTest
    @MethodSource("losses")
    void isMadeAgainFromItsConfig(Loss loss) {
        Loss again = Losses.REGISTRY.of(loss.config());
        assertEquals(loss.getClass(), again.getClass());
        assertEquals(loss.config(), again.config());
        Tensor p = predictions(5, 3);
        assertEquals(loss.forward(p, truth(loss, p)), again.forward(p, truth(loss, p)));
    }

    /** The expected values follow Keras's formulas in float64. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"BinaryFocalCrossEntropy | 0.02616109034620922",
        "BinaryFocalCrossEntropy(alpha=0.4, gamma=1.5, apply_class_balancing=true) | 0.021045480409857098",
        "BinaryFocalCrossEntropy(label_smoothing=0.1, from_logits=true) | 0.5396756531799776",
        "CategoricalFocalCrossEntropy | 0.014229105594630542",
        "CategoricalFocalCrossEntropy(alpha=1, gamma=0.5, label_smoothing=0.1) | 0.35553040509629313",
        "CategoricalFocalCrossEntropy(from_logits=true) | 0.4665553187660451", "Dice | 0.35000001624999977",
        "Dice(axis=-1) | 0.3500000324999984", "Dice(axis=0) | 0.5444444684567888", "Tversky | 0.35000003249999845",
        "Tversky(alpha=0.7, beta=0.2) | 0.3264249053665852", "Tversky(alpha=0.7, beta=0.2, axis=[1]) | 0.32667532748246186"})
    void focalAndOverlapLossesAreKerass(String loss, double expected) {
        Tensor p = Tensor.of(new float[][] {{0.2f, 0.7f, 0.1f}, {0.6f, 0.3f, 0.1f}}).multiply(loss.contains("gamma=0.5") ? 2 : 1);
        Tensor logits = Tensor.of(new float[][] {{0.5f, -1, 2}, {0, 1, -2}});
        Tensor truth = Tensor.of(new float[][] {{0, 1, 0}, {1, 0, 0}});
        assertEquals(expected, Losses.REGISTRY.of(loss).forward(loss.contains("logits") ? logits : p, truth).item(), 2e-7);
    }

    @Test
    void anOverlapOfAllIsOfTheStepsThatCount() {
        Tensor p = predictions(2, 3, 2);
        Tensor truth = predictions(2, 3, 2).multiply(0.5f);
        for (Loss loss : List.of(Losses.REGISTRY.of("dice"), Losses.REGISTRY.of("tversky"))) {
            Tensor two = Tensor.of(new float[][] {{1, 1, 0}, {1, 1, 0}});
            assertEquals(loss.forward(p.slice(1, 0, 2), truth.slice(1, 0, 2)).item(), loss.forward(p.copy().masked(two), truth).item(), 2e-7);
            assertReceived("weights of shape (2,)", () -> loss.call(p, truth, Tensor.ones(2)));
            assertReceived("(2, 3, 2)", () -> loss.with("axis", 3).call(p, truth));
        }
    }

    @Test
    void refusesSettingsOutOfRange() {
        for (float delta : new float[] {0f, -1f, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertReceived("" + delta, () -> Losses.REGISTRY.of("huber", delta));
        }
        for (double q : new double[] {0, 1, -0.1, 90, Double.NaN}) {
            assertReceived("" + (float) q, () -> Losses.REGISTRY.of("Quantile", q));
        }
        for (float epsilon : new float[] {0f, -1f, Float.NaN, 0.5f}) {
            assertReceived("" + epsilon, () -> new CategoricalCrossEntropy().with("epsilon", epsilon));
        }
        for (double smoothing : new double[] {-0.1, 1.1, Double.NaN}) {
            assertReceived("" + smoothing, () -> new CategoricalCrossEntropy().with("labelSmoothing", smoothing));
            assertReceived("" + smoothing, () -> new BinaryCrossEntropy().fromLogits(true).with("labelSmoothing", smoothing));
        }
    }

    // ---------------------------------------------------------------------------------------------------- shapes

    @ParameterizedTest
    @MethodSource("losses")
    void refusesShapesThatDoNotFit(Loss loss) {
        String name = loss.typeName();
        for (int[] shape : new int[][] {{3, 3}, {2, 4}, {3}, {2, 3, 1}, {}}) {
            Tensor truth = Tensor.zeros(shape);
            String message =
                    assertThrows(IllegalArgumentException.class, () -> loss.call(Tensor.zeros(2, 3), truth)).getMessage();
            assertTrue(message.startsWith(name) && message.endsWith("Received: (2, 3) and " + truth.shape()), message);
        }
        assertThrows(IllegalArgumentException.class, () -> loss.call(Tensor.scalar(1f), Tensor.scalar(1f)));
        assertReceived("(2, 3) and nothing", () -> loss.call(Tensor.zeros(2, 3)));
    }

    @Test
    void tellsTheShapeOfItsTruth() {
        Loss whole = new MeanSquaredError();
        assertEquals(Shape.of(4, 3), whole.targetShape(Shape.of(4, 3)));
        assertTrue(whole.takes(Shape.of(4, 3), Shape.of(4, 3)));
        assertFalse(whole.takes(Shape.of(4, 1), Shape.of(4)));
        Loss sparse = new SparseCategoricalCrossEntropy();
        assertEquals(Shape.of(4), sparse.targetShape(Shape.of(4, 3)));
        assertEquals(Shape.of(), sparse.targetShape(Shape.of(3)));
        assertTrue(sparse.takes(Shape.of(3), Shape.of()) && sparse.takes(Shape.of(3), Shape.of(1)));
        assertTrue(sparse.takes(Shape.of(4, 3), Shape.of(4)) && sparse.takes(Shape.of(4, 3), Shape.of(4, 1)));
        assertTrue(sparse.takes(Shape.of(4, 5, 3), Shape.of(4, 5)) && sparse.takes(Shape.of(4, 5, 3), Shape.of(4, 5, 1)));
        assertFalse(sparse.takes(Shape.of(4, 3), Shape.of(3)) || sparse.takes(Shape.of(4, 3), Shape.of(4, 3))
                || sparse.takes(Shape.of(4, 5, 3), Shape.of(4)) || sparse.takes(Shape.of(4, 3), Shape.of(4, 1, 1)));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void anEmptyBatchHasNoMean(Loss loss) {
        Tensor p = Tensor.zeros(0, 3);
        assertEquals(Float.NaN, loss.call(p, truth(loss, p)).item());
        assertEquals(Float.NaN, loss.call(p, truth(loss, p), Tensor.zeros(0)).item());
        assertEquals(Tensor.zeros(0, 3), loss.inputGradients().get(0));
        assertEquals(Shape.of(0, 1), loss.forwardPerExample(p, truth(loss, p)).shape());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void readsAnyLayout(Loss loss) {
        Tensor p = predictions(7, 5);
        Tensor t = truth(loss, p);
        Tensor weights = Tensor.generate(i -> i % 3, 7);
        Tensor value = loss.call(p, t, weights);
        Tensor gradient = loss.inputGradients().get(0);
        for (UnaryOperator<Tensor> view : Layouts.ALL) {
            assertEquals(value, loss.call(view.apply(p), view.apply(t), view.apply(weights)));
            assertEquals(gradient, loss.inputGradients().get(0));
            assertEquals(loss.forwardPerExample(p, t), loss.forwardPerExample(view.apply(p), view.apply(t)));
        }
    }

    // --------------------------------------------------------------------------------------------------- weights

    @ParameterizedTest
    @MethodSource("losses")
    void aWholeWeightStandsForThatManyExamples(Loss loss) {
        Tensor p = predictions(3, 4);
        Tensor t = truth(loss, p);
        int[] examples = {0, 0, 2};
        Tensor pTwice = Tensor.generate(i -> p.get(examples[i / 4], i % 4), 3, 4);
        Tensor tTwice = t.rank() == 2 ? Tensor.generate(i -> t.get(examples[i / 4], i % 4), 3, 4)
                : Tensor.generate(i -> t.get(examples[i]), 3);
        float expected = loss.forwardPerExample(pTwice, tTwice).sum().item();
        float actual = loss.forward(p, t, Tensor.of(2f, 0f, 1f)).item();
        assertEquals(expected / Math.max(1, counted(loss, t)), actual, 1e-5f * Math.abs(expected));
    }

    private static int counted(Loss loss, Tensor truth) {
        int counted = 0;
        for (int i = 0; i < truth.dim(0); i++) {
            counted += loss.counts(truth, i) ? 1 : 0;
        }
        return counted;
    }

    @Test
    void aWeightHoldsForAllRowsOfItsExample() {
        Tensor p = predictions(2, 3, 4);
        Tensor t = predictions(2, 3, 4).multiply(0.5f);
        Loss loss = Losses.REGISTRY.of("mae");
        Tensor each = Tensor.of(new float[][] {{2f, 2f, 2f}, {0.5f, 0.5f, 0.5f}});
        float perRow = loss.call(p, t, each).item();
        Tensor gradient = loss.inputGradients().get(0);
        assertEquals(perRow, loss.call(p, t, Tensor.of(2f, 0.5f)).item());
        assertEquals(gradient, loss.inputGradients().get(0));
    }

    @Test
    void refusesWeightsThatDoNotFit() {
        Loss loss = new MeanSquaredError();
        Tensor p = Tensor.zeros(2, 3);
        for (int[] shape : new int[][] {{3}, {1, 2}, {2, 3}, {}, {0}}) {
            Tensor weights = Tensor.zeros(shape);
            assertReceived("weights of shape " + weights.shape(), () -> loss.call(p, p, weights));
        }
        assertReceived("weights of shape (2,) and 1 more inputs", () -> loss.call(p, p, Tensor.zeros(2), Tensor.zeros(2)));
    }

    // ------------------------------------------------------------------------------------------------- gradients

    /** If the tensor between the two is itself asked for, both gradients are those of the long way. */
    @Test
    void fusedWithSigmoidUnlessItsOutputIsASource() {
        Tensor logits = Tensor.of(new float[][] {{-2f, 0.5f, 30f}, {1f, -30f, 0f}});
        Tensor truth = Tensor.of(new float[][] {{0f, 1f, 0f}, {1f, 1f, 0f}});
        BinaryCrossEntropy loss = new BinaryCrossEntropy();
        GradientTape tape = new GradientTape();
        Tensor probabilities;
        Tensor value;
        try (tape) {
            probabilities = new Sigmoid().call(logits);
            value = loss.call(probabilities, truth);
        }
        assertEquals(new BinaryCrossEntropy().fromLogits(true).forward(logits, truth), value);
        Tensor fused = tape.gradient(value, List.of(logits)).get(0);
        assertTrue(fused.allClose(probabilities.subtract(truth).divide(6), 1e-6, 0), fused::toString);
        List<Tensor> both = tape.gradient(value, List.of(logits, probabilities));
        loss.call(probabilities, truth);
        assertEquals(loss.inputGradients().get(0), both.get(1));
        assertEquals(0f, both.get(0).get(0, 2), "the clip acts");
        assertEquals(1 / 6f, fused.get(0, 2), 1e-7f);
    }

    /** With subnormal numbers products are slow, and a net that is trained for long has many of them among its probabilities. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theGradientOfSoftmaxIsZeroOrNormal(boolean fromLogits) {
        Tensor x = Tensor.generate(i -> -i, 1, 111);
        Tensor probabilities = new Softmax().call(x);
        assertTrue(probabilities.get(0, 90) > 0 && probabilities.get(0, 90) < Float.MIN_NORMAL);
        SparseCategoricalCrossEntropy loss = new SparseCategoricalCrossEntropy().fromLogits(fromLogits);
        try (GradientTape tape = new GradientTape()) {
            Tensor value = loss.call(fromLogits ? x : new Softmax().call(x), Tensor.of(0f));
            Tensor gradient = tape.gradient(value, List.of(x)).get(0);
            for (int i = 0; i < 111; i++) {
                float g = gradient.get(0, i);
                assertTrue(g == 0 || Math.abs(g) >= Float.MIN_NORMAL, g + " of class " + i);
                assertEquals(probabilities.get(0, i) - (i == 0 ? 1 : 0), g, 0x1p-100, "class " + i);
            }
        }
    }

    /** A vector of length 0 has no direction, but what is added to it has. */
    @Test
    void theCosineOfNothingHasAGradient() {
        CosineSimilarity loss = new CosineSimilarity();
        Tensor truth = Tensor.of(new float[][] {{3f, 4f}});
        assertEquals(0f, loss.call(Tensor.zeros(1, 2), truth).item());
        assertTrue(loss.inputGradients().get(0).allClose(Tensor.of(new float[][] {{-0.6e7f, -0.8e7f}}), 1e-6, 0));
        assertEquals(-0.006f, loss.call(Tensor.of(new float[][] {{1e-9f, 0f}}), truth).item(), 1e-8f);
        assertTrue(loss.inputGradients().get(0).allClose(Tensor.of(new float[][] {{-0.6e7f, -0.8e7f}}), 1e-6, 0));
    }

    @Test
    void leavesNoTraceOfLossesPerExample() {
        Loss loss = new SparseCategoricalCrossEntropy();
        Tensor p = predictions(5, 3);
        try (GradientTape tape = new GradientTape()) {
            assertNull(tape.producer(loss.forwardPerExample(p, truth(loss, p))));
        }
        assertThrows(IllegalStateException.class, loss::inputs);
    }

    // ---------------------------------------------------------------------------------------------- sparse labels

    private enum Form { PROBABILITIES, LOGITS, SOFTMAX }

    /** The value, the losses of the examples and the gradient to {@code x}. */
    private static List<Tensor> valueAndGradient(Loss loss, Form form, Tensor x, Tensor... others) {
        Recorded recorded = Recorded.of(() -> {
            Tensor p = form == Form.SOFTMAX ? new Softmax().call(x) : x;
            return loss.call(Stream.concat(Stream.of(p), Stream.of(others)).toArray(Tensor[]::new));
        });
        return List.of(recorded.target(), Loss.perExample(recorded.tape().producer(recorded.target())), recorded.gradient(x));
    }

    /** Also where probabilities are clipped; a row to ignore is like one that is masked. */
    @ParameterizedTest
    @EnumSource
    void labelsHaveTheBitsOfOneHotRows(Form form) {
        for (int[] shape : new int[][] {{1, 2}, {5, 3}, {33, 17}, {3, 5, 19}, {2, 9, 70}, {0, 3}}) {
            int classes = shape[shape.length - 1];
            int[] outer = Arrays.copyOf(shape, shape.length - 1);
            Rng rng = new Rng(4, "scores", 0);
            Tensor scores = Tensor.generate(i -> i % 7 == 0 ? 20 * rng.normal(i) : rng.normal(i), shape);
            Tensor x = form != Form.PROBABILITIES ? scores : scores.softmax(-1).multiply(1.5f);
            Tensor labels = Tensor.generate(i -> i * 11 % classes, outer);
            Tensor oneHot = labels.oneHot(classes);
            Tensor weights = weights(outer);
            SparseCategoricalCrossEntropy sparse = new SparseCategoricalCrossEntropy().fromLogits(form == Form.LOGITS);
            Loss whole = sparse.ofOneHot();
            assertSameBits(valueAndGradient(whole, form, x, oneHot), valueAndGradient(sparse, form, x, labels));
            assertSameBits(valueAndGradient(whole, form, x, oneHot), valueAndGradient(sparse, form, x, labels.expandDims(labels.rank())));
            assertSameBits(valueAndGradient(whole, form, x, oneHot, weights), valueAndGradient(sparse, form, x, labels, weights));
            if (shape.length == 3) {
                Loss ignoring = new SparseCategoricalCrossEntropy().fromLogits(form == Form.LOGITS).with("ignoreClass", -1);
                Tensor steps = Tensor.generate(i -> i % 3 == 0 ? 0 : 1, outer);
                Tensor most = Tensor.generate(i -> i % 3 == 0 || i % 5 == 2 ? 0 : 1, outer);
                Tensor some = Tensor.where(Tensor.generate(i -> i % 5 == 2 ? 0 : 1, outer), labels, Tensor.scalar(-1));
                assertSameBits(valueAndGradient(whole, form, x.copy().masked(most), oneHot, weights),
                        valueAndGradient(ignoring, form, x.copy().masked(steps), some, weights));
                assertSameBits(valueAndGradient(whole, form, x.copy().masked(steps), oneHot),
                        valueAndGradient(ignoring, form, x.copy(), Tensor.where(steps, labels, Tensor.scalar(-1))));
            }
        }
    }

    private static void assertSameBits(List<Tensor> expected, List<Tensor> actual) {
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).toArray(), actual.get(i).toArray());
        }
    }

    /** For a vocabulary a matrix of one-hot rows would be as large as all activations. */
    @ParameterizedTest
    @EnumSource
    void labelsTakeNoMemoryPerClass(Form form) {
        int rows = 64;
        int classes = 10_000;
        long matrix = 4L * rows * classes;
        Tensor x = Tensor.generate(i -> i * 31 % 97 / 97.0 + 0.01, rows, classes);
        Tensor labels = Tensor.generate(i -> i * 131 % classes, rows);
        Loss loss = new SparseCategoricalCrossEntropy().fromLogits(form == Form.LOGITS);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long ofLoss = Long.MAX_VALUE;
        long ofGradient = Long.MAX_VALUE;
        for (int i = 0; i < 200 && (ofLoss > matrix / 8 || ofGradient > matrix + matrix / 8); i++) { // until vector code is compiled
            GradientTape tape = new GradientTape();
            Tensor value;
            long before;
            try (tape) {
                Tensor p = form == Form.SOFTMAX ? new Softmax().call(x) : x;
                before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
                value = loss.call(p, labels);
            }
            long called = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            tape.gradient(value, x);
            ofLoss = Math.min(ofLoss, called - before);
            ofGradient = Math.min(ofGradient, threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - called);
        }
        assertTrue(ofLoss <= matrix / 8, "the loss allocates " + ofLoss + " bytes");
        assertTrue(ofGradient <= matrix + matrix / 8, "the gradient allocates " + ofGradient + " bytes");
    }

    @Test
    void refusesTargetsByTheirRowUnlessTheyHaveNoWeight() {
        Loss loss = Losses.REGISTRY.of("poisson");
        Tensor right = Tensor.of(new float[][] {{1, 0}, {2, 3}, {4, 5}});
        loss.requireTargets(right, Optional.empty());
        loss.requireTargets(Tensor.zeros(0, 2), Optional.empty());
        loss.requireTargets(Tensor.zeros(2, 0), Optional.empty());
        for (int row = 0; row < 3; row++) {
            int last = row * 2 + 1;
            Tensor wrong = Tensor.generate(i -> i == last ? -1 : i, 3, 2);
            String place = "Row " + row + " of a batch: ";
            float[] others = {1, 1, 1};
            others[row] = 0;
            loss.requireTargets(wrong, Optional.of(Tensor.of(others)));
            float[] alone = new float[3];
            alone[row] = 0.5f;
            for (Optional<Tensor> weights : List.of(Optional.<Tensor>empty(), Optional.of(Tensor.of(alone)))) {
                String refusal = assertThrows(IllegalArgumentException.class, () -> loss.requireTargets(wrong, weights)).getMessage();
                assertTrue(refusal.startsWith(place), refusal);
            }
        }
        Tensor vector = Tensor.of(1f, 2f, -1f);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> loss.requireTargets(vector, Optional.empty())).getMessage()
                .startsWith("Row 2 "));
    }

    @Test
    void refusesLabelsThatAreNoClass() {
        for (float label : new float[] {-1f, 3f, 0.5f, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertReceived("" + label, () -> new SparseCategoricalCrossEntropy().call(predictions(2, 3), Tensor.of(0f, label)));
        }
    }

    @Test
    void onlyExamplesThatCountAreInTheMean() {
        Loss ignoring = new SparseCategoricalCrossEntropy().with("ignoreClass", -1);
        Tensor p = predictions(4, 3);
        Recorded recorded = Recorded.of(() -> ignoring.call(p, Tensor.of(-1f, 2f, -1f, 0f), Tensor.of(9f, 2f, 9f, 1f)));
        Call call = recorded.tape().producer(recorded.target());
        float[] losses = Loss.perExample(call).toArray();
        assertEquals(2, Loss.count(call));
        assertArrayEquals(new float[] {0f, losses[1], 0f, losses[3]}, losses);
        assertEquals((losses[1] + losses[3]) / 2, recorded.target().item());
        Tensor gradient = recorded.gradient(List.of(p)).get(0);
        assertEquals(Tensor.zeros(1, 3), gradient.slice(0, 1));
        assertFalse(gradient.slice(1, 2).equals(Tensor.zeros(1, 3)));
    }

    @Test
    void withNothingThatCountsTheLossIsZero() {
        for (boolean fromLogits : new boolean[] {false, true}) {
            Loss ignoring = new SparseCategoricalCrossEntropy().fromLogits(fromLogits).with("ignoreClass", 2);
            try (GradientTape tape = new GradientTape()) {
                Tensor p = fromLogits ? predictions(2, 3) : new Softmax().call(predictions(2, 3));
                Tensor value = ignoring.call(p, Tensor.of(2f, 2f));
                assertEquals(0f, value.item());
                assertEquals(0, Loss.count(tape.producer(value)));
                assertEquals(Tensor.zeros(2, 3), tape.gradient(value, List.of(p)).get(0));
            }
        }
    }

    /** What an outer tape differentiates: the gradient of the definition by operations is the fused one. */
    @ParameterizedTest
    @MethodSource("losses")
    void theDefinitionHasTheFusedGradient(Loss loss) {
        for (int[] shape : SHAPES) {
            Tensor p = predictions(shape);
            Tensor t = truth(loss, p);
            for (Tensor[] inputs : new Tensor[][] {{p, t}, {p, t, weights(shape[0])}}) {
                Tensor fused = gradientUnderATape(loss, inputs);
                try (GradientTape outer = new GradientTape()) {
                    outer.watch(p);
                    Tensor defined = gradientUnderATape(loss, inputs);
                    double most = fused.abs().max().item();
                    assertTrue(defined.allClose(fused, 2e-6, 2e-6 * Math.max(most, 0.1)), () -> loss + " of " + p.shape() + ": " + defined + " for "
                            + fused);
                    Tensor second = outer.gradient(defined.multiply(p).sum(), p);
                    assertEquals(p.shape(), second.shape());
                    assertFalse(Double.isNaN(second.sum().item()), loss::toString);
                }
            }
        }
    }

    /** Where predictions are clipped, at both ends, they have no gradient; in vectors and behind them. */
    @Test
    void outsideOfItsRangeADivergenceHasNoGradient() {
        Tensor predictions = Tensor.generate(i -> i % 3 == 0 ? 1.5 : i % 3 == 1 ? -0.5 : 0.5, 1, 37);
        Tensor gradient = gradientUnderATape(Losses.REGISTRY.of("kld"), predictions, Tensor.full(0.25f, 1, 37));
        for (int i = 0; i < 37; i++) {
            if (i % 3 == 2) {
                assertNotEquals(0f, gradient.get(0, i));
            } else {
                assertEquals(0f, gradient.get(0, i), "prediction " + predictions.get(0, i));
            }
        }
        Tensor logarithmic = gradientUnderATape(Losses.REGISTRY.of("msle"), predictions,
                Tensor.full(0.25f, 1, 37));
        for (int i = 0; i < 37; i++) {
            assertEquals(i % 3 == 1, logarithmic.get(0, i) == 0, "prediction " + predictions.get(0, i) + ", clipped at 0 only");
        }
    }

    private static Tensor gradientUnderATape(Loss loss, Tensor... inputs) {
        return Recorded.of(() -> loss.call(inputs)).gradient(inputs[0]);
    }
}

package beras.losses;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.metrics.LossMetric;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A loss that is a function: which shapes it may give, weights, gradients of both orders, and what leaves rows out. */
@Tag("losses")
class LambdaLossTest {

    private static final Tensor P = Tensor.generate(i -> Math.sin(1 + 1.7 * i), 4, 3);
    private static final Tensor T = Tensor.generate(i -> Math.cos(i), 4, 3);
    private static final BinaryOperator<Tensor> SQUARES = (p, t) -> p.subtract(t).square();

    private static final Loss ELEMENTS = Losses.lambda("squares", SQUARES);
    private static final Loss EXAMPLES = Losses.lambda("squares", (p, t) -> SQUARES.apply(p, t).mean(-1));
    private static final Loss COLUMNS = Losses.lambda("squares", (p, t) -> SQUARES.apply(p, t).mean(-1).expandDims(-1));
    private static final Loss NUMBER = Losses.lambda("squares", (p, t) -> SQUARES.apply(p, t).mean());

    private static String message(Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        assertTrue(actual.allClose(expected, 1e-6f, 1e-6f), () -> expected + " " + actual);
    }

    /** Value, gradient and losses of the examples. */
    private static List<Tensor> results(Loss loss, Tensor... inputs) {
        try (GradientTape tape = new GradientTape()) {
            tape.watch(inputs);
            Tensor value = loss.call(inputs);
            Call call = tape.call(value);
            assertEquals(loss, call.diffable());
            assertEquals(value, loss.forward(inputs));
            return List.of(value, tape.gradient(value, inputs[0]), Loss.perExample(call), Tensor.scalar(Loss.count(call)));
        }
    }

    private static void assertSame(Loss loss, Tensor... inputs) {
        List<Tensor> expected = results(new MeanSquaredError(), inputs);
        List<Tensor> actual = results(loss, inputs);
        for (int i = 0; i < expected.size(); i++) {
            assertClose(expected.get(i), actual.get(i));
        }
    }

    // ----------------------------------------------------------------------------------------- shapes and weights

    @Test
    void isTheMeanOfWhatTheFunctionGives() {
        for (Loss loss : List.of(ELEMENTS, EXAMPLES, COLUMNS)) {
            assertSame(loss, P, T);
            for (Tensor weights : List.of(Tensor.of(0f, 2f, 1f, 0.5f), Tensor.of(0f, 2f, 1f, 0.5f).reshape(4, 1))) {
                assertSame(loss, P, T, weights);
            }
            assertClose(new MeanSquaredError().forwardPerExample(P, T), loss.forwardPerExample(P, T));
            assertEquals(Shape.of(0, 1), loss.forwardPerExample(P.slice(0, 0), T.slice(0, 0)).shape());
        }
    }

    @Test
    void rowsOfSeveralAxesAreExamples() {
        Tensor p = Tensor.generate(i -> Math.sin(1 + 1.7 * i), 2, 3, 4);
        Tensor t = Tensor.generate(i -> Math.cos(i), 2, 3, 4);
        for (Loss loss : List.of(ELEMENTS, EXAMPLES, COLUMNS)) {
            assertSame(loss, p, t);
            assertSame(loss, p, t, Tensor.of(2f, 0.5f));
            assertSame(loss, p, t, Tensor.generate(i -> i, 2, 3));
        }
        Loss images = Losses.lambda("images", (a, b) -> SQUARES.apply(a, b).sum(1, 2));
        Tensor sums = SQUARES.apply(p, t).sum(1, 2);
        List<Tensor> results = results(images, p, t, Tensor.of(2f, 0.5f));
        assertClose(Tensor.scalar((2 * sums.get(0) + 0.5f * sums.get(1)) / 2), results.get(0));
        assertEquals(Tensor.scalar(2), results.get(3));
        assertClose(sums.reshape(2, 1), images.forwardPerExample(p, t));
        assertTrue(message(() -> images.call(p, t, Tensor.generate(i -> i, 2, 3))).startsWith("images needs one weight for each of 2"
                + " examples. Received: weights of shape (2, 3)"));
    }

    @Test
    void oneVectorIsOneExample() {
        assertSame(ELEMENTS, P.slice(0, 1).reshape(3), T.slice(0, 1).reshape(3));
    }

    @Test
    void oneNumberIsTheMeanAndCannotBeWeighted() {
        List<Tensor> results = results(NUMBER, P, T);
        assertClose(new MeanSquaredError().forward(P, T), results.get(0));
        assertClose(results(new MeanSquaredError(), P, T).get(1), results.get(1));
        assertEquals(results.get(0), results.get(2));
        assertEquals(Tensor.scalar(4), results.get(3));
        assertEquals(results.get(0), NUMBER.forwardPerExample(P, T));
        assertEquals("squares gives one number for a batch, which weights of examples or classes do not apply to. Received: weights of"
                + " shape (4,). Leave the weights out, or let the loss be one number for each example, of shape (batch)",
                message(() -> NUMBER.call(P, T, Tensor.of(1f, 1f, 1f, 1f))));
    }

    /** It would be broadcast. */
    @Test
    void truthOfAnotherBatchIsRefused() {
        for (Tensor truth : List.of(T.slice(0, 1), T.slice(0, 1).reshape(3), Tensor.scalar(0))) {
            assertEquals("squares needs targets whose first axis is the batch, of 4 examples. Received: (4, 3) and " + truth.shape(),
                    message(() -> ELEMENTS.call(P, truth)));
        }
    }

    @Test
    void otherShapesAreRefused() {
        Loss wrong = Losses.lambda("wrong", (p, t) -> SQUARES.apply(p, t).sum(0));
        assertEquals("wrong must give one number for each example, of shape (4,) or (4, 1); one for each prediction, of shape (4, 3); or"
                + " one for the batch, of shape (). Received: (3,) for predictions of shape (4, 3) and targets of shape (4, 3)",
                message(() -> wrong.call(P, T)));
        assertThrows(IllegalArgumentException.class, () -> wrong.forwardPerExample(P, T));
        assertThrows(IllegalArgumentException.class,
                () -> Losses.lambda("wide", (p, t) -> Tensor.concatenate(1, p, t)).call(P, T));
        assertThrows(IllegalStateException.class, () -> Losses.lambda("none", (p, t) -> null).call(P, T));
        assertThrows(IllegalArgumentException.class, () -> Losses.lambda("a loss", SQUARES));
        assertTrue(message(() -> ELEMENTS.call(P)).endsWith("Received: (4, 3) and nothing"));
    }

    /** Their difference would be (4, 4), of which a mean is a number like any other. */
    @Test
    void labelsBesideAColumnAreRefused() {
        Tensor column = P.slice(1, 0, 1);
        assertEquals("squares needs targets with a last axis of size 1, as the predictions have it. Received: (4, 1) and (4,)",
                message(() -> NUMBER.call(column, Tensor.of(1f, 2f, 3f, 4f))));
        Loss labels = Losses.lambda("labels", (p, t) -> p.logSoftmax(1).multiply(t.oneHot(3)).sum(1).negate());
        assertClose(new SparseCategoricalCrossEntropy().fromLogits(true).forward(P, Tensor.of(2f, 0f, 1f, 1f)),
                labels.forward(P, Tensor.of(2f, 0f, 1f, 1f)));
    }

    // ------------------------------------------------------------------------------------------------- gradients

    @Test
    void aVariableInTheFunctionHasAGradient() {
        Variable w = new Variable("w", Tensor.of(3f));
        Loss loss = Losses.lambda("scaled", (p, t) -> p.multiply(w).subtract(t).square().add(w.square()));
        try (GradientTape tape = new GradientTape()) {
            Tensor value = loss.call(P, T);
            Tensor expected = P.multiply(3).subtract(T).multiply(P).multiply(2).mean().add(6);
            assertClose(expected.reshape(1), tape.gradient(value, w));
        }
    }

    private static Tensor gradientOfGradient(Loss loss, Tensor... rest) {
        Tensor[] inputs = Stream.concat(Stream.of(P), Stream.of(rest)).toArray(Tensor[]::new);
        try (GradientTape outer = new GradientTape()) {
            outer.watch(P);
            Tensor gradient;
            try (GradientTape inner = new GradientTape()) {
                inner.watch(P);
                gradient = inner.gradient(loss.call(inputs), P);
            }
            return outer.gradient(gradient.square().sum(), P);
        }
    }

    /** The gradient of {@code mean((p - t)^2)} is {@code 2 (p - t) / 12}, that of its square {@code 8 (p - t) / 144}. */
    @Test
    void theGradientHasAGradient() {
        Tensor expected = P.subtract(T).multiply(8.0 / 144);
        for (Loss loss : List.of(ELEMENTS, EXAMPLES, COLUMNS, NUMBER)) {
            assertClose(expected, gradientOfGradient(loss, T));
        }
        Tensor weights = Tensor.of(0f, 2f, 1f, 0.5f);
        Tensor weighted = expected.multiply(weights.square().reshape(4, 1));
        for (Loss loss : List.of(ELEMENTS, EXAMPLES, COLUMNS)) {
            assertClose(weighted, gradientOfGradient(loss, T, weights));
        }
    }

    /** A loss of a class by operations that leaves rows out. */
    private static final class Known extends Loss {

        @Override
        protected boolean countsAll() {
            return false;
        }

        @Override
        public boolean counts(Tensor truth, int example) {
            return truth.get(example, 0) >= 0;
        }

        @Override
        protected Tensor losses(Tensor predictions, Tensor truth) {
            return Tensor.where(truth.greaterEqual(0), predictions.subtract(truth).square(), Tensor.scalar(0));
        }
    }

    @Test
    void aClassByOperationsMayLeaveExamplesOut() {
        Tensor p = Tensor.of(1f, 2f, 3f).reshape(3, 1);
        Tensor t = Tensor.of(2f, -1f, 5f).reshape(3, 1);
        List<Tensor> results = results(new Known(), p, t);
        assertEquals(Tensor.scalar(2.5f), results.get(0));
        assertEquals(Tensor.of(-1f, 0f, -2f).reshape(3, 1), results.get(1));
        assertEquals(Tensor.of(1f, 0f, 4f).reshape(3, 1), results.get(2));
        assertEquals(Tensor.scalar(2), results.get(3));
        assertEquals(Tensor.scalar(0), new Known().forward(p, t.multiply(0).subtract(1)));
        assertEquals(2.5f, new LossMetric(new Known()).forward(p, t));
    }

    /** It would be divided by the number of rows that count. */
    @Test
    void whatLeavesRowsOutHasALossForEachRow() {
        Loss wrong = new Loss() {

            @Override
            protected boolean countsAll() {
                return false;
            }

            @Override
            protected Tensor losses(Tensor predictions, Tensor truth) {
                return SQUARES.apply(predictions, truth).sum(1, 2);
            }
        };
        Tensor p = Tensor.ones(2, 3, 4);
        assertTrue(message(() -> wrong.call(p, p)).endsWith(" ignores rows, so it must give the loss of each of 6 rows. Received: losses"
                + " of shape (2,)"));
    }
}

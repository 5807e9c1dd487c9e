package beras.autograd;

import static beras.assignment.Fixtures.assertClose;
import static org.junit.jupiter.api.Assertions.*;

import beras.initializers.Initializers;
import beras.layers.Add;
import beras.layers.Dense;
import beras.layers.Layers;
import beras.layers.activations.Activation;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.tensor.Dice;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Whatever the graph: gradients are sums over all paths, each at the values that its call saw. */
@Tag("gradient")
class GradientTapeTest {

    private static final Tensor X = Tensor.of(new float[][] {{1, 2, -1}, {0.5f, -1.5f, 2}});
    private static final Tensor ONE_HOT = Tensor.of(new float[][] {{0, 0, 1}, {1, 0, 0}});

    private final Dense square = new Dense(3, 3, Initializers.glorotUniform(), 1);

    @AfterEach
    void noTapeIsLeftOpen() {
        assertFalse(GradientTape.isRecording());
    }

    // ------------------------------------------------------------------------------------------------ sources

    @Test
    void aSourceOutOfReachHasNoGradient() {
        Dense other = new Dense(3, 3);
        Recorded r = Recorded.of(() -> {
            other.call(X);
            return square.call(X);
        });
        assertEquals(Arrays.asList(null, null), r.gradient(List.of(other.w(), Tensor.ones(2, 3))));
        assertNull(r.gradient(X.copy()), "equal, but another object");
    }

    @Test
    void whatComesAfterTheTargetIsOutOfReach() {
        Tensor[] kept = new Tensor[1];
        Dense after = new Dense(3, 3);
        Recorded r = Recorded.of(() -> {
            Tensor y = square.call(X);
            kept[0] = after.call(y);
            return y;
        });
        assertEquals(Arrays.asList(null, null), r.gradient(List.of(after.w(), kept[0])));
    }

    @Test
    void anInputThatIsItsOwnTruthGetsTheGradientOfThePredictionOnly() {
        Recorded reconstruction = Recorded.of(() -> new MeanSquaredError().call(square.call(X), X));
        Tensor truth = X.copy();
        Recorded apart = Recorded.of(() -> new MeanSquaredError().call(square.call(X), truth));
        assertEquals(apart.gradient(List.of(X)), reconstruction.gradient(List.of(X)));
    }

    @Test
    void sourcesMayRepeatOrBeNone() {
        Recorded r = Recorded.of(() -> square.call(X));
        List<Tensor> twice = r.gradient(List.of(square.b(), square.b()));
        assertClose(Tensor.full(2, 1, 3), twice.get(0));
        assertEquals(twice.get(0), twice.get(1));
        assertEquals(List.of(), r.gradient(List.of()));
    }

    // ------------------------------------------------------------------------------------------------ fan-out

    @Test
    void residualsOverResiduals() {
        // y(k+1) = y(k) + y(k) doubles the paths each time: a walk that forgets or repeats one is far off.
        Recorded r = Recorded.of(() -> {
            Tensor y = X;
            for (int i = 0; i < 20; i++) {
                y = new Add().call(y, y);
            }
            return y;
        });
        assertEquals(List.of(Tensor.full(1 << 20, 2, 3)), r.gradient(List.of(X)));
    }

    @Test
    void aLongChainNeedsNoStack() {
        Recorded r = Recorded.of(() -> {
            Tensor y = Tensor.ones(1, 1);
            LeakyReLU leaky = new LeakyReLU();
            for (int i = 0; i < 20_000; i++) {
                y = leaky.call(y);
            }
            return y;
        });
        Tensor first = r.tape().producer(r.target()).input(0);
        assertEquals(List.of(Tensor.ones(1, 1)), r.gradient(List.of(first)));
    }

    /** As a Dense layer has it, and not the sum of a product for each example. */
    @Test
    void aMatrixThatAllExamplesShareHasTheGradientOfOneProduct() {
        Tensor x = Tensor.generate(new Rng(1, "x", 0)::normal, 5, 2, 7, 4);
        Tensor upstream = Tensor.generate(new Rng(1, "upstream", 0)::normal, 5, 2, 7, 3);
        Variable w = new Variable("w", Tensor.ones(4, 3));
        Recorded recorded = Recorded.of(() -> x.matmul(w));
        assertEquals(x.reshape(70, 4).transpose().matmul(upstream.reshape(70, 3)), recorded.gradient(List.of(w), upstream)
                .get(0));
    }

    // ------------------------------------------------------------------------------------ tensors in between

    @Test
    void aTensorInBetweenSplitsTheChain() {
        Tensor[] between = new Tensor[1];
        Recorded r = Recorded.of(() -> {
            between[0] = square.call(X);
            return new MeanSquaredError().call(new Sigmoid().call(between[0]), ONE_HOT);
        });
        Tensor upstream = r.gradient(between[0]);
        assertClose(X.transpose().matmul(upstream), r.gradient(square.w()));
        assertEquals(r.gradient(square.w()), r.gradient(List.of(between[0], square.w())).get(1),
                "asking for one changes no other");
    }

    @Test
    void theLocalGradientOfACrossEntropyIsThatToItsPrediction() {
        CategoricalCrossEntropy loss = new CategoricalCrossEntropy();
        Tensor[] p = new Tensor[1];
        Recorded r = Recorded.of(() -> {
            p[0] = new Softmax().call(X);
            return loss.call(p[0], ONE_HOT);
        });
        Tensor expected = ONE_HOT.divide(p[0]).divide(-2);
        assertClose(expected, loss.inputGradients().get(0));
        r.gradient(List.of(X));
        assertClose(expected, loss.composeInputGradients(List.of(Tensor.scalar(1))).get(0));
    }

    @Test
    void aSoftmaxMayFeedMoreThanItsCrossEntropy() {
        Tensor logits = square.forward(X);
        Tensor[] p = new Tensor[1];
        Recorded r = Recorded.of(() -> {
            p[0] = new Softmax().call(logits);
            Tensor entropy = new CategoricalCrossEntropy().call(p[0], ONE_HOT);
            return entropy.add(new MeanSquaredError().call(p[0], ONE_HOT));
        });
        Tensor difference = p[0].subtract(ONE_HOT);
        Tensor fromSquares = difference.divide(3); // 2 / (2 * 3)
        Tensor through = p[0].multiply(fromSquares.subtract(p[0].multiply(fromSquares).sum(1).reshape(2, 1)));
        assertClose(difference.divide(2).add(through), r.gradient(logits));
        assertClose(ONE_HOT.divide(p[0]).divide(-2).add(fromSquares), r.gradient(p[0]));
    }

    @Test
    void aCrossEntropyFarFromTheTruthStillLearnsThroughItsLogits() {
        Tensor logits = Tensor.of(new float[][] {{-500, 500}});
        Recorded r = Recorded.of(
                () -> new CategoricalCrossEntropy().call(new Softmax().call(logits), Tensor.of(new float[][] {{1, 0}})));
        assertEquals(1000f, r.target().item());
        assertEquals(List.of(Tensor.of(new float[][] {{-1, 1}})), r.gradient(List.of(logits)));
    }

    @Test
    void aSoftmaxOfAnotherTapeIsTakenAsGivenProbabilities() {
        Tensor p = Recorded.of(() -> new Softmax().call(X)).target();
        Recorded r = Recorded.of(() -> new CategoricalCrossEntropy().call(p, ONE_HOT));
        assertClose(ONE_HOT.divide(p).divide(-2), r.gradient(p));
        assertNull(r.gradient(X));
    }

    // ------------------------------------------------------------------------------------------------- targets

    @Test
    void theWeightsOfATargetMustHaveItsShape() {
        Recorded r = Recorded.of(() -> square.call(X));
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> r.tape().gradient(r.target(), List.of(square.w()), Tensor.ones(3, 2)));
        assertEquals("The upstream gradient must have the target's shape (2, 3). Received: (3, 2)", e.getMessage());
    }

    // -------------------------------------------------------------------------------------------------- scopes

    @Test
    void aFailureInsideTheScopeClosesTheTape() {
        assertThrows(IllegalArgumentException.class, () -> Recorded.of(() -> square.call(Tensor.zeros(2, 4))));
        assertFalse(GradientTape.isRecording());
        assertClose(Tensor.full(2, 1, 3), Recorded.of(() -> square.call(X)).gradient(square.b()));
    }

    @Test
    void recordedIsOnlyWhatIsCalledInsideTheScope() {
        Tensor before = square.call(X);
        Recorded r = Recorded.of(() -> square.forward(X));
        Tensor after = square.call(X);
        for (Tensor target : List.of(before, r.target(), after)) {
            assertNull(r.tape().producer(target));
            assertNull(r.tape().gradient(target, List.of(square.w())).get(0));
        }
    }

    @Test
    void closingTwiceDoesNotCloseTheNextTape() {
        GradientTape first = new GradientTape();
        first.close();
        try (GradientTape second = new GradientTape()) {
            first.close();
            assertTrue(GradientTape.isRecording());
            assertSame(square, second.producer(square.call(X)).diffable());
        }
    }

    // ------------------------------------------------------------------------------------------------- threads

    @Test
    void threadsHaveTheirOwnTapesOverSharedLayers() throws Exception {
        int threads = 4;
        int rounds = 200;
        Dense second = new Dense(3, 3, Initializers.glorotUniform(), 2);
        Softmax softmax = new Softmax();
        LeakyReLU leaky = new LeakyReLU();
        CategoricalCrossEntropy loss = new CategoricalCrossEntropy();
        List<Variable> weights = List.of(square.w(), square.b(), second.w(), second.b());
        Dice dice = new Dice("threads");
        List<Tensor> inputs = new ArrayList<>();
        List<List<Tensor>> alone = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Tensor x = dice.normal(2, 3);
            inputs.add(x);
            Recorded r = Recorded.of(() -> loss.call(softmax.call(second.call(leaky.call(square.call(x)))), ONE_HOT));
            alone.add(r.tape().gradient(r.target(), weights));
        }
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Tensor x = inputs.get(i);
                List<Tensor> expected = alone.get(i);
                results.add(pool.submit(() -> {
                    start.await();
                    for (int round = 0; round < rounds; round++) {
                        Recorded r = Recorded.of(() -> loss.call(softmax.call(second.call(leaky.call(square.call(x)))), ONE_HOT));
                        assertEquals(expected, r.tape().gradient(r.target(), weights));
                    }
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void whatAnotherThreadCallsIsNotRecorded() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (GradientTape tape = new GradientTape()) {
            Tensor elsewhere = pool.submit(() -> {
                assertFalse(GradientTape.isRecording());
                return square.call(X);
            }).get();
            assertNull(tape.producer(elsewhere));
            assertTrue(GradientTape.isRecording());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void closingInAnotherThreadIsRefusedAndYetFreesTheThreadThatOpenedIt() throws Exception {
        ExecutorService opener = Executors.newSingleThreadExecutor();
        try {
            Tensor[] y = new Tensor[1];
            GradientTape tape = opener.submit(() -> {
                GradientTape opened = new GradientTape();
                y[0] = square.call(X);
                return opened;
            }).get();
            Exception e = assertThrows(IllegalStateException.class, tape::close);
            assertTrue(e.getMessage().startsWith("A GradientTape is closed by the thread that opened it"), e.getMessage());
            tape.close(); // is closed by now
            assertClose(Tensor.full(2, 1, 3), tape.gradient(y[0], List.of(square.b())).get(0));
            opener.submit(() -> {
                assertFalse(GradientTape.isRecording());
                assertNull(tape.producer(square.call(X)));
                try (GradientTape next = new GradientTape()) {
                    assertSame(square, next.producer(square.call(X)).diffable());
                    tape.close();
                    assertTrue(GradientTape.isRecording());
                }
                return null;
            }).get();
        } finally {
            opener.shutdownNow();
        }
    }

    /** A pause ends neither with a tape that is closed within it, by whatever thread, nor with the one that is paused. */
    @Test
    void noTapeThatIsClosedWithinAPauseEndsIt() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            GradientTape outer = new GradientTape();
            List<Executable> closing = List.of(() -> new GradientTape().close(), outer::close, () -> {
                GradientTape inner = new GradientTape();
                assertThrows(ExecutionException.class, () -> other.submit(inner::close).get());
            });
            for (Executable close : closing) {
                GradientTape.paused(() -> {
                    assertDoesNotThrow(close);
                    return square.call(X);
                });
                assertThrows(IllegalStateException.class, square::inputs, "the call left no trace");
            }
        } finally {
            other.shutdownNow();
        }
        assertFalse(GradientTape.isRecording());
        square.call(X);
        assertEquals(List.of(X), square.inputs(), "the pause is over, and so is the tape");
    }

    // ---------------------------------------------------------------------------------------------- wrong shapes

    @Test
    void noGradientComesThroughAStopOrLabelsThoughBothAreRecorded() {
        Tensor x = Tensor.of(1, 0, 2);
        Recorded recorded = Recorded.of(() -> x.stopGradient().square().add(x).sum().add(x.oneHot(3).sum()), x);
        assertEquals(11f, recorded.target().item());
        assertEquals(Tensor.ones(3), recorded.gradient(x));
        assertEquals(List.of("StopGradient[]", "SQUARE", "ADD", "SUM", "Reshape[shape=(3, 1)]", "EQUAL", "SUM", "ADD"),
                recorded.tape().operations().stream().map(use -> use.operation().toString()).toList());
        Tensor[] same = new Tensor[1];
        Recorded identity = Recorded.of(() -> same[0] = Layers.activation("linear").call(X));
        assertTrue(identity.tape().call(same[0]).diffable() instanceof Activation);
    }

    /** Losses and penalties have the bits of training, and no activation is kept. */
    @Test
    void evaluationRecordsNothingButWhatALossLooksFor() {
        Dense hidden = new Dense(3, 4).with("activityRegularizer", "l2(0.1)");
        Dense last = new Dense(4, 3);
        List<List<Tensor>> numbers = new ArrayList<>();
        for (Supplier<GradientTape> opened : List.<Supplier<GradientTape>>of(GradientTape::forPrediction, GradientTape::forEvaluation)) {
            Call call;
            try (GradientTape tape = opened.get()) {
                Tensor loss = new CategoricalCrossEntropy().call(new Softmax().call(last.call(hidden.call(X))), ONE_HOT);
                call = tape.call(loss);
                numbers.add(List.of(loss, call.saved(), tape.penalties().get(0)));
            }
        }
        assertEquals(numbers.get(0), numbers.get(1));
        try (GradientTape tape = GradientTape.forEvaluation()) {
            Tensor y = new Softmax().call(last.call(X.matmul(Tensor.ones(3, 4))));
            assertEquals(List.of(), tape.operations());
            assertNull(tape.gradient(y, last.w()));
        }
    }
}

package beras.autograd;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Add;
import beras.layers.BatchNormalization;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.models.Sequential;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node by its definition: nothing but compute. */
@Tag("core")
class DiffableTest {

    private static final Tensor X = Tensor.of(new float[][] {{1, 2}, {-3, 4}});
    private static final Tensor UPSTREAM = Tensor.of(new float[][] {{1, 10}, {100, 1000}});

    /** {@code y = x * s}, one factor for each column: one Jacobian to the input for all examples, one to s for each. */
    private static final class Scale extends Diffable {

        final Variable s = new Variable(Tensor.of(new float[][] {{2, 5}}));

        @Override
        protected Tensor compute(Call call) {
            return call.input(0).multiply(s);
        }

        @Override
        public List<Variable> weights() {
            return List.of(s);
        }
    }

    /** A node that gives its input back. */
    private static final class Identity extends Diffable {
        @Override
        protected Tensor compute(Call call) {
            return call.input(0);
        }
    }

    @Test
    void composesFromLocalJacobiansOfAllExamplesAndOfEach() {
        Scale scale = new Scale();
        scale.call(X);
        assertEquals(List.of(Tensor.of(new float[][] {{2, 50}, {200, 5000}})),
                scale.composeInputGradients(List.of(UPSTREAM)));
        assertEquals(List.of(Tensor.of(new float[][] {{1 - 300, 20 + 4000}})),
                scale.composeWeightGradients(List.of(UPSTREAM)));
    }

    @Test
    void aNewNodeWorksOnTheTapeAsItIs() {
        Scale scale = new Scale();
        Recorded recorded = Recorded.of(() -> scale.call(scale.call(X)));
        Tensor toX = Tensor.of(new float[][] {{4, 25}, {4, 25}});
        Tensor toS = Tensor.of(new float[][] {{2 * 2 * -2, 2 * 5 * 6}});
        assertEquals(List.of(toX, toS), recorded.gradient(List.of(X, scale.s)));
    }

    @Test
    void anOutputIsNeverTheInputItself() {
        Identity identity = new Identity();
        Recorded recorded = Recorded.of(() -> identity.call(X));
        assertNotSame(X, recorded.target());
        assertEquals(X, recorded.target());
        assertEquals(List.of(Tensor.ones(2, 2)), recorded.gradient(List.of(X)));
    }

    @Test
    void rememberedIsTheLatestCallWhateverForwardDid() {
        Scale scale = new Scale();
        scale.call(UPSTREAM);
        Tensor y = scale.call(X);
        scale.forward(UPSTREAM);
        assertSame(X, scale.inputs().get(0));
        assertSame(y, scale.outputs().get(0));
        assertEquals(1, scale.inputs().size());
        assertEquals(1, scale.outputs().size());
    }

    @Test
    void twoInputsKeepTheirOrder() {
        Add sum = new Add();
        sum.call(X, UPSTREAM);
        assertSame(X, sum.inputs().get(0));
        assertSame(UPSTREAM, sum.inputs().get(1));
        List<Tensor> composed = sum.composeInputGradients(List.of(UPSTREAM, X));
        assertEquals(List.of(UPSTREAM, UPSTREAM, X, X), composed);
    }

    @Test
    void anInputThatDoesNotMatterHasAGradientOfZeros() {
        Diffable second = new Diffable() {
            @Override
            protected Tensor compute(Call call) {
                return call.input(1).multiply(2);
            }
        };
        second.call(Tensor.ones(2, 3), Tensor.ones(2, 3));
        assertEquals(List.of(Tensor.zeros(2, 3), Tensor.full(2, 2, 3)), second.composeInputGradients(List.of(Tensor.ones(2, 3))));
    }

    /** The owner of a wrapped array may change it: earlier derivatives of the upstream are invalid. */
    @Test
    void anUpstreamIsReadAsItIsNow() {
        float[] values = {1, 1, 1, 1};
        Tensor upstream = Tensor.wrap(values, 2, 2);
        for (Layer layer : List.of(new Dense(2, 2).fused(new LeakyReLU()).orElseThrow(), new BatchNormalization())) {
            Arrays.fill(values, 1f);
            layer.call(X);
            layer.composeInputGradients(List.of(upstream));
            layer.composeWeightGradients(List.of(upstream));
            values[0] = 10f;
            List<Tensor> toInputs = layer.composeInputGradients(List.of(upstream));
            List<Tensor> toWeights = layer.composeWeightGradients(List.of(upstream));
            assertEquals(layer.composeInputGradients(List.of(upstream.copy())), toInputs);
            assertEquals(layer.composeWeightGradients(List.of(upstream.copy())), toWeights);
        }
    }

    /** The derivatives of a tape are visible to its own walk alone. */
    @Test
    void aGradientThatFailsLeavesNothingBehind() {
        boolean[] fails = {true};
        FusedOperation twice = new FusedOperation() {
            @Override
            public Tensor compute(OperationCall call) {
                return call.input(0).multiply(2f);
            }

            @Override
            public Tensor gradient(OperationCall call, int i, Tensor upstream) {
                Tensor known = call.cached(upstream);
                Tensor derived = known != null ? known : call.cache(upstream, upstream.multiply(2f));
                if (fails[0]) {
                    throw new UnsupportedOperationException();
                }
                return derived;
            }
        };
        float[] values = {1};
        Tensor upstream = Tensor.of(values);
        Tensor x = Tensor.of(3);
        Recorded recorded = Recorded.of(() -> twice.apply(x), x);
        assertThrows(UnsupportedOperationException.class, () -> recorded.gradient(List.of(x), upstream));
        fails[0] = false;
        values[0] = 10f;
        assertEquals(List.of(Tensor.of(20)), recorded.gradient(List.of(x), upstream));
    }

    /** A network must not keep a tape, and with it all gradients and the calls of all others. */
    @Test
    void whatIsRememberedOfACallDoesNotKeepTheTape() {
        Dense dense = new Dense(2, 2);
        Add sum = new Add();
        Sequential model = new Sequential(new Input(2), dense, new Softmax());
        CategoricalCrossEntropy loss = new CategoricalCrossEntropy();
        Recorded recorded = Recorded.of(() -> loss.call(model.call(sum.call(X, dense.call(X))), Tensor.of(new float[][] {{1, 0},
                {0, 1}})));
        recorded.gradient(dense.weights());
        Set<Call> calls = new HashSet<>();
        for (OperationCall use : recorded.tape().operations()) {
            for (Call call = use.within().orElse(null); call != null; call = call.within().orElse(null)) {
                calls.add(call);
            }
        }
        assertTrue(calls.stream().map(Call::diffable).toList().containsAll(List.of(dense, sum, model, model.layers().get(1), loss)));
        calls.forEach(call -> assertNull(call.tape, () -> call.diffable().toString()));
        recorded.tape().operations().forEach(use -> assertNull(use.tape, use::toString));
    }

    @Test
    void beforeTheFirstCallThereIsNothingToTell() {
        Dense dense = new Dense(2, 2);
        dense.forward(X);
        for (Runnable question : List.<Runnable>of(
                dense::inputs, dense::outputs, dense::inputGradients, dense::weightGradients,
                () -> dense.composeInputGradients(List.of(X)), () -> dense.composeWeightGradients(null))) {
            Exception e = assertThrows(IllegalStateException.class, question::run);
            assertTrue(e.getMessage().startsWith("Dense was not called yet"), e.getMessage());
        }
    }

    @Test
    void aCallThatFailsLeavesTheEarlierOne() {
        Dense dense = new Dense(2, 3);
        dense.call(X);
        Exception e = assertThrows(IllegalArgumentException.class, () -> dense.call(Tensor.zeros(2, 7)));
        assertEquals("Dense(2, 3) needs an input whose last axis is 2. Received shape: (2, 7)", e.getMessage());
        assertSame(X, dense.inputs().get(0));
    }

    @Test
    void localJacobiansOfOneTensorThatIsSeveralInputsAreThoseOfEach() {
        Concatenate both = new Concatenate();
        Tensor x = Tensor.of(new float[][] {{1, 2}});
        both.call(x, x);
        assertEquals(Tensor.of(new float[][][] {{{1, 0, 0, 0}, {0, 1, 0, 0}}}), both.inputGradients().get(0));
        assertEquals(Tensor.of(new float[][][] {{{0, 0, 1, 0}, {0, 0, 0, 1}}}), both.inputGradients().get(1));
    }
}

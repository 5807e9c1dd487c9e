package beras.layers;

import static beras.training.Problem.copyOfWeights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.autograd.GradientTape;
import beras.initializers.Initializers;
import beras.layers.activations.Softmax;
import beras.losses.MeanSquaredError;
import beras.models.Functional;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Layers of a user that are made of others. */
@Tag("layers")
class CompositeLayerTest {

    private static final Tensor X = new Dice("composite").normal(5, 3);

    /** {@code x + dense(x)}, times a weight of its own. */
    private static final class Residual extends Layer {

        private final Dense inner = new Dense(3, "tanh");
        private final Add add = new Add();

        @Override
        public List<Layer> layers() {
            return List.of(inner, add);
        }

        @Override
        protected Tensor compute(Call call) {
            return add.call(call.input(0), inner.call(call.input(0)));
        }
    }

    private static List<Tensor> gradients(Layer layer, List<Tensor> sources) {
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            y = layer.call(X);
        }
        return tape.gradient(y, sources);
    }

    @Test
    void hasTheWeightsOfItsLayersAndTheirGradientsOnce() {
        Residual residual = new Residual();
        residual.call(X);
        assertEquals(2, residual.weights().size());
        assertSame(residual.inner.w(), residual.weights().get(0));
        List<Tensor> actual = gradients(residual, List.of(X, residual.inner.w(), residual.inner.b()));
        Node x = new Input(3).apply();
        Functional model = new Functional(x, new Add().apply(x, residual.inner.apply(x)));
        assertEquals(gradients(model, List.of(X, residual.inner.w(), residual.inner.b())), actual);
        assertEquals(model.predict(X), residual.forward(X));
    }

    @Test
    void isAStepOfAModel() {
        Residual residual = new Residual();
        Sequential model = new Sequential(7, new Input(3), residual, new Dense(2));
        assertEquals(4, model.weights().size());
        assertEquals(copyOfWeights(model), copyOfWeights(new Sequential(7, new Input(3), new Residual(), new Dense(2))));
        assertNotEquals(copyOfWeights(model), copyOfWeights(new Sequential(8, new Input(3), new Residual(), new Dense(2))));
        Tensor before = residual.inner.w().copy();
        model.compile(new SGD(0.1f), new MeanSquaredError());
        residual.trainable(false);
        model.trainOnBatch(X, Tensor.ones(5, 2));
        assertEquals(before, residual.inner.w().copy());
        assertFalse(residual.inner.trainable());
        residual.trainable(true);
        model.trainOnBatch(X, Tensor.ones(5, 2));
        assertNotEquals(before, residual.inner.w().copy());
    }

    @Test
    void itsSeedDecides() {
        Tensor[] weights = new Tensor[2];
        for (int i = 0; i < 2; i++) {
            Residual residual = new Residual();
            residual.seed(3);
            residual.call(X);
            weights[i] = residual.weights().get(0).copy();
        }
        assertEquals(weights[0], weights[1]);
    }

    @Test
    void forwardLeavesNoTraceAlsoUnderATape() {
        Residual residual = new Residual();
        residual.forward(X);
        assertThrows(IllegalStateException.class, residual.inner::inputs);
        try (GradientTape tape = new GradientTape()) {
            Tensor y = residual.forward(X);
            assertNull(tape.producer(y));
            assertEquals(0, count(tape.gradient(y, List.of(X))));
            assertEquals(0, count(tape.gradient(y, residual.weights())));
            assertTrue(GradientTape.isRecording());
        }
        residual.call(X);
        assertSame(X, residual.inner.inputs().get(0));
        for (Executable local : List.<Executable>of(residual::inputGradients, residual::weightGradients,
                () -> residual.composeInputGradients(List.of(X)), () -> residual.composeWeightGradients(List.of(X)))) {
            Exception e = assertThrows(UnsupportedOperationException.class, local);
            assertTrue(e.getMessage().startsWith("Residual has no local Jacobians. If it is made of operations of tensors, or of"
                    + " other layers, a GradientTape differentiates through these"), e.getMessage());
        }
    }

    private static int count(List<Tensor> gradients) {
        return (int) gradients.stream().filter(Objects::nonNull).count();
    }

    @Test
    void aWrapperWithGradientsOfItsOwnIsDifferentiatedByThem() {
        Dense inner = new Dense(3, 1, Initializers.REGISTRY.of("ones"), 1);
        Diffable wrapper = new Diffable() {
            @Override
            protected Tensor compute(Call call) {
                return inner.call(call.input(0));
            }

            @Override
            protected List<Tensor> inputGradients(Call call) {
                return List.of(Tensor.full(2, 3, 1));
            }
        };
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            y = wrapper.call(X);
        }
        assertSame(wrapper, tape.producer(y).diffable());
        assertEquals(Tensor.full(2, 5, 3), tape.gradient(y, List.of(X)).get(0));
        assertEquals(0, count(tape.gradient(y, inner.weights())));
        assertSame(y, wrapper.outputs().get(0));
    }

    @Test
    void operationsAfterALayerAreDifferentiatedToo() {
        Dense inner = new Dense(3);
        Layer twice = new Layer() {
            @Override
            public List<Layer> layers() {
                return List.of(inner);
            }

            @Override
            protected Tensor compute(Call call) {
                return inner.call(call.input(0)).multiply(2);
            }
        };
        Tensor toX = gradients(inner, List.of(X)).get(0);
        assertEquals(toX.multiply(2), gradients(twice, List.of(X)).get(0));
        assertEquals(Tensor.full(2.0 * X.dim(0), 1, 3), gradients(twice, List.of(inner.b())).get(0));
    }

    @Test
    void aLayerWithoutGradientsSaysWhatToDo() {
        Layer none = new Layer() {
            @Override
            protected Tensor compute(Call call) {
                return Tensor.wrap(call.input(0).toArray(), call.input(0).shape());
            }
        };
        Exception e = assertThrows(UnsupportedOperationException.class, () -> gradients(none, List.of(X)));
        assertTrue(e.getMessage().contains("must override inputGradients(Call), composeInputGradients(Call, Tensor) or both"),
                e.getMessage());
    }

    // ------------------------------------------------------------------------------------ seeds, flags, names, shapes

    @Test
    void aFlagOrAQuestionDoesNotDecideTheWeights() {
        List<Tensor> expected = copyOfWeights(new Sequential(7, new Dense(3, 4)));
        Dense frozen = new Dense(3, 4);
        frozen.trainable(false);
        assertFalse(frozen.trainable());
        assertFalse(frozen.built());
        frozen.useBias(false).useBias(true);
        assertEquals(expected, copyOfWeights(new Sequential(7, frozen)));
        assertEquals(0, frozen.trainableVariables().size());
        Dense asked = new Dense(3, 4);
        assertTrue(asked.trainable());
        assertFalse(asked.built());
        Variable kernel = asked.w();
        assertEquals(expected, copyOfWeights(new Sequential(7, asked)));
        assertSame(kernel, asked.w());
        Dense changed = new Dense(3, 4);
        changed.w().assign(0.5f);
        assertArrayEquals(Tensor.full(0.5f, 3, 4).toArray(), new Sequential(7, changed).weights().get(0).toArray());
        Dense used = new Dense(3, 4);
        used.w();
        Tensor y = used.call(X);
        new Sequential(7, used);
        assertEquals(y, used.forward(X));
    }

    @Test
    void aLayerOfAModelKeepsItsName() {
        Dense dense = new Dense(3);
        new Sequential(new Input(3), dense);
        Exception e = assertThrows(IllegalStateException.class, () -> dense.named("late"));
        assertEquals("Dense is part of a model already: name it before. Received: \"late\"", e.getMessage());
        assertNull(dense.name());
    }

    @Test
    void aSharedLayerTakesOneWidth() {
        Dense unbuilt = new Dense(5);
        unbuilt.apply(new Input(16).apply());
        Exception e = assertThrows(IllegalArgumentException.class, () -> unbuilt.apply(new Input(32).apply()));
        assertTrue(e.getMessage().endsWith("Dense has one set of weights, which fits inputs of shape [(16,)]. Received: [(32,)]"),
                e.getMessage());
        unbuilt.apply(new Input(2, 16).apply());
        Dense twice = new Dense(5);
        assertThrows(IllegalArgumentException.class, () -> new Sequential(new Input(4), twice, new Dense(6), twice));
        Dense used = new Dense(5);
        Node node = used.apply(new Input(4).apply());
        used.call(Tensor.ones(1, 6));
        Exception late = assertThrows(IllegalArgumentException.class, () -> new Functional(node.inputs().get(0), node));
        assertTrue(late.getMessage().startsWith("Dense does not fit [Input of shape (4,)]: Dense(6, 5) needs"),
                late.getMessage());
    }

    @Test
    void anAxisThatIsTooLongIsRefused() {
        Node node = new Input(1 << 30).apply();
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Concatenate().apply(node, node, node, node));
        assertTrue(e.getMessage().contains("Concatenate gives an axis of at most 2147483647. Received inputs that together have"
                + " 4294967296"), e.getMessage());
        Exception two = assertThrows(IllegalArgumentException.class, () -> new Concatenate().apply(node, node));
        assertTrue(two.getMessage().contains("together have 2147483648"), two.getMessage());
        Node matrix = new Input(1 << 16, 1 << 14).apply();
        Exception product = assertThrows(IllegalArgumentException.class, () -> new Concatenate().apply(matrix, matrix));
        assertTrue(product.getMessage().contains("A tensor holds at most 2147483647 elements"), product.getMessage());
    }

    @Test
    void localJacobiansAreOfExamplesOfAnyRank() {
        Dense dense = new Dense(3);
        dense.call(Tensor.ones(2, 4, 5));
        Tensor ofInput = dense.inputGradients().get(0);
        assertEquals(Shape.of(2, 20, 12), ofInput.shape());
        assertEquals(dense.w().get(1, 2), ofInput.get(1, 16, 11), "feature 1 of row 3 to unit 2 of that row");
        assertEquals(0f, ofInput.get(1, 16, 8), "to another row");
        assertEquals(List.of(Shape.of(2, 15, 12), Shape.of(2, 3, 12)),
                dense.weightGradients().stream().map(Tensor::shape).toList());
        Layer softmax = new Softmax();
        softmax.call(Tensor.ones(2, 4, 3));
        assertEquals(Shape.of(2, 12, 12), softmax.inputGradients().get(0).shape());
        assertEquals(2 / 9f, softmax.inputGradients().get(0).get(1, 7, 7), 1e-7);
    }

    @Test
    void theGradientsOfADenseWithAnActivationAreThoseOfItsProduct() {
        Dense dense = new Dense(2, "sigmoid");
        Tensor y = dense.call(X);
        Layer sigmoid = dense.activation().orElseThrow();
        assertEquals(dense.w().copy(), dense.inputGradients().get(0));
        assertSame(dense.outputs().get(0), sigmoid.inputs().get(0));
        assertSame(y, sigmoid.outputs().get(0));
        GradientTape tape = new GradientTape();
        Tensor taped;
        try (tape) {
            taped = dense.call(X);
        }
        assertSame(sigmoid, tape.producer(taped).diffable());
        Tensor through = sigmoid.composeInputGradients(List.of(Tensor.ones(5, 2))).get(0);
        assertEquals(dense.composeInputGradients(List.of(through)), tape.gradient(taped, List.of(X)));
        assertEquals(dense.composeWeightGradients(List.of(through)), tape.gradient(taped, dense.weights()));
    }
}

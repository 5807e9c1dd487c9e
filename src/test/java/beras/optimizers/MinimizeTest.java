package beras.optimizers;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Dense;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MinimizeTest {

    @Test
    void ofSeveralElementsTheSumCounts() {
        Variable w = new Variable(Tensor.of(1, 2));
        assertEquals(Tensor.of(1, 4), new SGD(0.5).minimize(() -> w.square(), List.of(w)));
        assertEquals(Tensor.of(0, 0), w.copy());
    }

    /** The output 2 has a penalty of 4, whose gradient to both weights is 4. */
    @Test
    void penaltiesOnWhatLayersGiveAreMinimizedToo() {
        Dense dense = new Dense(1);
        dense.with("activityRegularizer", "l2(1)");
        Tensor x = Tensor.ones(1, 2);
        dense.call(x);
        dense.weights().get(0).assign(1);
        Tensor loss = new SGD(0.125).minimize(() -> dense.call(x).multiply(0).sum(), dense.weights());
        assertEquals(0f, loss.item());
        assertEquals(Tensor.full(0.5, 2, 1), dense.weights().get(0).copy());
    }

    @Test
    void aLossThatIsNotFiniteChangesNothing() {
        Variable w = new Variable(Tensor.of(-1, 2));
        assertTrue(Float.isNaN(new SGD(0.5).minimize(() -> w.log().sum(), List.of(w)).item()));
        assertEquals(Tensor.of(-1, 2), w.copy());
    }

    /** The root has an infinite slope at 0, and the inner slope there is 0: NaN, although the loss is finite. */
    @ParameterizedTest
    @ValueSource(strings = {"sgd(0.1)", "sgd(0.1, momentum=0.9)", "adam", "adam(clipnorm=1)", "adam(clipvalue=1)", "adam(globalClipnorm=1)",
        "adam(emaMomentum=0.9)", "adam(gradientAccumulationSteps=2)", "lion", "rmsprop"})
    void aGradientThatIsNotFiniteChangesNothing(String text) {
        Variable w = new Variable("root", Tensor.of(1, 2));
        Variable other = new Variable("other", Tensor.of(3));
        List<Variable> both = List.of(other, w);
        Optimizer optimizer = Optimizers.REGISTRY.of(text);
        Runnable good = () -> optimizer.minimize(() -> w.square().sum().add(other.square().sum()), both);
        good.run();
        List<Tensor> before = List.of(w.copy(), other.copy());
        List<Tensor> state = optimizer.state(both);
        Exception e = assertThrows(NonFiniteGradientException.class, () -> optimizer.minimize(
                () -> w.subtract(w.stopGradient()).square().sum().sqrt().add(other.square().sum()), both));
        assertEquals("The gradient of variable root of shape (2,) has an element NaN, so no step was made. It comes from SQRT of shape ()"
                + " at an input of 0, where the slope may be infinite: add a small number before it, or compute the root of a sum of squares"
                + " by norm, whose gradient at 0 is 0", e.getMessage());
        assertEquals(before, List.of(w.copy(), other.copy()));
        assertEquals(state, optimizer.state(both));
        assertEquals(1, optimizer.steps());
        optimizer.minimize(() -> w.subtract(w.stopGradient()).norm().add(other.square().sum()), both);
        assertEquals(2, optimizer.steps());
    }
}

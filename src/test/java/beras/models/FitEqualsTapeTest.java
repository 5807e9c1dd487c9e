package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.layers.Conv2D;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.MaxPooling2D;
import beras.layers.OutputRange;
import beras.layers.Reshape;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.CategoricalHinge;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.optimizers.SGD;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.DivergedException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A step of fit changes the weights to the bits that a user's own tape over the model gives. */
@Tag("model")
class FitEqualsTapeTest {

    private static final int BATCH = 5;
    private static final int INPUTS = 3;
    private static final Tensor X = new Dice("fit").normal(BATCH, INPUTS);

    static Stream<String> activations() {
        return Layers.ACTIVATIONS.names().stream().filter(name -> !name.equals("GLU")); // which halves its last axis
    }

    @ParameterizedTest
    @MethodSource("activations")
    void forEveryLossBehindAnOutputActivation(String activation) {
        int steps = 0;
        for (String loss : Losses.REGISTRY.names()) {
            for (int units : new int[] {1, 4}) {
                for (float logit : new float[] {1, 40, -40, 200, -200}) {
                    String what = loss + " of " + units + " units at " + logit;
                    steps += check(Losses.REGISTRY.of(loss), what, () -> separate(activation, units, logit)) ? 1 : 0;
                    check(Losses.REGISTRY.of(loss), what, () -> ending(activation, units, logit));
                }
            }
        }
        assertTrue(steps > Losses.REGISTRY.names().size(), steps + " finite steps");
    }

    @ParameterizedTest
    @MethodSource("activations")
    void throughEveryHiddenActivation(String activation) {
        assertTrue(check(Losses.REGISTRY.of("mse"), activation, () -> new Sequential(3, new Input(INPUTS), new Dense(6),
                Layers.ACTIVATIONS.of(activation), new Dense(6, activation), new Dense(2))));
    }

    @Test
    void throughAConvolutionWithMaxPooling() {
        for (String activation : new String[] {"relu", "linear", "tanh"}) {
            assertTrue(check(Losses.REGISTRY.of("mse"), activation, () -> new Sequential(3, new Input(INPUTS), new Dense(36),
                    new Reshape(6, 6, 1), new Conv2D(4, 3, activation), new MaxPooling2D(2), new Flatten(), new Dense(2))));
        }
    }

    private static Sequential separate(String activation, int units, float logit) {
        return model(units, logit, new Input(INPUTS), new Dense(6), Layers.ACTIVATIONS.of("tanh"), new Dense(units),
                Layers.ACTIVATIONS.of(activation));
    }

    private static Sequential ending(String activation, int units, float logit) {
        return model(units, logit, new Input(INPUTS), new Dense(6, "tanh"), new Dense(units, activation));
    }

    /** Whose logits are about as given, with either sign where there are several. */
    private static Sequential model(int units, float logit, Layer... layers) {
        Sequential model = new Sequential(7, layers) {

            @Override
            public List<OutputRange> outputRanges() {
                return List.of(OutputRange.UNKNOWN); // so that no loss is refused
            }
        };
        float[] bias = new float[units];
        for (int i = 0; i < units; i++) {
            bias[i] = i % 2 == 0 ? logit : -logit;
        }
        model.weights().get(3).assign(Tensor.of(bias));
        return model;
    }

    /** Returns whether the loss is finite, so that a step is taken. */
    private static boolean check(Loss loss, String what, Supplier<Sequential> maker) {
        Sequential fitted = maker.get();
        Sequential taped = maker.get();
        Tensor y = targets(loss, fitted.outputShape());
        Recorded recorded = Recorded.of(() -> loss.call(taped.call(X), y));
        if (fitted.outputShape().dim(-1) == 1 && isOfClasses(loss)) {
            assertThrows(IllegalArgumentException.class, () -> fitted.compile(new SGD(1f), loss), what);
            return false;
        }
        fitted.compile(new SGD(1f), loss);
        List<Tensor> gradients = recorded.gradient(taped.trainableVariables());
        boolean finite = Float.isFinite(recorded.target().item()) && gradients.stream().allMatch(FitEqualsTapeTest::isFinite);
        if (finite) {
            new SGD(1f).applyGradients(taped.trainableVariables(), gradients);
            double reported = fitted.trainOnBatch(X, y).get("loss");
            assertEquals(recorded.target().item(), reported, 1e-6 * (1 + Math.abs(recorded.target().item())), what);
        } else {
            try {
                fitted.trainOnBatch(X, y);
                throw new AssertionError(what + " is " + recorded.target().item());
            } catch (DivergedException e) {
                assertEquals(bits(maker.get()), bits(fitted), what);
            }
        }
        assertEquals(bits(taped), bits(fitted), what);
        return finite;
    }

    private static boolean isFinite(Tensor tensor) {
        return Float.isFinite(tensor.abs().max().item()); // the largest of NaN and others is NaN
    }

    private static List<List<Integer>> bits(Sequential model) {
        return model.weights().stream().map(FitEqualsTapeTest::bits).toList();
    }

    private static List<Integer> bits(Variable weight) {
        float[] numbers = weight.toArray();
        return IntStream.range(0, numbers.length).mapToObj(i -> Float.floatToIntBits(numbers[i])).toList();
    }

    private static boolean isOfClasses(Loss loss) {
        return loss instanceof CategoricalCrossEntropy || loss.typeName().equals("CategoricalFocalCrossEntropy")
                || loss instanceof SparseCategoricalCrossEntropy || loss.typeName().equals("KLDivergence");
    }

    /** Labels for losses that take such, else one-hot rows; for one unit 0 and 1 if the loss is not of classes. */
    private static Tensor targets(Loss loss, Shape output) {
        int units = output.dim(-1);
        if (loss instanceof SparseCategoricalCrossEntropy) {
            return Tensor.generate(i -> i % units, BATCH);
        }
        boolean ofClasses = isOfClasses(loss) || loss instanceof CategoricalHinge;
        return Tensor.generate(i -> units == 1 ? ofClasses ? 1 : i % 2 : i / units % units == i % units ? 1 : 0, BATCH, units);
    }

    @Test
    void denseWithAnActivationIsDenseAndTheActivation() {
        Sequential two = new Sequential(7, new Input(INPUTS), new Dense(6), Layers.ACTIVATIONS.of("relu"), new Dense(2),
                Layers.ACTIVATIONS.of("softmax"));
        Sequential one = new Sequential(7, new Input(INPUTS), new Dense(6, "relu"), new Dense(2, "softmax"));
        assertEquals(bits(two), bits(one));
        assertEquals(2, one.layers().size());
        assertEquals(two.predict(X), one.predict(X));
        assertEquals(two.call(X), one.call(X));
        assertFalse(one.layer("dense").layers().isEmpty());
        assertEquals(List.of(), one.layer("dense").layers().get(0).weights());
    }
}

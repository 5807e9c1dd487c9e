package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.autograd.Recorded;
import beras.constraints.Constraint;
import beras.feed.Batch;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.WeightSpec;
import beras.losses.MeanSquaredError;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.SGD;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What does not learn is an error if nothing learns, and else a warning that names it. */
@Tag("model")
class UntrainedWeightsTest {

    private static final Tensor X = Tensor.generate(i -> Math.sin(1 + 1.7 * i), 40, 3);
    private static final Tensor Y = Tensor.generate(i -> Math.cos(i), 40, 1);

    /** A net with a custom loss in its step. */
    private static final class Custom extends Sequential {

        private final Function<Tensor, Tensor> loss; // of the loss that is compiled

        Custom(Function<Tensor, Tensor> loss) {
            super(1, new Input(3), new Dense(8, "relu"), new Dense(1));
            this.loss = loss;
            compile("adam(0.05)", "mse");
        }

        @Override
        public float trainStep(TrainStep step) {
            GradientTape tape = step.tape();
            Tensor target;
            try (tape) {
                target = loss.apply(step.loss(run(step.inputs())));
            }
            return step.minimize(tape, target);
        }
    }

    private static void assertUnrecorded(Exception e) {
        assertTrue(e.getMessage().startsWith("At least one trainable variable must have a gradient. Received: null for all 4: the"
                + " loss does not depend on any of them."), e.getMessage());
        assertTrue(e.getMessage().contains("predict, the forward of a layer and stopGradient are not recorded"), e.getMessage());
    }

    @Test
    void aLossOfWhichNoWeightHasAGradientIsRefused() {
        for (Function<Tensor, Tensor> constant : List.<Function<Tensor, Tensor>>of(loss -> loss.stopGradient().add(0.01),
                loss -> Tensor.scalar(loss.item()), loss -> loss.greater(0), loss -> GradientTape.paused(() -> loss.multiply(2)))) {
            Custom model = new Custom(constant);
            List<Tensor> before = Problem.copyOfWeights(model);
            assertUnrecorded(assertThrows(IllegalArgumentException.class, () -> model.fit(X, Y)));
            assertUnrecorded(assertThrows(IllegalArgumentException.class, () -> model.trainOnBatch(X, Y)));
            assertEquals(before, Problem.copyOfWeights(model));
            assertEquals(0, model.optimizer().orElseThrow().steps());
        }
        for (Function<Tensor, Tensor> arithmetic : List.<Function<Tensor, Tensor>>of(loss -> loss, loss -> loss.add(0.01),
                loss -> loss.multiply(loss).mean())) {
            Custom model = new Custom(arithmetic);
            List<Tensor> before = Problem.copyOfWeights(model);
            assertEquals(List.of(), model.fit(X, Y).warnings());
            assertNotEquals(before, Problem.copyOfWeights(model));
        }
    }

    @Test
    void soAreGradientsForAnotherMachine() {
        Custom model = new Custom(loss -> loss.stopGradient().add(0.01));
        Trainer trainer = new Trainer(model, new SGD(0.1f), List.of(new Objective(new MeanSquaredError())));
        List<Object> given = new ArrayList<>();
        assertUnrecorded(assertThrows(IllegalArgumentException.class,
                () -> trainer.gradientsOnBatch(new Batch(List.of(X), List.of(Y), null), given::addAll)));
        assertEquals(List.of(), given);
    }

    @Test
    void soItIsInACustomLoop() {
        Sequential model = new Sequential(1, new Input(3), new Dense(2), new Dense(1));
        Recorded recorded = Recorded.of(() -> new MeanSquaredError().call(model.predict(X), Y));
        Optimizer optimizer = new Adam(0.1f);
        List<Variable> weights = model.trainableVariables();
        assertUnrecorded(assertThrows(IllegalArgumentException.class,
                () -> optimizer.applyGradients(weights, recorded.gradient(weights))));
        optimizer.applyGradients(List.of(), List.of()); // there is nothing to change
        model.trainable(false);
        optimizer.applyGradients(weights, Arrays.asList(null, null, null, null)); // nor here
        model.layers().get(0).trainable(true);
        optimizer.applyGradients(weights, Arrays.asList(Tensor.ones(3, 2), null, null, null));
        assertThrows(IllegalArgumentException.class, () -> optimizer.applyGradients(weights,
                Arrays.asList(null, null, Tensor.ones(2, 1), null)), "the only one that has a gradient is frozen");
    }

    /** A gain on what a layer inside takes, made such that the gain is never differentiated. */
    private static final class Gained extends Layer {

        private final Dense inner = addLayer(new Dense(2, "tanh"));
        private final Supplier<Variable> gain = addWeight(inputs ->
                new WeightSpec("gain", inputs.get(0), Initializers.REGISTRY.of("ones"), null, (Constraint) null, false));

        @Override
        public Shape outputShape(Shape input) {
            return inner.outputShape(input);
        }

        @Override
        protected Tensor compute(Call call) {
            return inner.call(call.input(0).multiply(gain.get()).stopGradient());
        }
    }

    private static String onlyWarning(History history) {
        assertEquals(1, history.warnings().size(), history.warnings()::toString);
        return history.warnings().get(0);
    }

    @Test
    void aWeightWithoutAGradientIsAWarningOnceThatNamesIt() {
        Sequential inner = new Sequential(new Input(2), new Gained(), new Dense(2));
        Sequential model = new Sequential(1, new Input(3), new Dense(2), inner, new Dense(1));
        model.compile("sgd(0.1)", "mse");
        List<String> told = new ArrayList<>();
        History history = model.fit(X, Y, new FitOptions().epochs(3).batchSize(10).onWarning(told::add));
        assertEquals("These trainable weights had no gradient in the first step, so they do not learn: dense/kernel, dense/bias,"
                + " Gained/gain. The loss must depend on them through recorded calls and operations; predict,"
                + " the forward of a layer and stopGradient are not recorded. Freeze weights that are not to learn, by trainable(false)", onlyWarning(history));
        assertEquals(history.warnings(), told);
    }

    /** Two steps in one, each of a part of the weights, as those of two nets that compete. */
    @Test
    void severalStepsThatShareTheWeightsAreNoWarning() {
        boolean[] direct = new boolean[1];
        Sequential model = new Sequential(1, new Input(3), new Dense(2), new Dense(1)) {

            private final Optimizer second = new SGD(0.05f);

            @Override
            public float trainStep(TrainStep step) {
                GradientTape tape = step.tape();
                Tensor loss;
                try (tape) {
                    loss = step.loss(run(step.inputs()));
                }
                List<Tensor> gradients = step.gradients(tape, loss);
                step.apply(Arrays.asList(gradients.get(0), gradients.get(1), null, null));
                if (direct[0]) {
                    second.applyGradients(step.variables(), gradients);
                } else {
                    step.apply(Arrays.asList(null, null, gradients.get(2), gradients.get(3)));
                }
                return loss.item();
            }
        };
        model.compile("sgd(0.1)", "mse");
        assertEquals(List.of(), model.fit(X, Y).warnings());
        direct[0] = true;
        assertTrue(onlyWarning(model.fit(X, Y)).contains("dense_1/kernel, dense_1/bias"));
    }

    @Test
    void aModelThatIsAllFrozenIsAWarning() {
        Sequential model = new Sequential(1, new Input(3), new Dense(1));
        model.trainable(false);
        model.compile("adam", "mse");
        assertEquals("This model has no trainable weights, so training does not change it. Received: 2 weights, none of them"
                + " trainable. Unfreeze layers by trainable(true)", onlyWarning(model.fit(X, Y, new FitOptions().epochs(2))));
    }
}

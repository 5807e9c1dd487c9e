package beras.optimizers;

import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Variables after each step of the optimizers, and what the optimizers remember of them.
 *
 * <p>Left for later: momentum, weight decay, clipping, averages, accumulation, schedules, the other optimizers, Keras's
 * RMSprop, and {@code adam.big_epsilon}, the one case of a plain Keras Adam where it shows that Keras adds epsilon before the
 * bias correction.
 */
@Tag("optimizers")
class OptimizersGoldenTest {

    @TestFactory
    Stream<DynamicTest> sgd() {
        return Golden.tests("optimizers", "sgd(\\.lr1)?", 2, c -> check(c, new SGD(rate(c))));
    }

    @TestFactory
    Stream<DynamicTest> rmsPropOfTheAssignment() {
        return Golden.tests("optimizers", "rmsprop\\.assignment(\\.big_epsilon)?", 2,
                c -> check(c, new RMSProp(rate(c), c.param("beta"), (float) c.param("epsilon")), "v"));
    }

    @TestFactory
    Stream<DynamicTest> adamOfTheAssignment() {
        return Golden.tests("optimizers", "adam\\.assignment(\\.big_epsilon|\\.long)?", 3, c -> check(c, adam(c), "m", "v"));
    }

    /** With the default epsilon both forms agree within the tolerance. */
    @TestFactory
    Stream<DynamicTest> adamOfKeras() {
        return Golden.tests("optimizers", "adam(\\.betas|\\.long|\\.missing_gradient)?", 4,
                c -> check(c, adam(c), "momentum", "velocity"));
    }

    private static Adam adam(GoldenCase c) {
        return new Adam(rate(c), c.param("beta1"), c.param("beta2"), (float) c.param("epsilon"));
    }

    private static float rate(GoldenCase c) {
        return (float) c.param("learningRate");
    }

    /** Takes every step of the case, and compares at those that it tells: each, or every tenth of a long run. */
    private static void check(GoldenCase c, Optimizer optimizer, String... slots) {
        List<String> names = c.hasInput("b0") ? List.of("W", "b") : List.of("W");
        List<Variable> variables = names.stream().map(name -> new Variable(c.input(name + "0"))).toList();
        List<Tensor> gradients = names.stream().map(name -> c.input("grad" + name.toUpperCase(Locale.ROOT))).toList();
        List<Tensor> results = names.stream().map(name -> Tensor.zeros(c.expectedShape(name))).toList();
        int steps = gradients.get(0).dim(0);
        int every = steps / results.get(0).dim(0);
        for (int step = 0; step < steps; step++) {
            List<Tensor> now = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                boolean missing = c.paramWords("noGradientFor").contains(names.get(i));
                now.add(missing ? null : gradients.get(i).slice(step, step + 1).reshape(variables.get(i).shape().toArray()));
            }
            optimizer.applyGradients(variables, now);
            if ((step + 1) % every == 0) {
                for (int i = 0; i < names.size(); i++) {
                    float[] values = variables.get(i).toArray();
                    System.arraycopy(values, 0, results.get(i).data(), step / every * values.length, values.length);
                }
            }
        }
        for (int i = 0; i < names.size(); i++) {
            c.check(names.get(i), results.get(i));
            List<Tensor> state = optimizer.state(variables.get(i));
            for (int s = 0; s < slots.length; s++) {
                String slot = "slot." + slots[s] + "." + names.get(i);
                if (c.expects(slot)) { // Keras remembers zeros of a variable that never had a gradient, BERAS nothing
                    c.check(slot, state.isEmpty() ? Tensor.zeros(variables.get(i).shape()) : state.get(s));
                }
            }
        }
    }
}

package beras.optimizers;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Variables after each step of the optimizers, their averages, and what the optimizers remember of them, for every optimizer
 * and option.
 */
@Tag("optimizers")
class OptimizersGoldenTest {

    /** What the file calls the slots, in the order of {@link Optimizer#state(Variable)}. */
    private static final Map<String, List<String>> SLOTS = Map.of(
            "SGD", List.of("momentum"),
            "RMSProp", List.of("v", "velocity", "averageGradient", "momentum"),
            "Adam", List.of("m", "v", "momentum", "velocity", "velocityHat"),
            "AdamW", List.of("momentum", "velocity", "velocityHat"),
            "Nadam", List.of("momentum", "velocity"),
            "Adamax", List.of("m", "u"),
            "Adagrad", List.of("accumulator"),
            "Adadelta", List.of("accumulatedGrad", "accumulatedDelta"),
            "Lion", List.of("momentum"));

    @TestFactory
    Stream<DynamicTest> everyCase() {
        return Golden.tests("optimizers", ".*", 58, OptimizersGoldenTest::check);
    }

    /** Parameters in the file have the names of settings, but for the form, which is part of the optimizer's name there. */
    private static Config config(GoldenCase c) {
        Config given = c.config("optimizer");
        boolean keras = Set.of("RMSprop", "Adam").contains(given.type());
        Config config = Config.of(given.type().replace("Assignment", "")).with("form", keras ? "keras" : null);
        for (Map.Entry<String, Object> setting : given.values().entrySet()) {
            if (!Set.of("noGradientFor", "useEma").contains(setting.getKey())) {
                config = config.with(setting.getKey(), setting.getValue());
            }
        }
        return config;
    }

    /** Takes every step of the case, and compares at those that it tells: each, or every tenth of a long run. */
    private static void check(GoldenCase c) {
        Optimizer optimizer = Optimizers.REGISTRY.of(config(c));
        assertEquals(optimizer.config(), Optimizers.REGISTRY.of(optimizer.config()).config());
        List<String> names = c.hasInput("b0") ? List.of("W", "b") : List.of("W");
        List<Variable> variables = names.stream().map(name -> new Variable(c.input(name + "0"))).toList();
        List<Tensor> gradients = names.stream().map(name -> c.input("grad" + name.toUpperCase(Locale.ROOT))).toList();
        List<Tensor> results = names.stream().map(name -> Tensor.zeros(c.expectedShape(name))).toList();
        List<Tensor> averages = names.stream().map(name -> Tensor.zeros(c.expectedShape(name))).toList();
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
                    Variable variable = variables.get(i);
                    put(variable, results.get(i), step / every);
                    if (c.expects("ema." + names.get(i))) {
                        put(optimizer.average(variable), averages.get(i), step / every);
                    }
                }
            }
        }
        assertEquals(steps, optimizer.steps());
        for (int i = 0; i < names.size(); i++) {
            c.check(names.get(i), results.get(i));
            if (c.expects("ema." + names.get(i))) {
                c.check("ema." + names.get(i), averages.get(i));
            }
            checkSlots(c, names.get(i), optimizer, variables.get(i));
        }
    }

    private static void put(Tensor value, Tensor table, int row) {
        System.arraycopy(value.toArray(), 0, table.data(), row * value.size(), value.size());
    }

    private static void checkSlots(GoldenCase c, String name, Optimizer optimizer, Variable variable) {
        List<String> keys = SLOTS.get(optimizer.typeName()).stream()
                .map(slot -> "slot." + slot + "." + name).filter(c::expects).toList();
        assertEquals(c.expectedNames().stream().filter(key -> key.matches("slot\\..*\\." + name)).count(), keys.size());
        List<Tensor> state = optimizer.state(variable);
        for (int s = 0; s < keys.size(); s++) { // Keras remembers zeros of a variable that never had a gradient, BERAS nothing
            c.check(keys.get(s), state.isEmpty() ? Tensor.zeros(variable.shape()) : state.get(s));
        }
    }
}

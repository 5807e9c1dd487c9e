package beras.regularizers;

import beras.autograd.GradientTape;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Penalties and their gradients. */
@Tag("layers")
class RegularizersGoldenTest {

    @TestFactory
    Stream<DynamicTest> l1() {
        return Golden.tests("regularizers", "l1\\..*", 7, c -> check(c, new L1((float) c.param("l1"))));
    }

    @TestFactory
    Stream<DynamicTest> l2() {
        return Golden.tests("regularizers", "l2\\..*", 7, c -> check(c, new L2((float) c.param("l2"))));
    }

    @TestFactory
    Stream<DynamicTest> l1l2() {
        return Golden.tests("regularizers", "l1l2\\..*", 7,
                c -> check(c, new L1L2((float) c.param("l1"), (float) c.param("l2"))));
    }

    private static void check(GoldenCase c, Regularizer regularizer) {
        Variable w = new Variable(c.input("W"));
        c.check("penalty", regularizer.forward(w));
        GradientTape tape = new GradientTape();
        Tensor penalty;
        try (tape) {
            penalty = regularizer.call(w);
        }
        c.check("penalty", penalty);
        c.check("gradient", tape.gradient(penalty, List.of(w)).get(0));
    }
}

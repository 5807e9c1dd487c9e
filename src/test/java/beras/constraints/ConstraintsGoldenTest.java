package beras.constraints;

import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Weights after a constraint. */
@Tag("layers")
class ConstraintsGoldenTest {

    @TestFactory
    Stream<DynamicTest> maxNorm() {
        return Golden.tests("constraints", "max_norm\\..*", 15,
                c -> check(c, Constraints.REGISTRY.of("max_norm", (float) c.param("maxValue"), axis(c))));
    }

    @TestFactory
    Stream<DynamicTest> unitNorm() {
        return Golden.tests("constraints", "unit_norm\\..*", 5, c -> check(c, Constraints.REGISTRY.of("unit_norm", axis(c))));
    }

    @TestFactory
    Stream<DynamicTest> minMaxNorm() {
        return Golden.tests("constraints", "min_max_norm\\..*", 10, c -> check(c, Constraints.REGISTRY.of("min_max_norm", (float) c.param("minValue"),
                (float) c.param("maxValue"), c.param("rate"), axis(c))));
    }

    @TestFactory
    Stream<DynamicTest> nonNegative() {
        return Golden.tests("constraints", "non_neg\\..*", 5, c -> check(c, Constraints.REGISTRY.of("non_neg")));
    }

    private static List<Integer> axis(GoldenCase c) {
        return Arrays.stream(c.paramList("axis")).boxed().toList();
    }

    private static void check(GoldenCase c, Constraint constraint) {
        Variable w = new Variable(c.input("W"));
        constraint.apply(w);
        c.check("W", w);
    }
}

package beras.constraints;

import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.tensor.Variable;
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
                c -> check(c, new MaxNorm((float) c.param("maxValue"), c.paramList("axis"))));
    }

    @TestFactory
    Stream<DynamicTest> unitNorm() {
        return Golden.tests("constraints", "unit_norm\\..*", 5, c -> check(c, new UnitNorm(c.paramList("axis"))));
    }

    @TestFactory
    Stream<DynamicTest> minMaxNorm() {
        return Golden.tests("constraints", "min_max_norm\\..*", 10, c -> check(c, new MinMaxNorm((float) c.param("minValue"),
                (float) c.param("maxValue"), c.param("rate"), c.paramList("axis"))));
    }

    @TestFactory
    Stream<DynamicTest> nonNegative() {
        return Golden.tests("constraints", "non_neg\\..*", 5, c -> check(c, new NonNegative()));
    }

    private static void check(GoldenCase c, Constraint constraint) {
        Variable w = new Variable(c.input("W"));
        constraint.apply(w);
        c.check("W", w);
    }
}

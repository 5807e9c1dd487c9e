package beras.optimizers;

import static org.junit.jupiter.api.Assertions.*;

import beras.kernels.KernelsOfThisBuild;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every optimizer gives the same weights, bit for bit, on every JDK, backend and vector width: with the options that compute
 * something besides, schedules included. A change of these hashes is a change of users' results.
 */
@Tag("kernels")
@Tag("optimizers")
class OptimizerBitsTest implements KernelsOfThisBuild {

    private static final List<LearningRateSchedule> SCHEDULES = List.of(Schedules.REGISTRY.of("ExponentialDecay", 0.01, 7, 0.7),
            Schedules.REGISTRY.of("InverseTimeDecay", 0.01, 7, 0.7),
            Schedules.REGISTRY.of("PolynomialDecay", 0.01, 15).with("endLearningRate", 0.001).with("power", 0.7).with("cycle", true),
            Schedules.REGISTRY.of("cosine", 0, 15).with("warmupTarget", 0.01).with("warmupSteps", 4).with("alpha", 0.1),
            Schedules.REGISTRY.of("CosineDecayRestarts", 0.01, 5).with("tMul", 1.3).with("mMul", 0.9).with("alpha", 0.1));

    /** In the order of {@link OptimizerTest#all}. */
    private static final int[] HASHES = {-530727636, 2129692714, -2044707935, 197543261, 1732366317, 951385867, 742649483,
        -2069867311, 582402103, -911536021, -1017416530, -2080046683, -468296941, 519683208, -275986625};

    static IntStream all() {
        return IntStream.range(0, OptimizerTest.all().size());
    }

    @ParameterizedTest
    @MethodSource("all")
    void weightsHashIsGolden(int i) {
        Optimizer plain = OptimizerTest.all().get(i).get();
        Optimizer clipped = OptimizerTest.all().get(i).get().with("weightDecay", 0.01).with("clipnorm", 3);
        Optimizer averaged = OptimizerTest.all().get(i).get().with("globalClipnorm", 3).with("gradientAccumulationSteps", 3)
                .with("emaMomentum", 0.9).with("emaOverwriteFrequency", 2);
        LearningRateSchedule schedule = SCHEDULES.get(i % SCHEDULES.size());
        int hash = 31 * (31 * train(plain) + train(clipped.schedule(schedule))) + train(averaged.schedule(schedule));
        assertEquals(HASHES[i], hash, plain.config()::toString);
    }

    private static int train(Optimizer optimizer) {
        List<Variable> variables = new ArrayList<>();
        for (int size : new int[] {1, 17, 1003}) {
            variables.add(new Variable(Tensor.generate(new Rng(5, "test", size)::normal, size)));
        }
        for (int step = 0; step < 25; step++) {
            Rng rng = new Rng(6, "test", step);
            optimizer.applyGradients(variables, variables.stream().map(v -> Tensor.generate(rng::normal, v.size())).toList());
        }
        return variables.stream().mapToInt(v -> Arrays.hashCode(v.toArray())).reduce(0, (a, b) -> 31 * a + b);
    }
}

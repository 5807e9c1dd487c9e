package beras.autograd;

import static org.junit.jupiter.api.Assertions.*;

import beras.kernels.KernelsOfThisBuild;
import beras.kernels.RestoresThreads;
import beras.kernels.Threads;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The results, gradients and recorded gradients of all operations have the same bits everywhere: in scalar code, in lanes of each
 * width, and on threads, which share the large ones.
 */
@Tag("kernels")
@Tag("gradient")
class OperationBitsTest implements KernelsOfThisBuild, RestoresThreads {

    private static final int HASH = 1258747315;
    /** From 32768 elements on, threads share work. */
    private static final Shape LARGE = Shape.of(181, 183);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void hashOfAllResultsIsGolden(int threads) {
        Threads.set(threads);
        int hash = 1;
        for (OperationCase each : OperationCase.ALL) {
            for (List<Shape> shapes : each.shapes()) {
                hash = 31 * hash + hash(each, each.inputs(shapes));
            }
            if (each.shapes().contains(List.of(Shape.of(37))) || each.shapes().contains(List.of(Shape.of(37), Shape.of(37)))) {
                hash = 31 * hash + hash(each, each.inputs(each.shapes().get(0).stream().map(shape -> LARGE).toList()));
            }
        }
        Tensor a = random(128, 300);
        Tensor b = random(300, 70);
        Tensor images = random(16, 45, 60);
        for (OperationCase each : List.of(
                OperationCase.of("large product", 0, x -> x.get(0).matmul(x.get(1))),
                OperationCase.of("large transposed product", 0,
                        x -> x.get(1).transpose().matmul(x.get(0).transpose())))) {
            hash = 31 * hash + hash(each, List.of(a, b));
        }
        for (OperationCase each : List.of(
                OperationCase.of("large sums", 0, x -> x.get(0).sum(0, 2).multiply(x.get(0).sum(2)).add(x.get(0).norm(1).sum())),
                OperationCase.of("large softmaxes", 0, x -> x.get(0).softmax(1).multiply(x.get(0).logSoftmax(2))),
                OperationCase.of("large maxima", 0, x -> x.get(0).max(0).multiply(x.get(0).min(0)).add(x.get(0).cumulativeSum(2))),
                OperationCase.of("large broadcasts", 0, x -> x.get(0).multiply(x.get(0).sum(0)).subtract(x.get(0).mean(2).expandDims(2))))) {
            hash = 31 * hash + hash(each, List.of(images));
        }
        assertEquals(HASH, hash);
    }

    private static Tensor random(int... shape) {
        return Tensor.generate(new Rng(2, "bits", shape.length)::normal, shape);
    }

    /** Of the result, and of the gradients by kernels and by recorded operations. */
    private static int hash(OperationCase each, List<Tensor> inputs) {
        GradientTape outer = new GradientTape();
        GradientTape inner = new GradientTape();
        Tensor y;
        List<Tensor> all;
        try (outer) {
            try (inner) {
                outer.watch(inputs.toArray(Tensor[]::new));
                inner.watch(inputs.toArray(Tensor[]::new));
                y = each.function().apply(inputs);
            }
            all = new ArrayList<>(inner.gradient(y, inputs));
        }
        all.addAll(outer.gradient(y, inputs));
        all.add(y);
        return all.stream().mapToInt(tensor -> tensor == null ? 0 : Arrays.hashCode(tensor.toArray())).reduce(0, (h, next) -> 31 * h + next);
    }
}

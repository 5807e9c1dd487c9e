package beras.saving.onnx;

import static beras.saving.onnx.OnnxWriterTest.assertNear;
import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.kernels.BinaryOp;
import beras.kernels.UnaryOp;
import beras.models.Model;
import beras.saving.SavedModel;
import beras.tensor.Operation;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers that are made of operations give the same numbers in ONNX Runtime, for batches of any size. */
@Tag("once")
@Tag("saving")
class OnnxOperationsTest {

    private static final Map<String, Model> CASES = OnnxFormulas.all();

    static Stream<String> cases() {
        return CASES.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheSameNumbers(String name) throws Exception {
        Model model = CASES.get(name);
        try (OnnxRun run = new OnnxRun(OnnxRun.bytes(new SavedModel(model)))) {
            for (int batch : new int[] {1, 5}) {
                List<Tensor> inputs = OnnxCases.inputs(name, model).stream().map(all -> all.slice(0, batch)).toList();
                List<Object> outputs = List.copyOf(run.run(inputs).values());
                assertEquals(1, outputs.size());
                assertNear(model.predict(inputs).get(0), (Tensor) outputs.get(0));
            }
        }
    }

    @Test
    void everyOperationHasALineAndACase() {
        Set<String> used = new HashSet<>();
        CASES.forEach((name, model) -> {
            GradientTape tape = new GradientTape();
            try (tape) {
                model.call(OnnxCases.inputs(name, model).toArray(Tensor[]::new));
            }
            tape.operations().forEach(use -> used.add(use.operation().name()));
        });
        Set<Class<?>> kinds = new LinkedHashSet<>(Arrays.asList(Operation.class.getDeclaredClasses()));
        kinds.removeAll(List.of(Operation.Unary.class, Operation.Binary.class, Operation.Reduce.class, Operation.Reduction.class));
        kinds.remove(Operation.Solve.class); // for which ONNX has no operator
        List<String> all = Stream.of(kinds.stream().map(Class::getSimpleName), Arrays.stream(UnaryOp.values()).map(Enum::name),
                Arrays.stream(BinaryOp.values()).map(Enum::name), Arrays.stream(Operation.Reduction.values()).map(Enum::name))
                .flatMap(names -> names).toList();
        assertEquals(List.of(), all.stream().filter(name -> !used.contains(name)).toList());
        assertEquals(List.of(), all.stream().filter(name -> !OnnxOperations.has(name)).toList());
    }
}

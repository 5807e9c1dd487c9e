package beras.autograd;

import static org.junit.jupiter.api.Assertions.*;

import beras.kernels.BinaryOp;
import beras.kernels.UnaryOp;
import beras.tensor.Dice;
import beras.tensor.Layouts;
import beras.tensor.Operation;
import beras.tensor.Operation.Binary;
import beras.tensor.Operation.Reduction;
import beras.tensor.Operation.Unary;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of operations: results and derivatives of each against its second definition, {@link Doubles}, for all kinds of sizes,
 * layouts and settings.
 */
@Tag("gradient")
class OperationsTest {

    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    static List<OperationCase> cases() {
        return OperationCase.ALL;
    }

    /** The cases of one operation; other names begin with a small letter. */
    static List<OperationCase> simpleCases() {
        return cases().stream().filter(each -> Character.isUpperCase(each.name().charAt(0))).toList();
    }

    private record Use(GradientTape tape, List<Tensor> inputs, Tensor output) {

        /** The output, and the gradients to the inputs for an upstream without symmetries. */
        List<Tensor> all() {
            Tensor upstream = Tensor.generate(i -> 1 + i * 0.37 % 1, output.shape().toArray());
            List<Tensor> all = new ArrayList<>(tape.gradient(output, inputs, upstream));
            all.add(output);
            return all;
        }
    }

    private static Use record(OperationCase each, List<Tensor> inputs) {
        GradientTape tape = new GradientTape();
        try (tape) {
            tape.watch(inputs.toArray(Tensor[]::new));
            return new Use(tape, inputs, each.function().apply(inputs));
        }
    }

    private static Operation operation(OperationCall call) {
        return call.operation();
    }

    // --------------------------------------------------------------------------------------------------- the table

    @Test
    void everyOperationHasACase() {
        Set<String> expected = new TreeSet<>();
        Arrays.stream(UnaryOp.values()).forEach(op -> expected.add(op.toString()));
        Arrays.stream(BinaryOp.values()).forEach(op -> expected.add(op.toString()));
        Arrays.stream(Reduction.values()).forEach(reduction -> expected.add(reduction.toString()));
        Arrays.stream(Operation.class.getDeclaredClasses()).filter(Class::isRecord).forEach(kind -> expected.add(kind.getSimpleName()));
        expected.removeAll(Set.of("Unary", "Binary", "Reduce", "Softmax")); // of which there are several
        expected.addAll(Set.of("SOFTMAX", "LOG_SOFTMAX"));
        Set<String> known = new TreeSet<>();
        for (OperationCase each : cases()) {
            known.add(each.name().split(" ")[0]);
        }
        assertTrue(known.containsAll(expected), () -> "Without a case: " + expected.stream().filter(x -> !known.contains(x)).toList());
        assertTrue(cases().stream().mapToInt(each -> each.shapes().size()).sum() > 800);
    }

    /** The name of a case is that of the operation: a method that applies another is found. */
    @ParameterizedTest
    @MethodSource("simpleCases")
    void theTapeRecordsTheOperationThatTheMethodNames(OperationCase each) {
        String name = each.name().split(" ")[0];
        List<OperationCall> calls = record(each, each.inputs(each.shapes().get(0))).tape.operations();
        assertTrue(calls.stream().anyMatch(call -> call.operation().toString().split("\\[")[0].equals(name)), calls::toString);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void resultsAreThoseInDoubles(OperationCase each) {
        for (List<Shape> shapes : each.shapes()) {
            Use recorded = record(each, each.inputs(shapes));
            Doubles exact = inDoubles(recorded.tape, recorded.output);
            boolean sums = recorded.tape.operations().stream().anyMatch(call -> sums(operation(call)));
            double largest = Math.max(largest(recorded.output), recorded.inputs.stream().mapToDouble(OperationsTest::largest).max().orElse(0));
            float[] received = recorded.output.toArray();
            for (int i = 0; i < received.length; i++) {
                double ulp = Math.ulp((float) (sums ? largest : exact.data()[i]));
                assertEquals(exact.data()[i], received[i], each.ulps() * ulp, shapes + ", element " + i);
            }
        }
    }

    private static double largest(Tensor tensor) {
        return tensor.size() == 0 ? 0 : tensor.abs().max().item();
    }

    /** Whether the terms of a result may cancel each other, so that its rounding is that of the largest. */
    private static boolean sums(Operation operation) {
        return operation instanceof Operation.Reduce || operation instanceof Operation.Softmax
                || operation instanceof Operation.CumulativeSum || operation instanceof Operation.MatMul
                || operation instanceof Operation.ScatterAdd || operation instanceof Operation.Solve;
    }

    /** The recorded operations, in doubles. */
    private static Doubles inDoubles(GradientTape tape, Tensor output) {
        Map<Tensor, Doubles> values = new IdentityHashMap<>();
        for (OperationCall call : tape.operations()) {
            Doubles[] in = call.inputs().stream().map(x -> values.computeIfAbsent(x, Doubles::of)).toArray(Doubles[]::new);
            values.put(call.output(), Doubles.compute(operation(call), call.output().shape(), in));
        }
        return values.get(output);
    }

    /** Of the first and second order, and for small inputs of the third; a zero derivative is compared too. */
    @ParameterizedTest
    @MethodSource("cases")
    void derivativesAreDifferences(OperationCase each) {
        for (List<Shape> shapes : each.shapes()) {
            List<Tensor> inputs = each.inputs(shapes);
            int size = inputs.stream().mapToInt(Tensor::size).sum();
            for (int order = 1; order <= (size > 30 ? 2 : 3); order++) {
                GradientCheck.Report report = GradientCheck.ofList(each.function()).order(order).check(inputs.toArray(Tensor[]::new));
                String what = "order " + order + ", " + shapes + ": " + report;
                assertTrue(report.passed(), what);
                assertTrue(report.compared() >= 0.9 * size - 1, what);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void viewsGiveTheBitsOfCopies(OperationCase each) {
        List<UnaryOperator<Tensor>> views = new ArrayList<>(Layouts.ALL);
        views.add(x -> x.slice(0, 1).broadcastTo(x.shape()));
        for (List<Shape> shapes : each.shapes()) {
            for (UnaryOperator<Tensor> view : views) {
                List<Tensor> viewed = each.inputs(shapes).stream().map(x -> x.rank() == 0 || x.size() == 0 ? x : view.apply(x)).toList();
                List<Tensor> copies = viewed.stream().map(Tensor::copy).toList();
                assertEquals(record(each, copies).all(), record(each, viewed).all(), shapes::toString);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------- broadcasting

    /** All shapes up to rank 4 with sizes from 0 to 3. */
    private static List<Shape> allShapes() {
        List<Shape> all = new ArrayList<>(List.of(Shape.of()));
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).rank() < 4) {
                for (int size = 0; size <= 3; size++) {
                    all.add(all.get(i).prepend(size));
                }
            }
        }
        return all;
    }

    /** The rule of NumPy, by itself; null if the shapes do not fit. */
    private static Shape broadcast(Shape a, Shape b) {
        int[] sizes = new int[Math.max(a.rank(), b.rank())];
        for (int i = 1; i <= sizes.length; i++) {
            int ofA = i > a.rank() ? 1 : a.dim(-i);
            int ofB = i > b.rank() ? 1 : b.dim(-i);
            if (ofA != ofB && ofA != 1 && ofB != 1) {
                return null;
            }
            sizes[sizes.length - i] = ofA == 1 ? ofB : ofA;
        }
        return Shape.of(sizes);
    }

    /** Each operation of two numbers on some of the pairs, all pairs on some of the operations, and {@code where} on all. */
    @Test
    void allPairsOfShapesBroadcastAsInNumPy() {
        Dice dice = new Dice("pairs");
        List<Shape> shapes = allShapes();
        assertEquals(341, shapes.size());
        Map<Shape, Tensor> tensors = new HashMap<>();
        shapes.forEach(shape -> tensors.put(shape, dice.normal(shape.toArray())));
        int pairs = 0;
        int refused = 0;
        for (Shape s : shapes) {
            for (Shape t : shapes) {
                Tensor a = tensors.get(s);
                Tensor b = tensors.get(t);
                Shape shape = broadcast(s, t);
                BinaryOp op = BinaryOp.values()[(pairs + refused) % BinaryOp.values().length];
                if (shape == null) {
                    Exception e = assertThrows(IllegalArgumentException.class, () -> new Binary(op).apply(a, b));
                    assertTrue(e.getMessage().startsWith("Shapes " + s + " and " + t + " do not broadcast"), e.getMessage());
                    refused++;
                    continue;
                }
                pairs++;
                for (Binary operation : List.of(new Binary(op), new Binary(BinaryOp.SUBTRACT))) {
                    Tensor result = operation.apply(a, b);
                    assertEquals(shape, result.shape());
                    assertEquals(Doubles.compute(operation, shape, Doubles.of(a), Doubles.of(b)).round(), result,
                            () -> operation + " of " + s + " and " + t);
                }
                Tensor condition = new Tensor[] {a, b, Tensor.scalar(pairs % 3 - 1)}[pairs % 3].greater(0);
                Tensor chosen = Tensor.where(condition, a, b);
                assertEquals(Doubles.compute(new Operation.Where(), shape, Doubles.of(condition), Doubles.of(a), Doubles.of(b)).round(),
                        chosen, () -> "where of " + s + " and " + t);
            }
        }
        assertEquals(341 * 341, pairs + refused);
        assertEquals(25_471, pairs);
    }

    // ----------------------------------------------------------------------------------- ties, zeros, NaN, infinities

    private static List<Tensor> gradients(UnaryOperator<Tensor> function, Tensor x) {
        return Recorded.of(() -> function.apply(x), x).gradient(List.of(x));
    }

    private static void assertGradient(UnaryOperator<Tensor> function, float[] x, float... expected) {
        assertArrayEquals(expected, gradients(function, Tensor.of(x)).get(0).toArray(), Float.MIN_VALUE);
    }

    @Test
    void atAKinkTheGradientIsTheDocumentedOne() {
        float[] x = {-1, -0f, 0, 1};
        assertGradient(Tensor::relu, x, 0, 0, 0, 1);
        assertGradient(Tensor::abs, x, -1, 0, 0, 1);
        assertGradient(t -> t.clip(0, 1), new float[] {-1, 0, 0.5f, 1, 2}, 0, 1, 1, 1, 0);
        assertGradient(t -> t.maximum(0), x, 0, 0.5f, 0.5f, 1);
        assertGradient(t -> t.minimum(0), x, 1, 0.5f, 0.5f, 0);
        assertGradient(t -> t.norm(), new float[] {0, 0}, 0, 0);
        assertGradient(t -> t.max(), new float[] {2, 1, 2, 2, 2}, 0.25f, 0, 0.25f, 0.25f, 0.25f);
        assertGradient(t -> t.min(), new float[] {2, 1, 1}, 0, 0.5f, 0.5f);
        assertGradient(t -> t.max(), new float[] {INFINITY, 1, INFINITY}, 0.5f, 0, 0.5f);
        assertGradient(t -> t.product(), new float[] {0, 2, 3}, 6, 0, 0);
        assertGradient(t -> t.product(), new float[] {0, 2, 0}, 0, 0, 0);
    }

    @Test
    void aPowerHasASlopeWhereItsBaseOrExponentIsZero() {
        assertGradient(t -> t.power(2), new float[] {-3, 0, 2}, -6, 0, 4);
        assertGradient(t -> t.power(3), new float[] {-2, 0, 2}, 12, 0, 12);
        assertGradient(t -> t.power(1), new float[] {-2, 0, 2}, 1, 1, 1);
        assertGradient(t -> t.power(0), new float[] {-2, 0, 2, NAN, INFINITY}, 0, 0, 0, 0, 0);
        assertGradient(t -> Tensor.scalar(0).power(t), new float[] {0, 1, 2}, 0, 0, 0);
        assertGradient(t -> Tensor.scalar(-2).power(t), new float[] {2, 3, -1}, 0, 0, 0);
    }

    /** Whichever of the two comes first. */
    @Test
    void theMixedDerivativesOfAPowerAgreeWhereItsExponentIsZero() {
        Tensor x = Tensor.of(0.5, 1, 2, 4);
        Tensor y = Tensor.zeros(4);
        GradientTape outer = new GradientTape();
        List<Tensor> gradients;
        try (outer) {
            GradientTape inner = new GradientTape();
            Tensor z;
            outer.watch(x, y);
            try (inner) {
                inner.watch(x, y);
                z = x.power(y);
            }
            gradients = inner.gradient(z, List.of(x, y));
        }
        Tensor expected = Tensor.of(2, 1, 0.5, 0.25);
        assertEquals(expected, outer.gradient(gradients.get(1), x));
        assertEquals(expected, outer.gradient(gradients.get(0), y));
    }

    /** The kernel computes the gradient at once; where a tape records it, it is made of operations. */
    @ParameterizedTest
    @EnumSource
    void aGradientThatIsRecordedIsThatOfTheKernel(UnaryOp op) {
        Unary operation = new Unary(op, 0.3f);
        if (!Derivatives.exist(operation)) {
            return;
        }
        Tensor x = Tensor.of(0, -0f, INFINITY, -INFINITY, NAN, Float.MIN_VALUE, 1e-30f, -1e-30f, 1e30f, -1e30f, Float.MAX_VALUE, 100,
                -100, 20, -20, 8, -8, 3, -3, 1, -1, 0.5f, -0.5f);
        Recorded recorded = Recorded.of(() -> gradients(operation::apply, x).get(0), x);
        Tensor ofKernel = gradients(operation::apply, x).get(0);
        assertTrue(recorded.target().allClose(ofKernel, 2e-6, 1e-7),
                () -> "expected " + ofKernel + ", received " + recorded.target());
    }

    @Test
    void nanAndInfinitiesGoThroughAsDocumented() {
        Tensor x = Tensor.of(NAN, 1, INFINITY, -INFINITY);
        assertEquals(Tensor.of(NAN, 1, 2, -1), x.clip(-1, 2));
        assertEquals(Tensor.of(NAN, 1, INFINITY, 0), x.relu());
        assertEquals(Tensor.of(0, 1, 1, 0), x.greater(0));
        assertEquals(Tensor.of(0, 0, 0, 1), x.less(0));
        assertEquals(Tensor.of(0, 1, 1, 1), x.equal(x));
        assertEquals(Tensor.of(1, 0, 0, 0), x.notEqual(x));
        assertEquals(Tensor.of(0, 1, 1, 0), x.greaterEqual(1));
        assertEquals(Tensor.of(0, 1, 0, 1), x.lessEqual(1));
        assertEquals(Tensor.of(7, 7, 7, 7), Tensor.where(x, Tensor.scalar(7), Tensor.scalar(8)), "NaN is not 0");
        assertEquals(Tensor.of(1, 8), Tensor.where(Tensor.of(1, -0f), Tensor.of(1, NAN), Tensor.of(NAN, 8)));
        assertEquals(Tensor.of(NAN, 1, 1, -1), x.sign());
        assertEquals(Tensor.scalar(NAN), x.max());
        assertEquals(Tensor.scalar(NAN), x.min());
        assertEquals(Tensor.scalar(NAN), x.norm());
        assertEquals(Tensor.scalar(INFINITY), x.slice(1, 4).max());
        assertEquals(Tensor.scalar(-INFINITY), x.slice(1, 4).min());
        assertEquals(Tensor.of(-INFINITY, INFINITY, 3), Tensor.of(new float[][] {{-INFINITY, -INFINITY}, {INFINITY, 1}, {3, -INFINITY}})
                .logSumExp(1));
        assertEquals(1000, Tensor.of(1000, -1000).logSumExp().item());
        assertEquals(Tensor.of(-0f, -0f), Tensor.of(-0f, -0f).sign());
    }

    // ------------------------------------------------------------------------------------------- methods, by numbers

    private static final Tensor MATRIX = Tensor.of(new float[][] {{1, 2, 3}, {4, 6, 8}});

    @Test
    void methodsOfSeveralOperationsComputeWhatTheyAreNamedFor() {
        assertEquals(Tensor.of(2, 6), MATRIX.mean(1));
        assertEquals(Tensor.scalar(4), MATRIX.mean(0, 1));
        assertEquals(Tensor.of(2.25, 4, 6.25), MATRIX.variance(0));
        assertEquals(Tensor.scalar(34 / 6f), MATRIX.variance());
        assertEquals(Tensor.of(6, 192), MATRIX.product(-1));
        assertEquals(Tensor.scalar(1), Tensor.zeros(0).product());
        assertEquals(Tensor.of(new float[][] {{1, 3, 6}, {4, 10, 18}}), MATRIX.cumulativeSum(1));
        assertEquals(Tensor.of(5), Tensor.of(new float[][] {{3, 4}}).norm(1));
        assertEquals(Tensor.of(new float[][] {{0, 1, 2, 3, 0, 0}, {0, 4, 6, 8, 0, 0}}), MATRIX.pad(1, 1, 2));
        assertEquals(Tensor.of(new float[][] {{3, 1, 3}, {8, 4, 8}}), MATRIX.gather(-1, 2, 0, 2));
        assertEquals(Tensor.of(new float[][] {{2, 3}, {6, 8}}), MATRIX.slice(-1, 1, 3));
        assertEquals(List.of(MATRIX.slice(0, 1), MATRIX.slice(1, 2)), MATRIX.split(0, 2));
        assertEquals(MATRIX, Tensor.stack(-1, MATRIX.slice(1, 0, 1).squeeze(), MATRIX.slice(1, 1, 2).squeeze(1),
                MATRIX.slice(1, 2, 3).squeeze(-1)));
        assertEquals(Shape.of(2, 1, 3, 1), MATRIX.expandDims(1, -1).shape());
        assertEquals(Tensor.of(new float[][] {{0, 0, 1}, {1, 0, 0}}), Tensor.of(2, 0).oneHot(3));
        assertArrayEquals(new int[] {2, 0}, Tensor.of(2, -0f).toInts());
        assertArrayEquals(new int[] {1, 1, 1}, MATRIX.argmax(0));
    }

    @Test
    void whatDoesNotFitIsRefusedByName() {
        Map<String, Runnable> refused = new LinkedHashMap<>();
        refused.put("Shapes (2, 3) and (2,) do not broadcast", () -> Tensor.where(MATRIX, MATRIX, Tensor.zeros(2)));
        refused.put("Shapes (2, 3) and (4,) do not broadcast", () -> MATRIX.power(Tensor.zeros(4)));
        refused.put("matmul needs shapes (..., m, k) and (..., k, n). Received: (2, 3) and (2, 3)", () -> MATRIX.matmul(MATRIX));
        refused.put("Shapes (2,) and (3,) do not broadcast", () -> Tensor.zeros(2, 1, 4).matmul(Tensor.zeros(3, 4, 1)));
        refused.put("Each axis may be named once. Received: [1, -1]", () -> MATRIX.sum(1, -1));
        refused.put("Shape (2, 3) has no axis 2", () -> MATRIX.softmax(2));
        refused.put("Shape (2, 3) has no axis -3", () -> MATRIX.cumulativeSum(-3));
        refused.put("Shape () has no axis 0", () -> Tensor.scalar(1).logSoftmax(0));
        refused.put("min along an axis of size 0 has no answer. Received: shape (0, 2), axis 0", () -> Tensor.zeros(0, 2).min(0));
        refused.put("clip needs a minimum up to the maximum. Received: 2.0 and 1.0", () -> MATRIX.clip(2, 1));
        refused.put("clip needs a minimum up to the maximum. Received: NaN and 1.0", () -> MATRIX.clip(NAN, 1));
        refused.put("pad adds at least 0 zeros. Received: -1 and 0", () -> MATRIX.pad(0, -1, 0));
        refused.put("Index 1 must be from 0 to 1 along an axis of size 2. Received: 2, shape (2, 3)", () -> MATRIX.gather(0, 1, 2));
        refused.put("Index 0 must be from 0 to 2 along an axis of size 3. Received: -1, shape (2, 3)", () -> MATRIX.gather(1, -1));
        refused.put("Range 1 to 4 is not in axis -1 of a tensor of shape (2, 3)", () -> MATRIX.slice(-1, 1, 4));
        refused.put("Axis 1 of shape (2, 3) cannot be split into 2 equal parts", () -> MATRIX.split(1, 2));
        refused.put("Axis 0 of shape (2, 3) cannot be split into 0 equal parts", () -> MATRIX.split(0, 0));
        refused.put("Axis 1 of shape (2, 3) does not have size 1", () -> MATRIX.squeeze(-1));
        refused.put("A tensor of shape (2, 3) cannot be given axes [0, 0]", () -> MATRIX.expandDims(0, 0));
        refused.put("A tensor of shape (2, 3) cannot be given axes [3]", () -> MATRIX.expandDims(3));
        refused.put("concatenate needs at least one tensor", () -> Tensor.concatenate(0));
        refused.put("Tensors joined along axis 0 must agree in all other axes. Received: (2, 3) and (2, 4)",
                () -> Tensor.concatenate(0, MATRIX, Tensor.zeros(2, 4)));
        refused.put("Tensors joined along axis -1 must agree in all other axes. Received: (2, 3) and (2, 3, 1)",
                () -> Tensor.concatenate(-1, MATRIX, Tensor.zeros(2, 3, 1)));
        refused.put("Label 1 must be from 0 to 2. Received: 3", () -> Tensor.of(1, 3).oneHot(3));
        refused.put("Element 0 must be a whole number. Received: 0.5", () -> Tensor.of(0.5f).oneHot(3));
        refused.put("Element 1 must be a whole number. Received: NaN", () -> Tensor.of(0, NAN).toInts());
        refused.put("Shape (2, 3) does not broadcast to (1, 3)", () -> MATRIX.broadcastTo(1, 3));
        refused.forEach((message, action) -> {
            Exception e = assertThrows(RuntimeException.class, action::run, message);
            assertTrue(e instanceof IllegalArgumentException || e instanceof IndexOutOfBoundsException, e::toString);
            assertTrue(e.getMessage().startsWith(message), () -> "expected " + message + ", received " + e.getMessage());
        });
    }
}

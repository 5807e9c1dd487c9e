package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.tensor.Operation;
import beras.tensor.Operation.Binary;
import beras.tensor.Operation.BroadcastTo;
import beras.tensor.Operation.Clip;
import beras.tensor.Operation.Concatenate;
import beras.tensor.Operation.Copy;
import beras.tensor.Operation.CumulativeSum;
import beras.tensor.Operation.Gather;
import beras.tensor.Operation.Pad;
import beras.tensor.Operation.Reduce;
import beras.tensor.Operation.Reduction;
import beras.tensor.Operation.Reshape;
import beras.tensor.Operation.ScatterAdd;
import beras.tensor.Operation.Slice;
import beras.tensor.Operation.Softmax;
import beras.tensor.Operation.StopGradient;
import beras.tensor.Operation.Transpose;
import beras.tensor.Operation.Unary;
import beras.tensor.Operation.Where;
import beras.tensor.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/** The conversion of each tensor operation to ONNX: a line each, in one table. */
final class OnnxOperations {

    /**
     * One use of an operation.
     *
     * @param inputs the names of the tensors that go in
     * @param shapes of each
     * @param batch  the size of the batch as a tensor for the first size of a shape; null for another size
     */
    record Use<O extends Operation>(OnnxGraph graph, O operation, List<String> inputs, List<Shape> shapes, Shape output,
            IntFunction<String> batch) {

        String x() {
            return inputs.get(0);
        }

        /** A shape as a tensor. */
        String sizes(Shape shape) {
            String first = shape.rank() == 0 ? null : batch.apply(shape.dim(0));
            return first == null ? graph.integers("sizes", longs(shape.toArray())) : graph.sizes(first, shape.rest());
        }
    }

    /** The nodes of an operation; gives the tensor that they make. */
    @FunctionalInterface
    private interface Line<O extends Operation> {

        String convert(OnnxGraph g, Use<O> use);
    }

    private static final Map<String, Line<?>> LINES = new HashMap<>();

    static {
        List.of("Abs", "Cos", "Erf", "Exp", "Floor", "Log", "Relu", "Selu", "Sigmoid", "Sign", "Sin", "Softplus", "Softsign", "Sqrt", "Tanh")
                .forEach(operator -> same(operator.toUpperCase(Locale.ROOT), operator));
        Map.of("ADD", "Add", "SUBTRACT", "Sub", "MULTIPLY", "Mul", "DIVIDE", "Div", "MAXIMUM", "Max", "MINIMUM", "Min", "POWER", "Pow",
                "HARD_SILU", "HardSwish", "MatMul", "MatMul").forEach(OnnxOperations::same);
        Map.of("LEAKY_RELU", "LeakyRelu", "ELU", "Elu", "CELU", "Celu").forEach(OnnxOperations::withAlpha);
        unary("LINEAR", (g, x) -> x);
        unary("GELU", OnnxOperations::gelu);
        unary("GELU_TANH", OnnxOperations::geluTanh);
        unary("SILU", (g, x) -> g.of("Mul", x, g.op("Sigmoid", x)));
        unary("MISH", (g, x) -> g.of("Mul", x, g.op("Tanh", g.op("Softplus", x))));
        unary("HARD_SIGMOID", (g, x) -> g.op("HardSigmoid", x, "alpha", 1f / 6f));
        unary("LOG_SIGMOID", (g, x) -> g.op("Neg", g.op("Softplus", g.op("Neg", x))));
        Line<Unary> squarePlus = (g, use) -> squarePlus(g, use.x(), use.operation().alpha());
        LINES.put("SQUARE_PLUS", squarePlus);
        unary("TANH_SHRINK", (g, x) -> g.of("Sub", x, g.op("Tanh", x)));
        unary("SQUARE", (g, x) -> g.of("Mul", x, x));

        comparison("GREATER", "Greater");
        comparison("GREATER_EQUAL", "GreaterOrEqual");
        comparison("EQUAL", "Equal");
        put(Where.class, (g, use) -> g.op("Where", List.of(g.truth(use.x()), use.inputs().get(1), use.inputs().get(2))));
        put(Clip.class, (g, use) -> clip(g, use.x(), (float) use.operation().min(), (float) use.operation().max()));

        reduction(Reduction.SUM, OnnxOperations::sum);
        Map.of(Reduction.MAX, "ReduceMax", Reduction.MIN, "ReduceMin", Reduction.PRODUCT, "ReduceProd", Reduction.NORM, "ReduceL2")
                .forEach((reduction, operator) -> reduction(reduction, (g, use) -> reduce(g, operator, use)));
        put(Softmax.class, (g, use) -> g.op(use.operation().logarithm() ? "LogSoftmax" : "Softmax", use.x(),
                "axis", use.operation().axis()));
        put(CumulativeSum.class, (g, use) -> g.op("CumSum",
                List.of(use.x(), g.integer("axis", use.operation().axis())),
                "reverse", use.operation().reversed() ? 1 : 0));

        put(Copy.class, (g, use) -> use.x());
        put(StopGradient.class, (g, use) -> use.x());
        put(Reshape.class, OnnxOperations::reshape);
        put(Transpose.class, (g, use) -> g.op("Transpose", use.x(), "perm",
                longs(use.operation().axes())));
        put(BroadcastTo.class, OnnxOperations::broadcast);
        put(Slice.class, OnnxOperations::slice);
        put(Pad.class, OnnxOperations::pad);
        put(Concatenate.class, (g, use) -> g.op("Concat", use.inputs(), "axis", use.operation().axis()));
        put(Gather.class, OnnxOperations::gather);
        put(ScatterAdd.class, OnnxOperations::scatterAdd);
    }

    // --------------------------------------------------------------------------------------------------- lines

    private static <O extends Operation> void put(Class<O> type, Line<O> line) {
        LINES.put(type.getSimpleName(), line);
    }

    private static void unary(String op, BiFunction<OnnxGraph, String, String> function) {
        Line<Unary> line = (g, use) -> function.apply(g, use.x());
        LINES.put(op, line);
    }

    private static void withAlpha(String op, String operator) {
        Line<Unary> line = (g, use) -> g.op(operator, use.x(), "alpha", use.operation().alpha());
        LINES.put(op, line);
    }

    private static void same(String op, String operator) {
        Line<Operation> line = (g, use) -> g.op(operator, use.inputs());
        LINES.put(op, line);
    }

    private static void comparison(String op, String operator) {
        Line<Binary> line = (g, use) -> g.cast(g.op(operator, use.inputs()), OnnxFields.FLOAT);
        LINES.put(op, line);
    }

    private static void reduction(Reduction reduction, Line<Reduce> line) {
        LINES.put(reduction.name(), line);
    }

    /** Whether there is a line for operations of this {@linkplain Operation#name name}. */
    static boolean has(String name) {
        return LINES.containsKey(name);
    }

    /**
     * Adds the nodes of an operation, and gives the tensor that they make.
     *
     * @throws IllegalArgumentException if ONNX does not have it
     */
    @SuppressWarnings("unchecked") // a line is listed under its operation
    static String convert(Use<Operation> use) {
        Line<Operation> line = (Line<Operation>) LINES.get(use.operation().name());
        refuseIf(line == null, "no operator computes it");
        return line.convert(use.graph(), use);
    }

    // ------------------------------------------------------------------------------------------- of each element

    /** The operator of this name is newer than the opset. */
    static String gelu(OnnxGraph g, String x) {
        String both = g.of("Add", g.op("Erf", g.of("Div", x, g.scalar("root", (float) Math.sqrt(2)))), g.scalar("one", 1f));
        return g.of("Mul", g.of("Mul", x, both), g.scalar("half", 0.5f));
    }

    /** {@code x / 2 * (1 + tanh(z))} is {@code x * sigmoid(2 * z)}. */
    static String geluTanh(OnnxGraph g, String x) {
        String square = g.of("Mul", x, x);
        String factor = g.of("Add", g.of("Mul", square, g.scalar("cubic", (float) (0.044715 * 2 * Math.sqrt(2 / Math.PI)))),
                g.scalar("linear", (float) (2 * Math.sqrt(2 / Math.PI))));
        return g.of("Mul", x, g.op("Sigmoid", g.of("Mul", x, factor)));
    }

    /** {@code max(x, 0) + b / 2 / (|x| + sqrt(x * x + b))}. */
    static String squarePlus(OnnxGraph g, String x, float b) {
        String root = g.op("Sqrt", g.of("Add", g.of("Mul", x, x), g.scalar("b", b)));
        String sum = g.of("Add", root, g.op("Abs", x));
        return g.of("Add", g.of("Div", g.scalar("half", b / 2), sum), g.op("Relu", x));
    }

    static String clip(OnnxGraph g, String x, float least, float most) {
        return g.op("Clip", List.of(x, g.scalar("least", least), g.scalar("most", most)));
    }

    // ---------------------------------------------------------------------------------------------- along axes

    static long[] longs(int... integers) {
        return Arrays.stream(integers).asLongStream().toArray();
    }

    /** The axes; null: all. */
    private static long[] axes(Use<Reduce> use) {
        int[] axes = use.operation().axes();
        return axes.length == use.shapes().get(0).rank() ? null : longs(axes);
    }

    /** The operator takes its axes as an input, as the others do in later opsets. */
    private static String sum(OnnxGraph g, Use<Reduce> use) {
        long[] axes = axes(use);
        return g.op("ReduceSum", axes == null ? List.of(use.x()) : List.of(use.x(), g.integers("axes", axes)), "keepdims", 0);
    }

    private static String reduce(OnnxGraph g, String operator, Use<Reduce> use) {
        long[] axes = axes(use);
        return axes == null ? g.op(operator, use.x(), "keepdims", 0)
                : g.op(operator, use.x(), "axes", axes, "keepdims", 0);
    }

    // --------------------------------------------------------------------------------------------------- shapes

    /** The first size is left to the operator: it follows from the others. */
    private static String reshape(OnnxGraph g, Use<Reshape> use) {
        if (use.output().equals(use.shapes().get(0))) {
            return use.x();
        }
        refuseIf(use.output().size() == 0, "it makes a tensor without elements");
        long[] sizes = longs(use.output().toArray());
        if (sizes.length > 0) {
            sizes[0] = -1;
        }
        return g.of("Reshape", use.x(), g.integers("shape", sizes));
    }

    /** An axis that is not repeated keeps its size where the operator is given 1. */
    private static String broadcast(OnnxGraph g, Use<BroadcastTo> use) {
        Shape before = use.shapes().get(0);
        int[] sizes = use.output().toArray();
        int more = sizes.length - before.rank();
        for (int axis = more; axis < sizes.length; axis++) {
            sizes[axis] = before.dim(axis - more) == sizes[axis] ? 1 : sizes[axis];
        }
        return g.of("Expand", use.x(), use.sizes(Shape.of(sizes)));
    }

    private static void requireExamples(Use<?> use, int axis) {
        refuseIf(axis == 0 && use.batch().apply(use.shapes().get(0).dim(0)) != null, "it takes a part of the batch");
    }

    private static String slice(OnnxGraph g, Use<Slice> use) {
        Slice slice = use.operation();
        requireExamples(use, slice.axis());
        return g.op("Slice", List.of(use.x(), g.integers("from", slice.from()), g.integers("to", slice.to()),
                g.integers("axes", slice.axis())));
    }

    private static String pad(OnnxGraph g, Use<Pad> use) {
        Pad pad = use.operation();
        long[] pads = new long[2 * use.output().rank()];
        pads[pad.axis()] = pad.before();
        pads[pad.axis() + use.output().rank()] = pad.after();
        return g.of("Pad", use.x(), g.integers("pads", pads));
    }

    // -------------------------------------------------------------------------------------------------- indices

    private static String gather(OnnxGraph g, Use<Gather> use) {
        requireExamples(use, use.operation().axis());
        return g.op("Gather", List.of(use.x(), g.integers("indices", longs(use.operation().indices()))), "axis",
                use.operation().axis());
    }

    /** The operator takes an index for each element. */
    private static String scatterAdd(OnnxGraph g, Use<ScatterAdd> use) {
        int axis = use.operation().axis();
        long[] indices = longs(use.operation().indices());
        long[] along = new long[use.output().rank()];
        Arrays.setAll(along, i -> i == axis ? indices.length : 1);
        String each = g.of("Expand", g.of("Reshape", g.integers("indices", indices), g.integers("shape", along)), g.op("Shape", use.x()));
        String zeros = g.of("Expand", g.scalar("zero", 0f), use.sizes(use.output()));
        return g.op("ScatterElements", List.of(zeros, each, use.x()), "axis", axis, "reduction", "add");
    }

    private OnnxOperations() {}
}

package beras.saving.onnx;

import beras.saving.onnx.OnnxStep.Refusal;
import beras.tensor.Operation;
import beras.tensor.Operation.Binary;
import beras.tensor.Operation.BroadcastTo;
import beras.tensor.Operation.Clip;
import beras.tensor.Operation.Concatenate;
import beras.tensor.Operation.Copy;
import beras.tensor.Operation.CumulativeSum;
import beras.tensor.Operation.Gather;
import beras.tensor.Operation.MatMul;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What each operation of tensors is in ONNX: a line each, in one table. */
final class OnnxOperations {

    /** The nodes of an operation; gives the tensor that they make. */
    @FunctionalInterface
    private interface Line<O extends Operation> {

        String convert(OnnxGraph g, OnnxStep<O> step);
    }

    /** The nodes of a function of each element. */
    @FunctionalInterface
    private interface Function {

        String convert(OnnxGraph g, String x);
    }

    private static final Map<String, Line<?>> LINES = new HashMap<>();

    static {
        unary("LINEAR", (g, x) -> x);
        unary("RELU", (g, x) -> g.op("Relu", x));
        withAlpha("LEAKY_RELU", "LeakyRelu");
        unary("SIGMOID", (g, x) -> g.op("Sigmoid", x));
        unary("TANH", (g, x) -> g.op("Tanh", x));
        unary("EXP", (g, x) -> g.op("Exp", x));
        unary("LOG", (g, x) -> g.op("Log", x));
        unary("SQRT", (g, x) -> g.op("Sqrt", x));
        withAlpha("ELU", "Elu");
        unary("SELU", (g, x) -> g.op("Selu", x));
        unary("GELU", OnnxOperations::gelu);
        unary("GELU_TANH", OnnxOperations::geluTanh);
        unary("SILU", OnnxOperations::silu);
        unary("MISH", OnnxOperations::mish);
        unary("SOFTPLUS", (g, x) -> g.op("Softplus", x));
        unary("SOFTSIGN", (g, x) -> g.op("Softsign", x));
        unary("HARD_SIGMOID", OnnxOperations::hardSigmoid);
        withAlpha("CELU", "Celu");
        unary("HARD_SILU", (g, x) -> g.op("HardSwish", x));
        unary("LOG_SIGMOID", OnnxOperations::logSigmoid);
        Line<Unary> squarePlus = (g, step) -> squarePlus(g, step.x(), step.setting("alpha", Unary::alpha));
        LINES.put("SQUARE_PLUS", squarePlus);
        unary("TANH_SHRINK", OnnxOperations::tanhShrink);
        unary("ABS", (g, x) -> g.op("Abs", x));
        unary("SIGN", (g, x) -> g.op("Sign", x));
        unary("SQUARE", (g, x) -> g.of("Mul", x, x));
        unary("SIN", (g, x) -> g.op("Sin", x));
        unary("COS", (g, x) -> g.op("Cos", x));
        unary("ERF", (g, x) -> g.op("Erf", x));
        unary("FLOOR", (g, x) -> g.op("Floor", x));

        binary("ADD", "Add");
        binary("SUBTRACT", "Sub");
        binary("MULTIPLY", "Mul");
        binary("DIVIDE", "Div");
        binary("MAXIMUM", "Max");
        binary("MINIMUM", "Min");
        binary("POWER", "Pow");
        comparison("GREATER", "Greater");
        comparison("GREATER_EQUAL", "GreaterOrEqual");
        comparison("EQUAL", "Equal");
        put(Where.class, (g, step) -> g.op("Where", List.of(g.truth(step.x()), step.inputs().get(1), step.inputs().get(2))));
        put(Clip.class, (g, step) -> clip(g, step.x(), step.setting("min", Clip::min).floatValue(), step.setting("max", Clip::max).floatValue()));

        reduction(Reduction.SUM, OnnxOperations::sum);
        reduction(Reduction.MAX, (g, step) -> reduce(g, "ReduceMax", step));
        reduction(Reduction.MIN, (g, step) -> reduce(g, "ReduceMin", step));
        reduction(Reduction.PRODUCT, (g, step) -> reduce(g, "ReduceProd", step));
        reduction(Reduction.NORM, (g, step) -> reduce(g, "ReduceL2", step));
        put(Softmax.class, (g, step) -> g.op(step.setting("logarithm", Softmax::logarithm) ? "LogSoftmax" : "Softmax", step.x(),
                "axis", step.setting("axis", Softmax::axis)));
        put(CumulativeSum.class, (g, step) -> g.op("CumSum",
                List.of(step.x(), g.integer("axis", step.setting("axis", CumulativeSum::axis))),
                "reverse", step.setting("reversed", CumulativeSum::reversed) ? 1 : 0));
        put(MatMul.class, (g, step) -> g.op("MatMul", step.inputs()));

        put(Copy.class, (g, step) -> step.x());
        put(StopGradient.class, (g, step) -> step.x());
        put(Reshape.class, OnnxOperations::reshape);
        put(Transpose.class, (g, step) -> g.op("Transpose", step.x(), "perm",
                Arrays.stream(step.setting("axes", Transpose::axes)).asLongStream().toArray()));
        put(BroadcastTo.class, OnnxOperations::broadcast);
        put(Slice.class, OnnxOperations::slice);
        put(Pad.class, OnnxOperations::pad);
        put(Concatenate.class, (g, step) -> g.op("Concat", step.inputs(), "axis", step.setting("axis", Concatenate::axis)));
        put(Gather.class, OnnxOperations::gather);
        put(ScatterAdd.class, OnnxOperations::scatterAdd);
    }

    // --------------------------------------------------------------------------------------------------- lines

    private static <O extends Operation> void put(Class<O> type, Line<O> line) {
        LINES.put(type.getSimpleName(), line);
    }

    private static void unary(String op, Function function) {
        Line<Unary> line = (g, step) -> function.convert(g, step.x());
        LINES.put(op, line);
    }

    private static void withAlpha(String op, String operator) {
        Line<Unary> line = (g, step) -> g.op(operator, step.x(), "alpha", step.setting("alpha", Unary::alpha));
        LINES.put(op, line);
    }

    private static void binary(String op, String operator) {
        Line<Binary> line = (g, step) -> g.op(operator, step.inputs());
        LINES.put(op, line);
    }

    private static void comparison(String op, String operator) {
        Line<Binary> line = (g, step) -> g.cast(g.op(operator, step.inputs()), OnnxFields.FLOAT);
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
     * @throws Refusal if ONNX does not have it
     */
    @SuppressWarnings("unchecked") // a line is listed under its operation
    static String convert(OnnxGraph graph, OnnxStep<Operation> step) {
        Line<Operation> line = (Line<Operation>) LINES.get(step.runs().get(0).name());
        if (line == null) {
            throw new Refusal("no operator computes it");
        }
        return line.convert(graph, step);
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

    static String silu(OnnxGraph g, String x) {
        return g.of("Mul", x, g.op("Sigmoid", x));
    }

    static String mish(OnnxGraph g, String x) {
        return g.of("Mul", x, g.op("Tanh", g.op("Softplus", x)));
    }

    static String logSigmoid(OnnxGraph g, String x) {
        return g.op("Neg", g.op("Softplus", g.op("Neg", x)));
    }

    static String tanhShrink(OnnxGraph g, String x) {
        return g.of("Sub", x, g.op("Tanh", x));
    }

    /** {@code max(x, 0) + b / 2 / (|x| + sqrt(x * x + b))}. */
    static String squarePlus(OnnxGraph g, String x, float b) {
        String root = g.op("Sqrt", g.of("Add", g.of("Mul", x, x), g.scalar("b", b)));
        String sum = g.of("Add", root, g.op("Abs", x));
        return g.of("Add", g.of("Div", g.scalar("half", b / 2), sum), g.op("Relu", x));
    }

    static String hardSigmoid(OnnxGraph g, String x) {
        return g.op("HardSigmoid", x, "alpha", 1f / 6f);
    }

    static String clip(OnnxGraph g, String x, float least, float most) {
        return g.op("Clip", List.of(x, g.scalar("least", least), g.scalar("most", most)));
    }

    // ---------------------------------------------------------------------------------------------- along axes

    /** The axes; null: all. */
    private static long[] axes(OnnxStep<Reduce> step) {
        int[] axes = step.setting("axes", Reduce::axes);
        return axes.length == step.shapes().get(0).size() ? null : Arrays.stream(axes).asLongStream().toArray();
    }

    /** The operator takes its axes as an input, as the others do in later opsets. */
    private static String sum(OnnxGraph g, OnnxStep<Reduce> step) {
        long[] axes = axes(step);
        return g.op("ReduceSum", axes == null ? List.of(step.x()) : List.of(step.x(), g.integers("axes", axes)), "keepdims", 0);
    }

    private static String reduce(OnnxGraph g, String operator, OnnxStep<Reduce> step) {
        long[] axes = axes(step);
        return axes == null ? g.op(operator, step.x(), "keepdims", 0)
                : g.op(operator, step.x(), "axes", axes, "keepdims", 0);
    }

    // --------------------------------------------------------------------------------------------------- shapes

    /** One size may be left to the operator, unless another is 0. */
    private static String reshape(OnnxGraph g, OnnxStep<Reshape> step) {
        List<OnnxSize> sizes = step.output();
        long[] known = sizes.stream().mapToLong(size -> size.isFixed() ? size.seen()[0] : -1).toArray();
        boolean follows = Arrays.stream(known).filter(size -> size == -1).count() <= 1
                && Arrays.stream(known).noneMatch(size -> size == 0);
        return follows ? g.of("Reshape", step.x(), g.integers("shape", known))
                : g.op("Reshape", List.of(step.x(), step.sizes(sizes)), "allowzero", 1);
    }

    /** An axis that is not repeated keeps its size where the operator is given 1. */
    private static String broadcast(OnnxGraph g, OnnxStep<BroadcastTo> step) {
        List<OnnxSize> before = step.shapes().get(0);
        List<OnnxSize> sizes = new ArrayList<>(step.output());
        int more = sizes.size() - before.size();
        for (int axis = more; axis < sizes.size(); axis++) {
            if (before.get(axis - more).equals(sizes.get(axis))) {
                sizes.set(axis, OnnxSize.of(1));
            }
        }
        return g.of("Expand", step.x(), step.sizes(sizes));
    }

    /** Where an axis follows the batch, the ends of a part must do so, too. */
    private static String slice(OnnxGraph g, OnnxStep<Slice> step) {
        int axis = step.setting("axis", Slice::axis);
        OnnxSize from = step.size(Slice::from);
        OnnxSize to = step.size(Slice::to);
        boolean fixed = step.shapes().get(0).get(axis).isFixed();
        if (fixed ? !from.isFixed() || !to.isFixed() : from.perExample() < 0 || to.perExample() < 0) {
            throw new Refusal(fixed ? "its ends depend on the batch"
                    : "its ends are fixed, but the size of the axis follows that of the batch");
        }
        return g.op("Slice", List.of(step.x(), step.sizes(List.of(from)), step.sizes(List.of(to)), g.integers("axes", axis)));
    }

    private static String pad(OnnxGraph g, OnnxStep<Pad> step) {
        int axis = step.setting("axis", Pad::axis);
        int axes = step.output().size();
        List<OnnxSize> pads = new ArrayList<>(Collections.nCopies(2 * axes, OnnxSize.of(0)));
        pads.set(axis, step.size(Pad::before));
        pads.set(axis + axes, step.size(Pad::after));
        return g.of("Pad", step.x(), step.sizes(pads));
    }

    // -------------------------------------------------------------------------------------------------- indices

    private static String gather(OnnxGraph g, OnnxStep<Gather> step) {
        int axis = step.setting("axis", Gather::axis);
        String indices = indices(g, step.setting("indices", Gather::indices));
        if (!step.shapes().get(0).get(axis).isFixed()) {
            throw new Refusal("its indices are fixed, but the size of the axis follows that of the batch");
        }
        return g.op("Gather", List.of(step.x(), indices), "axis", axis);
    }

    private static String indices(OnnxGraph g, int[] indices) {
        return g.integers("indices", Arrays.stream(indices).asLongStream().toArray());
    }

    /** The operator takes an index for each element. */
    private static String scatterAdd(OnnxGraph g, OnnxStep<ScatterAdd> step) {
        int axis = step.setting("axis", ScatterAdd::axis);
        int[] indices = step.setting("indices", ScatterAdd::indices);
        long[] along = new long[step.output().size()];
        Arrays.setAll(along, i -> i == axis ? indices.length : 1);
        String each = g.of("Expand", g.of("Reshape", indices(g, indices), g.integers("shape", along)), g.op("Shape", step.x()));
        String zeros = g.of("Expand", g.scalar("zero", 0f), step.sizes(step.output()));
        return g.op("ScatterElements", List.of(zeros, each, step.x()), "axis", axis, "reduction", "add");
    }

    private OnnxOperations() {}
}

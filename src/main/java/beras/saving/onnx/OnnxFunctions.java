package beras.saving.onnx;

import beras.tensor.Operation;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The functions of {@link OnnxOperator}, as operations of tensors: a line for each operator, in one table. */
final class OnnxFunctions {

    /** Each computes an operator of its inputs, of which the first is a batch. */
    private static final Map<String, BiFunction<OnnxOperator, Tensor[], Tensor>> ALL = new HashMap<>();
    private static final Set<String> ELEMENTWISE = new HashSet<>();
    private static final Set<String> WHOLES = Set.of("ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean",
            "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", "Compress", "CumSum", "Expand", "Gather", "Pad", "Slice",
            "Reshape", "Split", "Squeeze", "Tile", "TopK", "Trilu", "Unsqueeze"); // inputs from the second on are whole numbers

    /** The operators that rearrange elements, such as the elements of shapes; PyTorch's exporter turns pads by them. */
    static final Set<String> OF_PLACES = Set.of("Concat", "Gather", "Reshape", "Slice", "Squeeze", "Transpose", "Unsqueeze");

    static {
        each("Abs", Tensor::abs);
        each("Ceil", x -> x.negate().floor().negate());
        each("Cos", Tensor::cos);
        each("Cosh", x -> x.exp().add(x.negate().exp()).multiply(0.5));
        each("Erf", Tensor::erf);
        each("Exp", Tensor::exp);
        each("Floor", Tensor::floor);
        each("IsNaN", Tensor::isNaN);
        each("Log", Tensor::log);
        each("Neg", Tensor::negate);
        each("Not", x -> x.equal(0));
        each("Reciprocal", x -> Tensor.scalar(1).divide(x));
        each("Round", Tensor::round);
        each("Sign", Tensor::sign);
        each("Sin", Tensor::sin);
        each("Sinh", OnnxFunctions::sinh);
        each("Sqrt", Tensor::sqrt);
        each("Tan", x -> x.sin().divide(x.cos()));
        elementwise("Binarizer", (op, x) -> x[0].greater(op.number("threshold", 0)));
        elementwise("HardSigmoid", (op, x) -> x[0].multiply(op.number("alpha", 0.2f)).add(op.number("beta", 0.5)).clip(0, 1));
        elementwise("Selu", (op, x) -> x[0].elu(op.number("alpha", 1.6732632f)).multiply(op.number("gamma", 1.050701f)));
        elementwise("Shrink", (op, x) -> shrink(x[0], op.number("lambd", 0.5), op.number("bias", 0)));
        elementwise("ThresholdedRelu", (op, x) -> x[0].multiply(x[0].greater(op.number("alpha", 1))));
        elementwise("Clip", OnnxFunctions::clip);

        pairs("Add", Tensor::add);
        pairs("And", Tensor::multiply);
        pairs("Div", Tensor::divide);
        pairs("Equal", Tensor::equal);
        pairs("Greater", Tensor::greater);
        pairs("GreaterOrEqual", Tensor::greaterEqual);
        pairs("Less", Tensor::less);
        pairs("LessOrEqual", Tensor::lessEqual);
        pairs("Max", Tensor::maximum);
        pairs("Min", Tensor::minimum);
        pairs("Mul", Tensor::multiply);
        pairs("Or", Tensor::maximum);
        pairs("Pow", Tensor::power);
        pairs("PRelu", (x, slope) -> x.relu().subtract(x.negate().relu().multiply(slope)));
        pairs("Sub", Tensor::subtract);
        pairs("Sum", Tensor::add);
        pairs("Xor", Tensor::notEqual);
        elementwise("Mean", (op, x) -> Arrays.stream(x).reduce(Tensor::add).orElseThrow().divide(x.length));
        elementwise("Mod", (op, x) -> mod(x[0], x[1], op.flag("fmod", false)));
        elementwise("Where", (op, x) -> Tensor.where(x[0], x[1], x[2]));

        reduction("ReduceL1", (x, axes) -> x.abs().sum(axes));
        reduction("ReduceL2", Tensor::norm);
        reduction("ReduceLogSum", (x, axes) -> x.sum(axes).log());
        reduction("ReduceLogSumExp", Tensor::logSumExp);
        reduction("ReduceMax", Tensor::max);
        reduction("ReduceMean", Tensor::mean);
        reduction("ReduceMin", Tensor::min);
        reduction("ReduceProd", Tensor::product);
        reduction("ReduceSum", Tensor::sum);
        reduction("ReduceSumSquare", (x, axes) -> x.square().sum(axes));

        ALL.put("CumSum", OnnxFunctions::cumulativeSum);
        ALL.put("Hardmax", (op, x) -> hardmax(x[0], op.axis(op.number("axis", -1), x[0])));
        ALL.put("LogSoftmax", (op, x) -> x[0].logSoftmax(op.axis(op.number("axis", -1), x[0])));
        ALL.put("LpNormalization", (op, x) -> {
            int axis = op.axis(op.number("axis", -1), x[0]);
            return x[0].divide(norm(x[0], op.number("p", 2), axis).expandDims(axis).maximum(1e-12));
        });
        ALL.put("LRN", OnnxFunctions::localResponseNormalization);
        ALL.put("Softmax", (op, x) -> x[0].softmax(op.axis(op.number("axis", -1), x[0])));
        ALL.put("LayerNormalization", OnnxFunctions::layerNormalization);
        ALL.put("GroupNormalization", (op, x) -> groupNormalization(op, (int) op.number("num_groups", 1), x));
        ALL.put("InstanceNormalization", (op, x) -> groupNormalization(op, x[0].dim(1), x));

        ALL.put("AveragePool", OnnxFunctions::averagePool);
        ALL.put("MaxPool", (op, x) -> taps(op, x[0], Double.NEGATIVE_INFINITY).stream().reduce(Tensor::maximum).orElseThrow());
        ALL.put("LpPool", (op, x) -> {
            double p = op.number("p", 2);
            return sum(taps(op, x[0].abs().power(p), 0)).power(1 / p);
        });
        ALL.put("GlobalAveragePool", (op, x) -> x[0].mean(pixels(x[0])).expandDims(pixels(x[0])));
        ALL.put("GlobalLpPool", (op, x) -> norm(x[0], op.number("p", 2), pixels(x[0])).expandDims(pixels(x[0])));
        ALL.put("GlobalMaxPool", (op, x) -> x[0].max(pixels(x[0])).expandDims(pixels(x[0])));
        ALL.put("ConvTranspose", OnnxFunctions::convTranspose);
        ALL.put("DepthToSpace", (op, x) -> depthToSpace(x[0], (int) op.number("blocksize", 1), op.text("mode", "DCR").equals("DCR")));
        ALL.put("SpaceToDepth", (op, x) -> spaceToDepth(x[0], (int) op.number("blocksize", 1)));

        ALL.put("Compress", (op, x) -> {
            int[] kept = op.integers(1, "condition");
            return x[0].gather(op.axis(op.number("axis", 0), x[0]), IntStream.range(0, kept.length).filter(i -> kept[i] != 0).toArray());
        });
        ALL.put("Concat", (op, x) -> Tensor.concatenate(op.axis(op.number("axis", 0), x[0]), x));
        ALL.put("Reshape", (op, x) -> reshape(x[0], op.integers(1, "shape")));
        ALL.put("Squeeze", (op, x) -> x[0].squeeze(op.integers(1, "axes")));
        ALL.put("Transpose", (op, x) -> x[0].transpose(op.integers(-1, "perm",
                IntStream.range(0, x[0].rank()).map(i -> x[0].rank() - 1 - i).toArray())));
        ALL.put("Unsqueeze", (op, x) -> x[0].expandDims(op.integers(1, "axes")));
        ALL.put("Expand", (op, x) -> expand(x[0], op.integers(1, "shape")));
        ALL.put("Gather", OnnxFunctions::gather);
        ALL.put("MatMul", (op, x) -> x[0].matmul(x[1]));
        ALL.put("Pad", OnnxFunctions::pad);
        ALL.put("Slice", OnnxFunctions::slice);
        ALL.put("Split", OnnxFunctions::split);
        ALL.put("Tile", OnnxFunctions::tile);
        ALL.put("TopK", (op, x) -> {
            int axis = op.axis(op.number("axis", -1), x[0]);
            boolean largest = op.flag("largest", true);
            Tensor values = (largest ? x[0] : x[0].negate()).topK(axis, op.integers(1, "k")[0]).values();
            return largest ? values : values.negate();
        });
        ALL.put("Trilu", (op, x) -> {
            int diagonal = op.integers(1, "k", 0)[0];
            op.axis(-2, x[0]);
            return op.flag("upper", true) ? x[0].triu(diagonal) : x[0].tril(diagonal);
        });
    }

    private static void elementwise(String operator, BiFunction<OnnxOperator, Tensor[], Tensor> function) {
        ALL.put(operator, function);
        ELEMENTWISE.add(operator);
    }

    private static void each(String operator, UnaryOperator<Tensor> function) {
        elementwise(operator, (op, x) -> function.apply(x[0]));
    }

    private static void pairs(String operator, BinaryOperator<Tensor> function) {
        elementwise(operator, (op, x) -> Arrays.stream(x).reduce(function).orElseThrow());
    }

    private static void reduction(String operator, BiFunction<Tensor, int[], Tensor> reduction) {
        ALL.put(operator, (op, x) -> {
            int[] axes = Arrays.stream(op.integers(1, "axes")).map(axis -> op.axis(axis, x[0])).toArray();
            if (axes.length == 0 && op.flag("noop_with_empty_axes", false)) {
                return x[0];
            }
            if (axes.length == 0) {
                throw new IllegalArgumentException("the batch axis must stay as it is, or examples would be mixed. Received: all axes");
            }
            Tensor y = reduction.apply(x[0], axes);
            return op.flag("keepdims", true) ? y.expandDims(axes) : y;
        });
    }

    static boolean has(String operator) {
        return ALL.containsKey(operator);
    }

    /** Whether each element of the output depends only on the elements at its place, where inputs are broadcast. */
    static boolean isElementwise(String operator) {
        return ELEMENTWISE.contains(operator);
    }

    /** Whether an operator of constants is a constant. */
    static boolean folds(String operator) {
        return isElementwise(operator) || OF_PLACES.contains(operator);
    }

    /** Whether each output is a separate operator, with the number {@code output}. */
    static boolean hasParts(String operator) {
        return operator.equals("Split") || operator.equals("LayerNormalization");
    }

    /** Whether the inputs from the second on are whole numbers, such as axes. */
    static boolean takesWholes(String operator) {
        return WHOLES.contains(operator);
    }

    static Tensor compute(OnnxOperator op, Tensor... x) {
        BiFunction<OnnxOperator, Tensor[], Tensor> function = ALL.get(op.operator());
        if (function == null) {
            throw new IllegalArgumentException("BERAS computes the operators " + String.join(", ", ALL.keySet().stream().sorted().toList())
                    + ". Received: " + op.operator());
        }
        return function.apply(op, x);
    }

    // ------------------------------------------------------------------------------------------- of each element

    /** Without cancellation near 0. */
    private static Tensor sinh(Tensor x) {
        Tensor e = x.abs().negate().elu(1).negate(); // 1 - exp(-|x|)
        return x.sign().multiply(e.add(e.divide(Tensor.scalar(1).subtract(e)))).multiply(0.5);
    }

    private static Tensor shrink(Tensor x, double lambda, double bias) {
        Tensor above = x.subtract(bias).multiply(x.greater(lambda));
        return above.add(x.add(bias).multiply(x.less(-lambda)));
    }

    private static Tensor clip(OnnxOperator op, Tensor... x) {
        Tensor least = x.length > 1 && x[1] != null ? x[1] : Tensor.scalar(op.number("min", Double.NEGATIVE_INFINITY));
        Tensor most = x.length > 2 && x[2] != null ? x[2] : Tensor.scalar(op.number("max", Double.POSITIVE_INFINITY));
        return x[0].maximum(least).minimum(most);
    }

    /** The sign is that of the divisor or, as of C's fmod, that of the dividend. */
    private static Tensor mod(Tensor x, Tensor y, boolean fmod) {
        return fmod ? x.sign().multiply(mod(x.abs(), y.abs(), false)) : x.subtract(x.divide(y).floor().multiply(y));
    }

    // ---------------------------------------------------------------------------------------------- along axes

    private static Tensor norm(Tensor x, double p, int... axes) {
        return p == 2 ? x.norm(axes) : p == 1 ? x.abs().sum(axes) : x.abs().power(p).sum(axes).power(1 / p);
    }

    private static Tensor cumulativeSum(OnnxOperator op, Tensor... x) {
        int axis = op.axis(op.integers(1, "axis")[0], x[0]);
        boolean reverse = op.flag("reverse", false);
        Tensor sums = reverse ? x[0].flip(axis).cumulativeSum(axis).flip(axis) : x[0].cumulativeSum(axis);
        return op.flag("exclusive", false) ? sums.subtract(x[0]) : sums;
    }

    /** 1 at the first of the largest. */
    private static Tensor hardmax(Tensor x, int axis) {
        Tensor largest = x.equal(x.max(axis).expandDims(axis));
        return largest.multiply(largest.cumulativeSum(axis).equal(1));
    }

    private static Tensor localResponseNormalization(OnnxOperator op, Tensor... x) {
        int size = (int) op.number("size", 1);
        int before = (size - 1) / 2;
        Tensor squares = x[0].square().pad(1, before, size - 1 - before);
        Tensor sums = sum(IntStream.range(0, size).mapToObj(i -> squares.slice(1, i, i + x[0].dim(1))).toList());
        return x[0].divide(sums.multiply(op.number("alpha", 1e-4f) / size).add(op.number("bias", 1)).power(op.number("beta", 0.75)));
    }

    /** Number {@code output} of the result, the mean, and the inverse of the deviation. */
    private static Tensor layerNormalization(OnnxOperator op, Tensor... x) {
        int[] axes = IntStream.range(op.axis(op.number("axis", -1), x[0]), x[0].rank()).toArray();
        Tensor mean = x[0].mean(axes).expandDims(axes);
        Tensor centered = x[0].subtract(mean);
        Tensor inverse = Tensor.scalar(1).divide(centered.square().mean(axes).expandDims(axes).add(op.number("epsilon", 1e-5f)).sqrt());
        Tensor scaled = centered.multiply(inverse).multiply(x[1]);
        int output = (int) op.number("output", 0);
        return output == 1 ? mean : output == 2 ? inverse : x.length > 2 ? scaled.add(x[2]) : scaled;
    }

    private static Tensor groupNormalization(OnnxOperator op, int groups, Tensor... x) {
        Tensor grouped = x[0].reshape(x[0].dim(0), groups, -1);
        Tensor centered = grouped.subtract(grouped.mean(2).expandDims(2));
        Tensor deviation = centered.square().mean(2).expandDims(2).add(op.number("epsilon", 1e-5f)).sqrt();
        Tensor y = centered.divide(deviation).reshape(x[0].shape().toArray());
        return y.multiply(ofChannels(x[1], x[0])).add(ofChannels(x[2], x[0]));
    }

    /** A number for each channel of {@code x}, or before opset 21 for each group. */
    private static Tensor ofChannels(Tensor numbers, Tensor x) {
        return numbers.repeat(0, x.dim(1) / numbers.size()).expandDims(IntStream.range(1, x.rank() - 1).toArray());
    }

    // ---------------------------------------------------------------------------------------------------- windows

    private static int[] pixels(Tensor x) {
        return IntStream.range(2, x.rank()).toArray();
    }

    private static Tensor sum(List<Tensor> tensors) {
        return tensors.stream().reduce(Tensor::add).orElseThrow();
    }

    /** With so much more around an axis. */
    private static Tensor framed(Tensor x, int axis, int before, int behind, double value) {
        OnnxOperator.requireMemory(x.size() / (double) x.dim(0), 1 + ((double) before + behind) / Math.max(1, x.dim(axis)));
        return value == 0 ? x.pad(axis, before, behind) : Tensor.concatenate(axis,
                Tensor.full(value, x.shape().with(axis, before).toArray()), x,
                Tensor.full(value, x.shape().with(axis, behind).toArray()));
    }

    /** For each place in a window that moves, the pixels there, framed by a value. */
    private static List<Tensor> taps(OnnxOperator op, Tensor x, double around) {
        int[] window = op.integers(-1, "kernel_shape");
        int[] strides = op.integers(-1, "strides");
        int[] dilations = op.integers(-1, "dilations");
        int[] pads = op.integers(-1, "pads");
        OnnxOperator.requireMemory(Arrays.stream(window).asDoubleStream().reduce(1, (a, b) -> a * b), 1);
        List<Tensor> taps = List.of(x);
        for (int i = 0; i < window.length; i++) {
            List<Tensor> next = new ArrayList<>();
            int axis = i + 2;
            int stride = strides[i];
            int places = (x.dim(axis) + pads[i] + pads[i + window.length] - (window[i] - 1) * dilations[i] - 1) / stride + 1;
            for (Tensor tap : taps) {
                Tensor framed = framed(tap, axis, pads[i], pads[i + window.length], around);
                for (int at = 0; at < window[i]; at++) {
                    int first = at * dilations[i];
                    next.add(stride == 1 ? framed.slice(axis, first, first + places)
                            : framed.gather(axis, IntStream.range(0, places).map(n -> first + n * stride).toArray()));
                }
            }
            taps = next;
        }
        return taps;
    }

    /** Each window has the mean of its pixels, among which zeros around them may count. */
    private static Tensor averagePool(OnnxOperator op, Tensor... x) {
        List<Tensor> taps = taps(op, x[0], 0);
        int[] sizes = x[0].shape().toArray();
        Arrays.fill(sizes, 0, 2, 1);
        return sum(taps).divide(op.flag("count_include_pad", false) ? Tensor.scalar(taps.size())
                : sum(taps(op, Tensor.ones(sizes), 0)));
    }

    /** Adds each pixel times the kernel to the output at the positions of the strides; then edges are cut off. */
    private static Tensor convTranspose(OnnxOperator op, Tensor... x) {
        int[] strides = op.integers(-1, "strides");
        int[] dilations = op.integers(-1, "dilations");
        int[] pads = op.integers(-1, "pads");
        int[] output = op.integers(-1, "output_shape");
        int groups = (int) op.number("group", 1);
        int axes = strides.length;
        Tensor[] ofGroups = new Tensor[groups];
        for (int group = 0; group < groups; group++) {
            int channels = x[0].dim(1) / groups;
            Tensor pixels = x[0].slice(1, group * channels, (group + 1) * channels).transpose(channelsLast(axes));
            Tensor kernel = x[1].slice(0, group * channels, (group + 1) * channels).reshape(channels, x[1].dim(1), -1);
            List<Tensor> added = new ArrayList<>();
            for (int tap = 0; tap < kernel.dim(2); tap++) {
                OnnxOperator.requireMemory(Arrays.stream(output).asDoubleStream().reduce(1, (a, b) -> a * b), x[1].dim(1));
                Tensor y = pixels.matmul(kernel.slice(2, tap, tap + 1).squeeze(2));
                for (int i = axes - 1, rest = tap; i >= 0; rest /= x[1].dim(2 + i--)) {
                    int first = rest % x[1].dim(2 + i) * dilations[i];
                    int stride = strides[i];
                    int[] places = IntStream.range(0, y.dim(1 + i)).map(n -> first + n * stride).toArray();
                    int size = Math.max(pads[i] + output[i], (y.dim(1 + i) - 1) * stride + (x[1].dim(2 + i) - 1) * dilations[i] + 1);
                    y = new Operation.ScatterAdd(1 + i, size, places).apply(y).slice(1 + i, pads[i], pads[i] + output[i]);
                }
                added.add(y);
            }
            ofGroups[group] = sum(added).transpose(channelsFirst(axes));
        }
        Tensor y = Tensor.concatenate(1, ofGroups);
        return x.length > 2 ? y.add(ofChannels(x[2], y)) : y;
    }

    static int[] channelsLast(int axes) {
        return IntStream.range(0, axes + 2).map(i -> i == 0 ? 0 : i == axes + 1 ? 1 : i + 1).toArray();
    }

    static int[] channelsFirst(int axes) {
        return IntStream.range(0, axes + 2).map(i -> i == 0 ? 0 : i == 1 ? axes + 1 : i - 1).toArray();
    }

    private static Tensor depthToSpace(Tensor x, int block, boolean depthFirst) {
        int channels = x.dim(1) / block / block;
        int[] sizes = {x.dim(0), channels, x.dim(2) * block, x.dim(3) * block};
        return (depthFirst ? x.reshape(x.dim(0), block, block, channels, x.dim(2), x.dim(3)).transpose(0, 3, 4, 1, 5, 2)
                : x.reshape(x.dim(0), channels, block, block, x.dim(2), x.dim(3)).transpose(0, 1, 4, 2, 5, 3)).reshape(sizes);
    }

    private static Tensor spaceToDepth(Tensor x, int block) {
        return x.reshape(x.dim(0), x.dim(1), x.dim(2) / block, block, x.dim(3) / block, block).transpose(0, 3, 5, 1, 2, 4)
                .reshape(x.dim(0), x.dim(1) * block * block, x.dim(2) / block, x.dim(3) / block);
    }

    // ------------------------------------------------------------------------------------------------------ parts

    /** An axis of size 0 keeps its own, and one of -1 takes the rest. */
    private static Tensor reshape(Tensor x, int... shape) {
        return x.reshape(IntStream.range(0, shape.length).map(i -> shape[i] == 0 ? x.dim(i) : shape[i]).toArray());
    }

    /** The batch axis keeps its size, which the shape may have, too. */
    private static Tensor expand(Tensor x, int... shape) {
        int[] sizes = x.shape().toArray();
        if (shape.length > sizes.length) {
            throw new IllegalArgumentException("no axis goes before the batch axis. Received: " + Arrays.toString(shape));
        }
        for (int i = 1; i < Math.min(sizes.length, shape.length); i++) {
            sizes[sizes.length - i] = Math.max(sizes[sizes.length - i], shape[shape.length - i]);
        }
        return x.broadcastTo(sizes);
    }

    private static Tensor gather(OnnxOperator op, Tensor... x) {
        int axis = op.axis(op.number("axis", 0), x[0]);
        int size = x[0].dim(axis);
        int[] indices = Arrays.stream(op.integers(1, "indices")).map(index -> index < 0 ? index + size : index).toArray();
        OnnxOperator.requireMemory(x[0].size() / Math.max(1.0, x[0].dim(0)), indices.length);
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < x[0].rank(); i++) {
            if (i != axis) {
                sizes.add(x[0].dim(i));
            }
        }
        sizes.addAll(axis, Arrays.stream(op.integers(-1, "shape1", indices.length)).boxed().toList());
        return x[0].gather(axis, indices).reshape(sizes.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Pads with a constant, or by wrapping, reflecting or repeating the edge. */
    private static Tensor pad(OnnxOperator op, Tensor... x) {
        int[] pads = op.integers(1, "pads");
        int[] axes = op.integers(3, "axes", IntStream.range(0, pads.length / 2).toArray());
        String mode = op.text("mode", "constant");
        Tensor y = x[0];
        for (int i = 0; i < axes.length; i++) {
            int before = pads[i];
            int behind = pads[i + axes.length];
            if (before == 0 && behind == 0) {
                continue;
            }
            int axis = op.axis(axes[i], y);
            int size = y.dim(axis);
            y = mode.equals("constant") ? framed(y.slice(axis, Math.max(0, -before), size - Math.max(0, -behind)), axis,
                    Math.max(0, before), Math.max(0, behind), op.number("value", 0))
                    : y.gather(axis, IntStream.range(-before, size + behind).map(at -> switch (mode) {
                        case "edge" -> Math.min(Math.max(at, 0), size - 1);
                        case "reflect" -> size == 1 ? 0 : size - 1 - Math.abs(Math.floorMod(at, 2 * size - 2) - size + 1);
                        case "wrap" -> Math.floorMod(at, size);
                        default -> throw new IllegalArgumentException("the mode is constant, edge, reflect or wrap. Received: " + mode);
                    }).toArray());
        }
        return y;
    }

    private static Tensor slice(OnnxOperator op, Tensor... x) {
        int[] starts = op.integers(1, "starts");
        int[] ends = op.integers(2, "ends");
        int[] axes = op.integers(3, "axes", IntStream.range(0, starts.length).toArray());
        int[] steps = op.integers(4, "steps", IntStream.range(0, starts.length).map(i -> 1).toArray());
        Tensor y = x[0];
        for (int i = 0; i < starts.length; i++) {
            int step = steps[i];
            if (step == 1 && starts[i] == 0 && ends[i] == Integer.MAX_VALUE) {
                continue;
            }
            int axis = op.axis(axes[i], y);
            int size = y.dim(axis);
            int most = step > 0 ? size : size - 1;
            int first = Math.min(Math.max(starts[i] < 0 ? starts[i] + size : starts[i], 0), most);
            int last = Math.min(Math.max(ends[i] < 0 ? Math.max(ends[i], -size - 1) + size : ends[i], step > 0 ? 0 : -1), most);
            int count = Math.max(0, (last - first + step - Integer.signum(step)) / step);
            y = y.gather(axis, IntStream.range(0, count).map(n -> first + n * step).toArray());
        }
        return y;
    }

    /** Part number {@code output} of the result. */
    private static Tensor split(OnnxOperator op, Tensor... x) {
        int axis = op.axis(op.number("axis", 0), x[0]);
        int parts = (int) op.number("outputs", 1);
        int each = (x[0].dim(axis) + parts - 1) / parts;
        int[] sizes = op.integers(1, "split", IntStream.range(0, parts).map(i -> Math.min(each, x[0].dim(axis) - i * each)).toArray());
        int output = (int) op.number("output", 0);
        int from = Arrays.stream(sizes, 0, output).sum();
        return x[0].slice(axis, from, from + sizes[output]);
    }

    private static Tensor tile(OnnxOperator op, Tensor... x) {
        int[] times = op.integers(1, "repeats");
        Tensor y = x[0];
        for (int axis = 0; axis < times.length; axis++) {
            if (times[axis] != 1) {
                OnnxOperator.requireMemory(y.size() / (double) y.dim(0), times[axis]);
                y = Tensor.concatenate(op.axis(axis, y), Collections.nCopies(times[axis], y).toArray(Tensor[]::new));
            }
        }
        return y;
    }

    private OnnxFunctions() {}
}

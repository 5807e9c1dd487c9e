package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.layers.BatchNormalization;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Maximum;
import beras.layers.Multiply;
import beras.layers.Node;
import beras.layers.Normalization;
import beras.layers.PReLU;
import beras.layers.Permute;
import beras.layers.RMSNormalization;
import beras.layers.Rescaling;
import beras.layers.Subtract;
import beras.layers.UnitNormalization;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.LogSoftmax;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.layers.activations.Tanh;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Operators on the elements of tensors and constants. */
final class OnnxArithmetic extends OnnxFamily {

    private static final float NO_EPSILON = Float.MIN_NORMAL; // vanishes beside 1
    private static final int CLIP_BY_INPUT = 11;
    private static final int MOST_POWER = 8;

    /** {@code x * factors + terms}; null for those that there are not. */
    record Affine(Node x, OnnxTensor factors, OnnxTensor terms) {}

    /** The last nodes of those that together are a GELU, with its input. */
    private final Map<OnnxReader.Node, String> gelus = new LinkedHashMap<>();

    OnnxArithmetic(OnnxImport graph) {
        super(graph);
    }

    /**
     * Arithmetic with a constant that has a number for each channel of images or sequences, whose channels are first.
     *
     * @return whether that is what it is
     */
    private boolean perChannel(OnnxReader.Node node) throws IOException {
        boolean first = graph.constant(node.input(0)).isPresent();
        Optional<OnnxTensor> constant = graph.constant(node.input(first ? 0 : 1));
        Optional<Node> found = graph.found(node.input(first ? 1 : 0));
        int rank = found.isEmpty() ? 0 : found.get().shape().rank();
        if (constant.isEmpty() || rank != 2 && rank != 3 || first && is(node, "Div")) {
            return false;
        }
        Node x = found.get();
        int[] sizes = constant.get().sizes();
        int channels = x.shape().dim(0);
        boolean turned = x.layer() instanceof Permute && constant.get().count() == 1;
        int at = sizes.length - rank; // of the channels
        if (!turned && (at < 0 || at > 1 || constant.get().count() != channels || sizes[at] != channels || channels == 1
                && x.shape().size() > 1)) {
            return false;
        }
        graph.spread(channels, node);
        float[] values = spread(constant.get(), channels);
        float[] factors = is(node, "Mul", "Div") ? values : null;
        float[] terms = is(node, "Add", "Sub") ? values : null;
        for (int i = 0; i < channels; i++) {
            values[i] = is(node, "Div") ? 1f / values[i] : is(node, "Sub") && !first ? -values[i] : values[i];
        }
        if (is(node, "Sub") && first) {
            graph.spread(channels, node);
            factors = new float[channels];
            Arrays.fill(factors, -1f);
        }
        graph.put(node, channelsFirst(affine(channelsLast(x), factors, terms, List.of(constant.get().name()), node)));
        return true;
    }

    /** Several tensors, or one and a constant. */
    void merge(OnnxReader.Node node, Supplier<Layer> layer, BiFunction<Node, OnnxTensor, Affine> withConstant)
            throws IOException {
        if (perChannel(node)) {
            return;
        }
        Optional<Node> a = graph.found(node.input(0));
        Optional<OnnxTensor> c = graph.constant(node.input(a.isPresent() ? 1 : 0));
        if (c.isEmpty()) {
            layer(node, layer.get());
            return;
        }
        affine(node, withConstant.apply(graph.node(node.input(a.isPresent() ? 0 : 1), node.toString()), c.get()), 1f);
    }

    void multiply(OnnxReader.Node node) throws IOException {
        if (node.input(0).equals(node.input(1)) && isSquareOfAWhole(node)) {
            return;
        }
        Optional<Node> a = graph.found(node.input(0));
        Optional<Node> b = graph.found(node.input(1));
        if (a.isPresent() && b.isPresent() && (isFactorOf(a.get(), b.get()) || isFactorOf(b.get(), a.get()))) {
            boolean first = isFactorOf(a.get(), b.get());
            boolean mish = unturned(first ? b.get() : a.get()).layer() instanceof Tanh;
            graph.put(node, byElement(Layers.activation(mish ? "mish" : "silu"), first ? a.get() : b.get()));
        } else {
            merge(node, Multiply::new, (x, c) -> new Affine(x, c, null));
        }
    }

    /** What was there before axes were turned. */
    private static Node unturned(Node x) {
        return x.layer() instanceof Permute ? x.inputs().get(0) : x;
    }

    /** Whether {@code y} is the sigmoid of {@code x}, or the tanh of its softplus. */
    private static boolean isFactorOf(Node x, Node y) {
        Node factor = unturned(y);
        if (!x.shape().equals(y.shape())) {
            return false;
        }
        return factor.layer() instanceof Sigmoid && factor.inputs().get(0) == unturned(x)
                || factor.layer() instanceof Tanh && factor.inputs().get(0).layer().typeName().equals("Softplus")
                && factor.inputs().get(0).inputs().get(0) == unturned(x);
    }

    void subtract(OnnxReader.Node node) throws IOException {
        if (perChannel(node)) {
            return;
        }
        if (graph.constant(node.input(0)).isPresent()) {
            affine(node, new Affine(graph.node(node.input(1), node.toString()), null, graph.constant(node.input(0)).get()), -1f);
            return;
        }
        Optional<OnnxTensor> means = graph.constant(node.input(1));
        if (means.isEmpty()) {
            layer(node, new Subtract());
            return;
        }
        Node x = x(node);
        OnnxReader.Node next = onlyUser(node, "Div", "Mul").orElse(null);
        if (next != null) {
            boolean first = next.input(0).equals(node.outputs().get(0));
            Optional<OnnxTensor> factors = first || is(next, "Mul") ? graph.constant(next.input(first ? 1 : 0))
                    : Optional.empty();
            if (factors.isPresent() && normalization(next, x, means.get(), factors.get(), is(next, "Div"))) {
                graph.done(next);
                return;
            }
        }
        float[] terms = perFeature(means.get(), x, node);
        for (int i = 0; i < terms.length; i++) {
            terms[i] = -terms[i];
        }
        affine(node, x, null, terms, List.of(means.get().name()));
    }

    void divide(OnnxReader.Node node) throws IOException {
        if (perChannel(node)) {
            return;
        }
        OnnxTensor divisors = constant(node, 1, "what is divided by");
        Node x = x(node);
        float[] factors = perFeature(divisors, x, node);
        for (int i = 0; i < factors.length; i++) {
            factors[i] = 1f / factors[i];
        }
        affine(node, x, factors, null, List.of(divisors.name()));
    }

    /** {@code (x - means) / deviations}, if that is what it is. */
    boolean normalization(OnnxReader.Node node, Node x, OnnxTensor means, OnnxTensor factors, boolean dividing)
            throws IOException {
        float[] mean = perFeature(means, x, node);
        float[] variance = perFeature(factors, x, node);
        for (int i = 0; i < variance.length; i++) {
            float deviation = dividing ? variance[i] : 1f / variance[i];
            variance[i] = deviation * deviation;
            if (!(deviation >= Normalization.EPSILON && variance[i] >= Float.MIN_NORMAL && variance[i] <= Float.MAX_VALUE)
                    || !Float.isFinite(mean[i])) {
                return false;
            }
        }
        Normalization layer = new Normalization(mean, variance);
        graph.later(layer, List.of(means.name(), factors.name()), made -> { });
        graph.put(node, layer.apply(x));
        return true;
    }

    /** A constant with a number for each feature, the last axis, or one for all. */
    private float[] perFeature(OnnxTensor constant, Node x, OnnxReader.Node node) throws IOException {
        int features = features(x);
        int[] sizes = constant.sizes();
        refuseIf(constant.count() != 1 && (constant.count() != features || sizes[sizes.length - 1] != features)
                || sizes.length > x.shape().rank() + 1, "the constant \"" + constant.name() + "\" must have a number for each of "
                + features + " features, or one. Received shape: " + Arrays.toString(sizes));
        graph.spread(features, node);
        return spread(constant, features);
    }

    /** As many numbers, where there may be one for all. */
    private static float[] spread(OnnxTensor constant, int count) throws IOException {
        float[] values = constant.floats();
        if (values.length < count) {
            values = Arrays.copyOf(values, count);
            Arrays.fill(values, values[0]);
        }
        return values;
    }

    void affine(OnnxReader.Node node, Affine affine, float factor) throws IOException {
        List<String> names = new ArrayList<>();
        float[] factors = null;
        if (affine.factors != null) {
            factors = perFeature(affine.factors, affine.x, node);
            names.add(affine.factors.name());
        } else if (factor != 1f) {
            factors = new float[features(affine.x)];
            graph.spread(factors.length, node);
            Arrays.fill(factors, factor);
        }
        float[] terms = affine.terms == null ? null : perFeature(affine.terms, affine.x, node);
        if (terms != null) {
            names.add(affine.terms.name());
        }
        affine(node, affine.x, factors, terms, names);
    }

    void affine(OnnxReader.Node node, Node x, float[] factors, float[] terms, List<String> names) {
        graph.put(node, affine(x, factors, terms, names, node));
    }

    /** A normalization by numbers that change nothing, which has factors and terms and is not trained. */
    private Node affine(Node x, float[] factors, float[] terms, List<String> names, OnnxReader.Node node) {
        graph.spread(3L * features(x), node);
        BatchNormalization layer = new BatchNormalization().with("scale", factors != null).with("center", terms != null)
                .epsilon(NO_EPSILON);
        layer.trainable(false);
        graph.later(layer, names, made -> {
            if (factors != null) {
                fill(layer.gamma(), factors);
            }
            if (terms != null) {
                fill(layer.beta(), terms);
            }
        });
        graph.remark(node + " is here a BatchNormalization that is not trained and computes the same");
        return layer.apply(x);
    }

    /** Whether a square is the first node of what is one layer; then that was added. */
    private boolean isSquareOfAWhole(OnnxReader.Node square) throws IOException {
        return rootMeanSquare(square) || squarePlus(square);
    }

    /** The largest or smallest: of a tensor and a number it is a limit, of tensors a layer. */
    void limitedOr(OnnxReader.Node node, Layer layer) throws IOException {
        int at = graph.constant(node.input(0)).isPresent() ? 0 : 1;
        Optional<OnnxTensor> limit = node.inputs().size() == 2 ? graph.constant(node.input(at)) : Optional.empty();
        if (limit.isPresent()) {
            requireCount(limit.get(), 1);
            float number = limit.get().floats()[0];
            boolean least = is(node, "Max");
            limited(node, graph.node(node.input(1 - at), node.toString()), least ? number : Float.NEGATIVE_INFINITY,
                    least ? Float.POSITIVE_INFINITY : number);
        } else {
            layer(node, layer);
        }
    }

    void clip(OnnxReader.Node node) throws IOException {
        boolean byInput = graph.opset() >= CLIP_BY_INPUT;
        float least = byInput ? limit(node, 1, Float.NEGATIVE_INFINITY) : node.real("min", Float.NEGATIVE_INFINITY);
        float most = byInput ? limit(node, 2, Float.POSITIVE_INFINITY) : node.real("max", Float.POSITIVE_INFINITY);
        limited(node, x(node), least, most);
    }

    /** Numbers from the one to the other; of those without a limit infinities become the largest number. */
    private void limited(OnnxReader.Node node, Node x, float least, float most) {
        if (least == Float.NEGATIVE_INFINITY && most == Float.POSITIVE_INFINITY) {
            graph.put(node, x);
            return;
        }
        refuseIf(!(least < most), "the smallest number must be below the largest. Received: " + least + " and " + most);
        Layer layer = least != 0f ? activation("HardTanh", Math.max(least, -Float.MAX_VALUE), Math.min(most, Float.MAX_VALUE))
                : most >= Float.MAX_VALUE ? new ReLU() : activation("ReLU", most);
        graph.put(node, byElement(layer, x));
    }

    /** The larger of a number and its opposite; and part of {@code x / (1 + |x|)}. */
    void abs(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        boolean needed = graph.isOutput(node.outputs().get(0));
        for (OnnxReader.Node plus : graph.users(node.outputs().get(0))) {
            Optional<OnnxReader.Node> quotient = onlyUser(plus, "Div").filter(user -> user.input(0).equals(node.input(0)));
            if (quotient.isPresent() && has(plus, "Add", 1)) {
                graph.done(plus);
                graph.done(quotient.get());
                graph.put(quotient.get(), byElement(Layers.activation("softsign"), x));
            } else {
                needed = true;
            }
        }
        if (needed) {
            graph.put(node, byElement(new Maximum(), x, byElement(new Rescaling(-1, 0), x)));
        }
    }

    void pow(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        OnnxTensor exponent = constant(node, 1, "the exponent");
        requireCount(exponent, 1);
        int power = Math.round(exponent.floats()[0]);
        refuseIf(power != exponent.floats()[0] || power < 1 || power > MOST_POWER,
                "BERAS has whole powers from 1 to " + MOST_POWER + ". Received: " + exponent.floats()[0]);
        if (power == 1) {
            graph.put(node, x);
        } else if (power != 2 || !isSquareOfAWhole(node)) {
            Node[] factors = new Node[power];
            Arrays.fill(factors, x);
            graph.put(node, byElement(new Multiply(), factors));
        }
    }

    /** The logarithm of a sigmoid or softmax, which is a layer of its own that cannot underflow. */
    void log(OnnxReader.Node node) {
        Node x = x(node);
        Node y = unturned(x);
        Layer both = y.layer() instanceof Sigmoid ? Layers.activation("log_sigmoid") : y.layer() instanceof Softmax ? new LogSoftmax() : null;
        refuseIf(both == null, "BERAS has the logarithm of a sigmoid or softmax alone. Received: that of " + y);
        Node made = both.apply(y.inputs().get(0));
        graph.put(node, x == y ? made : permuted(made, dims(x)));
    }

    /** One with these settings, in order. */
    private static Layer activation(String type, Object... settings) {
        return Layers.ACTIVATIONS.of(Config.of(type, List.of(settings), Map.of()));
    }

    void shrink(OnnxReader.Node node) {
        float threshold = node.real("lambd", 0.5f);
        float bias = node.real("bias", 0f);
        refuseIf(!(threshold >= 0) || bias != 0f && bias != threshold,
                "BERAS has it with lambd from 0 on, and with bias 0 or that. Received: lambd " + threshold + " and bias " + bias);
        layer(node, activation(bias == 0f ? "HardShrink" : "SoftShrink", threshold));
    }

    void thresholded(OnnxReader.Node node) {
        float least = node.real("alpha", 1f);
        refuseIf(!(least >= 0), "BERAS has it from 0 on. Received: alpha " + least);
        graph.put(node, byElement(new ReLU().with("threshold", least), x(node)));
    }

    private float limit(OnnxReader.Node node, int input, float otherwise) throws IOException {
        Optional<OnnxTensor> limit = optional(node, input, "a limit");
        if (limit.isEmpty()) {
            return otherwise;
        }
        requireCount(limit.get(), 1);
        return limit.get().floats()[0];
    }

    void prelu(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        OnnxTensor slope = constant(node, 1, "the slope");
        if (slope.count() == 1 && slope.floats()[0] >= 0) { // what is learned may be negative
            graph.put(node, byElement(new LeakyReLU(slope.floats()[0]), x));
            return;
        }
        int rank = x.shape().rank();
        int[] shared = new int[rank]; // axes along which there is one slope, from 1
        int count = 0;
        boolean fits = slope.sizes().length <= rank;
        for (int axis = 0; fits && axis < rank; axis++) {
            int before = rank - slope.sizes().length; // axes that are missing in the slopes
            int size = axis < before ? 1 : slope.sizes()[axis - before];
            fits = size == 1 || size == x.shape().dim(axis);
            if (size == 1 && x.shape().dim(axis) > 1) {
                shared[count++] = axis + 1;
            }
        }
        refuseIf(!fits,
                "the slopes must fit examples of shape " + x.shape() + ". Received shape: " + Arrays.toString(slope.sizes()));
        if (x.layer() instanceof Permute && slope.count() == x.shape().dim(0) && count == rank - 1 && shared[0] == 2
                && (rank == 2 || rank == 3)) { // a slope for each channel, which are the first axis
            int[] pixels = rank == 2 ? new int[] {1} : new int[] {1, 2};
            graph.put(node, channelsFirst(graph.weighted(node, List.of(slope), List.of(Arrays.toString(pixels), "last"),
                    () -> prelu(pixels), layer -> fill(layer.alpha(), slope.floats())).apply(channelsLast(x))));
            return;
        }
        int[] axes = Arrays.copyOf(shared, count);
        graph.put(node, graph.weighted(node, List.of(slope), List.of(Arrays.toString(axes), x.shape()),
                () -> prelu(axes), layer -> fill(layer.alpha(), slope.floats())).apply(x));
    }

    private static PReLU prelu(int... axes) {
        return axes.length == 0 ? new PReLU() : new PReLU().sharedAxes(axes);
    }

    // ---------------------------------------------------------------------------------------------------- norms

    /** {@code x / sqrt(mean(x * x) + epsilon) * scale}, if a square is the first node of that. */
    private boolean rootMeanSquare(OnnxReader.Node square) throws IOException {
        Node x = x(square);
        List<OnnxReader.Node> chain = chain(square, "ReduceMean", "Add", "Sqrt", "Div", "Mul");
        if (chain.isEmpty() || !chain.get(3).input(0).equals(square.input(0)) || !alongFeatures(chain.get(0), x)) {
            return false;
        }
        OnnxReader.Node product = chain.get(4);
        Optional<OnnxTensor> epsilon = constantAhead(other(chain.get(1), chain.get(0)));
        Optional<OnnxTensor> scale = constantAhead(other(product, chain.get(3)));
        if (epsilon.isEmpty() || epsilon.get().count() != 1 || !(epsilon.get().floats()[0] > 0) || scale.isEmpty()
                || scale.get().sizes().length != 1 || scale.get().count() != features(x)) {
            return false;
        }
        float least = epsilon.get().floats()[0];
        chain.forEach(graph::done);
        graph.put(product, graph.weighted(square, List.of(scale.get()), List.of(least),
                () -> new RMSNormalization().epsilon(least), layer -> fill(layer.scale(), scale.get().floats())).apply(x));
        return true;
    }

    /** {@code max(x, 0) + b / 2 / (|x| + sqrt(x * x + b))}, of which {@code x * x} is the first node. */
    private boolean squarePlus(OnnxReader.Node square) throws IOException {
        String x = square.input(0);
        List<OnnxReader.Node> chain = chain(square, "Add", "Sqrt", "Add", "Div", "Add");
        if (chain.isEmpty() || !isOf("Abs", other(chain.get(2), chain.get(1)), x)
                || !isOf("Relu", other(chain.get(4), chain.get(3)), x)) {
            return false;
        }
        Optional<OnnxTensor> b = constantAhead(other(chain.get(0), square));
        if (b.isEmpty() || b.get().count() != 1 || !(b.get().floats()[0] > 0)
                || !isConstant(chain.get(3), 0, b.get().floats()[0] / 2)) {
            return false;
        }
        chain.forEach(graph::done);
        graph.put(chain.get(4), byElement(activation("SquarePlus", b.get().floats()[0]), x(square)));
        return true;
    }

    /** Whether a tensor is made by an operator of this type of another. */
    private boolean isOf(String type, String tensor, String x) {
        return graph.maker(tensor).filter(node -> is(node, type) && node.input(0).equals(x)).isPresent();
    }

    /** A root of anything else. */
    void root() {
        throw new IllegalArgumentException("BERAS divides by a root only in x / sqrt(mean(x * x) + epsilon) * scale, along the"
                + " last axis. Received: another use of it");
    }

    /** {@code x / max(norm(x), least)}, of which a norm is the first node. */
    void norm(OnnxReader.Node norm) throws IOException {
        Node x = x(norm);
        Optional<OnnxReader.Node> least = onlyUser(norm, "Max", "Clip").filter(node -> node.input(0)
                .equals(norm.outputs().get(0)));
        Optional<OnnxReader.Node> quotient = least.flatMap(node -> onlyUser(node, "Div"));
        refuseIf(quotient.isEmpty() || !quotient.get().input(0).equals(norm.input(0)) || !alongFeatures(norm, x)
                || !isConstant(least.get(), 1, 0), "BERAS divides examples by the norm of their last axis, with a least norm"
                + " near 0. Received: another use of a norm");
        graph.done(least.get());
        graph.done(quotient.get());
        graph.put(quotient.get(), new UnitNormalization().apply(x));
    }

    /** {@code x / norm(x)}. */
    void lpNormalization(OnnxReader.Node node) {
        Node x = x(node);
        int rank = x.shape().rank() + 1;
        refuseIf(rank < 2 || node.whole("p", 2) != 2 || axis(node.whole("axis", -1), rank) != rank - 1,
                "BERAS has it along the last axis with p 2. Received: axis " + node.whole("axis", -1) + " of " + rank + " and p "
                + node.whole("p", 2));
        graph.put(node, new UnitNormalization().apply(x));
    }

    /** The nodes of these types behind another, each the only one that takes what the one before gives; none if it is not so. */
    private List<OnnxReader.Node> chain(OnnxReader.Node first, String... types) {
        List<OnnxReader.Node> chain = new ArrayList<>();
        for (String type : types) {
            Optional<OnnxReader.Node> next = onlyUser(chain.isEmpty() ? first : chain.get(chain.size() - 1), type);
            if (next.isEmpty()) {
                return List.of();
            }
            chain.add(next.get());
        }
        return chain;
    }

    private boolean alongFeatures(OnnxReader.Node node, Node x) throws IOException {
        long[] axes = reduced(node);
        return x.shape().rank() > 0 && node.whole("keepdims", 1) == 1 && axes.length == 1
                && axis(axes[0], x.shape().rank() + 1) == x.shape().rank();
    }

    // ------------------------------------------------------------------------------------------------------ GELU

    /** {@code x * (1 + erf(x / sqrt(2))) / 2}, in whatever order. */
    void findGelu(OnnxReader.Node erf) throws IOException {
        OnnxReader.Node before = graph.maker(erf.input(0)).orElse(null);
        OnnxReader.Node plus = onlyUser(erf).orElse(null);
        OnnxReader.Node times = plus == null ? null : onlyUser(plus).orElse(null);
        if (before == null || times == null || graph.users(erf.input(0)).size() > 1
                || !has(before, "Div", Math.sqrt(2)) && !has(before, "Mul", Math.sqrt(0.5))
                || !has(plus, "Add", 1) || !is(times, "Mul")) {
            return;
        }
        String x = before.input(is(before, "Mul") && isConstant(before, 0, Math.sqrt(0.5)) ? 1 : 0);
        String other = other(times, plus);
        OnnxReader.Node half = other.equals(x) ? onlyUser(times).orElse(null) : graph.maker(other).orElse(null);
        if (half == null || !has(half, "Mul", 0.5) || !other.equals(x) && !(half.inputs().contains(x)
                && graph.users(other).size() == 1)) {
            return;
        }
        List.of(before, erf, plus, other.equals(x) ? times : half).forEach(graph::done);
        gelus.put(other.equals(x) ? half : times, x);
    }

    /** Adds the GELU of which a node is the last, if it is one. */
    boolean addGelu(OnnxReader.Node node) {
        if (gelus.containsKey(node)) {
            graph.put(node, byElement(Layers.activation("gelu"), graph.node(gelus.get(node), node.toString())));
        }
        return gelus.containsKey(node);
    }

    /**
     * Whether a node is of this type and has this number as the second of its inputs, or if that makes no difference the first.
     */
    private boolean has(OnnxReader.Node node, String type, double number) throws IOException {
        return is(node, type) && (isConstant(node, 1, number) || !type.equals("Div") && isConstant(node, 0, number));
    }
}

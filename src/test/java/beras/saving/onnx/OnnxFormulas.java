package beras.saving.onnx;

import beras.autograd.Call;
import beras.autograd.CustomGradient;
import beras.autograd.GradientTape;
import beras.autograd.Recorded;
import beras.initializers.Initializers;
import beras.kernels.UnaryOp;
import beras.layers.Concatenate;
import beras.layers.Conv2D;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.Node;
import beras.layers.SeparableConv2D;
import beras.layers.WeightSpec;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.tensor.Operation;
import beras.tensor.Operation.ScatterAdd;
import beras.tensor.Operation.Unary;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Layers that are made of operations of tensors: one for each operation, and such as people write. */
public final class OnnxFormulas {

    /** A formula of its inputs. */
    static class Formula extends Layer {

        private final int count;
        private final Function<List<Tensor>, Tensor> function;

        Formula(int count, Function<List<Tensor>, Tensor> function, Layer... inner) {
            this.count = count;
            this.function = function;
            for (Layer layer : inner) {
                addLayer(layer);
                if (!layer.built()) {
                    layer.seed(7); // before the call for the shape builds it
                }
            }
        }

        @Override
        protected int inputCount() {
            return count;
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return GradientTape.paused(() -> function.apply(inputs.stream().map(shape -> Tensor.ones(shape.prepend(2).toArray()))
                    .toList()).shape().rest());
        }

        @Override
        protected Tensor compute(Call call) {
            return function.apply(call.inputs());
        }
    }

    /** Weights beside a formula. */
    private static final class Scaled extends Layer {

        private final Supplier<Variable> scale = addWeight(
                inputs -> WeightSpec.of("scale", inputs.get(0), Initializers.glorotUniform()));
        private final Supplier<Variable> bias = addWeight(
                inputs -> WeightSpec.of("bias", inputs.get(0), Initializers.glorotUniform()));

        @Override
        protected Tensor compute(Call call) {
            Tensor x = call.input(0);
            Tensor centered = x.subtract(x.mean(1).expandDims(1));
            Tensor normal = centered.divide(x.variance(1).add(1e-3).sqrt().expandDims(1));
            return normal.multiply(scale.get()).add(bias.get());
        }
    }

    /** One head, with the mask of a decoder. */
    private static final class Attention extends Layer {

        private final Dense query = addLayer(new Dense(4));
        private final Dense key = addLayer(new Dense(4).useBias(false));
        private final Dense value = addLayer(new Dense(4));
        private final Dropout dropout = addLayer(new Dropout(0.5));
        private final LayerNormalization normalization = addLayer(new LayerNormalization());

        @Override
        protected Tensor compute(Call call) {
            Tensor x = call.input(0);
            int n = x.dim(1);
            Tensor q = heads(query.call(x));
            Tensor k = heads(key.call(x));
            Tensor scores = q.matmul(k.transpose(0, 1, 3, 2)).multiply(0.5);
            Tensor mask = Tensor.generate(i -> i % n > i / n ? 1 : 0, n, n);
            Tensor shares = dropout.call(Tensor.where(mask, Tensor.scalar(-1e9), scores).softmax(-1));
            Tensor mixed = shares.matmul(heads(value.call(x))).transpose(0, 2, 1, 3).reshape(x.dim(0), n, 4);
            return normalization.call(x.add(mixed));
        }

        /** To {@code (batch, heads, steps, features)}. */
        private static Tensor heads(Tensor x) {
            return x.reshape(x.dim(0), x.dim(1), 2, 2).transpose(0, 2, 1, 3);
        }
    }

    /** A cell over the steps, from a state of zeros. */
    private static final class Recurrent extends Layer {

        private final Dense next = addLayer(new Dense(3, "tanh"));
        private final Dense gate = addLayer(new Dense(3, "sigmoid"));

        @Override
        public Shape outputShape(Shape input) {
            return Shape.of(3);
        }

        @Override
        protected Tensor compute(Call call) {
            Tensor x = call.input(0);
            Tensor state = Tensor.zeros(x.dim(0), 3);
            for (int t = 0; t < x.dim(1); t++) {
                Tensor both = Tensor.concatenate(1, x.slice(1, t, t + 1).squeeze(1), state);
                Tensor z = gate.call(both);
                state = z.multiply(state).add(z.negate().add(1).multiply(next.call(both)));
            }
            return state;
        }
    }

    /** A word before all others, and the place of each: both are learnt. */
    private static final class WithClass extends Layer {

        private final Embedding words = addLayer(new Embedding(7, 3));
        private final Variable first = addWeight("class", Shape.of(1, 1, 3), Initializers.glorotUniform());
        private final Supplier<Variable> places = addWeight(inputs ->
                WeightSpec.of("places", Shape.of(inputs.get(0).dim(0) + 1, 3), Initializers.glorotUniform()));

        @Override
        public Shape outputShape(Shape input) {
            return Shape.of(7);
        }

        @Override
        protected Tensor compute(Call call) {
            Tensor x = words.call(call.input(0));
            Tensor all = Tensor.concatenate(1, first.broadcastTo(x.dim(0), 1, 3), x).add(places.get());
            return all.sum(1).matmul(words.weights().get(0).transpose()); // the table of words once more
        }
    }

    private static final Map<String, Model> CASES = new LinkedHashMap<>();

    /** All by name. */
    public static Map<String, Model> all() {
        CASES.clear();
        for (UnaryOp op : UnaryOp.values()) {
            boolean positive = op == UnaryOp.LOG || op == UnaryOp.SQRT;
            one(op.toString(), x -> new Unary(op, 0.3f).apply(positive ? x.abs().add(0.1) : x), 3, 4);
        }
        two("arithmetic", (a, b) -> a.add(b).multiply(a).subtract(b).divide(b.square().add(0.5)), Shape.of(3, 4), Shape.of(3, 1));
        two("extremes", (a, b) -> a.maximum(b).add(a.minimum(0.25)), Shape.of(3), Shape.of(3));
        two("powers", (a, b) -> a.abs().add(0.1).power(b).add(a.power(2)), Shape.of(3), Shape.of(3));
        two("comparisons", (a, b) -> a.greater(b).add(a.less(0).multiply(2)).add(a.greaterEqual(1).multiply(4))
                .add(a.lessEqual(b).multiply(8)).add(a.floor().equal(b.floor()).multiply(16)).add(a.notEqual(1)), Shape.of(8),
                Shape.of(8));
        two("where", (a, b) -> Tensor.where(a.greater(b), a.exp(), b).add(Tensor.where(a.relu(), b, Tensor.scalar(3))), Shape.of(8),
                Shape.of(8));
        one("clip", x -> x.clip(-0.5, 1.5).add(x.clip(Float.NEGATIVE_INFINITY, 0)), 6);
        reductions();
        one("softmaxes", x -> x.softmax(1).add(x.softmax(-1)).add(x.logSoftmax(2)), 3, 4);
        one("cumulative sums", x -> x.cumulativeSum(1).add(reversed(x, 2)), 3, 4);
        two("products of matrices", (a, b) -> a.matmul(b), Shape.of(2, 3, 4), Shape.of(1, 4, 5));
        one("products with a constant", x -> x.matmul(Tensor.generate(i -> i - 4, 4, 2)), 3, 4);
        one("pairs of examples", x -> x.softsign().matmul(x.softsign().transpose()).softmax(1)
                .matmul(x.softsign()), 4);
        two("as in NumPy", (a, b) -> Tensor.einsum("bij,bkj->bik", a, b.flip(1)).tril(1).add(a.multiply(3).round().any(2).expandDims(2))
                .repeat(1, 2).add(a.isNaN().all(1, 2).expandDims(1, 2)), Shape.of(3, 4), Shape.of(5, 4));
        shapes();
        people();
        return Map.copyOf(CASES);
    }

    private static void reductions() {
        for (Operation.Reduction reduction : Operation.Reduction.values()) {
            one(reduction.toString(), x -> new Operation.Reduce(reduction, 1, 3).apply(x).expandDims(1).add(
                    new Operation.Reduce(reduction, 2).apply(x)), 2, 3, 3);
            one(reduction + " of all", x -> x.multiply(new Operation.Reduce(reduction, 0, 1).apply(x.softsign())), 4);
            one(reduction + " of no axis", x -> x.multiply(new Operation.Reduce(reduction).apply(x.sum())).softsign(), 4);
        }
        one("means and deviations", x -> x.mean(1, 2).add(x.variance(1, 2).sqrt()), 3, 2, 4);
        one("logarithm of a sum", x -> x.logSumExp(1).add(x.logSumExp(1, 2).expandDims(1)), 3, 4);
    }

    private static void shapes() {
        one("reshape", x -> x.reshape(-1, 4).multiply(2).reshape(x.dim(0), 2, 6).reshape(x.size()).reshape(x.dim(0), 12), 3, 4);
        one("the batch last", x -> x.transpose().transpose().transpose(1, 0).multiply(2).transpose(), 4);
        one("the steps first", x -> x.transpose(1, 0, 2).cumulativeSum(0).transpose(1, 2, 0).transpose(0, 2, 1), 3, 4);
        one("broadcast", x -> x.expandDims(1).broadcastTo(x.dim(0), 3, 4).add(Tensor.of(1, 2, 3).reshape(3, 1).broadcastTo(3, 4)), 4);
        one("broadcast to the batch", x -> x.mean(1).sum(0).broadcastTo(x.dim(0), 2), 4);
        one("slice", x -> x.slice(1, 1, 3).add(x.slice(-1, 0, 4).slice(1, 0, 2)).multiply(x.slice(2, 3, 4).slice(1, 0, 1)), 3, 4);
        one("split", x -> x.split(1, 2).get(1).multiply(x.split(1, 2).get(0)), 6);
        one("pad", x -> x.pad(1, 1, 2).pad(2, 0, 1), 3, 4);
        two("concatenate and stack", (a, b) -> Tensor.concatenate(2, Tensor.stack(1, a, a), Tensor.stack(-2, b, b)), Shape.of(3),
                Shape.of(4));
        one("gather", x -> x.gather(1, 2, 0, 2).gather(-1, 3), 3, 4);
        one("scatter", x -> new ScatterAdd(1, 5, 4, 1, 4).apply(x).add(new ScatterAdd(2, 1, 0, 0).apply(x).sum(1).expandDims(1)), 3,
                2);
        one("copies and stops", x -> x.copy().add(x.stopGradient().square()).add(x.transpose().contiguous().transpose()), 3);
        one("one-hot", x -> x.greater(0).oneHot(2), 3);
        one("constants of the batch", x -> Tensor.concatenate(1, x, Tensor.zeros(x.dim(0), 2), Tensor.of(1, 2).broadcastTo(x.dim(0),
                2)), 3);
        one("the input itself", x -> x, 3);
    }

    private static void people() {
        two("distance", (a, b) -> a.subtract(b).square().sum(1).sqrt(), Shape.of(4), Shape.of(4));
        one("attention", new Attention(), 3, 4);
        one("layer normalization by formula", new Scaled(), 6);
        one("recurrent cell", new Recurrent(), 4, 2);
        CASES.put("embedding with a class", OnnxCases.disturbed(new Sequential(1, new Input(3), new WithClass())));
        Dense hidden = new Dense(8);
        hidden.with("activityRegularizer", "l2(0.1)"); // whose penalty is recorded, too
        Dense last = new Dense(4, "relu");
        one("gated unit", new Formula(1, of(x -> {
            List<Tensor> halves = hidden.call(x.softsign()).split(-1, 2);
            return last.call(halves.get(0).multiply(halves.get(1).silu()));
        }), hidden, last), 5);
        Conv2D convolution = new Conv2D(4, 2);
        Dense squeeze = new Dense(2, "relu");
        Dense excite = new Dense(4, "sigmoid");
        one("squeeze and excite", new Formula(1, of(image -> {
            Tensor x = convolution.call(image);
            return x.multiply(excite.call(squeeze.call(x.mean(1, 2))).expandDims(1, 2)).add(convolution.w().sum(0, 1, 2));
        }), convolution, squeeze, excite), 4, 3, 2);
        SeparableConv2D separable = new SeparableConv2D(3, 2);
        Concatenate join = new Concatenate();
        Sequential tower = new Sequential(3, new Input(3, 2, 3), new Conv2D(3, 1, "relu"), new Doubled());
        one("layers inside layers", new Formula(1, of(x -> {
            Tensor y = separable.call(x);
            return join.call(y, tower.call(y));
        }), separable, join, tower), 4, 3, 2);
        Dense potential = new Dense(3, "tanh");
        CustomGradient round = new CustomGradient(x -> x.get(0).add(0.5).floor(), (x, y, upstream) -> List.of(upstream));
        CustomGradient nothing = new CustomGradient(x -> x.get(0), (x, y, upstream) -> List.of(upstream.multiply(2)));
        one("straight through", x -> nothing.call(round.call(x.multiply(4)).divide(4)), 3);
        one("a gradient as a layer", new Formula(1, of(x -> {
            Recorded recorded = Recorded.of(() -> x.gather(1, 0, 2, 0).multiply(x).square().sum(1).norm(0), x);
            return potential.call(recorded.gradient(x));
        }), potential), 3);
    }

    /** Twice the input. */
    private static final class Doubled extends Layer {

        @Override
        protected Tensor compute(Call call) {
            return call.input(0).add(call.input(0));
        }
    }

    private static Tensor reversed(Tensor x, int axis) {
        return new Operation.CumulativeSum(axis, true).apply(x);
    }

    private static Function<List<Tensor>, Tensor> of(UnaryOperator<Tensor> function) {
        return inputs -> function.apply(inputs.get(0));
    }

    private static void one(String name, UnaryOperator<Tensor> function, int... shape) {
        one(name, new Formula(1, of(function)), shape);
    }

    private static void one(String name, Layer layer, int... shape) {
        CASES.put(name, OnnxCases.disturbed(new Sequential(1, new Input(shape), layer)));
    }

    private static void two(String name, BinaryOperator<Tensor> function, Shape a, Shape b) {
        List<Node> inputs = Stream.of(a, b).map(shape -> new Input(shape.toArray()).apply()).toList();
        Layer layer = new Formula(2, tensors -> function.apply(tensors.get(0), tensors.get(1)));
        CASES.put(name, new Functional(inputs, List.of(layer.apply(inputs.toArray(Node[]::new)))));
    }

    private OnnxFormulas() {}
}

package beras.autograd;

import beras.kernels.UnaryOp;
import beras.tensor.Operation;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A case of the table of operations: a function of tensors, and some shapes of its inputs.
 *
 * @param name     begins with the operation's name on a tape
 * @param positive whether inputs must be above 0
 * @param ulps     how far a result may be off, in units in its last place; of sums, in the last place of the largest input or result
 */
record OperationCase(String name, Function<List<Tensor>, Tensor> function, boolean positive, double ulps, List<List<Shape>> shapes) {

    /** Any sizes: none, one, odd ones, and more than a vector has lanes. */
    private static final List<Shape> ANY = List.of(Shape.of(), Shape.of(1), Shape.of(3, 5), Shape.of(2, 0, 3), Shape.of(0),
            Shape.of(7, 1, 3), Shape.of(37), Shape.of(2, 3, 1, 5));

    static final List<OperationCase> ALL = all();

    /** Each operation, by the method that applies it, with all kinds of settings. */
    private static List<OperationCase> all() {
        List<OperationCase> all = new ArrayList<>();
        unaries(all);
        binaries(all);
        reductions(all);
        alongAxes(all);
        views(all);
        composed(all);
        return List.copyOf(all);
    }

    private static void unaries(List<OperationCase> all) {
        all.add(unary("LINEAR", x -> new Operation.Unary(UnaryOp.LINEAR, 0f).apply(x), 0));
        all.add(unary("RELU", Tensor::relu, 0));
        all.add(unary("LEAKY_RELU", x -> x.leakyRelu(0.3), 0.5));
        all.add(unary("SIGMOID", Tensor::sigmoid, 2));
        all.add(unary("TANH", Tensor::tanh, 2));
        all.add(unary("EXP", Tensor::exp, 2));
        all.add(positive("LOG", Tensor::log, 2));
        all.add(positive("SQRT", Tensor::sqrt, 0.5));
        all.add(unary("ELU", x -> x.elu(0.7), 2));
        all.add(unary("SELU", Tensor::selu, 2));
        all.add(unary("GELU", Tensor::gelu, 4));
        all.add(unary("GELU_TANH", Tensor::geluTanh, 4));
        all.add(unary("SILU", Tensor::silu, 3));
        all.add(unary("MISH", Tensor::mish, 4));
        all.add(unary("SOFTPLUS", Tensor::softplus, 2));
        all.add(unary("SOFTSIGN", Tensor::softsign, 2));
        all.add(unary("HARD_SIGMOID", Tensor::hardSigmoid, 2));
        for (UnaryOp op : List.of(UnaryOp.CELU, UnaryOp.HARD_SILU, UnaryOp.LOG_SIGMOID, UnaryOp.SQUARE_PLUS, UnaryOp.TANH_SHRINK)) {
            all.add(unary(op.name(), x -> new Operation.Unary(op, 0.7f).apply(x), 2));
        }
        all.add(unary("ABS", Tensor::abs, 0));
        all.add(unary("SIGN", x -> x.sign().add(x), 0.5));
        all.add(unary("SQUARE", Tensor::square, 0.5));
        all.add(unary("SIN", Tensor::sin, 0.5));
        all.add(unary("COS", Tensor::cos, 0.5));
        all.add(unary("ERF", Tensor::erf, 2));
        all.add(unary("FLOOR", x -> x.floor().add(x), 0.5));
        all.add(unary("Clip", x -> x.clip(-0.7, 0.9), 0.5));
    }

    private static void binaries(List<OperationCase> all) {
        all.add(binary("ADD", Tensor::add, 0.5));
        all.add(binary("SUBTRACT", Tensor::subtract, 0.5));
        all.add(binary("MULTIPLY", Tensor::multiply, 0.5));
        all.add(binary("DIVIDE", (a, b) -> a.divide(b), 0.5));
        all.add(binary("MAXIMUM", Tensor::maximum, 0));
        all.add(binary("MINIMUM", Tensor::minimum, 0));
        OperationCase power = binary("POWER", Tensor::power, 0.51);
        all.add(new OperationCase(power.name, power.function, true, power.ulps, power.shapes));
        all.add(unary("POWER of any base", x -> x.power(3), 0.51));
        all.add(binary("GREATER", (a, b) -> a.greater(b).add(a), 0.5));
        all.add(binary("GREATER_EQUAL", (a, b) -> a.greaterEqual(b).add(a), 0.5));
        all.add(binary("EQUAL", (a, b) -> a.equal(b).add(a), 0.5));
        all.add(of("Where", 0, x -> Tensor.where(x.get(0), x.get(1), x.get(2)), Shape.of(3, 5), Shape.of(3, 5), Shape.of(3, 5)));
        all.add(of("Where of broadcast ones", 0, x -> Tensor.where(x.get(0).greater(0), x.get(1), x.get(2)),
                Shape.of(3, 1), Shape.of(5), Shape.of(2, 1, 1)));
        all.add(of("Where of numbers", 0, x -> Tensor.where(x.get(0).greater(0), x.get(1), x.get(2)),
                Shape.of(2, 3), Shape.of(), Shape.of(1, 1)));
        all.add(of("MatMul", 2, x -> x.get(0).matmul(x.get(1)), Shape.of(3, 5), Shape.of(5, 2)));
        all.add(of("MatMul of one step", 0.5, x -> x.get(0).matmul(x.get(1)), Shape.of(3, 1), Shape.of(1, 7)));
        all.add(of("MatMul of no steps", 0, x -> x.get(0).matmul(x.get(1)), Shape.of(3, 0), Shape.of(0, 2)));
        all.add(of("MatMul of no rows", 0, x -> x.get(0).matmul(x.get(1)), Shape.of(2, 0, 3), Shape.of(2, 3, 2)));
        all.add(of("MatMul of batches", 2, x -> x.get(0).matmul(x.get(1)), Shape.of(2, 3, 5), Shape.of(2, 5, 4)));
        all.add(of("MatMul of batches by one matrix", 2, x -> x.get(0).matmul(x.get(1)), Shape.of(2, 3, 3, 5), Shape.of(5, 4)));
        all.add(of("MatMul of one matrix by batches", 2, x -> x.get(0).matmul(x.get(1)), Shape.of(3, 5), Shape.of(2, 2, 5, 4)));
        all.add(of("MatMul of broadcast batches", 2, x -> x.get(0).matmul(x.get(1)), Shape.of(2, 1, 3, 5), Shape.of(3, 5, 1)));
    }

    private static void reductions(List<OperationCase> all) {
        int[][] axes = {{}, {0}, {1}, {-1}, {0, 1}, {0, 2}, {1, -1}, {0, 1, 2}, {1, 3}, {0, 3}};
        for (int[] some : axes) {
            String along = " along " + Arrays.toString(some);
            List<Shape> shapes = List.of(Shape.of(3, 5, 2, 1), Shape.of(1, 7, 3, 1), Shape.of(2, 1, 1, 37));
            List<Shape> empty = List.of(Shape.of(0, 3, 2, 2), Shape.of(2, 0, 2, 3));
            all.add(many("SUM" + along, 2, x -> x.sum(some), shapes, empty));
            all.add(many("MAX" + along, 0, x -> x.max(some), shapes, List.of()));
            all.add(many("MIN" + along, 0, x -> x.min(some), shapes, List.of()));
            all.add(many("PRODUCT" + along, 2, x -> x.product(some), List.of(Shape.of(3, 1, 2, 2), Shape.of(1, 3, 3, 1)), empty));
            all.add(many("NORM" + along, 2, x -> x.norm(some), List.of(Shape.of(3, 5, 2, 2), Shape.of(2, 3, 2, 5)), empty));
        }
    }

    private static void alongAxes(List<OperationCase> all) {
        for (int axis : new int[] {0, 1, 2, -1, -2}) {
            List<Shape> shapes = List.of(Shape.of(3, 5, 4), Shape.of(1, 1, 1), Shape.of(2, 17, 1), Shape.of(1, 2, 19));
            List<Shape> empty = List.of(Shape.of(0, 3, 2), Shape.of(2, 0, 3), Shape.of(2, 3, 0));
            String along = " along " + axis;
            all.add(many("SOFTMAX" + along, 2, x -> x.softmax(axis), shapes, empty));
            all.add(many("LOG_SOFTMAX" + along, 2, x -> x.logSoftmax(axis), shapes, empty));
            all.add(many("CumulativeSum" + along, 1, x -> x.cumulativeSum(axis), shapes, empty));
            int from0 = axis < 0 ? axis + 3 : axis;
            all.add(many("CumulativeSum reversed" + along, 1, x -> new Operation.CumulativeSum(from0, true).apply(x), shapes, empty));
            List<Shape> three = List.of(Shape.of(3, 5, 4), Shape.of(4, 3, 3));
            all.add(many("Slice" + along, 0, x -> x.slice(axis, 1, 3), three, List.of()));
            all.add(many("Slice of nothing" + along, 0, x -> x.slice(axis, 1, 1), three, List.of()));
            all.add(many("Pad" + along, 0, x -> x.pad(axis, 2, 1), three, empty));
            all.add(many("Pad by nothing" + along, 0, x -> x.pad(axis, 0, 0), three, empty));
            all.add(many("Gather" + along, 0, x -> x.gather(axis, 2, 0, 2, 2, 1), three, List.of()));
            all.add(many("Gather of nothing" + along, 0, x -> x.gather(axis), three, empty));
            all.add(many("ScatterAdd" + along, 1, x -> new Operation.ScatterAdd(from0, 6, 5, 1, 1).apply(x),
                    List.of(Shape.of(3, 3, 3)), List.of()));
            all.add(of("Concatenate" + along, 0, x -> Tensor.concatenate(axis, x.get(0), x.get(1), x.get(2)),
                    Shape.of(2, 3, 4), Shape.of(2, 3, 4), Shape.of(2, 3, 4)));
        }
        all.add(of("Concatenate of several sizes", 0, x -> Tensor.concatenate(1, x.get(0), x.get(1), x.get(2)),
                Shape.of(2, 3), Shape.of(2, 0), Shape.of(2, 1)));
    }

    private static void views(List<OperationCase> all) {
        all.add(unary("StopGradient", x -> x.stopGradient().multiply(x), 0.5));
        all.add(unary("Copy", Tensor::copy, 0));
        all.add(unary("Reshape", x -> x.reshape(x.size()), 0));
        all.add(unary("Reshape of what is transposed", x -> x.transpose().reshape(x.size()), 0));
        all.add(unary("Transpose", Tensor::transpose, 0));
        all.add(many("Transpose in another order", 0, x -> x.transpose(2, 0, 1), List.of(Shape.of(2, 3, 5)), List.of(Shape.of(2, 0, 3))));
        all.add(many("BroadcastTo", 0, x -> x.broadcastTo(2, 3, 2, 5), List.of(Shape.of(), Shape.of(5), Shape.of(3, 1, 5),
                Shape.of(1, 2, 1)), List.of()));
        all.add(many("BroadcastTo nothing", 0, x -> x.broadcastTo(2, 0, 3), List.of(Shape.of(3), Shape.of(1, 1)), List.of(Shape.of(0, 1))));
    }

    /** Methods that apply several operations. */
    private static void composed(List<OperationCase> all) {
        List<Shape> shapes = List.of(Shape.of(3, 5), Shape.of(1, 7), Shape.of(5, 1));
        all.add(many("mean", 4, x -> x.mean(1), shapes, List.of()));
        all.add(many("mean of all", 4, x -> x.mean(), shapes, List.of()));
        all.add(many("variance", 8, x -> x.variance(0), shapes, List.of()));
        all.add(many("logSumExp", 4, x -> x.logSumExp(-1), List.of(Shape.of(3, 5), Shape.of(1, 7)), List.of()));
        all.add(many("logSumExp of all", 4, x -> x.logSumExp(), shapes, List.of()));
        all.add(many("negate", 0, Tensor::negate, shapes, List.of()));
        all.add(many("expandDims", 0, x -> x.expandDims(0, -1), shapes, List.of()));
        all.add(many("squeeze", 0, x -> x.expandDims(1).squeeze(1), shapes, List.of()));
        all.add(many("split", 0, x -> x.split(1, x.dim(1)).get(x.dim(1) - 1), shapes, List.of()));
        numpy(all);
        all.add(of("stack", 0, x -> Tensor.stack(-1, x.get(0), x.get(1)), Shape.of(2, 3), Shape.of(2, 3)));
    }

    private static void numpy(List<OperationCase> all) {
        List<Shape> shapes = List.of(Shape.of(3, 5, 4), Shape.of(1, 7, 3), Shape.of(2, 3, 1));
        List<Shape> empty = List.of(Shape.of(0, 3, 2), Shape.of(2, 3, 0));
        for (int axis = 0; axis < 3; axis++) {
            int along = axis;
            all.add(many("sort along " + along, 0, x -> x.sort(along - 3), shapes, empty));
            all.add(many("topK along " + along, 0, x -> x.topK(along, x.dim(along) / 2).values(), shapes, empty));
            all.add(many("takeAlong " + along, 0, x -> x.takeAlong(along, x.slice(along, 0, 1).multiply(0).abs()), shapes, List.of()));
            all.add(many("flip along " + along, 0, x -> x.flip(along), shapes, empty));
            all.add(many("repeat along " + along, 0, x -> x.repeat(along, 3), shapes, empty));
        }
        all.add(many("tril", 0, x -> x.tril(0), shapes, empty));
        all.add(many("triu", 0, x -> x.triu(1), shapes, empty));
        all.add(many("flip of all", 0, x -> x.flip(), shapes, empty));
        all.add(many("round and add", 1, x -> x.multiply(3).round().add(x), ANY, List.of()));
        all.add(many("isNaN, any and all", 2, x -> x.isNaN().add(x.floor().any(0)).add(x.floor().all(0)).multiply(x), shapes, List.of()));
        all.add(of("einsum of a batch", 2, x -> Tensor.einsum("bij,bjk->kbi", x.get(0), x.get(1)), Shape.of(2, 3, 5), Shape.of(2, 5, 4)));
        all.add(of("einsum of three", 8, x -> Tensor.einsum("ia, ibk, ka -> bi", x.get(0), x.get(1), x.get(2)),
                Shape.of(3, 5), Shape.of(3, 2, 4), Shape.of(4, 5)));
        all.add(of("einsum of an outer product", 0.5, x -> Tensor.einsum("i,kj", x.get(0), x.get(1)), Shape.of(3), Shape.of(2, 5)));
        for (Shape[] each : new Shape[][] {{Shape.of(3, 3), Shape.of(3, 2)}, {Shape.of(4, 4), Shape.of(4)}, {Shape.of(1, 1), Shape.of(1)},
            {Shape.of(2, 3, 3), Shape.of(3, 1)}, {Shape.of(3, 3), Shape.of(2, 3, 2)}, {Shape.of(0, 0), Shape.of(0, 2)},
            {Shape.of(0, 2, 2), Shape.of(2, 3)}, {Shape.of(2, 2), Shape.of(2, 0)}}) {
            all.add(of("Solve " + Arrays.toString(each), 1,
                    x -> x.get(0).add(Tensor.eye(x.get(0).dim(-1)).multiply(4)).solve(x.get(1)), each));
        }
        all.add(of("inverse", 1, x -> x.get(0).add(Tensor.eye(3).multiply(4)).inverse(), Shape.of(2, 3, 3)));
    }

    static OperationCase of(String name, double ulps, Function<List<Tensor>, Tensor> function, Shape... inputs) {
        return new OperationCase(name, function, false, ulps, List.of(List.of(inputs)));
    }

    private static OperationCase unary(String name, UnaryOperator<Tensor> function, double ulps) {
        return many(name, ulps, function, ANY, List.of());
    }

    private static OperationCase positive(String name, UnaryOperator<Tensor> function, double ulps) {
        return new OperationCase(name, x -> function.apply(x.get(0)), true, ulps, unary(name, function, ulps).shapes);
    }

    private static OperationCase many(String name, double ulps, UnaryOperator<Tensor> function, List<Shape> shapes, List<Shape> empty) {
        List<List<Shape>> all = new ArrayList<>();
        shapes.forEach(shape -> all.add(List.of(shape)));
        empty.forEach(shape -> all.add(List.of(shape)));
        return new OperationCase(name, x -> function.apply(x.get(0)), false, ulps, all);
    }

    private static OperationCase binary(String name, BinaryOperator<Tensor> function, double ulps) {
        List<List<Shape>> pairs = new ArrayList<>();
        ANY.forEach(shape -> pairs.add(List.of(shape, shape)));
        pairs.add(List.of(Shape.of(3, 5), Shape.of(5)));
        pairs.add(List.of(Shape.of(1), Shape.of(2, 3)));
        pairs.add(List.of(Shape.of(4, 1, 3), Shape.of(2, 1)));
        return new OperationCase(name, x -> function.apply(x.get(0), x.get(1)), false, ulps, pairs);
    }

    /** Normal numbers, the same in every run. */
    List<Tensor> inputs(List<Shape> ofShapes) {
        List<Tensor> inputs = new ArrayList<>();
        for (Shape shape : ofShapes) {
            Rng rng = new Rng(1, name, inputs.size());
            inputs.add(Tensor.generate(i -> positive ? 0.2 + Math.abs(rng.normal(i)) : rng.normal(i), shape.toArray()));
        }
        return inputs;
    }

    @Override
    public String toString() {
        return name;
    }
}

package beras.autograd;

import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.UnaryOp;
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
import beras.tensor.Operation.Solve;
import beras.tensor.Operation.Transpose;
import beras.tensor.Operation.Unary;
import beras.tensor.Operation.Where;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of derivatives: for each operation {@code z = f(x, y)} and each of its inputs, the gradient to that input, given the
 * gradient {@code g} to {@code z}: the vector-Jacobian product. An operation that is not here has no gradient.
 *
 * <p>The rules are made of operations, so an outer tape records them, and differentiates them again.
 */
final class Derivatives {

    /** A separate class: training by fused operations alone needs no rule, and 40 lambdas take time to link. */
    private static final class Table {

        private static final Map<Object, List<? extends Rule<?>>> RULES = new HashMap<>();

        static {
            binary(BinaryOp.ADD, (u, g) -> g, (u, g) -> g);
            binary(BinaryOp.SUBTRACT, (u, g) -> g, (u, g) -> g.negate());
            binary(BinaryOp.MULTIPLY, (u, g) -> g.multiply(u.y()), (u, g) -> g.multiply(u.x()));
            binary(BinaryOp.DIVIDE, (u, g) -> g.divide(u.y()), (u, g) -> g.multiply(u.z()).divide(u.y()).negate());
            binary(BinaryOp.POWER, (u, g) -> g.multiply(powerSlope(u.x(), u.y())),
                    (u, g) -> g.multiply(u.z().multiply(logOrZero(u.x()))));
            binary(BinaryOp.MAXIMUM, (u, g) -> g.multiply(share(u.x(), u.y())), (u, g) -> g.multiply(share(u.y(), u.x())));
            binary(BinaryOp.MINIMUM, (u, g) -> g.multiply(share(u.y(), u.x())), (u, g) -> g.multiply(share(u.x(), u.y())));

            for (UnaryOp op : UnaryOp.values()) {
                if (Slopes.exist(op)) {
                    RULES.put(op, List.<Rule<Unary>>of(Derivatives::ofElements));
                }
            }

            rule(Clip.class, (u, g) -> g.multiply(u.x().greaterEqual(u.op().min()).multiply(u.x().lessEqual(u.op().max()))));
            rule(Where.class, (u, g) -> null, (u, g) -> toShape(Tensor.where(u.x(), g, zero()), u.y().shape()),
                    (u, g) -> toShape(Tensor.where(u.x(), zero(), g), u.input(2).shape()));

            reduction(Reduction.SUM, (u, g) -> spread(u, g));
            reduction(Reduction.MAX, (u, g) -> ofLargest(u, g));
            reduction(Reduction.MIN, (u, g) -> ofLargest(u, g));
            reduction(Reduction.PRODUCT, (u, g) -> spread(u, g).multiply(productOfOthers(u)));
            reduction(Reduction.NORM, (u, g) -> spread(u, g.divide(oneForZero(u.z()))).multiply(u.x()));
            rule(CumulativeSum.class, (u, g) -> new CumulativeSum(u.op().axis(), !u.op().reversed()).apply(g));
            rule(Softmax.class, (u, g) -> u.op().logarithm() ? g.subtract(u.z().exp().multiply(sumAlong(g, u.op().axis())))
                    : u.z().multiply(g.subtract(sumAlong(g.multiply(u.z()), u.op().axis()))));

            rule(MatMul.class, (u, g) -> toShape(g.matmul(transposed(u.y())), u.x().shape()),
                    (u, g) -> toShape(transposed(u.x()).matmul(g), u.y().shape()));

            rule(Solve.class, (u, g) -> toShape(ofRightSide(u, g).matmul(transposed(u.z())).negate(), u.x().shape()),
                    (u, g) -> toShape(ofRightSide(u, g), u.y().shape()));

            rule(Copy.class, (u, g) -> g);
            rule(Reshape.class, (u, g) -> g.reshape(u.x().shape().toArray()));
            rule(Transpose.class, (u, g) -> g.transpose(inverse(u.op().axes())));
            rule(BroadcastTo.class, (u, g) -> toShape(g, u.x().shape()));
            rule(Slice.class, (u, g) -> g.pad(u.op().axis(), u.op().from(), u.x().dim(u.op().axis()) - u.op().to()));
            rule(Pad.class, (u, g) -> g.slice(u.op().axis(), u.op().before(), u.op().before() + u.x().dim(u.op().axis())));
            rule(Concatenate.class, (u, g) -> partOf(u, g));
            rule(Gather.class, (u, g) -> new ScatterAdd(u.op().axis(), u.x().dim(u.op().axis()), u.op().indices()).apply(g));
            rule(ScatterAdd.class, (u, g) -> g.gather(u.op().axis(), u.op().indices()));
        }

        private static <O extends Operation> void rule(Class<O> type, Rule<O> ofX) {
            RULES.put(type, List.of(ofX));
        }

        private static <O extends Operation> void rule(Class<O> type, Rule<O> ofX, Rule<O> ofY) {
            RULES.put(type, List.of(ofX, ofY));
        }

        private static <O extends Operation> void rule(Class<O> type, Rule<O> ofX, Rule<O> ofY, Rule<O> ofThird) {
            RULES.put(type, List.of(ofX, ofY, ofThird));
        }

        private static void binary(BinaryOp op, Rule<Binary> ofX, Rule<Binary> ofY) {
            RULES.put(op, List.of(toShapeOfInput(ofX), toShapeOfInput(ofY)));
        }

        private static Rule<Binary> toShapeOfInput(Rule<Binary> rule) {
            return (u, g) -> toShape(rule.apply(u, g), u.input(u.number()).shape());
        }

        private static void reduction(Reduction reduction, Rule<Reduce> rule) {
            RULES.put(reduction, List.of(rule));
        }
    }

    // --------------------------------------------------------------------------------------------------- rules

    /** The gradient to an input, given that to the output; null if there is none. */
    @FunctionalInterface
    private interface Rule<O extends Operation> {

        Tensor apply(Use<O> use, Tensor g);
    }

    /** One use of an operation, seen from one of its inputs. */
    private record Use<O extends Operation>(O op, OperationCall call, int number) {

        Tensor x() {
            return call.input(0);
        }

        Tensor y() {
            return call.input(1);
        }

        Tensor z() {
            return call.output();
        }

        Tensor input(int i) {
            return call.input(i);
        }
    }

    /** The kernel computes the product at once; where a tape records it, it is made of operations. */
    private static Tensor ofElements(Use<Unary> u, Tensor g) {
        UnaryOp op = u.op().op();
        if (GradientTape.isRecording()) {
            return g.multiply(Slopes.of(op, u.op().alpha(), u.x(), u.z()));
        }
        Tensor x = u.x().contiguous();
        Tensor out = u.call().allocate(x.shape());
        Backend.elements().mapGradient(op, u.op().alpha(), x.block(), u.z().contiguous().block(), g.contiguous().block(),
                out.block());
        return out;
    }

    private static List<? extends Rule<?>> rules(Operation operation) {
        return Table.RULES.get(operation instanceof Unary unary ? unary.op() : operation instanceof Binary binary ? binary.op()
                : operation instanceof Reduce reduce ? reduce.reduction() : operation.getClass());
    }

    /** Whether gradients come through an operation. */
    static boolean exist(Operation operation) {
        return operation instanceof FusedOperation || rules(operation) != null;
    }

    /** The gradient to input {@code i} of the use of an operation; null: zero. */
    @SuppressWarnings("unchecked") // a rule is listed under its operation
    static Tensor gradient(OperationCall call, int i, Tensor upstream) {
        Operation operation = call.operation();
        if (operation instanceof FusedOperation fused) {
            return fused.gradient(call, i, upstream);
        }
        List<? extends Rule<?>> rules = rules(operation);
        Rule<Operation> rule = (Rule<Operation>) rules.get(Math.min(i, rules.size() - 1));
        return rule.apply(new Use<>(operation, call, i), upstream);
    }

    // ------------------------------------------------------------------------------------------------- formulas

    private static Tensor one() {
        return Tensor.scalar(1);
    }

    private static Tensor zero() {
        return Tensor.scalar(0);
    }

    /** Sums over the axes that were broadcast from a shape. */
    private static Tensor toShape(Tensor g, Shape shape) {
        if (g.shape().equals(shape)) {
            return g;
        }
        int more = g.rank() - shape.rank();
        int[] axes = new int[g.rank()];
        int count = 0;
        for (int i = 0; i < g.rank(); i++) {
            if (i < more || shape.dim(i - more) != g.dim(i)) {
                axes[count++] = i;
            }
        }
        return (count == 0 ? g : g.sum(Arrays.copyOf(axes, count))).reshape(shape.toArray());
    }

    /** {@code y x^(y-1)}, and 0 for an exponent of 0 where x is 0 or NaN, too. */
    private static Tensor powerSlope(Tensor x, Tensor y) {
        Tensor base = Tensor.where(y, x, Tensor.where(x.abs().greater(0), x, one()));
        return y.multiply(base.power(y.subtract(1)));
    }

    private static Tensor logOrZero(Tensor x) {
        return Tensor.where(x.greater(0), x, one()).log();
    }

    /** 1 where a is the larger, 1/2 where both are equal, else 0. */
    private static Tensor share(Tensor a, Tensor b) {
        return a.greater(b).add(a.equal(b).multiply(0.5));
    }

    /** Repeats the result of a reduction for each element that it was computed from. */
    private static Tensor spread(Use<Reduce> u, Tensor reduced) {
        return reduced.expandDims(u.op().axes()).broadcastTo(u.x().shape());
    }

    /** Elements that are equally large share the gradient. */
    private static Tensor ofLargest(Use<Reduce> u, Tensor g) {
        Tensor chosen = u.x().equal(spread(u, u.z()));
        return spread(u, g.divide(chosen.sum(u.op().axes()))).multiply(chosen);
    }

    private static Tensor oneForZero(Tensor z) {
        return Tensor.where(z, z, one());
    }

    /** For each element, the product of all others along the axes: those before it times those after it. */
    private static Tensor productOfOthers(Use<Reduce> u) {
        int[] axes = u.op().axes();
        int[] order = new int[u.x().rank()];
        int kept = 0;
        for (int i = 0, last = order.length - axes.length; i < order.length; i++) {
            if (Arrays.binarySearch(axes, i) >= 0) {
                order[last++] = i;
            } else {
                order[kept++] = i;
            }
        }
        Tensor ordered = u.x().transpose(order);
        int n = 1;
        for (int axis : axes) {
            n *= u.x().dim(axis);
        }
        Tensor rows = ordered.reshape(n == 0 ? 0 : u.x().size() / n, n);
        Tensor[] before = new Tensor[n];
        Tensor[] after = new Tensor[n];
        for (int i = 0; i < n; i++) {
            before[i] = i == 0 ? Tensor.ones(rows.dim(0), 1) : before[i - 1].multiply(rows.slice(1, i - 1, i));
            after[n - 1 - i] = i == 0 ? Tensor.ones(rows.dim(0), 1) : after[n - i].multiply(rows.slice(1, n - i, n - i + 1));
        }
        Tensor products = n == 0 ? rows : Tensor.concatenate(1, before).multiply(Tensor.concatenate(1, after));
        return products.reshape(ordered.shape().toArray()).transpose(inverse(order));
    }

    private static Tensor sumAlong(Tensor g, int axis) {
        return g.sum(axis).expandDims(axis);
    }

    /** Before sums over broadcast axes; both rules need it. */
    private static Tensor ofRightSide(Use<Solve> u, Tensor g) {
        Tensor known = u.call().cached(g);
        return known != null ? known : u.call().cache(g, transposed(u.x()).solve(g));
    }

    private static Tensor transposed(Tensor matrices) {
        int[] axes = new int[matrices.rank()];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = i;
        }
        axes[axes.length - 1] = axes.length - 2;
        axes[axes.length - 2] = axes.length - 1;
        return matrices.transpose(axes);
    }

    private static int[] inverse(int[] axes) {
        int[] inverse = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            inverse[axes[i]] = i;
        }
        return inverse;
    }

    private static Tensor partOf(Use<Concatenate> u, Tensor g) {
        int from = 0;
        for (int i = 0; i < u.number(); i++) {
            from += u.input(i).dim(u.op().axis());
        }
        return g.slice(u.op().axis(), from, from + u.input(u.number()).dim(u.op().axis()));
    }

    private Derivatives() {}
}

package beras.autograd;

import beras.kernels.BinaryOp;
import beras.kernels.UnaryOp;
import beras.tensor.Memory;
import beras.tensor.Operation;
import beras.tensor.Operation.Binary;
import beras.tensor.Operation.BroadcastTo;
import beras.tensor.Operation.Clip;
import beras.tensor.Operation.CumulativeSum;
import beras.tensor.Operation.MatMul;
import beras.tensor.Operation.Reduce;
import beras.tensor.Operation.ScatterAdd;
import beras.tensor.Operation.Softmax;
import beras.tensor.Operation.Solve;
import beras.tensor.Operation.Unary;
import beras.tensor.Operation.Where;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * A tensor of doubles, row-major, and a second definition of each {@link Operation} that computes, as plain as it can be.
 * {@link GradientCheck} takes differences of it, and tests compare the kernels with it.
 */
record Doubles(Shape shape, double[] data) {

    private static final double SELU_SCALE = 1.0507009873554805;
    private static final double SELU_ALPHA = 1.6732632423543772;
    /** Refinements of a solution in floats; each leaves an error of about 1e-7 times the condition of the matrix. */
    private static final int REFINEMENTS = 8;

    static Doubles of(Tensor tensor) {
        float[] floats = tensor.toArray();
        return fill(tensor.shape(), i -> floats[i]);
    }

    private static Doubles fill(Shape shape, IntToDoubleFunction element) {
        double[] data = new double[shape.size()];
        Arrays.setAll(data, element);
        return new Doubles(shape, data);
    }

    /** Rounded to floats. */
    Tensor round() {
        return Tensor.generate(i -> data[i], shape.toArray());
    }

    /** With another element at a row-major position. */
    Doubles with(int position, double value) {
        double[] changed = data.clone();
        changed[position] = value;
        return new Doubles(shape, changed);
    }

    /** The result of an operation on these, in the shape of its result. */
    static Doubles compute(Operation operation, Shape shape, Doubles... in) {
        double[] x = in[0].data;
        if (operation instanceof Unary unary) {
            DoubleUnaryOperator function = function(unary.op(), unary.alpha());
            return fill(shape, i -> function.applyAsDouble(x[i]));
        } else if (operation instanceof Binary binary) {
            return zip(in[0], in[1], shape, (a, b) -> apply(binary.op(), a, b));
        } else if (operation instanceof Clip clip) {
            return fill(shape, i -> Math.min(Math.max(x[i], clip.min()), clip.max()));
        } else if (operation instanceof Where) {
            double[] condition = in[0].broadcast(shape).data;
            double[] first = in[1].broadcast(shape).data;
            double[] second = in[2].broadcast(shape).data;
            return fill(shape, i -> (condition[i] != 0 ? first : second)[i]);
        } else if (operation instanceof Reduce reduce) {
            return reduce(reduce, in[0], shape);
        } else if (operation instanceof ScatterAdd scatter) {
            return in[0].fold(positions(shape, 0).gather(scatter.axis(), scatter.indices()), shape, 0, Double::sum);
        } else if (operation instanceof Softmax softmax) {
            return softmax(softmax, in[0]);
        } else if (operation instanceof CumulativeSum sum) {
            return fill(shape, i -> in[0].fold(sum.axis(), i, 0, (s, k) -> (sum.reversed() ? k >= i : k <= i) ? s + x[(int) k] : s));
        } else if (operation instanceof MatMul) {
            return product(in[0], in[1], shape);
        } else if (operation instanceof Solve) {
            return solution(in[0], in[1], shape);
        }
        return moved(operation, shape, in);
    }

    // ------------------------------------------------------------------------------------------------ by positions

    /** The row-major positions of the elements of a shape, counted from a number; floats hold them exactly. */
    private static Tensor positions(Shape shape, int first) {
        return Tensor.generate(i -> first + i, shape.toArray());
    }

    /** An operation that only moves elements, or puts zeros between them, moves their positions. */
    private static Doubles moved(Operation operation, Shape shape, Doubles... in) {
        Tensor[] positions = new Tensor[in.length];
        double[] all = {0};
        for (int i = 0; i < in.length; i++) {
            positions[i] = positions(in[i].shape, all.length);
            all = DoubleStream.concat(Arrays.stream(all), Arrays.stream(in[i].data)).toArray();
        }
        double[] elements = all;
        float[] from = operation.compute(Memory.FRESH, positions).toArray();
        return fill(shape, i -> elements[(int) from[i]]);
    }

    private Doubles broadcast(Shape to) {
        return shape.equals(to) ? this : moved(new BroadcastTo(to), to, this);
    }

    private static Doubles zip(Doubles a, Doubles b, Shape shape, DoubleBinaryOperator function) {
        double[] x = a.broadcast(shape).data;
        double[] y = b.broadcast(shape).data;
        return fill(shape, i -> function.applyAsDouble(x[i], y[i]));
    }

    /** Folds each element into that of the result at the position that is given for it. */
    private Doubles fold(Tensor positions, Shape to, double identity, DoubleBinaryOperator function) {
        Doubles result = fill(to, i -> identity);
        float[] at = positions.toArray();
        for (int i = 0; i < data.length; i++) {
            result.data[(int) at[i]] = function.applyAsDouble(result.data[(int) at[i]], data[i]);
        }
        return result;
    }

    private static Doubles reduce(Reduce reduce, Doubles x, Shape shape) {
        int[] kept = x.shape.toArray();
        for (int axis : reduce.axes()) {
            kept[axis] = 1;
        }
        Tensor positions = positions(shape, 0).reshape(kept).broadcastTo(x.shape);
        return switch (reduce.reduction()) {
            case SUM -> x.fold(positions, shape, 0, Double::sum);
            case MAX -> x.fold(positions, shape, Double.NEGATIVE_INFINITY, Math::max);
            case MIN -> x.fold(positions, shape, Double.POSITIVE_INFINITY, Math::min);
            case PRODUCT -> x.fold(positions, shape, 1, (a, b) -> a * b);
            case NORM -> x.fold(positions, shape, 0, StrictMath::hypot);
        };
    }

    /** Folds the positions of all elements along an axis through that at a position. */
    private double fold(int axis, int position, double identity, DoubleBinaryOperator function) {
        int step = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            step *= shape.dim(i);
        }
        double result = identity;
        int first = position - position / step % shape.dim(axis) * step;
        for (int i = 0; i < shape.dim(axis); i++) {
            result = function.applyAsDouble(result, first + i * step);
        }
        return result;
    }

    private static Doubles softmax(Softmax softmax, Doubles x) {
        return fill(x.shape, i -> {
            double largest = x.fold(softmax.axis(), i, Double.NEGATIVE_INFINITY, (most, k) -> Math.max(most, x.data[(int) k]));
            double sum = x.fold(softmax.axis(), i, 0, (s, k) -> s + StrictMath.exp(x.data[(int) k] - largest));
            double logarithm = x.data[i] - largest - StrictMath.log(sum);
            return softmax.logarithm() ? logarithm : StrictMath.exp(logarithm);
        });
    }

    // ---------------------------------------------------------------------------------------------------- matrices

    private static Doubles product(Doubles a, Doubles b, Shape shape) {
        int m = shape.dim(-2);
        int n = shape.dim(-1);
        int terms = a.shape.dim(-1);
        double[] x = a.broadcast(shape.with(shape.rank() - 1, terms)).data;
        double[] y = b.broadcast(shape.with(shape.rank() - 2, terms)).data;
        return fill(shape, i -> {
            double sum = 0;
            for (int k = 0; k < terms; k++) {
                sum += x[i / n * terms + k] * y[(i / (m * n) * terms + k) * n + i % n];
            }
            return sum;
        });
    }

    private static Doubles solution(Doubles a, Doubles b, Shape shape) {
        Doubles x = fill(shape, i -> 0);
        for (int i = 0; i < REFINEMENTS; i++) {
            Doubles rest = zip(b, product(a, x, shape), shape, (right, left) -> right - left);
            x = zip(x, of(a.round().solve(rest.round())), shape, Double::sum);
        }
        return x;
    }

    // ------------------------------------------------------------------------------------------ element by element

    private static DoubleUnaryOperator function(UnaryOp op, double alpha) {
        return switch (op) {
            case LINEAR -> x -> x;
            case RELU -> x -> Math.max(x, 0);
            case LEAKY_RELU -> x -> x > 0 ? x : alpha * x;
            case SIGMOID -> Doubles::sigmoid;
            case TANH -> StrictMath::tanh;
            case EXP -> StrictMath::exp;
            case LOG -> StrictMath::log;
            case SQRT -> Math::sqrt;
            case ELU -> x -> x > 0 ? x : alpha * StrictMath.expm1(x);
            case SELU -> x -> SELU_SCALE * (x > 0 ? x : SELU_ALPHA * StrictMath.expm1(x));
            case GELU -> x -> x / 2 * (1 + erf(x * Math.sqrt(0.5)));
            case GELU_TANH -> x -> x / 2 * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case SILU -> x -> x * sigmoid(x);
            case MISH -> x -> x * StrictMath.tanh(softplus(x));
            case SOFTPLUS -> Doubles::softplus;
            case SOFTSIGN -> x -> x / (1 + Math.abs(x));
            case HARD_SIGMOID -> x -> Math.min(Math.max(x / 6 + 0.5, 0), 1);
            case CELU -> x -> x > 0 ? x : alpha * StrictMath.expm1(x / alpha);
            case HARD_SILU -> x -> x * Math.min(Math.max(x / 6 + 0.5, 0), 1);
            case LOG_SIGMOID -> x -> -softplus(-x);
            case SQUARE_PLUS -> x -> (x + Math.sqrt(x * x + alpha)) / 2;
            case TANH_SHRINK -> x -> x - StrictMath.tanh(x);
            case ABS -> Math::abs;
            case SIGN -> Math::signum;
            case SQUARE -> x -> x * x;
            case SIN -> StrictMath::sin;
            case COS -> StrictMath::cos;
            case ERF -> Doubles::erf;
            case FLOOR -> Math::floor;
        };
    }

    private static double apply(BinaryOp op, double a, double b) {
        return switch (op) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case POWER -> StrictMath.pow(a, b);
            case GREATER -> a > b ? 1 : 0;
            case GREATER_EQUAL -> a >= b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    /** By the series {@code 2 / sqrt(pi) exp(-x^2) (x + 2 x^3 / 3 + 4 x^5 / 15 + ...)}, whose terms have one sign. */
    private static double erf(double x) {
        if (!(Math.abs(x) < 6)) {
            return x < 0 ? -1 : x > 0 ? 1 : x;
        }
        double sum = 0;
        double term = x;
        for (int n = 1; sum + term != sum; n++) {
            sum += term;
            term *= 2 * x * x / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
    }
}

package beras.autograd;

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
import beras.tensor.Operation.StopGradient;
import beras.tensor.Operation.Transpose;
import beras.tensor.Operation.Unary;
import beras.tensor.Operation.Where;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * A tensor of doubles, row-major, and a second definition of each {@link Operation}: a loop over the indices of the result, as
 * plain as it can be. {@link GradientCheck} takes differences of it, and tests compare the kernels with it.
 */
record Doubles(Shape shape, double[] data) {

    private static final double SELU_SCALE = 1.0507009873554805;
    private static final double SELU_ALPHA = 1.6732632423543772;

    static Doubles of(Tensor tensor) {
        float[] floats = tensor.toArray();
        double[] data = new double[floats.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = floats[i];
        }
        return new Doubles(tensor.shape(), data);
    }

    /** The elements that a function gives for each index, which it must not change. */
    private static Doubles fill(Shape shape, ToDoubleFunction<int[]> element) {
        double[] data = new double[shape.size()];
        int[] index = new int[shape.rank()];
        for (int i = 0; i < data.length; i++) {
            data[i] = element.applyAsDouble(index);
            for (int axis = index.length - 1; axis >= 0 && ++index[axis] == shape.dim(axis); axis--) {
                index[axis] = 0;
            }
        }
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

    /** The element at an index, of which axes in front and those of size 1 do not count, as in broadcasting. */
    private double get(int[] index) {
        int at = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            int size = shape.dim(axis);
            at = at * size + (size == 1 ? 0 : index[index.length - shape.rank() + axis]);
        }
        return data[at];
    }

    /** As {@link #get(int[])}, with another index along an axis. */
    private double get(int[] index, int axis, int i) {
        int[] changed = index.clone();
        changed[axis] = i;
        return get(changed);
    }

    /** What an operation makes of these, in the shape of its result. */
    static Doubles compute(Operation operation, Shape shape, Doubles... in) {
        Doubles x = in[0];
        if (operation instanceof Unary unary) {
            DoubleUnaryOperator function = function(unary.op(), unary.alpha());
            return fill(shape, i -> function.applyAsDouble(x.get(i)));
        } else if (operation instanceof Binary binary) {
            return fill(shape, i -> apply(binary.op(), x.get(i), in[1].get(i)));
        } else if (operation instanceof Clip clip) {
            return fill(shape, i -> Math.min(Math.max(x.get(i), clip.min()), clip.max()));
        } else if (operation instanceof Where) {
            return fill(shape, i -> (x.get(i) != 0 ? in[1] : in[2]).get(i));
        } else if (operation instanceof Reduce reduce) {
            return reduce(reduce.reduction(), x, shape, reduce.axes());
        } else if (operation instanceof Softmax softmax) {
            return fill(shape, i -> softmax(softmax, x, i));
        } else if (operation instanceof CumulativeSum sum) {
            return fill(shape, i -> cumulativeSum(sum, x, i));
        } else if (operation instanceof MatMul) {
            return fill(shape, i -> product(x, in[1], i));
        } else if (operation instanceof Solve) {
            return fill(shape, i -> solved(x, in[1], i));
        } else if (operation instanceof Reshape || operation instanceof Copy || operation instanceof StopGradient) {
            return new Doubles(shape, x.data);
        } else if (operation instanceof Transpose transpose) {
            return fill(shape, i -> x.get(permuted(i, transpose.axes())));
        } else if (operation instanceof BroadcastTo) {
            return fill(shape, x::get);
        } else if (operation instanceof Slice slice) {
            return fill(shape, i -> x.get(i, slice.axis(), slice.from() + i[slice.axis()]));
        } else if (operation instanceof Pad pad) {
            return fill(shape, i -> padded(pad, x, i));
        } else if (operation instanceof Concatenate concatenate) {
            return fill(shape, i -> joined(concatenate.axis(), in, i));
        } else if (operation instanceof Gather gather) {
            return fill(shape, i -> x.get(i, gather.axis(), gather.indices()[i[gather.axis()]]));
        } else if (operation instanceof ScatterAdd scatter) {
            return fill(shape, i -> scattered(scatter, x, i));
        }
        throw new IllegalArgumentException("An operation without a definition in doubles: " + operation);
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

    // --------------------------------------------------------------------------------------------------- along axes

    private static Doubles reduce(Reduction reduction, Doubles x, Shape shape, int[] axes) {
        double[] out = new double[shape.size()];
        Arrays.fill(out, switch (reduction) {
            case SUM, NORM -> 0;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
            case PRODUCT -> 1;
        });
        fill(x.shape, i -> {
            int at = 0;
            for (int axis = 0; axis < i.length; axis++) {
                at = Arrays.binarySearch(axes, axis) >= 0 ? at : at * x.shape.dim(axis) + i[axis];
            }
            double element = x.get(i);
            out[at] = switch (reduction) {
                case SUM -> out[at] + element;
                case MAX -> Math.max(out[at], element);
                case MIN -> Math.min(out[at], element);
                case PRODUCT -> out[at] * element;
                case NORM -> StrictMath.hypot(out[at], element);
            };
            return element;
        });
        return new Doubles(shape, out);
    }

    private static double softmax(Softmax softmax, Doubles x, int[] index) {
        int axis = softmax.axis();
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < x.shape.dim(axis); i++) {
            largest = Math.max(largest, x.get(index, axis, i));
        }
        double sum = 0;
        for (int i = 0; i < x.shape.dim(axis); i++) {
            sum += StrictMath.exp(x.get(index, axis, i) - largest);
        }
        double logarithm = x.get(index) - largest - StrictMath.log(sum);
        return softmax.logarithm() ? logarithm : StrictMath.exp(logarithm);
    }

    private static double cumulativeSum(CumulativeSum operation, Doubles x, int[] index) {
        int axis = operation.axis();
        double sum = 0;
        for (int i = 0; i < x.shape.dim(axis); i++) {
            sum += (operation.reversed() ? i >= index[axis] : i <= index[axis]) ? x.get(index, axis, i) : 0;
        }
        return sum;
    }

    private static double product(Doubles a, Doubles b, int[] index) {
        int last = index.length - 1;
        double sum = 0;
        for (int k = 0; k < a.shape.dim(-1); k++) {
            sum += a.get(index, last, k) * b.get(index, last - 1, k);
        }
        return sum;
    }

    /** Gauss-Jordan elimination with partial pivoting. */
    private static double solved(Doubles a, Doubles b, int[] index) {
        int n = a.shape.dim(-1);
        double[][] rows = new double[n][n + 1];
        int[] at = index.clone();
        for (int i = 0; i < n; i++) {
            at[at.length - 2] = i;
            for (int j = 0; j < n; j++) {
                rows[i][j] = a.get(at, at.length - 1, j);
            }
            rows[i][n] = b.get(at);
        }
        for (int j = 0; j < n; j++) {
            int column = j;
            Arrays.sort(rows, j, n, Comparator.comparingDouble(row -> -Math.abs(row[column])));
            for (int i = 0; i < n; i++) {
                double factor = i == j ? 0 : rows[i][j] / rows[j][j];
                for (int c = j; c <= n; c++) {
                    rows[i][c] -= factor * rows[j][c];
                }
            }
        }
        return rows[index[index.length - 2]][n] / rows[index[index.length - 2]][index[index.length - 2]];
    }

    private static int[] permuted(int[] index, int[] axes) {
        int[] permuted = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            permuted[axes[i]] = index[i];
        }
        return permuted;
    }

    private static double padded(Pad pad, Doubles x, int[] index) {
        int i = index[pad.axis()] - pad.before();
        return i < 0 || i >= x.shape.dim(pad.axis()) ? 0 : x.get(index, pad.axis(), i);
    }

    private static double joined(int axis, Doubles[] parts, int[] index) {
        int i = index[axis];
        int part = 0;
        while (i >= parts[part].shape.dim(axis)) {
            i -= parts[part++].shape.dim(axis);
        }
        return parts[part].get(index, axis, i);
    }

    private static double scattered(ScatterAdd scatter, Doubles x, int[] index) {
        double sum = 0;
        for (int i = 0; i < scatter.indices().length; i++) {
            sum += scatter.indices()[i] == index[scatter.axis()] ? x.get(index, scatter.axis(), i) : 0;
        }
        return sum;
    }
}

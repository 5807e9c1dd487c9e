package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link FloatMath} in lanes: the same operations in the same order, hence the same bits.
 *
 * <p>These are loops over arrays rather than functions of a vector. A function as large as exp is not always inlined (it
 * may have been compiled on its own before), and a vector that crosses a real call goes to the heap. So exp exists once, as
 * a loop, and the functions made of it run over blocks that stay in the first-level cache. And the loops are short: the
 * compiler stops inlining in a method that has grown large.
 *
 * <p>The length of every range is a multiple of the lane count.
 */
final class VectorMath {

    /** Elements between a pass that prepares, exp, and a pass that finishes. */
    private static final int BLOCK = 256;

    // Constants as vectors. An operation with a plain number broadcasts it by a virtual call, which is only inlined while a
    // single species is in use in the JVM; and broadcasts in the loop eat the compiler's inlining budget.
    private static final FloatVector LOG2_E = broadcast(FLOATS, FloatMath.LOG2_E);
    private static final FloatVector ROUNDER = broadcast(FLOATS, FloatMath.ROUNDER);
    private static final FloatVector EXP_MIN = broadcast(FLOATS, FloatMath.EXP_MIN);
    private static final FloatVector EXP_MAX = broadcast(FLOATS, FloatMath.EXP_MAX);
    private static final FloatVector E0 = broadcast(FLOATS, FloatMath.E0);
    private static final FloatVector E1 = broadcast(FLOATS, FloatMath.E1);
    private static final FloatVector E2 = broadcast(FLOATS, FloatMath.E2);
    private static final FloatVector E3 = broadcast(FLOATS, FloatMath.E3);
    private static final FloatVector E4 = broadcast(FLOATS, FloatMath.E4);
    private static final FloatVector L0 = broadcast(FLOATS, FloatMath.L0);
    private static final FloatVector L1 = broadcast(FLOATS, FloatMath.L1);
    private static final FloatVector L2 = broadcast(FLOATS, FloatMath.L2);
    private static final FloatVector L3 = broadcast(FLOATS, FloatMath.L3);
    private static final FloatVector L4 = broadcast(FLOATS, FloatMath.L4);
    private static final FloatVector L5 = broadcast(FLOATS, FloatMath.L5);
    private static final FloatVector L6 = broadcast(FLOATS, FloatMath.L6);
    private static final FloatVector L7 = broadcast(FLOATS, FloatMath.L7);
    private static final FloatVector L8 = broadcast(FLOATS, FloatMath.L8);
    private static final FloatVector LN2_HIGH = broadcast(FLOATS, FloatMath.LN2_HIGH);
    private static final FloatVector LN2_LOW = broadcast(FLOATS, FloatMath.LN2_LOW);
    private static final FloatVector SUBNORMAL_SCALE = broadcast(FLOATS, FloatMath.SUBNORMAL_SCALE);
    private static final FloatVector T0 = broadcast(FLOATS, FloatMath.T0);
    private static final FloatVector T1 = broadcast(FLOATS, FloatMath.T1);
    private static final FloatVector T2 = broadcast(FLOATS, FloatMath.T2);
    private static final FloatVector T3 = broadcast(FLOATS, FloatMath.T3);
    private static final FloatVector T4 = broadcast(FLOATS, FloatMath.T4);
    private static final FloatVector TANH_SMALL = broadcast(FLOATS, FloatMath.TANH_SMALL);
    private static final FloatVector MINUS_LN2 = broadcast(FLOATS, -FloatMath.LN2);
    private static final FloatVector MINUS_LN2_TAIL = broadcast(FLOATS, -FloatMath.LN2_TAIL);
    private static final FloatVector MINUS_HALF = broadcast(FLOATS, -0.5f);
    private static final FloatVector MIN_NORMAL = broadcast(FLOATS, Float.MIN_NORMAL);
    private static final FloatVector SUBNORMAL_SHIFT = broadcast(FLOATS, FloatMath.SUBNORMAL_SHIFT);
    private static final FloatVector INFINITY = broadcast(FLOATS, Float.POSITIVE_INFINITY);
    private static final FloatVector MINUS_INFINITY = broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    private static final FloatVector NAN = broadcast(FLOATS, Float.NaN);
    private static final FloatVector ZERO = broadcast(FLOATS, 0f);
    private static final FloatVector ONE = broadcast(FLOATS, 1f);
    private static final FloatVector TWO = broadcast(FLOATS, 2f);
    private static final IntVector ROUNDER_BITS = IntVector.broadcast(Lanes.INTS, FloatMath.ROUNDER_BITS);
    private static final IntVector SQRT_HALF_BITS = IntVector.broadcast(Lanes.INTS, FloatMath.SQRT_HALF_BITS);
    private static final IntVector MANTISSA_MASK = IntVector.broadcast(Lanes.INTS, FloatMath.MANTISSA_MASK);
    private static final IntVector BIAS = IntVector.broadcast(Lanes.INTS, 127);

    /** {@code y = exp(x - shift)}. */
    static void exp(float[] x, int xOffset, float shift, float[] y, int yOffset, int n) {
        FloatVector shifts = broadcast(FLOATS, shift);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector clamped = fromArray(FLOATS, x, xOffset + i).sub(shifts).max(EXP_MIN).min(EXP_MAX);
            FloatVector shifted = clamped.fma(LOG2_E, ROUNDER);
            FloatVector whole = shifted.sub(ROUNDER);
            FloatVector r = whole.fma(MINUS_LN2, clamped);
            r = whole.fma(MINUS_LN2_TAIL, r);
            FloatVector q = r.fma(E4, E3);
            q = q.fma(r, E2);
            q = q.fma(r, E1);
            q = q.fma(r, E0);
            FloatVector p = r.mul(r).fma(q, r).add(ONE);
            IntVector exponent = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
            IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
            FloatVector first = half.add(BIAS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector second = exponent.sub(half).add(BIAS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            p.mul(first).mul(second).intoArray(y, yOffset + i);
        }
    }

    /** {@code y = log(x)}. */
    static void log(float[] x, int xOffset, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector v = fromArray(FLOATS, x, xOffset + i);
            VectorMask<Float> subnormal = v.compare(VectorOperators.LT, MIN_NORMAL);
            IntVector bits = v.blend(v.mul(SUBNORMAL_SCALE), subnormal).reinterpretAsInts().sub(SQRT_HALF_BITS);
            IntVector exponent = bits.lanewise(VectorOperators.ASHR, 23);
            FloatVector e = exponent.add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER);
            e = e.blend(e.sub(SUBNORMAL_SHIFT), subnormal);
            FloatVector f = bits.and(MANTISSA_MASK).add(SQRT_HALF_BITS).reinterpretAsFloats().sub(ONE);
            FloatVector p = f.fma(L8, L7);
            p = p.fma(f, L6);
            p = p.fma(f, L5);
            p = p.fma(f, L4);
            p = p.fma(f, L3);
            p = p.fma(f, L2);
            p = p.fma(f, L1);
            p = p.fma(f, L0);
            FloatVector square = f.mul(f);
            FloatVector result = p.mul(f).fma(square, e.mul(LN2_LOW));
            result = square.fma(MINUS_HALF, result).add(f);
            result = e.fma(LN2_HIGH, result);
            result = result.blend(NAN, v.compare(VectorOperators.LT, ZERO));
            result = result.blend(MINUS_INFINITY, v.compare(VectorOperators.EQ, ZERO));
            result = result.blend(INFINITY, v.compare(VectorOperators.EQ, INFINITY));
            result.blend(v, v.compare(VectorOperators.NE, v)).intoArray(y, yOffset + i);
        }
    }

    /** {@code y = sigmoid(x)}. */
    static void sigmoid(float[] x, int xOffset, float[] y, int yOffset, int n) {
        float[] scratch = Scratch.floats(2 * BLOCK);
        for (int from = 0; from < n; from += BLOCK) {
            int size = Math.min(BLOCK, n - from);
            minusMagnitudes(x, xOffset + from, scratch, size);
            exp(scratch, 0, 0f, scratch, 0, size);
            sigmoidQuotients(x, xOffset + from, scratch, size);
            sigmoidCorrection(x, xOffset + from, scratch, y, yOffset + from, size);
        }
    }

    private static void minusMagnitudes(float[] x, int xOffset, float[] out, int n) {
        for (int i = 0; i < n; i += COUNT) {
            fromArray(FLOATS, x, xOffset + i).abs().neg().intoArray(out, i);
        }
    }

    /** The quotients go behind the block of exponentials. */
    private static void sigmoidQuotients(float[] x, int xOffset, float[] exp, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector e = fromArray(FLOATS, exp, i);
            FloatVector numerator = e.blend(ONE, fromArray(FLOATS, x, xOffset + i).compare(VectorOperators.GE, ZERO));
            numerator.div(e.add(ONE)).intoArray(exp, BLOCK + i);
        }
    }

    private static void sigmoidCorrection(float[] x, int xOffset, float[] exp, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMask<Float> right = fromArray(FLOATS, x, xOffset + i).compare(VectorOperators.GE, ZERO);
            FloatVector e = fromArray(FLOATS, exp, i);
            FloatVector q = fromArray(FLOATS, exp, BLOCK + i);
            FloatVector d = e.add(ONE);
            FloatVector minus = q.neg();
            FloatVector rest = minus.fma(d, e.blend(ONE, right));
            rest = minus.fma(e.sub(d.sub(ONE)), rest);
            rest.fma(ONE.sub(q).blend(q, right), q).intoArray(y, yOffset + i);
        }
    }

    /** {@code y = tanh(x)}. */
    static void tanh(float[] x, int xOffset, float[] y, int yOffset, int n) {
        float[] scratch = Scratch.floats(BLOCK);
        for (int from = 0; from < n; from += BLOCK) {
            int size = Math.min(BLOCK, n - from);
            twiceMagnitudes(x, xOffset + from, scratch, size);
            exp(scratch, 0, 0f, scratch, 0, size);
            tanhOfLarge(x, xOffset + from, scratch, size);
            tanhOfSmall(x, xOffset + from, scratch, y, yOffset + from, size);
        }
    }

    private static void twiceMagnitudes(float[] x, int xOffset, float[] out, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector a = fromArray(FLOATS, x, xOffset + i).abs();
            a.add(a).intoArray(out, i);
        }
    }

    /** From {@code exp(2 |x|)}, in its place. */
    private static void tanhOfLarge(float[] x, int xOffset, float[] exp, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector large = ONE.sub(TWO.div(fromArray(FLOATS, exp, i).add(ONE)));
            large.blend(large.neg(), fromArray(FLOATS, x, xOffset + i).compare(VectorOperators.LT, ZERO)).intoArray(exp, i);
        }
    }

    /** Where x is small, and {@code large} elsewhere. */
    private static void tanhOfSmall(float[] x, int xOffset, float[] large, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector v = fromArray(FLOATS, x, xOffset + i);
            FloatVector u = v.mul(v);
            FloatVector p = u.fma(T4, T3);
            p = p.fma(u, T2);
            p = p.fma(u, T1);
            p = p.fma(u, T0);
            FloatVector small = v.mul(p.fma(u, ONE));
            fromArray(FLOATS, large, i).blend(small, v.abs().compare(VectorOperators.LT, TANH_SMALL)).intoArray(y, yOffset + i);
        }
    }

    private VectorMath() {}
}

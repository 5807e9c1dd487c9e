package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link FloatMath} in lanes: the same operations in the same order, hence the same bits.
 *
 * <p>These are loops over arrays rather than functions of a vector. A function as large as exp is not always inlined (it
 * may have been compiled on its own before), and a vector that crosses a real call goes to the heap. So exp exists once, as
 * a loop, and the functions made of it run over blocks that stay in the first-level cache.
 *
 * <p>The length of every range is a multiple of the lane count.
 */
final class VectorMath {

    /** Elements between a pass that prepares, exp, and a pass that finishes. */
    private static final int BLOCK = 256;

    // Constants as vectors. An operation with a plain number broadcasts it by a virtual call, which is only inlined while a
    // single species is in use in the JVM; and broadcasts in the loop eat the compiler's inlining budget.
    private static final FloatVector LOG2_E = splat(FloatMath.LOG2_E);
    private static final FloatVector ROUNDER = splat(FloatMath.ROUNDER);
    private static final FloatVector EXP_MIN = splat(FloatMath.EXP_MIN);
    private static final FloatVector EXP_MAX = splat(FloatMath.EXP_MAX);
    private static final FloatVector E0 = splat(FloatMath.E0);
    private static final FloatVector E1 = splat(FloatMath.E1);
    private static final FloatVector E2 = splat(FloatMath.E2);
    private static final FloatVector E3 = splat(FloatMath.E3);
    private static final FloatVector E4 = splat(FloatMath.E4);
    private static final FloatVector L0 = splat(FloatMath.L0);
    private static final FloatVector L1 = splat(FloatMath.L1);
    private static final FloatVector L2 = splat(FloatMath.L2);
    private static final FloatVector L3 = splat(FloatMath.L3);
    private static final FloatVector L4 = splat(FloatMath.L4);
    private static final FloatVector L5 = splat(FloatMath.L5);
    private static final FloatVector L6 = splat(FloatMath.L6);
    private static final FloatVector L7 = splat(FloatMath.L7);
    private static final FloatVector L8 = splat(FloatMath.L8);
    private static final FloatVector LN2_HIGH = splat(FloatMath.LN2_HIGH);
    private static final FloatVector LN2_LOW = splat(FloatMath.LN2_LOW);
    private static final FloatVector SUBNORMAL_SCALE = splat(FloatMath.SUBNORMAL_SCALE);
    private static final FloatVector T0 = splat(FloatMath.T0);
    private static final FloatVector T1 = splat(FloatMath.T1);
    private static final FloatVector T2 = splat(FloatMath.T2);
    private static final FloatVector T3 = splat(FloatMath.T3);
    private static final FloatVector T4 = splat(FloatMath.T4);
    private static final FloatVector TANH_SMALL = splat(FloatMath.TANH_SMALL);
    private static final FloatVector MINUS_LN2 = splat(-FloatMath.LN2);
    private static final FloatVector MINUS_LN2_TAIL = splat(-FloatMath.LN2_TAIL);
    private static final FloatVector MINUS_HALF = splat(-0.5f);
    private static final FloatVector MIN_NORMAL = splat(Float.MIN_NORMAL);
    private static final FloatVector SUBNORMAL_SHIFT = splat(FloatMath.SUBNORMAL_SHIFT);
    private static final FloatVector INFINITY = splat(Float.POSITIVE_INFINITY);
    private static final FloatVector MINUS_INFINITY = splat(Float.NEGATIVE_INFINITY);
    private static final FloatVector NAN = splat(Float.NaN);
    private static final FloatVector ZERO = splat(0f);
    private static final FloatVector ONE = splat(1f);
    private static final FloatVector TWO = splat(2f);
    private static final IntVector ROUNDER_BITS = IntVector.broadcast(Lanes.INTS, FloatMath.ROUNDER_BITS);
    private static final IntVector SQRT_HALF_BITS = IntVector.broadcast(Lanes.INTS, FloatMath.SQRT_HALF_BITS);
    private static final IntVector MANTISSA_MASK = IntVector.broadcast(Lanes.INTS, FloatMath.MANTISSA_MASK);
    private static final IntVector BIAS = IntVector.broadcast(Lanes.INTS, 127);

    /** {@code y = exp(x - shift)}. */
    static void exp(float[] x, int xOffset, float shift, float[] y, int yOffset, int n) {
        FloatVector shifts = splat(shift);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector clamped = load(x, xOffset + i).sub(shifts).max(EXP_MIN).min(EXP_MAX);
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
            FloatVector v = load(x, xOffset + i);
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
        float[] e = Scratch.floats(BLOCK);
        for (int from = 0; from < n; from += BLOCK) {
            int size = Math.min(BLOCK, n - from);
            minusMagnitudes(x, xOffset + from, e, size);
            exp(e, 0, 0f, e, 0, size);
            sigmoidOfExp(x, xOffset + from, e, y, yOffset + from, size);
        }
    }

    private static void minusMagnitudes(float[] x, int xOffset, float[] out, int n) {
        for (int i = 0; i < n; i += COUNT) {
            load(x, xOffset + i).abs().neg().intoArray(out, i);
        }
    }

    private static void sigmoidOfExp(float[] x, int xOffset, float[] exp, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMask<Float> right = load(x, xOffset + i).compare(VectorOperators.GE, ZERO);
            FloatVector e = load(exp, i);
            FloatVector d = e.add(ONE);
            FloatVector numerator = e.blend(ONE, right);
            FloatVector q = numerator.div(d);
            FloatVector minus = q.neg();
            FloatVector lost = e.sub(d.sub(ONE));
            FloatVector rest = minus.fma(lost, minus.fma(d, numerator));
            rest.fma(ONE.sub(q).blend(q, right), q).intoArray(y, yOffset + i);
        }
    }

    /** {@code y = tanh(x)}. */
    static void tanh(float[] x, int xOffset, float[] y, int yOffset, int n) {
        float[] e = Scratch.floats(BLOCK);
        for (int from = 0; from < n; from += BLOCK) {
            int size = Math.min(BLOCK, n - from);
            twiceMagnitudes(x, xOffset + from, e, size);
            exp(e, 0, 0f, e, 0, size);
            tanhOfExp(x, xOffset + from, e, y, yOffset + from, size);
        }
    }

    private static void twiceMagnitudes(float[] x, int xOffset, float[] out, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector a = load(x, xOffset + i).abs();
            a.add(a).intoArray(out, i);
        }
    }

    private static void tanhOfExp(float[] x, int xOffset, float[] exp, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector v = load(x, xOffset + i);
            FloatVector u = v.mul(v);
            FloatVector p = u.fma(T4, T3);
            p = p.fma(u, T2);
            p = p.fma(u, T1);
            p = p.fma(u, T0);
            FloatVector small = v.mul(p.fma(u, ONE));
            FloatVector large = ONE.sub(TWO.div(load(exp, i).add(ONE)));
            large = large.blend(large.neg(), v.compare(VectorOperators.LT, ZERO));
            large.blend(small, v.abs().compare(VectorOperators.LT, TANH_SMALL)).intoArray(y, yOffset + i);
        }
    }

    static FloatVector splat(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    static FloatVector load(float[] array, int offset) {
        return FloatVector.fromArray(FLOATS, array, offset);
    }

    private VectorMath() {}
}

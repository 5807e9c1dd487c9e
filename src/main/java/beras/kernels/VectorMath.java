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
 * {@link FloatMath} with SIMD: the same operations in the same order, hence the same bits.
 *
 * <p>These are loops over arrays rather than functions of a vector. A function as large as exp is not always inlined (it
 * may have been compiled on its own before), and a vector that crosses a real call goes to the heap. So exp exists once, as
 * a loop, and the functions made of it run over blocks that stay in the first-level cache. And the loops are short: the
 * compiler stops inlining in a method that has grown large.
 *
 * <p>The length of every range is a multiple of the lane count. An empty range is one empty block, so that {@link WarmUp} reaches the
 * loops over its vectors.
 */
final class VectorMath {

    /** Elements between a pass that prepares, exp, and a pass that finishes. */
    private static final int CHUNK = 256;

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
    private static final FloatVector MINUS_ONE = broadcast(FLOATS, -1f);
    private static final FloatVector EXPM1_MIN = broadcast(FLOATS, FloatMath.EXPM1_MIN);
    private static final FloatVector GELU_MAX = broadcast(FLOATS, FloatMath.GELU_MAX);
    private static final FloatVector GELU_MIDDLE = broadcast(FLOATS, FloatMath.GELU_MIDDLE);
    private static final FloatVector G0 = broadcast(FLOATS, FloatMath.G0);
    private static final FloatVector G1 = broadcast(FLOATS, FloatMath.G1);
    private static final FloatVector G2 = broadcast(FLOATS, FloatMath.G2);
    private static final FloatVector G3 = broadcast(FLOATS, FloatMath.G3);
    private static final FloatVector G4 = broadcast(FLOATS, FloatMath.G4);
    private static final FloatVector G5 = broadcast(FLOATS, FloatMath.G5);
    private static final FloatVector G6 = broadcast(FLOATS, FloatMath.G6);
    private static final FloatVector G7 = broadcast(FLOATS, FloatMath.G7);
    private static final FloatVector G8 = broadcast(FLOATS, FloatMath.G8);
    private static final FloatVector G9 = broadcast(FLOATS, FloatMath.G9);
    private static final FloatVector QUARTER = broadcast(FLOATS, 0.25f);
    private static final FloatVector MINUS_BELL_HEIGHT = broadcast(FLOATS, -FloatMath.BELL_HEIGHT);
    private static final FloatVector GELU_TANH_MAX = broadcast(FLOATS, FloatMath.GELU_TANH_MAX);
    private static final FloatVector GELU_TANH_MIN = broadcast(FLOATS, -FloatMath.GELU_TANH_MAX);
    private static final FloatVector GELU_TANH_A = broadcast(FLOATS, FloatMath.GELU_TANH_A);
    private static final FloatVector GELU_TANH_B = broadcast(FLOATS, FloatMath.GELU_TANH_B);
    private static final FloatVector GELU_TANH_3B = broadcast(FLOATS, FloatMath.GELU_TANH_3B);
    private static final FloatVector SILU_MAX = broadcast(FLOATS, -FloatMath.SILU_MIN);
    private static final FloatVector S1 = broadcast(FLOATS, FloatMath.S1);
    private static final FloatVector S2 = broadcast(FLOATS, FloatMath.S2);
    private static final FloatVector S3 = broadcast(FLOATS, FloatMath.S3);
    private static final FloatVector S4 = broadcast(FLOATS, FloatMath.S4);
    private static final FloatVector S5 = broadcast(FLOATS, FloatMath.S5);
    private static final FloatVector S6 = broadcast(FLOATS, FloatMath.S6);
    private static final FloatVector S7 = broadcast(FLOATS, FloatMath.S7);
    private static final FloatVector S8 = broadcast(FLOATS, FloatMath.S8);
    private static final FloatVector S9 = broadcast(FLOATS, FloatMath.S9);
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

    /** {@code y = exp(x) - 1} for x up to 0, and 0 above. */
    private static void expm1OfNegative(float[] x, int xOffset, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector clamped = fromArray(FLOATS, x, xOffset + i).max(EXPM1_MIN).min(ZERO);
            FloatVector shifted = clamped.fma(LOG2_E, ROUNDER);
            FloatVector whole = shifted.sub(ROUNDER);
            FloatVector r = whole.fma(MINUS_LN2, clamped);
            r = whole.fma(MINUS_LN2_TAIL, r);
            FloatVector q = r.fma(E4, E3);
            q = q.fma(r, E2);
            q = q.fma(r, E1);
            q = q.fma(r, E0);
            FloatVector p = r.mul(r).fma(q, r);
            IntVector exponent = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
            FloatVector power = exponent.add(BIAS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            p.fma(power, power.sub(ONE)).intoArray(y, yOffset + i);
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
        float[] scratch = Scratch.floats(2 * CHUNK);
        int from = 0;
        do {
            int size = Math.min(CHUNK, n - from);
            sigmoidOfBlock(x, xOffset + from, scratch, y, yOffset + from, size);
            from += size;
        } while (from < n);
    }

    /** In the first two blocks of {@code scratch}; {@code y} may be {@code x}. */
    private static void sigmoidOfBlock(float[] x, int xOffset, float[] scratch, float[] y, int yOffset, int n) {
        minusMagnitudes(x, xOffset, scratch, 0, n);
        exp(scratch, 0, 0f, scratch, 0, n);
        sigmoidQuotients(x, xOffset, scratch, n);
        sigmoidCorrection(x, xOffset, scratch, y, yOffset, n);
    }

    private static void minusMagnitudes(float[] x, int xOffset, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            fromArray(FLOATS, x, xOffset + i).abs().neg().intoArray(out, outOffset + i);
        }
    }

    /** The quotients go behind the block of exponentials. */
    private static void sigmoidQuotients(float[] x, int xOffset, float[] exp, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector e = fromArray(FLOATS, exp, i);
            FloatVector numerator = e.blend(ONE, fromArray(FLOATS, x, xOffset + i).compare(VectorOperators.GE, ZERO));
            numerator.div(e.add(ONE)).intoArray(exp, CHUNK + i);
        }
    }

    private static void sigmoidCorrection(float[] x, int xOffset, float[] exp, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            VectorMask<Float> right = fromArray(FLOATS, x, xOffset + i).compare(VectorOperators.GE, ZERO);
            FloatVector e = fromArray(FLOATS, exp, i);
            FloatVector q = fromArray(FLOATS, exp, CHUNK + i);
            FloatVector d = e.add(ONE);
            FloatVector minus = q.neg();
            FloatVector rest = minus.fma(d, e.blend(ONE, right));
            rest = minus.fma(e.sub(d.sub(ONE)), rest);
            rest.fma(ONE.sub(q).blend(q, right), q).intoArray(y, yOffset + i);
        }
    }

    /** {@code y = tanh(x)}. */
    static void tanh(float[] x, int xOffset, float[] y, int yOffset, int n) {
        float[] scratch = Scratch.floats(CHUNK);
        int from = 0;
        do {
            int size = Math.min(CHUNK, n - from);
            twiceMagnitudes(x, xOffset + from, scratch, size);
            exp(scratch, 0, 0f, scratch, 0, size);
            tanhOfLarge(x, xOffset + from, scratch, size);
            tanhOfSmall(x, xOffset + from, scratch, y, yOffset + from, size);
            from += size;
        } while (from < n);
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

    /** {@code y = x > 0 ? scale * x : depth * (exp(x) - 1)}. */
    static void elu(float scale, float depth, float[] x, int xOffset, float[] y, int yOffset, int n) {
        float[] scratch = Scratch.floats(CHUNK);
        int from = 0;
        do {
            int size = Math.min(CHUNK, n - from);
            expm1OfNegative(x, xOffset + from, scratch, 0, size);
            eluOfExpm1(scale, depth, x, xOffset + from, scratch, y, yOffset + from, size);
            from += size;
        } while (from < n);
    }

    private static void eluOfExpm1(float scale, float depth, float[] x, int xOffset, float[] expm1, float[] y, int yOffset,
            int n) {
        FloatVector scales = broadcast(FLOATS, scale);
        FloatVector depths = broadcast(FLOATS, depth);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector v = fromArray(FLOATS, x, xOffset + i);
            FloatVector left = fromArray(FLOATS, expm1, i).mul(depths);
            left.blend(v.mul(scales), v.compare(VectorOperators.GT, ZERO)).intoArray(y, yOffset + i);
        }
    }

    /** {@code out = upstream * elu'(x)}. */
    static void eluGradient(float scale, float depth, float[] x, int xOffset, float[] upstream, int upstreamOffset, float[] out,
            int outOffset, int n) {
        float[] scratch = Scratch.floats(CHUNK);
        int from = 0;
        do {
            int size = Math.min(CHUNK, n - from);
            exp(x, xOffset + from, 0f, scratch, 0, size);
            eluGradientOfExp(scale, depth, x, xOffset + from, scratch, upstream, upstreamOffset + from, out, outOffset + from,
                    size);
            from += size;
        } while (from < n);
    }

    private static void eluGradientOfExp(float scale, float depth, float[] x, int xOffset, float[] exp, float[] upstream,
            int upstreamOffset, float[] out, int outOffset, int n) {
        FloatVector scales = broadcast(FLOATS, scale);
        FloatVector depths = broadcast(FLOATS, depth);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector v = fromArray(FLOATS, x, xOffset + i);
            FloatVector slope = fromArray(FLOATS, exp, i).mul(depths).blend(scales, v.compare(VectorOperators.GT, ZERO));
            fromArray(FLOATS, upstream, upstreamOffset + i).mul(slope).intoArray(out, outOffset + i);
        }
    }

    /** {@code out = upstream * softplus'}, from the output {@code y} of softplus. */
    static void softplusGradient(float[] y, int yOffset, float[] upstream, int upstreamOffset, float[] out, int outOffset,
            int n) {
        float[] scratch = Scratch.floats(CHUNK);
        int from = 0;
        do {
            int size = Math.min(CHUNK, n - from);
            negatives(y, yOffset + from, scratch, size);
            expm1OfNegative(scratch, 0, scratch, 0, size);
            negativeProducts(scratch, upstream, upstreamOffset + from, out, outOffset + from, size);
            from += size;
        } while (from < n);
    }

    private static void negatives(float[] x, int xOffset, float[] out, int n) {
        for (int i = 0; i < n; i += COUNT) {
            fromArray(FLOATS, x, xOffset + i).neg().intoArray(out, i);
        }
    }

    private static void negativeProducts(float[] x, float[] upstream, int upstreamOffset, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            fromArray(FLOATS, upstream, upstreamOffset + i).mul(fromArray(FLOATS, x, i).neg()).intoArray(out, outOffset + i);
        }
    }

    /** {@code y = softplus(x)}. */
    static void softplus(float[] x, int xOffset, float[] y, int yOffset, int n) {
        float[] scratch = Scratch.floats(CHUNK);
        int from = 0;
        do {
            int size = Math.min(CHUNK, n - from);
            minusMagnitudes(x, xOffset + from, scratch, 0, size);
            exp(scratch, 0, 0f, scratch, 0, size);
            softplusOfExp(x, xOffset + from, scratch, y, yOffset + from, size);
            from += size;
        } while (from < n);
    }

    private static void softplusOfExp(float[] x, int xOffset, float[] exp, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector e = fromArray(FLOATS, exp, i);
            FloatVector p = e.fma(S9, S8);
            p = p.fma(e, S7);
            p = p.fma(e, S6);
            p = p.fma(e, S5);
            p = p.fma(e, S4);
            p = p.fma(e, S3);
            p = p.fma(e, S2);
            p = p.fma(e, S1);
            p = p.fma(e, ONE);
            p.fma(e, fromArray(FLOATS, x, xOffset + i).max(ZERO)).intoArray(y, yOffset + i);
        }
    }

    /** {@code y = gelu(x)}. */
    static void gelu(float[] x, int xOffset, float[] y, int yOffset, int n) {
        float[] scratch = Scratch.floats(3 * CHUNK);
        int from = 0;
        do {
            int size = Math.min(CHUNK, n - from);
            bells(x, xOffset + from, scratch, size);
            tailsOverBells(x, xOffset + from, scratch, size);
            geluOfTails(x, xOffset + from, scratch, y, yOffset + from, size);
            from += size;
        } while (from < n);
    }

    /** {@code out = upstream * gelu'(x)}. */
    static void geluGradient(float[] x, int xOffset, float[] upstream, int upstreamOffset, float[] out, int outOffset, int n) {
        float[] scratch = Scratch.floats(3 * CHUNK);
        int from = 0;
        do {
            int size = Math.min(CHUNK, n - from);
            bells(x, xOffset + from, scratch, size);
            tailsOverBells(x, xOffset + from, scratch, size);
            geluGradientOfTails(x, xOffset + from, scratch, upstream, upstreamOffset + from, out, outOffset + from, size);
            from += size;
        } while (from < n);
    }

    /** {@code exp(-x^2 / 2)} into the first block. */
    private static void bells(float[] x, int xOffset, float[] scratch, int n) {
        bellExponents(x, xOffset, scratch, n);
        exp(scratch, 0, 0f, scratch, 0, n);
        bellCorrection(x, xOffset, scratch, n);
    }

    private static void bellExponents(float[] x, int xOffset, float[] out, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector a = fromArray(FLOATS, x, xOffset + i).abs().min(GELU_MAX);
            a.mul(MINUS_HALF).mul(a).intoArray(out, i);
        }
    }

    private static void bellCorrection(float[] x, int xOffset, float[] bells, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector a = fromArray(FLOATS, x, xOffset + i).abs().min(GELU_MAX);
            FloatVector half = a.mul(MINUS_HALF);
            FloatVector e = fromArray(FLOATS, bells, i);
            e.fma(half.fma(a, half.mul(a).neg()), e).intoArray(bells, i);
        }
    }

    /** {@code v = a / (a + 4)} into the second block, and the polynomial of it into the third. */
    private static void tailsOverBells(float[] x, int xOffset, float[] scratch, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector a = fromArray(FLOATS, x, xOffset + i).abs().min(GELU_MAX);
            FloatVector v = a.div(a.add(GELU_MIDDLE));
            v.intoArray(scratch, CHUNK + i);
            FloatVector u = v.fma(TWO, MINUS_ONE);
            FloatVector p = u.fma(G9, G8);
            p = p.fma(u, G7);
            p = p.fma(u, G6);
            p = p.fma(u, G5);
            p = p.fma(u, G4);
            p = p.fma(u, G3);
            p = p.fma(u, G2);
            p = p.fma(u, G1);
            p.fma(u, G0).intoArray(scratch, 2 * CHUNK + i);
        }
    }

    private static void geluOfTails(float[] x, int xOffset, float[] scratch, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector tail = fromArray(FLOATS, scratch, CHUNK + i).mul(fromArray(FLOATS, scratch, 2 * CHUNK + i));
            FloatVector right = fromArray(FLOATS, x, xOffset + i).max(ZERO);
            right.sub(tail.mul(fromArray(FLOATS, scratch, i))).intoArray(y, yOffset + i);
        }
    }

    private static void geluGradientOfTails(float[] x, int xOffset, float[] scratch, float[] upstream, int upstreamOffset,
            float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector v = fromArray(FLOATS, x, xOffset + i);
            FloatVector reciprocal = QUARTER.mul(ONE.sub(fromArray(FLOATS, scratch, CHUNK + i)));
            FloatVector tail = fromArray(FLOATS, scratch, 2 * CHUNK + i).mul(reciprocal);
            FloatVector left = v.abs().min(GELU_MAX).fma(MINUS_BELL_HEIGHT, tail).mul(fromArray(FLOATS, scratch, i));
            FloatVector slope = ONE.sub(left).blend(left, v.compare(VectorOperators.LT, ZERO));
            fromArray(FLOATS, upstream, upstreamOffset + i).mul(slope).intoArray(out, outOffset + i);
        }
    }

    /** {@code y = x sigmoid(x)}. */
    static void silu(float[] x, int xOffset, float[] y, int yOffset, int n) {
        float[] scratch = Scratch.floats(3 * CHUNK);
        int from = 0;
        do {
            int size = Math.min(CHUNK, n - from);
            sigmoidOfBlock(x, xOffset + from, scratch, scratch, 2 * CHUNK, size);
            productsOfSigmoid(FloatMath.SILU_MIN, x, xOffset + from, scratch, y, yOffset + from, size);
            from += size;
        } while (from < n);
    }

    /** {@code out = upstream * silu'(x)}. */
    static void siluGradient(float[] x, int xOffset, float[] upstream, int upstreamOffset, float[] out, int outOffset, int n) {
        float[] scratch = Scratch.floats(3 * CHUNK);
        int from = 0;
        do {
            int size = Math.min(CHUNK, n - from);
            minusMagnitudes(x, xOffset + from, scratch, 2 * CHUNK, size);
            sigmoidOfBlock(scratch, 2 * CHUNK, scratch, scratch, 2 * CHUNK, size);
            siluGradientOfSigmoid(x, xOffset + from, scratch, upstream, upstreamOffset + from, out, outOffset + from, size);
            from += size;
        } while (from < n);
    }

    /** {@code y = max(x, least) * sigmoid}; the sigmoid is in the third block. */
    private static void productsOfSigmoid(float least, float[] x, int xOffset, float[] scratch, float[] y, int yOffset,
            int n) {
        FloatVector leasts = broadcast(FLOATS, least);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector s = fromArray(FLOATS, scratch, 2 * CHUNK + i);
            fromArray(FLOATS, x, xOffset + i).max(leasts).mul(s).intoArray(y, yOffset + i);
        }
    }

    private static void siluGradientOfSigmoid(float[] x, int xOffset, float[] scratch, float[] upstream, int upstreamOffset,
            float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector v = fromArray(FLOATS, x, xOffset + i);
            FloatVector s = fromArray(FLOATS, scratch, 2 * CHUNK + i);
            FloatVector left = s.mul(v.abs().min(SILU_MAX).neg().fma(ONE.sub(s), ONE));
            FloatVector slope = ONE.sub(left).blend(left, v.compare(VectorOperators.LT, ZERO));
            fromArray(FLOATS, upstream, upstreamOffset + i).mul(slope).intoArray(out, outOffset + i);
        }
    }

    /** {@code y = gelu(x)} in its tanh form. */
    static void geluTanh(float[] x, int xOffset, float[] y, int yOffset, int n) {
        float[] scratch = Scratch.floats(3 * CHUNK);
        int from = 0;
        do {
            int size = Math.min(CHUNK, n - from);
            geluTanhInner(x, xOffset + from, scratch, size);
            sigmoidOfBlock(scratch, 2 * CHUNK, scratch, scratch, 2 * CHUNK, size);
            productsOfSigmoid(-FloatMath.GELU_TANH_MAX, x, xOffset + from, scratch, y, yOffset + from, size);
            from += size;
        } while (from < n);
    }

    /** {@code out = upstream * gelu'(x)} of its tanh form. */
    static void geluTanhGradient(float[] x, int xOffset, float[] upstream, int upstreamOffset, float[] out, int outOffset,
            int n) {
        float[] scratch = Scratch.floats(3 * CHUNK);
        int from = 0;
        do {
            int size = Math.min(CHUNK, n - from);
            geluTanhInner(x, xOffset + from, scratch, size);
            minusMagnitudes(scratch, 2 * CHUNK, scratch, 2 * CHUNK, size);
            sigmoidOfBlock(scratch, 2 * CHUNK, scratch, scratch, 2 * CHUNK, size);
            geluTanhGradientOfSigmoid(x, xOffset + from, scratch, upstream, upstreamOffset + from, out, outOffset + from, size);
            from += size;
        } while (from < n);
    }

    /** Into the third block. */
    private static void geluTanhInner(float[] x, int xOffset, float[] scratch, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector v = fromArray(FLOATS, x, xOffset + i).max(GELU_TANH_MIN).min(GELU_TANH_MAX);
            v.mul(v.mul(v).fma(GELU_TANH_B, GELU_TANH_A)).intoArray(scratch, 2 * CHUNK + i);
        }
    }

    private static void geluTanhGradientOfSigmoid(float[] x, int xOffset, float[] scratch, float[] upstream, int upstreamOffset,
            float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i += COUNT) {
            FloatVector v = fromArray(FLOATS, x, xOffset + i);
            FloatVector a = v.abs().min(GELU_TANH_MAX);
            FloatVector inner = a.mul(a.mul(a).fma(GELU_TANH_3B, GELU_TANH_A));
            FloatVector s = fromArray(FLOATS, scratch, 2 * CHUNK + i);
            FloatVector left = s.mul(inner.neg().fma(ONE.sub(s), ONE));
            FloatVector slope = ONE.sub(left).blend(left, v.compare(VectorOperators.LT, ZERO));
            fromArray(FLOATS, upstream, upstreamOffset + i).mul(slope).intoArray(out, outOffset + i);
        }
    }

    private VectorMath() {}
}

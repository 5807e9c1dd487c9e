package beras.kernels;

import static beras.kernels.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link FloatMath} in lanes: the same operations in the same order, hence the same bits. */
final class VectorMath {

    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.max(FloatMath.EXP_MIN).min(FloatMath.EXP_MAX);
        FloatVector shifted = clamped.fma(splat(FloatMath.LOG2_E), splat(FloatMath.ROUNDER));
        FloatVector n = shifted.sub(FloatMath.ROUNDER);
        FloatVector r = n.fma(splat(-FloatMath.LN2), clamped);
        r = n.fma(splat(-FloatMath.LN2_TAIL), r);
        FloatVector q = r.fma(splat(FloatMath.E4), splat(FloatMath.E3));
        q = q.fma(r, splat(FloatMath.E2));
        q = q.fma(r, splat(FloatMath.E1));
        q = q.fma(r, splat(FloatMath.E0));
        FloatVector p = r.mul(r).fma(q, r).add(1f);
        IntVector exponent = shifted.reinterpretAsInts().sub(FloatMath.ROUNDER_BITS);
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
    }

    private static FloatVector powerOfTwo(IntVector exponent) {
        return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    static FloatVector log(FloatVector x) {
        VectorMask<Float> subnormal = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        FloatVector normal = x.blend(x.mul(FloatMath.SUBNORMAL_SCALE), subnormal);
        IntVector bits = normal.reinterpretAsInts().sub(FloatMath.SQRT_HALF_BITS);
        IntVector exponent = bits.lanewise(VectorOperators.ASHR, 23);
        FloatVector e = exponent.add(FloatMath.ROUNDER_BITS).reinterpretAsFloats().sub(FloatMath.ROUNDER);
        e = e.blend(e.sub(FloatMath.SUBNORMAL_SHIFT), subnormal);
        FloatVector f = bits.and(FloatMath.MANTISSA_MASK).add(FloatMath.SQRT_HALF_BITS).reinterpretAsFloats().sub(1f);
        FloatVector p = f.fma(splat(FloatMath.L8), splat(FloatMath.L7));
        p = p.fma(f, splat(FloatMath.L6));
        p = p.fma(f, splat(FloatMath.L5));
        p = p.fma(f, splat(FloatMath.L4));
        p = p.fma(f, splat(FloatMath.L3));
        p = p.fma(f, splat(FloatMath.L2));
        p = p.fma(f, splat(FloatMath.L1));
        p = p.fma(f, splat(FloatMath.L0));
        FloatVector square = f.mul(f);
        FloatVector y = p.mul(f).fma(square, e.mul(FloatMath.LN2_LOW));
        y = square.fma(splat(-0.5f), y).add(f);
        y = e.fma(splat(FloatMath.LN2_HIGH), y);
        y = y.blend(Float.NaN, x.compare(VectorOperators.LT, 0f));
        y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
        y = y.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        return y.blend(x, x.compare(VectorOperators.NE, x));
    }

    static FloatVector sigmoid(FloatVector x) {
        VectorMask<Float> right = x.compare(VectorOperators.GE, 0f);
        FloatVector e = exp(x.abs().neg());
        FloatVector d = e.add(1f);
        FloatVector numerator = e.blend(1f, right);
        FloatVector y = numerator.div(d);
        FloatVector minus = y.neg();
        FloatVector lost = e.sub(d.sub(1f));
        FloatVector rest = minus.fma(lost, minus.fma(d, numerator));
        return rest.fma(splat(1f).sub(y).blend(y, right), y);
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector u = a.mul(a);
        FloatVector p = u.fma(splat(FloatMath.T4), splat(FloatMath.T3));
        p = p.fma(u, splat(FloatMath.T2));
        p = p.fma(u, splat(FloatMath.T1));
        p = p.fma(u, splat(FloatMath.T0));
        FloatVector small = a.mul(u).fma(p, a);
        FloatVector large = splat(1f).sub(splat(2f).div(exp(a.add(a)).add(1f)));
        FloatVector y = large.blend(small, a.compare(VectorOperators.LT, FloatMath.TANH_SMALL));
        IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
        return y.reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    static FloatVector clip(FloatVector p, float epsilon) {
        return p.max(epsilon).min(1f - epsilon);
    }

    static FloatVector splat(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    private VectorMath() {}
}

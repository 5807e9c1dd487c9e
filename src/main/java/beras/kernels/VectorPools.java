package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Pools} in lanes: the loops that the compiler leaves with a branch for each float. */
final class VectorPools extends ScalarPools {

    @Override
    void larger(float[] x, int xOffset, float tap, float[] y, int yOffset, float[] taps, int tapsOffset, int n) {
        int bound = FLOATS.loopBound(n);
        FloatVector thisTap = broadcast(FLOATS, tap);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector value = fromArray(FLOATS, x, xOffset + i);
            FloatVector largest = fromArray(FLOATS, y, yOffset + i);
            VectorMask<Float> larger = value.compare(VectorOperators.GT, largest);
            VectorMask<Float> nan = value.compare(VectorOperators.NE, value);
            largest.blend(value, larger).blend(value, nan).intoArray(y, yOffset + i);
            fromArray(FLOATS, taps, tapsOffset + i).blend(thisTap, larger).blend(thisTap, nan).intoArray(taps, tapsOffset + i);
        }
        super.larger(x, xOffset + bound, tap, y, yOffset + bound, taps, tapsOffset + bound, n - bound);
    }

    @Override
    void addChosen(float[] upstream, int upstreamOffset, float[] taps, int tapsOffset, float tap, float[] out, int outOffset,
            int n) {
        int bound = FLOATS.loopBound(n);
        FloatVector thisTap = broadcast(FLOATS, tap);
        FloatVector zero = FloatVector.zero(FLOATS);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector chosen = zero.blend(fromArray(FLOATS, upstream, upstreamOffset + i),
                    fromArray(FLOATS, taps, tapsOffset + i).compare(VectorOperators.EQ, thisTap));
            chosen.add(fromArray(FLOATS, out, outOffset + i)).intoArray(out, outOffset + i);
        }
        super.addChosen(upstream, upstreamOffset + bound, taps, tapsOffset + bound, tap, out, outOffset + bound, n - bound);
    }
}

package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

/** {@link Updates} with SIMD. */
final class VectorUpdates extends VectorRules {

    @Override
    void blend(float a, MatrixView x, float b, MatrixView y, int from, int to) {
        int bound = FLOATS.loopBound(to - from);
        blend(a, x.data, x.offset + from, b, y.data, y.offset + from, bound);
        super.blend(a, x, b, y, from + bound, to);
    }

    private static void blend(float a, float[] x, int xOffset, float b, float[] y, int yOffset, int bound) {
        FloatVector as = broadcast(FLOATS, a);
        FloatVector bs = broadcast(FLOATS, b);
        FloatVector rounder = broadcast(FLOATS, FIRST_MOMENT_ROUNDER);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector yi = as.fma(fromArray(FLOATS, x, xOffset + i), fromArray(FLOATS, y, yOffset + i).mul(bs));
            yi.add(rounder).sub(rounder).intoArray(y, yOffset + i);
        }
    }
}

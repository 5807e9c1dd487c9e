package beras.bench.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The two loops with vectors, separate from their benchmarks: the JVM that starts those loads them, and may lack the vector
 * module.
 */
final class VectorLoops {

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    /** Floats in the widest vector. */
    static final int LANES = FLOATS.length();

    /**
     * An fma takes about 4 cycles and a core starts 2 in a cycle, so 8 chains at least must run at once; and 12 and the two
     * constants fit the 16 registers of AVX2. A core that starts 4 in a cycle could do more than they show.
     */
    static final int CHAINS = 12;
    /** Enough sums at once that memory is waited for, not the additions. */
    private static final int SUMS = 8;

    /** {@code x = x * factor + addend}, {@code steps} times, on each of {@link #CHAINS} vectors at once. */
    static void fmaChains(float[] start, float factor, float addend, int steps, float[] end) {
        FloatVector f = FloatVector.broadcast(FLOATS, factor);
        FloatVector a = FloatVector.broadcast(FLOATS, addend);
        FloatVector x0 = FloatVector.fromArray(FLOATS, start, 0 * LANES);
        FloatVector x1 = FloatVector.fromArray(FLOATS, start, 1 * LANES);
        FloatVector x2 = FloatVector.fromArray(FLOATS, start, 2 * LANES);
        FloatVector x3 = FloatVector.fromArray(FLOATS, start, 3 * LANES);
        FloatVector x4 = FloatVector.fromArray(FLOATS, start, 4 * LANES);
        FloatVector x5 = FloatVector.fromArray(FLOATS, start, 5 * LANES);
        FloatVector x6 = FloatVector.fromArray(FLOATS, start, 6 * LANES);
        FloatVector x7 = FloatVector.fromArray(FLOATS, start, 7 * LANES);
        FloatVector x8 = FloatVector.fromArray(FLOATS, start, 8 * LANES);
        FloatVector x9 = FloatVector.fromArray(FLOATS, start, 9 * LANES);
        FloatVector x10 = FloatVector.fromArray(FLOATS, start, 10 * LANES);
        FloatVector x11 = FloatVector.fromArray(FLOATS, start, 11 * LANES);
        for (int step = 0; step < steps; step++) {
            x0 = x0.fma(f, a);
            x1 = x1.fma(f, a);
            x2 = x2.fma(f, a);
            x3 = x3.fma(f, a);
            x4 = x4.fma(f, a);
            x5 = x5.fma(f, a);
            x6 = x6.fma(f, a);
            x7 = x7.fma(f, a);
            x8 = x8.fma(f, a);
            x9 = x9.fma(f, a);
            x10 = x10.fma(f, a);
            x11 = x11.fma(f, a);
        }
        x0.intoArray(end, 0 * LANES);
        x1.intoArray(end, 1 * LANES);
        x2.intoArray(end, 2 * LANES);
        x3.intoArray(end, 3 * LANES);
        x4.intoArray(end, 4 * LANES);
        x5.intoArray(end, 5 * LANES);
        x6.intoArray(end, 6 * LANES);
        x7.intoArray(end, 7 * LANES);
        x8.intoArray(end, 8 * LANES);
        x9.intoArray(end, 9 * LANES);
        x10.intoArray(end, 10 * LANES);
        x11.intoArray(end, 11 * LANES);
    }

    /** Sums {@code x}, whose length is a multiple of all sums at once, into {@link #LANES} numbers. */
    static void sum(float[] x, float[] sums) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = FloatVector.zero(FLOATS);
        FloatVector s2 = FloatVector.zero(FLOATS);
        FloatVector s3 = FloatVector.zero(FLOATS);
        FloatVector s4 = FloatVector.zero(FLOATS);
        FloatVector s5 = FloatVector.zero(FLOATS);
        FloatVector s6 = FloatVector.zero(FLOATS);
        FloatVector s7 = FloatVector.zero(FLOATS);
        for (int i = 0; i < x.length; i += SUMS * LANES) {
            s0 = s0.add(FloatVector.fromArray(FLOATS, x, i));
            s1 = s1.add(FloatVector.fromArray(FLOATS, x, i + LANES));
            s2 = s2.add(FloatVector.fromArray(FLOATS, x, i + 2 * LANES));
            s3 = s3.add(FloatVector.fromArray(FLOATS, x, i + 3 * LANES));
            s4 = s4.add(FloatVector.fromArray(FLOATS, x, i + 4 * LANES));
            s5 = s5.add(FloatVector.fromArray(FLOATS, x, i + 5 * LANES));
            s6 = s6.add(FloatVector.fromArray(FLOATS, x, i + 6 * LANES));
            s7 = s7.add(FloatVector.fromArray(FLOATS, x, i + 7 * LANES));
        }
        s0.add(s1).add(s2.add(s3)).add(s4.add(s5).add(s6.add(s7))).intoArray(sums, 0);
    }

    private VectorLoops() {}
}

package beras.kernels;

import java.util.List;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shape of this JVM, as constants.
 *
 * <p>A species must be a {@code static final} constant where it is used: if it is read from a field, a parameter or an array, every
 * vector is boxed, with correct results at a fraction of the speed.
 */
final class Lanes {

    /** Bits of the widest vector that the processor and the JVM offer. */
    static final int PREFERRED_BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    static final VectorSpecies<Float> FLOATS = species();
    static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
    /** Floats in a vector. */
    static final int COUNT = FLOATS.length();
    /** As many bytes as a vector has floats; null where there is no vector that small. */
    static final VectorSpecies<Byte> BYTES =
            COUNT == 16 ? ByteVector.SPECIES_128 : COUNT == 8 ? ByteVector.SPECIES_64 : null;

    private static VectorSpecies<Float> species() {
        return switch (SimdProperty.bits()) {
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            default -> PREFERRED_BITS > 512 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED; // 16 lanes at most
        };
    }

    /**
     * Uses each operation of the kernels once; call this before any kernel is compiled.
     *
     * <p>An operation creates its implementation at its first use, in a method that all operations share. If the compiler has
     * already compiled the method, the code is deoptimized, and JDK 17 counts that against each operation inlined later: after some
     * 25 of them in one method it no longer trusts the type profile, and vectors are boxed.
     */
    static void useEachOperation() {
        FloatVector floats = FloatVector.zero(FLOATS);
        floats = floats.neg().abs().sqrt();
        floats = floats.add(floats).sub(floats).mul(floats).div(floats).max(floats).min(floats);
        floats.fma(floats, floats).reduceLanes(VectorOperators.MAX);
        floats.reduceLanes(VectorOperators.ADD);
        for (VectorOperators.Comparison comparison : List.of(VectorOperators.GT, VectorOperators.LT, VectorOperators.GE,
                VectorOperators.EQ, VectorOperators.NE)) {
            floats = floats.blend(floats, floats.compare(comparison, floats));
        }
        IntVector ints = floats.reinterpretAsInts();
        ints = ints.add(ints).sub(ints).and(ints);
        ints = ints.lanewise(VectorOperators.ASHR, 1).lanewise(VectorOperators.LSHL, 1);
        ints.reinterpretAsFloats();
        if (BYTES != null) {
            ByteVector.zero(BYTES).convertShape(VectorOperators.B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0);
        }
    }

    /**
     * Uses an operation of each kind several times; call this repeatedly while the first kernels are compiled.
     *
     * <p>All operations share the method that looks up their code, and tiles use one kind. If the profile has no other kind, the
     * compiler specialises for that one, the next kind is an uncommon trap, and JDK 17 counts it against each operation as in
     * {@link #useEachOperation}. And a vector that was stored too rarely has no type in the profile.
     */
    static void useEachKind(int times) {
        float[] floats = new float[COUNT];
        int[] ints = new int[COUNT];
        for (int i = 0; i < times; i++) {
            useEachKind(floats, ints);
        }
    }

    private static void useEachKind(float[] floats, int[] ints) {
        FloatVector v = FloatVector.fromArray(FLOATS, floats, 0);
        v.intoArray(floats, 0);
        v.neg();
        v.add(v);
        v.sub(v);
        v.fma(v, v);
        v.compare(VectorOperators.GT, v);
        IntVector w = v.reinterpretAsInts();
        w.add(w);
        w.sub(w);
        w.lanewise(VectorOperators.LSHL, 1);
        w.intoArray(ints, 0);
    }

    /** Half as many longs as floats; a separate class, so that their classes are loaded only when needed. */
    static final class Longs {

        static final VectorSpecies<Long> SPECIES = FLOATS.withLanes(long.class);

        private Longs() {}
    }

    private Lanes() {}
}

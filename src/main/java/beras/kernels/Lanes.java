package beras.kernels;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shape of this JVM, in constants of their own class.
 *
 * <p>A species must be a {@code static final} constant where it is used: read from a field, a parameter or an array it
 * makes every vector a heap object, with right results at a fraction of the speed.
 */
final class Lanes {

    static final VectorSpecies<Float> FLOATS = species();
    static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
    /** Floats in a vector. */
    static final int COUNT = FLOATS.length();
    /** As many bytes as a vector has floats; null where there is no vector that small. */
    static final VectorSpecies<Byte> BYTES =
            COUNT == 16 ? ByteVector.SPECIES_128 : COUNT == 8 ? ByteVector.SPECIES_64 : null;
    /** Bits of the widest vector that the processor and the JVM offer. */
    static final int PREFERRED_BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();

    private static VectorSpecies<Float> species() {
        return switch (SimdProperty.bits()) {
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            default -> FloatVector.SPECIES_PREFERRED;
        };
    }

    private Lanes() {}
}

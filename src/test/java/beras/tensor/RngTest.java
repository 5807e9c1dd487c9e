package beras.tensor;

import static org.junit.jupiter.api.Assertions.*;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("core")
class RngTest {

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private final Rng rng = new Rng(42, "test", 0);

    @Test
    void isAFunctionOfSeedPurposeStreamAndIndex() {
        double late = rng.normal(5);
        assertEquals(late, new Rng(42, "test", 0).normal(5), "whatever was read before");
        Set<Long> different = new HashSet<>();
        for (long seed : new long[] {0, 1, -1, 42, Long.MIN_VALUE, Long.MAX_VALUE}) {
            for (String purpose : new String[] {"", "test", "tset", "shuffle"}) {
                for (long stream : new long[] {0, 1, 2, -1}) {
                    Rng other = new Rng(seed, purpose, stream);
                    for (long index : new long[] {0, 1, Long.MAX_VALUE}) {
                        different.add(other.bits(index));
                    }
                }
            }
        }
        assertEquals(6 * 4 * 4 * 3, different.size());
    }

    /** Changed numbers here mean changed weights everywhere: every trained model differs from that of an earlier version. */
    @Test
    void theFirstNumbersAreThoseOfThisVersion() {
        long[] bits = {0xe7590f5fe27ac75fL, 0x9f30207ce8497d3L, 0x9dd3e8785f03ac63L, 0x5a6956bd262c6fdeL};
        assertArrayEquals(bits, IntStream.range(0, 4).mapToLong(rng::bits).toArray());
        assertArrayEquals(new int[] {9, 0, 4, 5, 3, 1, 8, 2, 6, 7}, rng.permutation(10));
        assertEquals(0.9037026986211272, rng.uniform(0), 1e-15);
        assertEquals(1.3029418853261068, rng.normal(0), 1e-14);
        assertEquals(1.3665835916922469, rng.truncatedNormal(0), 1e-14);
    }

    @Test
    void aPermutationHoldsEveryNumberOnce() {
        for (int n : new int[] {0, 1, 2, 3, 10, 1000}) {
            int[] order = rng.permutation(n);
            assertEquals(n, order.length);
            int[] used = new Rng(8, "other", 0).permutation(n);
            rng.permutation(used);
            assertArrayEquals(order, used);
            Arrays.sort(order);
            assertArrayEquals(IntStream.range(0, n).toArray(), order);
        }
    }

    @Test
    void normalIsFiniteAtTheEndsOfUniform() {
        assertTrue(rng.uniform(indexOf(0L)) > 0 && rng.uniform(indexOf(-1L)) < 1);
        assertTrue(rng.normal(indexOf(0L)) < -8, "from the smallest uniform number");
        assertTrue(rng.normal(indexOf(-1L)) > 8, "from the largest uniform number");
        assertEquals(-2.2737, rng.truncatedNormal(indexOf(0L)), 1e-4);
        assertEquals(2.2737, rng.truncatedNormal(indexOf(-1L)), 1e-4);
    }

    /** Where the generator gives these bits: SplitMix64 runs backwards as well. */
    private long indexOf(long bits) {
        long steps = inverseMix(bits) - inverseMix(rng.bits(0));
        long index = steps * inverse(GOLDEN);
        assertEquals(bits, rng.bits(index));
        return index;
    }

    private static long inverseMix(long z) {
        z = unshift(z, 31) * inverse(0x94d049bb133111ebL);
        z = unshift(z, 27) * inverse(0xbf58476d1ce4e5b9L);
        return unshift(z, 30);
    }

    /** The {@code x} with {@code x ^ (x >>> shift) == z}. */
    private static long unshift(long z, int shift) {
        return z ^ (z >>> shift) ^ (z >>> (2 * shift));
    }

    /** The inverse of an odd number modulo 2^64, by Newton's iteration. */
    private static long inverse(long odd) {
        long x = odd;
        for (int i = 0; i < 6; i++) {
            x *= 2 - odd * x;
        }
        return x;
    }

    /** Published values of the standard normal's quantiles, at the index whose uniform number is nearest. */
    @Test
    void normalIsTheQuantileOfUniform() {
        double[][] quantiles = {
            {0.5, 0}, {0.75, 0.674489750196082}, {0.9, 1.281551565544600}, {0.95, 1.644853626951473},
            {0.975, 1.959963984540054},
            {0.99, 2.326347874040841}, {0.995, 2.575829303548901}, {0.999, 3.090232306167814}, {0.9999, 3.719016485455681},
            {1e-6, -4.753424308822899}, {1e-9, -5.997807015007687}, {1e-12, -7.034483825301132}};
        for (double[] q : quantiles) {
            long bits = q[0] == 0.5 ? Long.MIN_VALUE : (long) (q[0] * 0x1p52) << 12;
            assertEquals(q[1], rng.normal(indexOf(bits)), q[0] < 1e-5 ? 1e-5 * Math.abs(q[1]) : 1e-11, "p = " + q[0]);
        }
    }

    @Test
    void freshSeedsDiffer() {
        assertNotEquals(Rng.freshSeed(), Rng.freshSeed());
    }
}

package beras.tensor;

import beras.kernels.SplitMix;
import java.security.SecureRandom;

/**
 * The one source of random numbers: a generator without state, keyed by seed, purpose and stream, and read by index.
 *
 * <p>Number {@code i} is output {@code i} of SplitMix64 (Steele, Lea and Flood, 2014) started at a key mixed from the seed,
 * the purpose (its FNV-1a hash) and the stream. So any number can be computed alone, in any order, on any thread, and one
 * purpose never disturbs another: more epochs do not change the weights.
 */
public final class Rng {

    /** The standard deviation of a standard normal truncated at -2 and 2. */
    public static final double TRUNCATED_DEVIATION = 0.87962566103423978;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long key;

    /**
     * @param purpose the purpose of the numbers, such as {@code "shuffle"}
     * @param stream  distinguishes uses of one purpose, such as the number of the epoch
     */
    public Rng(long seed, String purpose, long stream) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < purpose.length(); i++) {
            hash = (hash ^ purpose.charAt(i)) * FNV_PRIME;
        }
        this.key = SplitMix.mix(SplitMix.mix(SplitMix.mix(seed + SplitMix.STEP) ^ hash) + stream * SplitMix.STEP);
    }

    /** A seed that differs from call to call and from run to run; the default without a seed. */
    public static long freshSeed() {
        return new SecureRandom().nextLong();
    }

    /** 64 random bits. */
    public long bits(long index) {
        return SplitMix.bits(key, index);
    }

    /** Uniform in the open interval (0, 1): an odd multiple of 2^-53. */
    public double uniform(long index) {
        return ((bits(index) >>> 12) + 0.5) * 0x1p-52;
    }

    /** Normal with mean 0 and standard deviation 1, by inversion of {@link #uniform}. */
    public double normal(long index) {
        return Normal.quantile(uniform(index));
    }

    /**
     * Normal with mean 0, truncated at two standard deviations and scaled to standard deviation 1; no value is beyond 2.2737. This
     * is Keras's truncated normal.
     */
    public double truncatedNormal(long index) {
        double below = Normal.BELOW_MINUS_TWO;
        return Normal.quantile(below + (1 - 2 * below) * uniform(index)) / TRUNCATED_DEVIATION;
    }

    /** The numbers 0 to n - 1 in random order (Fisher and Yates). */
    public int[] permutation(int n) {
        int[] order = new int[n];
        permutation(order);
        return order;
    }

    /** As {@link #permutation(int)} for the array's length, written into the array. */
    public void permutation(int[] order) {
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        for (int i = order.length - 1; i > 0; i--) {
            int j = (int) (((bits(i) >>> 32) * (i + 1)) >>> 32);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }

    /** The standard normal distribution. */
    private static final class Normal {

        /** The probability of a value below -2. */
        static final double BELOW_MINUS_TWO = 0.022750131948179209;
        /**
         * The quantile of the standard normal for probability {@code p}: Wichura's algorithm AS 241 (1988), relative error about
         * 1e-16. Only strict arithmetic ({@code StrictMath.log}), so bit-identical everywhere.
         */
        static double quantile(double p) {
            double q = p - 0.5;
            if (Math.abs(q) <= 0.425) {
                double r = 0.180625 - q * q;
                return q * ratio(r,
                        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
                        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
                        42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867,
                        39307.895800092710610, 28729.085735721942674, 5226.4952788528545610);
            }
            double r = StrictMath.sqrt(-StrictMath.log(q < 0 ? p : 1 - p));
            double x;
            if (r <= 5) {
                x = ratio(r - 1.6,
                        1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
                        1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4,
                        2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590,
                        0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9);
            } else {
                x = ratio(r - 5,
                        6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230,
                        0.0265321895265761230930, 0.00124266094738807843860, 2.71155556874348757815e-5,
                        2.01033439929228813265e-7, 0.599832206555887937690, 0.136929880922735805310,
                        0.0148753612908506148525, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
                        1.42151175831644588870e-7, 2.04426310338993978564e-15);
            }
            return q < 0 ? -x : x;
        }

        /** A ratio of polynomials of degree 7; the denominator's constant is 1. */
        private static double ratio(double r, double... c) {
            double above = 0;
            for (int i = 7; i >= 0; i--) {
                above = above * r + c[i];
            }
            double below = 0;
            for (int i = 14; i >= 8; i--) {
                below = (below + c[i]) * r;
            }
            return above / (below + 1);
        }
    }
}

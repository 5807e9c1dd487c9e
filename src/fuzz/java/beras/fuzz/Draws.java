package beras.fuzz;

import beras.tensor.Rng;
import java.util.List;

/** Choices that follow from a seed, a purpose and a number. */
final class Draws {

    private final Rng rng;
    private long drawn;

    Draws(long seed, String purpose, long number) {
        this.rng = new Rng(seed, purpose, number);
    }

    /** From 0 to {@code bound} (exclusive). */
    int below(int bound) {
        return (int) ((rng.bits(drawn++) >>> 33) % bound);
    }

    /** From {@code from} to {@code to}, both inclusive. */
    int between(int from, int to) {
        return from + below(to - from + 1);
    }

    /** True once in so many times. */
    boolean oneIn(int times) {
        return below(times) == 0;
    }

    long bits() {
        return rng.bits(drawn++);
    }

    @SafeVarargs
    final <T> T one(T... choices) {
        return choices[below(choices.length)];
    }

    <T> T one(List<T> choices) {
        return choices.get(below(choices.size()));
    }
}

package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.tensor.Rng;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule gives the same bits in scalar code, in lanes and on any number of threads, and allocates nothing. */
@Tag("kernels")
class UpdatesTest {

    private static final int MOST_SLOTS = 3;
    private static final float[] NUMBERS = {0.01f, 0.9f, 0.1f, 0.999f, 0.001f, 3.3f, 1e-7f, 0.3f};
    private static final ScalarUpdates SCALAR = new ScalarUpdates();
    private static final ScalarUpdates LANES = new VectorUpdates();
    private static final int THREADS = Threads.count();

    @BeforeAll
    static void useEachOperation() {
        Lanes.useEachOperation(); // as the warm-up does
    }

    @AfterEach
    void restoreThreads() {
        Threads.set(THREADS);
    }

    /** Of every kind of rule one with each choice of its flags, with usual numbers and with 0 throughout. */
    static List<Update> rules() throws ReflectiveOperationException {
        List<Update> rules = new ArrayList<>();
        for (Class<?> kind : Update.class.getDeclaredClasses()) {
            RecordComponent[] components = kind.getRecordComponents();
            long flags = Stream.of(components).filter(c -> c.getType() == boolean.class).count();
            for (int choice = 0; choice < 2 << flags; choice++) {
                rules.add(rule(kind, components, choice >> 1, choice % 2));
            }
        }
        assertTrue(rules.size() > 20, () -> "Only " + rules.size() + " rules");
        return rules;
    }

    private static Update rule(Class<?> kind, RecordComponent[] components, int flags, int factor)
            throws ReflectiveOperationException {
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[types.length];
        int flag = 0;
        for (int i = 0; i < types.length; i++) {
            values[i] = types[i] == boolean.class ? (Object) ((flags >> flag++ & 1) == 1) : (Object) (factor * NUMBERS[i]);
        }
        Constructor<?> constructor = kind.getDeclaredConstructor(types);
        return (Update) constructor.newInstance(values);
    }

    /** The arguments of one call: blocks of {@code n} numbers at an odd offset and between guards. */
    private static final class Call {

        final KernelCases.Arrays arrays;
        final Block w;
        final Block g;
        final Block[] slots = new Block[MOST_SLOTS];

        Call(int n, long seed, boolean wild) {
            arrays = new KernelCases.Arrays(seed, wild);
            w = block(arrays.out(arrays.in(n)), n);
            g = block(arrays.out(arrays.in(n)), n); // among the outputs, for it must be left as it is
            for (int i = 0; i < MOST_SLOTS; i++) {
                slots[i] = block(arrays.out(arrays.in(n)), n);
            }
        }

        private static Block block(float[] array, int n) {
            return new Block(array, KernelCases.Arrays.OFFSET, 1, n);
        }
    }

    private interface Kernel {
        void run(Call call);
    }

    private static void compare(String what, int n, Kernel kernel, Kernel other) {
        for (boolean wild : new boolean[] {false, true}) {
            Call expected = new Call(n, n, wild);
            Call actual = new Call(n, n, wild);
            kernel.run(expected);
            other.run(actual);
            String where = what + " of " + n + (wild ? " wild" : "") + " numbers";
            assertTrue(expected.arrays.guardsHold(), () -> where + ": scalar code wrote outside its blocks");
            assertArrayEquals(expected.arrays.bits(), actual.arrays.bits(), where);
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aRuleHasTheSameBitsInLanes(Update rule) {
        for (int n = 0; n < 130; n++) {
            int to = n;
            compare(rule.toString(), n, c -> SCALAR.apply(rule, c.w, c.g, c.slots, 0, to),
                    c -> LANES.apply(rule, c.w, c.g, c.slots, 0, to));
        }
    }

    /** Parts that begin and end anywhere, as threads get them. */
    @ParameterizedTest
    @MethodSource("rules")
    void aPartOfABlockChangesNothingElse(Update rule) {
        compare(rule.toString(), 129, c -> SCALAR.apply(rule, c.w, c.g, c.slots, 5, 83),
                c -> LANES.apply(rule, c.w, c.g, c.slots, 5, 83));
        Call before = new Call(129, 1, false);
        Call after = new Call(129, 1, false);
        LANES.apply(rule, after.w, after.g, after.slots, 5, 83);
        for (int i = 0; i < 129; i++) {
            if (i < 5 || i >= 83) {
                assertEquals(before.w.get(i), after.w.get(i), rule + ", element " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void sameBitsOnAnyNumberOfThreads(int threads) throws ReflectiveOperationException {
        Threads.set(threads);
        Updates splitting = new Updates(LANES, 1);
        for (int n : new int[] {0, 1, 2, 15, 33, 100, 129, 2011}) {
            for (Update rule : rules()) {
                compare(rule.toString(), n, c -> SCALAR.apply(rule, c.w, c.g, c.slots, 0, n),
                        c -> splitting.apply(rule, c.w, c.g, c.slots));
            }
            compare("blend", n, c -> SCALAR.blend(0.1f, c.g, 0.9f, c.w, 0, n), c -> splitting.blend(0.1f, c.g, 0.9f, c.w));
            compare("decay", n, c -> SCALAR.blend(-0.1f, c.w, 1f, c.w, 0, n), c -> splitting.blend(-0.1f, c.w, 1f, c.w));
        }
    }

    @Test
    void blendHasTheSameBitsInLanes() {
        for (int n = 0; n < 130; n++) {
            int to = n;
            compare("blend", n, c -> SCALAR.blend(0.1f, c.g, 0.9f, c.w, 0, to), c -> LANES.blend(0.1f, c.g, 0.9f, c.w, 0, to));
            compare("decay", n, c -> SCALAR.blend(-0.1f, c.w, 1f, c.w, 0, to), c -> LANES.blend(-0.1f, c.w, 1f, c.w, 0, to));
        }
    }

    @Test
    void aRuleOfOnesOwnIsSplitToo() {
        Threads.set(3);
        Update add = (w, g, slots, from, to) -> {
            for (int i = from; i < to; i++) {
                slots[0].set(i, slots[0].get(i) + 1f);
                w.set(i, w.get(i) + g.get(i));
            }
        };
        float[] w = new float[1000];
        float[] g = new float[1000];
        float[] calls = new float[1000];
        for (int i = 0; i < 1000; i++) {
            g[i] = i;
        }
        new Updates(LANES, 1).apply(add, new Block(w), new Block(g), new Block(calls));
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, w[i]);
            assertEquals(1f, calls[i]);
        }
    }

    @Test
    void blocksThatDoNotFitAreRefused() {
        Updates face = new Updates(SCALAR, 1);
        Update adam = new Update.Adam(0.1f, 0.9, 0.999, 1f, 1e-7f);
        Block w = new Block(new float[] {1f, 1f});
        Block two = new Block(new float[] {3f, 3f});
        Block three = new Block(new float[3]);
        assertThrows(IllegalArgumentException.class, () -> face.apply(adam, w, three, two, two));
        assertThrows(IllegalArgumentException.class, () -> face.apply(adam, w, two, two, three));
        assertThrows(IllegalArgumentException.class, () -> face.blend(1f, three, 1f, w));
        Updates lanes = new Updates(LANES, 1);
        assertThrows(IndexOutOfBoundsException.class, () -> face.apply(adam, w, two, two));
        assertThrows(IndexOutOfBoundsException.class, () -> lanes.apply(adam, w, two, two));
        assertEquals(1f, w.get(0));
        assertEquals(3f, two.get(0));
    }

    /** What {@link Update} says of rounding. */
    @Test
    void roundingMakesSmallNumbersMultiplesAndChangesOthersByOneUnitAtMost() {
        Rng rng = new Rng(3, "rounding", 0);
        Block zero = new Block(new float[1]);
        Block y = new Block(new float[1]);
        for (int exponent = -126; exponent < 10; exponent++) {
            for (int i = 0; i < 2000; i++) {
                int fraction = i < 200 ? i : i < 400 ? 0x7fffff - i + 200 : (int) (rng.uniform(i) * 0x800000);
                float x = Math.scalb(1f + fraction * 0x1p-23f, exponent) * (i % 2 == 0 ? 1f : -1f);
                y.set(0, x);
                SCALAR.blend(0f, zero, 1f, y, 0, 1);
                if (Math.abs(x) > 0x1p-52f) {
                    assertEquals(x, y.get(0));
                } else {
                    assertEquals(x, y.get(0), Math.max(Math.ulp(x), 0x1p-100f));
                    assertTrue(exponent >= -78 || y.get(0) * 0x1p100 == Math.rint(y.get(0) * 0x1p100), () -> "of " + x);
                }
            }
        }
    }

    // ---------------------------------------------------------------------------------------------- allocation

    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** A byte now and then of the measurement itself. */
    private static final double ALLOWED = 16;

    private static double bytesPerCall(Runnable call) {
        for (int i = 0; i < 30_000; i++) { // until the optimising compiler has it
            call.run();
        }
        double least = Double.MAX_VALUE;
        for (int attempt = 0; attempt < 5; attempt++) { // the compiler may still be at work in the first
            long one = allocatedBy(call, 500);
            long two = allocatedBy(call, 1000);
            least = Math.min(least, (two - one) / 500.0);
        }
        return least;
    }

    private static long allocatedBy(Runnable call, int times) {
        long before = MEMORY.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < times; i++) {
            call.run();
        }
        return MEMORY.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }

    @ParameterizedTest
    @MethodSource("rules")
    @Tag("vector")
    void aRuleAllocatesNextToNothing(Update rule) {
        Call call = new Call(1920, 1, false);
        double bytes = bytesPerCall(() -> LANES.apply(rule, call.w, call.g, call.slots, 0, 1920));
        assertTrue(bytes <= ALLOWED, rule + " allocates " + bytes + " bytes a call");
    }

    @Test
    @Tag("vector")
    void blendAllocatesNextToNothing() {
        Call call = new Call(1920, 1, false);
        double bytes = bytesPerCall(() -> LANES.blend(0.1f, call.g, 0.9f, call.w, 0, 1920));
        assertTrue(bytes <= ALLOWED, "blend allocates " + bytes + " bytes a call");
    }
}

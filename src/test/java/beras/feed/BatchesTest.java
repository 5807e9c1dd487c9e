package beras.feed;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.AugmentedImages;
import beras.data.image.ImageAugmentation;
import beras.data.image.Images;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Passes over data: nothing of one is another's. */
@Tag("model")
@Timeout(60)
class BatchesTest {

    private static final int COUNT = 11;
    private static final int SIZE = 3;
    private static final Examples NUMBERS = Examples.of(Tensor.generate(i -> i, COUNT, 1), Tensor.zeros(COUNT, 1));

    /** Everything that makes batches, of the same examples. */
    private static Stream<Batches> kinds() {
        return Stream.of(Batches.of(NUMBERS, SIZE), Batches.shuffled(NUMBERS, SIZE, 5), Dataset.of(NUMBERS).batch(SIZE),
                Dataset.of(NUMBERS).shuffle(4, 5).batch(SIZE), Batches.shuffled(NUMBERS, SIZE, 5).prefetch(2),
                Dataset.of(NUMBERS).shuffle(4, 5).batch(SIZE).prefetch(1));
    }

    private static List<Float> numbers(Batch batch) {
        List<Float> numbers = new ArrayList<>();
        for (float number : batch.inputs().get(0).toArray()) {
            numbers.add(number);
        }
        return numbers;
    }

    private static List<List<Float>> rest(Batches.Pass pass) {
        List<List<Float>> rest = new ArrayList<>();
        for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
            rest.add(numbers(batch));
        }
        return rest;
    }

    private static List<List<Float>> all(Batches batches, int epoch) {
        try (Batches.Pass pass = batches.open(epoch)) {
            return rest(pass);
        }
    }

    @Test
    void twoPassesAtOnceDoNotMixUp() {
        kinds().forEach(batches -> {
            List<List<Float>> first = all(batches, 0);
            List<List<Float>> second = all(batches, 1);
            try (Batches.Pass a = batches.open(0); Batches.Pass b = batches.open(1)) {
                for (int i = 0; i < first.size(); i++) {
                    Batch ofFirst = a.next();
                    Batch ofSecond = b.next();
                    assertEquals(first.get(i), numbers(ofFirst));
                    assertEquals(second.get(i), numbers(ofSecond));
                }
                assertNull(a.next());
                assertNull(b.next());
            }
        });
    }

    @Test
    void skippingIsTheSameAsReading() {
        kinds().forEach(batches -> {
            List<List<Float>> expected = all(batches, 1);
            for (int skipped = 0; skipped <= expected.size() + 1; skipped++) {
                try (Batches.Pass pass = batches.open(1)) {
                    pass.skip(skipped);
                    assertEquals(expected.subList(Math.min(skipped, expected.size()), expected.size()), rest(pass));
                }
                try (Batches.Pass pass = batches.open(1)) {
                    pass.next();
                    pass.skip(skipped);
                    assertEquals(expected.subList(Math.min(skipped + 1, expected.size()), expected.size()), rest(pass));
                }
            }
        });
    }

    @Test
    void skippedExamplesAreNotRead() {
        AtomicInteger read = new AtomicInteger();
        Examples counting = new Examples() {

            @Override
            public int count() {
                return COUNT;
            }

            @Override
            public ExampleSpec spec() {
                return NUMBERS.spec();
            }

            @Override
            public void read(int epoch, int[] order, int from, int to, Batch into) {
                read.addAndGet(to - from);
            }
        };
        try (Batches.Pass pass = Batches.shuffled(counting, SIZE, 1).prefetch(1).open(0)) {
            pass.skip(3);
            assertEquals(2, pass.next().size());
        }
        assertEquals(2, read.get());
    }

    /** A source whose passes note that they are closed, a while after they are told to. */
    private static final class SlowToClose implements Batches {

        final Thread user = Thread.currentThread();
        volatile boolean closed;

        @Override
        public ExampleSpec spec() {
            return NUMBERS.spec();
        }

        @Override
        public int count() {
            return -1;
        }

        @Override
        public Pass open(int epoch) {
            return new Pass() {

                @Override
                public Batch next() {
                    return Batch.zeros(spec(), 1);
                }

                @Override
                public void close() {
                    for (long i = 0; i < 1_000_000_000L && user.getState() == Thread.State.RUNNABLE; i++) {
                        Thread.onSpinWait();
                    }
                    closed = true;
                }
            };
        }
    }

    @Test
    void whenAPassIsClosedNothingReadsForItAnyMore() {
        SlowToClose source = new SlowToClose();
        for (int read = 1; read < 4; read++) {
            source.closed = false;
            try (Batches.Pass pass = source.prefetch(2).open(0)) {
                pass.skip(read - 1);
                pass.next();
            }
            assertTrue(source.closed);
        }
    }

    @Test
    void aPassThatIsNeverReadStartsNoThread() {
        try (Batches.Pass pass = Batches.of(NUMBERS, 1).prefetch(1).open(0)) {
            pass.skip(1);
        }
        assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals("beras-prefetch")));
    }

    @Test
    void aBatchMayBeFarLargerThanTheStream() {
        int count = 3000;
        Examples many = Examples.of(List.of(Tensor.generate(i -> i, count, 1)), List.of(), Tensor.generate(i -> i, count));
        for (int size : new int[] {1023, 1024, 1025, 2500, count - 1, count, count + 1, 2_000_000_000}) {
            try (Batches.Pass pass = Dataset.of(many).batch(size).open(0)) {
                int from = 0;
                for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                    int first = from;
                    assertEquals(Math.min(size, count - from), batch.size());
                    assertEquals(Tensor.generate(i -> first + i, batch.size(), 1), batch.inputs().get(0));
                    assertEquals(Tensor.generate(i -> first + i, batch.size()), batch.weights());
                    from += batch.size();
                }
                assertEquals(count, from);
            }
        }
    }

    @Test
    void forValidationNothingIsChangedAtRandom() {
        byte[] pixels = new byte[4 * 9];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (37 * i);
        }
        Images images = new Images(pixels, 3, 3, new byte[4], 10);
        AugmentedImages augmented = new AugmentedImages(images, ImageAugmentation.DIGITS, 3);
        assertNotEquals(all(Batches.of(images.slice(1, 3), 2), 0), all(Batches.of(augmented.slice(1, 3), 2), 0));
        assertEquals(all(Batches.of(images.slice(1, 3), 2), 0), all(Batches.of(augmented.slice(1, 3).forValidation(), 2), 0));
    }
}

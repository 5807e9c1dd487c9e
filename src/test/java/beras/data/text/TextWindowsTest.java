package beras.data.text;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batch;
import beras.feed.Examples;
import beras.feed.Preprocessor;
import beras.tensor.Tensor;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows of a text, and what keeps its vocabulary. */
@Tag("data")
class TextWindowsTest {

    private static Batch read(Examples windows, int epoch) {
        int[] order = IntStream.range(0, windows.count()).toArray();
        int length = windows.spec().inputs().get(0).dim(0);
        Batch batch = new Batch(List.of(Tensor.zeros(order.length, length)), List.of(Tensor.zeros(order.length, length)), null);
        windows.read(epoch, order, 0, order.length, batch);
        return batch;
    }

    @Test
    void theTargetIsTheNextToken() {
        Examples windows = new TextWindows(new int[] {0, 1, 2, 3, 4, 5, 65_535}, 3).forValidation();
        Batch batch = read(windows, 4);
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, batch.inputs().get(0).toArray());
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 65_535}, batch.targets().get(0).toArray());
    }

    /** In each epoch all windows lie in the text; over the epochs they begin everywhere, and the same seed gives the same. */
    @ParameterizedTest
    @CsvSource({"2, 1", "3, 2", "5, 3", "40, 7", "43, 7", "100, 10"})
    void epochsBeginElsewhere(int count, int length) {
        TextWindows windows = new TextWindows(IntStream.range(0, count).toArray(), length).seed(5);
        Set<Float> begins = new HashSet<>();
        for (int epoch = 0; epoch < 200; epoch++) {
            Batch batch = read(windows, epoch);
            float[] inputs = batch.inputs().get(0).toArray();
            begins.add(inputs[0]);
            for (int i = 0; i < inputs.length; i++) {
                assertEquals(inputs[0] + i, inputs[i]);
                assertEquals(inputs[i] + 1, batch.targets().get(0).toArray()[i]);
            }
            assertTrue(inputs[inputs.length - 1] < count - 1);
            assertArrayEquals(inputs, read(windows, epoch).inputs().get(0).toArray());
        }
        assertEquals(Math.min(length, count - windows.count() * length), begins.size());
        assertEquals((count - 1) / length, windows.forValidation().count());
    }

    /** A part of a text in segments gives the windows of an array that holds the part alone. */
    @ParameterizedTest
    @CsvSource({"1, 0, 23", "2, 3, 23", "7, 6, 20", "23, 1, 22"})
    void segmentsAndPartsChangeNothing(int segment, int from, int to) {
        char[] text = new char[23];
        IntStream.range(0, text.length).forEach(i -> text[i] = (char) (i * 2_800));
        List<CharBuffer> segments = IntStream.iterate(0, i -> i < text.length, i -> i + segment)
                .mapToObj(i -> CharBuffer.wrap(text, i, Math.min(segment, text.length - i)).slice()).toList();
        TextWindows part = new TextWindows(segments, 3).seed(7).part(from, to);
        TextWindows alone = new TextWindows(IntStream.range(from, to).map(i -> text[i]).toArray(), 3).seed(7);
        for (int epoch = 0; epoch < 5; epoch++) {
            assertArrayEquals(read(alone, epoch).inputs().get(0).toArray(), read(part, epoch).inputs().get(0).toArray());
            assertArrayEquals(read(alone, epoch).targets().get(0).toArray(), read(part, epoch).targets().get(0).toArray());
        }
        assertEquals(from == 0 ? 1 : 0, part.frequency(0));
        assertThrows(IllegalArgumentException.class, () -> part.part(0, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> part.part(0, 24));
    }

    @Test
    void whatIsNoTextOfWindowsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TextWindows(new int[] {1, 2, 3}, 3));
        assertThrows(IllegalArgumentException.class, () -> new TextWindows(new int[] {1, 2, 3}, 0));
        assertThrows(IllegalArgumentException.class, () -> new TextWindows(new int[] {1, -1, 3}, 1));
        Exception e = assertThrows(IllegalArgumentException.class, () -> new TextWindows(new int[] {1, 65_536, 3}, 1));
        assertTrue(e.getMessage().contains("65536 at index 1"), e.getMessage());
    }

    @Test
    void thePreprocessorTakesTheLastTokens() {
        TextPreprocessor made = new TextPreprocessor(Vocabulary.ofCharacters("abc"), 2);
        TextPreprocessor loaded = (TextPreprocessor) Preprocessor.of(made.config());
        assertEquals(made.vocabulary(), loaded.vocabulary());
        assertArrayEquals(new float[] {2, 3}, loaded.encode("abc"));
        float[] outputs = new float[2 * 4];
        Arrays.fill(outputs, 0.1f);
        outputs[4 + 3] = 0.7f;
        assertEquals("c", loaded.decode(outputs, 0).label());
        assertThrows(IllegalArgumentException.class, () -> loaded.encode("a"));
        assertThrows(IllegalArgumentException.class, () -> loaded.encode(3));
        assertThrows(IllegalArgumentException.class, () -> loaded.encode(null));
    }
}

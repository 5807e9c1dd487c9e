package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.golden.Golden;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("layers")
class EmbeddingTest {

    private final Embedding layer = new Embedding(5, 2);

    @ParameterizedTest
    @ValueSource(floats = {5f, -1f, 1.5f, 1e20f, Float.NaN, Float.NEGATIVE_INFINITY})
    void refusesWhatIsNoIndexAndNamesItsPlace(float index) {
        Tensor indices = Tensor.of(new float[][] {{0, 1, 2}, {3, 4, index}});
        Exception e = assertThrows(IllegalArgumentException.class, () -> layer.forward(indices));
        assertEquals("Embedding(5, 2) needs indices that are whole numbers from 0 to 4. Received: " + index + " at [1, 2]",
                e.getMessage());
    }

    @Test
    void hasNoMoreIndicesThanFloatsTellApart() {
        assertEquals(Shape.of(1), new Embedding(1 << 24, 1).outputShape(Shape.of()));
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Embedding((1 << 24) + 1, 1));
        assertEquals("inputDim of Embedding must be at most 16777216, for indices are floats, which represent no larger whole"
                + " numbers exactly. Received: 16777217", e.getMessage());
    }

    @Test
    void beginsUniformInOneTwentieth() {
        Embedding large = new Embedding(1000, 20);
        large.seed(1);
        large.build(List.of(Shape.of()));
        Tensor table = large.embeddings();
        assertTrue(table.max().item() <= 0.05f && table.max().item() > 0.0499f, table.max()::toString);
        assertTrue(table.negate().max().item() <= 0.05f && table.negate().max().item() > 0.0499f, table.max()::toString);
        assertEquals(0, table.mean().item(), 6 * 0.1 / Math.sqrt(12 * table.size()));
    }

    /** Three huge and small terms whose sum depends on the order: the one of the batch. */
    @Test
    void theGradientAddsUsesInTheirOrder() {
        Tensor indices = Tensor.of(2, 2, 2);
        Recorded recorded = Recorded.of(() -> layer.call(indices));
        Tensor upstream = Tensor.of(new float[][] {{1e8f, 1}, {1, 1e8f}, {-1e8f, -1e8f}});
        Tensor gradient = recorded.gradient(List.of(layer.embeddings()), upstream).get(0);
        assertEquals(Tensor.of(new float[][] {{0, 0}, {0, 0}, {1e8f + 1f - 1e8f, 1f + 1e8f - 1e8f}, {0, 0}, {0, 0}}), gradient);
    }

    @Test
    void refusesAnEmptyTable() {
        for (int[] sizes : new int[][] {{0, 1}, {1, 0}, {-1, 5}}) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> new Embedding(sizes[0], sizes[1]));
            String wrong = sizes[0] < 1 ? "inputDim of Embedding must be at least 1. Received: " + sizes[0]
                    : "outputDim of Embedding must be at least 1. Received: " + sizes[1];
            assertEquals(wrong, e.getMessage());
        }
    }

    @TestFactory
    Stream<DynamicTest> rowsByIndex() {
        return Golden.tests("embedding", "embedding\\..*", 4, c -> {
            Tensor table = c.input("table");
            Tensor indices = c.input("indices");
            Embedding layer = new Embedding(table.dim(0), table.dim(1));
            layer.build(List.of(indices.shape().rest()));
            layer.embeddings().assign(table);
            Recorded recorded = Recorded.of(() -> layer.call(indices));
            c.check("y", recorded.target());
            c.check("dTable", recorded.gradient(List.of(layer.embeddings()), c.input("upstream")).get(0));
        });
    }
}

package beras.layers;

import beras.autograd.GradientTape;
import beras.golden.Golden;
import beras.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Rows by index, and the gradient of rows used once, several times or never. */
@Tag("layers")
class EmbeddingGoldenTest {

    @TestFactory
    Stream<DynamicTest> rowsByIndex() {
        return Golden.tests("embedding", "embedding\\..*", 4, c -> {
            Tensor table = c.input("table");
            Tensor indices = c.input("indices");
            Embedding layer = new Embedding(table.dim(0), table.dim(1));
            layer.build(List.of(indices.shape().rest()));
            layer.embeddings().assign(table);
            GradientTape tape = new GradientTape();
            Tensor y;
            try (tape) {
                y = layer.call(indices);
            }
            c.check("y", y);
            c.check("dTable", tape.gradient(y, List.of(layer.embeddings()), c.input("upstream")).get(0));
        });
    }
}

package beras.tensor;

import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The matrix product, against one chain of fma per element, bit for bit. */
@Tag("core")
class TensorMatmulTest {

    private static Tensor reference(Tensor a, Tensor b) {
        int n = b.dim(1);
        return Tensor.generate(at -> {
            float sum = 0f;
            for (int k = 0; k < a.dim(1); k++) {
                sum = Math.fma(a.get(at / n, k), b.get(k, at % n), sum);
            }
            return sum;
        }, a.dim(0), n);
    }

    /** One matrix of normal numbers in each layout that a tensor can have. */
    private static List<Tensor> layouts(Dice dice, int rows, int cols) {
        List<Tensor> layouts = new ArrayList<>();
        layouts.add(dice.normal(rows, cols));
        layouts.add(dice.normal(cols, rows).transpose());
        layouts.add(dice.normal(rows + 3, cols).slice(2, rows + 2));
        layouts.add(dice.normal(cols + 3, rows).slice(1, cols + 1).transpose());
        layouts.add(dice.normal(cols + 2, rows + 2).transpose().slice(1, rows + 1).transpose().slice(1, cols + 1)
                .transpose());
        layouts.add(dice.normal(rows, cols + 2).transpose().slice(2, cols + 2).transpose());
        layouts.add(dice.normal(1, cols).broadcastTo(Shape.of(rows, cols)));
        layouts.add(dice.normal(rows, 1).broadcastTo(Shape.of(rows, cols)));
        return layouts;
    }

    @Test
    void equalsTheChainOfFmaInEveryLayout() {
        Dice dice = new Dice("matmul");
        int[][] shapes = {{1, 1, 1}, {2, 3, 1}, {1, 5, 7}, {3, 1, 4}, {5, 17, 3}, {15, 2, 33}, {17, 31, 19}, {33, 16, 65}};
        for (int[] s : shapes) {
            for (Tensor a : layouts(dice, s[0], s[1])) {
                for (Tensor b : layouts(dice, s[1], s[2])) {
                    assertEquals(reference(a, b), a.matmul(b));
                }
            }
        }
    }
}

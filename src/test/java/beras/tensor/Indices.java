package beras.tensor;

import java.util.function.Consumer;

/** The plain way through a tensor, for references in tests. */
final class Indices {

    /** Every index of a shape in row-major order; the array is a new one each time. */
    static void forEach(Shape shape, Consumer<int[]> action) {
        for (int flat = 0; flat < shape.size(); flat++) {
            int[] index = new int[shape.rank()];
            for (int axis = index.length - 1, rest = flat; axis >= 0; axis--) {
                index[axis] = rest % shape.dim(axis);
                rest /= shape.dim(axis);
            }
            action.accept(index);
        }
    }

    private Indices() {}
}

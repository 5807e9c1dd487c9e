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

    /** The element of {@code tensor} that NumPy's rule puts at {@code index} of a broadcast result. */
    static float broadcastGet(Tensor tensor, int[] index) {
        int[] own = new int[tensor.rank()];
        for (int i = 0; i < own.length; i++) {
            own[i] = tensor.dim(i) == 1 ? 0 : index[index.length - own.length + i];
        }
        return tensor.get(own);
    }

    private Indices() {}
}

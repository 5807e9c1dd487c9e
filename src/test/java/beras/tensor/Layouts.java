package beras.tensor;

import java.util.List;
import java.util.function.UnaryOperator;

/** Equal tensors that lie in memory in another way, for tests of what reads them. */
public final class Layouts {

    /** Each gives a tensor equal to the one it is given, of at least one axis and one row. */
    public static final List<UnaryOperator<Tensor>> ALL = List.of(Layouts::transposed, Layouts::middle, Layouts::columns);

    /** With its axes the other way round. */
    private static Tensor transposed(Tensor x) {
        return x.transpose().copy().transpose();
    }

    /** With other numbers before and behind. */
    private static Tensor middle(Tensor x) {
        int row = x.size() / x.dim(0);
        Tensor larger = Tensor.full(1e6f, x.shape().rest().prepend(x.dim(0) + 3).toArray());
        System.arraycopy(x.toArray(), 0, larger.data(), 2 * row, x.size());
        return larger.slice(2, 2 + x.dim(0));
    }

    /** With other numbers between its rows. */
    private static Tensor columns(Tensor x) {
        return middle(x.transpose().copy()).transpose();
    }

    private Layouts() {}
}

package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/** Gives each example {@code n} times: {@code (batch, features)} becomes {@code (batch, n, features)}. */
public final class RepeatVector extends Layer {

    private int n = 1;

    RepeatVector() {}

    /**
     * @param n how many times, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public RepeatVector(int n) {
        this.n = n;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        n = Arguments.atLeast(1, "n of RepeatVector", s.required().integer("n", n));
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 1) {
            throw new IllegalArgumentException("RepeatVector needs examples of one axis. Received shape: " + input);
        }
        return Shape.of(n, input.dim(0));
    }

    /** That of the input. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0);
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0).contiguous();
        Tensor y = call.allocate(outputShape(x.rank() == 0 ? x.shape() : x.shape().rest()).prepend(x.dim(0)));
        int features = x.dim(1);
        for (int row = 0; row < x.dim(0) * n; row++) {
            System.arraycopy(x.data(), x.offset() + row / n * features, y.data(), y.offset() + row * features, features);
        }
        return y;
    }

    @Override
    protected Tensor define(Call call) {
        Tensor x = call.input(0);
        return x.expandDims(1).broadcastTo(x.dim(0), n, x.dim(1));
    }

    /** The sum of the upstream over the {@code n}, in their order. */
    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        Tensor u = upstream.contiguous();
        Tensor out = call.allocate(call.input(0).shape());
        int features = out.dim(1);
        for (int row = 0; row < out.dim(0) * n; row++) {
            int from = u.offset() + row * features;
            int to = out.offset() + row / n * features;
            if (row % n == 0) {
                System.arraycopy(u.data(), from, out.data(), to, features);
            } else {
                MatrixView sum = new MatrixView(out.data(), to, 1, features);
                Backend.elements().zip(BinaryOp.ADD, sum, new MatrixView(u.data(), from, 1, features), sum);
            }
        }
        return List.of(out);
    }
}

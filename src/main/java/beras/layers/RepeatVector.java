package beras.layers;

import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Gives each example {@code n} times: {@code (batch, features)} becomes {@code (batch, n, features)}. */
public final class RepeatVector extends Rearranging {

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

    @Override
    Tensor rearranged(Tensor x, Shape output) {
        return new Repeat(output).apply(x);
    }

    /** @param output the shape of one example of the result */
    private record Repeat(Shape output) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            Tensor y = call.allocate(output.prepend(x.dim(0)));
            int features = x.dim(1);
            for (int row = 0; row < x.dim(0) * output.dim(0); row++) {
                System.arraycopy(x.data(), x.offset() + row / output.dim(0) * features, y.data(), y.offset() + row * features, features);
            }
            return y;
        }

        /** The sum of the upstream over the repetitions, in their order. */
        @Override
        public Tensor gradient(OperationCall call, int number, Tensor u) {
            Tensor out = call.allocate(call.input(0).shape());
            int n = output.dim(0);
            int features = out.dim(1);
            for (int row = 0; row < out.dim(0) * n; row++) {
                int from = u.offset() + row * features;
                int to = out.offset() + row / n * features;
                for (int i = 0; i < features; i++) {
                    out.data()[to + i] = row % n == 0 ? u.data()[from + i] : out.data()[to + i] + u.data()[from + i];
                }
            }
            return out;
        }

        @Override
        public Tensor composition(OperationCall call) {
            Tensor x = call.input(0);
            return x.expandDims(1).broadcastTo(output.prepend(x.dim(0)));
        }
    }
}

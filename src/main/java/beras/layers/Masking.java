package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Optional;

/**
 * Masks the steps of sequences {@code (batch, steps, features)} whose features all equal one number, the padding: they become
 * zeros, and later layers, losses and metrics ignore them, see {@link Tensor#mask()}.
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(20, 8), new Masking(), new LSTM(32), new Dense(1));
 * }</pre>
 */
public final class Masking extends FluentLayer<Masking> {

    private float maskValue;

    /** Masks steps of zeros. */
    public Masking() {}

    /** @param maskValue the value of all features of a masked step */
    public Masking(double maskValue) {
        this.maskValue = (float) maskValue;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        maskValue = s.real("maskValue", maskValue);
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() < 2) {
            throw new IllegalArgumentException("Masking needs sequences (steps, features). Received shape: " + input);
        }
        return input;
    }

    @Override
    protected Optional<Tensor> mask(Tensor... inputs) {
        Tensor x = inputs[0].contiguous();
        int batch = x.dim(0);
        int steps = x.dim(1);
        int features = x.size() / Math.max(1, batch * steps);
        return Optional.of(Tensor.generate(i -> isPadding(x, i * features, features) ? 0 : 1, batch, steps));
    }

    private boolean isPadding(Tensor x, int from, int count) {
        boolean padding = true;
        for (int i = from; padding && i < from + count; i++) {
            padding = x.data()[x.offset() + i] == maskValue;
        }
        return padding;
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0);
        int[] sizes = new int[outputShape(example(x)).rank() + 1];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = axis < 2 ? x.dim(axis) : 1;
        }
        return x.multiply(mask(x).orElseThrow().reshape(sizes));
    }
}

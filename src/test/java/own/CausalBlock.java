package own;

import beras.autograd.Call;
import beras.config.Settings;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.tensor.Tensor;
import java.util.function.Supplier;

/** A block of a transformer: each step attends to itself and to those before it, then a small net works on each. */
public final class CausalBlock extends Layer {

    private int width = 32;
    private final LayerNormalization before = addLayer(new LayerNormalization());
    private final LayerNormalization between = addLayer(new LayerNormalization());
    private final Dropout dropout = addLayer(new Dropout(0.1));
    private final Supplier<Dense> query = addLayerFrom(() -> new Dense(width));
    private final Supplier<Dense> key = addLayerFrom(() -> new Dense(width));
    private final Supplier<Dense> value = addLayerFrom(() -> new Dense(width));
    private final Supplier<Dense> wide = addLayerFrom(() -> new Dense(4 * width, "gelu"));
    private final Supplier<Dense> narrow = addLayerFrom(() -> new Dense(width));

    @Override
    public void settings(Settings s) {
        width = s.integer("width", width);
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0); // (batch, steps, width)
        Tensor normal = before.call(x);
        Tensor scores = query.get().call(normal).matmul(key.get().call(normal).transpose(0, 2, 1)).divide(Math.sqrt(width));
        int steps = x.dim(1);
        Tensor later = Tensor.generate(i -> i % steps > i / steps ? 1 : 0, steps, steps);
        Tensor shares = Tensor.where(later, Tensor.scalar(-1e9), scores).softmax(-1);
        Tensor mixed = x.add(dropout.call(shares.matmul(value.get().call(normal))));
        return mixed.add(narrow.get().call(wide.get().call(between.call(mixed))));
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.config.Config;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Two recurrent layers over the same sequences {@code (batch, steps, features)}, one from the first step on, one from the last, whose
 * outputs are merged: side by side ({@code concat}, the default), or their {@code sum}, product ({@code mul}) or mean ({@code ave}).
 *
 * <p>The backward layer is a copy of the given one with its own weights, or the {@code backwardLayer}. If all steps are
 * returned, its outputs are put in the order of time, and at steps that are {@linkplain Tensor#mask() masked} both layers give
 * zeros.
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(20, 8), new Bidirectional(new LSTM(16)), new Dense(1));
 * }</pre>
 */
public final class Bidirectional extends FluentLayer<Bidirectional> {

    private enum MergeMode {
        CONCAT, SUM, MUL, AVE
    }

    private Layer layer = new LSTM();
    private MergeMode mergeMode = MergeMode.CONCAT;
    private Layer backwardLayer; // null: made of the other
    private final Supplier<Recurrent<?>> forward = addLayerFrom(() -> (Recurrent<?>) layer);
    private final Supplier<Recurrent<?>> backward = addLayerFrom(this::makeBackward);

    Bidirectional() {}

    /** @param layer the forward layer */
    public Bidirectional(Recurrent<?> layer) {
        this.layer = layer;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        layer = checked(s.required().made("layer", layer, Layers.REGISTRY));
        mergeMode = s.choice("mergeMode", mergeMode);
        backwardLayer = s.made("backwardLayer", backwardLayer, Layers.REGISTRY);
        if (backwardLayer != null && (checked(backwardLayer).goesBackwards() == checked(layer).goesBackwards()
                || checked(backwardLayer).returnsSequences() != checked(layer).returnsSequences())) {
            throw new IllegalArgumentException("The backwardLayer of Bidirectional must go the other way, and return all steps if the other"
                    + " does. Received: " + layer.config() + " and " + backwardLayer.config());
        }
    }

    private static Recurrent<?> checked(Layer given) {
        if (!(given instanceof Recurrent<?> recurrent)) {
            throw new IllegalArgumentException("Bidirectional needs a recurrent layer: LSTM, GRU or SimpleRNN. Received: " + given);
        }
        recurrent.giveZerosForMasks();
        return recurrent;
    }

    private Recurrent<?> makeBackward() {
        if (backwardLayer != null) {
            return (Recurrent<?>) backwardLayer;
        }
        Config config = layer.config();
        Map<String, Object> values = new HashMap<>(config.values());
        values.remove("name");
        values.remove("seed");
        values.put("goBackwards", !((Recurrent<?>) layer).goesBackwards());
        return (Recurrent<?>) Layers.REGISTRY.of(Config.of(config.type(), values));
    }

    /** How the outputs are merged: {@code concat}, the default, {@code sum}, {@code mul} or {@code ave}. */
    public Bidirectional mergeMode(String mode) {
        return with("mergeMode", mode);
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape ahead = forward.get().outputShape(input);
        Shape back = backward.get().outputShape(input);
        if (mergeMode == MergeMode.CONCAT) {
            return ahead.with(ahead.rank() - 1, ahead.dim(-1) + back.dim(-1));
        }
        if (!ahead.equals(back)) {
            throw new IllegalArgumentException("Bidirectional needs two layers of as many units to merge their outputs by "
                    + mergeMode + ". Received: " + ahead + " and " + back);
        }
        return ahead;
    }

    @Override
    protected Optional<Tensor> mask(Tensor... inputs) {
        return forward.get().mask(inputs);
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0);
        Tensor ahead = forward.get().call(x);
        Tensor back = backward.get().call(x);
        back = forward.get().returnsSequences() ? back.flip(1) : back;
        return switch (mergeMode) {
            case CONCAT -> Tensor.concatenate(-1, ahead, back);
            case SUM -> ahead.add(back);
            case MUL -> ahead.multiply(back);
            case AVE -> ahead.add(back).multiply(0.5);
        };
    }
}

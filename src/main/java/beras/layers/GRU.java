package beras.layers;

import beras.config.Settings;
import beras.kernels.Recurrences.Cell;
import beras.tensor.Shape;

/**
 * The gated recurrent unit: Cho et al. (2014). Gates {@code z, r = recurrentActivation(x · kernel + bias + h' · recurrentKernel)} and a
 * candidate {@code g} make the state {@code h = z h' + (1 - z) g}. With {@code resetAfter}, the default,
 * {@code g = activation(x · kernel + bias + r (h' · recurrentKernel + recurrentBias))}, and the bias is {@code (2, 3 * units)}; without,
 * {@code g = activation(x · kernel + bias + (r h') · recurrentKernel)}. Weights have the gates in the order z, r, g. See
 * {@link Recurrent} for shapes and the other settings.
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(28, 28), new GRU(128), new Dense(10, "softmax"));
 * }</pre>
 */
public final class GRU extends Recurrent<GRU> {

    private boolean resetAfter = true;

    GRU() {}

    /**
     * @param units the size of the state, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public GRU(int units) {
        super(units);
    }

    @Override
    void cellSettings(Settings s) {
        resetAfter = s.flag("resetAfter", resetAfter);
    }

    @Override
    Shape biasShape(int width) {
        return resetAfter ? Shape.of(2, width) : Shape.of(width);
    }

    @Override
    Cell cell() {
        return resetAfter ? Cell.GRU_RESET_AFTER : Cell.GRU;
    }
}

package beras.layers;

import beras.config.Settings;
import beras.initializers.Initializer;
import beras.kernels.Recurrences.Cell;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * Long short-term memory: Hochreiter and Schmidhuber (1997). Gates {@code i, f, o = recurrentActivation(x · kernel + bias + h' ·
 * recurrentKernel)} and a candidate {@code g}, of the same sum by the activation, make the cell state {@code c = f c' + i g} and the
 * state {@code h = o activation(c)}. Weights have the gates in the order i, f, g, o. With {@code unitForgetBias}, the default, the bias of
 * {@code f} begins as 1. See {@link Recurrent} for shapes and the other settings.
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(28, 28), new LSTM(64).returnSequences(true), new LSTM(64), new Dense(10, "softmax"));
 * }</pre>
 */
public final class LSTM extends Recurrent<LSTM> {

    private boolean unitForgetBias = true;

    LSTM() {}

    /**
     * @param units the size of the state, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public LSTM(int units) {
        super(units);
    }

    @Override
    void cellSettings(Settings s) {
        unitForgetBias = s.flag("unitForgetBias", unitForgetBias);
    }

    @Override
    Initializer biasInitializer(Initializer given) {
        return unitForgetBias ? new ForgetOne(given) : given;
    }

    @Override
    Cell cell() {
        return Cell.LSTM;
    }

    /** Ones for the forget gate, the second of four. */
    private record ForgetOne(Initializer others) implements Initializer {

        @Override
        public Tensor values(Shape shape, long seed) {
            float[] values = others.values(shape, seed).toArray();
            Arrays.fill(values, values.length / 4, values.length / 2, 1f);
            return Tensor.wrap(values, shape);
        }
    }
}

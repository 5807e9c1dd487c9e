package beras.layers;

import beras.kernels.Recurrences.Cell;

/**
 * The plain recurrent layer: {@code h = activation(x · kernel + bias + h' · recurrentKernel)} in each step, with the state {@code h'}
 * after the step before. See {@link Recurrent} for shapes and settings.
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(20, 8), new SimpleRNN(16), new Dense(1));
 * }</pre>
 */
public final class SimpleRNN extends Recurrent<SimpleRNN> {

    SimpleRNN() {}

    /**
     * @param units the size of the state, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public SimpleRNN(int units) {
        super(units);
    }

    @Override
    boolean hasGates() {
        return false;
    }

    @Override
    Cell cell() {
        return Cell.SIMPLE;
    }
}

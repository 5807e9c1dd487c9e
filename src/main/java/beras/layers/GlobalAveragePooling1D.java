package beras.layers;

/** Makes of each channel of sequences {@code (batch, steps, channels)} the mean of its steps: {@code (batch, channels)}. */
public final class GlobalAveragePooling1D extends GlobalPooling<GlobalAveragePooling1D> {

    public GlobalAveragePooling1D() {
        super(Pool.AVERAGE, 1);
    }
}

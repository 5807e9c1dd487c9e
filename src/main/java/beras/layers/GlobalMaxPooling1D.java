package beras.layers;

/** The maximum of sequences {@code (batch, steps, channels)} over their steps: {@code (batch, channels)}. */
public final class GlobalMaxPooling1D extends Pooling<GlobalMaxPooling1D> {

    public GlobalMaxPooling1D() {
        super(true, 1);
    }
}

package beras.layers;

/** Makes of each channel of sequences {@code (batch, steps, channels)} its largest step: {@code (batch, channels)}. */
public final class GlobalMaxPooling1D extends GlobalPooling<GlobalMaxPooling1D> {

    public GlobalMaxPooling1D() {
        super(true, 1);
    }
}

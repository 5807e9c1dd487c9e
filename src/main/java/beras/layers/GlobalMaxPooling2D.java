package beras.layers;

/** Makes of each channel of images {@code (batch, height, width, channels)} its largest pixel: {@code (batch, channels)}. */
public final class GlobalMaxPooling2D extends GlobalPooling<GlobalMaxPooling2D> {

    public GlobalMaxPooling2D() {
        super(true, 2);
    }
}

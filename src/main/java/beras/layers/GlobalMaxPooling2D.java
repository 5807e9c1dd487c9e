package beras.layers;

/** The maximum of images {@code (batch, height, width, channels)} over their pixels: {@code (batch, channels)}. */
public final class GlobalMaxPooling2D extends Pooling<GlobalMaxPooling2D> {

    public GlobalMaxPooling2D() {
        super(true, 2);
    }
}

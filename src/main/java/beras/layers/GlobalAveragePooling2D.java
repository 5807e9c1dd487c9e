package beras.layers;

/** Averages images {@code (batch, height, width, channels)} over their pixels: {@code (batch, channels)}. */
public final class GlobalAveragePooling2D extends Pooling<GlobalAveragePooling2D> {

    public GlobalAveragePooling2D() {
        super(false, 2);
    }
}

package beras.layers;

/** Makes of each channel of images {@code (batch, height, width, channels)} the mean of its pixels: {@code (batch, channels)}. */
public final class GlobalAveragePooling2D extends GlobalPooling<GlobalAveragePooling2D> {

    public GlobalAveragePooling2D() {
        super(false, 2);
    }
}

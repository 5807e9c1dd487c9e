package beras.data.drawing;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Pictures as PNG files in memory. */
public final class Png {

    /** The file of a picture. */
    public static byte[] of(BufferedImage picture) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.setUseCache(false); // it would be a temporary file
        try {
            ImageIO.write(picture, "png", png);
        } catch (IOException e) {
            throw new AssertionError("Memory does not fail", e);
        }
        return png.toByteArray();
    }

    private Png() {}
}

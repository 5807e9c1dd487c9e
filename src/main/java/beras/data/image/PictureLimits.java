package beras.data.image;

import beras.config.Arguments;
import beras.data.DataException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadUpdateListener;
import javax.imageio.stream.ImageInputStream;

/**
 * Limits the work that the file of a picture can cause. A file of a few hundred bytes can claim to have any size, and have its
 * pixels refined by any number of scans, so both are checked before its pixels are decoded. Which files are refused does not
 * depend on the machine.
 *
 * <p>Neither side may exceed 65,535, whatever the number of pixels. A JPEG of several scans, a progressive one for instance, has
 * all its samples decoded again for each: it may have at most 100 scans; 1.5 samples for each of {@code pixels}, as many as the
 * largest picture has whose colours have half the resolution; and 20 for each, counted once per scan.
 *
 * @param pixels  the most pixels of a picture
 * @param stopped is called between rows, in the thread that reads; true ends reading
 */
public record PictureLimits(int pixels, BooleanSupplier stopped) {

    /** 200 million pixels, as the largest cameras have, and never stopped. */
    public static final PictureLimits DEFAULT = new PictureLimits(200_000_000, () -> false);

    private static final int SIDE = 65_535;
    private static final int SCANS = 100;
    private static final double SAMPLES = 1.5;
    private static final int SCANNED = 20;

    /** @throws IllegalArgumentException if {@code pixels} is less than 1 */
    public PictureLimits {
        Arguments.atLeast(1, "pixels", pixels);
    }

    void requireSides(int width, int height, String name) throws DataException {
        if (Math.max(width, height) > SIDE || (long) width * height > pixels) {
            throw new DataException(name + ": expected at most " + pixels + " pixels, and sides of at most " + SIDE + ". Received: "
                    + width + " x " + height + ". Make it smaller");
        }
    }

    /** Limits the scans of a JPEG, to whose beginning the stream returns. */
    void requireScans(JpegHeader jpeg, ImageInputStream in, String name) throws IOException {
        if (!jpeg.hasSeveralScans()) {
            return;
        }
        int scans = JpegHeader.scans(in, SCANS);
        long kept = (long) (SAMPLES * pixels);
        long decoded = SCANNED * (long) pixels;
        if (scans > SCANS || jpeg.samples() > kept || scans * jpeg.samples() > decoded) {
            throw new DataException(name + ": expected a progressive JPEG of at most " + SCANS + " scans and " + kept + " samples, "
                    + decoded + " over all scans. Received: " + (scans > SCANS ? "more than " + SCANS : scans) + " scans of "
                    + jpeg.samples() + " samples. Save it as a baseline JPEG, or make it smaller");
        }
    }

    /** Lets {@link #stopped} end the decoding, by an exception that the JDK's decoders let through. They report each row, of each scan. */
    void watch(ImageReader reader) {
        if (this != DEFAULT) { // which never stops
            reader.addIIOReadUpdateListener((IIOReadUpdateListener) Proxy.newProxyInstance(PictureLimits.class.getClassLoader(),
                    new Class<?>[] {IIOReadUpdateListener.class}, (proxy, method, arguments) -> {
                        if (stopped.getAsBoolean()) {
                            throw new CancellationException("The decoding of a picture was stopped");
                        }
                        return null;
                    }));
        }
    }
}

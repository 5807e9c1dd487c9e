package beras.data.image;

import beras.data.DataException;
import beras.files.FileFailure;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A photograph or drawing as grey pixels, upright, from PNG, JPEG, BMP or GIF.
 *
 * <p>What is transparent counts as white. A JPEG is turned as its EXIF data say. Of an animation the first picture is taken. A
 * picture of more than {@value #MANY_PIXELS} pixels is read at a half, a third and so on of its resolution, so that it takes
 * little memory; one of more than {@value #MOST_PIXELS} is refused.
 */
public final class Picture {

    /** So many pixels are more than a digit needs. */
    private static final int MANY_PIXELS = 4_000_000;
    private static final long MOST_PIXELS = 200_000_000;
    private static final Set<String> FORMATS = Set.of("png", "jpeg", "bmp", "gif");
    private static final int HEADER = 8;

    private final int width;
    private final int height;
    private final byte[] grey;
    private final int reduction;

    /**
     * Over the array itself.
     *
     * @param grey brightness row by row, 0 (black) to 255 (white)
     * @throws IllegalArgumentException if a side is less than 1, or the pixels are not as many
     */
    public Picture(int width, int height, byte[] grey) {
        this(width, height, grey, 1);
    }

    private Picture(int width, int height, byte[] grey, int reduction) {
        if (width < 1 || height < 1 || (long) width * height != grey.length) {
            throw new IllegalArgumentException("A picture has sides of at least 1 and as many pixels. Received: " + width + " x "
                    + height + " and " + grey.length + " pixels");
        }
        this.width = width;
        this.height = height;
        this.grey = grey;
        this.reduction = reduction;
    }

    /** Whether a file begins as one of these formats does. */
    static boolean begins(byte[] bytes) {
        return starts(bytes, 0x89, 'P', 'N', 'G') || starts(bytes, 0xff, 0xd8, 0xff) || starts(bytes, 'B', 'M')
                || starts(bytes, 'G', 'I', 'F', '8');
    }

    private static boolean starts(byte[] bytes, int... first) {
        for (int i = 0; i < first.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != first[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the content of a file is a picture, as far as its first bytes tell; false if it cannot be read. */
    public static boolean isPicture(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return begins(in.readNBytes(HEADER));
        } catch (IOException e) {
            return false; // which its reader will say better
        }
    }

    /**
     * Reads a file.
     *
     * @throws DataException if there is no such file, it is no such picture, it is broken, or it is too large
     */
    public static Picture read(Path file) throws DataException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        } catch (DataException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": there is no such file. Check the name; it is looked for at " + file.toAbsolutePath(),
                    e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + FileFailure.reason(e), e);
        }
    }

    /**
     * Reads what comes through a stream, which the caller closes.
     *
     * @param name what messages call it
     * @throws DataException as {@link #read(Path)}
     */
    public static Picture read(InputStream stream, String name) throws DataException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(stream)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            ImageReader reader = null;
            while (readers.hasNext() && reader == null) {
                ImageReader next = readers.next();
                reader = FORMATS.contains(next.getFormatName().toLowerCase(Locale.ROOT)) ? next : null;
            }
            if (reader == null) {
                throw new DataException(name + ": expected a picture as PNG, JPEG, BMP or GIF. Received: another format. Convert it");
            }
            try {
                return read(reader, in, name);
            } finally {
                reader.dispose();
            }
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the decoders of the JDK throw both at broken files
            throw new DataException(name + ": the picture is broken or cut off (" + e.getMessage() + "). Get the file again", e);
        }
    }

    private static Picture read(ImageReader reader, ImageInputStream in, String name) throws IOException {
        Exif exif = Exif.read(in);
        reader.setInput(in, false, true);
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        long pixels = (long) width * height;
        if (pixels > MOST_PIXELS) {
            throw new DataException(name + ": expected at most " + MOST_PIXELS + " pixels. Received: " + width + " x " + height
                    + ". Make it smaller");
        }
        ImageReadParam param = reader.getDefaultReadParam();
        int step = (int) Math.ceil(Math.sqrt((double) pixels / MANY_PIXELS));
        param.setSourceSubsampling(step, step, 0, 0);
        Picture picture;
        try {
            picture = ofImage(reader.read(0, param));
        } catch (IIOException e) {
            if (!reader.canReadRaster()) {
                throw e;
            }
            picture = ofRaster(reader.readRaster(0, param), exif.isYcck());
        }
        return new Picture(picture.width, picture.height, picture.grey, step).upright(exif.orientation());
    }

    private static Picture ofImage(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] grey = new byte[width * height];
        if (image.getRaster().getNumBands() == 1 && image.getColorModel().getNumComponents() == 1
                && image.getType() != BufferedImage.TYPE_BYTE_INDEXED && image.getType() != BufferedImage.TYPE_BYTE_BINARY) {
            // Not drawn: the JDK takes grey for linear, and would make it lighter.
            int[] row = new int[width];
            int shift = Math.max(0, image.getColorModel().getComponentSize(0) - Byte.SIZE);
            for (int y = 0; y < height; y++) {
                image.getRaster().getSamples(0, y, width, 1, 0, row);
                for (int x = 0; x < width; x++) {
                    grey[y * width + x] = (byte) (row[x] >> shift);
                }
            }
            return new Picture(width, height, grey);
        }
        BufferedImage plain = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = plain.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            plain.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                grey[y * width + x] = luma(row[x] >> 16 & 0xff, row[x] >> 8 & 0xff, row[x] & 0xff);
            }
        }
        return new Picture(width, height, grey);
    }

    /** Four inks, as Adobe stores them: inverted, and either as such or with three of them as brightness and two colours. */
    private static Picture ofRaster(Raster raster, boolean isYcck) throws IOException {
        if (raster.getNumBands() != 4 || raster.getDataBuffer().getDataType() != DataBuffer.TYPE_BYTE) {
            throw new IIOException("its colours are of an unknown kind");
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] grey = new byte[width * height];
        int[] row = new int[4 * width];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int a = row[4 * x];
                int light = isYcck ? 255 - a : luma(a, row[4 * x + 1], row[4 * x + 2]) & 0xff;
                grey[y * width + x] = (byte) (light * row[4 * x + 3] / 255);
            }
        }
        return new Picture(width, height, grey);
    }

    /** Brightness as ITU-R BT.601 weighs it. */
    private static byte luma(int red, int green, int blue) {
        return (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
    }

    /** Turned and mirrored as EXIF's orientation 1 to 8 says. */
    private Picture upright(int orientation) {
        if (orientation <= 1 || orientation > 8) {
            return this;
        }
        boolean swapped = orientation >= 5;
        int newWidth = swapped ? height : width;
        int newHeight = swapped ? width : height;
        byte[] turned = new byte[grey.length];
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                int right = newWidth - 1 - x;
                int bottom = newHeight - 1 - y;
                int sourceX = switch (orientation) {
                    case 2, 3 -> right;
                    case 4 -> x;
                    case 5, 6 -> y;
                    default -> bottom;
                };
                int sourceY = switch (orientation) {
                    case 2 -> y;
                    case 3, 4 -> bottom;
                    case 5, 8 -> x;
                    default -> right;
                };
                turned[y * newWidth + x] = grey[sourceY * width + sourceX];
            }
        }
        return new Picture(newWidth, newHeight, turned, reduction);
    }

    /** Pixels in a row. */
    public int width() {
        return width;
    }

    /** Rows of pixels. */
    public int height() {
        return height;
    }

    /** How many pixels of its file, along each side, one pixel stands for. */
    public int reduction() {
        return reduction;
    }

    /** The brightness of a pixel, 0 (black) to 255 (white). */
    public int grey(int x, int y) {
        return grey[y * width + x] & 0xff;
    }
}

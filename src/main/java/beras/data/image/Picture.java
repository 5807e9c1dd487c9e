package beras.data.image;

import beras.data.DataException;
import beras.files.FileFailure;
import beras.tensor.Shape;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A photograph or drawing, grey or in colours, upright, from PNG, JPEG, BMP or GIF.
 *
 * <p>Transparent pixels count as white, but as black behind a drawing that is nowhere darker than {@value #LIGHT}, since white
 * ink would not show on white. A JPEG is turned by the orientation in its EXIF data. The first picture of an animation is
 * taken. A picture of more than {@value #MANY_PIXELS} pixels is read at a half, a third and so on of its resolution, so that it
 * takes little memory. The work that a file can cause is limited, see {@link PictureLimits}.
 */
public final class Picture {

    /** The inputs of networks are smaller by far. */
    private static final int MANY_PIXELS = 4_000_000;
    private static final Set<String> FORMATS = Set.of("png", "jpeg", "bmp", "gif");
    /** Enough bytes to recognize a format. */
    static final int HEADER = 12;
    /** In a BMP: the length of the second header, which has the compression if it is longer, and kinds that are whole files. */
    private static final int BMP_HEADER = 14;
    private static final int BMP_SHORT_HEADER = 12;
    private static final int BMP_COMPRESSION = 30;
    private static final int BMP_OFFSET = 10;
    private static final int BMP_BITS = 28;
    private static final int BMP_SHORT_BITS = 24;
    private static final int BMP_RLE8 = 1;
    private static final int BMP_RLE4 = 2;
    private static final int BMP_JPEG = 4;
    private static final int BMP_PNG = 5;
    /** The place in HEIC and similar files of the type of the file. */
    private static final int BOX = 4;
    private static final int BRAND = 8;
    /** The channels of a picture in colours. */
    public static final int RGB = 3;
    /** EXIF's orientations from this on exchange rows and columns. */
    private static final int FIRST_TURNED = 5;
    /** The channels of a JPEG that is to be printed. */
    private static final int INKS = 4;
    private static final int BRIGHTEST = 255;
    /** The darkest level of a colour that is light ink. */
    private static final int LIGHT = 192;
    private static final int OPAQUE = 128;
    /** The warnings of the JDK's JPEG reader, and of libjpeg in it, about missing pixels; other warnings are harmless. */
    private static final List<String> DAMAGES = List.of("Truncated File", "premature end of data segment", "bad Huffman code");

    private final int width;
    private final int height;
    private final int channels;
    private final byte[] pixels;
    private final int reduction;

    /**
     * A grey picture over the array itself.
     *
     * @param grey brightness row by row, 0 (black) to 255 (white)
     * @throws IllegalArgumentException if a side is less than 1, or the pixels are not as many
     */
    public Picture(int width, int height, byte[] grey) {
        this(width, height, 1, grey);
    }

    /**
     * Over the array itself.
     *
     * @param channels 1 for grey, 3 for red, green and blue, which are side by side
     * @param pixels   row by row, 0 (dark) to 255 (bright)
     * @throws IllegalArgumentException if a side is less than 1, there are other channels, or the numbers are not as many
     */
    public Picture(int width, int height, int channels, byte[] pixels) {
        this(width, height, channels, pixels, 1);
    }

    private Picture(int width, int height, int channels, byte[] pixels, int reduction) {
        if (width < 1 || height < 1 || channels != 1 && channels != RGB
                || (long) width * height * channels != pixels.length) {
            throw new IllegalArgumentException("A picture has sides of at least 1, as many pixels, and 1 or 3 channels."
                    + " Received: " + width + " x " + height + ", " + channels + " channels and " + pixels.length + " numbers");
        }
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.pixels = pixels;
        this.reduction = reduction;
    }

    /** Whether a file begins as one of these formats does. */
    static boolean begins(byte[] bytes) {
        return starts(bytes, 0x89, 'P', 'N', 'G') || starts(bytes, 0xff, 0xd8, 0xff) || starts(bytes, 'B', 'M')
                || starts(bytes, 'G', 'I', 'F', '8');
    }

    /** The format of a file that begins like a picture of an unsupported format; else null. */
    static String unread(byte[] bytes) {
        if (starts(bytes, 'R', 'I', 'F', 'F') && has(bytes, BRAND, 'W', 'E', 'B', 'P')) {
            return "a WebP picture";
        }
        if (starts(bytes, 'I', 'I', '*', 0) || starts(bytes, 'M', 'M', 0, '*')) {
            return "a TIFF picture";
        }
        boolean box = has(bytes, BOX, 'f', 't', 'y', 'p');
        if (box && has(bytes, BRAND, 'a', 'v', 'i')) {
            return "an AVIF picture";
        }
        return box && (has(bytes, BRAND, 'h', 'e') || has(bytes, BRAND, 'm', 'i', 'f')) ? "a HEIC picture" : null;
    }

    /** Whether these are printable characters of ASCII, as at the start of a page of the web. */
    private static boolean isText(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] < ' ' && bytes[i] != '\n' && bytes[i] != '\r' && bytes[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private static boolean starts(byte[] bytes, int... first) {
        return has(bytes, 0, first);
    }

    private static boolean has(byte[] bytes, int at, int... wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (at + i >= bytes.length || (bytes[at + i] & 0xff) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the content of a file is a picture, judged by its first bytes; false if it cannot be read, or is a pipe, whose
     * bytes can be read only once.
     */
    public static boolean isPicture(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return begins(in.readNBytes(HEADER));
        } catch (IOException e) {
            return false; // whose reader reports the error better
        }
    }

    /**
     * Reads a file.
     *
     * @throws DataException if there is no such file, it is no such picture, it is broken, or it is beyond
     *         {@link PictureLimits#DEFAULT}
     */
    public static Picture read(Path file) throws DataException {
        return open(file, Picture::read);
    }

    /**
     * Reads a picture from a stream, which the caller closes.
     *
     * @param name the name of the stream in messages
     * @throws DataException as {@link #read(Path)}
     */
    public static Picture read(InputStream stream, String name) throws DataException {
        return read(stream, name, PictureLimits.DEFAULT);
    }

    /**
     * As {@link #read(InputStream, String)}, with other limits.
     *
     * @throws DataException if it is no such picture, it is broken, or it is beyond the limits
     * @throws CancellationException if {@link PictureLimits#stopped} returned true
     */
    public static Picture read(InputStream stream, String name, PictureLimits limits) throws DataException {
        return open(stream, name, limits, Picture::read);
    }

    /**
     * Rows and columns of a file, upright and at full resolution, from its beginning.
     *
     * @throws DataException as {@link #read(Path)}, judged by the beginning
     */
    static Shape size(Path file) throws DataException {
        return open(file, Picture::size);
    }

    /** A file that is open. */
    private record Source(ImageInputStream in, ImageReader reader, byte[] start, JpegHeader jpeg, String name,
            PictureLimits limits) {}

    /** Work on an open file. */
    private interface Reading<T> {
        T read(Source source) throws IOException;
    }

    private static <T> T open(Path file, Reading<T> reading) throws DataException {
        try (InputStream in = Files.newInputStream(file)) {
            return open(in, file.toString(), PictureLimits.DEFAULT, reading);
        } catch (DataException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": there is no such file. Check the name; it is looked for at " + file.toAbsolutePath(),
                    e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + FileFailure.reason(e), e);
        }
    }

    private static <T> T open(InputStream stream, String name, PictureLimits limits, Reading<T> reading) throws DataException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(stream)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            ImageReader reader = null;
            while (readers.hasNext() && reader == null) {
                ImageReader next = readers.next();
                reader = FORMATS.contains(next.getFormatName().toLowerCase(Locale.ROOT)) ? next : null;
            }
            if (reader == null) {
                byte[] start = new byte[HEADER];
                int length = in.read(start); // zeros follow a shorter file
                String unread = unread(start);
                throw new DataException(name + ": expected a picture as PNG, JPEG, BMP or GIF. Received: "
                        + (length <= 0 ? "an empty file. Get it again" : unread != null ? unread + ". Convert it"
                                : isText(start, length) ? "text, which is no picture. Get the picture again; pixels are read as IDX, .npy or .npz"
                                : "another format. Convert it"));
            }
            try {
                byte[] start = new byte[BMP_COMPRESSION + 1];
                in.read(start); // zeros follow a shorter file
                in.seek(0);
                requirePixels(start, name);
                JpegHeader jpeg = JpegHeader.read(in);
                reader.setInput(in, false, true);
                return reading.read(new Source(in, reader, start, jpeg, name, limits));
            } finally {
                reader.dispose();
            }
        } catch (DataException | CancellationException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the decoders of the JDK throw both at broken files
            throw new DataException(name + ": the picture is broken or cut off (" + e.getMessage() + "). Get the file again", e);
        }
    }

    /** Refuses a BMP that holds a JPEG or a PNG, whose size is not that of the BMP: it would be decoded beyond any limit. */
    private static void requirePixels(byte[] start, String name) throws DataException {
        int compression = start[BMP_COMPRESSION];
        if (starts(start, 'B', 'M') && start[BMP_HEADER] != BMP_SHORT_HEADER
                && (compression == BMP_JPEG || compression == BMP_PNG)) {
            throw new DataException(name + ": expected a BMP of pixels. Received: one that holds another file, a "
                    + (compression == BMP_JPEG ? "JPEG" : "PNG") + ". Save it as that");
        }
    }

    /** Refuses a BMP that ends before its last pixel, which the decoder does not notice where it skips pixels. */
    private static void requireLastPixel(Source source) throws IOException {
        byte[] start = source.start;
        boolean isShort = start[BMP_HEADER] == BMP_SHORT_HEADER;
        boolean isPacked = !isShort && (start[BMP_COMPRESSION] == BMP_RLE8 || start[BMP_COMPRESSION] == BMP_RLE4);
        if (!starts(start, 'B', 'M') || isPacked) { // whose decoder reads each byte
            return;
        }
        ByteBuffer header = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        long row = ((long) source.reader.getWidth(0) * header.getShort(isShort ? BMP_SHORT_BITS : BMP_BITS) + 31) / 32 * 4;
        source.in.seek(header.getInt(BMP_OFFSET) + row * source.reader.getHeight(0) - 1);
        if (source.in.read() < 0) {
            throw new EOFException("its last pixels are missing");
        }
    }

    private static Shape size(Source source) throws IOException {
        int width = source.reader.getWidth(0);
        int height = source.reader.getHeight(0);
        source.limits.requireSides(width, height, source.name);
        return source.jpeg.orientation() >= FIRST_TURNED ? Shape.of(width, height) : Shape.of(height, width);
    }

    private static Picture read(Source source) throws IOException {
        Shape size = size(source);
        if (source.jpeg.channels() == INKS) { // which some versions of Java do not read, and others take for not inverted
            throw new DataException(source.name + ": expected a JPEG in grey, or in red, green and blue. Received: one of four inks"
                    + " (CMYK). Convert it to RGB");
        }
        source.limits.requireScans(source.jpeg, source.in, source.name);
        ImageReader reader = source.reader;
        source.limits.watch(reader);
        StringBuilder damage = new StringBuilder(); // the first
        reader.addIIOReadWarningListener((from, warning) -> {
            if (damage.isEmpty() && DAMAGES.stream().anyMatch(warning::contains)) {
                damage.append(warning);
            }
        });
        ImageReadParam param = reader.getDefaultReadParam();
        int step = (int) Math.ceil(Math.sqrt((double) size.dim(0) * size.dim(1) / MANY_PIXELS));
        param.setSourceSubsampling(step, step, 0, 0);
        Picture picture = ofImage(reader.read(0, param));
        if (!damage.isEmpty()) {
            throw new IIOException(damage.toString());
        }
        requireLastPixel(source);
        return new Picture(picture.width, picture.height, picture.channels, picture.pixels, step).upright(source.jpeg.orientation());
    }

    // -------------------------------------------------------------------------------------------------------- colours

    private static Picture ofImage(BufferedImage image) {
        ColorModel colours = image.getColorModel();
        // Grey is not drawn: the JDK takes it for linear, and would make it lighter.
        boolean isPlain = colours.getColorSpace().isCS_sRGB() || colours.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        boolean areLevels = isPlain && !colours.isAlphaPremultiplied() && !(colours instanceof IndexColorModel);
        return areLevels ? ofSamples(image.getRaster(), colours) : ofDrawing(image);
    }

    /** From samples that are brightness, or red, green and blue, with or without alpha behind them. */
    private static Picture ofSamples(Raster raster, ColorModel colours) {
        int channels = colours.getNumColorComponents();
        int bands = raster.getNumBands();
        int[] most = new int[bands];
        for (int band = 0; band < bands; band++) {
            most[band] = (1 << colours.getComponentSize(band)) - 1;
        }
        int[] row = new int[raster.getWidth() * bands];
        byte[] pixels = new byte[channels * raster.getWidth() * raster.getHeight()];
        byte[] alphas = new byte[bands > channels ? raster.getWidth() * raster.getHeight() : 0];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, raster.getWidth(), 1, row);
            for (int x = 0; x < row.length; x += bands) {
                if (bands > channels) {
                    alphas[at / channels] = byteOf(row[x + channels], most[channels]);
                }
                for (int channel = 0; channel < channels; channel++) {
                    pixels[at++] = byteOf(row[x + channel], most[channel]);
                }
            }
        }
        return laid(raster.getWidth(), raster.getHeight(), channels, pixels, alphas);
    }

    private static byte byteOf(int sample, int most) {
        return (byte) (most == BRIGHTEST ? sample : (2L * BRIGHTEST * sample + most) / (2L * most));
    }

    /**
     * Lays pixels on white, or on black if nothing but light ink would be on it.
     *
     * @param pixels the levels of their channels, which are replaced
     * @param alphas of each pixel; none: all are opaque
     */
    private static Picture laid(int width, int height, int channels, byte[] pixels, byte[] alphas) {
        boolean isTransparent = false;
        boolean hasInk = false;
        boolean isLight = true;
        for (int i = 0; i < alphas.length; i++) {
            if ((alphas[i] & 0xff) < OPAQUE) {
                isTransparent = true;
                continue;
            }
            hasInk = true;
            for (int at = i * channels; at < (i + 1) * channels; at++) {
                isLight &= (pixels[at] & 0xff) >= LIGHT;
            }
        }
        int ground = isTransparent && hasInk && isLight ? 0 : BRIGHTEST;
        for (int at = 0; alphas.length > 0 && at < pixels.length; at++) {
            int alpha = alphas[at / channels] & 0xff;
            pixels[at] = (byte) (((pixels[at] & 0xff) * alpha + ground * (BRIGHTEST - alpha) + BRIGHTEST / 2) / BRIGHTEST);
        }
        return new Picture(width, height, channels, pixels);
    }

    /** From colours in a palette, or that need a conversion, such as by a profile in the file. */
    private static Picture ofDrawing(BufferedImage image) {
        BufferedImage plain = new BufferedImage(image.getWidth(), image.getHeight(),
                image.getColorModel().hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        if (image.getColorModel() instanceof IndexColorModel) { // drawing would lose colours by rounding
            int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            plain.setRGB(0, 0, image.getWidth(), image.getHeight(), pixels, 0, image.getWidth());
            return ofSamples(plain.getRaster(), plain.getColorModel());
        }
        Graphics2D graphics = plain.createGraphics();
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        return ofSamples(plain.getRaster(), plain.getColorModel());
    }

    /** Brightness as ITU-R BT.601 weighs it. */
    private static int luma(int red, int green, int blue) {
        return (299 * red + 587 * green + 114 * blue + 500) / 1000;
    }

    /** Turned and mirrored by EXIF's orientation 1 to 8. */
    private Picture upright(int orientation) {
        if (orientation <= 1 || orientation > 8) {
            return this;
        }
        boolean swapped = orientation >= FIRST_TURNED;
        int newWidth = swapped ? height : width;
        int newHeight = swapped ? width : height;
        byte[] turned = new byte[pixels.length];
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
                System.arraycopy(pixels, (sourceY * width + sourceX) * channels, turned, (y * newWidth + x) * channels, channels);
            }
        }
        return new Picture(newWidth, newHeight, channels, turned, reduction);
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

    /** 1 if it is grey; 3 for red, green and blue, which may still be the same everywhere. */
    public int channels() {
        return channels;
    }

    /** The brightness of a pixel, 0 (black) to 255 (white); of colours as ITU-R BT.601 weighs them. */
    public int grey(int x, int y) {
        int at = (y * width + x) * channels;
        return channels == 1 ? pixels[at] & 0xff : luma(pixels[at] & 0xff, pixels[at + 1] & 0xff, pixels[at + 2] & 0xff);
    }

    /** How bright a pixel is in a colour: 0, 1, 2 for red, green, blue; of a grey picture its brightness. */
    public int level(int x, int y, int colour) {
        return pixels[(y * width + x) * channels + (channels == 1 ? 0 : colour)] & 0xff;
    }
}

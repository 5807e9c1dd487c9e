package beras.data.image;

import beras.data.DataException;
import beras.data.rows.DataFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * IDX files of unsigned bytes, the format of MNIST: images (3 axes: image, row, column) and labels (1 axis), plain or gzip, as
 * the content decides.
 *
 * <p>A file must be exactly as long as its header declares. Memory grows with the bytes read, not with the size in the header.
 */
public final class Idx {

    private static final byte UNSIGNED_BYTES = 8;
    private static final String[] IMAGE_AXES = {"images", "rows", "columns"};
    private static final String[] LABEL_AXES = {"labels"};

    /** The longest array that every JVM can make. */
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;
    /** Images seldom pack better than this; memory for the contents starts at so many times the file. */
    private static final int USUAL_PACKING = 8;
    private static final int SMALLEST_BUFFER = 1 << 16;

    private record Contents(int[] sizes, byte[] bytes) {}

    /**
     * Reads images; they have no labels yet, see {@link Images#withLabels}.
     *
     * @throws DataException if the file is missing, no IDX file of images, or damaged
     */
    public static Images images(Path path) throws DataException {
        try (DataFile file = DataFile.open(path)) {
            return images(file);
        }
    }

    static Images images(DataFile file) throws DataException {
        Contents contents = read(file, IMAGE_AXES);
        return new Images(contents.bytes, contents.sizes[1], contents.sizes[2], null, 0);
    }

    /**
     * Reads labels, each a byte from 0 to 255.
     *
     * @throws DataException if the file is missing, no IDX file of labels, or damaged
     */
    public static byte[] labels(Path path) throws DataException {
        try (DataFile file = DataFile.open(path)) {
            return read(file, LABEL_AXES).bytes;
        }
    }

    /** The offset in a file of labels at which label {@code i} lies. */
    static long labelOffset(int i) {
        return headerLength(LABEL_AXES) + (long) i;
    }

    private static int headerLength(String[] axes) {
        return 4 + 4 * axes.length;
    }

    private static byte[] magic(String[] axes) {
        return new byte[] {0, 0, UNSIGNED_BYTES, (byte) axes.length};
    }

    private static Contents read(DataFile file, String[] axes) throws DataException {
        byte[] header = new byte[headerLength(axes)];
        int got = file.readNBytes(header, 0, header.length);
        requireMagic(file, axes, Arrays.copyOf(header, Math.min(got, 4)));
        if (got < header.length) {
            throw file.error("expected a header of " + header.length + " bytes. Received: " + got + ". Get the file again");
        }
        int[] sizes = new int[axes.length];
        long total = 1;
        for (int i = 0; i < axes.length; i++) {
            int at = 4 + 4 * i;
            sizes[i] = ByteBuffer.wrap(header).getInt(at);
            int smallest = i == 0 ? 0 : 1;
            if (sizes[i] < smallest) {
                throw file.error("bytes " + at + " to " + (at + 3) + ": expected the number of " + axes[i] + ", at least "
                        + smallest + ". Received: " + sizes[i] + ". Get the file again");
            }
            // An empty file still names the size of its images; the bound keeps the product from overflowing.
            total = Math.min(total * Math.max(sizes[i], 1), MAX_BYTES + 1L);
        }
        if (total > MAX_BYTES) {
            throw file.error("the header (bytes 4 to " + (header.length - 1) + ") announces " + product(sizes)
                    + " bytes, expected at most " + MAX_BYTES + ". The file has " + file.sizeOnDisk()
                    + ". Get the file again, or split it");
        }
        return new Contents(sizes, body(file, header.length, sizes, sizes[0] == 0 ? 0 : (int) total));
    }

    private static void requireMagic(DataFile file, String[] axes, byte[] received) throws DataException {
        byte[] magic = magic(axes);
        if (received.length == 0) {
            throw file.error("expected an IDX file of " + axes[0] + ". Received: an empty file. Get the file again");
        }
        if (Arrays.equals(magic, received)) {
            return;
        }
        String why;
        if (received.length < 4 || received[0] != 0 || received[1] != 0) {
            why = "no IDX file";
        } else if (received[2] != UNSIGNED_BYTES) {
            why = "IDX, but byte 2 declares elements that are not unsigned bytes";
        } else {
            why = "IDX, but byte 3 declares a number of axes of " + received[3];
        }
        HexFormat hex = HexFormat.ofDelimiter(" ");
        throw file.error("bytes 0 to 3: expected " + hex.formatHex(magic) + " (an IDX file of " + axes[0] + "). Received: "
                + hex.formatHex(received) + " (" + why + "). Name a file of " + axes[0]);
    }

    private static byte[] body(DataFile file, int headerLength, int[] sizes, int length) throws DataException {
        long likely = Math.max(SMALLEST_BUFFER, USUAL_PACKING * file.sizeOnDisk());
        byte[] bytes = new byte[(int) Math.min(length, likely)];
        int got = file.readNBytes(bytes, 0, bytes.length);
        while (got == bytes.length && got < length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * got));
            got += file.readNBytes(bytes, got, bytes.length - got);
        }
        boolean more = got == length && file.read() >= 0;
        if (got < length || more) {
            throw file.error("expected " + product(sizes) + " " + file.bytes() + " after the header, as declared in bytes 4 to "
                    + (headerLength - 1) + ", and the end at " + (headerLength + (long) length) + ". Received: "
                    + (more ? "more" : "the end at " + (headerLength + (long) got)) + ". Get the file again");
        }
        return bytes;
    }

    private static String product(int[] sizes) {
        return Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
    }

    private Idx() {}
}

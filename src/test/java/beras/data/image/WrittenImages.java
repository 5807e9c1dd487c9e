package beras.data.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Files of images as other programs write them; as gzip if the name ends with {@code .gz}. */
public final class WrittenImages {

    private static final int IMAGES = 0x803;
    private static final int LABELS = 0x801;

    /** Images without their labels. */
    public static void idx(Path path, Images images) throws IOException {
        try (OutputStream out = open(path)) {
            out.write(header(IMAGES, images.count(), images.height(), images.width()));
            for (int i = 0; i < images.count(); i++) {
                out.write(images.pixels(i));
            }
        }
    }

    /** Labels. */
    public static void idx(Path path, byte[] labels) throws IOException {
        try (OutputStream out = open(path)) {
            out.write(header(LABELS, labels.length));
            out.write(labels);
        }
    }

    private static byte[] header(int... numbers) {
        ByteBuffer header = ByteBuffer.allocate(Integer.BYTES * numbers.length);
        header.asIntBuffer().put(numbers);
        return header.array();
    }

    private static OutputStream open(Path path) throws IOException {
        OutputStream out = Files.newOutputStream(path);
        return path.toString().endsWith(".gz") ? new GZIPOutputStream(out) : out;
    }

    private WrittenImages() {}
}

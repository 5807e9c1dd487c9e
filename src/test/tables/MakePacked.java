package beras.data.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xerial.snappy.Snappy;

/**
 * Makes the compressed files of the tests: compile it with {@code src/test/java/beras/data/parquet/Pieces.java}, zstd-jni 1.5.7-9 and
 * snappy-java 1.1.10.8, and run it with the folder {@code src/test/resources/tables}.
 */
public final class MakePacked {

    private static final int[] LEVELS = {-5, 1, 3, 9, 19};

    public static void main(String[] args) throws Exception {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < LEVELS.length; i++) {
            for (int kind = 0; kind < Pieces.KINDS; kind++) {
                if (kind != 3 || i == 1) { // once, as it is large
                    frames.writeBytes(Zstd.compress(Pieces.of(kind), LEVELS[i]));
                }
            }
        }
        Files.write(Path.of(args[0], "packed.zst"), frames.toByteArray());
        ByteArrayOutputStream blocks = new ByteArrayOutputStream();
        for (int kind : new int[] {0, 1, 2, 4, 5, 6}) {
            byte[] packed = Snappy.compress(Pieces.of(kind));
            blocks.writeBytes(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(packed.length).array());
            blocks.writeBytes(packed);
        }
        Files.write(Path.of(args[0], "packed.snappy"), blocks.toByteArray());
    }

    private MakePacked() {}
}

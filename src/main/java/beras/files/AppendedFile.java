package beras.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends to a file, whole pieces only: if a piece cannot be written to its end, the file is restored. */
public final class AppendedFile {

    /**
     * Adds a piece, such as a line, to the end of {@code file}.
     *
     * @throws IOException if the file is not there, or cannot be written; it names the file and the reason
     */
    public static void append(Path file, byte[] piece) throws IOException {
        long end = -1;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            end = channel.size();
            channel.position(end);
            for (ByteBuffer rest = ByteBuffer.wrap(piece); rest.hasRemaining(); ) {
                channel.write(rest);
            }
        } catch (IOException e) { // also if closing fails, where a file system may report earlier writes
            if (end >= 0) {
                truncate(file, end, e);
            }
            throw FileFailure.withFile(file, e);
        }
    }

    private static void truncate(Path file, long end, IOException failure) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(end);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private AppendedFile() {}
}

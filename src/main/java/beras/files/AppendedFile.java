package beras.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Adds to a file, whole pieces only: if one cannot be written to its end, the file becomes what it was. */
public final class AppendedFile {

    /**
     * Adds a piece, such as a line, to the end of {@code file}.
     *
     * @throws IOException if the file is not there, or cannot be written; it names the file and the reason
     */
    public static void append(Path file, byte[] piece) throws IOException {
        long end = 0;
        boolean isWritten = false;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            end = channel.size();
            append(channel, end, piece);
            isWritten = true;
        } catch (IOException e) {
            if (isWritten) { // but not closed, where a file system may refuse what it took before
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(end);
                } catch (IOException again) {
                    e.addSuppressed(again);
                }
            }
            throw FileFailure.withFile(file, e);
        }
    }

    private static void append(FileChannel channel, long end, byte[] piece) throws IOException {
        channel.position(end);
        ByteBuffer rest = ByteBuffer.wrap(piece);
        try {
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } catch (IOException e) {
            try {
                channel.truncate(end);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private AppendedFile() {}
}

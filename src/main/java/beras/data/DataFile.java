package beras.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of a data file, unpacked if they are gzip (told by the first two bytes, not by the name). Every failure becomes
 * a {@link DataException} that names the file and the number of bytes read before it.
 */
final class DataFile extends InputStream {

    private static final int BUFFER = 1 << 16;
    private static final int LARGEST_READ = 1 << 20;

    private final Path path;
    private final InputStream in;
    private final boolean gzip;
    private long offset;

    private DataFile(Path path, InputStream file) throws IOException {
        this.path = path;
        file.mark(2);
        this.gzip = file.read() == 0x1f && file.read() == 0x8b;
        file.reset();
        this.in = gzip ? new BufferedInputStream(new GZIPInputStream(file, BUFFER), BUFFER) : file;
    }

    /** Opens a file; the caller closes it. */
    static DataFile open(Path path) throws DataException {
        if (Files.isDirectory(path)) {
            throw new DataException(path + ": expected a file. Received: a folder. Name a file in it");
        }
        try {
            // Not Files.newInputStream: through that one, JDK 17 cannot unpack what comes from a pipe.
            InputStream file = new BufferedInputStream(new FileInputStream(path.toFile()), BUFFER);
            try {
                return new DataFile(path, file);
            } catch (IOException e) {
                file.close();
                throw e;
            }
        } catch (FileNotFoundException e) {
            throw new DataException(path + (Files.exists(path)
                    ? ": reading it is not permitted. Change its permissions or copy it"
                    : ": there is no such file. Check the name; it is looked for at " + path.toAbsolutePath()), e);
        } catch (IOException e) {
            throw broken(path, 0, e);
        }
    }

    private static DataException broken(Path path, long offset, IOException cause) {
        if (cause instanceof EOFException) {
            return new DataException(path + ": the gzip data is cut off; " + offset
                    + " unpacked bytes came before. Get the file again", cause);
        }
        if (cause instanceof ZipException) {
            return new DataException(path + ": the gzip data is damaged (" + cause.getMessage() + "); " + offset
                    + " unpacked bytes came before. Get the file again", cause);
        }
        return new DataException(path + ": cannot be read after byte " + offset + ": " + cause, cause);
    }

    /** An error in this file. */
    DataException error(String problem) {
        return new DataException(path + ": " + problem);
    }

    /** The bytes on disk, packed or not; 0 for what has no length, such as a pipe. */
    long sizeOnDisk() throws DataException {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw broken(path, offset, e);
        }
    }

    /** What offsets into this file count, for messages. */
    String bytes() {
        return gzip ? "unpacked bytes" : "bytes";
    }

    /** The next bytes, at most {@code count}, which are read again afterwards. */
    byte[] peek(int count) throws DataException {
        try {
            in.mark(count);
            byte[] next = in.readNBytes(count);
            in.reset();
            return next;
        } catch (IOException e) {
            throw broken(path, offset, e);
        }
    }

    @Override
    public int read() throws DataException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] out, int from, int length) throws DataException {
        try {
            // A file stream takes memory outside the heap for each call, as much as is asked for.
            int count = in.read(out, from, Math.min(length, LARGEST_READ));
            offset += Math.max(count, 0);
            return count;
        } catch (IOException e) {
            throw broken(path, offset, e);
        }
    }

    @Override
    public int readNBytes(byte[] out, int from, int length) throws DataException {
        int done = 0;
        while (done < length) {
            int count = read(out, from + done, length - done);
            if (count < 0) {
                break;
            }
            done += count;
        }
        return done;
    }

    @Override
    public void close() throws DataException {
        try {
            in.close();
        } catch (IOException e) {
            throw broken(path, offset, e);
        }
    }
}

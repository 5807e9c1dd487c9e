package beras.data.rows;

import beras.data.DataException;
import beras.files.FileFailure;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of a data file, unpacked if they are gzip (recognized by the first two bytes, not by the name), or of an entry of a
 * zip archive. Every failure becomes a {@link DataException} that names the file and the number of bytes read before it.
 */
public final class DataFile extends InputStream {

    private static final int BUFFER = 1 << 16;
    private static final int LARGEST_READ = 1 << 20;
    private static final String GZIP = "gzip";

    private final String name;
    private final Path path; // null: a stream
    private final InputStream in;
    private final boolean isEntry;
    private final boolean gzip;
    private final List<Closeable> opened = new ArrayList<>(); // closed with this, the last one first
    private final List<String> remarks = new ArrayList<>();
    private long offset;

    /** Opens a file for random access, such as to its end first. */
    interface Opener<T extends Closeable> {
        T open(Path file) throws IOException;
    }

    private DataFile(String name, Path path, boolean isEntry, InputStream file) throws IOException {
        this.name = name;
        this.path = path;
        this.isEntry = isEntry;
        file.mark(2);
        this.gzip = file.read() == 0x1f && file.read() == 0x8b;
        file.reset();
        this.in = gzip ? new BufferedInputStream(new GZIPInputStream(file, BUFFER), BUFFER) : file;
    }

    /** Opens a file; the caller closes it. */
    public static DataFile open(Path path) throws DataException {
        return open(path, path.toString());
    }

    /** Opens a file that messages call by another name. */
    public static DataFile open(Path path, String name) throws DataException {
        if (Files.isDirectory(path)) {
            throw new DataException(name + ": expected a file. Received: a folder. Name a file in it");
        }
        try {
            // Not Files.newInputStream: with that one, JDK 17 cannot unpack data from a pipe.
            return open(path, name, new FileInputStream(path.toFile()));
        } catch (FileNotFoundException e) {
            throw new DataException(name + (Files.exists(path)
                    ? ": reading it is not permitted. Change its permissions or copy it"
                    : ": there is no such file. Check the name; it is looked for at " + path.toAbsolutePath()), e);
        }
    }

    /** Reads a stream, which is closed with this. */
    public static DataFile of(InputStream stream, String name) throws DataException {
        return open(null, name, stream);
    }

    private static DataFile open(Path path, String name, InputStream stream) throws DataException {
        InputStream file = new BufferedInputStream(stream, BUFFER);
        try {
            return new DataFile(name, path, false, file);
        } catch (IOException e) {
            DataException broken = broken(name, GZIP, 0, e);
            try {
                file.close();
            } catch (IOException second) {
                broken.addSuppressed(second);
            }
            throw broken;
        }
    }

    private DataException broken(IOException cause) {
        return broken(name, isEntry && !gzip ? "zip" : GZIP, offset, cause);
    }

    private static DataException broken(String name, String packing, long offset, IOException cause) {
        if (cause instanceof DataException known) {
            return known;
        }
        if (cause instanceof EOFException || cause instanceof ZipException) {
            return new DataException(name + ": the " + packing + " data is " + (cause instanceof EOFException ? "cut off"
                    : "damaged (" + cause.getMessage() + ")") + "; " + offset + " unpacked bytes came before. Get the file again", cause);
        }
        return new DataException(name + ": cannot be read after byte " + offset + ": " + cause, cause);
    }

    /** The name in messages. */
    public String name() {
        return name;
    }

    /** An error in this file. */
    public DataException error(String problem) {
        return new DataException(name + ": " + problem);
    }

    /** The bytes on disk, packed or not; 0 for a file without a length, such as a pipe. */
    public long sizeOnDisk() throws DataException {
        try {
            return path == null ? 0 : Files.size(path);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The unit of offsets into this file, for messages. */
    public String bytes() {
        return gzip ? "unpacked bytes" : "bytes";
    }

    /** The unpacked bytes of an entry of this file, with the remarks about this file; closed with this. */
    DataFile entry(String entry, InputStream bytes) throws DataException {
        String full = name + ": " + entry;
        opened.add(bytes);
        try {
            DataFile file = new DataFile(full, null, true, new BufferedInputStream(bytes, BUFFER));
            file.remarks.addAll(remarks);
            opened.add(file);
            return file;
        } catch (IOException e) {
            throw broken(full, "zip", 0, e);
        }
    }

    /** Adds a remark for the user about the file, however its rows are written. */
    void remark(String remark) {
        remarks.add(remark);
    }

    List<String> remarks() {
        return remarks;
    }

    /**
     * Opens this file, of which nothing was read yet, for random access; closed with this. A file without random access, such
     * as a pipe or gzip data, is copied to a temporary file first, which only this process can read.
     *
     * @throws DataException if there is no room for the copy
     * @throws IOException thrown by the opener
     */
    <T extends Closeable> T openAtAnyPosition(Opener<T> opener) throws IOException {
        boolean hasPositions = path != null && !gzip && Files.isRegularFile(path);
        Path whole = hasPositions ? path : copy();
        try {
            T found = opener.open(whole);
            opened.add(found);
            return found;
        } finally {
            if (!hasPositions) {
                forget(whole);
            }
        }
    }

    private Path copy() throws DataException {
        try {
            Path copy = Files.createTempFile("beras-", ".table");
            try (OutputStream out = Files.newOutputStream(copy)) {
                transferTo(out);
                return copy;
            } catch (IOException e) {
                forget(copy);
                throw e;
            }
        } catch (IOException e) {
            throw noRoom(name, e);
        }
    }

    /** The error of a copy that could not be made; the cause itself if it is the file's. */
    public static DataException noRoom(String name, IOException cause) {
        return cause instanceof DataException known ? known : new DataException(name + ": expected room for a copy in "
                + System.getProperty("java.io.tmpdir") + ". Received: " + FileFailure.reason(cause) + ". Name another folder with -Djava.io.tmpdir", cause);
    }

    /**
     * Deletes a temporary file, which on most systems stays readable for the processes that have it open; else when Java ends.
     */
    private static void forget(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }

    /** The next bytes, at most {@code count}, which are read again afterwards. */
    public byte[] peek(int count) throws DataException {
        try {
            in.mark(count);
            byte[] next = in.readNBytes(count);
            in.reset();
            return next;
        } catch (IOException e) {
            throw broken(e);
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
            // A file stream takes memory outside the heap for each call, as much as the requested length.
            int count = in.read(out, from, Math.min(length, LARGEST_READ));
            offset += Math.max(count, 0);
            return count;
        } catch (IOException e) {
            throw broken(e);
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
            for (int i = opened.size() - 1; i >= 0; i--) {
                opened.get(i).close();
            }
        } catch (IOException e) {
            throw broken(e);
        }
    }
}

package beras.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file whole or not at all: beside its place, forced to the disk, and then renamed into it. */
public final class WholeFile {

    /** Writes the contents of a file. */
    @FunctionalInterface
    public interface Contents {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes {@code file}. If that fails at any point, what was there before is still there, and nothing else is.
     *
     * @param overwrite whether it may replace a file; if false, that is checked first and not again at the rename
     * @throws FileAlreadyExistsException if there is a file already, and it may not be replaced
     * @throws IOException if the place is no good, see {@link #requireWritable}, or writing fails
     */
    public static void write(Path file, boolean overwrite, Contents contents) throws IOException {
        requireWritable(file, overwrite);
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath(); // a link stays, its target is replaced
        String unique = ProcessHandle.current().pid() + "-" + System.nanoTime();
        Path beside = target.resolveSibling(target.getFileName() + "." + unique + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                contents.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /**
     * Checks before long work that {@link #write} will find its place.
     *
     * @throws FileAlreadyExistsException if there is a file already, and it may not be replaced
     * @throws FileSystemException if there is something else than a file, or its folder is missing or may not be written to
     */
    public static void requireWritable(Path file, boolean overwrite) throws FileSystemException {
        if (Files.exists(file)) {
            if (!Files.isRegularFile(file)) {
                throw new FileSystemException(file.toString(), null, "there is something else than a file at this place");
            }
            if (!overwrite) {
                throw new FileAlreadyExistsException(file.toString(), null,
                        "the file exists already, and is not replaced unasked");
            }
        }
        requireWritableFolder(file);
    }

    /** Checks that the folder of {@code file} is there and may be written to. */
    public static void requireWritableFolder(Path file) throws FileSystemException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(file.toString(), null, "the folder " + folder
                    + " does not exist; create it first");
        }
        if (!Files.isWritable(folder)) {
            throw new FileSystemException(file.toString(), null, "the folder " + folder + " may not be written to");
        }
    }

    private WholeFile() {}
}

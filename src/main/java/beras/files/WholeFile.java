package beras.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads a file whole, and writes one whole or not at all: beside its place, forced to the disk, and then renamed into it. A file
 * that is replaced keeps its permissions, and its owner and group as far as that is allowed; a link stays, and its target is
 * written.
 *
 * <p>Drafts that killed processes left in a folder are removed when a file is written there.
 */
public final class WholeFile {

    private static final int BUFFER = 1 << 16;
    /** A chain of links that is longer is taken for a circle. */
    private static final int MOST_LINKS = 40;
    private static final int LONGEST_NAME = 255;

    /** Writes the contents of a file. */
    @FunctionalInterface
    public interface Contents {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes {@code file}. If that fails at any point, an existing file is unchanged, and no other is created.
     *
     * @param overwrite whether it may replace a file; if not, and several write it at the same time, one of them does and the
     *                  others fail
     * @throws FileAlreadyExistsException if there is a file already, and it may not be replaced
     * @throws FileSystemException if the place is no good, see {@link #requireWritable}, or writing fails; it names the file and
     *         the reason
     * @throws IOException thrown by {@code contents}
     */
    public static void write(Path file, boolean overwrite, Contents contents) throws IOException {
        Path target = requirePlace(file, overwrite);
        try (Draft draft = Draft.beside(target)) {
            OutputStream out = new BufferedOutputStream(new Target(file, draft.channel), BUFFER);
            contents.writeTo(out);
            out.flush();
            finish(file, draft, target, overwrite);
        }
    }

    /** A stream whose failures name the file. */
    private static final class Target extends OutputStream {

        private final Path file;
        private final FileChannel channel;

        Target(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                ByteBuffer rest = ByteBuffer.wrap(bytes, from, length);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            } catch (IOException e) {
                throw FileFailure.named(file, e);
            }
        }
    }

    /**
     * The whole text of a file in UTF-8.
     *
     * @throws FileSystemException if it cannot be read; it names the file and the reason
     * @throws CharacterCodingException if it is no text in UTF-8
     */
    public static String readString(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw e;
        } catch (IOException e) {
            throw FileFailure.withFile(file, e);
        }
    }

    private static void finish(Path file, Draft draft, Path target, boolean overwrite) throws IOException {
        try {
            draft.channel.force(true);
            if (overwrite) {
                Files.move(draft.path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                moveToFreeName(draft.path, target);
            }
            force(target.getParent());
        } catch (FileAlreadyExistsException e) {
            throw exists(file);
        } catch (AtomicMoveNotSupportedException e) {
            throw new FileSystemException(file.toString(), null, "its file system cannot replace a file at one stroke");
        } catch (IOException e) {
            throw FileFailure.named(file, e);
        }
    }

    /** A link never replaces an existing file, as a move does that follows a check and another process's move. */
    private static void moveToFreeName(Path from, Path target) throws IOException {
        try {
            Files.createLink(target, from);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) { // such as on FAT
            Files.move(from, target);
        }
    }

    /** Makes the name last, too, on systems where a folder can be forced to the disk. */
    private static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The file itself is on the disk; more cannot be done here.
        }
    }

    /**
     * Checks before long work that {@link #write} will find its place; a draft is created there and removed.
     *
     * @throws FileAlreadyExistsException if there is a file already, and it may not be replaced
     * @throws FileSystemException if there is something else than a file, the name is too long, or the folder is missing or takes
     *         no file
     */
    public static void requireWritable(Path file, boolean overwrite) throws FileSystemException {
        Path target = requirePlace(file, overwrite);
        try {
            Draft.create(target, false).close();
        } catch (IOException e) {
            throw new FileSystemException(file.toString(), null, "no file can be created in the folder " + target.getParent()
                    + ": " + FileFailure.reason(e));
        }
    }

    /** The place of a file, after the checks that can be made before it is written. */
    private static Path requirePlace(Path file, boolean overwrite) throws FileSystemException {
        Path target = place(file);
        try {
            if (!Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isRegularFile()) {
                throw new FileSystemException(file.toString(), null, "there is something else than a file at this place");
            }
            if (!overwrite) {
                throw exists(file);
            }
        } catch (NoSuchFileException e) {
            // That is a good place.
        } catch (FileSystemException e) {
            throw e.getFile() != null && e.getFile().equals(file.toString()) ? e : FileFailure.named(file, e);
        } catch (IOException e) {
            throw FileFailure.named(file, e);
        }
        requireWritableFolder(target);
        return target;
    }

    /**
     * Removes the drafts that killed processes left in a folder.
     *
     * @throws FileSystemException if links lead in a circle
     */
    public static void removeDrafts(Path folder) throws FileSystemException {
        Draft.removeDead(place(folder));
    }

    private static FileAlreadyExistsException exists(Path file) {
        return new FileAlreadyExistsException(file.toString(), null, "the file exists already, and is not replaced unasked");
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

    /**
     * Where a file is or would be: two paths that lead to one file have one place, whatever links and dots are in them.
     *
     * @throws FileSystemException if links lead in a circle
     */
    public static Path place(Path file) throws FileSystemException {
        Path at = file.toAbsolutePath();
        try {
            for (int links = 0; Files.isSymbolicLink(at); links++) {
                if (links == MOST_LINKS) {
                    throw new FileSystemException(file.toString(), null, "its links lead in a circle");
                }
                at = at.resolveSibling(Files.readSymbolicLink(at));
            }
            Path folder = at.getParent();
            if (folder == null || at.endsWith("..") || at.endsWith(".")) {
                return Files.exists(at) ? at.toRealPath() : at.normalize();
            }
            return (Files.exists(folder) ? folder.toRealPath() : place(folder)).resolve(at.getFileName());
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw FileFailure.named(file, e);
        }
    }

    /**
     * The first free name among {@code model.beras}, {@code model-1.beras}, {@code model-2.beras} and so on: for results that
     * must not be lost although their place was taken meanwhile. Another process may take the name before it is written, so
     * write without {@code overwrite}, and call this again if that fails.
     */
    public static Path free(Path file) {
        return free(file, 1);
    }

    /** As {@link #free(Path)}, of numbers from the first on. */
    public static Path free(Path file, int first) {
        Path free = file;
        for (int number = first; Files.exists(free, LinkOption.NOFOLLOW_LINKS); number++) {
            free = file.resolveSibling(numbered(file.getFileName().toString(), "-" + number));
        }
        return free;
    }

    private static String numbered(String name, String number) {
        int dot = name.lastIndexOf('.');
        String end = number + (dot > 0 ? name.substring(dot) : "");
        String start = dot > 0 ? name.substring(0, dot) : name;
        while (start.length() > 1 && (start + end).getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            start = start.substring(0, start.length() - 1);
        }
        return start + end;
    }

    private WholeFile() {}
}

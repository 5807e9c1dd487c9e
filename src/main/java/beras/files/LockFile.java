package beras.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that one holder at a time locks, of all threads and processes. The lock ends when it is closed, which removes the file,
 * or when its process ends, however that happens. A file that a killed process left is locked by the next holder.
 *
 * <p>On a file system without locks, holders of other processes are not noticed.
 */
public final class LockFile implements AutoCloseable {

    /**
     * The files that this process has locked. It must not open them again: to close one of several channels of a file unlocks it.
     */
    static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private LockFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Locks a file, which is created if needed; its folder must exist. A link is not followed.
     *
     * @return empty if another holder has it
     * @throws FileSystemException if it cannot be created, or is something else than a file
     */
    public static Optional<LockFile> tryLock(Path file) throws FileSystemException {
        Path path = WholeFile.place(file.toAbsolutePath().getParent()).resolve(file.getFileName());
        if (!HELD.add(path)) {
            return Optional.empty();
        }
        LockFile lock = null;
        try {
            lock = lock(path);
            return Optional.ofNullable(lock);
        } catch (IOException e) {
            throw FileFailure.named(file, e);
        } finally {
            if (lock == null) {
                HELD.remove(path);
            }
        }
    }

    /** Null if another process has locked it. */
    private static LockFile lock(Path path) throws IOException {
        while (true) {
            try {
                createIfMissing(path);
                Object key = key(path);
                FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                boolean locked = false;
                try {
                    if (!isLocked(channel)) {
                        return null;
                    }
                    // An earlier holder may have removed this file: then another one has, or will have, its name. The number of
                    // an open file is not given to another.
                    locked = Objects.equals(key, key(path));
                    if (locked) {
                        return new LockFile(path, channel);
                    }
                } finally {
                    if (!locked) {
                        channel.close();
                    }
                }
            } catch (NoSuchFileException e) {
                if (!Files.isDirectory(path.getParent())) {
                    throw e;
                }
                // An earlier holder has just removed it.
            }
        }
    }

    private static void createIfMissing(Path path) throws IOException {
        try {
            Files.createFile(path);
        } catch (FileAlreadyExistsException e) {
            // That one will do.
        }
    }

    /** The identity of a file, where the system has one. */
    private static Object key(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) { // opening a pipe may never end
            throw new FileSystemException(path.toString(), null, "there is something else than a file at this place");
        }
        return attributes.fileKey();
    }

    /** Whether no other process holds the file now. Where there are no locks, none can. */
    static boolean isLocked(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Removes the file and frees its name. A file that cannot be removed stays, unlocked, for the next holder. */
    @Override
    public void close() {
        remove(path, channel);
    }

    /**
     * Removes a file that this process has locked, and unlocks it. A failure here is ignored: a remaining file counts as left
     * by a dead process.
     */
    static void remove(Path path, FileChannel channel) {
        try {
            Files.deleteIfExists(path); // while it is locked
        } catch (IOException e) {
            // It stays.
        }
        try {
            channel.close();
        } catch (IOException e) {
            // The system has let it go all the same.
        }
        HELD.remove(path);
    }
}

package beras.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file beside another that it is to become. It has a short name, so that the other may have the longest possible one, and it
 * is locked as long as its process lives: a draft that can be locked was left by a dead process.
 */
final class Draft implements AutoCloseable {

    private static final String START = ".beras-";
    private static final String END = ".tmp";
    /** Distinguishes the drafts of this process from all others. */
    private static final String PROCESS = Long.toHexString(ProcessHandle.current().pid()) + "-"
            + Long.toHexString(System.currentTimeMillis()) + Long.toHexString(System.nanoTime() & 0xffff);
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> GROUP = PosixFilePermissions.fromString("---rwx---");

    final Path path;
    final FileChannel channel;

    private Draft(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * A new draft of a file; drafts that dead processes left in its folder are removed first. It takes over permissions, owner
     * and group of an existing file, as far as that is allowed.
     */
    static Draft beside(Path target) throws IOException {
        try {
            removeDead(target.getParent());
            PosixFileAttributes old = attributes(target);
            Draft draft = create(target, old != null);
            if (old != null) {
                try {
                    draft.takeOver(old);
                } catch (IOException e) {
                    draft.close();
                    throw e;
                }
            }
            return draft;
        } catch (IOException e) {
            throw FileFailure.named(target, e);
        }
    }

    /** @param hidden whether nobody else may read it at first */
    static Draft create(Path target, boolean hidden) throws IOException {
        Draft draft = null;
        // Whatever its target, a draft gets a name that an earlier one had: the JDK keeps each name that is to go at exit.
        for (int number = 0; draft == null; number++) {
            draft = open(target.resolveSibling(START + PROCESS + "-" + number + END), hidden);
        }
        return draft;
    }

    /** Removes all drafts that dead processes left in a folder. */
    static void removeDead(Path folder) {
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder, START + "*" + END)) {
            for (Path draft : drafts) {
                if (!LockFile.HELD.contains(draft) && Files.isRegularFile(draft, LinkOption.NOFOLLOW_LINKS)) {
                    removeIfDead(draft);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The folder may be written to, but not listed: its drafts stay.
        }
    }

    private static void removeIfDead(Path draft) {
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(draft);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // Its process may be alive, so it stays.
        }
    }

    /** Null if the file is not there, or the system has no such attributes. */
    private static PosixFileAttributes attributes(Path file) throws IOException {
        PosixFileAttributeView view = view(file);
        return view == null || !Files.exists(file) ? null : view.readAttributes();
    }

    private static PosixFileAttributeView view(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class);
    }

    /** Null if this name is taken. */
    private static Draft open(Path path, boolean hidden) throws IOException {
        if (!LockFile.HELD.add(path)) {
            return null;
        }
        boolean opened = false;
        try {
            FileAttribute<?>[] attributes = hidden
                    ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)} : new FileAttribute<?>[0];
            FileChannel channel = FileChannel.open(path,
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), attributes);
            removeAtExit(path);
            // Between opening and locking, another process may have taken it for dead.
            opened = LockFile.isLocked(channel) && Files.exists(path);
            if (opened) {
                return new Draft(path, channel);
            }
            channel.close();
            return null;
        } catch (FileAlreadyExistsException e) {
            return null;
        } finally {
            if (!opened) {
                LockFile.HELD.remove(path);
            }
        }
    }

    /** After all shutdown hooks, of which one may still write files. */
    private static void removeAtExit(Path path) {
        try {
            path.toFile().deleteOnExit();
        } catch (IllegalStateException | UnsupportedOperationException e) {
            // The process is ending already, or this is no file of the default file system.
        }
    }

    private void takeOver(PosixFileAttributes old) throws IOException {
        PosixFileAttributeView own = view(path);
        PosixFileAttributes made = own.readAttributes();
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        permissions.addAll(old.permissions());
        try {
            if (!made.owner().equals(old.owner())) {
                own.setOwner(old.owner());
            }
        } catch (IOException e) {
            // Only the superuser gives files away.
        }
        try {
            if (!made.group().equals(old.group())) {
                own.setGroup(old.group());
            }
        } catch (IOException e) {
            permissions.removeAll(GROUP); // which were meant for another group
        }
        own.setPermissions(permissions);
    }

    /** Removes the draft if it is still there. One that cannot be removed goes when a file is written beside it. */
    @Override
    public void close() {
        LockFile.remove(path, channel);
    }
}

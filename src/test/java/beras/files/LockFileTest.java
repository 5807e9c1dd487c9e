package beras.files;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("files")
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LockFileTest {

    @TempDir
    Path folder;

    @Test
    void oneHolderOfAProcessHasItUntilItIsClosed() throws IOException {
        Path file = folder.resolve("lock");
        Files.createDirectory(folder.resolve("in"));
        try (LockFile first = LockFile.tryLock(file).orElseThrow()) {
            assertTrue(Files.exists(file));
            assertTrue(LockFile.tryLock(folder.resolve("in/../lock")).isEmpty());
            assertTrue(LockFile.tryLock(folder.resolve("other")).isPresent());
        }
        assertFalse(Files.exists(file));
        LockFile.tryLock(file).orElseThrow().close();
        assertFalse(Files.exists(file));
    }

    /** Else this process could never have it again. */
    @Test
    void aLockThatCannotBeRemovedIsFreeAllTheSame() throws IOException {
        Path file = folder.resolve("lock");
        for (String failing : List.of("delete", "close")) {
            boolean[] held = {false};
            WatchedFiles files = new WatchedFiles(WatchedFiles.failing(operation -> held[0] && operation.equals(failing)));
            for (int times = 0; times < 2; times++) {
                LockFile lock = LockFile.tryLock(files.path(file)).orElseThrow();
                held[0] = true;
                lock.close();
                held[0] = false;
                assertEquals(failing.equals("delete"), Files.exists(file));
            }
        }
    }

    /** Holds a lock until it is killed. */
    static final class Holder {

        public static void main(String[] args) throws IOException {
            boolean held = LockFile.tryLock(Path.of(args[0])).isPresent();
            System.out.println(held ? "yes" : "no");
            System.in.read();
        }
    }

    private static Process holder(Path file, char expected) throws IOException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Holder.class.getName(), file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertEquals(expected, process.getInputStream().read());
        return process;
    }

    @Test
    void aKilledProcessHoldsItNoMore() throws Exception {
        Path file = folder.resolve("lock");
        Process process = holder(file, 'y');
        try {
            assertTrue(LockFile.tryLock(file).isEmpty());
            process.destroyForcibly().waitFor();
            assertTrue(Files.exists(file), "nobody could remove it");
            try (LockFile own = LockFile.tryLock(file).orElseThrow()) {
                assertTrue(LockFile.tryLock(file).isEmpty());
                Process other = holder(file, 'n');
                other.destroyForcibly().waitFor();
            }
        } finally {
            process.destroyForcibly();
        }
        assertFalse(Files.exists(file));
    }

    /** Some come when the file of the holder before them is just being removed. */
    @Test
    void ofManyThreadsOneHoldsItAtATime() throws Exception {
        Path file = folder.resolve("lock");
        int threads = 4;
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger locked = new AtomicInteger();
        Callable<Void> work = () -> {
            while (locked.get() < 300) {
                Optional<LockFile> lock = LockFile.tryLock(file);
                if (lock.isPresent()) {
                    assertEquals(1, holders.incrementAndGet());
                    locked.incrementAndGet();
                    holders.decrementAndGet();
                    lock.get().close();
                }
            }
            return null;
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(work));
            }
            for (Future<Void> each : all) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertFalse(Files.exists(file));
    }

    /** Between creating and locking, the holder before may remove the file: the lock would be of a file without a name. */
    @Test
    void aFileThatIsReplacedBeforeItIsLockedIsNotTheLock() throws IOException {
        Path file = folder.resolve("lock");
        AtomicInteger locks = new AtomicInteger();
        WatchedFiles files = new WatchedFiles((operation, path) -> {
            if (operation.equals("lock") && locks.getAndIncrement() == 0) {
                Files.delete(path);
                Files.createFile(path);
            }
        });
        try (LockFile lock = LockFile.tryLock(files.path(file)).orElseThrow()) {
            assertEquals(2, locks.get());
            Process other = holder(file, 'n');
            other.destroyForcibly();
        }
        assertFalse(Files.exists(file));
    }

    @Test
    void nothingElseIsLockedOrRemovedInItsPlace() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThrows(FileSystemException.class, () -> LockFile.tryLock(link));
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (Path other : List.of(pipe, Files.createDirectory(folder.resolve("folder")))) {
            FileSystemException e = assertThrows(FileSystemException.class, () -> LockFile.tryLock(other));
            assertEquals("there is something else than a file at this place", e.getReason());
        }
        assertEquals("mine", Files.readString(file));
        assertTrue(Files.isSymbolicLink(link) && Files.exists(pipe));
        assertThrows(NoSuchFileException.class, () -> {
            try {
                LockFile.tryLock(folder.resolve("none/lock"));
            } catch (FileSystemException e) {
                throw e.getCause();
            }
        });
    }
}

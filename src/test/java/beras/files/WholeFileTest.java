package beras.files;

import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("files")
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WholeFileTest {

    @TempDir
    Path folder;

    private static WholeFile.Contents text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path draft() throws IOException {
        return draft("");
    }

    private Path draft(String process) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".beras-" + process)).findFirst().orElseThrow();
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private void assumePosix() {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    }

    // ------------------------------------------------------------------------------------------------ whole or not

    @Test
    void replacesOnlyIfThatIsAllowed() throws IOException {
        Path file = folder.resolve("file");
        WholeFile.write(file, false, text("first"));
        FileSystemException refused =
                assertThrows(FileAlreadyExistsException.class, () -> WholeFile.write(file, false, text("second")));
        assertTrue(refused.getMessage().startsWith(file + ": the file exists already"), refused::getMessage);
        assertEquals("first", Files.readString(file));
        WholeFile.write(file, true, text("second"));
        assertEquals("second", Files.readString(file));
        assertEquals(List.of("file"), files());
    }

    /** What was there is not removed before the new file is in its place. */
    @Test
    void aMoveThatFailsLeavesWhatWasThere() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "before");
        FileSystemException e = assertThrows(FileSystemException.class, () -> WholeFile.write(file, true, out -> {
            out.write(1);
            Files.delete(draft());
        }));
        assertEquals(file.toString(), e.getFile());
        assertEquals("before", Files.readString(file));
        assertEquals(List.of("file"), files());
    }

    @Test
    void aFileThatAppearsMeanwhileIsNotReplaced() throws IOException {
        Path file = folder.resolve("file");
        assertThrows(FileAlreadyExistsException.class, () -> WholeFile.write(file, false, out -> {
            out.write(1);
            Files.writeString(file, "of somebody else");
        }));
        assertEquals("of somebody else", Files.readString(file));
        assertEquals(List.of("file"), files());
    }

    @Test
    void ofSeveralWritersOneWins() throws Exception {
        int writers = 8;
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        try {
            for (int round = 0; round < 20; round++) {
                Path file = folder.resolve("file" + round);
                CountDownLatch ready = new CountDownLatch(writers);
                List<Future<Boolean>> writing = new ArrayList<>();
                for (int i = 0; i < writers; i++) {
                    String own = "writer " + i;
                    Callable<Boolean> write = () -> {
                        try {
                            WholeFile.write(file, false, out -> {
                                out.write(own.getBytes(StandardCharsets.UTF_8));
                                ready.countDown();
                                await(ready); // all have found the name free
                            });
                            return true;
                        } catch (FileAlreadyExistsException e) {
                            return false;
                        }
                    };
                    writing.add(pool.submit(write));
                }
                List<Integer> winners = new ArrayList<>();
                for (int i = 0; i < writers; i++) {
                    if (writing.get(i).get()) {
                        winners.add(i);
                    }
                }
                assertEquals(1, winners.size());
                assertEquals("writer " + winners.get(0), Files.readString(file));
            }
        } finally {
            pool.shutdownNow();
        }
        assertEquals(20, files().size(), () -> folder.toString());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void failuresOfTheContentsComeAsTheyAre() {
        IOException failure = new IOException("bad input");
        assertSame(failure, assertThrows(IOException.class, () -> WholeFile.write(folder.resolve("file"), false, out -> {
            throw failure;
        })));
    }

    /** After a power failure, the name must not lead to bytes that are not on the disk. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theBytesAreForcedToTheDiskBeforeTheyGetTheirName(boolean overwrite) throws IOException {
        List<String> operations = new ArrayList<>();
        Path file = new WatchedFiles((operation, path) -> operations.add(operation)).path(folder.resolve("file"));
        WholeFile.write(file, overwrite, text("whole"));
        assertEquals(List.of("create", "lock", "write", "force", overwrite ? "move" : "link"), operations.subList(0, 5));
    }

    /** The file has its name then; what is left is removed when it is written again. */
    @ParameterizedTest
    @ValueSource(strings = {"delete", "close"})
    void aFileIsWrittenThoughItsDraftCannotBeRemoved(String failing) throws IOException {
        Path file = new WatchedFiles(WatchedFiles.failing(failing::equals)).path(folder.resolve("file"));
        WholeFile.write(file, false, text("first"));
        assertEquals("first", Files.readString(folder.resolve("file")));
        WholeFile.write(file, true, text("second"));
        assertEquals("second", Files.readString(folder.resolve("file")));
        WholeFile.write(folder.resolve("file"), true, text("third"));
        assertEquals(List.of("file"), files());
    }

    /** Each draft is taken for dead once, between its creation and its lock. */
    @Test
    void aDraftThatIsRemovedBeforeItIsLockedIsNotWrittenTo() throws IOException {
        AtomicInteger created = new AtomicInteger();
        Path file = folder.resolve("file");
        WatchedFiles files = new WatchedFiles((operation, path) -> {
            if (operation.equals("lock") && created.getAndIncrement() == 0) {
                Files.delete(path);
            }
        });
        WholeFile.write(files.path(file), false, text("whole"));
        assertEquals("whole", Files.readString(file));
        assertEquals(2, created.get());
        assertEquals(List.of("file"), files());
    }

    // ---------------------------------------------------------------------------------------- a file system without links

    /** Such as FAT; something may happen before a file is given its name. */
    private Path withoutLinks(Path file, WatchedFiles.Watcher beforeMove) {
        return new WatchedFiles((operation, path) -> {
            if (operation.equals("link")) {
                throw new FileSystemException(path.toString(), null, "Operation not permitted");
            }
            if (operation.equals("move")) {
                beforeMove.before(operation, path);
            }
        }).path(file);
    }

    @Test
    void withoutLinksAFileIsWrittenAndNotReplacedAllTheSame() throws IOException {
        Path file = withoutLinks(folder.resolve("file"), (operation, path) -> { });
        WholeFile.write(file, false, text("first"));
        assertThrows(FileAlreadyExistsException.class, () -> WholeFile.write(file, false, out -> { }));
        assertEquals("first", Files.readString(file));
        Path taken = withoutLinks(folder.resolve("taken"), (operation, path) -> { });
        assertThrows(FileAlreadyExistsException.class, () -> WholeFile.write(taken, false, out ->
                Files.writeString(folder.resolve("taken"), "of somebody else")));
        assertEquals("of somebody else", Files.readString(taken));
        assertEquals(List.of("file", "taken"), files());
    }

    /** Nor is one there while the move has not been made, in which moment the process may be killed. */
    @Test
    void withoutLinksNoFileIsLeftWhereTheMoveFails() throws IOException {
        Path name = folder.resolve("file");
        Path file = withoutLinks(name, (operation, path) -> {
            assertFalse(Files.exists(name));
            throw new FileSystemException(path.toString(), null, "Input/output error");
        });
        FileSystemException e = assertThrows(FileSystemException.class, () -> WholeFile.write(file, false, text("lost")));
        assertEquals("Input/output error", e.getReason());
        assertEquals(List.of(), files());
    }

    // --------------------------------------------------------------------------------------------------- attributes

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-r-----", "rwxrwxrwx", "r--------"})
    void permissionsStay(String permissions) throws IOException {
        assumePosix();
        Path file = Files.writeString(folder.resolve("file"), "before");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        Object group = Files.getAttribute(file, "posix:group");
        WholeFile.write(file, true, out -> {
            out.write(1);
            assertEquals(permissions, permissions(draft()), "from the first byte on");
        });
        assertEquals(permissions, permissions(file));
        assertEquals(group, Files.getAttribute(file, "posix:group"));
    }

    @Test
    void aNewFileHasThePermissionsOfAnyNewFile() throws IOException {
        assumePosix();
        Path file = folder.resolve("file");
        WholeFile.write(file, false, text("new"));
        assertEquals(permissions(Files.createFile(folder.resolve("other"))), permissions(file));
    }

    /** What its group might do is not given to another group. */
    @Test
    void theRightsOfAForeignGroupAreNotGivenToAnother() throws IOException {
        assumePosix();
        Path file = Files.writeString(folder.resolve("file"), "before");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        WatchedFiles files = new WatchedFiles((operation, path) -> {
            if (operation.equals("group")) {
                throw new AccessDeniedException(path.toString());
            }
        });
        files.ofForeignGroup(file);
        WholeFile.write(files.path(file), true, text("after"));
        assertEquals("after", Files.readString(file));
        assertEquals("rw----r--", permissions(file));
    }

    @Test
    void aLinkStaysAndItsTargetIsWritten() throws IOException {
        Files.createDirectory(folder.resolve("real"));
        Path target = folder.resolve("real").resolve("file");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real", "file"));
        Path chain = Files.createSymbolicLink(folder.resolve("chain"), link);
        WholeFile.write(chain, false, text("through two links to nothing yet"));
        assertEquals("through two links to nothing yet", Files.readString(target));
        assertThrows(FileAlreadyExistsException.class, () -> WholeFile.write(chain, false, text("again")));
        WholeFile.write(chain, true, text("replaced"));
        assertEquals("replaced", Files.readString(target));
        assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(chain));
        assertEquals(List.of("chain", "link", "real"), files());
    }

    @Test
    void aLinkIntoNowhereIsRefusedBeforeTheWork() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("none").resolve("file"));
        FileSystemException e = assertThrows(NoSuchFileException.class, () -> WholeFile.requireWritable(link, true));
        assertTrue(e.getMessage().contains(folder.resolve("none") + " does not exist"), e::getMessage);
        Path circle = folder.resolve("circle");
        Files.createSymbolicLink(circle, circle);
        assertThrows(FileSystemException.class, () -> WholeFile.requireWritable(circle, true));
    }

    // ---------------------------------------------------------------------------------------------------------- names

    @Test
    void theLongestNamesWork() throws IOException {
        for (String name : new String[] {"n".repeat(255), "é".repeat(127) + "n"}) {
            Path file = folder.resolve(name);
            try {
                Files.delete(Files.createFile(file));
            } catch (IOException | RuntimeException e) {
                assumeTrue(false, "this file system or locale has no such names");
            }
            WholeFile.requireWritable(file, false);
            WholeFile.write(file, false, text("long"));
            assertEquals("long", Files.readString(file));
            Path beside = WholeFile.free(file);
            WholeFile.write(beside, false, text("beside"));
            assertEquals("beside", Files.readString(beside));
        }
    }

    /** As {@code /proc} does, which says that it may be written to. */
    @Test
    void aFolderThatTakesNoFilesIsNoticedBeforeTheWork() throws IOException {
        Path file = new WatchedFiles((operation, path) -> {
            throw new NoSuchFileException(path.toString());
        }).path(folder.resolve("file"));
        FileSystemException e = assertThrows(FileSystemException.class, () -> WholeFile.requireWritable(file, true));
        assertEquals("no file can be created in the folder " + folder.toRealPath() + ": there is no such file or folder",
                e.getReason());
        WholeFile.requireWritable(folder.resolve("file"), false);
        assertEquals(List.of(), files());
    }

    @Test
    void aNameThatIsTooLongIsRefusedBeforeTheWork() {
        Path file = folder.resolve("n".repeat(5000));
        FileSystemException e = assertThrows(FileSystemException.class, () -> WholeFile.requireWritable(file, false));
        assertEquals(file.toString(), e.getFile());
        assertTrue(e.getReason().contains("too long"), e::getReason);
    }

    @Test
    void aFreeNameIsBeside() throws IOException {
        Path model = folder.resolve("model.beras");
        assertEquals(model, WholeFile.free(model));
        Files.createFile(model);
        assertEquals(folder.resolve("model-1.beras"), WholeFile.free(model));
        Files.createDirectory(folder.resolve("model-1.beras"));
        assertEquals(folder.resolve("model-2.beras"), WholeFile.free(model));
        Files.createSymbolicLink(folder.resolve("model-2.beras"), folder.resolve("elsewhere"));
        assertEquals(folder.resolve("model-3.beras"), WholeFile.free(model), "a write would follow the link to nothing");
        Path plain = Files.createFile(folder.resolve("model"));
        assertEquals(folder.resolve("model-1"), WholeFile.free(plain));
        Path hidden = Files.createFile(folder.resolve(".model"));
        assertEquals(folder.resolve(".model-1"), WholeFile.free(hidden));
    }

    @Test
    void placesAreEqualIfTheFilesAre() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("alias"), real);
        Path place = WholeFile.place(real.resolve("file"));
        assertEquals(place, WholeFile.place(folder.resolve("alias").resolve("file")));
        assertEquals(place, WholeFile.place(folder.resolve("alias").resolve("..").resolve("real").resolve("file")));
        assertEquals(place.resolveSibling("new").resolve("file"), WholeFile.place(folder.resolve("alias/new/file")));
        assertEquals(WholeFile.place(Path.of("r/m")), WholeFile.place(Path.of("./r/m")));
        assertEquals(WholeFile.place(Path.of("r")), WholeFile.place(Path.of("r/.")));
        assertNotEquals(place, WholeFile.place(real.resolve("other")));
    }

    // -------------------------------------------------------------------------------------- processes and full disks

    /** Writes a file that is never finished, and says when it has begun. */
    static final class Writer {

        public static void main(String[] args) throws IOException {
            WholeFile.write(Path.of(args[0]), true, out -> {
                out.write(new byte[1 << 20]);
                System.out.println("writing");
                System.in.read();
                LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(1)); // its input is closed a moment before the signal comes
            });
        }
    }

    private static Process writer(Path file) throws IOException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Writer.class.getName(), file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        InputStream out = process.getInputStream();
        assertEquals('w', out.read());
        return process;
    }

    @Test
    void whatKilledProcessesLeftInAFolderGoesWhenAFileIsWrittenThere() throws Exception {
        Path dead = Files.createFile(folder.resolve(".beras-1-1-0.tmp"));
        Path stranger = Files.createFile(folder.resolve("file.tmp"));
        Process process = writer(folder.resolve("file"));
        try {
            Path living = draft(process);
            WholeFile.write(folder.resolve("third"), false, out -> {
                Path own = draft(Long.toHexString(ProcessHandle.current().pid()) + "-");
                WholeFile.removeDrafts(Path.of("").toAbsolutePath().relativize(folder));
                assertFalse(Files.exists(dead));
                assertTrue(Files.exists(living) && Files.exists(own) && Files.exists(stranger));
            });
            WholeFile.write(folder.resolve("file"), true, text("beside a living one"));
            process.destroyForcibly().waitFor();
            assertTrue(Files.exists(living), "nobody could remove it");
            WholeFile.write(folder.resolve("third"), true, text("after"));
            assertEquals(List.of("file", "file.tmp", "third"), files());
        } finally {
            process.destroyForcibly();
        }
    }

    private Path draft(Process process) throws IOException {
        return draft(Long.toHexString(process.pid()) + "-");
    }

    @Test
    void aProcessThatIsAskedToEndLeavesNothing() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "before");
        Process process = writer(file);
        try {
            assertEquals(2, files().size());
            process.destroy();
            process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        assertEquals(List.of("file"), files());
        assertEquals("before", Files.readString(file));
    }

    @Test
    void appendingToAFullDeviceNamesItAndTheReason() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full, LinkOption.NOFOLLOW_LINKS));
        FileSystemException e = assertThrows(FileSystemException.class, () -> AppendedFile.append(full, new byte[] {1}));
        assertEquals("/dev/full", e.getFile());
        assertTrue(e.getReason().toLowerCase(java.util.Locale.ROOT).contains("space"), e::getReason);
    }
}

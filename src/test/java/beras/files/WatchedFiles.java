package beras.files;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The files of this machine, of which a test hears before each operation that changes them: it may refuse it, do something
 * first, or end the process. Either a test asks for {@linkplain #path paths} of it, or a process has it as its default file
 * system by {@link #asDefault}.
 */
public final class WatchedFiles extends FileSystemProvider {

    /** Hears of operations before they are made. */
    @FunctionalInterface
    public interface Watcher {

        /**
         * @param operation create, lock, write, truncate, force, link, move, delete, folder, group
         * @param path      what is created and so on; of a move and a link the new name
         * @throws IOException to refuse it
         */
        void before(String operation, Path path) throws IOException;

        /**
         * Hears of an operation that changes nothing; of a close after it is done.
         *
         * @param operation open (of a file that is there, to read or to write), read, list, look (at what there is, and its
         *                  attributes), close (of what was written)
         * @throws IOException to have it fail
         */
        default void reading(String operation, Path path) throws IOException {}

        /** Whether what is forced goes to the disk, which takes long, and matters only where power may fail. */
        default boolean reachesDisk() {
            return true;
        }

        /** How many of some bytes a write takes, at least one. */
        default int taken(Path path, int bytes) {
            return bytes;
        }
    }

    private static volatile Watcher ofProcess = (operation, path) -> { };
    private static final Set<OpenOption> CREATING = Set.of(StandardOpenOption.CREATE, StandardOpenOption.CREATE_NEW);
    private static final String HALT = "beras.test.halt";
    private static final String OPERATIONS = "beras.test.operations";

    private final FileSystemProvider real;
    private final Watcher watcher;
    private final FileSystem system;
    private volatile Path foreign; // null: none

    /** Has operations of some names fail. */
    public static Watcher failing(Predicate<String> which) {
        return new Watcher() {

            @Override
            public void before(String operation, Path path) throws IOException {
                if (which.test(operation)) {
                    throw new IOException("test");
                }
            }

            @Override
            public void reading(String operation, Path path) throws IOException {
                before(operation, path);
            }
        };
    }

    /** Tells a test's watcher. */
    public WatchedFiles(Watcher watcher) {
        this(FileSystems.getDefault().provider(), watcher);
    }

    /** The default file system of a process that {@link #asDefault} describes. */
    public WatchedFiles(FileSystemProvider real) {
        this(real, Integer.getInteger(HALT) == null ? new OfProcess() : new Halt());
    }

    private WatchedFiles(FileSystemProvider real, Watcher watcher) {
        this.real = real;
        this.watcher = watcher;
        this.system = new Watched(real.getFileSystem(URI.create("file:///")));
    }

    /**
     * The options of a Java that has this as its file system.
     *
     * @param halt       before which operation, from 1, it ends as by {@code kill -9}; 0: before none
     * @param operations takes a line for each operation
     */
    public static List<String> asDefault(int halt, Path operations) {
        return List.of(asDefault(), "-D" + HALT + "=" + halt, "-D" + OPERATIONS + "=" + operations);
    }

    /** The option of a Java that has this as its file system, and in which {@link #watch} is called. */
    public static String asDefault() {
        return "-Djava.nio.file.spi.DefaultFileSystemProvider=" + WatchedFiles.class.getName();
    }

    /** Tells another watcher of all files of this process from now on. */
    public static void watch(Watcher watcher) {
        ofProcess = watcher;
    }

    private static final class OfProcess implements Watcher {

        @Override
        public void before(String operation, Path path) throws IOException {
            ofProcess.before(operation, path);
        }

        @Override
        public void reading(String operation, Path path) throws IOException {
            ofProcess.reading(operation, path);
        }

        @Override
        public boolean reachesDisk() {
            return ofProcess.reachesDisk();
        }

        @Override
        public int taken(Path path, int bytes) {
            return ofProcess.taken(path, bytes);
        }
    }

    /** Ends the process at an operation. */
    private static final class Halt implements Watcher {

        private static final int KILLED = 128 + 9;

        private final int halt = Integer.getInteger(HALT);
        private final AtomicInteger made = new AtomicInteger();
        private PrintStream log;

        @Override
        public synchronized void before(String operation, Path path) throws IOException {
            if (log == null) {
                log = new PrintStream(new FileOutputStream(System.getProperty(OPERATIONS)), true, StandardCharsets.UTF_8);
            }
            if (operation.equals("lock")) {
                return; // changes nothing that outlives the process
            }
            log.println(operation + " " + path);
            if (made.incrementAndGet() == halt) {
                Runtime.getRuntime().halt(KILLED);
            }
        }
    }

    /** A path of this file system. */
    public Path path(Path path) {
        return wrap(path);
    }

    /** Has a file belong to a group of others. */
    void ofForeignGroup(Path file) {
        foreign = file;
    }

    // ---------------------------------------------------------------------------------------------------------- paths

    /** Marks a path of this file system. */
    private interface Wrapped {
        Path real();
    }

    private Path wrap(Path path) {
        if (path == null || path instanceof Wrapped) {
            return path;
        }
        return (Path) Proxy.newProxyInstance(WatchedFiles.class.getClassLoader(), new Class<?>[] {Path.class, Wrapped.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "real":
                            return path;
                        case "getFileSystem":
                            return system;
                        case "toFile":
                            return new File(path.toString());
                        case "iterator":
                            return wrap(path.iterator());
                        case "equals":
                            return arguments[0] instanceof Wrapped other && path.equals(other.real());
                        default:
                            Object[] plain = arguments == null ? null : arguments.clone();
                            for (int i = 0; plain != null && i < plain.length; i++) {
                                plain[i] = plain[i] instanceof Wrapped wrapped ? wrapped.real() : plain[i];
                            }
                            Object result = invoke(method, path, plain);
                            return result instanceof Path made ? wrap(made) : result;
                    }
                });
    }

    private Iterator<Path> wrap(Iterator<Path> paths) {
        return new Iterator<>() {

            @Override
            public boolean hasNext() {
                return paths.hasNext();
            }

            @Override
            public Path next() {
                return wrap(paths.next());
            }
        };
    }

    private static Path unwrap(Path path) {
        return path instanceof Wrapped wrapped ? wrapped.real() : path;
    }

    private final class Watched extends FileSystem {

        private final FileSystem inner;

        Watched(FileSystem inner) {
            this.inner = inner;
        }

        @Override
        public FileSystemProvider provider() {
            return WatchedFiles.this;
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isReadOnly() {
            return inner.isReadOnly();
        }

        @Override
        public String getSeparator() {
            return inner.getSeparator();
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            return () -> wrap(inner.getRootDirectories().iterator());
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            return inner.getFileStores();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return inner.supportedFileAttributeViews();
        }

        @Override
        public Path getPath(String first, String... more) {
            return wrap(inner.getPath(first, more));
        }

        @Override
        public PathMatcher getPathMatcher(String pattern) {
            PathMatcher matcher = inner.getPathMatcher(pattern);
            return path -> matcher.matches(unwrap(path));
        }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() {
            return inner.getUserPrincipalLookupService();
        }

        @Override
        public WatchService newWatchService() throws IOException {
            return inner.newWatchService();
        }
    }

    // ------------------------------------------------------------------------------------------------- what is watched

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        boolean writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
        if (writes && !Collections.disjoint(options, CREATING)) {
            watcher.before("create", unwrap(path));
        } else {
            watcher.reading("open", unwrap(path));
        }
        return new Channel(real.newFileChannel(unwrap(path), options, attributes), unwrap(path), writes);
    }

    @Override
    public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        watcher.before("folder", unwrap(path));
        real.createDirectory(unwrap(path), attributes);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        watcher.before("link", unwrap(link));
        real.createLink(unwrap(link), unwrap(existing));
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        watcher.before("link", unwrap(link));
        real.createSymbolicLink(unwrap(link), unwrap(target), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
        watcher.before("delete", unwrap(path));
        real.delete(unwrap(path));
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        if (!Files.exists(unwrap(path), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        watcher.before("delete", unwrap(path));
        return real.deleteIfExists(unwrap(path));
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
        watcher.before("move", unwrap(to));
        real.move(unwrap(from), unwrap(to), options);
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) throws IOException {
        watcher.before("create", unwrap(to));
        real.copy(unwrap(from), unwrap(to), options);
    }

    /** A file that is written or read. */
    private final class Channel extends FileChannel {

        private final FileChannel inner;
        private final Path path;
        private final boolean writes;

        Channel(FileChannel inner, Path path, boolean writes) {
            this.inner = inner;
            this.path = path;
            this.writes = writes;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            watcher.before("write", path);
            int limit = from.limit();
            from.limit(from.position() + watcher.taken(path, from.remaining()));
            try {
                return inner.write(from);
            } finally {
                from.limit(limit);
            }
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) throws IOException {
            watcher.before("write", path);
            return inner.write(from, offset, length);
        }

        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            watcher.before("write", path);
            return inner.write(from, position);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            watcher.before("force", path);
            if (watcher.reachesDisk()) {
                inner.force(metaData);
            }
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            watcher.before("truncate", path);
            inner.truncate(size);
            return this;
        }

        @Override
        public long transferFrom(ReadableByteChannel from, long position, long count) throws IOException {
            watcher.before("write", path);
            return inner.transferFrom(from, position, count);
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            watcher.reading("read", path);
            return inner.read(into);
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) throws IOException {
            watcher.reading("read", path);
            return inner.read(into, offset, length);
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            watcher.reading("read", path);
            return inner.read(into, position);
        }

        @Override
        public long position() throws IOException {
            return inner.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            inner.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return inner.size();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
            return inner.transferTo(position, count, to);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            return inner.map(mode, position, size);
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) throws IOException {
            return inner.lock(position, size, shared);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            watcher.before("lock", path);
            return inner.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            inner.close();
            if (writes) {
                watcher.reading("close", path);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------------- the rest

    @Override
    public String getScheme() {
        return real.getScheme();
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) throws IOException {
        return real.newFileSystem(uri, environment);
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return system;
    }

    @Override
    public Path getPath(URI uri) {
        return wrap(real.getPath(uri));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
        watcher.reading("list", unwrap(folder));
        DirectoryStream<Path> stream = real.newDirectoryStream(unwrap(folder), path -> filter.accept(wrap(path)));
        return new DirectoryStream<>() {

            @Override
            public Iterator<Path> iterator() {
                return wrap(stream.iterator());
            }

            @Override
            public void close() throws IOException {
                stream.close();
            }
        };
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        return real.isSameFile(unwrap(one), unwrap(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return real.isHidden(unwrap(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return real.getFileStore(unwrap(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        watcher.reading("look", unwrap(path));
        real.checkAccess(unwrap(path), modes);
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        return wrap(real.readSymbolicLink(unwrap(link)));
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        V view = real.getFileAttributeView(unwrap(path), type, options);
        if (!(view instanceof PosixFileAttributeView posix)) {
            return view;
        }
        return type.cast(proxy(PosixFileAttributeView.class, posix, method -> {
            if (method.equals("setGroup")) {
                watcher.before("group", unwrap(path));
            }
            return method.equals("readAttributes") && unwrap(path).equals(foreign) ? ofForeignGroup(posix.readAttributes()) : null;
        }));
    }

    private static PosixFileAttributes ofForeignGroup(PosixFileAttributes attributes) {
        return proxy(PosixFileAttributes.class, attributes, method -> method.equals("group")
                ? (GroupPrincipal) () -> "strangers" : null);
    }

    /** What a method gives instead of what the object would; null: that. */
    private interface Instead {
        Object of(String method) throws IOException;
    }

    private static <T> T proxy(Class<T> type, T object, Instead instead) {
        return type.cast(Proxy.newProxyInstance(WatchedFiles.class.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> {
                    Object given = instead.of(method.getName());
                    return given != null ? given : invoke(method, object, arguments);
                }));
    }

    private static Object invoke(Method method, Object object, Object[] arguments) throws Throwable {
        try {
            return method.invoke(object, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options) throws IOException {
        watcher.reading("look", unwrap(path));
        return real.readAttributes(unwrap(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return real.readAttributes(unwrap(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        real.setAttribute(unwrap(path), attribute, value, options);
    }
}

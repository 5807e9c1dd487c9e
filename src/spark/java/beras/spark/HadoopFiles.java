package beras.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Small files in any file system that Hadoop supports, written atomically.
 *
 * <p>Not all file systems rename onto a file that is there: HDFS refuses it. There, the earlier file is first renamed to
 * {@code .before}, so that at any moment one of both is there, and {@link #readIfThere} finds it.
 */
final class HadoopFiles {

    private static final String DRAFT = ".draft";
    private static final String BEFORE = ".before";

    private final Configuration configuration;

    /** With the settings of a session, its own ones such as {@code fs.s3a.endpoint} included. */
    HadoopFiles(SparkSession session) {
        this(session.sessionState().newHadoopConf());
    }

    private HadoopFiles(Configuration configuration) {
        this.configuration = configuration;
    }

    /** With the settings of the session of this thread, or of the default session; with Hadoop's own if there is none. */
    static HadoopFiles ofThread() {
        scala.Option<SparkSession> session = SparkSession.getActiveSession().orElse(SparkSession::getDefaultSession);
        return session.isDefined() ? new HadoopFiles(session.get()) : new HadoopFiles(new Configuration());
    }

    /** Whether a path is on this machine, also without {@code file:}. */
    static boolean isLocal(String path) {
        String scheme = new Path(path).toUri().getScheme();
        return scheme == null || scheme.equals("file");
    }

    /** A path on this machine without {@code file:}. */
    static String localPath(String path) {
        return path.startsWith("file:") ? URI.create(path).getPath() : path;
    }

    /** Without separate checksum files, which cannot be renamed together with the file. */
    private FileSystem system(Path path) throws IOException {
        FileSystem system = path.getFileSystem(configuration);
        return system instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : system;
    }

    /** The one name of a path, with its file system. */
    String qualified(String path) throws IOException {
        Path file = new Path(path);
        return file.getFileSystem(configuration).makeQualified(file).toString();
    }

    /** All bytes of a file. */
    byte[] read(String path) throws IOException {
        Path file = new Path(path);
        try (FSDataInputStream in = system(file).open(file)) {
            return in.readAllBytes();
        }
    }

    /** All bytes of a file that {@link #replace} has written; empty if there is none. */
    Optional<byte[]> readIfThere(String path) throws IOException {
        for (String name : new String[] {path, path + BEFORE}) {
            try {
                return Optional.of(read(name));
            } catch (FileNotFoundException e) {
                // perhaps a crash came between two renames
            }
        }
        return Optional.empty();
    }

    /** Whether there is a file or folder of this name. */
    boolean exists(String path) throws IOException {
        Path file = new Path(path);
        return system(file).exists(file);
    }

    /**
     * Writes a file in the place of one that may be there. Whatever fails, and wherever a crash comes, the earlier one or the new
     * one is found by {@link #readIfThere}.
     */
    void replace(String path, byte[] bytes) throws IOException {
        Path file = new Path(path);
        Path draft = new Path(path + DRAFT);
        FileSystem system = system(file);
        try {
            try (FSDataOutputStream out = system.create(draft, true)) {
                out.write(bytes);
                out.hsync();
            }
            if (!rename(system, draft, file)) {
                renameOnto(system, draft, file);
            }
        } catch (IOException | RuntimeException e) {
            deleteAfter(e, system, draft);
            throw e;
        }
        system.delete(new Path(path + BEFORE), false);
    }

    /** Whether a file was renamed: some file systems answer false if there is one of that name, some throw. */
    private static boolean rename(FileSystem system, Path from, Path to) throws IOException {
        try {
            return system.rename(from, to);
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static void renameOnto(FileSystem system, Path draft, Path file) throws IOException {
        Path before = new Path(file + BEFORE);
        if (system.exists(file)) {
            system.delete(before, false);
            require(system.rename(file, before), file);
        }
        require(system.rename(draft, file), file);
    }

    private static void require(boolean renamed, Path file) throws IOException {
        if (!renamed) {
            throw new IOException(file + ": expected to be written. Received: a refusal of the file system to rename, without a"
                    + " reason. Look whether the folder may be written to");
        }
    }

    private static void deleteAfter(Exception failure, FileSystem system, Path draft) {
        try {
            system.delete(draft, false);
        } catch (IOException other) {
            failure.addSuppressed(other);
        }
    }
}

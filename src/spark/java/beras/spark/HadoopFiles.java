package beras.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Small files in any file system that Hadoop knows, whole or not at all. */
final class HadoopFiles {

    private static final String DRAFT = ".draft";

    /** Whether a path is on this machine, also without {@code file:}. */
    static boolean isLocal(String path) {
        String scheme = new Path(path).toUri().getScheme();
        return scheme == null || scheme.equals("file");
    }

    /** A path on this machine without {@code file:}. */
    static String localPath(String path) {
        return path.startsWith("file:") ? URI.create(path).getPath() : path;
    }

    private static Configuration configuration() {
        Option<SparkSession> session = SparkSession.getActiveSession();
        return session.isDefined() ? session.get().sparkContext().hadoopConfiguration() : new Configuration();
    }

    private static FileSystem system(Path path) throws IOException {
        return path.getFileSystem(configuration());
    }

    /** All bytes of a file. */
    static byte[] read(String path) throws IOException {
        Path file = new Path(path);
        try (FSDataInputStream in = system(file).open(file)) {
            return in.readAllBytes();
        }
    }

    /** All bytes of a file; empty if there is none. */
    static Optional<byte[]> readIfThere(String path) throws IOException {
        try {
            return Optional.of(read(path));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Whether there is a file or folder of this name. */
    static boolean exists(String path) throws IOException {
        Path file = new Path(path);
        return system(file).exists(file);
    }

    /** Writes a file in the place of one that may be there: beside it first, then under its name. */
    static void replace(String path, byte[] bytes) throws IOException {
        Path file = new Path(path);
        Path draft = new Path(path + DRAFT);
        FileSystem system = system(file);
        try {
            try (FSDataOutputStream out = system.create(draft, true)) {
                out.write(bytes);
                out.hsync();
            }
            if (!system.rename(draft, file)) { // some file systems do not rename onto a file
                system.delete(file, false);
                if (!system.rename(draft, file)) {
                    throw new IOException(path + ": expected to be written. Received: no reason why it was not");
                }
            }
        } catch (IOException | RuntimeException e) {
            try {
                system.delete(draft, false);
            } catch (IOException other) {
                e.addSuppressed(other);
            }
            throw e;
        }
    }

    private HadoopFiles() {}
}

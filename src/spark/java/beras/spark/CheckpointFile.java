package beras.spark;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;

/** The checkpoint of a training run. Concurrent runs must not share one. */
final class CheckpointFile implements AutoCloseable {

    private static final String NAME = "/checkpoint.beras";
    private static final Set<String> IN_USE = ConcurrentHashMap.newKeySet(); // by runs of this driver

    private final HadoopFiles files;
    private final String path;

    /**
     * @throws IllegalArgumentException if a current training run has the same folder
     * @throws IOException if there is no such file system
     */
    CheckpointFile(SparkSession session, String folder) throws IOException {
        files = new HadoopFiles(session);
        path = files.qualified(folder + NAME);
        if (!IN_USE.add(path)) {
            throw new IllegalArgumentException("Expected a checkpointDir that no other training uses at the same time. Received: "
                    + folder + ". Give each training one of its own, or none to those of a CrossValidator");
        }
    }

    /** The last state; empty if there is none. */
    Optional<byte[]> read() throws IOException {
        return files.readIfThere(path);
    }

    /** Replaces the last state. */
    void write(byte[] state) throws IOException {
        files.replace(path, state);
    }

    @Override
    public void close() {
        IN_USE.remove(path);
    }

    /** The path of the file. */
    @Override
    public String toString() {
        return path;
    }
}

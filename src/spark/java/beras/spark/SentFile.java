package beras.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A file of the driver that each executor gets once, as long as somebody may ask for it. Spark's own way to send files keeps them
 * for all later work, which then fails if one is no longer there.
 *
 * @param id tells it from all others
 */
record SentFile(String id, String name, Broadcast<byte[]> content) implements Serializable {

    private static final long serialVersionUID = 1;
    private static final Map<String, Path> HERE = new HashMap<>();

    /**
     * Sends a file.
     *
     * @throws IllegalArgumentException if it is too large
     * @throws IOException if it cannot be read
     */
    static SentFile of(JavaSparkContext context, Path file) throws IOException {
        long size = Files.size(file);
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(file + ": expected a file of at most " + (Integer.MAX_VALUE >> 20)
                    + " MB, which each executor is to hold. Received: " + (size >> 20)
                    + " MB. Train on a DataFrame by BerasClassifier or BerasRegressor");
        }
        return new SentFile(UUID.randomUUID().toString(), file.getFileName().toString(),
                context.broadcast(Files.readAllBytes(file)));
    }

    /** Where the file is on this machine, until this JVM ends. */
    Path here() {
        synchronized (HERE) {
            return HERE.computeIfAbsent(id, first -> {
                try {
                    Path folder = Files.createTempDirectory("beras-");
                    Path file = Files.write(folder.resolve(name), content.value());
                    folder.toFile().deleteOnExit();
                    file.toFile().deleteOnExit(); // goes first
                    return file;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SentFile that && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}

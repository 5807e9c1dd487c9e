package beras.spark;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A file system that does not rename onto a file, as HDFS, or throws if it is to, as others; and that crashes when it is asked to
 * rename for the n-th time: from then on nothing works.
 */
public final class StubbornFileSystem extends RawLocalFileSystem {

    /** What a crash is to the test; a real one throws nothing. */
    static final class Crash extends Error {

        private static final long serialVersionUID = 1;
    }

    static boolean throwing;
    /** So many renames go well before the crash. */
    static int renamesLeft = Integer.MAX_VALUE; // of the driver's one thread

    private URI name; // null: not known yet

    @Override
    public void initialize(URI path, Configuration configuration) throws IOException {
        super.initialize(path, configuration);
        name = URI.create(path.getScheme() + ":///");
    }

    @Override
    public URI getUri() {
        return name == null ? super.getUri() : name;
    }

    private static void requireAlive() {
        if (renamesLeft < 0) {
            throw new Crash();
        }
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        renamesLeft--;
        requireAlive();
        if (exists(to)) {
            if (throwing) {
                throw new FileAlreadyExistsException(to.toString());
            }
            return false;
        }
        return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        requireAlive();
        return super.delete(path, recursive);
    }
}

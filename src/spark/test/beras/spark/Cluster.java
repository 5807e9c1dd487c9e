package beras.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Spark with two executors of one core each, in JVMs of their own on this machine: one for all tests that are {@code @ExtendWith}
 * this, which ends with them.
 */
final class Cluster implements BeforeAllCallback {

    /** What `mvn -Pspark package` made, which the executors have on their class path. */
    static final Path JAR = Path.of(System.getProperty("beras.spark.jar"));
    /** Where the executors put temporary files. */
    static final Path TEMPORARY = Path.of("target/spark/tmp").toAbsolutePath();

    private static SparkSession session;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).getOrComputeIfAbsent(Cluster.class, first -> {
            session = start("local-cluster[2,1,1024]");
            return (AutoCloseable) session::stop;
        });
    }

    /** The cluster. */
    static SparkSession session() {
        return session;
    }

    private static SparkSession start(String master) {
        linkJars();
        try {
            Files.createDirectories(TEMPORARY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return SparkSession.builder().master(master).appName("tests of BERAS")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "3")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.executor.extraJavaOptions", "-Djava.io.tmpdir=" + TEMPORARY)
                .config("spark.executor.extraClassPath", JAR + File.pathSeparator + Path.of("target/spark/test-classes")
                .toAbsolutePath())
                .getOrCreate();
    }

    /** Makes of Maven's jars what an installed Spark looks like, for the executors to find it. */
    private static void linkJars() {
        Path jars = Path.of(System.getenv("SPARK_HOME"), "jars");
        try {
            Files.createDirectories(jars);
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                Path jar = Path.of(entry);
                if (entry.endsWith(".jar") && !entry.contains("surefire")) {
                    try {
                        Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
                    } catch (FileAlreadyExistsException e) {
                        // of an earlier run
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Cluster() {}
}

package beras.spark;

import static org.junit.jupiter.api.Assertions.*;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the page of BERAS on Spark shows compiles against the jar that it names, and works. */
@Tag("spark")
@ExtendWith(Cluster.class)
class SparkReadmeTest {

    private static final Path PAGE = Path.of("src/spark/README.md");
    private static final Path JOB = Path.of("src/spark/examples/job");
    private static final Path SOURCE = JOB.resolve("src/main/java/Species.java");

    @TempDir
    Path folder;

    private static List<String> blocks(String language) throws Exception {
        Matcher matcher = Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$").matcher(Files.readString(PAGE));
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    /** Compiles with nothing but the jar and Spark on the class path. */
    private void compile(Path source) throws Exception {
        List<String> jars = new ArrayList<>(List.of(Cluster.JAR.toString()));
        try (Stream<Path> all = Files.list(Path.of(System.getenv("SPARK_HOME"), "jars"))) {
            all.forEach(jar -> jars.add(jar.toString()));
        }
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, errors, "-proc:none", "-d", folder.toString(), "-cp",
                String.join(File.pathSeparator, jars), source.toString());
        assertEquals(0, result, () -> errors.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theJobOfThePageIsThatOfTheProjectAndWorks() throws Exception {
        assertTrue(blocks("java").contains(Files.readString(SOURCE)), "the page has another job");
        compile(SOURCE);
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Path predictions = folder.resolve("predictions");
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass("Species").getMethod("main", String[].class)
                    .invoke(null, (Object) new String[] {"data/penguins.csv", predictions.toString()});
        } finally {
            System.setOut(console);
        }
        SparkSession spark = Cluster.session();
        Matcher accuracy = Pattern.compile("Accuracy on (\\d+) rows: (\\d\\.\\d+)\\n").matcher(printed.toString(StandardCharsets.UTF_8));
        assertTrue(accuracy.matches(), printed::toString);
        long right = spark.read().parquet(predictions.toString()).where("species = predictedLabel").count();
        assertEquals(right / Double.parseDouble(accuracy.group(1)), Double.parseDouble(accuracy.group(2)), 1e-12);
        assertTrue(Double.parseDouble(accuracy.group(2)) > 0.8, printed::toString);
    }

    /** The other examples are pieces: each becomes the body of a method. */
    @Test
    void allExamplesCompile() throws Exception {
        StringBuilder methods = new StringBuilder();
        for (String block : blocks("java")) {
            if (!block.contains("class ")) {
                methods.append("void example").append(methods.length()).append("() throws Exception {\n").append(block).append("}\n");
            }
        }
        Path source = Files.writeString(folder.resolve("Examples.java"), "import beras.spark.*;\nimport beras.tables.*;\n"
                + "import beras.tables.TableTraining.Fold;\nimport java.nio.file.Path;\nimport java.util.List;\n"
                + "import org.apache.spark.sql.*;\nabstract class Examples {\nSparkSession spark;\nDataset<Row> rows;\n" + methods + "}\n");
        compile(source);
        assertTrue(blocks("java").size() >= 3, "examples are missing");
    }

    @Test
    void theDependencyOfThePageIsThatOfTheProjectAndOfThisVersion() throws Exception {
        String dependency = blocks("xml").get(0);
        assertTrue(Files.readString(JOB.resolve("pom.xml")).contains(dependency), "the project has another dependency");
        Matcher own = Pattern.compile("<artifactId>beras</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertTrue(own.find());
        assertTrue(dependency.contains("<version>" + own.group(1) + "</version>"), dependency);
    }
}

package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script beside {@code beras.jar}, as a user starts it. */
@Tag("jar")
class StartScriptTest {

    private static final String SCRIPT = Path.of("beras").toAbsolutePath().toString();

    @TempDir
    Path folder;

    private Result run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        try (JarProcess process = JarProcess.startCommand(folder, environment, List.of(command))) {
            return process.end();
        }
    }

    @Test
    void itStartsTheJarWithVectors() throws Exception {
        Result doctor = run(Map.of(), SCRIPT, "doctor");
        assertEquals(0, doctor.exit(), doctor::toString);
        assertTrue(doctor.out().contains("Kernels     vector, "), doctor::toString);
    }

    /** Through a link with a space in its name, from another folder, with an argument that has one, too. */
    @Test
    void whatItSuggestsCanBeRun() throws Exception {
        TinyDigits.write(folder.resolve("my data"));
        Path link = Files.createSymbolicLink(folder.resolve("my beras"), Path.of(SCRIPT));
        Result train = run(Map.of(), link.toString(), "train", "--epochs", "1", "--data", "my data", "--out", "my model");
        assertEquals(0, train.exit(), train::toString);
        List<String> lines = train.err().lines().toList();
        for (String line : lines.subList(lines.size() - 2, lines.size())) {
            assertTrue(line.startsWith("  '" + link + "' "), line);
            Result next = run(Map.of(), "sh", "-c", line);
            assertEquals(0, next.exit(), next::toString);
        }
        Files.delete(link); // JUnit warns of links that lead out of its folders
    }

    @Test
    void javaMayBeGivenOptions() throws Exception {
        Result doctor = run(Map.of("JAVA_OPTS", "-Xmx100m -Xlog:gc -Dberas.simd=off"), SCRIPT, "doctor");
        assertTrue(doctor.out().contains("Heap        up to 9") && doctor.out().contains("Kernels     scalar"), doctor::toString);
        assertTrue(doctor.out().contains("Using Serial"), "the script's own are there, too: " + doctor);
    }

    @Test
    void itsOwnOptionsCountMoreThanThoseOfAllJavaPrograms() throws Exception {
        Result doctor = run(Map.of("JAVA_OPTS", "-Dberas.threads=1 -Dberas.simd=off", "BERAS_OPTS", "-Dberas.simd=auto"), SCRIPT, "doctor");
        assertTrue(doctor.out().contains("Kernels     vector") && doctor.out().contains("Threads     1\n"), doctor::toString);
    }

    @Test
    void theExitCodeIsThatOfTheJar() throws Exception {
        Result usage = run(Map.of(), SCRIPT, "train", "--epoch", "1");
        assertEquals(Exit.USAGE, usage.exit(), usage::toString);
        assertTrue(usage.err().contains("All options: " + SCRIPT + " train --help"), usage::toString);
    }

    @Test
    void withoutJavaItSaysWhatIsNeeded() throws Exception {
        Result result = run(Map.of("JAVA_HOME", "/no/java"), SCRIPT, "doctor");
        assertEquals(Exit.FAILED, result.exit(), result::toString);
        assertEquals("beras: Java 17 or newer is needed. Put java on the PATH, or set JAVA_HOME. Not found: /no/java/bin/java\n",
                result.err());
    }

    /** By the file of a JDK; without one, by Java's own output. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "JAVA_VERSION=\"11.0.22\" |                                            | 11.0.22",
        "JAVA_VERSION=\"1.8.0_392\" |                                          | 1.8.0_392",
        "                          | openjdk version \"11.0.22\" 2024-01-16 LTS | 11.0.22",
        "IMPLEMENTOR=\"somebody\" | java version \"1.8.0_392\"                 | 1.8.0_392"})
    void anOldJavaIsRefused(String release, String says, String version) throws Exception {
        Path java = java(release, says);
        Result result = run(Map.of("JAVA_HOME", folder.resolve("old java").toString()), SCRIPT, "doctor");
        assertEquals(Exit.FAILED, result.exit(), result::toString);
        assertEquals("beras: Java 17 or newer is needed. Put java on the PATH, or set JAVA_HOME. Received: Java " + version + ", "
                + java.toRealPath() + "\n", result.err());
        assertEquals("", result.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "JAVA_VERSION=\"17\"      | ",
        "JAVA_VERSION=\"26-ea\"   | ",
        "                         | openjdk version \"24\" 2025-03-18",
        "                         | of no version"})
    void anyOtherJavaIsStarted(String release, String says) throws Exception {
        java(release, says);
        Result result = run(Map.of("JAVA_HOME", folder.resolve("old java").toString(), "BERAS_OPTS", ""), SCRIPT, "train", "two words");
        assertEquals(0, result.exit(), result::toString);
        assertTrue(result.out().startsWith("started --add-modules jdk.incubator.vector "), result::toString);
        assertTrue(result.out().endsWith("/beras.jar train two words\n"), result::toString);
    }

    /** Makes a fake JDK, which prints its version and its arguments. */
    private Path java(String release, String says) throws IOException {
        Path home = folder.resolve("old java");
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nif [ \"$1\" = -version ]; then echo '" + says + "' >&2; else echo started \"$@\"; fi\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (release != null) {
            Files.writeString(home.resolve("release"), "IMAGE_TYPE=\"JDK\"\n" + release + "\n");
        }
        return java;
    }

    /** Nothing else is lost: neither the JVM's output, nor the exit code, nor the contents of a pipe. */
    @Test
    void aTerminalDoesNotShowThatVectorsAreInIncubation() throws Exception {
        Programs.require("script");
        Result doctor = run(Map.of(), "script", "-qec", "'" + SCRIPT + "' doctor", "/dev/null");
        assertTrue(doctor.exit() == 0 && doctor.out().startsWith("BERAS "), doctor::toString);
        Result wrong = run(Map.of(), "script", "-qec", "'" + SCRIPT + "' train --epoch 1", "/dev/null");
        assertTrue(wrong.exit() == Exit.USAGE && wrong.out().replaceAll("\u001b\\[[0-9;]*m", "").startsWith("beras: "), wrong::toString);
        Result java = run(Map.of("JAVA_OPTS", "-Xnone"), "script", "-qec", "'" + SCRIPT + "' doctor", "/dev/null");
        assertTrue(java.exit() == 1 && java.out().contains("Unrecognized option: -Xnone"), java::toString);
        assertTrue(run(Map.of(), SCRIPT, "doctor").err().startsWith("WARNING: Using incubator modules"), "a pipe");
    }

    @Test
    void shellcheckFindsNothingWrong() throws Exception {
        Programs.require("shellcheck");
        Result result = Programs.run(folder, "shellcheck", SCRIPT);
        assertEquals(0, result.exit(), result::toString);
    }
}

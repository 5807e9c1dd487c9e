package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What BERAS says of the JVM it runs in, and of settings that are wrong; each in a JVM of its own. */
class BackendTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "-Xint                     | scalar: this JVM only interprets (-Xint), where vectors are slower",
        "-XX:TieredStopAtLevel=1   | scalar: this JVM has no optimising compiler, without which vectors are slower; leave out"
            + " -XX:TieredStopAtLevel",
        "-Dberas.simd=off          | scalar: requested by -Dberas.simd=off",
    })
    void whereVectorsWouldBeSlowItStaysScalarAndSaysWhy(String option, String description) throws Exception {
        assertEquals(List.of(description, "false"), run(Describe.class, FreshJvm.VECTORS, option));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", value = {
        "OpenJDK 64-Bit Server VM           | mixed mode, sharing | 17.0.16+8               | null",
        "Java HotSpot(TM) 64-Bit Server VM  | mixed mode          | 25+36                   | null",
        "Eclipse OpenJ9 VM                  | JRE 17              | openj9-0.40.0           |"
            + " vectors are fast only on HotSpot's server VM. This JVM is: Eclipse OpenJ9 VM",
        "OpenJDK 64-Bit Server VM           | mixed mode          | 17.0.9+9-jvmci-23.0-b22 |"
            + " this JVM's compiler, by JVMCI, may not make vectors fast; request them by -Dberas.simd=128, 256 or 512",
    })
    void otherJvmsAreNotTrustedToBeFast(String name, String info, String version, String reason) {
        assertEquals(reason, Backend.slowJvm(name, info, version));
    }

    @Test
    void withoutTheModuleItSaysWhatToDo() throws Exception {
        assertEquals(List.of("scalar: start Java with --add-modules jdk.incubator.vector to make it fast", "false"),
                run(Describe.class));
    }

    @Test
    void aWidthThatIsAskedForIsUsedAlsoWhereItIsSlow() throws Exception {
        List<String> lines = run(Describe.class, FreshJvm.VECTORS, "-XX:TieredStopAtLevel=1", "-Dberas.simd=128");
        assertTrue(lines.get(0).startsWith("vector, 4 lanes of 128 bits"), lines.get(0));
    }

    @Test
    void fmaInSoftwareIsSaid() throws Exception {
        String line = run(Describe.class, FreshJvm.VECTORS, "-XX:-UseFMA").get(0);
        assertTrue(line.endsWith("; fused multiply-add in software, which is very slow"), line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "-Dberas.simd=on   | System property beras.simd must be auto, off, 128, 256 or 512. Received: on",
        "-Dberas.threads=0 | System property beras.threads must be from 1 to 1024. Received: 0",
    })
    void aWrongPropertyIsTheSameErrorEachTime(String option, String message) throws Exception {
        String error = "java.lang.IllegalArgumentException: " + message;
        assertEquals(List.of(error, error), run(Use.class, FreshJvm.VECTORS, option));
    }

    /** Prints what runs, and whether that is vectors. */
    static final class Describe {

        public static void main(String[] arguments) {
            System.out.println(Backend.describe());
            System.out.println(Backend.isVector());
        }
    }

    /** Prints how two uses of a kernel end. */
    static final class Use {

        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                try {
                    MatrixView block = new MatrixView(new float[1 << 20]);
                    Backend.elements().map(UnaryOp.EXP, 0f, block, block);
                    System.out.println("done");
                } catch (Throwable e) {
                    System.out.println(e);
                }
            }
        }
    }

    private static List<String> run(Class<?> program, String... options) throws IOException, InterruptedException {
        return FreshJvm.run(List.of(options), program);
    }
}

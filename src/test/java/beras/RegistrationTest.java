package beras;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.ConfigText;
import beras.config.Registration;
import beras.layers.Dense;
import beras.layers.Lambda;
import beras.layers.Layers;
import beras.losses.Losses;
import beras.metrics.Metrics;
import beras.optimizers.Optimizers;
import beras.optimizers.Schedules;
import beras.training.Recipe;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import own.Gain;
import own.OwnTypes;
import own.Quartic;
import own.Signum;
import own.Steps;
import own.Within;

/** A user's types, of which the program knows no more than that their jar is on the class path. */
@Tag("core")
class RegistrationTest {

    /** The types stay registered as long as the program runs; so each test is one of its own, with classes of its own. */
    private static void inProgram(String test, Path services) throws Exception {
        List<URL> classPath = new ArrayList<>(List.of(services.toUri().toURL()));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            classPath.add(Path.of(entry).toUri().toURL());
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // It stays open, for its thread that gets kernels compiled goes on to load classes.
        ClassLoader program = new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        try {
            thread.setContextClassLoader(program);
            program.loadClass(Program.class.getName()).getMethod(test).invoke(null);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Path ownTypes() throws Exception {
        return Path.of(RegistrationTest.class.getResource("/own-types").toURI());
    }

    /** What runs in a program of its own. */
    public static final class Program {

        public static void ownNamesCostNothing() {
            Layers.REGISTRY.of("dense(3, relu)");
            Losses.REGISTRY.of("cross-entropy");
            Metrics.of("accuracy");
            Metrics.of("mse");
            Optimizers.REGISTRY.of("adam");
            Recipe recipe = new Recipe().layers("3:relu, dropout:0.5, 2:softmax").loss("mse").optimizer("sgd").schedule("cosine");
            assertEquals(1, recipe.metrics("mae").metricConfigs().size());
            assertTrue(Layers.REGISTRY.isRegistered(Dense.class));
            assertEquals(0, OwnTypes.calls);
            assertTrue(Layers.REGISTRY.has("gain"));
            assertFalse(Layers.REGISTRY.has("nonsense"));
            assertEquals(1, OwnTypes.calls);
        }

        public static void aClassIsKnown() {
            assertTrue(Layers.REGISTRY.isRegistered(Gain.class));
            assertFalse(Layers.REGISTRY.isRegistered(Signum.class));
        }

        public static void namesAreKnown() {
            assertSame(Gain.class, Layers.REGISTRY.of("louder(3)").getClass());
            assertSame(Quartic.class, Losses.REGISTRY.of("quartic").getClass());
            assertSame(Lambda.class, Layers.REGISTRY.of("folded").getClass());
            assertEquals("log_error", Losses.REGISTRY.of("log_error").config().type());
            assertEquals("largest_error", Metrics.of("largest_error").name());
            assertEquals("quartic", Metrics.of("quartic").name());
            assertSame(Within.class, Metrics.of("within(0.5)").getClass());
            assertSame(Signum.class, Optimizers.REGISTRY.of("signum(steps(0.1, 3))").getClass());
            assertSame(Steps.class, Schedules.REGISTRY.of(ConfigText.parse("steps(0.1, 3)")).getClass());
            String message = assertThrows(IllegalArgumentException.class, () -> Losses.REGISTRY.of("nonsense")).getMessage();
            assertTrue(message.contains(", Quartic, log_error."), message);
        }

        public static void aMetricIsKnown() {
            assertTrue(Metrics.REGISTRY.has("within"));
        }

        public static void whatIsMissingIsTold() {
            for (int i = 0; i < 2; i++) {
                String message = assertThrows(IllegalStateException.class, () -> Losses.REGISTRY.of("quartic")).getMessage();
                assertTrue(message.startsWith("A Registration of types cannot be made: "), message);
                assertTrue(message.contains("own.Missing"), message);
            }
            assertSame(Dense.class, Layers.REGISTRY.of("dense(3)").getClass());
        }

        private Program() {}
    }

    @Test
    void berassOwnNamesCostNothing() throws Exception {
        inProgram("ownNamesCostNothing", ownTypes());
    }

    @Test
    void areFoundByClassOrByName() throws Exception {
        inProgram("aClassIsKnown", ownTypes());
        inProgram("namesAreKnown", ownTypes());
        inProgram("aMetricIsKnown", ownTypes());
    }

    @Test
    void aRegistrationThatIsNotThereIsTold(@TempDir Path folder) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(Registration.class.getName()), "own.Missing\n");
        inProgram("whatIsMissingIsTold", folder);
    }
}

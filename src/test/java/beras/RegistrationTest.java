package beras;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.ConfigText;
import beras.config.Registration;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Lambda;
import beras.layers.Layers;
import beras.losses.Losses;
import beras.metrics.Metrics;
import beras.models.Sequential;
import beras.optimizers.Optimizers;
import beras.optimizers.Schedules;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Recipe;
import beras.training.Training;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static void inProgram(String test, Path services, Object... arguments) throws Exception {
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
            Class<?>[] types = new Class<?>[arguments.length];
            Arrays.fill(types, Path.class);
            program.loadClass(Program.class.getName()).getMethod(test, types).invoke(null, arguments);
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

        public static void areTrainedAndSaved(Path folder) {
            Recipe recipe = recipe();
            Sequential model = Sequential.of(recipe, Shape.of(2));
            model.compile(recipe, 12);
            model.fit(examples(), recipe.fitOptions().callbacks(new Callback() {

                private Training training;

                @Override
                public boolean isLogger() {
                    return true;
                }

                @Override
                public void onTrainBegin(Training begun) {
                    training = begun;
                }

                @Override
                public void onBatchEnd(int batch, Logs logs) {
                    if (batch == 1) {
                        save(new SavedModel(model).recipe(recipe).trainingState(training.state()), folder);
                        training.interrupt();
                    }
                }
            }));
            assertEquals(1, OwnTypes.calls);
        }

        private static void save(SavedModel saved, Path folder) {
            try {
                ModelFile.save(saved, folder.resolve("part.beras"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public static void areLoadedAndResumed(Path folder) throws IOException {
            SavedModel saved = ModelFile.load(folder.resolve("part.beras"));
            Recipe recipe = saved.recipe().orElseThrow();
            assertEquals(recipe(), recipe);
            assertEquals(1, OwnTypes.calls);
            Sequential whole = Sequential.of(recipe, Shape.of(2));
            whole.compile(recipe, 12);
            whole.fit(examples(), recipe.fitOptions());
            Sequential part = (Sequential) saved.model();
            assertSame(Gain.class, part.layers().get(1).getClass());
            part.compile(recipe, 12);
            assertTrue(part.evaluate(examples()).values().keySet().containsAll(List.of("within", "largest_error", "log_error")));
            part.fit(examples(), recipe.fitOptions().resume(saved.trainingState().orElseThrow()));
            assertEquals(copyOfWeights(whole), copyOfWeights(part));
        }

        private static Recipe recipe() {
            return new Recipe().layers("5:folded, louder(1.5), folded, 1").loss("log_error")
                    .metrics("within(0.5)", "quartic", "log_error", "largest_error")
                    .optimizer("signum(0.01, momentum=0.9)").schedule("steps(0.01, 5)").epochs(3).batchSize(4).seed(3);
        }

        private static Examples examples() {
            return Examples.of(Tensor.generate(i -> i % 5 / 5f, 12, 2), Tensor.generate(i -> i % 3, 12, 1));
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
    void areTrainedSavedLoadedAndResumed(@TempDir Path folder) throws Exception {
        inProgram("areTrainedAndSaved", ownTypes(), folder);
        inProgram("areLoadedAndResumed", ownTypes(), folder);
    }

    @Test
    void aRegistrationThatIsNotThereIsTold(@TempDir Path folder) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(Registration.class.getName()), "own.Missing\n");
        inProgram("whatIsMissingIsTold", folder);
    }
}

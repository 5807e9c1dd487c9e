package beras;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.OperationCall;
import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Configurable;
import beras.config.Registry;
import beras.config.Settings;
import beras.constraints.Constraint;
import beras.constraints.Constraints;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
import beras.kernels.UnaryOp;
import beras.layers.Dense;
import beras.layers.Elementwise;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.losses.Losses;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Sequential;
import beras.optimizers.Optimizers;
import beras.optimizers.Schedules;
import beras.regularizers.Regularizer;
import beras.regularizers.Regularizers;
import beras.saving.ModelFile;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import own.Gain;
import own.Quartic;
import own.Signum;
import own.Steps;
import own.Within;

/** Types of a user: each is one class and one line that registers it, and then is made by name, by config and by text. */
@Tag("core")
class OwnTypesTest {

    @BeforeAll
    static void register() {
        Layers.REGISTRY.register(Gain::new, "louder");
        Losses.REGISTRY.register(Quartic::new);
        Metrics.REGISTRY.register(Within::new);
        Optimizers.REGISTRY.register(Signum::new);
        Schedules.REGISTRY.register(Steps::new);
        Initializers.REGISTRY.register(Stripes::new);
        Regularizers.REGISTRY.register(Peak::new);
        Constraints.REGISTRY.register(Cap::new);
        Layers.ACTIVATIONS.register(Snake::new);
    }

    @AfterAll
    static void unregister() {
        Layers.REGISTRY.unregister("Gain");
        Losses.REGISTRY.unregister("Quartic");
        Metrics.REGISTRY.unregister("Within");
        Optimizers.REGISTRY.unregister("Signum");
        Schedules.REGISTRY.unregister("Steps");
        Initializers.REGISTRY.unregister("Stripes");
        Regularizers.REGISTRY.unregister("Peak");
        Constraints.REGISTRY.unregister("Cap");
        Layers.ACTIVATIONS.unregister("Snake");
    }

    static final class Snake extends Elementwise {

        Snake() {
            super(UnaryOp.SOFTPLUS, 0f);
        }
    }

    static final class Stripes implements Initializer {

        private double width = 1;

        @Override
        public void settings(Settings s) {
            width = s.number("width", width);
        }

        @Override
        public Tensor values(Shape shape, long seed) {
            return Tensor.generate(i -> i % 2 == 0 ? width : -width, shape.toArray());
        }
    }

    static final class Peak extends Regularizer {

        private float factor = 0.1f;

        @Override
        public void settings(Settings s) {
            factor = s.real("factor", factor);
        }

        @Override
        protected Tensor penalty(OperationCall call, Tensor weight) {
            return weight.multiply(weight).sum().multiply(factor);
        }

        @Override
        protected Tensor gradient(OperationCall call, Tensor weight, float scale) {
            return weight.multiply(2 * factor * scale);
        }
    }

    static final class Cap implements Constraint {

        private float most = 1;

        @Override
        public void settings(Settings s) {
            most = s.real("most", most);
        }

        @Override
        public void apply(Variable weight) {
            weight.assign(weight.minimum(Tensor.scalar(most)));
        }
    }

    // ------------------------------------------------------------------------------------------------------ tests

    private record Own(Registry<?> registry, Class<?> type, Config config) {}

    static Stream<Own> all() {
        return Stream.of(new Own(Layers.REGISTRY, Gain.class, Config.of("Gain").with("factor", 3f)),
                new Own(Losses.REGISTRY, Quartic.class, Config.of("Quartic")),
                new Own(Metrics.REGISTRY, Within.class, Config.of("Within").with("tolerance", 0.2)),
                new Own(Optimizers.REGISTRY, Signum.class, Config.of("Signum").with("learningRate", 0.1f).with("momentum", 0.8f)),
                new Own(Schedules.REGISTRY, Steps.class, Config.of("Steps").with("first", 0.3).with("length", 4)),
                new Own(Initializers.REGISTRY, Stripes.class, Config.of("Stripes").with("width", 0.3)),
                new Own(Regularizers.REGISTRY, Peak.class, Config.of("Peak").with("factor", 0.3f)),
                new Own(Constraints.REGISTRY, Cap.class, Config.of("Cap").with("most", 0.3f)),
                new Own(Layers.ACTIVATIONS, Snake.class, Config.of("Snake")),
                new Own(Layers.REGISTRY, Snake.class, Config.of("Snake")));
    }

    @ParameterizedTest
    @MethodSource("all")
    void isMadeByConfigAndByText(Own own) {
        Configurable made = own.registry.of(own.config);
        assertEquals(own.type, made.getClass());
        assertEquals(own.config, made.config());
        assertEquals(own.config, own.registry.of(ConfigText.parse(ConfigText.print(own.config))).config());
        assertTrue(own.registry.isRegistered(own.type));
        assertTrue(own.registry.names().contains(own.type.getSimpleName()));
        assertThrows(IllegalArgumentException.class, () -> own.registry.of(own.config.with("colour", "red")));
    }

    @Test
    void isMadeByName() {
        assertEquals(Config.of("Gain").with("factor", 2f), Layers.REGISTRY.of("louder").config());
        assertEquals(Config.of("Gain").with("factor", 0.5f), Layers.REGISTRY.of("gain(0.5)").config());
        assertEquals("within", Metrics.of("within").name());
        assertEquals(Metric.Direction.UP, Metrics.of("within").direction());
        assertEquals(1f, Losses.REGISTRY.of("quartic").forward(Tensor.zeros(2, 1), Tensor.ones(2, 1)).item());
        assertEquals("quartic", Metrics.of("quartic").name());
        assertThrows(IllegalArgumentException.class, () -> new Gain().factor(-1));
        String message = assertThrows(IllegalArgumentException.class, () -> Layers.ACTIVATIONS.of("snake(1)")).getMessage();
        assertEquals("Snake takes no values without a name. Received: [1]", message);
    }

    private static Sequential model() {
        return new Sequential(7, new Input(2),
                Layers.REGISTRY.of("dense(4, kernel_initializer=stripes(0.5), kernel_regularizer=peak(0.001), kernel_constraint=cap)"),
                new Snake(), new Gain().factor(3).named("twice"), new Dense(1));
    }

    @Test
    void trains() {
        Tensor x = Tensor.of(new float[][] {{0, 1}, {1, 0}, {1, 1}, {0, 0}});
        Tensor y = Tensor.of(new float[][] {{1}, {2}, {3}, {-1}});
        Sequential model = model();
        model.compile(Optimizers.REGISTRY.of("signum(steps(0.02, 50), momentum=0.8)"),
                Losses.REGISTRY.of("quartic"), Metrics.of("within"));
        double first = model.trainOnBatch(x, y).get("loss");
        double last = first;
        for (int i = 0; i < 200; i++) {
            last = model.trainOnBatch(x, y).get("loss");
        }
        assertTrue(last < first / 2, first + " " + last);
    }

    @Test
    void isSavedAndComesBack(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("own.beras");
        Sequential model = model();
        ModelFile.save(model, file);
        Layer[] layers = ModelFile.load(file).model().layers().toArray(Layer[]::new);
        assertEquals(Gain.class, layers[layers.length - 2].getClass());
        assertEquals(model.layers().stream().map(Layer::config).toList(), Stream.of(layers).map(Layer::config).toList());
    }

    /** Has the simple name of one of BERAS's own. */
    private static final class Namesake {
        static final class ReLU extends Elementwise {
            ReLU() {
                super(UnaryOp.SQRT, 0f);
            }
        }

        static final class Dropout extends Elementwise {
            Dropout() {
                super(UnaryOp.SQRT, 0f);
            }
        }
    }

    @Test
    void aNamesakeIsNotTakenForBerassOwn(@TempDir Path folder) {
        Path file = folder.resolve("namesake.beras");
        Sequential model = new Sequential(new Dense(2, 2), new Namesake.ReLU());
        String message = assertThrows(IllegalArgumentException.class, () -> ModelFile.save(model, file)).getMessage();
        assertTrue(message.contains("Received as layer 2: " + Namesake.ReLU.class.getName()), message);
        assertTrue(Files.notExists(file));
        assertThrows(IllegalArgumentException.class, () -> Layers.REGISTRY.register(Namesake.ReLU::new));
        assertThrows(IllegalArgumentException.class, () -> Layers.ACTIVATIONS.register(Namesake.ReLU::new));
        assertThrows(IllegalArgumentException.class, () -> Layers.ACTIVATIONS.register(Namesake.Dropout::new));
    }

    @Test
    void aPartThatIsNotRegisteredCannotBeDescribed(@TempDir Path folder) {
        Initializer own = (shape, seed) -> Tensor.zeros(shape);
        Sequential model = new Sequential(new Input(2), new Dense(2).with("kernelInitializer", own));
        assertThrows(IllegalArgumentException.class,
                () -> ModelFile.save(model, folder.resolve("own.beras")));
    }
}

package beras;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Configurable;
import beras.config.Registry;
import beras.config.Settings.Setting;
import beras.constraints.Constraints;
import beras.data.Preprocessors;
import beras.data.table.TableColumn;
import beras.data.table.TableTarget;
import beras.initializers.Initializers;
import beras.layers.Layers;
import beras.layers.activations.Activation;
import beras.losses.Losses;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Model;
import beras.models.Models;
import beras.optimizers.Optimizers;
import beras.optimizers.Schedules;
import beras.regularizers.Regularizers;
import beras.training.Callback;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever can be described by a config can be made from it: each kind has a {@link Registry}, and each type is in the registry
 * of its kind.
 */
@Tag("core")
@Tag("once")
class RegistriesTest {

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("beras");

    private static final Config CHAIN =
            Config.of("Sequential").with("layers", List.of(Config.of("Input").with("shape", List.of(3)), Config.of("ReLU")));

    /** Settings for types that have no default for all of theirs. */
    private static final Map<String, Config> SAMPLES = Stream.of(
            Config.of("Input").with("shape", List.of(3)),
            Config.of("Dense").with("units", 3),
            CHAIN,
            Config.of("Ensemble").with("layers", List.of(CHAIN, CHAIN)),
            Config.of("Functional").with("layers", List.of(Config.of("Input").with("shape", List.of(3)), Config.of("Add")))
                    .with("nodes", List.of(List.of(0), List.of(1, 0, 0))).with("inputs", List.of(0)).with("outputs", List.of(1)),
            Config.of("Views").with("views", "flip,shift=1").with("layers", List.of(Config.of("Sequential").with("layers",
                    List.of(Config.of("Input").with("shape", List.of(3, 4, 1)), Config.of("Flatten"))))),
            Config.of("OnnxOperator").with("node", Config.of("Neg")),
            Config.of("Whitening2D").with("kernelSize", 2),
            Config.of("OneCycle").with("maxLearningRate", 0.1).with("steps", 10),
            Config.of("Conv1D").with("filters", 3).with("kernelSize", 2),
            Config.of("Conv1DTranspose").with("filters", 3).with("kernelSize", 2),
            Config.of("Conv2D").with("filters", 3).with("kernelSize", 2),
            Config.of("Conv2DTranspose").with("filters", 3).with("kernelSize", 2),
            Config.of("DepthwiseConv1D").with("kernelSize", 2),
            Config.of("DepthwiseConv2D").with("kernelSize", 2),
            Config.of("SeparableConv1D").with("filters", 3).with("kernelSize", 2),
            Config.of("SeparableConv2D").with("filters", 3).with("kernelSize", 2),
            Config.of("MultiHeadAttention").with("numHeads", 2).with("keyDim", 3),
            Config.of("PositionEmbedding").with("sequenceLength", 4),
            Config.of("TransformerBlock").with("numHeads", 2).with("intermediateDim", 3),
            Config.of("Columns").with("from", 0).with("count", 2).with("layers", List.of(Config.of("Dense").with("units", 3))),
            Config.of("LSTM").with("units", 3),
            Config.of("GRU").with("units", 3),
            Config.of("SimpleRNN").with("units", 3),
            Config.of("Bidirectional").with("layer", Config.of("GRU").with("units", 3)),
            Config.of("TimeDistributed").with("layer", Config.of("Dense").with("units", 3)),
            Config.of("SpatialDropout1D").with("rate", 0.5),
            Config.of("SpatialDropout2D").with("rate", 0.5),
            Config.of("Dropout").with("rate", 0.5),
            Config.of("AlphaDropout").with("rate", 0.25),
            Config.of("GaussianDropout").with("rate", 0.25),
            Config.of("GaussianNoise").with("stddev", 0.5),
            Config.of("Dot").with("axes", List.of(2, 1)).with("normalize", true),
            Config.of("Permute").with("dims", List.of(2, 1)),
            Config.of("RepeatVector").with("n", 2),
            Config.of("Rescaling").with("scale", 0.5),
            Config.of("Embedding").with("inputDim", 5).with("outputDim", 2),
            Config.of("Reshape").with("targetShape", List.of(2, -1)),
            Config.of("ExponentialDecay").with("initialLearningRate", 0.1).with("decaySteps", 10).with("decayRate", 0.9),
            Config.of("InverseTimeDecay").with("initialLearningRate", 0.1).with("decaySteps", 10).with("decayRate", 0.9),
            Config.of("PiecewiseConstantDecay").with("boundaries", List.of(5)).with("values", List.of(0.1, 0.01)),
            Config.of("PolynomialDecay").with("initialLearningRate", 0.1).with("decaySteps", 10),
            Config.of("CosineDecay").with("initialLearningRate", 0.1).with("decaySteps", 10),
            Config.of("CosineDecayRestarts").with("initialLearningRate", 0.1).with("firstDecaySteps", 10))
            .collect(Collectors.toMap(Config::type, config -> config));

    /** The one type that goes by names of others: a loss as a metric has the config of the loss. */
    private static final Set<String> UNNAMED = Set.of("LossMetric", "Lambda");

    /** What makes all of one kind. */
    private record Kind(String name, Class<?> type, List<String> names, Function<Config, ? extends Configurable> maker) {

        static <T extends Configurable> Kind of(Field field) {
            try {
                @SuppressWarnings("unchecked")
                Registry<T> registry = (Registry<T>) field.get(null);
                return new Kind(field.getDeclaringClass().getSimpleName() + "." + field.getName(), registry.kind(),
                        registry.names(), registry::of);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }

        Configurable make(Config config) {
            return maker.apply(config);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Registries look for services when a name is unknown; without this, the names would depend on the tests before. */
    @BeforeAll
    static void loadServices() {
        Layers.REGISTRY.of(SAMPLES.get("OnnxOperator"));
    }

    static Stream<Kind> kinds() {
        Stream<Kind> registries = MAIN.stream().flatMap(type -> type.getFields().stream())
                .filter(field -> field.getRawType().isEquivalentTo(Registry.class)
                        && field.getModifiers().containsAll(Set.of(JavaModifier.PUBLIC, JavaModifier.STATIC)))
                .map(field -> Kind.of(field.reflect()));
        return Stream.concat(registries, Stream.of(new Kind("Metrics", Metric.class, Metrics.names(), Metrics::of),
                new Kind("Models", Model.class, Models.names(), Models::of)));
    }

    /** The types of this kind that a user can make, without rows of a table. */
    private static Set<String> concrete(Class<?> kind) {
        return MAIN.stream().filter(type -> type.isAssignableTo(kind) && type.getModifiers().contains(JavaModifier.PUBLIC)
                && !type.getModifiers().contains(JavaModifier.ABSTRACT) && !type.isEquivalentTo(Activation.class))
                .map(JavaClass::getSimpleName)
                .filter(name -> !UNNAMED.contains(name)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everythingWithAConfigIsOfAKindThatHasARegistry() {
        Set<String> unlisted = concrete(Configurable.class);
        assertTrue(unlisted.size() > 50, unlisted::toString);
        kinds().forEach(kind -> unlisted.removeAll(kind.names));
        unlisted.removeIf(new Preprocessors()::makes); // found by a ServiceLoader, so that others may add their own
        unlisted.remove("Recipe"); // which is no part of a kind: it holds the parts
        unlisted.remove("TableSchema"); // so is this one, and TableColumnTest goes through all types of its parts
        unlisted.removeAll(Set.of("ConformalScores", "Calibration")); // of which there is one kind
        unlisted.removeAll(concrete(TableColumn.class));
        unlisted.removeAll(concrete(TableTarget.class));
        assertEquals(Set.of(), unlisted);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void allOfAKindAreInItsRegistries(Kind kind) {
        Set<String> missing = concrete(kind.type);
        kinds().filter(other -> kind.type.isAssignableFrom(other.type))
                .forEach(other -> missing.removeAll(other.names));
        assertEquals(Set.of(), missing);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatARegistryMakesIsMadeAgainFromItsConfig(Kind kind) {
        for (String name : kind.names) {
            Configurable made = kind.make(SAMPLES.getOrDefault(name, Config.of(name)));
            Config config = made.config();
            assertEquals(name, config.type());
            assertEquals(config, kind.make(config).config());
            assertThrows(IllegalArgumentException.class, () -> kind.make(config.with("colour", "red")), name);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatARegistryMakesIsMadeAgainFromText(Kind kind) {
        for (String name : kind.names) {
            Config config = kind.make(SAMPLES.getOrDefault(name, Config.of(name))).config();
            assertEquals(config, ConfigText.parse(ConfigText.print(config)));
            assertEquals(config, kind.make(ConfigText.parse(ConfigText.print(config))).config());
            String snake = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
            String text = ConfigText.print(config).replaceFirst("^" + name, snake);
            assertEquals(config, kind.make(ConfigText.parse(text)).config(), text);
        }
    }

    @ParameterizedTest
    @MethodSource("registries")
    void settingsAreListedWithTheDefaultsThatConfigsHave(Registry<?> registry) {
        for (String name : registry.names()) {
            Config sample = SAMPLES.getOrDefault(name, Config.of(name));
            List<Setting> settings = registry.settings(name);
            Map<String, Object> values = registry.of(sample).config().values();
            assertTrue(settings.stream().map(Setting::name).toList().containsAll(values.keySet()), () -> name + ": " + settings);
            for (Setting setting : settings) {
                assertEquals(setting.required(), setting.required() && sample.has(setting.name()), () -> name + ": " + setting);
                if (!sample.has(setting.name()) && !setting.name().equals("seed")) {
                    assertEquals(values.get(setting.name()), setting.fallback().orElse(null), () -> name + ": " + setting);
                }
            }
        }
        assertEquals(List.of("swish"), Layers.REGISTRY.otherNames("SiLU"));
        assertThrows(IllegalArgumentException.class, () -> registry.settings("Nonsense"));
    }

    static List<Registry<?>> registries() {
        return List.of(Layers.REGISTRY, Losses.REGISTRY, Metrics.REGISTRY, Optimizers.REGISTRY, Schedules.REGISTRY, Initializers.REGISTRY,
                Regularizers.REGISTRY, Constraints.REGISTRY);
    }

    @Test
    void everyLossAndMetricSaysWhichWayItImproves() {
        for (String name : Metrics.names()) {
            Metric metric = Metrics.of(name);
            boolean falls = Losses.REGISTRY.has(name) && !name.equals("CosineSimilarity")
                    || List.of("RootMeanSquaredError", "BrierScore", "Perplexity").contains(name);
            assertEquals(falls ? Metric.Direction.DOWN : Metric.Direction.UP, metric.direction(), name);
            assertEquals(metric.direction(), metric.named("other").direction(), name);
        }
    }

    @ParameterizedTest
    @CsvSource({"'128:relu', Dense", "'dropout:0.3', Dropout", "'noise:0.1', GaussianNoise", "batch_norm, BatchNormalization",
        "layer_norm, LayerNormalization", "'leaky_relu:0.2', LeakyReLU"})
    void theShortFormsOfLayersAreRegistered(String text, String type) {
        Config config = ConfigText.parse(text);
        List<Object> first = config.arguments().isEmpty() ? List.of() : config.arguments().subList(0, 1);
        assertEquals(type, Layers.REGISTRY.of(Config.of(config.type(), first, Map.of())).config().type());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aNameThatIsNoneIsRefused(Kind kind) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> kind.make(Config.of("Nonsense")));
        assertTrue(e.getMessage().contains("Received: Nonsense. Known: " + kind.names.get(0)), e.getMessage());
    }

    /** Callbacks have no config, and so no registry; each has a test of its own beside it. */
    @Test
    void everyCallbackHasATest() {
        List<String> callbacks = MAIN.stream().filter(type -> type.isAssignableTo(Callback.class) && !type.isInterface()
                && type.getModifiers().contains(JavaModifier.PUBLIC) && !type.getPackageName().startsWith("beras.cli"))
                .map(JavaClass::getName).toList();
        assertTrue(callbacks.size() >= 9, callbacks::toString);
        for (String name : callbacks) {
            assertDoesNotThrow(() -> Class.forName(name + "Test"), () -> name + " has no test");
        }
    }
}

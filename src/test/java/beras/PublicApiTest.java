package beras;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.CheckReturnValue;
import beras.config.Configurable;
import beras.constraints.Constraints;
import beras.layers.BatchNormalization;
import beras.layers.Conv2D;
import beras.layers.Dense;
import beras.layers.Layers;
import beras.layers.Normalization;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Losses;
import beras.metrics.F1Score;
import beras.metrics.Metrics;
import beras.metrics.Precision;
import beras.optimizers.Adam;
import beras.optimizers.RMSProp;
import beras.optimizers.SGD;
import beras.regularizers.L1L2;
import beras.tensor.Tensor;
import beras.training.Objective;
import beras.training.Recipe;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What holds of all public classes: how numbers and parts are given to them. */
@Tag("core")
@Tag("once")
class PublicApiTest {

    /** Those that hold kernels, and those with which a setting of type float is declared. */
    private static final Set<String> OF_FLOATS = Set.of("beras.kernels", "beras.config");

    /** What the library makes of the outputs of nets and for trials, not users. */
    private static final Set<String> RESULTS = Set.of("beras.tables.TrialSettings", "beras.prediction.Prediction");

    /** Whose numbers are contents of tensors. */
    private static final Set<String> CONTENTS = Set.of("beras.optimizers.StepRule$Values");

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("beras");

    /** Checks, and changes nothing. */
    private static final Set<String> GIVES_ITSELF = Set.of("beras.config.Config.requireOnly([Ljava.lang.String;)");

    private static List<Class<?>> publicClasses() {
        return MAIN.stream()
                .filter(type -> !OF_FLOATS.contains(type.getPackageName()) && !RESULTS.contains(type.getName())
                        && !CONTENTS.contains(type.getName())
                        && !type.getPackageName().startsWith("beras.cli") && !type.getSimpleName().isEmpty())
                .<Class<?>>map(JavaClass::reflect).filter(PublicApiTest::isPublic).toList();
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers()) && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    /** Constructors, those for subclasses too, and public methods, inherited ones too. */
    private static List<Executable> callable(Class<?> type) {
        List<Executable> all = new ArrayList<>();
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if ((constructor.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0) {
                all.add(constructor);
            }
        }
        for (Method method : type.getMethods()) {
            if (method.getDeclaringClass().getName().startsWith("beras.") && !method.isBridge()) {
                all.add(method);
            }
        }
        return all;
    }

    private static boolean hasTwin(Class<?> type, Executable one, Class<?>... parameters) {
        return callable(type).stream().anyMatch(other -> other.getClass() == one.getClass() && other.getName().equals(one.getName())
                && Arrays.equals(other.getParameterTypes(), parameters));
    }

    private static Class<?> widened(Class<?> type) {
        return type == float.class ? double.class : type == Float.class ? Double.class : type == float[].class ? double[].class
                : type;
    }

    /** {@code new Adam(0.01)} must compile: a float alone does not take what everybody writes. */
    @Test
    void noNumberNeedsToBeAFloat() {
        Set<String> floats = new TreeSet<>();
        int checked = 0;
        for (Class<?> type : publicClasses()) {
            for (Executable executable : callable(type)) {
                Class<?>[] given = executable.getParameterTypes();
                Class<?>[] wide = Arrays.stream(given).map(PublicApiTest::widened).toArray(Class<?>[]::new);
                boolean single = Arrays.stream(given).anyMatch(each -> each == float.class || each == Float.class);
                boolean settings = executable instanceof Constructor // whose arrays are settings; those of methods are data
                        || executable.isVarArgs() && given[given.length - 1] == float[].class;
                boolean ofKernels = Arrays.stream(given).anyMatch(each -> each.getPackageName().equals("beras.kernels"));
                checked++;
                if (!Arrays.equals(given, wide) && (single || settings) && !ofKernels && !hasTwin(type, executable, wide)) {
                    floats.add(type.getName() + ": " + executable);
                }
            }
        }
        assertTrue(checked > 1000, "checked " + checked);
        assertEquals(Set.of(), floats);
    }

    /** Kernels change with each processor that they are made fast for; what users need of them is in compute. */
    @Test
    void theModuleDoesNotExportKernels() throws URISyntaxException {
        Path classes = Path.of(Tensor.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Set<String> exported = new TreeSet<>();
        ModuleFinder.of(classes).find("beras").orElseThrow().descriptor().exports().forEach(exports -> exported.add(exports.source()));
        assertTrue(exported.contains("beras.compute") && !exported.contains("beras.kernels"), exported::toString);
    }

    @Test
    void textMakesThePartItNames() {
        assertEquals("Dense(units=2, activation=ReLU, useBias=true, kernelInitializer=HeNormal, biasInitializer=Constant(value=0.1),"
                + " kernelRegularizer=L2(l2=1.0E-4), biasConstraint=MaxNorm(maxValue=3.0, axis=[0]))",
                new Dense(2).activation("relu").with("kernelInitializer", "he_normal").with("biasInitializer", "constant(0.1)")
                        .with("kernelRegularizer", "l2(1e-4)").with("biasConstraint", "max_norm(3)").config().toString());
        assertEquals(new Conv2D(8, 3).activation("relu").config(), new Conv2D(8, 3, "relu").config());
    }

    /** As text, a float has no more digits than it was given: a setting whose bits are not those of the float would show. */
    @Test
    void aDoubleGivesTheBitsOfItsFloat() {
        assertSettings(new Adam(0.01).with("epsilon", 1e-8), "learningRate=0.01", "epsilon=1.0E-8");
        assertSettings(new SGD(0.3).momentum(0.9).with("clipnorm", 0.7), "learningRate=0.3", "momentum=0.9", "clipnorm=0.7");
        assertSettings(RMSProp.keras(0.0003).with("clipvalue", 0.1), "learningRate=3.0E-4", "clipvalue=0.1");
        assertSettings(new L1L2(0.1, 1e-5), "l1=0.1", "l2=1.0E-5");
        assertSettings(Constraints.REGISTRY.of("max_norm", 1.1), "maxValue=1.1");
        assertSettings(Constraints.REGISTRY.of("min_max_norm", 0.1, 0.7, 1), "minValue=0.1", "maxValue=0.7");
        assertSettings(Layers.activation("elu(0.3)"), "alpha=0.3");
        assertSettings(new LeakyReLU(0.2), "alpha=0.2");
        assertSettings(new ReLU().with("maxValue", 0.6).with("negativeSlope", 0.1), "maxValue=0.6", "negativeSlope=0.1");
        assertSettings(new BatchNormalization().epsilon(1e-5), "epsilon=1.0E-5");
        assertSettings(new Normalization(new double[] {0.1}, new double[] {0.2}), "mean=[0.1]", "variance=[0.2]");
        assertSettings(Losses.REGISTRY.of("huber", 0.7), "delta=0.7");
        assertSettings(Losses.REGISTRY.of("quantile", 0.9), "q=0.9");
        assertSettings(new CategoricalCrossEntropy().with("epsilon", 1e-7), "epsilon=1.0E-7");
        assertSettings(Metrics.of("binary_accuracy(0.4)"), "threshold=0.4");
        assertSettings(new F1Score().with("threshold", 0.4), "threshold=0.4");
        assertSettings(new Precision().with("thresholds", List.of(0.1, 0.9)), "thresholds=[0.1, 0.9]");
        assertSettings(new Recipe().classWeight(0.1, 0.7), "classWeight=[0.1, 0.7]");
        assertEquals(0.01f, new Adam(0.01).learningRate());
        assertEquals(0.1f, new Objective(Losses.REGISTRY.of("huber")).weight(0.1).weight());
        assertEquals(0.1f + 0.7f, Tensor.scalar(0.1).add(0.7).item());
    }

    private static void assertSettings(Configurable of, String... settings) {
        String text = of.config().toString();
        for (String setting : settings) {
            assertTrue(Pattern.compile("\\b" + Pattern.quote(setting) + "(?=[,)])").matcher(text).find(), text);
        }
    }

    /** So that a compiler finds options that are thrown away; of ours Error Prone is told to, in {@code pom.xml}. */
    @Test
    void everyMethodThatGivesAChangedCopyIsMarked() throws IOException {
        Set<String> marked = new TreeSet<>();
        Set<String> missing = new TreeSet<>();
        for (JavaClass type : MAIN) {
            List<JavaMethod> fluent = type.getMethods().stream()
                    .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC)
                            && !method.getModifiers().contains(JavaModifier.STATIC)
                            && method.getRawReturnType().equals(type) && !GIVES_ITSELF.contains(method.getFullName()))
                    .toList();
            if (type.isAnnotatedWith(CheckReturnValue.class)) {
                marked.add(type.getName().replace("beras.", ""));
            } else if (fluent.stream().anyMatch(method -> method.isAnnotatedWith(CheckReturnValue.class))) {
                marked.add(type.getName().replace("beras.", ""));
                fluent.stream().filter(method -> !method.isAnnotatedWith(CheckReturnValue.class))
                        .forEach(method -> missing.add(method.getFullName()));
            }
        }
        assertEquals(Set.of(), missing);
        assertEquals(new TreeSet<>(Set.of("config.Config", "data.image.Images", "data.image.PictureFolder",
                "data.table.MissingMarks", "data.table.NumericColumn",
                "data.table.TableFile", "data.table.TableOptions", "data.table.TablePreprocessor", "data.table.TableSchema", "data.table.TableSplit",
                "data.table.TableTarget$Regression", "data.table.TargetMeans", "data.text.TextWindows", "digits.PageReader",
                "evaluation.ClassificationReport$Options", "feed.Batch", "feed.Batches", "feed.Dataset",
                "feed.Examples", "feed.SeriesWindows", "metrics.Metric", "prediction.ConformalSets", "prediction.Prediction", "saving.Predictor",
                "saving.SavedModel",
                "serve.ServerOptions", "sources.ImageOptions", "tables.RowExplainer", "tables.SearchSpace", "tables.TableExplanation$Options", "tables.TableTraining",
                "tables.Tuning", "training.FitOptions", "training.Objective", "training.Recipe")), marked);
        assertTrue(Files.readString(Path.of("pom.xml")).contains("-Xep:CheckReturnValue:ERROR"));
    }
}

package beras;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Registry;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A registry loads the class of what it makes, and none of the others: each would cost a start of the program its time. */
@Tag("core")
class LazyRegistriesTest {

    /** BERAS's classes once more, of which none is loaded yet. */
    private static final class Fresh extends URLClassLoader {

        Fresh() {
            super(new URL[] {Registry.class.getProtectionDomain().getCodeSource().getLocation()},
                    ClassLoader.getPlatformClassLoader());
        }

        boolean hasLoaded(String name) {
            return findLoadedClass(name) != null;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "layers.Layers, Flatten, layers.Flatten, layers.Dense layers.Embedding layers.activations.Softmax initializers.Fill",
        "layers.Layers, tanh, layers.activations.Tanh, layers.Dense layers.activations.Softmax layers.activations.LeakyReLU",
        "losses.Losses, mse, losses.MeanSquaredError, losses.Pointwise losses.CategoricalCrossEntropy layers.activations.Softmax",
        "metrics.Metrics, categorical_accuracy, metrics.CategoricalAccuracy, metrics.AUC losses.Pointwise metrics.PositiveMetric",
        "optimizers.Optimizers, adam, optimizers.Adam, optimizers.SGD optimizers.AdamW optimizers.Decay",
        "initializers.Initializers, orthogonal, initializers.Fill, initializers.Scaled initializers.VarianceScaling",
        "regularizers.Regularizers, l2, regularizers.L2, regularizers.L1",
        "constraints.Constraints, non_neg, constraints.Limit, regularizers.L2"})
    void onlyWhatIsMadeIsLoaded(String registry, String name, String made, String others) throws Exception {
        try (Fresh fresh = new Fresh()) {
            Class<?> type = fresh.loadClass("beras." + registry);
            Object all = type.getField("REGISTRY").get(null);
            Method of = all.getClass().getMethod("of", String.class);
            List<?> names = (List<?>) all.getClass().getMethod("names").invoke(all);
            assertFalse(names.isEmpty());
            assertFalse(fresh.hasLoaded("beras." + made));
            assertEquals("beras." + made, of.invoke(all, name).getClass().getName());
            for (String other : others.split(" ")) {
                assertTrue(Class.forName("beras." + other).getName().endsWith(other));
                assertFalse(fresh.hasLoaded("beras." + other), other);
            }
        }
    }
}

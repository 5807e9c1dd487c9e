package beras.bits;

import static org.junit.jupiter.api.Assertions.*;

import beras.bits.ReferenceBits.Comparison;
import beras.initializers.Initializers;
import beras.layers.Layers;
import beras.losses.Losses;
import beras.optimizers.Optimizers;
import beras.tensor.Tensor;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The references have their published bits, and have everything. */
@Tag("model")
class ReferenceBitsTest {

    static List<String> names() {
        return ReferenceBits.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void hasThePublishedBits(String name) throws IOException, InterruptedException {
        Comparison comparison = ReferenceBits.compare(name);
        assertEquals(ReferenceBits.published(name), comparison.computed(), () -> comparison + "; the table is made by doctor --bits --csv");
        assertEquals(name + ": the same", comparison.toString());
    }

    /** What is compared with is what is published, and has nothing that no reference makes. */
    @Test
    void theTableIsThatOfTheResults() throws IOException {
        List<String> lines = new ArrayList<>(List.of(ReferenceBits.HEADER));
        for (String name : ReferenceBits.names()) {
            lines.addAll(ReferenceBits.lines(new Comparison(name, ReferenceBits.published(name), Map.of())));
        }
        assertEquals(lines, Files.readAllLines(Path.of("results/bits.csv")));
    }

    /** A type without a line: add it to a list in {@code References}, and make the table again. */
    @Test
    void everyLayerOptimizerLossAndInitializerIsInTheTable() throws Exception {
        requireAll("layers", Layers.class, Set.of());
        requireAll("optimizers", Optimizers.class, Set.of());
        requireAll("losses", Losses.class, Set.of());
        requireAll("random numbers", Initializers.class, Set.of("Constant", "Dirac", "Identity", "Ones", "Zeros"));
    }

    /** Of those of BERAS's own, as classes that are loaded again have them: other tests register more. */
    private static void requireAll(String reference, Class<?> registry, Set<String> notRandom) throws Exception {
        Set<String> missing = new TreeSet<>();
        try (URLClassLoader fresh = new URLClassLoader(new URL[] {registry.getProtectionDomain().getCodeSource().getLocation()},
                ClassLoader.getPlatformClassLoader())) {
            Object all = fresh.loadClass(registry.getName()).getField("REGISTRY").get(null);
            ((List<?>) all.getClass().getMethod("names").invoke(all)).forEach(name -> missing.add((String) name));
        }
        assertTrue(missing.size() > notRandom.size() + 4, missing::toString);
        missing.removeAll(ReferenceBits.published(reference).keySet());
        missing.removeAll(notRandom);
        assertEquals(Set.of(), missing);
    }

    @Test
    void aBitIsSeenAndAllNaNAreOne() {
        Tensor one = Tensor.of(new float[] {1, Float.NaN});
        assertEquals(ReferenceBits.sha256(List.of(one)), ReferenceBits.sha256(List.of(Tensor.of(new float[] {1,
                Float.intBitsToFloat(0xffc00001)}))));
        assertNotEquals(ReferenceBits.sha256(List.of(one)), ReferenceBits.sha256(List.of(Tensor.of(new float[] {Math.nextUp(1f),
            Float.NaN}))));
    }

    @Test
    void partsThatAreOthersOrMissingAreNamed() {
        Comparison other = new Comparison("layers", Map.of("Add", "0", "Dense", "1", "New", "2"),
                Map.of("Add", "0", "Dense", "0", "Flatten", "3"));
        assertFalse(other.isSame());
        assertEquals("layers: other bits in Dense, Flatten, New", other.toString());
    }
}

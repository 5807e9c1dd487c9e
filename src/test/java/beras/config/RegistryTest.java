package beras.config;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("core")
class RegistryTest {

    interface Animal extends Configurable {}

    static final class SnowyOwl implements Animal {
        private int eggs = 3;

        @Override
        public void settings(Settings s) {
            eggs = s.integer("eggs", eggs);
        }
    }

    static final class Cat implements Animal {}

    private static final class Elsewhere {
        static final class Cat implements Animal {}
    }

    private final Registry<Animal> inner = new Registry<>("a cat", Animal.class);
    private final Registry<Animal> animals = new Registry<>("an animal", Animal.class).include(inner);

    RegistryTest() {
        animals.register(SnowyOwl::new, "owl");
        animals.preset("big_owl", Config.of("SnowyOwl").with("eggs", 9));
        inner.register(Cat::new);
    }

    @Test
    void namesForTextsAreInSnakeCase() {
        assertEquals(List.of("snowy_owl", "owl", "big_owl", "cat"), animals.textNames());
        animals.textNames().forEach(name -> assertTrue(animals.has(name), name));
        animals.unregister("SnowyOwl");
        assertEquals(List.of("cat"), animals.textNames());
        Registry<Animal> odd = new Registry<>("an animal", Animal.class).add("KLDivergence").add("LeakyReLU").add("SparseTopKAccuracy")
                .add("AUC").add("R2Score").add("AdamW").add("L1L2");
        assertEquals(List.of("kl_divergence", "leaky_relu", "sparse_top_k_accuracy", "auc", "r2_score", "adamw", "l1l2"),
                odd.textNames());
    }

    @Test
    void findsByAnyFormOfAName() {
        for (String name : List.of("SnowyOwl", "snowy_owl", "snowy-owl", "SNOWYOWL", "owl", "Owl", "snowy owl")) {
            assertInstanceOf(SnowyOwl.class, animals.of(name));
            assertTrue(animals.has(name));
        }
        assertEquals(List.of("SnowyOwl", "Cat"), animals.names());
        assertRefused("There is no such name for an animal. Received: dog. Known: SnowyOwl, Cat", () -> animals.of("dog"));
        assertFalse(animals.has("dog"));
    }

    @Test
    void listsTheSettingsAndOtherNamesOfAType() {
        assertEquals(List.of("eggs"), animals.settings("owl").stream().map(Settings.Setting::name).toList());
        assertEquals(List.of(), animals.settings("cat"));
        assertEquals(List.of("owl"), animals.otherNames("SnowyOwl"));
        assertEquals(List.of(), animals.otherNames("Cat"));
        inner.register(Tiger::new, "big_cat");
        assertEquals(List.of("big_cat"), animals.otherNames("Tiger"));
        assertRefused("There is no such name for an animal. Received: dog. Known: SnowyOwl, Cat, Tiger",
                () -> animals.settings("dog"));
    }

    @Test
    void aPresetHasItsSettingsAndNoOthers() {
        assertEquals(Config.of("SnowyOwl").with("eggs", 9), animals.of("big_owl").config());
        assertThrows(IllegalArgumentException.class, () -> animals.of(Config.of("big_owl").with("eggs", 1)));
    }

    @Test
    void includesAnotherAlsoWhatComesLater() {
        assertInstanceOf(Cat.class, animals.of("cat"));
        assertTrue(animals.isRegistered(Cat.class));
        assertFalse(inner.isRegistered(SnowyOwl.class));
        inner.register(Tiger::new);
        assertInstanceOf(Tiger.class, animals.of("tiger"));
    }

    static final class Tiger implements Animal {}

    @Test
    void whatIsTakenOutIsGone() {
        animals.unregister("SnowyOwl");
        assertFalse(animals.has("owl"));
        assertFalse(animals.isRegistered(SnowyOwl.class));
        assertEquals(List.of("Cat"), animals.names());
        animals.register(SnowyOwl::new, "owl");
        assertInstanceOf(SnowyOwl.class, animals.of("owl"));
    }

    @Test
    void knowsClassesAndNotTheirSimpleNames() {
        assertTrue(animals.isRegistered(Cat.class));
        assertFalse(animals.isRegistered(Elsewhere.Cat.class));
        assertRefused("The class of an animal must be registered to be described and saved. Received: "
                + Elsewhere.Cat.class.getName() + ". Register it before, such as by REGISTRY.register(Gain::new)",
                        () -> animals.configOf(new Elsewhere.Cat()));
        assertEquals(Config.of("Cat"), animals.configOf(new Cat()));
    }

    @Test
    void aNameIsTakenOnceAndAClassMayComeAgain() {
        animals.register(SnowyOwl::new, "owl");
        assertEquals(List.of("SnowyOwl", "Cat"), animals.names());
        assertRefused("The name of an animal must not be that of another: Cat is taken. Received: "
                + Elsewhere.Cat.class.getName(), () -> animals.register(Elsewhere.Cat::new));
        assertThrows(IllegalArgumentException.class, () -> animals.register(Tiger::new, "owl"));
        assertFalse(animals.has("tiger"));
        assertThrows(IllegalArgumentException.class, () -> animals.register(() -> new Animal() {}));
    }
}

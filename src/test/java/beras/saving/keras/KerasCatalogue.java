package beras.saving.keras;

import beras.config.Registry;
import beras.layers.Layers;
import beras.saving.keras.KerasNames.Kind;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** What Keras calls the types of BERAS, for the reference. */
public final class KerasCatalogue {

    /** What Keras 3 does not have. */
    private static final Set<String> NONE =
            Set.of("Columns", "HorizontalFlip", "Whitening2D", "Quantile", "BalancedAccuracy", "BrierScore", "OneCycle", "Dirac", "PositionEmbedding",
                    "TransformerBlock");
    private static final Set<String> NO_CALLBACKS = Set.of("LastState", "TestEvaluation");
    /** The activations that are a layer of Keras, too. */
    private static final Set<String> LAYERS = Set.of("ReLU", "LeakyReLU", "ELU", "Softmax");

    /** Keras's name of a type of this registry; empty if Keras does not have it. */
    public static Optional<String> name(Registry<?> registry, String type) {
        if (NONE.contains(type)) {
            return Optional.empty();
        }
        if (registry == Layers.ACTIVATIONS) {
            return Optional.of(LAYERS.contains(type) ? type : KerasNames.function(type));
        }
        Kind kind = Arrays.stream(Kind.values()).filter(each -> each.registry == registry).findFirst().orElseThrow();
        return Optional.of(type.equals("Input") ? type : KerasNames.className(kind, type)); // InputLayer is Input's in files
    }

    /** Keras's name of a callback; empty if Keras does not have it. */
    public static Optional<String> callback(String type) {
        return NO_CALLBACKS.contains(type) ? Optional.empty() : Optional.of(type.equals("ProgressBar") ? "ProgbarLogger" : type);
    }

    private KerasCatalogue() {}
}

package beras.saving;

import beras.models.Model;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model file holds.
 *
 * @param model      the model, not compiled
 * @param provenance where it comes from, such as {@code seed} or {@code data}, in the order in which it was written
 */
public record SavedModel(Model model, Map<String, String> provenance) {

    public SavedModel {
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    }
}

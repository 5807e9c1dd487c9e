package beras.saving;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What formats lose that have weights and nothing else. */
final class WeightsAlone {

    /** The report of reading such a file. */
    static WeightReport read(Map<String, String> taken) {
        return new WeightReport(taken, List.of("The file has weights alone: what makes inputs from data, loss and optimizer are"
                + " not in it",
                "Settings such as the epsilon of a normalization are those of the layers given, not of the file"));
    }

    /** The report of writing such a file. */
    static WeightReport written(SavedModel saved, Map<String, String> taken) {
        List<String> lost = new ArrayList<>();
        lost.add("The file has weights alone: the layers with their settings, such as activations, are not in it");
        saved.preprocessor().ifPresent(preprocessor -> lost.add("What makes inputs from data, " + preprocessor.config().type()
                + ", is not in it: the net takes the numbers that this gives"));
        saved.recipe().ifPresent(recipe -> lost.add("The recipe, with loss and optimizer, is not in it"));
        if (saved.trainingState().isPresent() || !saved.isUncompiled() && !saved.model().objectives().isEmpty()) {
            lost.add("How the model is trained, with what its optimizer remembers, is not in it");
        }
        return new WeightReport(taken, lost);
    }

    /** The refusal of a file without hints. */
    static IllegalArgumentException needNet() {
        return new IllegalArgumentException("A file of weights does not say what is computed between them: tell the layers or, if"
                + " all are linear, the activation after each and that after the last");
    }

    /** Each weight under its own name. */
    static Map<String, String> same(Iterable<String> names) {
        Map<String, String> same = new LinkedHashMap<>();
        names.forEach(name -> same.put(name, name));
        return same;
    }

    private WeightsAlone() {}
}

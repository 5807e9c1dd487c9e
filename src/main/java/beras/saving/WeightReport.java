package beras.saving;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The transfer of weights between a network and a file of another program.
 *
 * @param taken for each weight that was written or filled, in order, the name of its tensor in the file
 * @param lost  the parts that could not be transferred, in sentences; empty if nothing was lost
 */
public record WeightReport(Map<String, String> taken, List<String> lost) {

    public WeightReport {
        taken = Collections.unmodifiableMap(new LinkedHashMap<>(taken));
        lost = List.copyOf(lost);
    }

    /** Each weight under its own name. */
    public static Map<String, String> sameNames(Iterable<String> names) {
        Map<String, String> same = new LinkedHashMap<>();
        names.forEach(name -> same.put(name, name));
        return same;
    }

    /** The report of reading a file that has weights and nothing else. */
    public static WeightReport ofWeightsRead(Map<String, String> taken) {
        return new WeightReport(taken, List.of("The file has weights alone: what makes inputs from data, loss and optimizer are"
                + " not in it",
                "Settings such as the epsilon of a normalization are those of the layers given, not of the file"));
    }

    /** The report of writing such a file. */
    public static WeightReport ofWeightsWritten(SavedModel saved, Map<String, String> taken) {
        List<String> lost = new ArrayList<>();
        lost.add("The file has weights alone: the layers with their settings, such as activations, are not in it");
        saved.preprocessor().ifPresent(preprocessor -> lost.add("What makes inputs from data, " + preprocessor.config().type()
                + ", is not in it: the net takes the numbers that this gives"));
        saved.calibration().ifPresent(any -> lost.add("The temperature of its probabilities is not in it"));
        saved.recipe().ifPresent(recipe -> lost.add("The recipe, with loss and optimizer, is not in it"));
        if (saved.trainingState().isPresent() || !saved.isUncompiled() && !saved.model().objectives().isEmpty()) {
            lost.add("How the model is trained, with what its optimizer remembers, is not in it");
        }
        return new WeightReport(taken, lost);
    }
}

package beras.saving;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What went between a net and a file of another program.
 *
 * @param taken for each weight that was written or filled, in order, the name of its tensor in the file
 * @param lost  what could not be carried, in sentences; empty if nothing was lost
 */
public record WeightReport(Map<String, String> taken, List<String> lost) {

    public WeightReport {
        taken = Collections.unmodifiableMap(new LinkedHashMap<>(taken));
        lost = List.copyOf(lost);
    }
}

package beras.runs;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The records of a training run, as far as known: a killed run leaves fewer, and so do older versions.
 *
 * @param name       of its folder
 * @param outcome    how it ended, in a sentence
 * @param well       whether it ended as it should; else the reader is warned
 * @param epochs     the numbers of each epoch
 * @param kept       the epoch whose weights the model has, from 1; empty if it is not known
 * @param values     the numbers of the model that was kept
 * @param seconds    the seconds of each epoch; none if they are not known
 * @param facts      further facts about the model and its training by name, such as how many weights it has
 * @param recipe     each setting of the resolved recipe by its path, such as {@code layers.1.units}
 * @param options    the options that were given
 * @param provenance where the model comes from
 * @param command    that repeats the run; empty if it is not known
 * @param resume     the command that resumes the training; empty if it has ended by itself, or has not kept its state
 * @param verify     the command that repeats the training and compares it with the model; empty if no model was kept
 * @param columns    of a table, below their header; empty for other data
 */
public record RunRecord(String name, String outcome, boolean well, EpochNumbers epochs, OptionalInt kept,
        Map<String, Double> values, List<Double> seconds, Map<String, String> facts, Map<String, String> recipe,
        Map<String, String> options, Map<String, String> provenance, String command, String resume, String verify,
        List<List<String>> columns) {

    /** In the provenance: the number of epochs first requested, if more were requested later. */
    public static final String FIRST_EPOCHS = "epochs_at_first";

    /** In the provenance: where training was interrupted; absent if it ended by itself. */
    public static final String INTERRUPTED = "interrupted";

    /** The fact how many weights the model has. */
    public static final String WEIGHTS = "weights";
    /** The fact which weights they are. */
    public static final String HASH = "SHA-256 of the weights";
    /** The fact in which file the model is. */
    public static final String MODEL = "model";
    /** The fact how large that file is. */
    public static final String BYTES = "bytes of the model";
    /** The fact when training ended. */
    public static final String ENDED = "ended";
}

package beras.cli.models;

import beras.cli.options.DataKind;
import beras.cli.options.Usage;
import beras.digits.PageReader;
import beras.saving.SavedModel;
import java.util.OptionalDouble;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The confidence below which a label is no answer, for the commands that let a model of images predict. */
final class RejectOption {

    static final String NAME = "--reject";

    @DataKind.For({DataKind.PICTURES, DataKind.IMAGES})
    @Option(names = NAME, paramLabel = "P", description = "Images: what has less confidence is of no label, so no digit; 0 gives"
            + " everything one. By default the bound that a model keeps that was trained with outliers and images held out; for relay"
            + " else " + PageReader.REJECT + ".")
    private Double bound;

    /** What is asked for; empty: nothing. */
    OptionalDouble bound(CommandSpec spec) {
        if (bound == null) {
            return OptionalDouble.empty();
        }
        requireShare(spec, NAME, bound);
        return OptionalDouble.of(bound);
    }

    /** What is asked for, or else what the model keeps; empty: neither. */
    OptionalDouble bound(CommandSpec spec, SavedModel saved) {
        OptionalDouble asked = bound(spec);
        return asked.isPresent() ? asked : saved.bound();
    }

    static void requireShare(CommandSpec spec, String option, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw Usage.invalid(spec, option, "a confidence is 0 to 1. Received: " + value);
        }
    }
}

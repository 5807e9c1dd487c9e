package beras.cli.models;

import beras.cli.options.DataKind;
import beras.cli.options.OptionRules;
import beras.cli.options.Usage;
import beras.digits.PageReader;
import beras.prediction.Prediction;
import beras.saving.SavedModel;
import beras.serve.ServerOptions;
import java.util.OptionalDouble;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The confidence below which a label is no answer, for the commands that let a model of images predict. */
final class RejectOption {

    static final String NAME = "--reject";

    @OptionRules.Sets(ServerOptions.class)
    @DataKind.For({DataKind.PICTURES, DataKind.IMAGES})
    @Option(names = NAME, paramLabel = "P", description = "Images: predictions with less confidence have no label, so no digit; 0"
            + " rejects nothing. Default: on pages " + PageReader.REJECT + "; for single images the threshold that the model keeps"
            + " if it was trained with outliers and images held out.")
    private Double bound;

    /** The requested threshold; empty: none. */
    OptionalDouble bound(CommandSpec spec) {
        return bound == null ? OptionalDouble.empty() : OptionalDouble.of(require(spec, NAME, bound));
    }

    /** The requested threshold, or else the model's; empty: neither. */
    OptionalDouble bound(CommandSpec spec, SavedModel saved) {
        OptionalDouble asked = bound(spec);
        return asked.isPresent() ? asked : saved.bound();
    }

    /** The confidence that an option gives. */
    static double require(CommandSpec spec, String option, double confidence) {
        return Usage.check(spec, option, () -> Prediction.requireBound(confidence));
    }
}

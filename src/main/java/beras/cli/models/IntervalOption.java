package beras.cli.models;

import beras.cli.options.DataKind;
import beras.cli.options.OptionRules;
import beras.cli.options.Usage;
import beras.cli.terminal.Failure;
import beras.prediction.ConformalSets;
import beras.saving.SavedModel;
import beras.serve.ServerOptions;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The coverage of intervals and sets, for the commands that let a model of a table predict. */
final class IntervalOption {

    static final String NAME = "--interval";

    @OptionRules.Sets(ServerOptions.class)
    @DataKind.For(DataKind.TABLE)
    @Option(names = NAME, paramLabel = "C", description = "Tables: add the interval, or the set of labels, that has the truth with at"
            + " least this probability, such as 0.9, by the errors on the rows that training held out (split conformal prediction).")
    private Double coverage;

    /**
     * The prediction sets or intervals of the coverage; empty if none was requested.
     *
     * @param file of the model
     * @throws picocli.CommandLine.ParameterException if it is not above 0 and below 1
     * @throws Failure if the model cannot guarantee it
     */
    Optional<ConformalSets> sets(CommandSpec spec, SavedModel saved, Path file) {
        if (coverage == null) {
            return Optional.empty();
        }
        return Usage.check(spec, NAME, () -> Failure.blaming(file + ": " + NAME, () -> Optional.of(saved.sets(coverage))));
    }
}

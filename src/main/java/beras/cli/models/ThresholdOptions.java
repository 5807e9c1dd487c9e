package beras.cli.models;

import beras.cli.options.DataKind;
import beras.cli.options.Usage;
import beras.config.Arguments;
import beras.data.table.TableTarget;
import beras.evaluation.ClassificationReport;
import beras.prediction.Prediction;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** When a model of two labels predicts the positive one, for commands that predict. */
@DataKind.For(DataKind.TABLE)
final class ThresholdOptions {

    @Option(names = "--threshold", paramLabel = "T", description = "Tables: of two labels predict the positive one if its probability is above"
            + " T, from 0 to 1; by default the more probable label.")
    private Double threshold;

    @Option(names = "--positive", paramLabel = "LABEL", description = "Tables: of two labels the positive one; by default the rarer one in"
            + " training.")
    private String positive;

    /**
     * The options of a report of a target's labels.
     *
     * @throws picocli.CommandLine.ParameterException if an option makes no sense for them
     */
    ClassificationReport.Options options(CommandSpec spec, TableTarget target) {
        check(spec, target.labels());
        ClassificationReport.Options options = new ClassificationReport.Options().trainingCounts(target.counts());
        if (positive != null) {
            options = options.positive(target.labels().indexOf(positive));
        }
        return threshold == null ? options : options.threshold(threshold);
    }

    /**
     * How a prediction becomes text; empty if as ever.
     *
     * @throws picocli.CommandLine.ParameterException if an option makes no sense for the target
     */
    Optional<Function<Prediction, String>> rendering(CommandSpec spec, TableTarget target) {
        check(spec, target.labels());
        if (threshold == null) {
            if (positive != null) {
                throw Usage.invalid(spec, "--positive", "it names the label whose probability is compared with --threshold. Give that, too");
            }
            return Optional.empty();
        }
        List<String> labels = target.labels();
        int yes = positive != null ? labels.indexOf(positive) : ClassificationReport.rarer(target.counts());
        return Optional.of(prediction -> labels.get(prediction.probabilities().get(labels.get(yes)) > threshold ? yes : 1 - yes));
    }

    private void check(CommandSpec spec, List<String> labels) {
        if (labels.size() != 2 && (threshold != null || positive != null)) {
            throw Usage.invalid(spec, threshold != null ? "--threshold" : "--positive",
                    "it applies to models of a table that predict one of two labels. Remove it");
        }
        if (positive != null && !labels.contains(positive)) {
            throw Usage.invalid(spec, "--positive", "it must be one of the labels " + labels.get(0) + " and " + labels.get(1)
                    + ". Received: " + positive);
        }
        if (threshold != null) {
            Usage.check(spec, "--threshold", () -> Arguments.share("it", threshold));
        }
    }

    /** The threshold; empty: the more probable label is predicted. */
    Optional<Double> threshold() {
        return Optional.ofNullable(threshold);
    }
}

package beras.cli;

import beras.config.Config;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
import beras.metrics.Metric;
import beras.models.Sequential;
import beras.optimizers.Optimizer;
import beras.regularizers.Regularizer;
import beras.regularizers.Regularizers;
import picocli.CommandLine.Model.CommandSpec;

/** A net and how it is trained, as the options say. Made without the data, so that wrong options end at once. */
final class Recipe {

    private final CommandSpec spec;
    private final TrainOptions options;
    private final Initializer initializer;
    private final Optimizer optimizer;
    private final RateSchedule schedule; // null: the rate stays
    private final Regularizer penalty; // null: none

    /**
     * @param options with those defaults that do not depend on rows
     */
    Recipe(CommandSpec spec, TrainOptions options) {
        this.spec = spec;
        this.options = options;
        initializer = Usage.check(spec, "--initializer", () -> Initializers.of(options.initializer));
        optimizer = Usage.check(spec, "--learning-rate", () -> options.optimizer.make(options.learningRate));
        if (options.batchSize != null && options.batchSize < 1) {
            throw Usage.invalid(spec, "--batch-size", "The batch size must be at least 1. Received: " + options.batchSize);
        }
        if (options.epochs != null && options.epochs < 1) {
            throw Usage.invalid(spec, "--epochs", "it must be at least 1. Received: " + options.epochs);
        }
        if (!(options.validationSplit >= 0 && options.validationSplit < 1)) {
            throw Usage.invalid(spec, "--validation-split",
                    "it must be at least 0 and below 1. Received: " + options.validationSplit);
        }
        setSteps();
        schedule = options.lrSchedule == null ? null
                : Usage.check(spec, "--lr-schedule", () -> RateSchedule.parse(options.lrSchedule));
        penalty = options.l2 == null ? null
                : Usage.check(spec, "--l2", () -> Regularizers.of(Config.of("L2").with("l2", options.l2)));
        if (options.labelSmoothing != null) {
            Usage.check(spec, "--label-smoothing", () -> LossChoice.CROSS_ENTROPY.make(options.labelSmoothing));
        }
        requireValidation("--early-stopping", options.earlyStopping);
        requireValidation("--reduce-lr", options.reduceLr);
        requireValidation("--checkpoint", options.checkpoint);
        requireApart("--lr-schedule", options.lrSchedule, "--reduce-lr", options.reduceLr);
        requireApart("--ema", options.ema, "--early-stopping", options.earlyStopping); // both say which weights are saved
    }

    private void setSteps() {
        if (options.weightDecay != null) {
            Usage.check(spec, "--weight-decay", () -> optimizer.weightDecay(options.weightDecay));
        }
        if (options.clipNorm != null) {
            Usage.check(spec, "--clip-norm", () -> optimizer.clipNorm(options.clipNorm));
        }
        if (options.ema != null) {
            Usage.check(spec, "--ema", () -> optimizer.ema(options.ema));
        }
    }

    private void requireValidation(String option, Object value) {
        if (value != null && options.validationSplit == 0) {
            throw Usage.invalid(spec, option, "it needs the loss on examples kept apart. Add --validation-split, such as 0.1");
        }
        if (value instanceof Integer patience && patience < 1) {
            throw Usage.invalid(spec, option, "it must be at least 1. Received: " + patience);
        }
    }

    private void requireApart(String option, Object value, String other, Object otherValue) {
        if (value != null && otherValue != null) {
            throw Usage.invalid(spec, option, "it cannot be combined with " + other + ". Leave one of them out");
        }
    }

    /** Refuses a loss that does not go with what the net ends in. */
    void requireLossFits() {
        if (options.loss == LossChoice.CROSS_ENTROPY && !options.layers.endsInProbabilities()) {
            throw Usage.invalid(spec, "--loss", "cross-entropy needs probabilities: end --layers with softmax or sigmoid,"
                    + " or take --loss mse. Received: " + options.layers);
        }
        if (options.loss != LossChoice.CROSS_ENTROPY && options.labelSmoothing != null) {
            throw Usage.invalid(spec, "--label-smoothing", "it is for cross-entropy. Received: --loss " + options.loss);
        }
    }

    /**
     * The net, ready to be trained.
     *
     * @param features what it takes
     * @param examples how many it is trained on
     */
    Sequential compiled(int features, long examples, Metric... metrics) {
        Sequential model = Usage.check(spec, "--layers",
                () -> options.layers.build(features, initializer, penalty, options.seed));
        if (schedule != null) {
            long steps = (examples + options.batchSize - 1) / options.batchSize;
            optimizer.schedule(Usage.check(spec, "--lr-schedule",
                    () -> schedule.make(options.learningRate, options.epochs, steps)));
        }
        model.compile(optimizer, options.loss.make(options.labelSmoothing == null ? 0 : options.labelSmoothing), metrics);
        return model;
    }
}

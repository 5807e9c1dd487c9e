package beras.cli.training;

import beras.cli.options.Usage;
import beras.config.SettingException;
import beras.models.DataSource;
import beras.saving.BackupAndRestore;
import java.nio.file.Path;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;

/** Options of {@code train} that must fit each other, before the data are read. */
final class TrainChecks {

    /** Refuses options that make no sense together, of one training or of each of a cross-validation. */
    static void requireSense(CommandSpec spec, TrainOptions options, DataSource source) {
        boolean endsEarly = patience(options, source).orElse(1) > 0;
        if (!source.holdsOut()) {
            requireNone(spec, "--early-stopping", endsEarly ? options.earlyStopping : null);
            requireNone(spec, "--monitor", options.monitor);
            requireNone(spec, "--reduce-lr", options.reduceLr);
        }
        if (options.reduceLr != null) {
            SettingException.requireAtLeast("reduceLr", 1, options.reduceLr);
        }
        boolean chosen = endsEarly || options.reduceLr != null
                || options.run != null && options.crossValidate == null;
        if (options.monitor != null && !chosen) {
            throw Usage.invalid(spec, "--monitor", "nothing is chosen by it, for training does not end early. Remove it, or"
                    + " add --early-stopping, --reduce-lr or --run");
        }
        requireApart(spec, "--lr-schedule", options.lrSchedule, "--reduce-lr", options.reduceLr);
        if (endsEarly) { // both say which weights are saved
            requireApart(spec, "--ema", options.ema, "--early-stopping", options.earlyStopping);
        }
    }

    /** After how many epochs without improvement training ends, with the best weights; 0: never; empty: as the data suggest. */
    static OptionalInt patience(TrainOptions options, DataSource source) {
        if (options.earlyStopping != null) {
            return OptionalInt.of(SettingException.requireAtLeast("patience", 0, options.earlyStopping));
        }
        if (!source.stopsEarly() || options.ema != null) { // an average of weights takes the place of the best ones
            return OptionalInt.of(0);
        }
        return options.lrSchedule == null ? OptionalInt.empty() : OptionalInt.of(Integer.MAX_VALUE); // it is not cut short
    }

    static void requireRun(CommandSpec spec, TrainOptions options) {
        if (options.noReport && options.run == null) {
            throw Usage.invalid(spec, "--no-report", "there is a report only of a --run. Remove it");
        }
        if (options.checkpointEvery != null) {
            Usage.check(spec, "--checkpoint-every", () -> backup(options, Path.of("any")));
            if (options.run == null) {
                throw Usage.invalid(spec, "--checkpoint-every", "what it keeps is in the folder of --run. Add that");
            }
        }
    }

    /** What keeps the state of a training in a file. */
    static BackupAndRestore backup(TrainOptions options, Path file) {
        BackupAndRestore made = new BackupAndRestore(file);
        String every = options.checkpointEvery == null ? "1epoch" : options.checkpointEvery;
        try {
            if (every.endsWith("epoch")) {
                return made.everyEpochs(Integer.parseInt(every.substring(0, every.length() - "epoch".length()).strip()));
            }
            return every.endsWith("s") ? made.everySeconds(Double.parseDouble(every.substring(0, every.length() - 1)))
                    : made.everyBatches(Integer.parseInt(every));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("it is a number of steps, or of seconds or epochs with s or epoch behind it, such"
                    + " as 50, 30s, 1epoch. Received: \"" + every + "\"", e);
        }
    }

    private static void requireNone(CommandSpec spec, String option, Object value) {
        if (value != null) {
            throw Usage.invalid(spec, option, "it needs the loss on examples held out. Add --validation-split, such as 0.1");
        }
    }

    private static void requireApart(CommandSpec spec, String option, Object value, String other, Object otherValue) {
        if (value != null && otherValue != null) {
            throw Usage.invalid(spec, option, "it cannot be combined with " + other + ". Remove one of them");
        }
    }

    private TrainChecks() {}
}

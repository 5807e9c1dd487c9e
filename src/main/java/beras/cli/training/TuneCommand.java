package beras.cli.training;

import beras.cli.options.BaseCommand;
import beras.cli.options.ConfigFile;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.data.DataException;
import beras.runs.RunFolder;
import beras.runs.RunOrigin;
import beras.runs.TuneState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tune}: finds settings that suit a table. */
@Command(name = "tune", header = "Searches for settings that suit a table.", showDefaultValues = true, sortOptions = false,
        description = {"Searches for a learning rate, layers, dropout, weight decay and batch size that suit a table, and saves"
                + " the best network.",
            "All trials are trained for a few epochs; the best third continues for three times as many, and so on. Trial 0 has the"
                + " defaults of train and always continues, so the best network is not worse on the validation rows. The same options"
                + " and seed give the same result with any number of threads."},
        footer = {"", "Examples:",
            "  beras tune --data houses.csv --target price --run runs/tuning",
            "  beras tune --data houses.csv --target price --out best.beras \\",
            "      --trials 81 --learning-rate 1e-4..1e-2 --layers '64:relu,32:relu|128:relu' --dropout 0,0.2",
            "  beras tune --resume runs/tuning",
            "  beras train --config runs/tuning/config.json --seed 2",
            "", "Ctrl-C ends the search after the current batches; --resume continues."})
public final class TuneCommand extends BaseCommand {

    /** Options that may be combined with --resume. */
    private static final Set<String> WITH_RESUME = Set.of("resume", "threads", "help", "data", "validation-data", "out", "force");

    @Mixin
    private final TuneOptions options = new TuneOptions();

    @Override
    public Integer call() throws Exception {
        if (options.place.resume != null) {
            return resume(options.place.resume);
        }
        if (options.place.config != null) {
            ConfigFile.apply(options.place.config, spec);
        }
        try (RunFolder run = options.place.run == null ? null : new RunFolder(options.place.run)) {
            return new TuneRun(console, spec, options, run).begin();
        }
    }

    /** Takes over the options of a tuning from its folder. */
    private Integer resume(Path from) throws Exception {
        Usage.requireOnly(spec, WITH_RESUME, "a tuning");
        try (RunFolder run = new RunFolder(from)) {
            if (!Files.exists(run.state())) {
                throw new Failure(Exit.BAD_DATA, from + ": there is nothing to resume from: it has no " + run.state().getFileName()
                        + ", so it is no folder of tune --run. Check the name");
            }
            run.open(); // before its state is read, which another process might be writing
            TuneState state = read(run.state());
            RunOrigin recorded = RunOrigin.of(run.state(), state.options(), state.places(), state.data());
            ConfigFile.apply(recorded, spec);
            RunPlaces.requireOut(spec, run.state(), recorded.places(), options.place.out);
            options.place.run = from;
            return new TuneRun(console, spec, options, run).resume(recorded, state);
        }
    }

    private static TuneState read(Path state) throws IOException {
        try {
            return TuneState.read(state);
        } catch (DataException e) {
            throw new Failure(Exit.BAD_DATA, e.getMessage() + ". Begin the tuning again, with --force");
        }
    }
}

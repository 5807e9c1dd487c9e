package beras.cli.training;

import beras.cli.options.ConfigFile;
import beras.cli.options.PathConverter;
import beras.runs.RunOrigin;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** The options of a training that has ended, as one of its files records them. */
@Command(name = TrainCommand.NAME)
public final class RecordedOptions {

    @Mixin
    private final TrainOptions options = new TrainOptions();

    private final CommandSpec spec;

    /** @param given options of {@code train} that come before those of the file */
    private RecordedOptions(String... given) {
        CommandLine line = new CommandLine(this).registerConverter(Path.class, new PathConverter());
        line.parseArgs(given);
        this.spec = line.getCommandSpec();
    }

    /**
     * The options of a config file.
     *
     * @throws CommandLine.ParameterException if it has others
     */
    public static RecordedOptions of(Path config) throws IOException {
        RecordedOptions recorded = new RecordedOptions();
        ConfigFile.apply(config, recorded.spec);
        return recorded;
    }

    /**
     * The options that a model records.
     *
     * @param given options of {@code train} that come before those
     * @throws CommandLine.ParameterException if it has others
     */
    static RecordedOptions of(RunOrigin origin, String... given) {
        RecordedOptions recorded = new RecordedOptions(given);
        ConfigFile.apply(origin, recorded.spec);
        return recorded;
    }

    public TrainOptions options() {
        return options;
    }

    public CommandSpec spec() {
        return spec;
    }
}

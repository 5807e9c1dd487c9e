package beras.cli.training;

import beras.cli.options.ConfigFile;
import beras.cli.options.PathConverter;
import beras.runs.RunOrigin;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The options of a training that has ended, as one of its files records them. */
public record RecordedOptions(CommandSpec spec, TrainOptions options) {

    private static RecordedOptions of() {
        TrainOptions options = new TrainOptions();
        CommandLine line = new CommandLine(options).registerConverter(Path.class, new PathConverter());
        line.parseArgs();
        return new RecordedOptions(line.getCommandSpec(), options);
    }

    /**
     * The options of a config file.
     *
     * @throws CommandLine.ParameterException if it has others
     */
    public static RecordedOptions of(Path config) throws IOException {
        RecordedOptions recorded = of();
        ConfigFile.apply(config, recorded.spec);
        return recorded;
    }

    /**
     * The options that a model records.
     *
     * @throws CommandLine.ParameterException if it has others
     */
    static RecordedOptions of(RunOrigin origin) {
        RecordedOptions recorded = of();
        ConfigFile.apply(origin, recorded.spec);
        return recorded;
    }
}

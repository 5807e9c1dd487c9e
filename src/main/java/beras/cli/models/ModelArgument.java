package beras.cli.models;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The model that a command uses: its first argument. */
final class ModelArgument {

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model, in any format that `convert` reads.")
    Path path;
}

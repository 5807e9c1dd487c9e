package beras.cli.training;

import beras.cli.terminal.Text;
import beras.runs.RunFolder;
import beras.runs.RunOrigin;
import beras.runs.RunReader.Commands;
import java.util.Map;
import java.util.Optional;

/** The commands that train, as typed. */
public final class RunCommands implements Commands {

    public static final Commands INSTANCE = new RunCommands();

    private RunCommands() {}

    /** Into a folder beside its own. */
    @Override
    public String repeat(RunFolder folder, Map<String, ?> options, Map<String, String> provenance) {
        StringBuilder command = new StringBuilder("train");
        options.forEach((option, value) -> command.append(value instanceof Boolean isOn ? " --" + option + (isOn ? "" : "=false")
                : argument(option, value.toString())));
        Optional.ofNullable(provenance.get(RunOrigin.INIT)).ifPresent(file -> command.append(argument(TrainOptions.INIT, file)));
        return Text.command(command + argument("run", folder + "-again"));
    }

    /** A value that looks like an option needs an equals sign before it. */
    private static String argument(String option, String value) {
        return " --" + option + (value.startsWith("-") && value.length() > 1 ? "=" : " ") + Text.quote(value);
    }

    @Override
    public String verify(String model, Map<String, String> options) {
        StringBuilder command = new StringBuilder(VerifyCommand.NAME + " " + Text.quote(model));
        for (String option : new String[] {"data", "validation-data"}) {
            Optional.ofNullable(options.get(option)).ifPresent(value -> command.append(argument(option, value)));
        }
        return Text.command(command.toString());
    }

    @Override
    public String resume(RunFolder folder) {
        return RunPlaces.resume(folder.path());
    }
}

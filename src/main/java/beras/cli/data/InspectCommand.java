package beras.cli.data;

import beras.cli.options.BaseCommand;
import beras.cli.options.TableFileOptions;
import beras.cli.options.TableTypes;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Result;
import beras.cli.terminal.Text;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableOptions;
import beras.data.table.TableProfile;
import beras.runs.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code inspect}: what each column of a table is taken for, before any training. */
@Command(name = "inspect", header = "Shows what train makes of each column of a table.", sortOptions = false,
        description = {"Shows each column of a table: what `train` takes it for, how many values it has and how many are missing, the"
                + " range or the most frequent values, and why it is left out or what looks wrong.",
            "--out writes what the columns are taken for. Change the file where it is wrong, and give it to train --config."},
        footer = {"", "Examples:",
            "  beras inspect churn.csv --target left",
            "  beras inspect churn.csv --target left --out types.json",
            "  beras train --data churn.csv --target left --config types.json"})
public final class InspectCommand extends BaseCommand {

    @Parameters(paramLabel = "TABLE", description = "A table, plain or gzip; - is standard input.")
    private Path data;

    @Option(names = "--target", paramLabel = "COLUMN", description = "The column to predict.")
    private String target;

    @Option(names = "--types", paramLabel = "COLUMN=TYPE,...", description = "How to read some columns, as of train.")
    private String types;

    @Mixin
    private final TableFileOptions file = new TableFileOptions();

    @Option(names = "--out", paramLabel = "FILE.json", description = "Write what the columns are taken for, for train --config.")
    private Path out;

    @Option(names = "--force", description = "Replace that file if it exists.")
    private boolean force;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (Files.isDirectory(data)) {
            throw Usage.invalid(spec, "TABLE", "a table is inspected. Received: a folder. Before its first epoch `train` reports what is in"
                    + " a folder of pictures: of each class how many, broken ones, and those in two classes or on both sides of the split");
        }
        if (out != null) {
            Usage.requirePlace(spec, "--out", out, force);
            Usage.requireApart(spec, "--out", out, List.of(data));
        }
        Map<String, Type> asked = types == null ? Map.of() : Usage.check(spec, "--types", () -> TableTypes.parse(types, target));
        TableProfile profile = TableProfile.of(file.of(spec, data), Optional.ofNullable(target), new TableOptions().types(asked));
        if (!json) {
            profile.remarks().forEach(console.err()::println);
        }
        new Result().put("data", data.toString(), "rows", profile.rows(),
                "remarks", profile.remarks().stream().map(Text::options).toList(),
                "columns", profile.columns().stream().map(InspectCommand::fields).toList())
                .section().row(Text.count(profile.rows(), "row")).lines(ColumnTable.of(profile).lines(console.terminal().width())).print(console, json);
        if (out != null) {
            Map<String, String> taken = new LinkedHashMap<>();
            profile.columns().forEach(column -> column.type().ifPresent(type -> taken.put(column.name(), TableTypes.word(
                    type == Type.DATE ? asked.getOrDefault(column.name(), type) : type)))); // with the order that is asked for
            Json.write(out, force, Map.of("types", taken));
            console.err().println("What the columns are taken for is in " + out);
        }
        return Exit.DONE;
    }

    private static Map<String, Object> fields(TableProfile.Column column) {
        Map<String, Object> fields = Json.object("name", column.name(), "type", column.type().map(TableTypes::word).orElse("target"),
                "missing", column.missing());
        column.values().ifPresent(values -> fields.put("values", values));
        column.least().ifPresent(least -> fields.put("least", least));
        column.most().ifPresent(most -> fields.put("most", most));
        fields.put("examples", column.examples());
        fields.put("note", Text.options(column.note()));
        return fields;
    }
}

package beras.cli.models;

import beras.cli.options.BaseCommand;
import beras.cli.options.Usage;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Text;
import beras.cli.terminal.TextTable;
import beras.files.Excerpt;
import beras.files.WholeFile;
import beras.saving.PortableFormat;
import beras.saving.PortableFormat.Imported;
import beras.saving.SavedModel;
import beras.saving.WeightReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code convert}: a model from one format to another. */
@Command(name = "convert", sortOptions = false,
        description = {"Writes the model of one file into another; the ends of their names decide the formats: .beras is a model"
                + " with all that belongs to it, .keras a model of Keras 3, .safetensors has weights with PyTorch's names and"
                + " layouts, .npz has them by their names here, for NumPy, and .onnx computes what the model does, from raw columns or"
                + " pixels on.",
            "A .safetensors of PyTorch and .npz have weights alone: to read them, --layers and --input describe the net.",
            "Says what the files cannot hold, and the name of each weight in them."},
        footer = {"", "Examples:",
            "  java --add-modules jdk.incubator.vector -jar beras.jar convert model.beras --out model.keras",
            "  java --add-modules jdk.incubator.vector -jar beras.jar convert model.beras --out model.onnx",
            "  java --add-modules jdk.incubator.vector -jar beras.jar convert model.beras --out model.safetensors",
            "  java --add-modules jdk.incubator.vector -jar beras.jar convert net.safetensors --out net.keras \\",
            "    --input 784 --layers \"dense(128), batch_norm(epsilon=1e-5), relu, dense(10, softmax)\""})
public final class ConvertCommand extends BaseCommand {

    private static final String OUT = "--out";

    @Parameters(paramLabel = "FROM", description = "The file to read.")
    private Path from;

    @Option(names = OUT, paramLabel = "FILE", required = true, description = "The file to write.")
    private Path to;

    @Option(names = "--force", description = "Replace that file if it exists.")
    private boolean force;

    @Mixin
    private final NetOptions net = new NetOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    public ConvertCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws Exception {
        PortableFormat format = Usage.check(spec, OUT, () -> PortableFormat.of(to));
        Usage.requirePlace(spec, OUT, to, force);
        Usage.requireApart(spec, OUT, to, List.of(from));
        Imported read = net.read(spec, from);
        SavedModel saved = read.saved();
        if (saved.provenance().isEmpty()) {
            saved = saved.provenance(Map.of("imported", from.toString()));
        }
        SavedModel carried = saved;
        WeightReport[] written = new WeightReport[1];
        try {
            WholeFile.write(to, force, out -> written[0] = format.write(carried, out));
        } catch (IllegalArgumentException e) {
            throw new Failure(Exit.FAILED, from + ": cannot be written as " + format.suffix() + ": " + e.getMessage());
        }
        print(read.report(), written[0]);
        return Exit.DONE;
    }

    /** Prints where the weights were and are, and what was lost. */
    private void print(WeightReport read, WeightReport written) throws IOException {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("file", to.toString());
            fields.put("read", read.taken());
            fields.put("written", written.taken());
            fields.put("lost", Stream.concat(read.lost().stream(), written.lost().stream()).toList());
            console.printJson(fields);
            return;
        }
        read.lost().forEach(lost -> console.err().println(from + ": " + lost));
        written.lost().forEach(lost -> console.err().println(to + ": " + lost));
        names(read, written).forEach(console.out()::println);
        int count = written.taken().size();
        console.err().println(Text.count(count, "weight") + (count == 1 ? " is in " : " are in ") + to);
    }

    /** A line for each weight: its name here, and where it has another, that in the file that was read and in that written. */
    private static List<String> names(WeightReport read, WeightReport written) {
        Set<String> weights = new LinkedHashSet<>(read.taken().keySet());
        weights.addAll(written.taken().keySet());
        List<List<String>> columns = new ArrayList<>();
        columns.add(List.copyOf(weights));
        for (WeightReport report : List.of(read, written)) {
            List<String> names = weights.stream().map(weight -> report.taken().getOrDefault(weight, "-")).toList();
            if (!names.equals(columns.get(0))) {
                columns.add(names);
            }
        }
        TextTable table = new TextTable("l", "  l");
        for (int row = 0; row < weights.size(); row++) {
            int of = row;
            table.add(columns.stream().map(column -> Excerpt.printable(column.get(of))).toList());
        }
        return table.lines();
    }
}

package beras.cli.models;

import beras.cli.options.BaseCommand;
import beras.cli.options.OptionRules;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Result;
import beras.cli.terminal.Text;
import beras.config.InvalidDataException;
import beras.files.Excerpt;
import beras.files.WholeFile;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.PortableFormat;
import beras.saving.PortableFormat.Imported;
import beras.saving.SavedModel;
import beras.saving.WeightReport;
import beras.sources.ImageNet;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code convert}: a model from one format to another. */
@Command(name = "convert", header = "Writes a model for Keras, ONNX, PyTorch or NumPy.", sortOptions = false,
        description = {"Writes the model of one file into another; the ends of their names decide the formats: .beras is a model"
                + " with all that belongs to it, .keras a model of Keras 3, .safetensors has weights with PyTorch's names and"
                + " layouts, .npz has them by their names here, for NumPy, and .onnx computes what the model does, from raw columns or"
                + " pixels on.",
            "A .safetensors of PyTorch and .npz have weights alone: to read them, --layers and --input describe the net.",
            "Says what the files cannot hold, and the name of each weight in them."},
        footer = {"", "Examples:",
            "  beras convert model.beras --out model.keras",
            "  beras convert model.beras --out model.onnx",
            "  beras convert model.beras --out model.safetensors",
            "  beras convert net.safetensors --out net.keras \\",
            "    --input 784 --layers \"dense(128), batch_norm(epsilon=1e-5), relu, dense(10, softmax)\""})
public final class ConvertCommand extends BaseCommand {

    private static final String OUT = "--out";
    private static final String LAYERS = "--layers";
    private static final String INPUT = "--input";
    static final String OUTPUT_ACTIVATION = "--output-activation";

    @Parameters(paramLabel = "FROM", description = "The file to read.")
    private Path from;

    @Option(names = OUT, paramLabel = "FILE", required = true, description = "The file to write.")
    private Path to;

    @Option(names = "--force", description = "Replace that file if it exists.")
    private boolean force;

    @OptionRules.Needs(INPUT)
    @Option(names = LAYERS, paramLabel = "LAYERS", description = "Files of weights alone, .safetensors and .npz: the layers of"
            + " the network, as of train.")
    private String layers;

    @OptionRules.Needs(LAYERS)
    @Option(names = INPUT, paramLabel = "N,...", split = ",", hideParamSyntax = true,
            description = "The shape of one example, with --layers.")
    private int[] input;

    @Option(names = OUTPUT_ACTIVATION, paramLabel = "NAME", description = "An activation behind the outputs, such as the softmax"
            + " that makes probabilities of logits.")
    private String output;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        PortableFormat format = Usage.check(spec, OUT, () -> PortableFormat.of(to));
        Usage.requirePlace(spec, OUT, to, force);
        Usage.requireApart(spec, OUT, to, List.of(from));
        Imported read = read();
        SavedModel saved = read.saved();
        if (saved.provenance().isEmpty()) {
            saved = saved.provenance(Map.of("imported", from.toString()));
        }
        SavedModel carried = saved;
        WeightReport[] written = new WeightReport[1];
        try {
            WholeFile.write(to, force, out -> written[0] = format.write(carried, out));
        } catch (InvalidDataException e) {
            throw new Failure(Exit.FAILED, from + ": cannot be written as " + format.suffix() + ": " + e.getMessage());
        }
        print(read.report(), written[0]);
        return Exit.DONE;
    }

    private Imported read() throws IOException {
        Optional<Model> net = net();
        Optional<Layer> behind = Optional.ofNullable(output).map(name -> Usage.check(spec, OUTPUT_ACTIVATION,
                () -> Layers.ACTIVATIONS.of(name)));
        try {
            Imported read = Predictions.read(from, net);
            return behind.isEmpty() ? read : new Imported(read.saved().activated(behind.get()), read.report());
        } catch (InvalidDataException e) {
            throw new ParameterException(spec.commandLine(), from + ": " + e.getMessage() + ". The options are " + LAYERS
                    + " with " + INPUT, e);
        }
    }

    private Optional<Model> net() {
        if (layers == null) {
            return Optional.empty();
        }
        Shape shape = Usage.check(spec, INPUT, () -> Shape.of(input));
        return Optional.of(Usage.check(spec, LAYERS, () -> Sequential.of(ImageNet.fitted(new Recipe().layers(layers), shape, shape), shape)));
    }

    /** Prints the old and new places of weights, and losses of the conversion. */
    private void print(WeightReport read, WeightReport written) throws IOException {
        int count = written.taken().size();
        Result result = new Result().put("file", to.toString(), "read", read.taken(), "written", written.taken(), "lost",
                Stream.concat(read.lost().stream(), written.lost().stream()).toList()).section("", "l", "  l");
        names(read, written).forEach(result::row);
        result.print(console, json);
        if (!json) {
            read.lost().forEach(lost -> console.err().println(from + ": " + lost));
            written.lost().forEach(lost -> console.err().println(to + ": " + lost));
            console.err().println(Text.count(count, "weight") + (count == 1 ? " is in " : " are in ") + to);
        }
    }

    /** A row for each weight: its name here, and where it has another, that in the file that was read and in that written. */
    private static List<List<String>> names(WeightReport read, WeightReport written) {
        Set<String> weights = new LinkedHashSet<>(read.taken().keySet());
        weights.addAll(written.taken().keySet());
        List<List<String>> columns = new ArrayList<>(List.of(List.copyOf(weights)));
        for (WeightReport report : List.of(read, written)) {
            List<String> names = weights.stream().map(weight -> report.taken().getOrDefault(weight, "-")).toList();
            if (!names.equals(columns.get(0))) {
                columns.add(names);
            }
        }
        return IntStream.range(0, weights.size()).mapToObj(row -> columns.stream().map(column -> Excerpt.printable(column.get(row))).toList())
                .toList();
    }
}

package beras.cli;

import beras.files.Excerpt;
import beras.files.WholeFile;
import beras.saving.PortableFormat;
import beras.saving.SavedModel;
import beras.saving.WeightReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code export}: a model for other programs. */
@Command(name = "export", sortOptions = false,
        description = {"Writes a model for other programs, in the format that the end of the file's name tells:"
                + " .keras is a model of Keras 3, .safetensors has the weights with PyTorch's names and layouts, .npz has them by"
                + " their names here, for NumPy, and .onnx computes what the model does, from raw columns or pixels on.",
            "Says what the file cannot hold, and the name of each weight in it."},
        footer = {"", "Examples:",
            "  java --add-modules jdk.incubator.vector -jar beras.jar export model.beras --to model.keras",
            "  java --add-modules jdk.incubator.vector -jar beras.jar export model.beras --to model.safetensors",
            "  java --add-modules jdk.incubator.vector -jar beras.jar export model.beras --to weights.npz",
            "  java --add-modules jdk.incubator.vector -jar beras.jar export model.beras --to model.onnx"})
final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "A model that `train`, or a program, has saved.")
    private Path model;

    @Option(names = "--to", paramLabel = "FILE", required = true, description = "The file to write, .keras, .safetensors, .npz or"
            + " .onnx.")
    private Path to;

    @Option(names = "--force", description = "Replace that file if it exists.")
    private boolean force;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final Console console;

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        PortableFormat format = Usage.check(spec, "--to", () -> PortableFormat.of(to));
        Usage.requirePlace(spec, "--to", to, force);
        Usage.requireApart(spec, "--to", to, List.of(model));
        SavedModel saved = Predictions.load(model);
        WeightReport[] report = new WeightReport[1];
        try {
            WholeFile.write(to, force, out -> report[0] = format.write(saved, out));
        } catch (IllegalArgumentException e) {
            throw new Failure(Exit.FAILED, model + ": cannot be written as " + format.suffix() + ": " + e.getMessage());
        }
        print(console, json, to, report[0]);
        return Exit.DONE;
    }

    /** Prints where the weights are, and what was lost. */
    static void print(Console console, boolean json, Path out, WeightReport report) throws IOException {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("file", out.toString());
            fields.put("weights", report.taken());
            fields.put("lost", report.lost());
            JsonLines.print(console.out(), fields);
            return;
        }
        report.lost().forEach(console.err()::println);
        int width = report.taken().keySet().stream().mapToInt(String::length).max().orElse(0);
        report.taken().forEach((weight, tensor) -> console.out().println(Text.left(Excerpt.printable(weight), width) + "  "
                + Excerpt.printable(tensor)));
        console.err().println(Text.count(report.taken().size(), "weight")
                + (report.taken().size() == 1 ? " is in " : " are in ") + out);
    }
}

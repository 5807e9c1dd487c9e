package beras.cli;

import beras.layers.activations.Activations;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.PortableFormat;
import beras.saving.SavedModel;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code import}: a model of other programs. */
@Command(name = "import", sortOptions = false,
        description = {"Makes a model of a file of another program, by the end of its name: .keras of Keras 3, .safetensors with"
                + " a state_dict of PyTorch, .npz with the weights that `export` names, or .onnx with a graph of layers"
                + " that BERAS has.",
            ".safetensors and .npz have weights alone: --layers and --input tell the net. A chain of linear layers of PyTorch"
                + " needs only --activation and --output-activation.",
            "Says what the file did not have, and from where each weight comes."},
        footer = {"", "Examples:",
            "  java --add-modules jdk.incubator.vector -jar beras.jar import net.safetensors --out net.beras \\",
            "    --activation relu --output-activation softmax",
            "  java --add-modules jdk.incubator.vector -jar beras.jar import net.safetensors --out net.beras \\",
            "    --input 784 --layers \"dense(128), batch_norm(epsilon=1e-5), relu, dense(10, softmax)\""})
final class ImportCommand implements Callable<Integer> {

    private static final String LAYERS = "--layers";
    private static final String INPUT = "--input";
    private static final String ACTIVATION = "--activation";
    private static final String OUTPUT_ACTIVATION = "--output-activation";

    @Parameters(paramLabel = "FILE", description = "The file to read, .keras, .safetensors, .npz or"
            + " .onnx.")
    private Path file;

    @Option(names = "--out", paramLabel = "MODEL", required = true, description = "The model file to write.")
    private Path out;

    @Option(names = LAYERS, paramLabel = "LAYERS", description = "The layers of the net, as of train.")
    private String layers;

    @Option(names = INPUT, paramLabel = "N,...", split = ",", hideParamSyntax = true,
            description = "The shape of one example, with --layers.")
    private int[] input;

    @Option(names = ACTIVATION, paramLabel = "NAME", description = "The activation after each layer but the last, without"
            + " --layers.")
    private String activation;

    @Option(names = OUTPUT_ACTIVATION, paramLabel = "NAME", description = "The activation after the last, without --layers;"
            + " linear is none.")
    private String output;

    @Option(names = "--force", description = "Replace the model file if it exists.")
    private boolean force;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final Console console;

    ImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        PortableFormat format = format();
        PortableFormat.Hints hints = hints();
        Usage.requirePlace(spec, "--out", out, force);
        Usage.requireApart(spec, "--out", out, List.of(file));
        PortableFormat.Imported imported;
        try {
            imported = format.read(file, hints);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage() + ". The options are " + LAYERS + " with " + INPUT
                    + ", or " + ACTIVATION + " with " + OUTPUT_ACTIVATION, e);
        } catch (NoSuchFileException e) {
            throw new Failure(Exit.BAD_DATA, file + ": there is no such file");
        }
        SavedModel saved = imported.saved();
        if (saved.provenance().isEmpty()) {
            saved = saved.provenance(Map.of("imported", file.toString()));
        }
        Path place = Predictions.save(saved, out, force, console);
        ExportCommand.print(console, json, place, imported.report());
        return Exit.DONE;
    }

    private PortableFormat format() {
        try {
            return PortableFormat.of(file);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private PortableFormat.Hints hints() {
        if (layers != null && (activation != null || output != null)) {
            throw Usage.invalid(spec, LAYERS, "the activations are among the layers; leave " + ACTIVATION + " and "
                    + OUTPUT_ACTIVATION + " out");
        }
        if ((layers == null) != (input == null)) {
            throw new ParameterException(spec.commandLine(), LAYERS + " and " + INPUT + " need each other: the layers, and the"
                    + " shape of what the first of them takes");
        }
        return new PortableFormat.Hints(layers == null ? Optional.empty() : Optional.of(net()), named(ACTIVATION, activation),
                named(OUTPUT_ACTIVATION, output));
    }

    private Model net() {
        Shape shape = Usage.check(spec, INPUT, () -> Shape.of(input));
        return Usage.check(spec, LAYERS, () -> Sequential.of(new Recipe().layers(layers), shape));
    }

    private Optional<String> named(String option, String name) {
        if (name != null) {
            Usage.check(spec, option, () -> Activations.of(name));
        }
        return Optional.ofNullable(name);
    }
}

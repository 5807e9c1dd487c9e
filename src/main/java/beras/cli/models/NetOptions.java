package beras.cli.models;

import beras.cli.options.Usage;
import beras.cli.terminal.Failure;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.PortableFormat.Imported;
import beras.saving.SavedModel;
import beras.sources.ImageNet;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The net of a file that has weights alone, for the commands that read models. */
final class NetOptions {

    private static final String LAYERS = "--layers";
    private static final String INPUT = "--input";
    static final String OUTPUT_ACTIVATION = "--output-activation";

    @Option(names = LAYERS, paramLabel = "LAYERS", description = "Files of weights alone, .safetensors and .npz: the layers of"
            + " the net, as of train.")
    private String layers;

    @Option(names = INPUT, paramLabel = "N,...", split = ",", hideParamSyntax = true,
            description = "The shape of one example, with --layers.")
    private int[] input;

    @Option(names = OUTPUT_ACTIVATION, paramLabel = "NAME", description = "An activation behind the outputs, such as the softmax"
            + " that makes probabilities of logits.")
    private String output;

    /**
     * Reads a model of any format.
     *
     * @throws ParameterException if an option is wrong, missing, or one too many for this file
     * @throws Failure as {@link Predictions#load}
     */
    Imported read(CommandSpec spec, Path file) throws IOException {
        Optional<Model> net = net(spec);
        Optional<Layer> behind = Optional.ofNullable(output).map(name -> Usage.check(spec, OUTPUT_ACTIVATION,
                () -> Layers.ACTIVATIONS.of(name)));
        try {
            Imported read = Predictions.read(file, net);
            return behind.isEmpty() ? read : new Imported(read.saved().activated(behind.get()), read.report());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), file + ": " + e.getMessage() + ". The options are " + LAYERS
                    + " with " + INPUT, e);
        }
    }

    /** As {@link #read}, without the report. */
    SavedModel load(CommandSpec spec, Path file) throws IOException {
        return read(spec, file).saved();
    }

    private Optional<Model> net(CommandSpec spec) {
        if ((layers == null) != (input == null)) {
            throw new ParameterException(spec.commandLine(), LAYERS + " and " + INPUT + " need each other: the layers, and the"
                    + " shape of what the first of them takes");
        }
        if (layers == null) {
            return Optional.empty();
        }
        Shape shape = Usage.check(spec, INPUT, () -> Shape.of(input));
        return Optional.of(Usage.check(spec, LAYERS, () -> Sequential.of(ImageNet.fitted(new Recipe().layers(layers), shape, shape), shape)));
    }
}

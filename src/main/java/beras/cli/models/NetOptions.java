package beras.cli.models;

import beras.cli.options.Usage;
import beras.cli.terminal.Failure;
import beras.layers.Layers;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.PortableFormat.Hints;
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
    private static final String ACTIVATION = "--activation";
    static final String OUTPUT_ACTIVATION = "--output-activation";

    @Option(names = LAYERS, paramLabel = "LAYERS", description = "Files of weights alone, .safetensors and .npz: the layers of"
            + " the net, as of train.")
    private String layers;

    @Option(names = INPUT, paramLabel = "N,...", split = ",", hideParamSyntax = true,
            description = "The shape of one example, with --layers.")
    private int[] input;

    @Option(names = ACTIVATION, paramLabel = "NAME", description = "Weights of a chain of linear layers alone, without --layers:"
            + " the activation after each but the last.")
    private String activation;

    @Option(names = OUTPUT_ACTIVATION, paramLabel = "NAME", description = "The activation after the last; linear is none."
            + " For files of other kinds, one behind the outputs, such as the softmax that makes probabilities of logits.")
    private String output;

    /**
     * Reads a model of any format.
     *
     * @throws ParameterException if an option is wrong, missing, or one too many for this file
     * @throws Failure as {@link Predictions#load}
     */
    Imported read(CommandSpec spec, Path file) throws IOException {
        Hints hints = hints(spec);
        try {
            return Predictions.read(file, hints);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), file + ": " + e.getMessage() + ". The options are " + LAYERS
                    + " with " + INPUT + ", or " + ACTIVATION + " with " + OUTPUT_ACTIVATION, e);
        }
    }

    /** As {@link #read}, without the report. */
    SavedModel load(CommandSpec spec, Path file) throws IOException {
        return read(spec, file).saved();
    }

    private Hints hints(CommandSpec spec) {
        if (layers != null && (activation != null || output != null)) {
            throw Usage.invalid(spec, LAYERS, "the activations are among the layers; leave " + ACTIVATION + " and "
                    + OUTPUT_ACTIVATION + " out");
        }
        if ((layers == null) != (input == null)) {
            throw new ParameterException(spec.commandLine(), LAYERS + " and " + INPUT + " need each other: the layers, and the"
                    + " shape of what the first of them takes");
        }
        return new Hints(layers == null ? Optional.empty() : Optional.of(net(spec)), named(spec, ACTIVATION, activation),
                named(spec, OUTPUT_ACTIVATION, output));
    }

    private Model net(CommandSpec spec) {
        Shape shape = Usage.check(spec, INPUT, () -> Shape.of(input));
        return Usage.check(spec, LAYERS, () -> Sequential.of(ImageNet.fitted(new Recipe().layers(layers), shape, shape), shape));
    }

    private static Optional<String> named(CommandSpec spec, String option, String name) {
        if (name != null) {
            Usage.check(spec, option, () -> Layers.ACTIVATIONS.of(name));
        }
        return Optional.ofNullable(name);
    }
}

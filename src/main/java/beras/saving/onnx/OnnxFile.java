package beras.saving.onnx;

import beras.config.Registration;
import beras.files.Library;
import beras.files.WholeFile;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.models.Model;
import beras.saving.FormatSupport;
import beras.saving.ModelFormatException;
import beras.saving.PortableFormat;
import beras.saving.SavedModel;
import beras.saving.WeightReport;
import beras.training.TrainingLock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Models in the ONNX format, in which other systems run models that BERAS has trained. No other library is needed.
 *
 * <pre>{@code
 * WeightReport report = OnnxFile.save(ModelFile.load(Path.of("iris.beras")), Path.of("iris.onnx"));
 * report.lost().forEach(System.out::println);
 * }</pre>
 *
 * <p>A file has opset 17 (and version 2 of {@code ai.onnx.ml} for tables of texts or labels); the first axis of all inputs and
 * outputs is the batch, of any size. A network alone has an input of floats for each input, under the name of its layer, and
 * outputs likewise. If the model has a preprocessor, the graph does its work:
 *
 * <ul>
 * <li>A model of images takes {@code image}: whole numbers of 8 bits without sign, {@code (batch, height, width)}, or
 * {@code (batch, height, width, channels)} of several channels.
 * <li>A model of a table takes each column that it needs, {@code (batch, 1)}, under its own name: numbers as doubles, NaN if
 *     missing; texts as strings, empty if missing. Dates are refused. Numbers out of range, unknown and missing values are
 *     encoded as BERAS does.
 * <li>A classifier outputs {@code label}, strings {@code (batch)}, and {@code probabilities}, floats {@code (batch, labels)}; a
 * regression outputs {@code prediction}, doubles {@code (batch, 1)}.
 * </ul>
 *
 * <p>A custom layer that computes by operations of {@link beras.tensor.Tensor} and calls of other layers is written as these:
 * it is run on batches of two sizes, and the operations that a tape recorded become nodes. So the graph has the formula for
 * batches of any size, but no branch of the program: other dependence on the batch, such as a number computed in arrays, is
 * rejected. Any other custom layer registers its conversion:
 *
 * <pre>{@code
 * Layers.REGISTRY.register(Gain::new);
 * OnnxFile.register(Gain.class, (graph, use) -> graph.of("Mul", use.x(), graph.weight(use.layer().weights().get(0))));
 * }</pre>
 *
 * <p>The metadata have where the model comes from, {@code beras.provenance}, and as far as there are such the
 * config of the model, the recipe, the preprocessor and the labels, all JSON.
 */
public final class OnnxFile implements PortableFormat, Registration {

    private static final String USER = "A file of ONNX";

    /** Found by {@link java.util.ServiceLoader} as a {@link PortableFormat}; all else is static. */
    public OnnxFile() {}

    /**
     * Registers the conversion of a custom layer to ONNX, such as from a {@link beras.config.Registration}; for a class that
     * was registered before, the last call counts. Subclasses use the same conversion, unless they are registered, too.
     *
     * @throws IllegalArgumentException if it is a layer of BERAS
     */
    public static <L extends Layer> void register(Class<L> layer, OnnxConversion<? super L> conversion) {
        OnnxLayers.register(layer, conversion);
    }

    /**
     * Saves a model alone, whole or not at all, and never replaces a file.
     *
     * @return the weights that were written, and the parts that were left out
     * @throws IllegalArgumentException if a layer has no conversion to ONNX, such as a custom one that is not registered and
     *     does not compute by operations of tensors; the message names all such layers, and no file is opened
     * @throws FileAlreadyExistsException if the file is there
     * @throws IOException if it cannot be written
     */
    public static WeightReport save(Model model, Path file) throws IOException {
        return save(new SavedModel(model), file);
    }

    /** As {@link #save(Model, Path)}, with the preprocessor. */
    public static WeightReport save(SavedModel saved, Path file) throws IOException {
        Library.GSON.require(USER);
        try (TrainingLock saving = TrainingLock.ofSaving(saved.model().weights())) {
            OnnxWriter writer = new OnnxWriter(saved);
            WholeFile.write(file, false, writer::write);
            return writer.report();
        }
    }

    /**
     * Loads a network, such as the exporters of PyTorch and scikit-learn write. An operator becomes a layer of BERAS, or an
     * {@link OnnxOperator} where there is none. Nodes that turn outputs into labels are left out. A file that BERAS exported
     * and nobody has changed since loads as the same model, with its recipe and preprocessor.
     *
     * @throws ModelFormatException if the file is no file of ONNX, is damaged, has data in another file, or a graph that BERAS
     *     cannot compute; the message names all missing operators
     * @throws IOException if it cannot be read
     */
    public static SavedModel load(Path file) throws IOException {
        return read(file).saved();
    }

    static Imported read(Path file) throws IOException {
        Library.GSON.require(USER);
        return FormatSupport.read(file, OnnxImport::read);
    }

    /** Registers {@link OnnxOperator} as a layer, for models that are saved with it. */
    @Override
    public void register() {
        Layers.REGISTRY.register(OnnxOperator::new);
    }

    @Override
    public String suffix() {
        return ".onnx";
    }

    @Override
    public WeightReport write(SavedModel saved, OutputStream out) throws IOException {
        try (TrainingLock saving = TrainingLock.ofSaving(saved.model().weights())) {
            OnnxWriter writer = new OnnxWriter(saved);
            writer.write(out);
            return writer.report();
        }
    }

    @Override
    public Imported read(Path file, Optional<Model> net) throws IOException {
        FormatSupport.requireNone(net, USER);
        return read(file);
    }
}

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
 * Models in the format of ONNX, with which other systems run what BERAS has trained. No other library is needed.
 *
 * <pre>{@code
 * WeightReport report = OnnxFile.save(ModelFile.load(Path.of("iris.beras")), Path.of("iris.onnx"));
 * report.lost().forEach(System.out::println);
 * }</pre>
 *
 * <p>A file has opset 17 (and version 2 of {@code ai.onnx.ml} for tables of texts or labels); the first axis of all inputs and
 * outputs is the batch, of any size. A net alone has an input of floats for each input, under the name of its layer, and
 * outputs likewise. If the model has a preprocessor, the graph does its work:
 *
 * <ul>
 * <li>A model of images takes {@code image}: whole numbers of 8 bits without sign, {@code (batch, height, width)}, or
 * {@code (batch, height, width, channels)} of several channels.
 * <li>A model of a table takes each column that it needs, {@code (batch, 1)}, under its own name: numbers as doubles, NaN if
 *     missing; texts as strings, empty if missing. Dates are refused. Numbers out of range, unknown and missing values become what they become here.
 * <li>Of labels it gives {@code label}, strings {@code (batch)}, and {@code probabilities}, floats {@code (batch, labels)}; of a
 *     number {@code prediction}, doubles {@code (batch, 1)}.
 * </ul>
 *
 * <p>A custom layer that computes by operations of {@link beras.tensor.Tensor} and calls of other layers is written as just these:
 * it is run on batches of two sizes, and what a tape has recorded becomes nodes. So the graph has the formula for batches of any
 * size, but no branch of the program: what depends on the batch otherwise, such as a number that it computes in arrays, is refused.
 * Any other custom layer says what it is in ONNX when it is registered:
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
     * Says what a custom layer is in ONNX, such as from a {@link beras.config.Registration}; for a class that was registered
     * before, the last call counts. What extends the class is the same, unless it is registered, too.
     *
     * @throws IllegalArgumentException if it is a layer of BERAS
     */
    public static <L extends Layer> void register(Class<L> layer, OnnxConversion<? super L> conversion) {
        OnnxLayers.register(layer, conversion);
    }

    /**
     * Saves a model alone, whole or not at all, and never replaces a file.
     *
     * @return what went into the file, and what did not
     * @throws IllegalArgumentException if a layer has no conversion to ONNX, such as a custom one that is not registered and does
     *     not compute by operations of tensors; all such are named, and before the file is opened
     * @throws FileAlreadyExistsException if the file is there
     * @throws IOException if it cannot be written
     */
    public static WeightReport save(Model model, Path file) throws IOException {
        return save(new SavedModel(model), file);
    }

    /** As {@link #save(Model, Path)}, with what makes its inputs from data and says what its outputs mean. */
    public static WeightReport save(SavedModel saved, Path file) throws IOException {
        Library.GSON.require(USER);
        try (TrainingLock saving = TrainingLock.ofSaving(saved.model().weights())) {
            OnnxWriter writer = new OnnxWriter(saved);
            WholeFile.write(file, false, writer::write);
            return writer.report();
        }
    }

    /**
     * Loads a net, such as the exporters of PyTorch and scikit-learn write. An operator becomes a layer of BERAS, or an
     * {@link OnnxOperator} where there is none. What turns outputs into labels is left away. What BERAS itself has exported, and
     * nobody has changed since, is the same model again, with its recipe and preprocessor.
     *
     * @throws ModelFormatException if the file is no file of ONNX, is damaged, has data in another file, or a graph that BERAS
     *     cannot compute; all missing operators are named
     * @throws IOException if it cannot be read
     */
    public static SavedModel load(Path file) throws IOException {
        return read(file).saved();
    }

    static Imported read(Path file) throws IOException {
        Library.GSON.require(USER);
        return FormatSupport.read(file, OnnxImport::read);
    }

    /** Makes {@link OnnxOperator} known to the registry of layers, for models that are saved with it. */
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

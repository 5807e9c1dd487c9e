/**
 * Model files in and out, and callbacks that write files. {@link beras.saving.ModelFile} saves and loads a
 * {@link beras.saving.SavedModel}: safetensors with all that belongs to the model in the metadata, from which a
 * {@link beras.saving.Predictor} predicts. Each {@link beras.saving.PortableFormat} of another program is a service in its own
 * package, with one public class: {@link beras.saving.pytorch.PyTorchFile}, {@link beras.saving.numpy.NumpyFile},
 * {@link beras.saving.onnx.OnnxFile}, and the one of Keras; they share {@link beras.saving.FormatSupport}.
 * {@link beras.saving.BackupAndRestore} keeps the state that resuming needs, {@link beras.saving.TensorBoard} and
 * {@link beras.saving.CSVLogger} log metrics. Model files need Gson, files of Keras also jHDF.
 *
 * <p>{@code OtherReaderTest} has Python read the files, {@code FuzzTest} changes them at random.
 */
package beras.saving;

/**
 * Model files in and out, and callbacks that write files. {@link beras.saving.ModelFile} saves and loads a
 * {@link beras.saving.SavedModel}: safetensors with all that belongs to the model in the metadata, from which a
 * {@link beras.saving.Predictor} predicts. Each {@link beras.saving.PortableFormat} of other programs is a service in a package
 * of its own, with one public class: {@link beras.saving.pytorch.PyTorchFile}, {@link beras.saving.numpy.NumpyFile},
 * {@link beras.saving.onnx.OnnxFile}, and that of Keras; {@link beras.saving.FormatSupport} is what they share.
 * {@link beras.saving.BackupAndRestore} keeps what a training needs to resume, {@link beras.saving.TensorBoard} and
 * {@link beras.saving.CSVLogger} log it. Model files need Gson, those of Keras also jHDF.
 *
 * <p>{@code OtherReaderTest} has Python read the files, {@code FuzzTest} changes them at random.
 */
package beras.saving;

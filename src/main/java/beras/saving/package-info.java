/**
 * Model files in and out, and callbacks that write files. {@link beras.saving.ModelFile} saves and loads a
 * {@link beras.saving.SavedModel}: safetensors with all that belongs to the model in the metadata, from which a
 * {@link beras.saving.Predictor} predicts. A {@link beras.saving.PortableFormat} is BERAS's own or one of other programs, for
 * which {@link beras.saving.PyTorchFile}, {@link beras.saving.NumpyFile} and {@link beras.saving.OnnxFile} are besides.
 * {@link beras.saving.BackupAndRestore} keeps what a training needs to go on. Model files need Gson, those of Keras also jHDF,
 * and {@link beras.saving.CSVLogger} needs Apache Commons CSV.
 *
 * <p>{@code OtherReaderTest} has Python read the files, {@code FuzzTest} changes them at random.
 */
package beras.saving;

/**
 * The commands that use a model: evaluate, predict, explain, relay, info, convert, serve.
 *
 * <h2>{@code predict digits.beras photo.png}</h2>
 *
 * <ol>
 * <li>{@code Main} keeps the kernels scalar, because vector code would not be compiled in time for a few pictures, and makes
 *     {@code PredictCommand}.
 * <li>The picture is read in the background ({@link beras.data.image.Picture}), while {@code Predictions.load} has the
 *     {@code saving.PortableFormat} of the file's ending read the model: a {@link beras.saving.SavedModel}.
 * <li>{@code Predictions.meaning} is its {@link beras.data.image.ImagePreprocessor}, or what follows from the shapes of its
 *     layers. It has the model's {@link beras.data.image.PictureForm}, a service, make an image of the picture: of a digit what
 *     MNIST would have made of it ({@code digits.DigitForm}).
 * <li>{@link beras.saving.Predictor} runs the model on as many images at a time as fit, and the preprocessor makes a
 *     {@link beras.prediction.Prediction} of each row of outputs.
 * <li>{@code ScoreCheck} looks whether scores are probabilities, and {@code PredictionWriter} writes labels, CSV or JSON lines.
 * </ol>
 *
 * <h2>{@code convert x.keras --out y.onnx}</h2>
 *
 * <ol>
 * <li>{@code ConvertCommand} asks {@code saving.PortableFormat}, whose services are found once, for the formats of both endings.
 * <li>{@code saving.keras.KerasFile} opens the zip, makes the layers of {@code config.json} by its table of classes
 *     ({@code KerasConfig}), and takes the weights from the HDF5 file in it: a {@link beras.saving.SavedModel} and a report of what
 *     was taken and what was lost.
 * <li>{@code saving.onnx.OnnxFile} writes the graph: what the preprocessor says of its inputs ({@link beras.prediction.Encoding})
 *     becomes the first operators, each layer those of its line in {@code OnnxLayers}, as messages of protobuf that are streamed
 *     into a {@link beras.files.WholeFile}: the file is there whole, or not at all.
 * <li>The command prints where each weight was and is, and what was lost.
 * </ol>
 */
package beras.cli.models;

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
 * <li>{@code Predictions.meaning} is its {@link beras.data.image.ImagePreprocessor}, or one derived from the shapes of its
 *     layers. It has the model's {@link beras.data.image.PictureForm}, a service, make an image of the picture: of a digit an
 *     image as in MNIST ({@code digits.DigitForm}).
 * <li>{@link beras.saving.Predictor} runs the model on as many images at a time as fit, and the preprocessor makes a
 *     {@link beras.prediction.Prediction} of each row of outputs.
 * <li>{@code ScoreCheck} checks whether scores are probabilities, and {@code PredictionWriter} writes labels, CSV or JSON
 * lines.
 * </ol>
 *
 * <h2>{@code convert x.keras --out y.onnx}</h2>
 *
 * <ol>
 * <li>{@code ConvertCommand} gets the formats of both endings from {@code saving.PortableFormat}, whose services are found
 * once.
 * <li>{@code saving.keras.KerasFile} opens the zip, makes the layers of {@code config.json} by its table of classes
 * ({@code KerasConfig}), and takes the weights from the HDF5 file in it: a {@link beras.saving.SavedModel} and a report of the
 * import and its losses.
 * <li>{@code saving.onnx.OnnxFile} writes the graph: the preprocessor's {@link beras.prediction.Encoding} becomes the first
 * operators, each layer those of its line in {@code OnnxLayers}, as messages of protobuf that are streamed into a
 * {@link beras.files.WholeFile}: the file is written atomically.
 * <li>The command prints the old and new place of each weight, and losses of the conversion.
 * </ol>
 */
package beras.cli.models;

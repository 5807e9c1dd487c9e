/**
 * Neural networks on the CPU in pure Java, vectorised with the Java Vector API.
 *
 * <p>The module needs {@code java.base} alone. For speed start Java with {@code --add-modules jdk.incubator.vector}; CSV,
 * model files, the server and the command line need the libraries named here as {@code static}. A program that saves models says
 * {@code requires com.google.gson;} in its own module, or starts Java with {@code --add-modules com.google.gson}.
 */
module beras {
    requires static jdk.incubator.vector;
    requires static org.apache.commons.csv;
    requires static org.apache.httpcomponents.core5.httpcore5;
    requires static com.google.gson;
    requires static info.picocli;
    requires static io.jhdf;
    requires static java.desktop;
    requires static java.management;
    requires static java.xml;
    requires static jdk.management;

    exports beras.autograd;
    exports beras.compute;
    exports beras.config;
    exports beras.constraints;
    exports beras.data;
    exports beras.data.image;
    exports beras.data.table;
    exports beras.data.text;
    exports beras.digits;
    exports beras.evaluation;
    exports beras.feed;
    exports beras.initializers;
    exports beras.layers.activations;
    exports beras.layers;
    exports beras.losses;
    exports beras.metrics;
    exports beras.models;
    exports beras.optimizers;
    exports beras.prediction;
    exports beras.regularizers;
    exports beras.saving;
    exports beras.saving.numpy;
    exports beras.saving.onnx;
    exports beras.saving.pytorch;
    exports beras.serve;
    exports beras.sources;
    exports beras.tables;
    exports beras.tensor;
    exports beras.training;

    uses beras.config.Registration;
    uses beras.data.image.PictureForm;
    uses beras.feed.Preprocessor.Maker;
    uses beras.saving.PortableFormat;
    provides beras.config.Registration with beras.saving.onnx.OnnxFile;
    provides beras.data.image.PictureForm with beras.digits.DigitForm;
    provides beras.feed.Preprocessor.Maker with beras.data.Preprocessors;
    provides beras.saving.PortableFormat
            with beras.saving.pytorch.PyTorchFile, beras.saving.numpy.NumpyFile, beras.saving.keras.KerasFile,
                    beras.saving.onnx.OnnxFile;

    opens beras.cli to info.picocli;
    opens beras.cli.data to info.picocli;
    opens beras.cli.models to info.picocli;
    opens beras.cli.options to info.picocli;
    opens beras.cli.shell to info.picocli;
    opens beras.cli.training to info.picocli;
}

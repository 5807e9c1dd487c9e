package beras.cli;

import beras.data.ImageFiles;
import beras.data.Images;
import beras.models.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code predict}: one digit a line. */
@Command(name = "predict", sortOptions = false,
        description = {"Reads images and prints the most likely class of each, one a line, and nothing else.",
            "For MNIST the class is the digit."},
        footer = {"", "Examples:",
            "  java --add-modules jdk.incubator.vector -jar beras.jar predict --model model.beras data/t10k-images-idx3-ubyte.gz",
            "  java --add-modules jdk.incubator.vector -jar beras.jar predict --model model.beras message.csv"})
final class PredictCommand implements Callable<Integer> {

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "A model that `train` has saved.")
    private Path model;

    @Parameters(paramLabel = "IMAGES", description = "Images in IDX or CSV (pixels 0 to 255; a label column is passed over),"
            + " plain or gzip.")
    private Path file;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    private final Console console;

    PredictCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Model net = Predictions.load(model).model();
        Images images = ImageFiles.open(file);
        Predictions.requireFit(net, model, images, file);
        StringBuilder lines = new StringBuilder();
        for (int digit : Predictions.classes(net, images)) {
            lines.append(digit).append(System.lineSeparator());
        }
        console.out().print(lines);
        console.out().flush();
        return Exit.DONE;
    }
}

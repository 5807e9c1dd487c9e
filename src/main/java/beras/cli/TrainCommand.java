package beras.cli;

import beras.data.Images;
import beras.data.Mnist;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
import beras.kernels.Threads;
import beras.metrics.CategoricalAccuracy;
import beras.models.DivergedException;
import beras.models.FitOptions;
import beras.models.Sequential;
import beras.optimizers.Optimizer;
import beras.saving.ModelFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train}: learns from MNIST, or from any set in its form, and saves the model. */
@Command(name = "train", showDefaultValues = true, sortOptions = false,
        description = {"Trains a net on MNIST, or any set in its form, and saves it.",
            "After each epoch it reports loss and accuracy on the training and on the test images. The same options and seed"
                + " give the same weights, bit by bit, on any machine and with any number of threads."},
        footer = {"", "Examples:",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train --epochs 10 --layers 256:relu,128:relu,10:softmax",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train --loss mse --out mse.beras --force",
            "  java --add-modules jdk.incubator.vector -jar beras.jar train --json --validation-split 0.1 --threads 1",
            "", "Ctrl-C ends training after the current batch, and the model as of then is saved."})
final class TrainCommand implements Callable<Integer> {

    @Option(names = "--data", paramLabel = "FOLDER", defaultValue = TrainDefaults.DATA,
            description = "Folder with the four IDX files, plain or gzip.")
    private Path data;

    @Option(names = "--layers", paramLabel = "UNITS:ACTIVATION,...", defaultValue = TrainDefaults.LAYERS,
            description = "The net. Activations: relu, leaky_relu, sigmoid, softmax, linear.")
    private LayerStack layers;

    @Option(names = "--initializer", paramLabel = "NAME", defaultValue = TrainDefaults.INITIALIZER,
            description = "First weights: zeros, normal, glorot_uniform, glorot_normal, he_uniform, he_normal.")
    private String initializer;

    @Option(names = "--loss", paramLabel = "NAME", defaultValue = TrainDefaults.LOSS,
            description = "cross-entropy (or categorical_crossentropy) or mse.")
    private LossChoice loss;

    @Option(names = "--optimizer", paramLabel = "NAME", defaultValue = TrainDefaults.OPTIMIZER,
            description = "adam, rmsprop or sgd.")
    private OptimizerChoice optimizer;

    @Option(names = "--learning-rate", paramLabel = "RATE",
            description = "Size of a step; the default is " + TrainDefaults.ADAM_RATE + " for adam, "
                + TrainDefaults.RMSPROP_RATE + " for rmsprop, " + TrainDefaults.SGD_RATE + " for sgd.")
    private Float learningRate;

    @Option(names = "--batch-size", paramLabel = "N", defaultValue = TrainDefaults.BATCH_SIZE,
            description = "Images per step.")
    private int batchSize;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = TrainDefaults.EPOCHS,
            description = "How often to go through the images.")
    private int epochs;

    @Option(names = "--seed", paramLabel = "N", defaultValue = TrainDefaults.SEED,
            description = "Decides the first weights and the order of the images.")
    private long seed;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to use at most; one for each processor by default.")
    private Integer threads;

    @Option(names = "--validation-split", paramLabel = "SHARE", defaultValue = TrainDefaults.VALIDATION_SPLIT,
            description = "Share of the training images, from the end, that is kept apart for validation.")
    private double validationSplit;

    @Option(names = "--out", paramLabel = "FILE", defaultValue = TrainDefaults.MODEL, description = "Where the model goes.")
    private Path out;

    @Option(names = "--force", description = "Replace that file if it exists.")
    private boolean force;

    @Option(names = "--json", description = "Print one JSON object a line: one per epoch, then a summary.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final Console console;

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Initializer firstWeights = Usage.check(spec, "--initializer", () -> Initializers.of(initializer));
        float rate = learningRate == null ? optimizer.defaultRate() : learningRate;
        Optimizer steps = Usage.check(spec, "--learning-rate", () -> optimizer.make(rate));
        FitOptions options = Usage.check(spec, "--batch-size", () -> new FitOptions().batchSize(batchSize))
                .epochs(epochs()).seed(seed);
        if (!(validationSplit >= 0 && validationSplit < 1)) {
            throw Usage.invalid(spec, "--validation-split",
                    "it must be at least 0 and below 1. Received: " + validationSplit);
        }
        if (loss == LossChoice.CROSS_ENTROPY && !layers.endsInProbabilities()) {
            throw Usage.invalid(spec, "--loss", "cross-entropy needs probabilities: end --layers with softmax or sigmoid,"
                    + " or take --loss mse. Received: " + layers);
        }
        Usage.requirePlace(spec, "--out", out, force);
        Background<Mnist> loading = Background.start("beras-data", () -> Mnist.load(data));
        String backend = console.backend();
        if (threads != null) {
            Usage.check(spec, "--threads", () -> {
                Threads.set(threads);
                return threads;
            });
        }
        console.err().println("BERAS " + Version.get() + " on " + backend + "; " + Text.count(Threads.count(), "thread"));
        Mnist mnist = loading.get();

        int kept = (int) Math.floor(mnist.train().count() * (1 - validationSplit));
        Images training = mnist.train().slice(0, kept);
        if (training.count() == 0 || mnist.test().count() == 0) {
            throw new Failure(Exit.BAD_DATA, data + ": at least one image to train on and one to test on are needed."
                    + " Received: " + training.count() + " and " + mnist.test().count());
        }
        if (validationSplit > 0) {
            options = options.validationData(mnist.train().slice(kept, mnist.train().count()));
        }
        if (layers.outputs() != training.classes()) {
            throw new Failure(Exit.BAD_DATA, data + " has " + training.classes()
                    + " classes, so the last layer needs as many units. Received: --layers " + layers);
        }
        Sequential model = Usage.check(spec, "--layers",
                () -> layers.build(training.inputShape().size(), firstWeights, seed));
        model.compile(steps, loss.make(), new CategoricalAccuracy());
        return train(model, training, mnist.test(), options, provenance(rate, training.count()), backend);
    }

    private int epochs() {
        if (epochs < 1) {
            throw Usage.invalid(spec, "--epochs", "it must be at least 1. Received: " + epochs);
        }
        return epochs;
    }

    private Map<String, String> provenance(float rate, int examples) {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("beras", Version.get());
        provenance.put("data", data.toString());
        provenance.put("examples", Integer.toString(examples));
        provenance.put("layers", layers.toString());
        provenance.put("initializer", initializer);
        provenance.put("loss", loss.toString());
        provenance.put("optimizer", optimizer.toString());
        provenance.put("learning_rate", Float.toString(rate));
        provenance.put("batch_size", Integer.toString(batchSize));
        provenance.put("epochs", Integer.toString(epochs));
        provenance.put("seed", Long.toString(seed));
        provenance.put("validation_split", Double.toString(validationSplit));
        return provenance;
    }

    private int train(Sequential model, Images training, Images test, FitOptions options, Map<String, String> provenance,
            String backend) throws IOException {
        try (Interruption interruption = new Interruption()) {
            TrainReport report = new TrainReport(console, interruption, model, test, training.count(), epochs, json);
            try {
                model.fit(training, options.callbacks(report));
            } catch (TrainReport.Stopped stop) {
                report.closeProgress();
                provenance.put("interrupted", stop.getMessage());
                ModelFile.save(model, out, provenance, force);
                console.err().println("Interrupted at " + stop.getMessage() + ". The model as of then is saved in " + out);
                return Exit.INTERRUPTED;
            } catch (DivergedException e) {
                throw new Failure(Exit.DIVERGED, e.getMessage() + ". No model is saved");
            } finally {
                report.closeProgress();
            }
            ModelFile.save(model, out, provenance, force);
            if (json) {
                printSummary(model, report, backend);
            } else {
                printNextSteps(report);
            }
            return Exit.DONE;
        }
    }

    private void printSummary(Sequential model, TrainReport report, String backend) throws IOException {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("epochs", epochs);
        summary.putAll(report.last());
        summary.put("seconds", report.seconds());
        long now = System.currentTimeMillis(); // before the management beans are loaded, which takes a while
        summary.put("seconds_since_start", (now - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3);
        summary.put("backend", backend);
        summary.put("threads", Threads.count());
        summary.put("seed", seed);
        summary.put("weights_sha256", ModelFile.weightsSha256(model));
        summary.put("model", out.toString());
        JsonLines.print(console.out(), Map.of("summary", summary));
    }

    private void printNextSteps(TrainReport report) throws IOException {
        String model = "--model " + Text.quote(out);
        String images = "IMAGES";
        try (DirectoryStream<Path> tests = Files.newDirectoryStream(data, "t10k-images*")) {
            for (Path file : tests) {
                images = Text.quote(file);
            }
        }
        console.out().println("Test accuracy " + Text.decimals(report.last().get("test_accuracy"), 4) + " after "
                + Text.count(epochs, "epoch") + " and " + Text.decimals(report.seconds(), 2)
                + " s of training. The model is in " + out);
        console.out().println("Next:");
        console.out().println("  " + Text.command("evaluate " + model + " --data " + Text.quote(data)
                + " --pictures digits.png"));
        console.out().println("  " + Text.command("predict " + model + " " + images));
    }
}

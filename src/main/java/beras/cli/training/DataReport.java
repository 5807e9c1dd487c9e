package beras.cli.training;

import beras.cli.data.ColumnTable;
import beras.cli.options.TableTypes;
import beras.cli.terminal.Console;
import beras.cli.terminal.StandardInput;
import beras.cli.terminal.Text;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.feed.Batches;
import beras.files.Background;
import beras.models.DataSource;
import beras.models.Model;
import beras.models.TrainingData;
import beras.models.TrainingSet;
import beras.report.RunReports.HeldOutData;
import beras.saving.ModelFile;
import beras.saving.Predictor;
import beras.sources.ArrayData;
import beras.sources.ArrayFiles;
import beras.sources.PictureSource;
import beras.sources.TextSource;
import beras.tables.PreparedTable;
import beras.tables.TableTraining;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the data of a training command, and prints a description. */
public final class DataReport {

    /**
     * Reads the data, in the background of other work if that is no work for all threads, starts the kernels, and prints a description.
     */
    static TrainingData read(DataSource source, TrainOptions options, Console console, Runnable meanwhile) throws Exception {
        List<String> remarks = new ArrayList<>();
        Background<TrainingData> reading = source.readsInParallel() ? null // later, by all threads
                : Background.start("beras-data", () -> source.read(remarks::add));
        meanwhile.run();
        console.start(options.place.threads);
        TrainingData read = reading == null ? source.read(console.progress()) : reading.get();
        remarks.forEach(console.err()::println);
        if (read instanceof PreparedTable table) {
            TableTraining training = (TableTraining) source;
            boolean compares = training.comparesDistributions(table);
            if (compares) {
                console.err().println("Comparing distributions of the target on held-out rows ...");
            }
            PreparedTable chosen = training.choose(table, console.err()::println);
            if (compares) { // as if it were given, so that the options of the run have it
                options.table.distribution = TableTypes.word(((TableTarget.Regression) chosen.schema().target()).distribution());
            }
            describe(chosen.schema(), options, console);
            return chosen;
        }
        if (read instanceof ArrayData arrays) {
            console.err().println(options.data + ": " + (arrays.isRegression() ? "numbers are predicted"
                    : "one of " + arrays.labels().size() + " labels is predicted") + ", as "
                    + arrays.reason().map(reason -> reason + " (--task overrides that)").orElse("requested"));
        }
        return read;
    }

    // ----------------------------------------------------------------------------------------------------- tables

    /** Prints the types of the columns of a table. */
    public static void describe(TableSchema schema, TrainOptions options, Console console) {
        console.err().println(describe(schema.target(), options));
        boolean again = !StandardInput.isNamedBy(options.data);
        String inspect = again ? Text.command("inspect " + Text.quote(options.data) + " --target "
                + Text.quote(options.table.target) + options.table.saidToInspect()) : "inspect";
        ColumnTable.of(schema).shortLines(options.crossValidate != null ? inspect
                : "info " + Text.quote(options.place.out()) + " when it is there"
                + (again ? ", or now by " + inspect : ""), console.terminal().width())
                .forEach(console.err()::println);
    }

    private static String describe(TableTarget target, TrainOptions options) {
        String why;
        String what;
        if (target instanceof TableTarget.Labels labels) {
            what = "classification: " + target.name() + " is one of " + labels.labels().size() + " labels";
            why = labels.areNumbers() ? "its values are whole numbers, and these are few"
                    : "its values are text";
        } else {
            what = "regression: " + target.name() + " is a number";
            why = "its values are numbers, and many or not whole";
        }
        return "Task: " + what + ", as " + (options.table.task == null ? why + " (--task overrides that)" : "requested");
    }

    // ------------------------------------------------------------------------------------------------- afterwards

    /** The held-out examples to judge the model by. */
    public static HeldOutData heldOut(TrainingData data, TrainingSet set, Model model) {
        int batch = Predictor.batchSize(data.inputShape());
        int nets = model.nets().size();
        return data.test().isPresent()
                ? new HeldOutData("test examples", Optional.of(Batches.of(data.test().get(), batch)), data.labels(),
                        Optional.empty())
                : new HeldOutData("examples to validate", set.validation(batch, nets), data.labels(),
                        data instanceof PreparedTable table ? Optional.of(places -> table.heldOut(places, nets))
                                : Optional.empty());
    }

    /** Commands that may come next, without the name of the jar; {@code model} is its file. */
    public static List<String> next(DataSource source, TrainOptions options, String model) throws IOException {
        String data = " --data " + Text.quote(options.data);
        if (source instanceof PictureSource pictures) {
            return List.of("evaluate " + model + data + " --pictures pictures.png",
                    "predict " + model + " " + Text.quote(pictures.example()));
        }
        if (source instanceof TextSource) {
            return List.of("generate " + model, "evaluate " + model + data);
        }
        if (TrainCommand.isTable(options)) {
            return nextOfTable(source.holdsOut(), options, model, data + options.table.file.said());
        }
        if (ArrayFiles.isNamedSo(options.data)) {
            return List.of("evaluate " + model + data, "predict " + model + data + " --out outputs.npy");
        }
        String images = "IMAGES";
        try (DirectoryStream<Path> tests = Files.newDirectoryStream(options.data, "t10k-images*")) {
            for (Path file : tests) {
                images = Text.quote(file);
            }
        }
        return List.of("evaluate " + model + data + " --pictures digits.png", "predict " + model + " " + images);
    }

    private static List<String> nextOfTable(boolean holdsOut, TrainOptions options, String model, String data) {
        if (options.place.out != null && !ModelFile.keepsPreprocessor(options.place.out)) {
            return List.of(); // no command can make its inputs
        }
        List<String> next = new ArrayList<>();
        if (options.table.validationData != null) {
            next.add("evaluate " + model + " --data " + Text.quote(options.table.validationData) + options.table.file.said());
        } else if (holdsOut) {
            next.add("evaluate " + model + data + " --rows validation");
        }
        next.add("predict " + model + data + " --out predictions.csv");
        return next;
    }

    private DataReport() {}
}

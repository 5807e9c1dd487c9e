package beras.cli.models;

import beras.cli.options.BaseCommand;
import beras.cli.options.DataKind;
import beras.cli.options.TableFileOptions;
import beras.cli.options.TableTypes;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.StandardInput;
import beras.data.ArrayPreprocessor;
import beras.data.DataException;
import beras.data.image.ImageFiles;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.data.image.Picture;
import beras.data.image.PictureFolder;
import beras.data.table.NamedValues;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.feed.Preprocessor;
import beras.files.Background;
import beras.files.Excerpt;
import beras.files.WholeFile;
import beras.models.Model;
import beras.prediction.ConformalSets;
import beras.prediction.Prediction;
import beras.prediction.PredictionFields;
import beras.saving.Predictor;
import beras.saving.SavedModel;
import beras.saving.numpy.NumpyFile;
import beras.sources.ArrayFiles;
import beras.sources.PictureSource;
import beras.tables.TableModel;
import beras.tables.TablePredictions;
import beras.tables.TablePredictions.Row;
import beras.tensor.Tensor;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code predict}: one digit a line, or one row of a table. */
@Command(name = PredictCommand.NAME, header = "Predicts images, rows of a table or arrays.", sortOptions = false,
        description = {"Reads images and prints the most likely class of each, one a line, and nothing else. For MNIST the"
            + " class is the digit, or \"no digit\" for what is below the bound of --reject; in JSON lines its class is null, and"
            + " closest names the most likely one.",
            "For a model of a table, reads rows and writes as many as CSV or JSON lines: the number of the row, from 1, and the"
                + " predicted label, or the number in units of the table. Columns are found by name; others, and the target, are ignored. A"
                + " category that was not trained on counts as a rare one if there were such in training, else as none; a"
                + " missing number counts as the mean. How many there were is printed on standard error."},
        footer = {"", "Examples:",
            "  beras predict model.beras"
                + " data/t10k-images-idx3-ubyte.gz",
            "  beras predict model.beras message.csv",
            "  beras predict model.beras photo1.png photo2.jpg",
            "  beras predict model.keras --data x.npy --out y.npy",
            "  beras predict model.beras --data rows.csv --keep id \\",
            "      --probabilities --out predictions.csv"})
public final class PredictCommand extends BaseCommand {

    public static final String NAME = "predict";

    private static final String STANDARD_OUTPUT = "-";
    /** Pictures that are predicted in less time than vector code takes to be compiled. */
    private static final int FEW_PICTURES = 16;
    private static final String ALL = "all";
    /** Options of files that hold no images. */
    private static final Set<String> FILES = Set.of("--out", "--config");
    /** The column of predictions of images. */
    private static final String CLASS = "class";
    private static final String VALUE = "prediction";
    /** The column of the names of files. */
    private static final String FILE = "file";
    /** So many files that could not be read are named. */
    private static final int MAX_PROBLEMS = 10;
    private static final int BUFFER = 1 << 16;

    @Mixin
    private final ModelArgument modelFile = new ModelArgument();

    @Parameters(index = "1..*", paramLabel = "IMAGES", arity = "0..*", description = "Images in IDX, plain or gzip; pictures, as PNG, JPEG,"
            + " BMP or GIF, or folders of such; or the inputs in NumPy's .npy, or as x or x_test in its .npz. Predictions of several files follow each other.")
    private List<Path> images = List.of();

    @Option(names = "--data", paramLabel = "FILE", description = "The same, or a table with the columns that the model needs;"
            + " - is standard input.")
    private Path data;

    @Mixin
    private final TableFileOptions table = new TableFileOptions();

    @Option(names = "--out", paramLabel = "FILE", description = "Where predictions go; - or nothing is standard output. An .npy"
            + " takes all that the network gives for images or arrays, as it gives it: logits, if it ends in such, and no"
            + " temperature or bound.")
    private Path out;

    @Option(names = "--force", description = "Replace that file if it exists.")
    private boolean force;

    @Option(names = "--probabilities", description = "Add the probability of each label or class.")
    private boolean probabilities;

    @DataKind.For(DataKind.TABLE)
    @Option(names = "--strict", description = "Tables: refuse categories that the model does not list, and missing values where"
            + " training had none.")
    private boolean strict;

    @Mixin
    private final ThresholdOptions threshold = new ThresholdOptions();

    @Mixin
    private final RejectOption reject = new RejectOption();

    @Mixin
    private final IntervalOption interval = new IntervalOption();

    @DataKind.For(DataKind.TABLE)
    @Option(names = "--keep", paramLabel = "COLUMN,...|all", description = "Tables: copy these columns into the output, before what is"
            + " predicted; all takes all. Names with commas need quotes, such as '\"size, cm\"'.")
    private String keep;

    @Option(names = "--format", paramLabel = "FORMAT", description = "csv or jsonl, one JSON object a line; by default by the name"
            + " of --out, else csv, and for images without probabilities the class alone.")
    private String format;

    /** The model's output, {@code (1, outputs)}, for an example of a file; empty if that cannot be read. */
    private record Example(String file, Optional<Tensor> output) {}

    private final List<Example> examples = new ArrayList<>();
    private final List<String> problems = new ArrayList<>(); // of files that cannot be read
    private boolean ofPictures;
    private Background<Picture> first; // that is read while the model is; null: none

    /** Whether these arguments request the predictions of a few pictures. */
    public static boolean isOfFewPictures(String[] args) {
        int pictures = 0;
        int models = 0;
        for (int i = 1; i < args.length && pictures <= FEW_PICTURES; i++) {
            boolean isPicture = isPicture(args[i]);
            File file = new File(args[i]);
            models += file.isFile() && !isPicture && !FILES.contains(args[i - 1]) ? 1 : 0;
            if (file.isDirectory() || models > 1) {
                return false; // which may hold many
            }
            pictures += args[i].startsWith("-") || !isPicture ? 0 : 1;
        }
        return pictures > 0 && pictures <= FEW_PICTURES;
    }

    private static boolean isPicture(String name) {
        try {
            return Picture.isPicture(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Override
    public Integer call() throws Exception {
        List<Path> files = input();
        boolean toFile = out != null && !out.toString().equals(STANDARD_OUTPUT);
        if (toFile) {
            Usage.requirePlace(spec, "--out", out, force);
            Usage.requireApart(spec, "--out", out, Stream.concat(Stream.of(modelFile.path), files.stream()).toList());
        }
        console.backend(); // refuses wrong system properties
        if (Picture.isPicture(files.get(0))) {
            first = Background.start("beras-picture", () -> Picture.read(files.get(0)));
        }
        SavedModel saved = Predictions.requireNoText(Predictions.load(modelFile.path), modelFile.path);
        TableSchema schema = Predictions.schema(saved, modelFile.path).orElse(null);
        requireSense(saved, schema);
        if (schema != null && files.size() > 1) {
            throw new ParameterException(spec.commandLine(), "One table is predicted at a time. Received: " + files.get(0) + " and "
                    + files.get(1));
        }
        Optional<Function<Prediction, String>> rendering =
                schema == null ? Optional.empty() : threshold.rendering(spec, schema.target());
        Optional<ConformalSets> sets = interval.sets(spec, saved, modelFile.path);
        PredictionWriter.Format chosen = format();
        Optional<List<String>> kept = kept();
        if (schema == null) {
            read(saved, files);
        }
        if (writesArray()) {
            if (!problems.isEmpty()) {
                throw new DataException(problems.get(0) + ". An array has no place for files that cannot be read");
            }
            Tensor outputs = Tensor.concatenate(0, examples.stream().flatMap(each -> each.output.stream()).toArray(Tensor[]::new));
            if (force) {
                NumpyFile.replace(outputs, out);
            } else {
                NumpyFile.save(outputs, out);
            }
            return Exit.DONE;
        }
        WholeFile.Contents contents = stream -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), BUFFER);
            ScoreCheck check = new ScoreCheck(modelFile.path, saved, needsProbabilities(), console);
            if (schema == null) {
                Preprocessor meaning = ofNumbers(saved).isPresent() ? ofNumbers(saved).get() : Predictions.meaning(saved, modelFile.path);
                writeAll(meaning, reject.bound(spec, saved).orElse(0), check, chosen, writer);
            } else {
                TableTarget target = schema.target();
                try (TablePredictions rows = TableModel.of(saved).predict(table.of(spec, files.get(0)))) {
                    List<String> columns = kept.orElseGet(rows::columns);
                    writeRows(rows, columns, new PredictionWriter(chosen, writer, target.name(), probabilities ? target.labels() : List.of(),
                            new PredictionFields(rendering.orElse(target::render), sets), columns), check, writer);
                }
            }
            writer.flush();
        };
        if (toFile) {
            WholeFile.write(out, force, contents);
        } else {
            contents.writeTo(console.results());
        }
        problems.stream().limit(MAX_PROBLEMS).forEach(problem -> console.err().println("beras: " + problem));
        if (problems.size() > MAX_PROBLEMS) {
            console.err().println("beras: " + (problems.size() - MAX_PROBLEMS) + " more files could not be read");
        }
        return problems.isEmpty() ? Exit.DONE : Exit.BAD_DATA;
    }

    private List<Path> input() {
        if (images.isEmpty() && data == null) {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'IMAGES', or --data with a table");
        }
        if (!images.isEmpty() && data != null) {
            throw new ParameterException(spec.commandLine(), "Files to predict are named with --data or without. Received: "
                    + images.get(0) + " and --data " + data);
        }
        return images.isEmpty() ? List.of(data) : images;
    }

    private PredictionWriter.Format format() {
        if (format != null) {
            return Usage.check(spec, "--format", () -> TableTypes.valueOf(PredictionWriter.Format.class, "a format", format));
        }
        boolean isJsonByName = out != null && (out.toString().endsWith(".jsonl") || out.toString().endsWith(".ndjson"));
        return isJsonByName ? PredictionWriter.Format.JSONL : PredictionWriter.Format.CSV;
    }

    /** An option that makes sense of probabilities alone. */
    private Optional<String> needsProbabilities() {
        if (probabilities) {
            return Optional.of("--probabilities");
        }
        return reject.bound(spec).orElse(0) > 0 ? Optional.of(RejectOption.NAME)
                : threshold.threshold().map(any -> "--threshold");
    }

    private boolean writesArray() {
        return out != null && ArrayFiles.isArray(out);
    }

    /** The columns to keep; empty: all. */
    private Optional<List<String>> kept() {
        return keep == null ? Optional.of(List.of()) : keep.strip().equals(ALL) ? Optional.empty()
                : Optional.of(Usage.check(spec, "--keep", () -> NamedValues.names(keep)));
    }

    private void requireSense(SavedModel saved, TableSchema schema) {
        reject.bound(spec);
        List<String> labels = schema != null ? schema.target().labels() : ofNumbers(saved).map(ArrayPreprocessor::labels).orElse(null);
        Optional<String> needing = needsProbabilities().filter(option -> schema == null || probabilities);
        if (labels != null && labels.isEmpty() && needing.isPresent()) {
            throw Usage.invalid(spec, needing.get(), "it applies to models that predict labels. Remove it");
        }
        if (schema == null) {
            DataKind.IMAGES.requireOptions(spec);
        } else {
            DataKind.TABLE.requireOptions(spec);
        }
        if (schema != null && writesArray()) {
            throw Usage.invalid(spec, "--out", "arrays are for models of images and of arrays. Take another name, such as "
                    + out + ".csv");
        }
        if (writesArray() && reject.bound(spec).isPresent()) {
            throw Usage.invalid(spec, RejectOption.NAME, "an array has the outputs of the network alone. Remove it,"
                    + " or give --out another name, such as " + out + ".csv");
        }
        if (out != null && !ArrayFiles.isArray(out) && ArrayFiles.isNamedSo(out)) {
            throw Usage.invalid(spec, "--out", "predictions are one array. Take a name that ends with .npy. Received: " + out);
        }
    }

    /** Predicts the examples of all files; of several files unreadable ones have no output. */
    private void read(SavedModel saved, List<Path> files) throws Exception {
        for (Path file : files) {
            try {
                examples.addAll(read(saved, file, examples.isEmpty() ? first : null));
            } catch (DataException e) {
                if (files.size() == 1) {
                    throw e;
                }
                examples.add(new Example(file.toString(), Optional.empty()));
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty() && examples.stream().allMatch(each -> each.output.isEmpty())) {
            throw new DataException(String.join("; ", problems.subList(0, Math.min(MAX_PROBLEMS, problems.size()))));
        }
    }

    /** @param picture that is in the file, if it is read already; null: it is not, or is none */
    private List<Example> read(SavedModel saved, Path file, Background<Picture> picture) throws Exception {
        Model applied = writesArray() ? saved.model() : saved.probabilities();
        if (ArrayFiles.isNamedSo(file)) {
            Predictions.requireOneClassifier(applied, modelFile.path);
            Optional<ArrayPreprocessor> numbers = ofNumbers(saved);
            Tensor outputs = Predictor.outputs(applied, ArrayFiles.inputs(file, applied.inputShape(), numbers.isEmpty(),
                    console.progress()));
            return examples(Collections.nCopies(outputs.dim(0), file.toString()), Set.of(),
                    writesArray() && numbers.isPresent() ? numbers.get().restore(outputs) : outputs);
        }
        ImagePreprocessor meaning = Predictions.meaning(saved, modelFile.path);
        ofPictures |= Files.isDirectory(file) || Picture.isPicture(file);
        List<String> names = new ArrayList<>();
        PictureFolder.Read pictures = Files.isDirectory(file)
                ? PictureSource.all(file, meaning, names::add, console.progress()) : null;
        Images read = pictures != null ? pictures.images() : picture != null ? ImageFiles.of(picture.get(), file.toString(), meaning)
                : StandardInput.isNamedBy(file) ? ImageFiles.open(StandardInput.stream(), StandardInput.NAME, meaning)
                : ImageFiles.open(file, meaning);
        Predictions.requireFit(applied, modelFile.path, read, file);
        Predictions.sayScaling(saved, modelFile.path, console);
        Tensor outputs = Predictor.outputs(applied, read.count(), (from, to) -> read.slice(from, to).inputs());
        if (pictures == null) {
            return examples(Collections.nCopies(read.count(), file.toString()), Set.of(), outputs);
        }
        pictures.summary().ifPresent(problems::add);
        return examples(names, pictures.problems().keySet(), outputs);
    }

    private static List<Example> examples(List<String> files, Set<Integer> unread, Tensor outputs) {
        List<Example> examples = new ArrayList<>();
        int row = 0;
        for (int i = 0; i < files.size(); i++) {
            examples.add(new Example(files.get(i), unread.contains(i) ? Optional.empty() : Optional.of(outputs.slice(row, ++row))));
        }
        return examples;
    }

    /** The preprocessor of a model that was trained on arrays of numbers; empty for others. */
    private static Optional<ArrayPreprocessor> ofNumbers(SavedModel saved) {
        return saved.preprocessor().filter(ArrayPreprocessor.class::isInstance).map(ArrayPreprocessor.class::cast);
    }

    private void writeRows(TablePredictions rows, List<String> columns, PredictionWriter predictions, ScoreCheck check, Writer writer)
            throws IOException {
        if (strict) {
            rows.strict();
        }
        rows.keep(columns);
        for (List<Row> batch = rows.next(); !batch.isEmpty(); batch = rows.next()) {
            for (Row row : batch) {
                check.look(row.prediction());
                predictions.write(row.number(), row.cells(), Optional.of(row.prediction()));
            }
            writer.flush(); // for who reads through a pipe while rows still come
        }
        rows.remarks(" (--strict refuses it)").forEach(console.err()::println);
    }

    private void writeAll(Preprocessor meaning, double bound, ScoreCheck check, PredictionWriter.Format chosen, Writer writer)
            throws IOException {
        List<Optional<Prediction>> predictions = new ArrayList<>();
        for (Example example : examples) {
            predictions.add(example.output.map(output -> Failure.blaming(modelFile.path + ": example " + predictions.size(),
                    () -> meaning.decode(output.data(), output.offset())).rejectedBelow(bound)));
            predictions.get(predictions.size() - 1).ifPresent(check::look);
        }
        String rejection = meaning instanceof ImagePreprocessor images ? images.rejection() : "no label";
        Optional<Prediction> any = predictions.stream().flatMap(Optional::stream).findFirst();
        boolean classes = any.map(Prediction::isLabel).orElse(true);
        boolean alone = !probabilities && format == null && chosen == PredictionWriter.Format.CSV;
        boolean named = ofPictures || Set.copyOf(examples.stream().map(Example::file).toList()).size() > 1;
        PredictionWriter rows = alone ? null : new PredictionWriter(chosen, writer, classes ? CLASS : VALUE,
                probabilities && any.isPresent() ? List.copyOf(any.get().scores().keySet()) : List.of(),
                new PredictionFields(each -> text(each, rejection), Optional.empty()),
                named ? List.of(FILE) : List.of());
        for (int i = 0; i < predictions.size(); i++) {
            if (alone) { // a label with a line end is one line, too
                String text = predictions.get(i).map(each -> text(each, rejection)).orElse("");
                writer.write(Excerpt.printable(text) + '\n');
            } else {
                rows.write(i + 1L, named ? List.of(examples.get(i).file) : List.of(), predictions.get(i));
            }
        }
    }

    /** A number in all digits of a float. */
    private static String text(Prediction prediction, String rejection) {
        return prediction.isRejected() ? rejection : prediction.isLabel() ? prediction.label()
                : Float.toString((float) prediction.value());
    }
}

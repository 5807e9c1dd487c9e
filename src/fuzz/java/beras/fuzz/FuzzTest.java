package beras.fuzz;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.ConfigText;
import beras.config.InvalidDataException;
import beras.data.DataException;
import beras.data.image.Idx;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.data.image.Picture;
import beras.data.image.PictureForm;
import beras.data.image.WrittenImages;
import beras.data.table.Table;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.data.table.Workbooks;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Input;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.BackupAndRestore;
import beras.saving.ModelBytes;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import beras.saving.bytes.SafetensorsReading;
import beras.saving.keras.KerasBytes;
import beras.saving.numpy.NumpyFile;
import beras.saving.onnx.OnnxBytes;
import beras.saving.onnx.OnnxFile;
import beras.saving.pytorch.PyTorchFile;
import beras.serve.HttpBytes;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.DivergedException;
import beras.training.EarlyStopping;
import beras.training.LambdaCallback;
import beras.training.Recipe;
import beras.training.Training;
import beras.training.TrainingState;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads files that were changed at random: each is read, or refused by the exception that its reader declares, in a moment.
 * {@code -Dberas.fuzz=200000} sets how many of each kind, {@code -Dberas.fuzz.out=FILE} adds what came out to a CSV file.
 */
@Tag("fuzz")
public class FuzzTest {

    /** How many files of each kind, and how many pages. */
    public static final int COUNT = Integer.getInteger("beras.fuzz", 300);
    private static final String OUT = System.getProperty("beras.fuzz.out");
    static final long SEED = Long.getLong("beras.fuzz.seed", 1);
    private static final int MOST_SECONDS = 10;
    private static final Path SAVED = Path.of("src/test/resources/beras/saving");
    private static final Path KERAS = Path.of("src/test/resources/keras");
    private static final Path TABLES = Path.of("src/test/resources/tables");
    private static final Path ONNX = Path.of("src/test/resources/onnx");
    private static final Tensor X = Tensor.generate(i -> i % 7 / 7f, 4, 4);
    private static final Tensor Y = Tensor.generate(i -> i / 3 % 3 == i % 3 ? 1 : 0, 4, 3);
    private static final Recipe RECIPE = new Recipe().layers("dense(3), batch_norm, relu, dropout(0.5), dense(3, softmax)")
            .loss("cross-entropy").metrics("accuracy", "f1_score").optimizer("adam(0.01)").epochs(2).batchSize(2);
    /** A file that is read, and should not be, is a find; one reader in a million may take a harmless change. */
    private static final String ACCEPTED = "read";

    /** Reads a file; what it may throw is declared by {@link Kind}. */
    interface Reading {
        void read(Path file) throws Exception;
    }

    /** Makes what protects a file, such as a checksum, right again after a change. */
    interface Repair {
        byte[] repair(byte[] bytes);
    }

    /**
     * A kind of file.
     *
     * @param suffix   of the file's name
     * @param declared what its reader may throw
     */
    record Kind(String name, String suffix, List<byte[]> good, Repair repair, Reading reading,
            List<Class<? extends Exception>> declared) {

        /** Whether a checksum finds every change. */
        boolean isGuarded() {
            return reading == LOAD && repair == NONE && !suffix.equals(".keras"); // a zip has bytes that nobody reads
        }

        /** Whether the reader declares that it refuses a file so. */
        boolean declares(Throwable thrown) {
            return declared.contains(thrown.getClass());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final Reading LOAD = ModelFile::load;
    private static final Repair NONE = bytes -> bytes;

    static Stream<Kind> kinds() throws IOException {
        List<byte[]> trained = List.of(trained());
        List<Class<? extends Exception>> format = List.of(ModelFormatException.class);
        List<Class<? extends Exception>> data = List.of(DataException.class);
        List<Class<? extends Exception>> argument = List.of(IllegalArgumentException.class);
        List<byte[]> tables = List.of(
                text("id,size,colour,b\n1,2.5,red,a\n2,NA,blue,b\n3,1e3,\"re,d\",a\n4,-7,,b\n5,0.5,blue,a\n"),
                text("when,zip,b\n2024-01-31 12:30:45.5+01:00,00501,a\n31-Jan-24,501,b\n"
                        + "\"Jan 31, 2024 1:30 PM\",7,a\n1/2/24 0:00,TRUE,b\n12:30,,a\n"),
                text("a,b\n1,2\n2,4\n3,6\n4,8\n5,10\n6,12\n"),
                "\"\";b;b\n\"1\";2,5;\"a;b\"\n\"2\";3;caf\u00e9\n\"3\";1;\"\"\"x\"\"\"\n".getBytes(StandardCharsets.ISO_8859_1),
                "a\tb\nx\t1\ny\t2\nx\t3\n".getBytes(StandardCharsets.UTF_16));
        Map<String, byte[]> keras = KerasBytes.entries(KERAS.resolve("nested.keras"));
        List<byte[]> graphs = onnx();
        List<List<byte[]>> graphParts = onnxParts(graphs.subList(1, graphs.size())); // a table's net is cut out by the metadata
        return Stream.of(
                new Kind("model of ONNX", ".onnx", graphs, NONE, OnnxFile::load, format),
                new Kind("model of ONNX, one part changed", ".onnx", numbered(graphParts), bytes -> withPart(graphParts, bytes),
                        OnnxFile::load, format),
                new Kind("model of Keras", ".keras", List.of(Files.readAllBytes(KERAS.resolve("nested.keras")),
                        Files.readAllBytes(KERAS.resolve("inference_only.keras"))), NONE, LOAD, format),
                new Kind("config of a model of Keras", ".keras", List.of(keras.get("config.json")),
                        bytes -> KerasBytes.with(keras, "config.json", bytes), LOAD, format),
                new Kind("weights of a model of Keras", ".keras", List.of(keras.get("model.weights.h5")),
                        bytes -> KerasBytes.with(keras, "model.weights.h5", bytes), LOAD, format),
                new Kind("model", ".beras", trained, NONE, LOAD, format),
                new Kind("model, checksum made right", ".beras", trained, ModelBytes::withChecksum, FuzzTest::goOn,
                        List.of(ModelFormatException.class, Refused.class)),
                new Kind("model, one part changed", ".beras", parts(trained.get(0)),
                        bytes -> withPart(trained.get(0), bytes), FuzzTest::goOn,
                        List.of(ModelFormatException.class, Refused.class)),
                new Kind("header of safetensors", ".safetensors", List.of(Files.readAllBytes(SAVED.resolve("other.safetensors"))),
                        NONE, SafetensorsReading::read,
                        List.of(InvalidDataException.class, IllegalArgumentException.class)),
                new Kind("weights of PyTorch", ".safetensors", pyTorch(), NONE, FuzzTest::readPyTorch, format),
                new Kind("array of NumPy", ".npy", arrays(), NONE, NumpyFile::read, format),
                new Kind("arrays of NumPy", ".npz", List.of(Files.readAllBytes(SAVED.resolve("numpy/stored.npz")),
                        Files.readAllBytes(SAVED.resolve("numpy/packed.npz"))), NONE, NumpyFile::readAll, format),
                new Kind("array of NumPy, changed and then zip", ".npz", arrays(), FuzzTest::zipped, NumpyFile::examples, format),
                new Kind("weights of NumPy", ".npz", List.of(numpyWeights()), NONE, FuzzTest::readWeights, format),
                new Kind("text of configs", ".txt", List.of(text("dense(128, relu), dropout(rate=0.3), dense(10, softmax)"),
                        text("adam(0.002, schedule=cosine(1e-3, [1, -2.5, true]), name=\"a \\\"b\\\"\")")), NONE,
                        file -> ConfigText.parseList(Files.readString(file, StandardCharsets.ISO_8859_1)), argument),
                new Kind("images in IDX", "-idx3-ubyte", List.of(idx()), NONE, Idx::images, data),
                new Kind("images in IDX, gzip", "-idx3-ubyte.gz", List.of(packed(idx())), NONE, Idx::images, data),
                new Kind("images in IDX, changed and then gzip", "-idx3-ubyte.gz", List.of(idx()), FuzzTest::packed, Idx::images,
                        data),
                new Kind("labels in IDX", "-idx1-ubyte", List.of(labels()), NONE, Idx::labels, data),
                new Kind("picture", ".png", pictures(), NONE, Picture::read, data),
                new Kind("table", ".csv", tables, NONE, FuzzTest::readTable, data),
                new Kind("table, cells", ".csv", tables, NONE, FuzzTest::readCells, data),
                new Kind("table, gzip", ".csv.gz", List.of(packed(tables.get(0))), NONE, FuzzTest::readCells, data),
                new Kind("JSON lines", ".jsonl", List.of(text("{\"a\":1,\"b\":\"x\\u00e9\"}\n{\"b\":null,\"a\":-2.5e3}\n"),
                        text("[{\"a\": true, \"b\": {\"c\": [1, 2]}},\n {\"a\": false, \"b\": {}}]")), NONE, FuzzTest::readCells, data),
                new Kind("zip archive of a table", ".zip", List.of(Workbooks.zipOf(Map.of("t.csv", tables.get(0)))), NONE,
                        FuzzTest::readCells, data),
                new Kind("table, changed and then zip", ".zip", tables, bytes -> Workbooks.zipOf(Map.of("t.csv", bytes)),
                        FuzzTest::readCells, data),
                new Kind("workbook", ".xlsx", List.of(Files.readAllBytes(TABLES.resolve("kinds.xlsx"))), NONE, FuzzTest::readCells,
                        data),
                new Kind("workbook, one part changed", ".xlsx", bookParts(), FuzzTest::withBookPart, FuzzTest::readCells, data),
                new Kind("Parquet", ".parquet", parquet(), NONE, FuzzTest::readCells, data),
                new Kind("end of Parquet", ".parquet", parquetEnds(), FuzzTest::withParquetEnd, FuzzTest::readCells, data),
                new Kind("request of HTTP", ".http", List.of(HttpBytes.post(), HttpBytes.chunks(), HttpBytes.gets()), NONE,
                        FuzzTest::request, List.of(Refused.class)),
                new Kind("schema of a table", ".txt", List.of(text(schema().config().toString())), NONE,
                        file -> TableSchema.of(ConfigText.parse(Files.readString(file, StandardCharsets.ISO_8859_1))), argument));
    }

    private static void request(Path file) throws IOException, Refused {
        int status = HttpBytes.status(Files.readAllBytes(file));
        if (status >= 400) {
            throw new Refused(new IllegalArgumentException(Integer.toString(status)));
        }
    }

    private static Map<String, String> book() {
        return Workbooks.parts("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>u</t></is></c></row>"
                + "<row><c><v>1.5</v></c><c s=\"2\"><v>45322.25</v></c></row><row r=\"9\"><c r=\"A9\" t=\"b\"><v>1</v></c></row>");
    }

    /** Each part, after its number. */
    private static List<byte[]> bookParts() {
        List<byte[]> numbered = new ArrayList<>();
        for (String text : book().values()) {
            numbered.add(text((char) ('0' + numbered.size()) + text));
        }
        return numbered;
    }

    private static byte[] withBookPart(byte[] changed) {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        book().forEach((name, text) -> parts.put(name, text(text)));
        List<String> names = List.copyOf(parts.keySet());
        if (changed.length > 0) {
            parts.put(names.get(Math.floorMod(changed[0] - '0', names.size())), Arrays.copyOfRange(changed, 1, changed.length));
        }
        return Workbooks.zipOf(parts);
    }

    private static List<byte[]> parquet() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String codec : List.of("uncompressed", "snappy", "zstd")) {
            files.add(Files.readAllBytes(TABLES.resolve("types-" + codec + "-v1.parquet")));
        }
        files.add(Files.readAllBytes(TABLES.resolve("groups.parquet")));
        return files;
    }

    /** What a Parquet file says of itself. */
    private static List<byte[]> parquetEnds() throws IOException {
        byte[] file = parquet().get(0);
        int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 8);
        return List.of(Arrays.copyOfRange(file, file.length - 8 - length, file.length - 8));
    }

    private static byte[] withParquetEnd(byte[] end) {
        try {
            byte[] file = parquet().get(0);
            int begin = file.length - 8 - parquetEnds().get(0).length;
            return ByteBuffer.allocate(begin + end.length + 8).order(ByteOrder.LITTLE_ENDIAN).put(file, 0, begin).put(end)
                    .putInt(end.length).put(text("PAR1")).array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readCells(Path file) throws DataException {
        try (Table rows = Table.open(TableFile.of(file))) {
            while (rows.next()) {
                for (int i = 0; i < rows.columns().size(); i++) {
                    rows.cell(i);
                }
            }
            rows.remarks();
        }
    }

    private static List<byte[]> onnx() throws IOException {
        List<byte[]> files = new ArrayList<>(List.of(OnnxBytes.ofTable()));
        for (String name : List.of("torch_mlp_opset17", "torch_mlp_opset9", "torch_two", "torch_views_unfolded",
                "torch_embedding", "torch_cnn", "torch_resnet", "torch_unet", "sklearn_mlp_classifier",
                "sklearn_logistic_binary", "gemms")) {
            files.add(Files.readAllBytes(ONNX.resolve(name + ".onnx")));
        }
        return files;
    }

    private static List<List<byte[]>> onnxParts(List<byte[]> graphs) throws IOException {
        List<List<byte[]>> parts = new ArrayList<>();
        for (byte[] graph : graphs) {
            parts.add(OnnxBytes.parts(graph));
        }
        return parts;
    }

    /** Each part of each graph, after the number of the graph and that of the part. */
    private static List<byte[]> numbered(List<List<byte[]>> graphs) {
        List<byte[]> numbered = new ArrayList<>();
        for (int graph = 0; graph < graphs.size(); graph++) {
            for (int i = 0; i < graphs.get(graph).size(); i++) {
                ByteArrayOutputStream part = new ByteArrayOutputStream();
                part.write(graph);
                part.write(i);
                part.writeBytes(graphs.get(graph).get(i));
                numbered.add(part.toByteArray());
            }
        }
        return numbered;
    }

    /** The graph with one of its parts changed, and all lengths made right again. */
    private static byte[] withPart(List<List<byte[]>> graphs, byte[] changed) {
        if (changed.length < 2) {
            return changed;
        }
        List<byte[]> parts = new ArrayList<>(graphs.get(Math.floorMod(changed[0], graphs.size())));
        parts.set(Math.floorMod(changed[1], parts.size()), Arrays.copyOfRange(changed, 2, changed.length));
        return OnnxBytes.of(parts);
    }

    private static List<byte[]> pyTorch() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String name : List.of("chain", "half")) {
            files.add(Files.readAllBytes(SAVED.resolve("pytorch/" + name + ".safetensors")));
        }
        return files;
    }

    private static void readPyTorch(Path file) throws IOException {
        try {
            PyTorchFile.load(new Sequential(1, new Input(4), new Dense(5), new Dense(5), new Dense(2)), file);
        } catch (ModelFormatException e) { // the other of the good files
            PyTorchFile.load(new Sequential(1, new Input(4), new Dense(5), new Dense(2)), file);
        }
    }

    private static byte[] numpyWeights() throws IOException {
        return written(file -> NumpyFile.saveWeights(new Sequential(1, new Input(4), new Dense(3), new Dense(2)), file));
    }

    /** As the commands read any file of weights. */
    private static void readWeights(Path file) throws IOException {
        ModelFile.load(file, new Sequential(1, new Input(4), new Dense(3), new Dense(2)));
    }

    private static List<byte[]> arrays() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String name : List.of("little-f2", "big-f4", "big-i8", "version3")) {
            files.add(Files.readAllBytes(SAVED.resolve("numpy/" + name + ".npy")));
        }
        return files;
    }

    /** As inputs and as targets. */
    private static byte[] zipped(byte[] array) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : List.of("x.npy", "y.npy")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(array);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A refusal that is declared where it is thrown: a recipe or the state of a training that does not fit. */
    private static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        Refused(IllegalArgumentException cause) {
            super(cause);
        }
    }

    /** Loads a model, and uses all that the file has: predicts, and goes on with its training. */
    private static void goOn(Path file) throws IOException, Refused {
        SavedModel saved = ModelFile.load(file);
        Model model = saved.model();
        if (!model.inputShapes().equals(List.of(Shape.of(4))) || !model.outputShapes().equals(List.of(Shape.of(3)))
                || saved.recipe().isEmpty() || saved.trainingState().isEmpty()) {
            return;
        }
        try {
            if (saved.preprocessor().isPresent()) {
                saved.predictor().predict(new byte[4]);
            }
            Recipe recipe = saved.recipe().orElseThrow();
            assertNotNull(recipe.makeLayers());
            assertNotNull(recipe.makeOptimizer(X.dim(0)));
            assertNotNull(recipe.objective(model.outputShape()));
            assertNotNull(recipe.fitOptions());
            model.compile(RECIPE.makeOptimizer(X.dim(0)), RECIPE.objective(model.outputShape()));
            model.fit(X, Y, RECIPE.fitOptions().callbacks(new EarlyStopping("loss").restoreBestWeights(true))
                    .resume(saved.trainingState().orElseThrow()));
        } catch (DivergedException e) {
            // the numbers were changed to such as cannot be trained on
        } catch (IllegalArgumentException e) {
            if (e.getClass() != IllegalArgumentException.class && !(e instanceof InvalidDataException)
                    && !(e instanceof TrainingState.NotFittingException)) {
                throw e; // such as one of a number that was not checked
            }
            throw new Refused(e);
        }
    }

    /** A model interrupted within its second epoch, with all parts. */
    private static byte[] trained() throws IOException {
        byte[] trained = written(file -> {
            Sequential model = new Sequential(1, new Input(4), new Dense(3), new BatchNormalization(), new ReLU(),
                    new Dropout(0.5), new Dense(3), new Softmax());
            model.compile(RECIPE.makeOptimizer(X.dim(0)), RECIPE.objective(model.outputShape()));
            BackupAndRestore backup = new BackupAndRestore(file).everyBatches(3).parts(saved -> saved.recipe(RECIPE)
                    .preprocessor(new ImagePreprocessor(1, 1, 4, PictureForm.SCALED, List.of("a", "b", "c"), 3))
                    .provenance(Map.of("seed", "1")));
            Training[] training = new Training[1];
            int[] batches = {0};
            LambdaCallback breakOff = new LambdaCallback().onTrainBegin(begun -> training[0] = begun).onBatchEnd((batch,
                    logs) -> {
                if (++batches[0] == 3) {
                    training[0].interrupt();
                }
            });
            model.fit(X, Y, RECIPE.fitOptions().callbacks(new EarlyStopping("loss").restoreBestWeights(true), breakOff, backup));
            assertEquals(1, ModelFile.load(file).trainingState().orElseThrow().config().integer("batch"), "of the second epoch");
        });
        String name = "beras.training";
        // The same each time:
        String state = ModelBytes.parts(trained).get(name).replaceAll("\"seconds\":[^,}]*", "\"seconds\":0.5");
        return ModelBytes.withPart(trained, name, state);
    }

    /** The parts of a model file, each a line with its name and then its text. */
    private static List<byte[]> parts(byte[] model) {
        List<byte[]> parts = new ArrayList<>();
        ModelBytes.parts(model).forEach((name, text) -> parts.add(text(name + "\n" + text)));
        return parts;
    }

    private static byte[] withPart(byte[] model, byte[] part) {
        String text = new String(part, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        return end < 0 ? part : ModelBytes.withPart(model, text.substring(0, end), text.substring(end + 1));
    }

    private static byte[] packed(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> pictures() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String format : List.of("png", "jpg", "bmp", "gif")) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB), format, file);
            files.add(file.toByteArray());
        }
        return files;
    }

    private static byte[] idx() throws IOException {
        return written(file -> WrittenImages.idx(file, new Images(new byte[2 * 3 * 4], 3, 4, new byte[2], 10)));
    }

    private static byte[] labels() throws IOException {
        return written(file -> WrittenImages.idx(file, new byte[] {1, 2, 3}));
    }

    private static TableSchema schema() throws IOException {
        Path folder = Files.createTempDirectory("fuzz");
        try {
            Path file = Files.writeString(folder.resolve("t.csv"), "size,colour,kind\n1,red,a\n2,blue,b\n3,red,a\n4,blue,b\n");
            return TableSchema.infer(file, "kind", new TableOptions());
        } finally {
            Files.deleteIfExists(folder.resolve("t.csv"));
            Files.delete(folder);
        }
    }

    private static byte[] written(Reading writing) throws IOException {
        Path folder = Files.createTempDirectory("fuzz");
        Path file = folder.resolve("good");
        try {
            writing.read(file);
            return Files.readAllBytes(file);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static void readTable(Path file) throws DataException {
        TableSchema schema = TableSchema.infer(file, "b", new TableOptions());
        float[] row = new float[schema.width()];
        try (TableReader reader = TableReader.open(TableFile.of(file), schema, any -> true)) {
            while (reader.next(row, 0)) {
                reader.target(new float[schema.targetWidth()], 0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    void isReadOrRefused(Kind kind, @TempDir Path folder) throws Exception {
        for (byte[] good : kind.good) {
            assertEquals(ACCEPTED, outcome(kind, kind.repair.repair(good), folder.resolve("good" + kind.suffix)));
        }
        Map<String, Integer> outcomes = new TreeMap<>();
        List<String> finds = new ArrayList<>();
        long slowest = 0;
        Path file = folder.resolve("changed" + kind.suffix);
        for (int i = 0; i < COUNT; i++) {
            byte[] changed = kind.repair.repair(new Mutations(SEED, i).of(kind.good.get(i % kind.good.size())));
            long start = System.nanoTime();
            String outcome = outcome(kind, changed, file);
            slowest = Math.max(slowest, System.nanoTime() - start);
            if (kind.isGuarded() && outcome.equals(ACCEPTED)
                    && kind.good.stream().noneMatch(same -> Arrays.equals(same, changed))) {
                outcome = "!was read";
            }
            outcomes.merge(outcome, 1, Integer::sum);
            if (outcome.startsWith("!")) {
                finds.add(outcome + " for " + HexFormat.of().formatHex(changed));
            }
        }
        int read = outcomes.getOrDefault(ACCEPTED, 0);
        record(kind.name, COUNT, read, COUNT - read - finds.size(), finds.size(), slowest);
        assertEquals(List.of(), finds);
        assertTrue(slowest < TimeUnit.SECONDS.toNanos(MOST_SECONDS), () -> kind + " took too long");
        assertTrue(outcomes.getOrDefault(ACCEPTED, 0) < COUNT, "nothing was refused");
    }

    /** Adds what came out to the CSV file, if there is one. */
    static void record(String kind, int count, int read, int refused, int other, long slowest) throws IOException {
        if (OUT != null) {
            Path out = Path.of(OUT);
            String header = Files.exists(out) ? "" : Origin.line() + "kind,changed files,read,refused,other,slowest ms\n";
            Files.writeString(out, header + "\"" + kind + "\"," + count + "," + read + "," + refused + "," + other + ","
                    + slowest / 1_000_000 + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private static String outcome(Kind kind, byte[] bytes, Path file) throws IOException {
        Files.write(file, bytes);
        try {
            kind.reading.read(file);
            return ACCEPTED;
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            boolean declared = kind.declares(e);
            return (declared ? "" : "!") + e.getClass().getSimpleName() + (declared ? "" : " " + e.getMessage()
                    + Arrays.asList(e.getStackTrace()).subList(0, Math.min(3, e.getStackTrace().length)));
        }
    }
}

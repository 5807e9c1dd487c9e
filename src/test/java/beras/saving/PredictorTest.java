package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.ImagePreprocessor;
import beras.data.table.TableOptions;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.models.Sequential;
import beras.prediction.Prediction;
import beras.tables.WideTable;
import beras.tensor.Tensor;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data in, predictions out, through a file. */
@Tag("saving")
class PredictorTest {

    @TempDir
    Path folder;

    private Predictor images() throws IOException {
        Path file = folder.resolve("images.beras");
        ModelFile.save(new SavedModel(new Sequential(1, new Input(4), new Dense(9), new ReLU(), new Dense(3), new Softmax()))
                .preprocessor(new ImagePreprocessor(2, 2, 1, List.of("cat", "dog", "cow"), 3)), file);
        return ModelFile.load(file).predictor();
    }

    private Predictor rows(String table) throws IOException {
        Path csv = Files.writeString(folder.resolve("t.csv"), table);
        TablePreprocessor rows = new TablePreprocessor(TableSchema.infer(csv, "y", new TableOptions()));
        Dense output = new Dense(rows.outputShape().size(), rows.outputShape().size() == 1 ? "linear" : "softmax");
        Sequential model = new Sequential(1, new Input(rows.inputShape().size()), output);
        Path file = folder.resolve("rows.beras");
        ModelFile.save(new SavedModel(model).preprocessor(rows), file);
        return ModelFile.load(file).predictor();
    }

    private static void assertSame(Prediction expected, Prediction actual) {
        assertEquals(expected.toString(), actual.toString());
        assertEquals(expected.probabilities(), actual.probabilities());
    }

    @Test
    void anImageIsItsPixels() throws IOException {
        Predictor predictor = images();
        Prediction prediction = predictor.predict(new byte[] {0, 51, (byte) 204, (byte) 255});
        Tensor expected = new Sequential(1, new Input(4), new Dense(9), new ReLU(), new Dense(3), new Softmax())
                .predict(new float[][] {{0, 0.2f, 0.8f, 1}});
        assertEquals(List.of("cat", "dog", "cow"), List.copyOf(prediction.probabilities().keySet()));
        assertEquals(expected.argmax(1)[0], prediction.labelIndex());
        assertEquals(expected.toArray()[prediction.labelIndex()], prediction.confidence(), 1e-6);
        Exception e = assertThrows(IllegalArgumentException.class, () -> predictor.predict(new byte[3]));
        assertTrue(e.getMessage().contains("2 x 2 = 4 pixels. Received: 3 bytes"), e.getMessage());
    }

    @Test
    void aRowIsAMapOrAList() throws IOException {
        Predictor predictor = rows("size,colour,y\n1,red,a\n2,blue,b\n3,red,a\n4,blue,c\n");
        Prediction expected = predictor.predict(Map.of("size", 2.5, "colour", "red"));
        assertTrue(List.of("a", "b", "c").contains(expected.label()));
        assertSame(expected, predictor.predict(List.of(2.5, "red")));
        assertSame(expected, predictor.predict(Arrays.asList("2.5", "red")));
        assertSame(expected, predictor.predict(Map.of("colour", "red", "size", "2.5", "other", 7)));
        List<Prediction> all = predictor.predictAll(List.of(List.of(1, "blue"), Map.of("size", 2.5, "colour", "red")));
        assertSame(predictor.predict(List.of(1, "blue")), all.get(0));
        assertSame(expected, all.get(1));
        assertEquals(List.of(), predictor.predictAll(List.of()));
    }

    /** Forty rows of a million numbers take 160 MB: they go through the model in parts. */
    @Test
    void wideRowsTakeNoMoreMemoryThanAFewOfThem() throws Exception {
        Predictor predictor = WideTable.model().predictor();
        List<List<String>> rows = Collections.nCopies(WideTable.ROWS, WideTable.row());
        Prediction one = predictor.predict(WideTable.row());
        long bytes = WideTable.allocated(WideTable.MOST_BYTES, () -> {
            List<Prediction> all = predictor.predictAll(rows);
            assertEquals(WideTable.ROWS, all.size());
            assertSame(one, all.get(WideTable.AT_ONCE));
            return all;
        });
        assertTrue(bytes < WideTable.MOST_BYTES, bytes + " bytes");
        List<Object> wrong = new ArrayList<>(rows);
        wrong.set(WideTable.AT_ONCE + 1, List.of("too few"));
        Exception e = assertThrows(IllegalArgumentException.class, () -> predictor.predictAll(wrong));
        assertTrue(e.getMessage().startsWith("Example " + (WideTable.AT_ONCE + 1) + ": "), e.getMessage());
    }

    private record Flat(double size, String colour, int floor) {}

    private record Size(double size) {}

    record Failing(double size, String colour) {

        @Override
        public String colour() {
            throw new UnsupportedOperationException("no colour");
        }
    }

    @Test
    void aRowIsARecord() throws IOException {
        Predictor predictor = rows("size,colour,y\n1,red,a\n2,blue,b\n3,red,a\n4,blue,c\n");
        Prediction expected = predictor.predict(Map.of("size", 2.5, "colour", "red"));
        assertSame(expected, predictor.predict(new Flat(2.5, "red", 7)));
        assertSame(predictor.predict(Arrays.asList(3, null)), predictor.predict(new Flat(3, null, 0)));
        record Local(String colour, Float size) {}
        assertSame(expected, predictor.predict(new Local("red", 2.5f)));
        assertSame(predictor.predict(Arrays.asList(null, "red")), predictor.predict(new Local("red", null)));
        List<Prediction> all = predictor.predictAll(List.of(new Flat(1, "blue", 1), new Local("red", 2.5f), Map.of("size", 2.5,
                "colour", "red")));
        assertSame(predictor.predict(List.of(1, "blue")), all.get(0));
        assertSame(expected, all.get(1));
        assertSame(expected, all.get(2));
        for (Map.Entry<Record, String> wrong : Map.of(
                new Size(1), "A row must have the column \"colour\", with null if its value is missing. Received the columns: size",
                new Failing(1, "red"), "Column \"colour\": expected a value. Received: java.lang.UnsupportedOperationException: no"
                    + " colour").entrySet()) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> predictor.predict(wrong.getKey()));
            assertEquals(wrong.getValue(), e.getMessage());
        }
    }

    /** Of a module that opens nothing. */
    private Record closedRecord() throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        Files.writeString(sources.resolve("module-info.java"),
                "module closed { provides java.util.function.Supplier with inside.Maker; }");
        Path inside = Files.createDirectories(sources.resolve("inside"));
        Files.writeString(inside.resolve("Maker.java"), "package inside; public class Maker implements java.util.function.Supplier<Record> {"
                + " record Flat(double size) {} public Record get() { return new Flat(2.5); } }");
        Path classes = folder.resolve("classes");
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(),
                sources.resolve("module-info.java").toString(), inside.resolve("Maker.java").toString()));
        ModuleLayer layer = ModuleLayer.boot().defineModulesWithOneLoader(ModuleLayer.boot().configuration().resolve(
                ModuleFinder.of(classes), ModuleFinder.of(), Set.of("closed")), getClass().getClassLoader());
        return (Record) ServiceLoader.load(layer, Supplier.class).findFirst().orElseThrow().get();
    }

    @Test
    void aRecordThatIsClosedIsRefused() throws IOException {
        Predictor predictor = rows("size,y\n1,1.5\n2,2.5\n3,3.5\n");
        Record closed = closedRecord();
        Exception e = assertThrows(IllegalArgumentException.class, () -> predictor.predict(closed));
        assertEquals("A record must be accessible: public in an exported package, or in one that is open. Received: inside.Maker$Flat",
                e.getMessage());
    }

    @Test
    void aValueIsInTheUnitOfTheTable() throws IOException {
        Predictor predictor = rows("size,y\n1,1000.5\n2,2000.5\n3,3000.25\n4,4000\n5,5000.75\n6,6000\n");
        double value = predictor.predict(List.of(3)).value();
        assertTrue(Double.isFinite(value) && value != predictor.predict(List.of(4)).value());
    }

    @Test
    void whatIsWrongIsNamed() throws IOException {
        Predictor predictor = rows("size,colour,y\n1,red,a\n2,blue,b\n3,red,a\n4,blue,c\n");
        for (Map.Entry<Runnable, String> wrong : Map.<Runnable, String>of(
                () -> predictor.predict(Map.of("size", "big", "colour", "red")), "Column \"size\"",
                () -> predictor.predict(Map.of("size", 1, "color", "red")), "Did you mean colour?",
                () -> predictor.predict(List.of(1)), "Received: 1",
                () -> predictor.predict(new byte[2]), "A row must be",
                () -> predictor.predictAll(List.of(List.of(1, "red"), List.of("big", "red"))), "Example 1: ").entrySet()) {
            Exception e = assertThrows(IllegalArgumentException.class, wrong.getKey()::run);
            assertTrue(e.getMessage().contains(wrong.getValue()), e.getMessage());
            assertEquals(wrong.getValue().startsWith("Example"), e.getMessage().startsWith("Example"), e.getMessage());
        }
    }

    @Test
    void manyThreadsGetTheSameOfRows() throws Exception {
        Predictor predictor = rows("size,colour,y\n1,red,a\n2,blue,b\n3,red,a\n4,blue,c\n");
        List<Object> rows = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String colour = i % 3 == 0 ? "red" : "blue";
            rows.add(i % 2 == 0 ? new Flat(i / 7.0, colour, i) : Map.of("size", i / 7.0, "colour", colour));
            expected.add(predictor.predict(Map.of("size", i / 7.0, "colour", colour)).probabilities().toString());
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<List<Prediction>>> tasks = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                tasks.add(() -> predictor.predictAll(rows));
                tasks.add(() -> rows.stream().map(row -> row instanceof Flat flat ? predictor.predict(flat)
                        : predictor.predictAll(List.of(row)).get(0)).toList());
            }
            for (Future<List<Prediction>> result : threads.invokeAll(tasks)) {
                assertEquals(expected, result.get().stream().map(prediction -> prediction.probabilities().toString()).toList());
            }
        } finally {
            threads.shutdown();
        }
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.table.Workbooks;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.GRU;
import beras.layers.Input;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.saving.numpy.NumpyFile;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays of NumPy as data, in and out. */
@Tag("cli")
class ArrayFilesTest {

    @TempDir
    Path folder;

    /** An array of bytes, in {@code numpy.save}'s form of uint8. */
    private static byte[] bytes(byte[] elements, String shape) {
        byte[] header = ("{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + "}").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(10 + header.length + elements.length)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, 0}).put(header).put(elements)
                .array();
    }

    private static byte[] pixels(Images images) {
        ByteBuffer pixels = ByteBuffer.allocate(images.count() * images.inputShape().size());
        for (int i = 0; i < images.count(); i++) {
            pixels.put(images.pixels(i));
        }
        return bytes(pixels.array(), "(" + images.count() + ", " + images.height() + ", " + images.width() + ")");
    }

    private static byte[] labels(Images images) {
        byte[] labels = new byte[images.count()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) images.label(i);
        }
        return bytes(labels, "(" + labels.length + ",)");
    }

    private Path zip(String name, Map<String, byte[]> arrays) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        arrays.forEach((array, bytes) -> entries.put(array + ".npy", bytes));
        return Files.write(folder.resolve(name), Workbooks.zipOf(entries));
    }

    /** The form of Keras's mnist.npz. */
    private Map<String, byte[]> arrays(Path digits) throws IOException {
        ImageSets mnist = ImageSets.load(digits);
        Map<String, byte[]> arrays = new LinkedHashMap<>();
        arrays.put("x_train", pixels(mnist.train()));
        arrays.put("y_train", labels(mnist.train()));
        arrays.put("x_test", pixels(mnist.test()));
        arrays.put("y_test", labels(mnist.test()));
        return arrays;
    }

    @Test
    void imagesInArraysAreImages() throws IOException {
        Path digits = TinyDigits.write(folder.resolve("digits"));
        Path npz = zip("digits.npz", arrays(digits));
        Path model = folder.resolve("m.beras");
        Result trained = run("train", "--data", npz, "--epochs", 1, "--out", model, "--json");
        assertEquals(run("train", "--data", digits, "--epochs", 1, "--out", folder.resolve("o.beras"), "--json").hash(),
                trained.hash());
        Result plain = run("train", "--data", npz, "--epochs", 1, "--out", folder.resolve("p.beras"));
        assertTrue(plain.err().contains(" --out outputs.npy"), plain::toString);
        assertEquals(run("evaluate", model, "--data", digits).out(),
                run("evaluate", model, "--data", npz).out());
        Result classes = run("predict", model, digits.resolve("t10k-images-idx3-ubyte.gz"));
        Result same = run("predict", model, npz);
        assertEquals(classes.out(), same.out());
        assertEquals(npz + ": Bytes are taken for pixels: they are divided by 255\n", same.err());
        Path out = folder.resolve("y.npy");
        assertExit(Exit.DONE, run("predict", model, "--data", npz, "--out", out));
        Model loaded = ModelFile.load(model).model();
        assertEquals(loaded.predict(ImageSets.load(digits).test().inputs()), NumpyFile.read(out));
        assertRefused(Exit.USAGE, out + " exists already", run("predict", model, "--data", npz, "--out", out));
        assertExit(Exit.DONE, run("predict", model, digits.resolve("t10k-images-idx3-ubyte.gz"), "--out", out,
                "--force"));
        assertEquals(loaded.predict(ImageSets.load(digits).test().inputs()), NumpyFile.read(out));
    }

    /** As in most examples of Keras: the network flattens the image itself. */
    @Test
    void aModelMayTakeTheRowsOfImages() throws IOException {
        Path digits = TinyDigits.write(folder.resolve("digits"));
        Images test = ImageSets.load(digits).test();
        Sequential net = new Sequential(1, new Input(28, 28, 1), new Flatten(), new Dense(10, "softmax"));
        Path model = folder.resolve("m.keras");
        ModelFile.save(net, model);
        Path flat = folder.resolve("flat.keras");
        Sequential same = new Sequential(1, new Input(784), new Dense(10, "softmax"));
        for (int i = 0; i < 2; i++) {
            same.weights().get(i).assign(net.weights().get(i));
        }
        ModelFile.save(same, flat);
        Path npz = zip("t.npz", Map.of("x", pixels(test), "y", labels(test)));
        for (Path data : new Path[] {digits, npz}) {
            assertEquals(run("evaluate", flat, "--data", data, "--json").objects().get(0).get("loss"),
                    run("evaluate", model, "--data", data, "--json").objects().get(0).get("loss"));
        }
        Path images = digits.resolve("t10k-images-idx3-ubyte.gz");
        assertEquals(run("predict", flat, images).out(), run("predict", model, images).out());
        assertEquals(run("predict", flat, npz).out(), run("predict", model, npz).out());
        ModelFile.save(new Sequential(1, new Input(56, 14), new Flatten(), new Dense(10)), folder.resolve("wide.beras"));
        assertRefused(Exit.BAD_DATA, "takes images of 784 pixels, as (56, 14). Received: 28 x 28 = 784",
                run("predict", folder.resolve("wide.beras"), images));
    }

    @Test
    void otherNumbersAreTakenAsTheyAreAndRoundingIsSaid() throws IOException {
        Path model = folder.resolve("m.beras");
        Sequential net = new Sequential(1, new Input(3), new Dense(2, "softmax"));
        ModelFile.save(net, model);
        Tensor x = Tensor.generate(i -> i - 2.5, 4, 3);
        Path file = folder.resolve("x.npy");
        NumpyFile.save(x, file);
        Path out = folder.resolve("y.npy");
        assertEquals(new Result(Exit.DONE, "", ""), run("predict", model, "--data", file, "--out", out));
        assertEquals(net.predict(x), NumpyFile.read(out));
        Path doubles = Path.of("src/test/resources/beras/saving/numpy/little-f8.npy");
        assertEquals("", run("predict", model, "--data", doubles).err());
        Path wide = Files.write(folder.resolve("wide.npy"), wide());
        assertEquals(wide + ": 2 numbers of type f8 rounded to float32, which has 24 bits\n",
                run("predict", model, "--data", wide).err());
        NumpyFile.replace(Tensor.ones(4, 4), file);
        assertRefused(Exit.BAD_DATA, file + ": expected inputs of shape (batch, 3) as the model takes them."
                + " Received: (4, 4)", run("predict", model, "--data", file));
        assertRefused(Exit.BAD_DATA, "there is no such file",
                run("predict", model, "--data", folder.resolve("n.npy")));
    }

    /** 0.1, 0.5 and 2^24 + 1 as doubles. */
    private static byte[] wide() {
        String header = "{'descr': '>f8', 'fortran_order': False, 'shape': (1, 3)}";
        return ByteBuffer.allocate(10 + header.length() + 24)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0})
                .put(header.getBytes(StandardCharsets.UTF_8)).putDouble(0.1).putDouble(0.5).putDouble(16777217).array();
    }

    private static byte[] floats(Tensor tensor) throws IOException {
        Path file = Files.createTempFile("array", ".npy");
        NumpyFile.replace(tensor, file);
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        return bytes;
    }

    @Test
    void numbersAreLearntLabelsAndValues() throws IOException {
        int count = 300;
        Tensor x = Tensor.generate(i -> i * 37 % 101 / 50.0 - 1, count, 2);
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (x.get(i, 0) > 0 ? 2 : 0);
        }
        Path classes = zip("c.npz", Map.of("x", floats(x), "y", bytes(labels, "(300,)")));
        Path model = folder.resolve("c.beras");
        Result trained = run("train", "--data", classes, "--epochs", 30, "--out", model, "--json");
        assertTrue(trained.err().contains("one of 2 labels is predicted, as y has few whole numbers (--task overrides that)"),
                trained::toString);
        assertTrue(trained.summary().get("accuracy").getAsDouble() > 0.95, trained::toString);
        assertTrue(trained.summary().has("val_accuracy"), trained::toString);
        assertEquals(trained.hash(), run("train", "--data", classes, "--epochs", 30, "--out", folder.resolve("d.beras"), "--json")
                .hash());
        Path out = folder.resolve("y.npy");
        assertExit(Exit.DONE, run("predict", model, "--data", classes, "--out", out));
        assertEquals(ModelFile.load(model).model().predict(x), NumpyFile.read(out));
        List<String> predicted = run("predict", model, "--data", classes).out().lines().toList();
        assertEquals(count, predicted.size());
        assertEquals(Set.of("0", "2"), Set.copyOf(predicted), "the labels of the data, not their places");
        assertRefused(Exit.USAGE, "Take a name that ends with .npy", run("predict", model, "--data", classes, "--out",
                folder.resolve("y.npz")));
        Path values = zip("a.npz", Map.of("x", floats(x), "y", floats(Tensor.generate(i -> x.get(i, 0) * 2 + 1, count))));
        Result regression = run("train", "--data", values, "--epochs", 30, "--out", folder.resolve("a.beras"), "--json");
        assertTrue(regression.err().contains("numbers are predicted, as y has fractions, or more than 20 different values (--task"),
                regression::toString);
        assertTrue(regression.summary().get("val_mae").getAsDouble() < 0.3, regression::toString);
    }

    private Path npz(String name, Tensor x, Tensor y) throws IOException {
        return zip(name, Map.of("x", floats(x), "y", floats(y)));
    }

    private Result train(Path data, Object... more) {
        return run("train", "--data", data, "--out", folder.resolve("n.beras"), "--force", "--json", more);
    }

    /** Counts and prices are numbers, classes may have any numbers, and an option overrides both. */
    @Test
    void theValuesOfYTellTheTask() throws IOException {
        Tensor x = Tensor.generate(i -> i % 7, 60, 2);
        String values = "numbers are predicted, as ";
        String few = " labels is predicted, as y has few whole numbers";
        assertTrue(train(npz("counts.npz", x, Tensor.generate(i -> i, 60)), "--epochs", 1).err()
                .contains(values + "y has fractions, or more than 20 different values (--task overrides that)"));
        assertTrue(train(npz("many.npz", x, Tensor.generate(i -> 300 + i % 3, 60)), "--epochs", 1).err().contains("one of 3" + few));
        assertTrue(train(npz("signs.npz", x, Tensor.generate(i -> i % 2 == 0 ? -1 : 1, 60)), "--epochs", 1).err()
                .contains("one of 2" + few));
        assertTrue(train(npz("hot.npz", x, Tensor.generate(i -> i / 4 % 4 == i % 4 ? 1 : 0, 60, 4)), "--epochs", 1).err()
                .contains("one of 4" + few));
        assertTrue(train(npz("pair.npz", x, Tensor.generate(i -> i % 3, 60, 2)), "--epochs", 1).err()
                .contains(values + "there are 2 for each example"));
        for (int several : new int[] {0, 2}) { // of one row, among those of one label each
            assertTrue(train(npz("several.npz", x, Tensor.generate(i -> i < 3 ? i < several ? 1 : 0 : i / 3 % 3 == i % 3 ? 1 : 0,
                    60, 3)), "--epochs", 1).err().contains(values + "there are 3 for each example"));
        }
        Path counts = npz("counts.npz", x, Tensor.generate(i -> i % 30 + 1000, 60));
        Result classified = train(counts, "--task", "classification", "--epochs", 1, "--validation-split", 0.5);
        assertTrue(classified.err().contains("one of 30 labels is predicted, as requested"), classified::toString);
        assertEquals(Shape.of(30), ModelFile.load(folder.resolve("n.beras")).model().outputShape());
        assertTrue(train(npz("digits.npz", x, Tensor.generate(i -> i % 10, 60)), "--task", "regression", "--epochs", 1).err()
                .contains(values + "requested"));
        assertRefused(Exit.BAD_DATA, "y: expected labels: whole numbers", train(npz("half.npz", x, Tensor.generate(i -> i / 2.0, 60)),
                "--task", "classification"));
        assertRefused(Exit.BAD_DATA, "y: expected labels: whole numbers", train(npz("one.npz", x, Tensor.ones(60))));
        assertRefused(Exit.BAD_DATA, "y: expected different numbers", train(npz("one.npz", x, Tensor.ones(60)), "--task",
                "regression"));
        assertRefused(Exit.USAGE, "'--task': it is classification or regression", train(counts, "--task", "guess"));
    }

    /**
     * Sequences {@code (count, steps, features)} get a recurrent network; {@code x_train} and {@code x_test} of floats are no
     * images.
     */
    @Test
    void sequencesAreLearntAndTested() throws IOException {
        int count = 120;
        Tensor y = Tensor.generate(i -> 3 + i % 2, count);
        Tensor x = Tensor.generate(i -> Math.sin(i / 2 % 12 * (i / 24 % 2 == 0 ? 0.4 : 1.2) + i / 24), count, 12, 2);
        Path data = zip("s.npz", Map.of("x_train", floats(x), "y_train", floats(y), "x_test", floats(x.slice(0, 31)),
                "y_test", floats(y.slice(0, 31))));
        Path model = folder.resolve("n.beras");
        Result trained = train(data, "--epochs", 12);
        double accuracy = trained.summary().get("test_accuracy").getAsDouble();
        assertTrue(accuracy > 0.9, trained::toString);
        assertTrue(ModelFile.load(model).model().summary().contains("Bidirectional"));
        assertEquals(accuracy, run("evaluate", model, "--data", data, "--json").objects().get(0).get("accuracy").getAsDouble());
        Path one = npz("one.npz", x.slice(0, 1), y.slice(0, 1));
        assertEquals(1, run("evaluate", model, "--data", one, "--json").objects().get(0).get("examples").getAsInt());
        assertRefused(Exit.BAD_DATA, "expected labels of the examples to train on, 3, 4. Received: 5.0 for example 1",
                run("evaluate", model, "--data", npz("other.npz", x.slice(0, 2), Tensor.of(3, 5))));
        assertRefused(Exit.BAD_DATA, "expected inputs of shape (12, 2) and for each a label, as the model has them. Received: inputs of"
                + " shape (24,) and targets of shape (1,)", run("evaluate", model, "--data", npz("flat.npz", x.reshape(count, 24), y)));
        assertRefused(Exit.USAGE, "'--data': it must name an .npz", run("evaluate", model, "--data", folder));
        assertRefused(Exit.BAD_DATA, "one before it makes a row of the steps, such as gru(64) or flatten", train(data, "--layers", "8:relu,2:softmax"));
    }

    /** A model whose time axis is open predicts sequences of any number of steps, of its features. */
    @Test
    void sequencesOfAnyNumberOfStepsArePredicted() throws IOException {
        Sequential net = new Sequential(1, new Input(0, 2), new GRU(3), new Dense(2, "softmax"));
        Path keras = folder.resolve("open.keras");
        Path beras = folder.resolve("open.beras");
        ModelFile.save(net, keras);
        ModelFile.save(net, beras);
        Path out = folder.resolve("y.npy");
        for (int steps : new int[] {1, 5, 9}) {
            Tensor x = Tensor.generate(i -> Math.sin(i), 4, steps, 2);
            Path file = folder.resolve("x" + steps + ".npy");
            NumpyFile.save(x, file);
            for (Path model : List.of(keras, beras)) {
                assertEquals(new Result(Exit.DONE, "", ""), run("predict", model, "--data", file, "--out", out, "--force"));
                assertEquals(net.predict(x), NumpyFile.read(out));
                assertEquals(4, run("predict", model, "--data", file).out().lines().count());
            }
        }
        Path wrong = folder.resolve("wrong.npy");
        for (Tensor x : List.of(Tensor.ones(4, 5, 3), Tensor.ones(4, 10), Tensor.ones(4, 0, 2))) {
            NumpyFile.replace(x, wrong);
            assertRefused(Exit.BAD_DATA, wrong + ": expected inputs of shape (batch, any, 2) as the model takes them. Received: "
                    + x.shape(), run("predict", keras, "--data", wrong));
        }
        assertRefused(Exit.BAD_DATA, "takes no images, but inputs of shape (batch, any, 2). Received: 28 x 28 = 784",
                run("predict", keras, TinyDigits.write(folder.resolve("digits")).resolve("t10k-images-idx3-ubyte.gz")));
    }

    /** The training file is evaluated on its held-out examples; errors are in units of y, beside the mean of training. */
    @Test
    void numbersAreEvaluatedInTheirUnits() throws IOException {
        Tensor x = Tensor.generate(i -> i % 17, 60, 2);
        Path data = npz("v.npz", x, Tensor.generate(i -> 5000.5 + 100 * (i * 2 % 17) + i % 2, 60, 2));
        Result trained = train(data, "--epochs", 3);
        Result evaluated = run("evaluate", folder.resolve("n.beras"), "--data", data, "--json");
        assertTrue(evaluated.err().contains("is the file that the model was trained on: the examples are taken that were held out then"));
        assertEquals(12, evaluated.objects().get(0).get("examples").getAsInt());
        double mae = trained.summary().get("val_mae").getAsDouble();
        assertEquals(mae, evaluated.objects().get(0).get("mae").getAsDouble(), 1e-4 * mae);
        Path named = zip("t.npz", Map.of("x_train", floats(x), "y_train", floats(Tensor.generate(i -> 5000.5 + i % 17, 60))));
        assertExit(Exit.DONE, train(named, "--epochs", 1));
        assertEquals(12, run("evaluate", folder.resolve("n.beras"), "--data", named, "--json").objects().get(0).get("examples").getAsInt());
        assertExit(Exit.DONE, run("predict", folder.resolve("n.beras"), "--data", named));
        SavedModel saved = ModelFile.load(folder.resolve("n.beras"));
        Map<String, String> provenance = new LinkedHashMap<>(saved.provenance());
        provenance.put("split_seed", "no number");
        ModelFile.replace(saved.provenance(provenance), folder.resolve("other.beras"));
        Result all = run("evaluate", folder.resolve("other.beras"), "--data", named, "--json");
        assertTrue(all.err().contains("so that these numbers are better than those of new examples"), all::toString);
        assertEquals(60, all.objects().get(0).get("examples").getAsInt());
        assertTrue(evaluated.objects().get(0).get("baseline_r2").getAsDouble() < 0, "the mean of the training, not of these examples");
    }

    /** The statistics of the numbers are in the file of the run, and its report is in units of y. */
    @Test
    void aTrainingOfArraysIsResumedAndReported() throws IOException {
        Path data = npz("numbers.npz", Tensor.generate(i -> i % 17, 60, 2),
                Tensor.generate(i -> 5000.5 + 100 * (i * 2 % 17), 60));
        Path folderOfRun = folder.resolve("run");
        assertExit(Exit.DONE, run("train", "--data", data, "--epochs", 1, "--run", folderOfRun));
        Result resumed = run("train", "--resume", folderOfRun, "--epochs", 3, "--json");
        assertEquals(train(data, "--epochs", 3).hash(), resumed.hash());
        String report = Files.readString(folderOfRun.resolve("report.html"));
        Matcher mae = Pattern.compile(">mae</th>\\s*<td[^>]*>([0-9.]+)").matcher(report.substring(report.indexOf("in units of y")));
        assertTrue(mae.find(), report);
        double expected = resumed.summary().get("val_mae").getAsDouble();
        assertEquals(expected, Double.parseDouble(mae.group(1)), 1e-3 * expected);
    }

    @Test
    void numbersThatDoNotFitAreRefused() throws IOException {
        Path out = folder.resolve("m.beras");
        byte[] x = floats(Tensor.ones(4, 2));
        byte[] y = floats(Tensor.of(0.5f, 1, 1.5f, 2));
        assertRefused(Exit.BAD_DATA, "expected x of shape (count, ...) and as many y. Received: x of type f4 and shape (4, 2),"
                + " y of shape (3,)", run("train", "--data", zip("a.npz", Map.of("x", x, "y", floats(Tensor.ones(3)))), "--out", out));
        assertRefused(Exit.BAD_DATA, "Bytes are images: name them x_train", run("train", "--data",
                zip("b.npz", Map.of("x", bytes(new byte[8], "(4, 2)"), "y", y)), "--out", out));
        assertRefused(Exit.BAD_DATA, "expected an array y. Received: [x]", run("train", "--data", zip("c.npz", Map.of("x", x)),
                "--out", out));
        assertRefused(Exit.BAD_DATA, "NaN", run("train", "--data", zip("d.npz", Map.of("x", floats(Tensor.full(Float.NaN, 4, 2)),
                "y", y)), "--out", out));
        Path good = zip("e.npz", Map.of("x", x, "y", y));
        assertRefused(Exit.USAGE, "--target", run("train", "--data", good, "--target", "y", "--out", out));
        assertRefused(Exit.USAGE, "'--validation-split': Each part with a share must get an example", run("train", "--data", good,
                "--validation-split", "0.01", "--out", out));
        assertRefused(Exit.BAD_DATA, "needs 1 output, so the last layer needs as many units. Received: --layers dense(3, linear),"
                + " whose output is of shape (3,)", run("train", "--data", good, "--layers", "dense(3, linear)", "--out", out));
        assertFalse(Files.exists(out));
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        Path digits = TinyDigits.write(folder.resolve("digits"));
        Map<String, byte[]> arrays = arrays(digits);
        Path out = folder.resolve("m.beras");
        arrays.put("y_test", bytes(new byte[3], "(3,)"));
        assertRefused(Exit.BAD_DATA, "expected a label for each image. Received: 100 images and 3 labels",
                run("train", "--data", zip("a.npz", arrays), "--out", out));
        arrays.put("y_test", bytes(new byte[100], "(10, 10)"));
        assertRefused(Exit.BAD_DATA, "y_test: expected labels as whole numbers of shape (count). Received: type u1 and"
                + " shape (10, 10)",
                run("train", "--data", zip("b.npz", arrays), "--out", out));
        arrays.put("x_train", bytes(new byte[600], "(600, 1)"));
        arrays.put("y_test", bytes(new byte[100], "(100, 1)"));
        assertRefused(Exit.BAD_DATA, "x_train: expected images as bytes, of type uint8 and shape (count, height, width)"
                + " or (count, height, width, channels). Received: type u1 and shape (600, 1)",
                run("train", "--data", zip("c.npz", arrays), "--out", out));
        arrays.put("x_train", bytes(new byte[600], "(600, 1, 1)"));
        assertRefused(Exit.BAD_DATA, "expected images of one size. Received: x_train of shape (600, 1, 1) and x_test of shape"
                + " (100, 28, 28)", run("train", "--data", zip("d.npz", arrays), "--out", out));
        arrays.remove("x_test");
        assertRefused(Exit.BAD_DATA, "expected an array x_test. Received: [x_train, y_train, y_test]",
                run("train", "--data", zip("e.npz", arrays), "--out", out));
        Path numbers = folder.resolve("f.npz");
        NumpyFile.saveAll(Map.of("x", Tensor.ones(2, 3), "y", Tensor.of(0, 1)), numbers);
        ModelFile.save(new Sequential(1, new Input(3), new Dense(2, "softmax")), out);
        assertRefused(Exit.BAD_DATA, "y_test: expected labels as whole numbers",
                run("evaluate", out, "--data", numbers));
        Path beyond = zip("g.npz", Map.of("x", bytes(new byte[6], "(2, 1, 3)"), "y", bytes(new byte[] {0, 2}, "(2,)")));
        assertRefused(Exit.BAD_DATA, "expected labels from 0 to 1, as the model has 2 outputs. Received: 2",
                run("evaluate", out, "--data", beyond));
        Path table = Files.writeString(folder.resolve("t.csv"), "a,kind\n1,x\n2,y\n".repeat(10));
        Path tables = folder.resolve("table.beras");
        assertExit(Exit.DONE, run("train", "--data", table, "--target", "kind", "--epochs", 1, "--out", tables));
        assertRefused(Exit.USAGE, "arrays are for models of images and of arrays",
                run("predict", tables, "--data", table, "--out", folder.resolve("p.npy")));
        assertFalse(Files.exists(folder.resolve("p.npy")));
    }
}

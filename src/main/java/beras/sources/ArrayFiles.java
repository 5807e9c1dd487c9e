package beras.sources;

import beras.data.ArrayPreprocessor;
import beras.data.DataException;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.table.TableOptions;
import beras.data.table.TableTarget.Task;
import beras.feed.ExampleShapes;
import beras.models.ReadListener;
import beras.saving.numpy.NumpyFile;
import beras.saving.numpy.NumpyFile.Array;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Data in NumPy's files: an {@code .npy} of inputs, or an {@code .npz} with {@code x_train}, {@code y_train}, {@code x_test} and
 * {@code y_test}, as Keras has its data sets, or with {@code x} and {@code y}. Bytes are the pixels of images; other numbers
 * are standardised by the network.
 */
public final class ArrayFiles {

    private static final String ARRAY = ".npy";
    private static final String ARRAYS = ".npz";
    private static final String PIXELS = "u1";
    private static final int LARGEST_CLASS = 255; // of images, whose labels are bytes
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;
    private static final float LARGEST_LABEL = 1 << 24; // up to which float32 holds each whole number
    private static final Set<String> LABELS = Set.of("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8");

    /** Whether a file is one of NumPy, by the end of its name. */
    public static boolean isNamedSo(Path file) {
        return isArray(file) || name(file).endsWith(ARRAYS);
    }

    /** Whether a file has one array, by the end of its name. */
    public static boolean isArray(Path file) {
        return name(file).endsWith(ARRAY);
    }

    /** Whether a file has numbers {@code x} or {@code x_train} to train on, rather than images, which are bytes. */
    public static boolean hasNumbers(Path file) {
        if (!name(file).endsWith(ARRAYS) || !Files.isRegularFile(file)) {
            return false;
        }
        try {
            return NumpyFile.type(file, "x").isPresent() || NumpyFile.type(file, "x_train").filter(type -> !type.equals(PIXELS)).isPresent();
        } catch (IOException e) {
            return false; // reading it will report the error
        }
    }

    /**
     * Numbers, and the labels or numbers that are to be predicted from them.
     *
     * @param x      {@code (count, ...)}
     * @param y      labels one-hot, or numbers, {@code (count, ...)}
     * @param labels the number of each example's label among the names; empty: numbers
     * @param names  of the labels, in ascending order; empty: numbers
     * @param reason why they are taken for labels or numbers; empty: that was given
     * @param tests  {@code x_test} and {@code y_test}, if the file has them
     */
    record Numbers(Tensor x, Tensor y, Optional<int[]> labels, List<String> names, Optional<String> reason, Optional<Pair> tests) {}

    /**
     * Inputs of shape {@code (count, ...)} and as many targets, {@code (count, size)}.
     *
     * @param isRounded whether float32 does not hold a target
     */
    record Pair(Tensor x, Tensor y, boolean isRounded) {}

    /**
     * The arrays {@code x} and {@code y}, or {@code x_train} and {@code y_train}. Whole numbers of few values are labels, as in a table,
     * others numbers; rows of which each is one-hot are labels, too.
     *
     * @param asked the task, if it was given
     * @throws DataException if they do not fit each other or the task, or there are too many labels
     */
    static Numbers numbers(Path file, Optional<Task> asked, ReadListener listener) throws IOException {
        Map<String, Array> arrays = all(file);
        Pair pair = trained(file, arrays, listener);
        Optional<Pair> tests = arrays.containsKey("x_test") ? Optional.of(pair(file, arrays, "x_test", "y_test", listener))
                : Optional.empty();
        int count = pair.x().dim(0);
        Tensor targets = pair.y();
        float[] values = labels(targets);
        boolean oneEach = values.length == count;
        TreeSet<Float> distinct = oneEach ? distinctWhole(values) : new TreeSet<>(); // empty: no labels
        boolean few = !distinct.isEmpty() && distinct.size() <= TableOptions.MOST_NUMERIC_LABELS;
        if (asked.orElse(few ? Task.CLASSIFICATION : Task.REGRESSION) == Task.REGRESSION) {
            String reason = !oneEach ? "there are " + targets.dim(1) + " for each example"
                    : "y has fractions, or more than " + TableOptions.MOST_NUMERIC_LABELS + " different values";
            return new Numbers(pair.x(), targets, Optional.empty(), List.of(),
                    asked.isPresent() ? Optional.empty() : Optional.of(reason), tests);
        }
        if (distinct.size() < 2 || pair.isRounded()) {
            throw new DataException(file + ": y: expected labels: whole numbers that float32 holds, one for each example,"
                    + " of 2 to " + TableOptions.MOST_CATEGORIES + " different values. Received: " + (distinct.size() == 1
                    ? "only " + name(distinct.first()) : "other numbers, of shape " + targets.shape()
                    + ", or more of them") + (asked.isPresent() ? ". Leave out the task" : ""));
        }
        List<String> names = distinct.stream().map(ArrayFiles::name).toList();
        int[] labels = places(file, values, names);
        return new Numbers(pair.x(), oneHot(file, labels, names.size()), Optional.of(labels), names,
                asked.isPresent() ? Optional.empty() : Optional.of("y has few whole numbers"), tests);
    }

    /** The examples to train on. */
    private static Pair trained(Path file, Map<String, Array> arrays, ReadListener listener) throws DataException {
        return arrays.containsKey("x_train") && !arrays.containsKey("x") ? pair(file, arrays, "x_train", "y_train", listener)
                : pair(file, arrays, "x", "y", listener);
    }

    /** Two arrays of a file that belong together. */
    private static Pair pair(Path file, Map<String, Array> arrays, String inputs, String outputs, ReadListener listener)
            throws DataException {
        Array x = find(file, arrays, inputs);
        Array y = find(file, arrays, outputs);
        remarkRounded(file, x, listener);
        remarkRounded(file, y, listener);
        boolean counts = x.values().rank() >= 2 && y.values().rank() >= 1 && x.values().dim(0) == y.values().dim(0)
                && x.values().size() > 0 && y.values().size() > 0;
        if (!counts || x.type().equals(PIXELS)) {
            throw new DataException(file + ": expected " + inputs + " of shape (count, ...) and as many " + outputs + ". Received: "
                    + inputs + " of type " + x.type() + " and shape " + x.values().shape() + ", " + outputs + " of shape "
                    + y.values().shape() + (counts ? ". Bytes are images: name them x_train, y_train, x_test and y_test" : ""));
        }
        int count = x.values().dim(0);
        return new Pair(x.values(), y.values().reshape(count, y.values().size() / count).contiguous(), y.rounded() > 0);
    }

    /**
     * The test examples, {@code x_test} and {@code y_test}; without them those to train on.
     *
     * @throws DataException if they do not fit each other or the model
     */
    static Numbers tested(Path file, ArrayPreprocessor model, ReadListener listener) throws IOException {
        Map<String, Array> arrays = all(file);
        boolean ofTests = arrays.containsKey("x_test");
        Pair pair = ofTests ? pair(file, arrays, "x_test", "y_test", listener) : trained(file, arrays, listener);
        return fitted(file, pair, model, ofTests ? Optional.of(pair) : Optional.empty());
    }

    /** Arrays as the model of a preprocessor takes them. */
    static Numbers fitted(Path file, Pair pair, ArrayPreprocessor model, Optional<Pair> tests) throws DataException {
        int outputs = model.outputShape().size();
        boolean ofLabels = !model.labels().isEmpty();
        float[] values = labels(pair.y());
        if (!pair.x().shape().rest().equals(model.inputShape()) || (ofLabels ? values.length != pair.x().dim(0) : pair.y().dim(1) != outputs)) {
            throw new DataException(file + ": expected inputs of shape " + model.inputShape() + " and for each " + (ofLabels ? "a label"
                    : outputs == 1 ? "a number" : outputs + " numbers") + ", as the model has them. Received: inputs of shape "
                    + pair.x().shape().rest() + " and targets of shape " + pair.y().shape().rest());
        }
        Optional<int[]> labels = ofLabels ? Optional.of(places(file, values, model.labels())) : Optional.empty();
        return new Numbers(pair.x(), ofLabels ? oneHot(file, labels.get(), outputs) : model.standardize(pair.y()), labels, model.labels(),
                Optional.empty(), tests);
    }

    /** Where labels stand among the names. */
    private static int[] places(Path file, float[] values, List<String> names) throws DataException {
        Map<String, Integer> places = new HashMap<>();
        names.forEach(name -> places.put(name, places.size()));
        int[] labels = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            Integer place = values[i] == (long) values[i] ? places.get(name(values[i])) : null;
            if (place == null) {
                throw new DataException(file + ": expected labels of the examples to train on, " + String.join(", ", names) + ". Received: "
                        + values[i] + " for example " + i);
            }
            labels[i] = place;
        }
        return labels;
    }

    private static Tensor oneHot(Path file, int[] labels, int names) throws DataException {
        if ((long) labels.length * names > LONGEST_ARRAY) {
            throw new DataException(file + ": y: expected labels that fit one-hot into an array, of " + LONGEST_ARRAY
                    + " numbers. Received: " + labels.length + " examples with " + names + " different labels");
        }
        Tensor oneHot = Tensor.zeros(labels.length, names);
        for (int i = 0; i < labels.length; i++) {
            oneHot.data()[i * names + labels[i]] = 1;
        }
        return oneHot;
    }

    private static String name(float label) {
        return Long.toString((long) label);
    }

    /** The different values in ascending order, if all are whole and there are no more than labels may be; else none. */
    private static TreeSet<Float> distinctWhole(float[] values) {
        TreeSet<Float> distinct = new TreeSet<>();
        for (float value : values) {
            if (value != Math.rint(value) || Math.abs(value) > LARGEST_LABEL) {
                return new TreeSet<>();
            }
            distinct.add(value + 0f);
            if (distinct.size() > TableOptions.MOST_CATEGORIES) {
                return new TreeSet<>();
            }
        }
        return distinct;
    }

    /** Whether each row is a 1 among zeros. */
    private static boolean isOneHot(Tensor rows) {
        int width = rows.dim(1);
        for (int row = 0; row < rows.dim(0); row++) {
            int ones = 0;
            for (int i = 0; i < width; i++) {
                float value = rows.data()[rows.offset() + row * width + i];
                if (value != 0 && value != 1) {
                    return false;
                }
                ones += value == 1 ? 1 : 0;
            }
            if (ones != 1) {
                return false;
            }
        }
        return true;
    }

    /** Targets as labels, if there is one for each example, or each is one-hot; else all numbers. */
    private static float[] labels(Tensor targets) {
        if (targets.dim(1) == 1 || !isOneHot(targets)) {
            return targets.toArray();
        }
        int[] places = targets.argmax(1);
        float[] positions = new float[places.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = places[i];
        }
        return positions;
    }

    private static void remarkRounded(Path file, Array array, ReadListener listener) {
        if (array.rounded() > 0) {
            listener.onRemark(file + ": " + array.rounded() + (array.rounded() == 1 ? " number" : " numbers") + " of type " + array.type()
                    + " rounded to float32, which has 24 bits");
        }
    }

    private static String name(Path file) {
        return file.toString().toLowerCase(Locale.ROOT);
    }

    /**
     * The inputs of a model: pixels from 0 to 1, other numbers as they are.
     *
     * @param bytesArePixels whether bytes are pixels, as for a model that was not trained on numbers
     * @throws DataException if the model takes another shape
     */
    public static Tensor inputs(Path file, Shape wanted, boolean bytesArePixels, ReadListener listener) throws IOException {
        Array array = isArray(file) ? read(file) : find(file, all(file), "x_test", "x", "x_train");
        remarkRounded(file, array, listener);
        Tensor x = array.values();
        boolean fits = x.size() > 0 && x.rank() > 0 && ExampleShapes.fits(x.shape().rest(), wanted);
        if (!fits && (x.rank() == 0 || x.size() == 0 || x.shape().rest().size() != wanted.size())) {
            throw new DataException(file + ": expected inputs of shape " + ExampleShapes.batch(wanted)
                    + " as the model takes them. Received: " + x.shape());
        }
        int[] shape = fits ? x.shape().toArray() : wanted.prepend(x.dim(0)).toArray();
        if (!array.type().equals(PIXELS) || !bytesArePixels) {
            return x.reshape(shape);
        }
        listener.onRemark(file + ": Bytes are taken for pixels: they are divided by 255");
        return new Images(bytes(x), 1, x.size() / x.dim(0), null, 0).inputs().reshape(shape);
    }

    /**
     * Images to train on and to test on, with labels from 0 on.
     *
     * @throws DataException if the file has other arrays, or they do not fit each other
     */
    static ImageSets images(Path file) throws IOException {
        Map<String, Array> arrays = all(file);
        Array x = find(file, arrays, "x_train");
        Array y = find(file, arrays, "y_train");
        Array testX = find(file, arrays, "x_test");
        Array testY = find(file, arrays, "y_test");
        int classes = 1 + Math.max(largest(file, "y_train", y), largest(file, "y_test", testY));
        ImageSets images = new ImageSets(labelled(file, "x_train", x, y, classes), labelled(file, "x_test", testX, testY, classes));
        if (!images.train().sides().equals(images.test().sides())) {
            throw new DataException(file + ": expected images of one size. Received: x_train of shape "
                    + x.values().shape() + " and x_test of shape " + testX.values().shape());
        }
        return images;
    }

    /**
     * Images to test on, {@code x_test} and {@code y_test}, else {@code x} and {@code y}.
     *
     * @param classes that the model has
     * @throws DataException as {@link #images}, and if a label is none of the classes
     */
    public static Images tested(Path file, int classes) throws IOException {
        Map<String, Array> arrays = all(file);
        Array y = find(file, arrays, "y_test", "y");
        if (largest(file, "y_test", y) >= classes) {
            throw new DataException(file + ": expected labels from 0 to " + (classes - 1) + ", as the model has "
                    + classes + (classes == 1 ? " output" : " outputs") + ". Received: " + largest(file, "y_test", y));
        }
        return labelled(file, "x_test", find(file, arrays, "x_test", "x"), y, classes);
    }

    private static Images labelled(Path file, String name, Array x, Array y, int classes) throws DataException {
        boolean isGrey = x.values().rank() == 3;
        if (!x.type().equals(PIXELS) || !isGrey && x.values().rank() != 4) {
            throw new DataException(file + ": " + name + ": expected images as bytes, of type uint8 and shape (count,"
                    + " height, width) or (count, height, width, channels). Received: type " + x.type() + " and shape "
                    + x.values().shape() + ". From Java, NumpyFile.examples takes any numbers");
        }
        if (x.values().dim(0) != y.values().size()) {
            throw new DataException(file + ": expected a label for each image. Received: " + x.values().dim(0)
                    + " images and " + y.values().size() + " labels");
        }
        return new Images(bytes(x.values()), x.values().dim(1), x.values().dim(2), isGrey ? 1 : x.values().dim(3),
                bytes(y.values()), classes);
    }

    /** The largest of some labels. */
    private static int largest(Path file, String name, Array labels) throws DataException {
        boolean column = labels.values().rank() == 2 && labels.values().dim(1) == 1; // as in Keras's CIFAR
        if (!LABELS.contains(labels.type()) || labels.values().rank() != 1 && !column) {
            throw new DataException(file + ": " + name + ": expected labels as whole numbers of shape (count). Received:"
                    + " type " + labels.type() + " and shape " + labels.values().shape());
        }
        float[] values = labels.values().toArray();
        float largest = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] > LARGEST_CLASS) {
                throw new DataException(file + ": " + name + ": expected labels from 0 to " + LARGEST_CLASS
                        + ". Received: " + values[i] + " for example " + i);
            }
            largest = Math.max(largest, values[i]);
        }
        return (int) largest;
    }

    private static byte[] bytes(Tensor numbers) {
        float[] values = numbers.toArray();
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (int) values[i];
        }
        return bytes;
    }

    private static Array read(Path file) throws IOException {
        try {
            return NumpyFile.array(file);
        } catch (NoSuchFileException e) {
            throw missing(file);
        }
    }

    private static Map<String, Array> all(Path file) throws IOException {
        try {
            return NumpyFile.arrays(file);
        } catch (NoSuchFileException e) {
            throw missing(file);
        }
    }

    private static DataException missing(Path file) {
        return new DataException(file + ": there is no such file");
    }

    /** The first array of these names. */
    private static Array find(Path file, Map<String, Array> arrays, String... names) throws DataException {
        for (String name : names) {
            if (arrays.containsKey(name)) {
                return arrays.get(name);
            }
        }
        throw new DataException(file + ": expected an array " + String.join(" or ", names) + ". Received: "
                + arrays.keySet());
    }

    private ArrayFiles() {}
}

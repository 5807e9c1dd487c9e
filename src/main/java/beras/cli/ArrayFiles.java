package beras.cli;

import beras.data.image.Images;
import beras.data.image.Mnist;
import beras.saving.NumpyFile;
import beras.saving.NumpyFile.Array;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipFile;

/**
 * Data in NumPy's files: an {@code .npy} of inputs, or an {@code .npz} with {@code x_train}, {@code y_train}, {@code x_test} and
 * {@code y_test}, as Keras has its data sets, or with {@code x} and {@code y}. Bytes are the pixels of images, other numbers are
 * taken as they are.
 */
final class ArrayFiles {

    private static final String ARRAY = ".npy";
    private static final String ARRAYS = ".npz";
    private static final String PIXELS = "u1";
    private static final int LARGEST_LABEL = 255;
    private static final Set<String> LABELS = Set.of("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8");

    /** Whether a file is one of NumPy, by the end of its name. */
    static boolean isNamedSo(Path file) {
        return isArray(file) || name(file).endsWith(ARRAYS);
    }

    /** Whether a file has one array, by the end of its name. */
    static boolean isArray(Path file) {
        return name(file).endsWith(ARRAY);
    }

    /** Whether a file has numbers {@code x} to train on, rather than the images {@code x_train}. */
    static boolean hasNumbers(Path file) {
        if (!name(file).endsWith(ARRAYS) || !Files.isRegularFile(file)) {
            return false;
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.getEntry("x" + ARRAY) != null;
        } catch (IOException e) {
            return false; // to read it will say what is wrong
        }
    }

    /**
     * Numbers, and the labels or amounts that are to be predicted from them.
     *
     * @param x      {@code (count, ...)}
     * @param y      labels one-hot, or amounts, {@code (count, ...)}
     * @param labels of the examples; null: amounts
     */
    record Numbers(Tensor x, Tensor y, int[] labels) {}

    /**
     * The arrays {@code x} and {@code y}; whole numbers are labels, others amounts.
     *
     * @param console is told what is made of them
     * @throws Failure if they do not fit each other, or there are too many labels
     */
    static Numbers numbers(Path file, Console console) throws IOException {
        Map<String, Array> arrays = all(file);
        Array x = find(file, arrays, "x");
        Array y = find(file, arrays, "y");
        sayRounded(file, x, console);
        sayRounded(file, y, console);
        boolean counts = x.values().rank() >= 2 && y.values().rank() >= 1 && x.values().dim(0) == y.values().dim(0)
                && x.values().size() > 0;
        if (!counts || x.type().equals(PIXELS)) {
            throw new Failure(Exit.BAD_DATA, file + ": expected x of shape (count, ...) and as many y. Received: x of type "
                    + x.type() + " and shape " + x.values().shape() + ", y of shape " + y.values().shape()
                    + (counts ? ". Bytes are images: name them x_train, y_train, x_test and y_test" : ""));
        }
        int count = x.values().dim(0);
        if (!LABELS.contains(y.type())) {
            console.err().println(file + ": y is of type " + y.type() + ", so that amounts are predicted");
            return new Numbers(x.values(), y.values().reshape(count, y.values().size() / count), null);
        }
        int classes = 1 + largest(file, "y", y);
        console.err().println(file + ": y has whole numbers, so that one of " + classes + " labels is predicted");
        float[] values = y.values().toArray();
        int[] labels = new int[count];
        Tensor oneHot = Tensor.zeros(count, classes);
        for (int i = 0; i < count; i++) {
            labels[i] = (int) values[i];
            oneHot.data()[i * classes + labels[i]] = 1;
        }
        return new Numbers(x.values(), oneHot, labels);
    }

    private static void sayRounded(Path file, Array array, Console console) {
        if (array.rounded() > 0) {
            console.err().println(file + ": " + Text.count(array.rounded(), "number") + " of type " + array.type()
                    + " rounded to float32, which has 24 bits");
        }
    }

    private static String name(Path file) {
        return file.toString().toLowerCase(Locale.ROOT);
    }

    /**
     * What a model of these inputs takes: pixels from 0 to 1, other numbers as they are.
     *
     * @throws Failure if the model takes another shape
     */
    static Tensor inputs(Path file, Shape wanted, Console console) throws IOException {
        Array array = isArray(file) ? read(file) : find(file, all(file), "x_test", "x");
        sayRounded(file, array, console);
        Tensor x = array.values();
        if (x.rank() == 0 || x.size() == 0 || x.shape().rest().size() != wanted.size()) {
            throw new Failure(Exit.BAD_DATA, file + ": expected inputs of shape (count, ...), each of " + wanted
                    + " as the model takes it. Received: " + x.shape());
        }
        int[] shape = wanted.prepend(x.dim(0)).toArray();
        if (!array.type().equals(PIXELS)) {
            return x.reshape(shape);
        }
        console.err().println(file + ": Bytes are taken for pixels: they are divided by 255");
        return new Images(bytes(x), 1, wanted.size(), null, 0).inputs().reshape(shape);
    }

    /**
     * Images to train on and to test on, with labels from 0 on.
     *
     * @throws Failure if the file has other arrays, or they do not fit each other
     */
    static Mnist images(Path file) throws IOException {
        Map<String, Array> arrays = all(file);
        Array x = find(file, arrays, "x_train");
        Array y = find(file, arrays, "y_train");
        Array testX = find(file, arrays, "x_test");
        Array testY = find(file, arrays, "y_test");
        int classes = 1 + Math.max(largest(file, "y_train", y), largest(file, "y_test", testY));
        Mnist images = new Mnist(labelled(file, "x_train", x, y, classes), labelled(file, "x_test", testX, testY, classes));
        if (!images.train().sides().equals(images.test().sides())) {
            throw new Failure(Exit.BAD_DATA, file + ": expected images of one size. Received: x_train of shape "
                    + x.values().shape() + " and x_test of shape " + testX.values().shape());
        }
        return images;
    }

    /**
     * Images to test on, {@code x_test} and {@code y_test}, else {@code x} and {@code y}.
     *
     * @param classes that the model tells
     * @throws Failure as {@link #images}, and if a label is none of the classes
     */
    static Images tested(Path file, int classes) throws IOException {
        Map<String, Array> arrays = all(file);
        Array y = find(file, arrays, "y_test", "y");
        if (largest(file, "y_test", y) >= classes) {
            throw new Failure(Exit.BAD_DATA, file + ": expected labels from 0 to " + (classes - 1) + ", as the model has "
                    + Text.count(classes, "output") + ". Received: " + largest(file, "y_test", y));
        }
        return labelled(file, "x_test", find(file, arrays, "x_test", "x"), y, classes);
    }

    private static Images labelled(Path file, String name, Array x, Array y, int classes) {
        boolean isGrey = x.values().rank() == 3;
        if (!x.type().equals(PIXELS) || !isGrey && x.values().rank() != 4) {
            throw new Failure(Exit.BAD_DATA, file + ": " + name + ": expected images as bytes, of type uint8 and shape (count,"
                    + " height, width) or (count, height, width, channels). Received: type " + x.type() + " and shape "
                    + x.values().shape() + ". From Java, NumpyFile.examples takes any numbers");
        }
        if (x.values().dim(0) != y.values().size()) {
            throw new Failure(Exit.BAD_DATA, file + ": expected a label for each image. Received: " + x.values().dim(0)
                    + " images and " + y.values().size() + " labels");
        }
        return new Images(bytes(x.values()), x.values().dim(1), x.values().dim(2), isGrey ? 1 : x.values().dim(3),
                bytes(y.values()), classes);
    }

    /** The largest of some labels. */
    private static int largest(Path file, String name, Array labels) {
        boolean column = labels.values().rank() == 2 && labels.values().dim(1) == 1; // as Keras has those of CIFAR
        if (!LABELS.contains(labels.type()) || labels.values().rank() != 1 && !column) {
            throw new Failure(Exit.BAD_DATA, file + ": " + name + ": expected labels as whole numbers of shape (count). Received:"
                    + " type " + labels.type() + " and shape " + labels.values().shape());
        }
        float[] values = labels.values().toArray();
        float largest = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] > LARGEST_LABEL) {
                throw new Failure(Exit.BAD_DATA, file + ": " + name + ": expected labels from 0 to " + LARGEST_LABEL
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

    private static Failure missing(Path file) {
        return new Failure(Exit.BAD_DATA, file + ": there is no such file");
    }

    /** The first array of these names. */
    private static Array find(Path file, Map<String, Array> arrays, String... names) {
        for (String name : names) {
            if (arrays.containsKey(name)) {
                return arrays.get(name);
            }
        }
        throw new Failure(Exit.BAD_DATA, file + ": expected an array " + String.join(" or ", names) + ". Received: "
                + arrays.keySet());
    }

    private ArrayFiles() {}
}

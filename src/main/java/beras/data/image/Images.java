package beras.data.image;

import beras.config.CheckReturnValue;
import beras.feed.Batch;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Images of one size, grey or in colours, with or without labels. Pixels stay bytes in memory, 0 to 255, and become floats in
 * [0, 1] when they are read.
 *
 * <p>As {@link Examples}, an input is an image flattened row by row, {@code (height * width * channels)}, and a target is its
 * label one-hot, {@code (classes)}. Immutable as long as nobody writes to the arrays it was made of; safe in several threads.
 *
 * <pre>{@code
 * Images first = images.slice(0, 1000);
 * Tensor pixels = first.inputs();                          // (1000, 784), 0 to 1
 * }</pre>
 */
public final class Images implements Examples {

    /** A label is a byte. */
    static final int MAX_CLASSES = 256;

    private final byte[] pixels;
    private final byte[] labels;
    private final int first;
    private final int count;
    private final int height;
    private final int width;
    private final int channels;
    private final int classes;

    /**
     * Grey images over the arrays themselves, which are not copied.
     *
     * @param pixels  one image after the other, each row by row; 0 to 255
     * @param labels  one label for each image, 0 to {@code classes - 1}; null if there are none
     * @param classes the number of classes, 1 to 256; without labels it may also be 0 for unknown
     * @throws IllegalArgumentException if the lengths do not fit each other or a label is not one of the classes
     */
    public Images(byte[] pixels, int height, int width, byte[] labels, int classes) {
        this(pixels, height, width, 1, labels, classes);
    }

    /**
     * Images over the arrays themselves, which are not copied.
     *
     * @param pixels   one image after the other, each row by row, the channels of a pixel side by side; 0 to 255
     * @param channels of a pixel: 1 for grey, 3 for red, green and blue
     * @param labels   one label for each image, 0 to {@code classes - 1}; null if there are none
     * @param classes  the number of classes, 1 to 256; without labels it may also be 0 for unknown
     * @throws IllegalArgumentException if the lengths do not fit each other or a label is not one of the classes
     */
    public Images(byte[] pixels, int height, int width, int channels, byte[] labels, int classes) {
        requireSides(height, width, channels);
        int size = height * width * channels;
        if (pixels.length % size != 0) {
            throw new IllegalArgumentException("Images of " + sides(height, width, channels) + " need a multiple of " + size
                    + " pixels. Received: " + pixels.length);
        }
        this.first = 0;
        this.count = pixels.length / size;
        this.pixels = pixels;
        this.height = height;
        this.width = width;
        this.channels = channels;
        this.labels = labels;
        this.classes = classes;
        if (labels != null) {
            requireLabelsFit();
        } else if (classes != 0) {
            requireClasses(classes);
        }
    }

    private Images(Images whole, int from, int to) {
        this.first = whole.first + from;
        this.count = to - from;
        this.pixels = whole.pixels;
        this.height = whole.height;
        this.width = whole.width;
        this.channels = whole.channels;
        this.labels = whole.labels;
        this.classes = whole.classes;
    }

    static void requireSides(int height, int width, int channels) {
        if (height < 1 || width < 1 || channels < 1 || (long) height * width > Integer.MAX_VALUE / channels) {
            throw new IllegalArgumentException("The sides of an image must be at least 1 and its pixels at most "
                    + Integer.MAX_VALUE + ". Received: " + sides(height, width, channels));
        }
    }

    /** As messages have them, such as {@code 32 x 32 x 3}; of grey images {@code 28 x 28}. */
    public static String sides(int height, int width, int channels) {
        return height + " x " + width + (channels == 1 ? "" : " x " + channels);
    }

    /** Height and width, and the channels if there are several, such as {@code 32 x 32 x 3}, for messages. */
    public String sides() {
        return sides(height, width, channels);
    }

    private void requireLabelsFit() {
        requireClasses(classes);
        if (labels.length != count) {
            throw new IllegalArgumentException("Every image needs one label. Received: " + count + " images, "
                    + labels.length + " labels");
        }
        int wrong = firstOutside(labels, classes);
        if (wrong >= 0) {
            throw new IllegalArgumentException("Labels of " + classes + " classes are 0 to " + (classes - 1) + ". Received: "
                    + (labels[wrong] & 0xff) + " for image " + wrong);
        }
    }

    static void requireClasses(int classes) {
        if (classes < 1 || classes > MAX_CLASSES) {
            throw new IllegalArgumentException("The number of classes must be 1 to " + MAX_CLASSES + ". Received: " + classes);
        }
    }

    /** The index of the first label that is not below {@code classes}, or -1. */
    static int firstOutside(byte[] labels, int classes) {
        for (int i = 0; i < labels.length; i++) {
            if ((labels[i] & 0xff) >= classes) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int count() {
        return count;
    }

    /** Rows of an image. */
    public int height() {
        return height;
    }

    /** Columns of an image. */
    public int width() {
        return width;
    }

    /** Numbers of a pixel: 1 for grey, 3 for red, green and blue. */
    public int channels() {
        return channels;
    }

    /** Whether the images have labels. */
    public boolean labelled() {
        return labels != null;
    }

    /**
     * The label of image {@code i}.
     *
     * @throws IllegalStateException if the images have no labels
     */
    public int label(int i) {
        requireLabels();
        return labels[place(i)] & 0xff;
    }

    /** The pixels of image {@code i}, row by row, the channels of a pixel side by side, 0 to 255; a copy. */
    public byte[] pixels(int i) {
        int at = place(i) * size();
        return Arrays.copyOfRange(pixels, at, at + size());
    }

    private int place(int i) {
        return first + Objects.checkIndex(i, count);
    }

    private int size() {
        return height * width * channels;
    }

    private void requireLabels() {
        if (labels == null) {
            throw new IllegalStateException("These " + count + " images have no labels: predict works without, training and"
                    + " evaluation need them (withLabels)");
        }
    }

    /**
     * The same pixels with these labels, one for each image.
     *
     * @throws IllegalArgumentException as the constructor
     */
    @CheckReturnValue
    public Images withLabels(byte[] newLabels, int newClasses) {
        int from = first * size();
        byte[] own = count * size() == pixels.length ? pixels : Arrays.copyOfRange(pixels, from, from + count * size());
        return new Images(own, height, width, channels, newLabels, newClasses);
    }

    /** A view of the images {@code from} (inclusive) to {@code to} (exclusive); no pixels are copied. */
    @CheckReturnValue
    @Override
    public Images slice(int from, int to) {
        Objects.checkFromToIndex(from, to, count);
        return new Images(this, from, to);
    }

    /**
     * {@inheritDoc} Pixels and labels are copied.
     *
     * @throws IllegalArgumentException if their pixels are too many for an array
     */
    @CheckReturnValue
    @Override
    public Images select(int... indices) {
        if ((long) indices.length * size() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("The pixels of all images together must be at most " + (Integer.MAX_VALUE - 8)
                    + ". Received: " + indices.length + " images of " + sides());
        }
        byte[] chosen = new byte[indices.length * size()];
        byte[] chosenLabels = labels == null ? null : new byte[indices.length];
        for (int i = 0; i < indices.length; i++) {
            int place = place(indices[i]);
            System.arraycopy(pixels, place * size(), chosen, i * size(), size());
            if (labels != null) {
                chosenLabels[i] = labels[place];
            }
        }
        return new Images(chosen, height, width, channels, chosenLabels, classes);
    }

    /** The shape of one input, {@code (height * width * channels)}. */
    public Shape inputShape() {
        return Shape.of(size());
    }

    /** Images that have the same pixels: the indices of each such set, ascending, two at least. */
    public List<int[]> twins() {
        Map<ByteBuffer, List<Integer>> sets = new LinkedHashMap<>();
        for (int i = 0; i < count(); i++) {
            sets.computeIfAbsent(ByteBuffer.wrap(pixels, place(i) * size(), size()), any -> new ArrayList<>()).add(i);
        }
        return sets.values().stream().filter(set -> set.size() > 1).map(set -> set.stream().mapToInt(i -> i).toArray()).toList();
    }

    /** The number of classes; 0 if it is unknown. */
    public int classes() {
        return classes;
    }

    @Override
    public ExampleSpec spec() {
        return ExampleSpec.of(inputShape(), Shape.of(classes));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if targets are requested and the images have no labels
     */
    @Override
    public void read(int epoch, int[] order, int from, int to, Batch into) {
        for (int i = from; i < to; i++) {
            Objects.checkIndex(order[i], count); // it may be one of the pixels and yet not of this slice
        }
        Tensor inputs = into.inputs().get(0);
        int pixelsFrom = first * size();
        Backend.elements().bytesToUnitRangeByRow(pixels, pixelsFrom, order, from,
                new MatrixView(inputs.data(), inputs.offset(), to - from, size()));
        if (!into.targets().isEmpty()) {
            requireLabels();
            Tensor targets = into.targets().get(0);
            Arrays.fill(targets.data(), targets.offset(), targets.offset() + (to - from) * classes, 0f);
            for (int i = from; i < to; i++) {
                targets.data()[targets.offset() + (i - from) * classes + label(order[i])] = 1f;
            }
        }
    }

    /** All images as floats in [0, 1], {@code (count, height * width * channels)}. */
    public Tensor inputs() {
        Tensor out = Tensor.zeros(count, size());
        Backend.elements().bytesToUnitRange(pixels, first * size(), out.block());
        return out;
    }

    /**
     * All labels as numbers, {@code (count)}.
     *
     * @throws IllegalStateException if the images have no labels
     */
    public Tensor labels() {
        requireLabels();
        return Tensor.generate(this::label, count);
    }

    /**
     * All labels one-hot, {@code (count, classes)}.
     *
     * @throws IllegalStateException if the images have no labels
     */
    public Tensor oneHot() {
        requireLabels();
        Tensor out = Tensor.zeros(count, classes);
        for (int i = 0; i < count; i++) {
            out.data()[i * classes + label(i)] = 1f;
        }
        return out;
    }

    /** The same images, with one channel if red, green and blue are the same in each pixel; else these themselves. */
    @CheckReturnValue
    public Images compact() {
        if (channels != 3) {
            return this;
        }
        byte[] grey = new byte[count * height * width];
        for (int i = 0, at = first * size(); i < grey.length; i++, at += channels) {
            if (pixels[at] != pixels[at + 1] || pixels[at] != pixels[at + 2]) {
                return this;
            }
            grey[i] = pixels[at];
        }
        return new Images(grey, height, width, labels == null ? null : Arrays.copyOfRange(labels, first, first + count), classes);
    }

    /** How many there are, of which sides and classes. */
    @Override
    public String toString() {
        return "Images: " + count + " of " + sides() + (classes == 0 ? "" : ", " + classes + " classes")
                + (labelled() ? "" : ", without labels");
    }
}

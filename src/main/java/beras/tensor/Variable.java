package beras.tensor;

import beras.kernels.Alignment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * A tensor whose contents change: a weight, a bias, or the state of a layer.
 *
 * <p>{@link #assign} writes in place, so every holder of the variable sees the new value. Not thread-safe while it is written.
 *
 * <p>Its elements are contiguous in {@link #data} from {@link #offset} on; the array may have unused elements before and after
 * them.
 *
 * <pre>{@code
 * Variable weight = new Variable("weight", Tensor.of(new float[][] {{1, 2}}));
 * weight.assign(weight.multiply(0.9));
 * }</pre>
 */
public final class Variable extends Tensor {

    private static final AtomicLong CHANGES = new AtomicLong();

    private final String name;
    private final boolean state;
    private boolean trainable;
    private volatile long changedAt; // the number of its latest change; 0: none

    private Variable(String name, Tensor initial, boolean state) {
        this(name, initial, Alignment.array(initial.size()), state);
    }

    private Variable(String name, Tensor initial, float[] data, boolean state) {
        super(data, Alignment.first(data, initial.size()), initial.shape(), initial.shape().strides());
        this.name = name;
        this.state = state;
        this.trainable = !state;
        initial.copyTo(data, offset());
        Alignment.own(data, initial.size(), this);
    }

    /** A trainable variable with a copy of these contents, named {@code variable}. */
    public Variable(Tensor initial) {
        this("variable", initial);
    }

    /**
     * A trainable variable with a copy of these contents.
     *
     * @param name its name within its layer, such as {@code kernel} or {@code bias}
     */
    public Variable(String name, Tensor initial) {
        this(name, initial, false);
    }

    /** A variable that only its layer changes, never an optimizer, such as a moving mean. */
    public static Variable state(String name, Tensor initial) {
        return new Variable(name, initial, true);
    }

    /** The name within its layer, such as {@code kernel}; not unique in a model. */
    public String name() {
        return name;
    }

    /** Whether it was made by {@link #state}. */
    public boolean isState() {
        return state;
    }

    /** Whether training may change it; true at first, and always false for {@linkplain #isState state}. */
    public boolean trainable() {
        return trainable;
    }

    /** Sets whether training may change it; without effect on {@linkplain #isState state}. */
    public void trainable(boolean trainable) {
        this.trainable = trainable && !state;
    }

    /**
     * Identity: contents change, so equality and hash code ignore them. To compare contents with a tensor, use a {@link #copy} or
     * {@link #allClose}.
     */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /**
     * Overwrites the contents in place with a tensor of this shape, ignoring axes of size 1: a bias of shape {@code (n)} accepts
     * {@code (1, n)}, too. A tensor of the same rank is broadcast along its axes of size 1, such as a row {@code (1, n)} to a
     * matrix {@code (m, n)}.
     *
     * @throws IllegalArgumentException if the value has another shape, such as {@code (n)} for {@code (m, n)}; nothing is changed
     *     then
     */
    public void assign(Tensor value) {
        boolean repeats = value.rank() == rank()
                && IntStream.range(0, rank()).allMatch(axis -> value.dim(axis) == dim(axis) || value.dim(axis) == 1);
        if (!repeats && !Arrays.equals(sizes(value), sizes(this))) {
            throw new IllegalArgumentException("What is assigned to the variable \"" + name + "\" must have its shape " + shape()
                    + ". Received: " + value.shape() + ". To fill it assign a number, or value.broadcastTo(variable.shape())");
        }
        float[] values = (repeats ? value.broadcastView(shape()) : value).toArray();
        System.arraycopy(values, 0, data(), offset(), values.length);
        changed();
    }

    /**
     * Marks a write to {@link #data} itself, for example by an optimizer; {@link #assign} does this itself. No effect on
     * {@linkplain #isState state}, which layers change while they compute.
     */
    public void changed() {
        if (!state) {
            changedAt = CHANGES.incrementAndGet();
        }
    }

    /** The number of changes of variables so far in this JVM. */
    public static long changes() {
        return CHANGES.get();
    }

    @Override
    public long changedAt() {
        return changedAt;
    }

    /** As {@link #assign(Tensor)}, from nested arrays as in {@link Tensor#of(Object[])}. */
    public void assign(Object[] value) {
        assign(Tensor.of(value));
    }

    /** Fills the contents in place with one value. */
    public void assign(double value) {
        Arrays.fill(data(), offset(), offset() + size(), (float) value);
        changed();
    }

    private static int[] sizes(Tensor tensor) {
        return Arrays.stream(tensor.shape().toArray()).filter(size -> size != 1).toArray();
    }
}

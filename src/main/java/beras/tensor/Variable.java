package beras.tensor;

/**
 * A tensor whose contents change: a weight or a bias.
 *
 * <p>{@link #assign} writes in place, so every holder of the variable sees the new value. Not safe against readers in
 * other threads while it is written.
 */
public final class Variable extends Tensor {

    private boolean trainable = true;

    /** A trainable variable with a copy of these contents. */
    public Variable(Tensor initial) {
        super(initial.toArray(), 0, initial.shape(), initial.shape().strides());
    }

    /** Whether training may change it; true at first. */
    public boolean trainable() {
        return trainable;
    }

    /** Says whether training may change it. */
    public void trainable(boolean trainable) {
        this.trainable = trainable;
    }

    /**
     * Overwrites the contents in place; the value is broadcast to this shape.
     *
     * @throws IllegalArgumentException if the value does not broadcast to this shape; nothing is changed then
     */
    public void assign(Tensor value) {
        float[] values = value.broadcastTo(shape()).toArray();
        System.arraycopy(values, 0, data(), 0, values.length);
    }

    /** As {@link #assign(Tensor)}, from nested arrays of shape {@code (rows, columns)}. */
    public void assign(float[][] value) {
        assign(Tensor.of(value));
    }

    /** As {@link #assign(Tensor)}, one value throughout. */
    public void assign(float value) {
        assign(Tensor.scalar(value));
    }
}

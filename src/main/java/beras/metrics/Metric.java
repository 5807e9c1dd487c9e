package beras.metrics;

import beras.autograd.Callable;
import beras.config.CheckReturnValue;
import beras.config.Config;
import beras.config.Configurable;
import beras.config.Names;
import beras.config.Settings;
import beras.tensor.Tensor;
import java.util.Objects;

/**
 * A number for the quality of predictions; not differentiated, not recorded. A metric itself has no state: each pass over data
 * has its {@link Accumulator}, so one metric may serve several passes and threads at once.
 *
 * <p>To write one: {@link #accumulator} and {@link #direction}, and {@link #settings} if it has some; for the
 * mean of a number for each example only {@link MeanMetric#add}. {@link Rows} checks the shapes and reads the weights. To be
 * made by name it is registered: {@link Metrics#REGISTRY}. One that is a mean may also be a function, {@link Metrics#lambda}.
 *
 * <p>By default, every row along the last axis is an example, and the metric is the weighted mean over examples; 0 where the
 * weights sum to 0.
 */
public abstract class Metric implements Configurable, Callable, Cloneable {

    /** Which way a number improves. */
    public enum Direction {
        /** More is better. */
        UP,
        /** Less is better. */
        DOWN,
        /** Neither, or unknown. */
        UNKNOWN
    }

    /** The state of one pass over data. */
    public interface Accumulator {

        /**
         * Takes in one more batch. The result does not depend on how examples are cut into batches.
         *
         * @param predictions {@code (batch, ...)}
         * @param truth       {@code (batch, ...)}
         * @param weights     {@code (batch)} or {@code (batch, 1)}, or one for each row; null: all 1
         * @throws IllegalArgumentException if the shapes do not fit
         */
        void update(Tensor predictions, Tensor truth, Tensor weights);

        /** The metric of all batches so far; of a metric with several values, such as one for each class, their mean. */
        double result();

        /** All values of the metric, of most metrics just one. */
        default double[] results() {
            return new double[] {result()};
        }

        /**
         * The accumulated state, in numbers, so that a pass can be continued elsewhere. A training run with a metric without it
         * can be resumed from the ends of epochs only.
         *
         * @throws UnsupportedOperationException by default
         */
        default double[] state() {
            throw new UnsupportedOperationException(getClass().getName() + " has no state(), so a training that is"
                    + " interrupted within an epoch cannot be resumed");
        }

        /**
         * Continues from the {@link #state} of an accumulator of the same metric.
         *
         * @throws UnsupportedOperationException by default
         */
        default void restore(double[] state) {
            throw new UnsupportedOperationException(getClass().getName() + " has no restore(state)");
        }
    }

    private String name; // null: the default

    /** The name under which {@code fit} reports it: the {@linkplain #named given} one, or the default. */
    public final String name() {
        return name == null ? defaultName() : name;
    }

    /** The name of the type in snake case, such as {@code f1_score}, unless a subclass has another. */
    protected String defaultName() {
        return Names.snakeCase(typeName());
    }

    /** Whether it is about classes or their probabilities: for a regression it then gives numbers that mean nothing. Default false. */
    public boolean isOfClasses() {
        return false;
    }

    /**
     * Which way it improves. The default is up if it is {@linkplain #isOfClasses of classes}, otherwise unknown: a callback
     * that monitors it then needs a mode.
     */
    public Direction direction() {
        return isOfClasses() ? Direction.UP : Direction.UNKNOWN;
    }

    /** For a new pass over data. */
    public abstract Accumulator accumulator();

    /** The same metric reported under another name; {@link #config} has it as {@code name}. */
    @CheckReturnValue
    public final Metric named(String newName) {
        Metric named = copy();
        named.name = Objects.requireNonNull(newName);
        return named;
    }

    private Metric copy() {
        try {
            return (Metric) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * The same metric with another value of a setting, by the name that configs and the reference have, such as
     * {@code new Precision().with("thresholds", List.of(0.1, 0.9))}.
     *
     * @throws IllegalArgumentException if there is no such setting, or the value does not fit
     */
    @CheckReturnValue
    public Metric with(String setting, Object value) {
        Metric changed = copy();
        Settings.set(changed, setting, value);
        return changed;
    }

    /** The type, every setting, and the name if one was given. */
    @Override
    public Config config() {
        Config config = Configurable.super.config();
        return name == null ? config : config.with("name", name);
    }

    /** The metric of one batch alone. */
    public final float forward(Tensor predictions, Tensor truth) {
        Accumulator accumulator = accumulator();
        accumulator.update(predictions, truth, null);
        return (float) accumulator.result();
    }

    /**
     * {@link #forward} of predictions and truth, as a tensor of rank 0.
     *
     * @throws IllegalArgumentException if there are not two inputs
     */
    @Override
    public final Tensor call(Tensor... inputs) {
        if (inputs.length != 2) {
            throw new IllegalArgumentException("A metric takes predictions and truth. Received: " + inputs.length + " inputs");
        }
        return call(inputs[0], inputs[1]);
    }

    /** {@link #forward} as a tensor of rank 0. */
    public final Tensor call(Tensor predictions, Tensor truth) {
        return Tensor.scalar(forward(predictions, truth));
    }

    /** The type and its settings, such as {@code F1Score(average=macro)}. */
    @Override
    public String toString() {
        return config().toString();
    }
}

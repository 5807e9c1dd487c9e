package beras.feed;

import beras.config.Arguments;
import beras.config.CheckReturnValue;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * Windows of a series as examples, as in Keras's {@code timeseries_dataset_from_array}. The window that begins at step {@code s}
 * has {@code length} steps {@code s, s + samplingRate, ...}, and the target at step {@code s}: to forecast the step after each
 * window, pass the series from that step on as targets. The series is not copied. Immutable: each method returns a changed copy.
 *
 * <pre>{@code
 * Tensor series = Tensor.zeros(1000, 3);
 * Examples windows = new SeriesWindows(series, series.slice(24, series.dim(0)), 24);   // the 25th step from the 24 before it
 * model.fit(windows, new FitOptions().epochs(5));
 * }</pre>
 *
 * <p>Windows overlap, so split the series, not the windows, into training and validation data.
 */
public final class SeriesWindows implements Examples {

    private final Tensor series;
    private final Tensor targets;
    private final int length;
    private final int stride;
    private final int samplingRate;

    /**
     * One window begins at each step that has a target and enough following steps.
     *
     * @param series  {@code (steps, ...)}
     * @param targets {@code (steps, ...)}; targets of steps at which no window begins are ignored
     * @param length  the number of steps of a window
     * @throws IllegalArgumentException if the length is less than 1, there is no whole window with a target, or an element is NaN
     *     or infinite
     */
    public SeriesWindows(Tensor series, Tensor targets, int length) {
        this(TensorExamples.contiguous("series", List.of(series)).get(0), TensorExamples.contiguous("target", List.of(targets)).get(0),
                Arguments.atLeast(1, "The length of a window", length), 1, 1);
    }

    private SeriesWindows(Tensor series, Tensor targets, int length, int stride, int samplingRate) {
        this.series = series;
        this.targets = targets;
        this.length = length;
        this.stride = stride;
        this.samplingRate = samplingRate;
        if (starts() < 1) {
            throw new IllegalArgumentException("A window of " + length + " steps, each " + samplingRate + " after the one before, needs"
                    + " a series of at least " + (1 + (length - 1L) * samplingRate) + " steps, and a target. Received: a series of shape "
                    + series.shape() + " and targets of shape " + targets.shape());
        }
    }

    /** The distance in steps between the starts of windows; default 1. */
    @CheckReturnValue
    public SeriesWindows stride(int steps) {
        return new SeriesWindows(series, targets, length, Arguments.atLeast(1, "stride", steps), samplingRate);
    }

    /**
     * The distance in steps of the series between steps of a window; default 1.
     *
     * @throws IllegalArgumentException if it is less than 1, or no whole window is left
     */
    @CheckReturnValue
    public SeriesWindows samplingRate(int steps) {
        return new SeriesWindows(series, targets, length, stride, Arguments.atLeast(1, "samplingRate", steps));
    }

    /** The number of steps at which a window could begin. */
    private long starts() {
        return Math.min(series.dim(0) - (length - 1L) * samplingRate, targets.dim(0));
    }

    @Override
    public int count() {
        return (int) ((starts() + stride - 1) / stride);
    }

    @Override
    public ExampleSpec spec() {
        Shape step = series.shape().rest();
        return ExampleSpec.of(step.prepend(length), targets.shape().rest());
    }

    @Override
    public void read(int epoch, int[] order, int from, int to, Batch into) {
        int step = series.size() / series.dim(0);
        Tensor inputs = into.inputs().get(0);
        for (int i = from; i < to; i++) {
            for (int j = 0; j < length; j++) {
                System.arraycopy(series.data(), series.offset() + (order[i] * stride + j * samplingRate) * step, inputs.data(),
                        inputs.offset() + ((i - from) * length + j) * step, step);
            }
        }
        int target = targets.size() / targets.dim(0);
        Tensor truth = into.targets().get(0);
        for (int i = from; i < to; i++) {
            System.arraycopy(targets.data(), targets.offset() + order[i] * stride * target, truth.data(),
                    truth.offset() + (i - from) * target, target);
        }
    }
}

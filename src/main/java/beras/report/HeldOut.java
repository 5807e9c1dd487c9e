package beras.report;

import beras.feed.Batch;
import beras.feed.Batches;
import beras.models.Model;
import beras.saving.Predictor;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * Examples that a model was not trained on, and what it gives for them: all of them, or of many every second, fourth and so on,
 * so that at most {@value #MOST} are kept, in at most 64 MB. One pass over the data finds them, however many there are. If each
 * of several nets held out others, an example has what the net gives that did not learn from it.
 */
public final class HeldOut {

    /** More examples make the plots of a report no better. */
    static final int MOST = 10_000;
    private static final long MOST_BYTES = 64L << 20;
    private static final int FIRST_ROOM = 256;

    private final String what;
    private final int most;
    private final int inputWidth;
    private final int targetWidth;
    private final int outputWidth;
    private final Model model;
    private float[] inputs = new float[0];
    private float[] targets = new float[0];
    private float[] given = new float[0]; // by the net that did not learn from each example, if each of several held out others
    private int count;
    private long all;
    private long step = 1;
    private Tensor outputs;

    private HeldOut(String what, Shape input, Shape target, Model model) {
        this.what = what;
        this.model = model;
        this.inputWidth = input.size();
        this.targetWidth = target.size();
        this.outputWidth = model.outputShape().size();
        long bytes = Float.BYTES * (inputWidth + 2L * targetWidth);
        this.most = (int) Math.max(2, Math.min(MOST, MOST_BYTES / bytes));
    }

    /**
     * Reads examples and has them predicted.
     *
     * @param what    they are called, such as {@code test images}
     * @param batches of examples with one input and one target each
     * @throws IllegalArgumentException if there are none, or the model gives something that is not finite
     */
    public static HeldOut of(String what, Batches batches, Model model) {
        Shape input = batches.spec().inputs().get(0);
        HeldOut held = new HeldOut(what, input, batches.spec().targets().get(0), model);
        try (Batches.Pass pass = batches.open(0)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                held.add(batch, pass.net());
            }
        }
        if (held.count == 0) {
            throw new IllegalArgumentException("there are no " + what);
        }
        held.predict();
        return held;
    }

    private void add(Batch batch, int net) {
        Tensor from = batch.inputs().get(0).contiguous();
        Tensor truth = batch.targets().get(0).contiguous();
        Tensor ofNet = net < 0 ? null : model.run(batch, net)[0].contiguous();
        for (int row = 0; row < batch.size(); row++, all++) {
            if (all % step != 0) {
                continue;
            }
            if (count == most) {
                halve();
                if (all % step != 0) {
                    continue;
                }
            }
            if (inputs.length < (count + 1) * inputWidth) {
                int room = Math.min(most, Math.max(FIRST_ROOM, 2 * count));
                inputs = Arrays.copyOf(inputs, room * inputWidth);
                targets = Arrays.copyOf(targets, room * targetWidth);
                given = ofNet == null ? given : Arrays.copyOf(given, room * outputWidth);
            }
            System.arraycopy(from.data(), from.offset() + row * inputWidth, inputs, count * inputWidth, inputWidth);
            System.arraycopy(truth.data(), truth.offset() + row * targetWidth, targets, count * targetWidth, targetWidth);
            if (ofNet != null) {
                System.arraycopy(ofNet.data(), ofNet.offset() + row * outputWidth, given, count * outputWidth, outputWidth);
            }
            count++;
        }
    }

    /** Keeps every second one. */
    private void halve() {
        for (int i = 0; 2 * i < count; i++) {
            System.arraycopy(inputs, 2 * i * inputWidth, inputs, i * inputWidth, inputWidth);
            System.arraycopy(targets, 2 * i * targetWidth, targets, i * targetWidth, targetWidth);
            if (byNet()) {
                System.arraycopy(given, 2 * i * outputWidth, given, i * outputWidth, outputWidth);
            }
        }
        count = (count + 1) / 2;
        step *= 2;
    }

    private void predict() {
        inputs = Arrays.copyOf(inputs, count * inputWidth);
        targets = Arrays.copyOf(targets, count * targetWidth);
        outputs = byNet() ? Tensor.wrap(Arrays.copyOf(given, count * outputWidth), count, outputWidth)
                : Predictor.outputs(model, inputs()).reshape(count, outputWidth);
        for (float number : outputs.data()) {
            if (!Float.isFinite(number)) {
                throw new IllegalArgumentException("the model gives " + number + " for some of the " + what);
            }
        }
    }

    /** How many are kept. */
    int count() {
        return count;
    }

    /** Such as {@code 7500 of 60000 test images, one in 8}. */
    String words() {
        return step == 1 ? count + " " + what : count + " of " + all + " " + what + ", one in " + step;
    }

    /** Whether each example has what the net gives that did not learn from it, and not what all nets give on average. */
    boolean byNet() {
        return given.length > 0;
    }

    /** What the model takes, each example flat: {@code (count, n)}. */
    Tensor inputs() {
        return Tensor.wrap(inputs, count, inputWidth);
    }

    /** What is true, {@code (count, n)}. */
    Tensor targets() {
        return Tensor.wrap(targets, count, targetWidth);
    }

    /** What the model gives, {@code (count, outputs)}. */
    Tensor outputs() {
        return outputs;
    }

    /** At most so many of the rows of a tensor of this class, at equal distances. */
    static Tensor some(Tensor rows, int most) {
        int count = Math.min(most, rows.dim(0));
        int width = rows.dim(1);
        float[] chosen = new float[count * width];
        for (int i = 0; i < count; i++) {
            int row = (int) ((long) i * rows.dim(0) / count);
            System.arraycopy(rows.data(), rows.offset() + row * width, chosen, i * width, width);
        }
        return Tensor.wrap(chosen, count, width);
    }
}

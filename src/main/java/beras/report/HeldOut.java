package beras.report;

import beras.feed.Batch;
import beras.feed.Batches;
import beras.models.Model;
import beras.prediction.Prediction;
import beras.saving.Predictor;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples that a model was not trained on, and its outputs for them: all, or of many examples every second, fourth and so on,
 * so that at most {@value #MOST} are kept, in at most 64 MB. One pass over the data finds them, however many there are. If each
 * member of an ensemble held out other examples, the output for an example is the one of the member not trained on it
 * (out-of-fold).
 */
public final class HeldOut {

    /** More examples make the plots of a report no better. */
    static final int MOST = 10_000;
    private static final long MOST_BYTES = 64L << 20;

    private final String what;
    private final int most;
    private final int inputWidth;
    private final int targetWidth;
    private final int outputWidth;
    private final Model model;
    private final List<float[][]> kept = new ArrayList<>(); // inputs, targets, and out-of-fold outputs
    private long all;
    private long step = 1;
    private Tensor inputs;
    private Tensor targets;
    private Tensor outputs;
    private boolean byNet;

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
        if (held.kept.isEmpty()) {
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
            if (all % step == 0 && kept.size() == most) { // keeps every second one
                for (int i = 0; 2 * i < most; i++) {
                    kept.set(i, kept.get(2 * i));
                }
                kept.subList((most + 1) / 2, most).clear();
                step *= 2;
            }
            if (all % step == 0) {
                kept.add(new float[][] {row(from, row, inputWidth), row(truth, row, targetWidth),
                    ofNet == null ? new float[0] : row(ofNet, row, outputWidth)});
            }
        }
    }

    private static float[] row(Tensor rows, int row, int width) {
        return Arrays.copyOfRange(rows.data(), rows.offset() + row * width, rows.offset() + (row + 1) * width);
    }

    private Tensor all(int part, int width) {
        float[] all = new float[kept.size() * width];
        for (int i = 0; i < kept.size(); i++) {
            System.arraycopy(kept.get(i)[part], 0, all, i * width, width);
        }
        return Tensor.wrap(all, kept.size(), width);
    }

    private void predict() {
        inputs = all(0, inputWidth);
        targets = all(1, targetWidth);
        byNet = kept.get(0)[2].length > 0;
        outputs = byNet ? all(2, outputWidth) : Predictor.outputs(model, inputs).reshape(kept.size(), outputWidth);
        kept.clear();
        for (float number : outputs.data()) {
            if (!Float.isFinite(number)) {
                throw new IllegalArgumentException("the model gives " + number + " for some of the " + what);
            }
        }
    }

    /** How many are kept. */
    int count() {
        return outputs.dim(0);
    }

    /** The index of a kept example among all. */
    long place(int kept) {
        return kept * step;
    }

    /** The prediction for an example, with these labels. */
    Prediction prediction(int example, List<String> labels) {
        return row(outputs, example, labels);
    }

    /** The truth of an example, with these labels. */
    Prediction truth(int example, List<String> labels) {
        return row(targets, example, labels);
    }

    /** One number for each label; a single one is of the second of two. */
    private static Prediction row(Tensor numbers, int example, List<String> labels) {
        float[] row = row(numbers, example, numbers.dim(1));
        return Prediction.ofLabels(labels, row.length == 1 && labels.size() == 2 ? new float[] {1 - row[0], row[0]} : row);
    }

    /** For example {@code 7500 of 60000 test images, one in 8}. */
    String words() {
        return step == 1 ? count() + " " + what : count() + " of " + all + " " + what + ", one in " + step;
    }

    /** Whether outputs are out-of-fold, not the average of the ensemble. */
    boolean byNet() {
        return byNet;
    }

    /** The inputs, each example flat: {@code (count, n)}. */
    Tensor inputs() {
        return inputs;
    }

    /** The targets, {@code (count, n)}. */
    Tensor targets() {
        return targets;
    }

    /** The outputs of the model, {@code (count, outputs)}. */
    Tensor outputs() {
        return outputs;
    }

    /** At most so many of the rows of a tensor of this class, at equal distances. */
    static Tensor some(Tensor rows, int most) {
        int count = Math.min(most, rows.dim(0));
        return rows.gather(0, IntStream.range(0, count).map(i -> (int) ((long) i * rows.dim(0) / count)).toArray());
    }
}

package beras.metrics;

import beras.config.Arguments;
import beras.config.Settings;
import beras.losses.MeanSquaredError;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.tensor.Tensor;

/** Metrics that follow from the mean of one number for each example, by the names that configs have. */
final class ExampleMean extends MeanMetric {

    private enum Kind {
        /**
         * The share of examples whose largest prediction is that of the class which the label names; the first of equal ones counts.
         * Predictions {@code (batch, n)}, labels {@code (batch)} or {@code (batch, 1)}.
         */
        SparseCategoricalAccuracy,
        /**
         * The share of binary predictions that are right: a prediction above the threshold is 1, another is 0, or -1 if that
         * is the truth's no. Predictions and truth {@code (batch)} or {@code (batch, n)}; several outputs are averaged within an example.
         * The threshold is 0.5, or in a model that is compiled with a loss of scores, such as logits, 0.
         */
        BinaryAccuracy,
        /**
         * The share of examples whose class is among the {@code k} with the largest predictions: fewer than {@code k} predictions are
         * larger. Predictions and one-hot truth {@code (batch, n)}.
         */
        TopKCategoricalAccuracy,
        /**
         * The share of examples whose label is among the {@code k} classes with the largest predictions: fewer than {@code k}
         * predictions are larger. Predictions {@code (batch, n)}, labels {@code (batch)} or {@code (batch, 1)}.
         */
        SparseTopKCategoricalAccuracy,
        /** The square root of the mean of {@code (prediction - truth)^2} over all outputs and examples. */
        RootMeanSquaredError,
        /**
         * The mean squared error of probabilities (Brier, 1950): of more than two classes the sum of {@code (prediction - truth)^2} over
         * the classes, from 0 to 2; of two classes half of that, which is the square for one of them, from 0 to 1. Predictions and truth
         * {@code (batch)} or {@code (batch, n)}; one output is the probability of class 1.
         */
        BrierScore,
        /**
         * The exponential of the mean cross-entropy against labels: the number of equally likely tokens that leave the same
         * uncertainty. Predictions {@code (batch, ..., n)}, labels {@code (batch, ...)}. Settings: {@code fromLogits}, whether
         * predictions are logits (default: as the loss of the network); {@code maskTokenId}, a label that does not count.
         */
        Perplexity
    }

    private final Kind kind;
    private Float threshold; // null: by default
    private int k = 5;
    private boolean fromLogits;
    private Integer maskTokenId; // null: none
    private LossMetric loss; // whose mean is taken; null: of no loss

    /** @param type one of the table */
    ExampleMean(String type) {
        kind = Kind.valueOf(type);
        Settings.check(this);
    }

    @Override
    public String typeName() {
        return kind.name();
    }

    @Override
    public void settings(Settings s) {
        switch (kind) {
            case BinaryAccuracy -> threshold = Metrics.requireThreshold(typeName(), s.real("threshold", threshold));
            case TopKCategoricalAccuracy, SparseTopKCategoricalAccuracy -> k = Arguments.atLeast(1, "k of " + kind, s.integer("k", k));
            case RootMeanSquaredError -> loss = new LossMetric(new MeanSquaredError());
            case Perplexity -> {
                fromLogits = s.flag("fromLogits", fromLogits);
                maskTokenId = s.integer("maskTokenId", maskTokenId);
                loss = new LossMetric(new SparseCategoricalCrossEntropy().fromLogits(fromLogits).with("ignoreClass", maskTokenId));
            }
            default -> {}
        }
    }

    boolean needsThreshold() {
        return kind == Kind.BinaryAccuracy && threshold == null;
    }

    @Override
    public boolean isOfClasses() {
        return kind != Kind.RootMeanSquaredError;
    }

    @Override
    public Direction direction() {
        return loss == null && kind != Kind.BrierScore ? Direction.UP : Direction.DOWN;
    }

    @Override
    protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        if (loss != null) {
            loss.add(predictions, truth, weights, mean);
            return;
        }
        Rows rows;
        int[] largest = null;
        switch (kind) {
            case BinaryAccuracy, BrierScore -> rows = Rows.ofNumbers(this, predictions, truth, weights);
            case TopKCategoricalAccuracy -> {
                rows = Rows.ofClasses(this, predictions, truth, weights).requireSeveral(this, Rows.YES_OR_NO);
                largest = rows.argMax(rows.truth());
            }
            default -> {
                rows = Rows.ofLabels(this, predictions, truth, weights).requireSeveral(this, Rows.YES_OR_NO);
                largest = kind == Kind.SparseCategoricalAccuracy ? rows.argMax(rows.predictions()) : null;
            }
        }
        for (int r = 0; r < rows.count(); r++) {
            mean.add(switch (kind) {
                case BinaryAccuracy -> right(rows, r);
                case BrierScore -> squares(rows, r);
                case TopKCategoricalAccuracy -> hit(rows, r, largest[r]);
                case SparseTopKCategoricalAccuracy -> hit(rows, r, rows.label(r));
                default -> largest[r] == rows.label(r) ? 1 : 0;
            }, rows.weight(r));
        }
    }

    private double right(Rows rows, int row) {
        float level = threshold == null ? Metrics.THRESHOLD : threshold;
        int right = 0;
        for (int i = 0; i < rows.width(); i++) {
            float actual = rows.truth(row, i);
            boolean isRight = rows.prediction(row, i) > level ? actual == 1f : actual == 0f || actual == -1f;
            right += isRight ? 1 : 0;
        }
        return (double) right / rows.width();
    }

    private static double squares(Rows rows, int row) {
        double sum = 0;
        for (int i = 0; i < rows.width(); i++) {
            double error = (double) rows.prediction(row, i) - rows.truth(row, i);
            sum += error * error;
        }
        return rows.width() == 2 ? sum / 2 : sum;
    }

    /** 1 if fewer than {@code k} predictions of a row are larger than that of the class, which must be finite; else 0. */
    private double hit(Rows rows, int row, float label) {
        int actual = (int) label;
        if (actual != label || actual < 0 || actual >= rows.width() || !Float.isFinite(rows.prediction(row, actual))) {
            return 0;
        }
        int larger = 0;
        for (int i = 0; i < rows.width(); i++) {
            larger += rows.prediction(row, i) > rows.prediction(row, actual) ? 1 : 0;
        }
        return larger < k ? 1 : 0;
    }

    @Override
    protected double result(Mean mean) {
        return switch (kind) {
            case RootMeanSquaredError -> Math.sqrt(mean.result());
            case Perplexity -> mean.isEmpty() ? 0 : StrictMath.exp(mean.result());
            default -> mean.result();
        };
    }
}

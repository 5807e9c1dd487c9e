package beras.metrics;

import beras.tensor.Tensor;

/** The share of examples whose largest prediction is at the largest entry of the truth; the first of equal ones counts. */
public final class CategoricalAccuracy extends Metric {

    @Override
    public String name() {
        return "accuracy";
    }

    @Override
    protected double total(Tensor predictions, Tensor truth) {
        if (predictions.size() == 0) {
            return 0;
        }
        int[] guessed = predictions.argmax(1);
        int[] right = truth.argmax(1);
        int hits = 0;
        for (int i = 0; i < guessed.length; i++) {
            hits += guessed[i] == right[i] ? 1 : 0;
        }
        return hits;
    }
}

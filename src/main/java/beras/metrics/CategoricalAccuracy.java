package beras.metrics;

import beras.kernels.Backend;
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
        Tensor p = predictions.contiguous();
        Tensor t = truth.contiguous();
        return Backend.kernels().rowArgMaxMatches(p.data(), p.offset(), t.data(), t.offset(), p.dim(0), p.dim(1));
    }
}

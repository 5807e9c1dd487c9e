package beras.losses;

import beras.autograd.Call;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.Kernels;
import beras.layers.activations.Softmax;
import beras.tensor.Tensor;

/** {@code -sum(truth * log(prediction))} over the classes, in all its forms; subclasses say what the truth is. */
abstract class ClassCrossEntropy extends Loss {

    /** Whether predictions are logits. */
    boolean fromLogits;
    /** Where probabilities are clipped. */
    float epsilon;
    /** Whether rows of probabilities are divided by their sum. */
    boolean normalize;

    ClassCrossEntropy(float epsilon, boolean normalize) {
        this.epsilon = epsilon;
        this.normalize = normalize;
    }

    /** The truth as a distribution over the classes, contiguous and of the predictions' shape. */
    abstract Tensor truth(Call call);

    @Override
    protected final void perExample(Call call, Tensor out) {
        Tensor t = truth(call);
        Tensor p = call.input(0).contiguous();
        int rows = examples(call);
        int cols = p.dim(-1);
        Kernels kernels = Backend.kernels();
        Call producer = fromLogits ? null : call.producer(0);
        if (producer != null && producer.diffable() instanceof Softmax) {
            call.mergeWith(producer);
            fromLogits(producer.input(0).contiguous(), producer.saved(), t, rows, cols, out);
        } else if (fromLogits) {
            Tensor probabilities = call.allocate(p.shape());
            Tensor logSumExp = call.allocate(rows, 1);
            kernels.softmax(p.data(), p.offset(), rows, cols, probabilities.data(), probabilities.offset(), logSumExp.data(),
                    logSumExp.offset());
            fromLogits(p, logSumExp, t, rows, cols, out);
        } else {
            Tensor q = normalize ? normalized(call, p, rows) : p;
            kernels.crossEntropy(q.data(), q.offset(), t.data(), t.offset(), rows, cols, epsilon, out.data(), out.offset());
        }
    }

    private static void fromLogits(Tensor x, Tensor logSumExp, Tensor t, int rows, int cols, Tensor out) {
        Backend.kernels().softmaxCrossEntropy(x.data(), x.offset(), logSumExp.data(), logSumExp.offset(), t.data(), t.offset(),
                rows, cols, out.data(), out.offset());
    }

    /** Each row over its sum. */
    private static Tensor normalized(Call call, Tensor p, int rows) {
        Tensor sums = call.allocate(rows, 1);
        Tensor q = call.allocate(p.shape());
        Backend.sums().rowSums(p.block(), sums.block());
        Backend.elements().zipRows(BinaryOp.DIVIDE, p.block(), sums.block(), q.block());
        return q;
    }

    @Override
    protected final void gradient(Call call, float scale, Tensor out) {
        Tensor t = truth(call);
        Tensor p = call.input(0).contiguous();
        int rows = examples(call);
        int cols = p.dim(-1);
        Kernels kernels = Backend.kernels();
        if (call.merging()) {
            kernels.softmaxCrossEntropyGradient(p.data(), p.offset(), t.data(), t.offset(), rows, cols, scale, out.data(),
                    out.offset());
        } else if (fromLogits) {
            kernels.softmax(p.data(), p.offset(), rows, cols, out.data(), out.offset(), null, 0);
            kernels.softmaxCrossEntropyGradient(out.data(), out.offset(), t.data(), t.offset(), rows, cols, scale, out.data(),
                    out.offset());
        } else if (normalize) {
            kernels.normalizedCrossEntropyGradient(p.data(), p.offset(), t.data(), t.offset(), rows, cols, epsilon, scale,
                    out.data(), out.offset());
        } else {
            kernels.crossEntropyGradient(p.data(), p.offset(), t.data(), t.offset(), epsilon, scale, out.data(), out.offset(),
                    p.size());
        }
    }
}

package beras.layers;

import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.kernels.Attentions.Heads;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Attention of queries {@code (batch, queries, heads * size)} over keys {@code (batch, keys, heads * size)} and values
 * {@code (batch, keys, heads * width)}, see {@link beras.kernels.Attentions}. Optional inputs follow in this order: masks of
 * the queries {@code (batch, queries)} and the keys {@code (batch, keys)}, and factors of a dropout
 * {@code (batch * heads * queries, keys)}. It gives {@code (batch, queries, heads * width)}.
 *
 * @param scale the factor of scores
 */
record Attend(int heads, boolean causal, float scale, boolean hasQueryMask, boolean hasKeyMask, boolean hasFactors)
        implements FusedOperation {

    private static final int TENSORS = 3;
    /** The score of a masked key beside others. */
    private static final float UNSEEN = -1e30f;

    /** Attention with the masks and factors that there are. */
    static Tensor of(int heads, boolean causal, double scale, Tensor q, Tensor k, Tensor v, Optional<Tensor> queryMask,
            Optional<Tensor> keyMask, Optional<Tensor> factors) {
        return new Attend(heads, causal, (float) scale, queryMask.isPresent(), keyMask.isPresent(), factors.isPresent())
                .apply(inputs(List.of(q, k, v), queryMask, keyMask, factors).toArray(Tensor[]::new));
    }

    /** The weights {@code (batch, heads, queries, keys)} by which the values are summed. */
    static Tensor weights(int heads, boolean causal, double scale, Tensor q, Tensor k, Optional<Tensor> queryMask,
            Optional<Tensor> keyMask) {
        Attend attend = new Attend(heads, causal, (float) scale, queryMask.isPresent(), keyMask.isPresent(), false);
        List<Tensor> inputs = inputs(List.of(q, k, k), queryMask, keyMask, Optional.empty());
        return attend.weights(inputs, attend.scores(inputs));
    }

    private static List<Tensor> inputs(List<Tensor> sequences, Optional<Tensor> queryMask, Optional<Tensor> keyMask,
            Optional<Tensor> factors) {
        List<Tensor> inputs = new ArrayList<>(sequences);
        queryMask.ifPresent(inputs::add);
        keyMask.ifPresent(inputs::add);
        factors.ifPresent(inputs::add);
        return inputs;
    }

    private Heads heads(OperationCall call) {
        Tensor q = call.input(0);
        return new Heads(q.dim(0), heads, q.dim(1), call.input(1).dim(1), causal, scale);
    }

    private static MatrixView block(OperationCall call, int i, boolean isThere) {
        return isThere ? call.input(i).contiguous().block() : null;
    }

    private MatrixView queryMask(OperationCall call) {
        return block(call, TENSORS, hasQueryMask);
    }

    private MatrixView keyMask(OperationCall call) {
        return block(call, hasQueryMask ? TENSORS + 1 : TENSORS, hasKeyMask);
    }

    private MatrixView factors(OperationCall call) {
        return block(call, call.inputCount() - 1, hasFactors);
    }

    @Override
    public Tensor compute(OperationCall call) {
        Tensor q = call.input(0);
        Tensor out = call.allocate(q.shape().with(2, call.input(2).dim(2)));
        Tensor logSumExp = call.allocate(q.dim(0) * heads, q.dim(1));
        Backend.attentions().forward(heads(call), queryMask(call), keyMask(call), block(call, 0, true), block(call, 1, true),
                block(call, 2, true), factors(call), out.block(), logSumExp.block());
        call.save(logSumExp);
        return out;
    }

    @Override
    public Tensor gradient(OperationCall call, int i, Tensor upstream) {
        if (i >= TENSORS) {
            return null;
        }
        Tensor all = call.cached(upstream);
        boolean isNew = all == null;
        if (isNew) {
            all = call.cache(upstream, call.allocate(1, call.input(0).size() + call.input(1).size() + call.input(2).size()));
        }
        MatrixView[] parts = new MatrixView[TENSORS];
        int[] begins = new int[TENSORS + 1];
        for (int part = 0; part < TENSORS; part++) {
            Shape shape = call.input(part).shape();
            parts[part] = new MatrixView(all.data(), all.offset() + begins[part], shape.dim(0) * shape.dim(1), shape.dim(2));
            begins[part + 1] = begins[part] + shape.size();
        }
        if (isNew) {
            Backend.attentions().gradient(heads(call), queryMask(call), keyMask(call), block(call, 0, true), block(call, 1, true),
                    block(call, 2, true), factors(call), call.saved().block(), upstream.block(), parts[0], parts[1], parts[2]);
        }
        return all.slice(1, begins[i], begins[i + 1]).reshape(call.input(i).shape().toArray());
    }

    /** Counts the products that compute the scores and the result. */
    @Override
    public long multiplyAdds(Tensor output, List<Tensor> inputs) {
        return (long) inputs.get(1).dim(1) * (inputs.get(0).size() + output.size());
    }

    @Override
    public Tensor composition(OperationCall call) {
        return composed(call.inputs(), scores(call.inputs()));
    }

    private Tensor scores(List<Tensor> inputs) {
        return split(inputs.get(0)).multiply(scale).matmul(split(inputs.get(1)).transpose(0, 1, 3, 2));
    }

    /** {@code (batch, heads, steps, size)}. */
    private Tensor split(Tensor x) {
        return x.reshape(x.dim(0), x.dim(1), heads, x.dim(2) / heads).transpose(0, 2, 1, 3);
    }

    /** The result of scores {@code (batch, heads, queries, keys)}, by operations of tensors. */
    Tensor composed(List<Tensor> inputs, Tensor scores) {
        Tensor v = inputs.get(2);
        Tensor weights = weights(inputs, scores);
        if (hasFactors) {
            weights = weights.multiply(inputs.get(inputs.size() - 1).reshape(weights.shape().toArray()));
        }
        return weights.matmul(split(v)).transpose(0, 2, 1, 3).reshape(v.dim(0), inputs.get(0).dim(1), v.dim(2));
    }

    private Tensor weights(List<Tensor> inputs, Tensor scores) {
        int batch = inputs.get(0).dim(0);
        int queries = inputs.get(0).dim(1);
        int keys = inputs.get(1).dim(1);
        Tensor seen = causal ? Tensor.generate(i -> i % keys <= i / keys ? 1 : 0, 1, 1, queries, keys) : null;
        if (hasQueryMask) {
            seen = and(seen, inputs.get(TENSORS).reshape(batch, 1, queries, 1));
        }
        if (hasKeyMask) {
            seen = and(seen, inputs.get(hasQueryMask ? TENSORS + 1 : TENSORS).reshape(batch, 1, 1, keys));
        }
        return (seen == null ? scores : Tensor.where(seen, scores, Tensor.scalar(UNSEEN))).softmax(-1);
    }

    private static Tensor and(Tensor seen, Tensor mask) {
        Tensor counts = mask.notEqual(0).stopGradient();
        return seen == null ? counts : seen.multiply(counts);
    }
}

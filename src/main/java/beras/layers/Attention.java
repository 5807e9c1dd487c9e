package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.initializers.Initializers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Attention without projections, after Luong et al. (2015): each step of queries {@code (batch, steps, features)}, the first input, gives the
 * sum of the values {@code (batch, others, width)}, the second, with weights that are the softmax of its scores {@code q · k} with the keys
 * {@code (batch, others, features)}, the third input or the values. The output is {@code (batch, steps, width)}.
 *
 * <p>The settings have Keras's names, defaults and formulas: {@code useScale} (the scores are multiplied with a weight, 1 at first),
 * {@code scoreMode} ({@code dot}, or {@code concat}: a weight times the sum of {@code tanh(q + k)}), and {@code dropout} of the weights. So is
 * {@code useCausalMask}, with which no step sees a later one, which in Keras is an argument of the call.
 *
 * <p>Steps of values that are {@linkplain Tensor#mask() masked} are not seen, and such of queries give zeros.
 *
 * <pre>{@code
 * Node question = new Input(8, 16).apply();
 * Node text = new Input(20, 16).apply();
 * Functional net = new Functional(List.of(question, text), List.of(new Attention().apply(question, text)));
 * }</pre>
 */
public final class Attention extends FluentLayer<Attention> {

    private enum ScoreMode {
        DOT, CONCAT
    }

    private boolean useScale;
    private ScoreMode scoreMode = ScoreMode.DOT;
    private double dropout;
    private boolean useCausalMask;

    public Attention() {
        noise = new AtomicLong();
    }

    @Override
    public void settings(Settings s) {
        useScale = s.flag("useScale", useScale);
        scoreMode = s.choice("scoreMode", scoreMode);
        dropout = Arguments.factor("dropout of Attention", s.number("dropout", dropout));
        useCausalMask = s.flag("useCausalMask", useCausalMask);
    }

    /** Whether no step sees a later one; default false. */
    public Attention causal(boolean causal) {
        return with("useCausalMask", causal);
    }

    @Override
    protected int inputCount() {
        return -1;
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape keys = inputs.get(inputs.size() - 1);
        if (inputs.size() < 2 || inputs.size() > 3 || inputs.stream().anyMatch(input -> input.rank() != 2)
                || keys.dim(0) != inputs.get(1).dim(0) || keys.dim(1) != inputs.get(0).dim(1)) {
            throw new IllegalArgumentException("Attention needs sequences (steps, features): queries, values and keys, as many keys as"
                    + " values, and of as many features as queries. Received: " + inputs);
        }
        return Shape.of(inputs.get(0).dim(0), inputs.get(1).dim(1));
    }

    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        outputShape(inputs);
        List<WeightSpec> specs = new ArrayList<>();
        if (useScale) {
            specs.add(WeightSpec.of("scale", Shape.of(), Initializers.ones()));
        }
        if (scoreMode == ScoreMode.CONCAT) {
            specs.add(WeightSpec.of("concat_score_weight", Shape.of(), Initializers.ones()));
        }
        return specs;
    }

    @Override
    protected Optional<Tensor> mask(Tensor... inputs) {
        return inputs[0].mask();
    }

    @Override
    protected Tensor compute(Call call) {
        outputShape(call.inputs().stream().map(Layer::example).toList());
        Tensor q = call.input(0);
        Tensor v = call.input(1);
        Tensor k = call.input(call.inputCount() - 1);
        Optional<Tensor> factors = MultiHeadAttention.factors(call, dropout, this, q.dim(0) * q.dim(1), v.dim(1));
        Tensor result;
        if (scoreMode == ScoreMode.DOT) {
            result = Attend.of(1, useCausalMask, 1, useScale ? q.multiply(own("scale")) : q, k, v, q.mask(), v.mask(), factors);
        } else {
            Tensor sum = q.expandDims(2).add(k.expandDims(1));
            Tensor scores = (useScale ? sum.multiply(own("scale")) : sum).tanh().sum(-1).multiply(own("concat_score_weight"));
            List<Tensor> inputs = new ArrayList<>(List.of(q, k, v));
            v.mask().ifPresent(inputs::add);
            factors.ifPresent(inputs::add);
            result = new Attend(1, useCausalMask, 1f, false, v.mask().isPresent(), factors.isPresent())
                    .composed(inputs, scores.expandDims(1));
        }
        return q.mask().isEmpty() ? result : Tensor.where(q.mask().get().expandDims(2), result, Tensor.scalar(0));
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.config.Arguments;
import beras.config.InvalidDataException;
import beras.config.Settings;
import beras.initializers.Initializers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * Attention of several heads: Vaswani et al. (2017). Each step of the first input, sequences {@code (batch, steps, features)}
 * of queries, attends to the steps of the second, sequences of values: for each head its output is the sum of their
 * projections, with weights that are the softmax of {@code q · k / sqrt(keyDim)}, where {@code q} and {@code k} are projections
 * of the query and of the key. Keys are the third input, or the values. With one input alone the steps of a sequence attend to
 * each other. The heads together are projected to the output {@code (batch, steps, features)}.
 *
 * <p>The settings have Keras's names, defaults and formulas: {@code numHeads}, {@code keyDim}, {@code valueDim} (as keyDim), {@code dropout}
 * of the weights, {@code useBias}, {@code outputShape} (a number; as the queries' features), initializers, regularizers and constraints of
 * all kernels and biases. So is {@code useCausalMask}, with which no step sees a later one, which in Keras is an argument of the call.
 *
 * <p>Steps of values and keys that are {@linkplain Tensor#mask() masked} are not seen, and the output has the mask of the queries: its masked
 * steps, and such as see nothing, have the mean of all values for each head. So padding, on whichever side, changes no bit of the others,
 * nor of their gradients. With {@code takesMasks}, which loading files of Keras sets, the layer also removes the masks of its
 * inputs, as Keras does: later uses of the same tensors see none.
 *
 * <pre>{@code
 * Node text = new Embedding(1000, 64).apply(new Input(32).apply());
 * Node seen = new MultiHeadAttention(4, 16).causal(true).apply(text);
 * Functional net = new Functional(text.inputs().get(0), new Dense(1000).apply(new Add().apply(text, seen)));
 * }</pre>
 */
public final class MultiHeadAttention extends FluentLayer<MultiHeadAttention> {

    private int numHeads = 1;
    private int keyDim = 1;
    private Integer valueDim; // null: as the keys
    private double dropout;
    private boolean useBias = true;
    private Integer outputSize; // null: as the features of queries
    private boolean useCausalMask;
    private boolean takesMasks;
    private final WeightRules kernelRules = new WeightRules("kernel", Initializers.glorotUniform());
    private final WeightRules biasRules = new WeightRules("bias", Initializers.zeros());
    private final Projection query = projection("query", false, x -> Shape.of(x.dim(-1), numHeads, keyDim()));
    private final Projection key = projection("key", false, x -> Shape.of(x.dim(-1), numHeads, keyDim()));
    private final Projection value = projection("value", false, x -> Shape.of(x.dim(-1), numHeads, valueDim()));
    private final Projection output = projection("output", true, x -> Shape.of(numHeads, valueDim(), outputSize()));
    private int features; // of queries; 0: set when it is built

    MultiHeadAttention() {
        noise = new AtomicLong();
    }

    /**
     * @param numHeads how many heads there are, at least 1
     * @param keyDim   the size of each, at least 1
     * @throws IllegalArgumentException if one is less
     */
    public MultiHeadAttention(int numHeads, int keyDim) {
        this();
        this.numHeads = numHeads;
        this.keyDim = keyDim;
        Settings.check(this);
    }

    /** Attention whose heads share the features: {@code keyDim} is their number over that of the heads. */
    static MultiHeadAttention ofFeatures(int numHeads, boolean causal) {
        MultiHeadAttention layer = new MultiHeadAttention();
        layer.numHeads = numHeads;
        layer.keyDim = 0;
        layer.useCausalMask = causal;
        return layer;
    }

    private Projection projection(String name, boolean merges, UnaryOperator<Shape> kernel) {
        return addLayer(new Projection(name, kernelRules, biasRules, () -> useBias, merges, kernel));
    }

    @Override
    public void settings(Settings s) {
        numHeads = Arguments.atLeast(1, "numHeads of MultiHeadAttention", s.required().integer("numHeads", numHeads));
        keyDim = Arguments.atLeast(1, "keyDim of MultiHeadAttention", s.required().integer("keyDim", keyDim));
        valueDim = s.integer("valueDim", valueDim);
        dropout = Arguments.factor("dropout of MultiHeadAttention", s.number("dropout", dropout));
        useBias = s.flag("useBias", useBias);
        outputSize = s.integer("outputShape", outputSize);
        useCausalMask = s.flag("useCausalMask", useCausalMask);
        takesMasks = s.flag("takesMasks", takesMasks);
        WeightRules.settings(s, kernelRules, biasRules);
        Arguments.atLeast(1, "valueDim of MultiHeadAttention", valueDim());
        Arguments.atLeast(1, "outputShape of MultiHeadAttention", outputSize == null ? 1 : outputSize);
    }

    /** Whether no step sees a later one; default false. */
    public MultiHeadAttention causal(boolean causal) {
        return with("useCausalMask", causal);
    }

    /** Whether biases are added; default true. */
    public MultiHeadAttention useBias(boolean newUseBias) {
        return with("useBias", newUseBias);
    }

    private int keyDim() {
        return keyDim == 0 ? features / numHeads : keyDim;
    }

    private int valueDim() {
        return valueDim == null ? keyDim() : valueDim;
    }

    private int outputSize() {
        return outputSize == null ? features : outputSize;
    }

    // -------------------------------------------------------------------------------------------------- shapes

    @Override
    protected int inputCount() {
        return -1;
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape queries = inputs.get(0);
        Shape values = inputs.get(inputs.size() > 1 ? 1 : 0);
        boolean fits = inputs.size() <= 3 && inputs.stream().allMatch(input -> input.rank() == 2 && input.dim(1) > 0)
                && inputs.get(inputs.size() - 1).dim(0) == values.dim(0);
        if (!fits || keyDim == 0 && queries.dim(1) % numHeads != 0) {
            throw new IllegalArgumentException("MultiHeadAttention needs sequences (steps, features): queries, values and keys, as many keys"
                    + " as values" + (keyDim == 0 ? ", and features that are a multiple of its " + numHeads + " heads" : "") + ". Received: "
                    + inputs);
        }
        return Shape.of(queries.dim(0), outputSize == null ? queries.dim(1) : outputSize);
    }

    /** Sets the sizes of the inner kernels. */
    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        outputShape(inputs);
        features = features == 0 ? inputs.get(0).dim(-1) : features;
        return List.of();
    }

    // ----------------------------------------------------------------------------------------------- computing

    @Override
    protected Optional<Tensor> mask(Tensor... inputs) {
        Optional<Tensor> mask = inputs[0].mask();
        for (int i = 0; takesMasks && i < inputs.length; i++) {
            inputs[i].unmasked();
        }
        return mask;
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0);
        Tensor values = call.input(call.inputCount() > 1 ? 1 : 0);
        Tensor keys = call.inputCount() > 2 ? call.input(2) : values;
        Optional<Tensor> factors = factors(call, dropout, this, x.dim(0) * numHeads * x.dim(1), values.dim(1));
        Tensor heads = Attend.of(numHeads, useCausalMask, 1 / StrictMath.sqrt(keyDim()), query.call(x), key.call(keys), value.call(values),
                x.mask(), both(values, keys), factors);
        return output.call(heads);
    }

    /**
     * By how much each step of the queries attends to each of the values: the softmax, which Keras returns for {@code
     * return_attention_scores}, in inference. It is not recorded.
     *
     * @param inputs of the layer
     * @return {@code (batch, heads, steps of queries, steps of values)}
     */
    public Tensor attentionWeights(Tensor... inputs) {
        prepare(inputs);
        Tensor values = inputs[inputs.length > 1 ? 1 : 0];
        Tensor keys = inputs.length > 2 ? inputs[2] : values;
        return GradientTape.paused(() -> Attend.weights(numHeads, useCausalMask, 1 / StrictMath.sqrt(keyDim()), query.forward(inputs[0]),
                key.forward(keys), inputs[0].mask(), both(values, keys)));
    }

    @Override
    public Tensor step(StepState state, Tensor... inputs) {
        prepare(inputs);
        if (!useCausalMask || inputs.length > 1) {
            throw new InvalidDataException("MultiHeadAttention computes sequences step by step if it is causal, of one input. Received: "
                    + this + ", of " + inputs.length);
        }
        Tensor keys = state.extended(this, 0, 2, key.forward(inputs[0]));
        Tensor values = state.extended(this, 1, 2, value.forward(inputs[0]));
        return output.forward(GradientTape.paused(() -> Attend.of(numHeads, false, 1 / StrictMath.sqrt(keyDim()),
                query.forward(inputs[0]), keys, values, Optional.empty(), Optional.empty(), Optional.empty())));
    }

    /** The steps that are masked in neither. */
    static Optional<Tensor> both(Tensor values, Tensor keys) {
        return values.mask().isEmpty() || keys == values ? keys.mask()
                : keys.mask().isEmpty() ? values.mask() : Optional.of(values.mask().get().multiply(keys.mask().get()));
    }

    /** The factors of a dropout of weights; empty if there is none. */
    static Optional<Tensor> factors(Call call, double dropout, Layer layer, int rows, int cols) {
        return dropout == 0 || !call.training() ? Optional.empty()
                : Optional.of(Dropout.factors(call, layer.seed(), "dropout", layer.noise.getAndIncrement(), dropout, rows, cols));
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.initializers.Initializers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * A block of a transformer that normalizes first, for sequences {@code (batch, steps, features)}, whose shape it keeps:
 * {@code h = x + attention(normalized x)}, and then {@code h + dense(activation(dense(normalized h)))}. It is made of
 * {@link LayerNormalization}, {@link MultiHeadAttention}, whose heads share the features, {@link Dense} and {@link Dropout}.
 *
 * <p>Settings: {@code numHeads}, {@code intermediateDim} (units of the first dense layer), {@code activation} (gelu), {@code dropout} of
 * both sums' second parts (0), {@code causal} (false), {@code epsilon} of the normalizations (1e-5). Masks go into the attention, and on.
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(32, 64), new TransformerBlock(4, 256).causal(true), new LayerNormalization(), new Dense(100));
 * }</pre>
 */
public final class TransformerBlock extends FluentLayer<TransformerBlock> implements KeepsSteps {

    private int numHeads = 1;
    private int intermediateDim = 1;
    private Layer activation = Layers.activation("gelu");
    private double dropout;
    private boolean causal;
    private float epsilon = 1e-5f;
    private final Supplier<LayerNormalization> before = addLayerFrom(() -> new LayerNormalization().epsilon(epsilon));
    private final Supplier<MultiHeadAttention> attention = addLayerFrom(() -> MultiHeadAttention.ofFeatures(numHeads, causal));
    private final Supplier<LayerNormalization> between = addLayerFrom(() -> new LayerNormalization().epsilon(epsilon));
    private final Supplier<Dense> wide = addLayerFrom(() -> new Dense(intermediateDim).activation(activation));
    private final Projection narrow = addLayer(new Projection("narrow", new WeightRules("kernel", Initializers.glorotUniform()),
            new WeightRules("bias", Initializers.zeros()), () -> true, true, x -> Shape.of(x.dim(-1), features())));
    private final Supplier<Dropout> drop = addLayerFrom(() -> new Dropout(dropout));
    private int features; // 0: set when it is built

    TransformerBlock() {}

    /**
     * @param numHeads        the heads of the attention, at least 1, of which the number of features is a multiple
     * @param intermediateDim the units of the first dense layer, at least 1
     * @throws IllegalArgumentException if one is less
     */
    public TransformerBlock(int numHeads, int intermediateDim) {
        this.numHeads = numHeads;
        this.intermediateDim = intermediateDim;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        numHeads = Arguments.atLeast(1, "numHeads of TransformerBlock", s.required().integer("numHeads", numHeads));
        intermediateDim = Arguments.atLeast(1, "intermediateDim of TransformerBlock", s.required().integer("intermediateDim", intermediateDim));
        activation = s.made("activation", activation, Layers.ACTIVATIONS);
        dropout = Arguments.factor("dropout of TransformerBlock", s.number("dropout", dropout));
        causal = s.flag("causal", causal);
        epsilon = Arguments.positive("epsilon of TransformerBlock", s.real("epsilon", epsilon));
    }

    /** Whether no step sees a later one; default false. */
    public TransformerBlock causal(boolean newCausal) {
        return with("causal", newCausal);
    }

    private int features() {
        return features;
    }

    @Override
    public Shape outputShape(Shape input) {
        return attention.get().outputShape(List.of(input));
    }

    /** Sets the sizes of the last kernel. */
    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        outputShape(inputs);
        features = features == 0 ? inputs.get(0).dim(-1) : features;
        return List.of();
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0);
        Tensor h = x.add(drop.get().call(attention.get().call(before.get().call(x))));
        return h.add(drop.get().call(narrow.call(wide.get().call(between.get().call(h)))));
    }

    /** By how much each step attends to each, as {@link MultiHeadAttention#attentionWeights}. */
    public Tensor attentionWeights(Tensor input) {
        prepare(input);
        return attention.get().attentionWeights(before.get().forward(input));
    }

    @Override
    public Tensor step(StepState state, Tensor... inputs) {
        prepare(inputs);
        Tensor h = inputs[0].add(attention.get().step(state, before.get().forward(inputs[0])));
        return h.add(narrow.forward(wide.get().forward(between.get().forward(h))));
    }
}

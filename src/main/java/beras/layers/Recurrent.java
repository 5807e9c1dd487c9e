package beras.layers;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.config.Arguments;
import beras.config.Settings;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
import beras.kernels.Recurrences.Cell;
import beras.kernels.Recurrences.Rule;
import beras.kernels.UnaryOp;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The base class of recurrent layers: sequences {@code (batch, steps, features)} become the state after the last step,
 * {@code (batch, units)}, or with {@code returnSequences} the state after each, {@code (batch, steps, units)}. States begin as
 * zeros.
 *
 * <p>The settings have Keras's names, defaults and formulas: {@code units}, {@code activation} (tanh), {@code recurrentActivation}
 * (sigmoid), {@code useBias}, initializers (Glorot uniform, orthogonal, zeros), regularizers and constraints of {@code kernel},
 * {@code recurrent} and {@code bias}, {@code dropout} of inputs and {@code recurrentDropout} of states, each the same in all steps of a
 * sequence, {@code returnSequences}, {@code goBackwards} and {@code zeroOutputForMask}. A dropped state is dropped
 * for all gates, where Keras has a mask for each gate.
 *
 * <p>A result is a function of its sequence alone: it does not depend, in any bit, on the other sequences of the batch.
 *
 * <p>Steps that are {@linkplain Tensor#mask() masked} are left out: the state stays, and the output is that before, or zeros with
 * {@code zeroOutputForMask}. So padding, on whichever side, changes no bit of a result or a gradient.
 *
 * <p>An activation whose derivative follows from its output, such as tanh, sigmoid, relu, hard_sigmoid and softsign, is computed with all
 * else in one pass; with another the layer is computed step by step, which takes several times as long.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class Recurrent<L extends Recurrent<L>> extends FluentLayer<L> {

    private int units = 1;
    private Layer activation = Layers.activation("tanh"); // null: none
    private Layer recurrentActivation = Layers.activation("sigmoid"); // null: none
    private boolean useBias = true;
    private final WeightRules kernelRules = new WeightRules("kernel", Initializers.glorotUniform());
    private final WeightRules recurrentRules = new WeightRules("recurrent_kernel", Initializers.orthogonal());
    private final WeightRules biasRules = new WeightRules("bias", Initializers.zeros());
    private double dropout;
    private double recurrentDropout;
    private boolean returnSequences;
    private boolean goBackwards;
    private boolean zeroOutputForMask;
    private Packing whole; // of the latest batch in which all steps count; null: none yet

    Recurrent() {
        noise = new AtomicLong();
    }

    Recurrent(int units) {
        this();
        this.units = units;
        Settings.check(this);
    }

    // ------------------------------------------------------------------------------------------------ settings

    @Override
    public final void settings(Settings s) {
        whole = null;
        units = Arguments.atLeast(1, "units of " + typeName(), s.required().integer("units", units));
        activation = s.made("activation", activation, Layers.ACTIVATIONS);
        if (hasGates()) {
            recurrentActivation = s.made("recurrentActivation", recurrentActivation, Layers.ACTIVATIONS);
        }
        useBias = s.flag("useBias", useBias);
        cellSettings(s);
        WeightRules.settings(s, kernelRules, recurrentRules, biasRules);
        dropout = Arguments.factor("dropout of " + typeName(), s.number("dropout", dropout));
        recurrentDropout = Arguments.factor("recurrentDropout of " + typeName(), s.number("recurrentDropout", recurrentDropout));
        returnSequences = s.flag("returnSequences", returnSequences);
        goBackwards = s.flag("goBackwards", goBackwards);
        zeroOutputForMask = s.flag("zeroOutputForMask", zeroOutputForMask);
    }

    /** The settings of the cell alone. */
    void cellSettings(Settings s) {}

    /** Whether a gate decides how much of a state stays. */
    boolean hasGates() {
        return true;
    }

    final boolean goesBackwards() {
        return goBackwards;
    }

    final boolean returnsSequences() {
        return returnSequences;
    }

    /** If all steps are returned, masked ones are zeros. */
    final void giveZerosForMasks() {
        if (returnSequences && !zeroOutputForMask) {
            set("zeroOutputForMask", true);
        }
    }

    abstract Cell cell();

    /** Whether the states after all steps are returned, and not that after the last alone; default false. */
    public final L returnSequences(boolean newReturnSequences) {
        return with("returnSequences", newReturnSequences);
    }

    // ------------------------------------------------------------------------------------------------- weights

    @Override
    final List<WeightSpec> ownSpecs(List<Shape> inputs) {
        int width = cell().gates * units;
        List<WeightSpec> specs = new ArrayList<>(List.of(kernelRules.spec(Shape.of(features(inputs.get(0)), width)),
                recurrentRules.spec(Shape.of(units, width))));
        if (useBias) {
            WeightSpec bias = biasRules.spec(biasShape(width));
            specs.add(new WeightSpec(bias.name(), bias.shape(), biasInitializer(bias.initializer()), bias.regularizer(), bias.constraint(), false));
        }
        return specs;
    }

    Shape biasShape(int width) {
        return Shape.of(width);
    }

    /** The initializer of the bias, from the one in the settings. */
    Initializer biasInitializer(Initializer given) {
        return given;
    }

    /** The number of units. */
    public final int units() {
        return units;
    }

    /** The weights of the inputs, {@code (features, gates * units)}; null before the layer is built. */
    public final Variable kernel() {
        return own("kernel");
    }

    /** The weights of the state, {@code (units, gates * units)}; null before the layer is built. */
    public final Variable recurrentKernel() {
        return own("recurrent_kernel");
    }

    /** The bias; null before the layer is built, or if it has none. */
    public final Variable bias() {
        return own("bias");
    }

    // ----------------------------------------------------------------------------------------------- computing

    private int features(Shape input) {
        if (input.rank() != 2 || input.dim(1) == 0 || kernel() != null && input.dim(1) != kernel().dim(0)) {
            throw new IllegalArgumentException(typeName() + " needs sequences (steps, features) with "
                    + (kernel() == null ? "at least one feature" : kernel().dim(0) + " features") + ". Received shape: " + input);
        }
        return input.dim(1);
    }

    @Override
    public final Shape outputShape(Shape input) {
        features(input);
        return returnSequences ? Shape.of(input.dim(0), units) : Shape.of(units);
    }

    @Override
    protected final Tensor compute(Call call) {
        Tensor x = call.input(0);
        int features = features(example(x));
        int batch = x.dim(0);
        int steps = x.dim(1);
        Packing packing = packing(x.mask(), batch, steps);
        boolean drops = call.training() && (dropout > 0 || recurrentDropout > 0);
        long number = drops ? noise.getAndIncrement() : 0;
        if (drops && dropout > 0) {
            x = x.multiply(Dropout.factors(call, seed(), "dropout", number, dropout, batch, features).expandDims(1));
        }
        List<Tensor> inputs = new ArrayList<>(List.of(x.reshape(batch * steps, features).gather(0, packing.sources()), kernel(), recurrentKernel()));
        if (useBias) {
            inputs.add(bias());
        }
        if (drops && recurrentDropout > 0) {
            inputs.add(Dropout.factors(call, seed(), "recurrent_dropout", number, recurrentDropout, batch, units)
                    .gather(0, packing.sequences()));
        }
        Tensor states = states(packing, drops && recurrentDropout > 0, inputs);
        return returnSequences ? states.gather(0, packing.states()).reshape(batch, steps, units) : states.gather(0, packing.last());
    }

    /** The mask of the input, if all steps are returned. */
    @Override
    protected final Optional<Tensor> mask(Tensor... inputs) {
        return returnSequences ? inputs[0].mask() : Optional.empty();
    }

    private Packing packing(Optional<Tensor> mask, int batch, int steps) {
        if (mask.isPresent()) {
            return Packing.of(batch, steps, mask.get(), goBackwards, zeroOutputForMask);
        }
        Packing known = whole;
        if (known == null || known.batch() != batch || known.steps() != steps) {
            known = Packing.of(batch, steps, null, goBackwards, zeroOutputForMask);
            whole = known;
        }
        return known;
    }

    private Tensor states(Packing packing, boolean hasFactors, List<Tensor> inputs) {
        boolean isFused = isFusable(activation) && (!hasGates() || isFusable(recurrentActivation));
        Rule rule = isFused ? new Rule(cell(), Elementwise.op(activation), Elementwise.alpha(activation), Elementwise.op(recurrentActivation),
                Elementwise.alpha(recurrentActivation)) : bare();
        Recur recur = new Recur(rule, packing.first(), useBias, hasFactors);
        return isFused ? recur.apply(inputs.toArray(Tensor[]::new))
                : recur.unrolled(inputs, x -> called(activation, x), x -> called(recurrentActivation, x));
    }

    /** The cell without activations. */
    private Rule bare() {
        return new Rule(cell(), UnaryOp.LINEAR, 0f, UnaryOp.LINEAR, 0f);
    }

    /** {@inheritDoc} Its state is in up to float32 rounding that of the whole sequence. */
    @Override
    public final Tensor step(StepState state, Tensor... inputs) {
        prepare(inputs);
        if (goBackwards) {
            throw new IllegalArgumentException(typeName() + " with goBackwards needs all steps at once");
        }
        List<Tensor> all = new ArrayList<>(List.of(inputs[0].reshape(inputs[0].dim(0), inputs[0].dim(2)), kernel(), recurrentKernel()));
        if (useBias) {
            all.add(bias());
        }
        Tensor[] before = state.of(this);
        Tensor[] after = GradientTape.paused(() -> new Recur(bare(), new int[0], useBias, false).after(before == null ? new Tensor[0] : before,
                all, x -> called(activation, x), x -> called(recurrentActivation, x)));
        state.remember(this, after);
        return returnSequences ? after[0].expandDims(1) : after[0];
    }

    private static boolean isFusable(Layer function) {
        return function == null || function instanceof Elementwise elementwise && elementwise.fusable();
    }

    private static Tensor called(Layer function, Tensor x) {
        return function == null ? x : function.call(x);
    }
}

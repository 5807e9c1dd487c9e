package beras.optimizers;

import beras.autograd.GradientTape;
import beras.config.Arguments;
import beras.config.Configurable;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.kernels.ScalarWarning;
import beras.kernels.Update;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Changes variables along their gradients.
 *
 * <p>The learning rate is a number, or follows a {@link LearningRateSchedule}. Settings are given by name, before the first step:
 * <pre>{@code
 * new SGD().momentum(0.9).schedule(Schedules.REGISTRY.of("cosine", 0.1, 10_000)).with("clipnorm", 1).with("weightDecay", 0.01)
 *         .with("excludeFromWeightDecay", List.of("bias")).with("emaMomentum", 0.99).with("gradientAccumulationSteps", 4);
 * }</pre>
 * All optimizers have these, off by default:
 * <pre>
 *   clipnorm                   above 0: clips the gradient of each variable to this norm, {@code g * norm / max(|g|, norm)}
 *   clipvalue                  above 0: clips each element of the gradients to at least -value and at most value
 *   globalClipnorm             above 0: clips all gradients together, as if they were one; in an ensemble those of each net.
 *                              Only one of the three ways to clip can be set
 *   gradientAccumulationSteps  from 2: sums the gradients of so many steps, and changes the weights in the last of them only, by the
 *                              mean: those of the last step's variables that had a gradient in one of the steps, where null counts as 0
 *   lossScaleFactor            above 0: the loss is multiplied by it before gradients are computed, and these are divided by it
 *   weightDecay                from 0: takes the share {@code decay * learningRate} off the weights themselves before each step
 *                              (decoupled decay)
 *   excludeFromWeightDecay     texts: variables that have one of them in their {@linkplain Variable#name name} do not decay
 *   emaMomentum                from 0 to below 1: keeps a moving average of the weights, {@code average = momentum * average +
 *                              (1 - momentum) * w} after each step, which begins as the weights after the first one, for
 *                              {@link #average} and {@link #finalizeVariables}. Keras's is 0.99
 *   emaOverwriteFrequency      from 1: overwrites the weights with their average after every so many updates; where gradients are
 *                              accumulated, after each of the steps that make up such an update, as Keras does
 * </pre>
 * A step sums the gradients of several calls, takes their mean and clips it; then the weights decay, the step itself
 * is made, the average follows. Each of these is a separate pass over the variable, the same for every optimizer, and left out
 * where its option is off: without options a step is one pass in one kernel.
 *
 * <p>To write one: {@link #update}, which returns the rule of a step as a loop over weights, with {@link #slotCount} for its
 * state, and {@link #settings} if it has some. To be made by name it is registered: {@link Optimizers#REGISTRY}.
 *
 * <p>The state of a variable is kept by the variable's identity, so freezing or unfreezing others does not mix it up. Not safe
 * for use by several threads at once, except for {@link #applyPart}.
 */
public abstract class Optimizer implements Configurable {

    private float learningRate = 0.001f;
    private LearningRateSchedule schedule; // null for a constant rate
    private int steps;

    private GradientRules rules; // null to take gradients as they are
    private Double weightDecay; // null for none
    private List<String> withoutDecay = List.of();
    private final OptimizerState state = new OptimizerState(this);
    private final WeightAverages averages = new WeightAverages(state);

    /** With a learning rate of 0.001. */
    protected Optimizer() {}

    /**
     * @throws IllegalArgumentException if the rate is not finite or not above 0
     */
    protected Optimizer(double learningRate) {
        learningRate(learningRate);
    }

    // ------------------------------------------------------------------------------------------- learning rate

    /** The size of the next step. */
    public final float learningRate() {
        return schedule == null ? learningRate : (float) schedule.rate(steps);
    }

    /**
     * Changes the size of the next steps.
     *
     * @throws IllegalArgumentException if the rate is not finite or not above 0
     * @throws IllegalStateException if the rate follows a schedule
     */
    public final void learningRate(double rate) {
        if (schedule != null) {
            throw new IllegalStateException("The learning rate follows a schedule and cannot be set. Received: " + (float) rate);
        }
        learningRate = checkedRate((float) rate);
    }

    private static float checkedRate(float rate) {
        return Arguments.positive("The learning rate", rate);
    }

    /** Whether the learning rate follows a schedule. */
    public final boolean hasSchedule() {
        return schedule != null;
    }

    /**
     * Sets a schedule for the learning rate, which counts all {@link #steps}, also ones that only sum gradients.
     *
     * @throws IllegalStateException after the first step
     */
    public final Optimizer schedule(LearningRateSchedule newSchedule) {
        requireFirst("schedule");
        schedule = Objects.requireNonNull(newSchedule, "schedule");
        return this;
    }

    /** The number of steps made; each call of {@link #applyGradients} is one, whatever the number of variables. */
    public final int steps() {
        return steps;
    }

    // ------------------------------------------------------------------------------------------------- options

    /**
     * Changes one setting, of this optimizer or of all, by the name that configs and the reference have.
     *
     * @param value the value as in a config; null: none
     * @return this
     * @throws IllegalArgumentException if there is no such setting, with a list of all, or the value does not fit; nothing is
     *     changed then
     * @throws IllegalStateException after the first step
     */
    public final Optimizer with(String setting, Object value) {
        requireFirst(setting);
        Settings.set(this, setting, value);
        return this;
    }

    /** The factor of the loss: the setting {@code lossScaleFactor}, 1 if not set. */
    public final float lossScale() {
        return rules == null ? 1f : rules.lossScale();
    }

    private void requireFirst(String option) {
        if (steps > 0 || !state.isEmpty()) {
            throw new IllegalStateException(option + " must be set before the first step. Received after steps: " + steps);
        }
    }

    /**
     * The learning rate, which may be given as a schedule too, and the {@link #settings} of the optimizer; then the options of
     * all by name alone.
     */
    @Override
    public final void describe(Settings s) {
        describeRate(s);
        settings(s);
        rules = GradientRules.of(s, rules);
        Double decay = s.byName().number("weightDecay", weightDecay);
        weightDecay = decay == null ? null : (Double) Arguments.notNegative("weightDecay", decay);
        List<String> names = s.byName().texts("excludeFromWeightDecay", withoutDecay);
        if (names.contains("")) {
            throw new IllegalArgumentException("A name to exclude from weight decay must not be empty. Received: " + names);
        }
        withoutDecay = names;
        averages.settings(s);
    }

    private void describeRate(Settings s) {
        boolean given = s.isGiven("learningRate");
        if (s.isDescribed("learningRate")) {
            schedule = s.made("learningRate", schedule, Schedules.REGISTRY);
            return;
        }
        Float rate = s.real("learningRate", schedule == null ? (Float) learningRate : null);
        schedule = s.byName().made("schedule", schedule, Schedules.REGISTRY);
        if (given && schedule != null) {
            throw new IllegalArgumentException(typeName()
                    + " has a learningRate or a schedule. Received both: " + rate + " and " + schedule.config());
        }
        if (rate != null) {
            learningRate = checkedRate(rate);
        }
    }

    /** The type and its settings, such as {@code SGD(learningRate=0.1, momentum=0.9, nesterov=false)}. */
    @Override
    public String toString() {
        return config().toString();
    }

    // --------------------------------------------------------------------------------------------------- steps

    /**
     * One step that minimizes a loss of any formula; no step if the loss is NaN or infinite, which the caller checks:
     *
     * <pre>{@code
     * adam.minimize(() -> net.call(x).subtract(y).square().mean(), net.trainableVariables());
     * }</pre>
     *
     * <p>Layers behave as in training, and their {@linkplain GradientTape#penalties activity penalties} are added. Penalties on
     * weights and constraints belong to {@code fit}: add {@code regularizer.call(weight)} to the loss, and let
     * {@code constraint.apply(weight)} follow. A {@link GradientTape} and {@link #applyGradients(List, List)} do the same in
     * parts.
     *
     * @param loss computes it, by calls of layers and losses and by operations of tensors; of several elements the sum counts
     * @return the loss before the step, without penalties
     * @throws IllegalArgumentException if the loss does not depend on any trainable variable, see {@link #requireGradients};
     *     nothing is changed then
     * @throws NonFiniteGradientException if the loss is finite and a gradient is not; it names the operation. Nothing is changed then
     */
    public final Tensor minimize(Supplier<Tensor> loss, List<Variable> variables) {
        GradientTape tape = new GradientTape();
        Tensor value;
        Tensor penalized;
        try (tape) {
            value = loss.get();
            penalized = value.sum();
            for (Tensor penalty : tape.penalties()) {
                penalized = penalized.add(penalty);
            }
        }
        if (Float.isFinite(penalized.item())) {
            List<Tensor> gradients = tape.gradient(penalized, variables, Tensor.scalar(lossScale()));
            try {
                applyGradients(variables, gradients);
            } catch (NonFiniteGradientException e) {
                throw e.explainedBy(tape, penalized, variables);
            }
        }
        return value;
    }

    /**
     * One step: changes every variable in place. Frozen variables and variables with a null gradient stay unchanged.
     *
     * @throws IllegalArgumentException if the lists differ in length, a gradient's shape is not its variable's, or no trainable
     *     variable has a gradient, see {@link #requireGradients}; nothing is changed then
     * @throws NonFiniteGradientException if a gradient of a trainable variable, or the sum over several steps, has an element
     *     that is NaN or infinite; nothing is changed then, but such a sum is dropped
     */
    public final void applyGradients(List<Variable> variables, List<Tensor> gradients) {
        requireFitting(variables, gradients);
        requireGradients(variables, gradients);
        requireFinite(variables, gradients);
        try {
            change(variables, gradients);
        } finally {
            endStep();
        }
    }

    /**
     * The part of a step that changes these variables, such as the variables of one network of an ensemble:
     * {@code globalClipnorm} clips their gradients together. {@link #endStep} follows the last part. Several threads may apply
     * parts of one step at once. The gradients may all be null.
     *
     * @throws IllegalArgumentException if the lists differ in length, or a gradient's shape is not its variable's
     * @throws NonFiniteGradientException as {@link #applyGradients}; nothing of this part is changed then
     */
    public final void applyPart(List<Variable> variables, List<Tensor> gradients) {
        requireFitting(variables, gradients);
        requireFinite(variables, gradients);
        change(variables, gradients);
    }

    /** Counts a step, all parts of which were {@linkplain #applyPart applied}. */
    public final void endStep() {
        steps++;
        if (accumulates() && steps % rules.calls() == 0) {
            state.clearGradientSums();
        }
    }

    private static void requireFitting(List<Variable> variables, List<Tensor> gradients) {
        if (variables.size() != gradients.size()) {
            throw new IllegalArgumentException("One gradient per variable is needed. Received: " + variables.size()
                    + " variables and " + gradients.size() + " gradients");
        }
        for (int i = 0; i < variables.size(); i++) {
            Tensor gradient = gradients.get(i);
            if (gradient != null && !gradient.shape().equals(variables.get(i).shape())) {
                throw new IllegalArgumentException("The gradient of variable " + i + " must have its shape "
                        + variables.get(i).shape() + ". Received: " + gradient.shape());
            }
        }
    }

    private void change(List<Variable> variables, List<Tensor> gradients) {
        ScalarWarning.logOnce();
        int calls = rules == null ? 1 : rules.calls();
        int updates = steps / calls;
        List<Tensor> sums = calls == 1 ? gradients : sum(variables, gradients);
        if ((steps + 1) % calls == 0) {
            if (calls > 1) {
                requireFinite(variables, sums);
            }
            updateAll(variables, sums, updates + 1, learningRate());
        }
        if (averages.areKept()) {
            averages.update(variables, updates);
        }
    }

    /**
     * Refuses a step that would change nothing, as the loss does not depend on any trainable variable. Nothing is refused if all
     * variables are frozen.
     *
     * @throws IllegalArgumentException if there are trainable variables, and the gradient of each is null
     */
    public static void requireGradients(List<Variable> variables, List<Tensor> gradients) {
        int trainable = 0;
        for (int i = 0; i < variables.size(); i++) {
            if (changes(variables.get(i), gradients.get(i))) {
                return;
            }
            trainable += variables.get(i).trainable() ? 1 : 0;
        }
        if (trainable > 0) {
            throw new IllegalArgumentException("At least one trainable variable must have a gradient. Received: null for all "
                    + trainable + ": the loss does not depend on any of them. A GradientTape records the calls of layers and"
                    + " losses, and operations of tensors, while it is open; predict, the forward of a layer and stopGradient are not"
                    + " recorded, nor is what goes through arrays or numbers. Compute the loss from call or run while the tape is open");
        }
    }

    private static void requireFinite(List<Variable> variables, List<Tensor> gradients) {
        for (int i = 0; i < variables.size(); i++) {
            Tensor gradient = gradients.get(i);
            if (changes(variables.get(i), gradient) && !Backend.sums().isFinite(gradient.contiguous().block())) {
                throw NonFiniteGradientException.of(variables.get(i), gradient);
            }
        }
    }

    static boolean changes(Variable variable, Tensor gradient) {
        return variable.trainable() && gradient != null;
    }

    /** Adds gradients to the sums, and returns these; null where no gradient of the group was other than 0, and this one is null. */
    private List<Tensor> sum(List<Variable> variables, List<Tensor> gradients) {
        List<Tensor> sums = new ArrayList<>();
        for (int i = 0; i < variables.size(); i++) {
            Variable variable = variables.get(i);
            if (changes(variable, gradients.get(i))) {
                Tensor sum = state.gradientSum(variable);
                Tensor g = gradients.get(i).contiguous();
                Backend.elements().zip(BinaryOp.ADD, sum.block(), g.block(), sum.block());
                sums.add(sum);
            } else { // a sum of zeros alone is as good as none
                sums.add(state.has(variable) && !isZero(state.gradientSum(variable)) ? state.gradientSum(variable) : null);
            }
        }
        return sums;
    }

    private static boolean isZero(Tensor tensor) {
        for (float value : tensor.data()) {
            if (value != 0f) {
                return false;
            }
        }
        return true;
    }

    private void updateAll(List<Variable> variables, List<Tensor> gradients, int t, float rate) {
        double factor = rules == null ? 1 : rules.factor(variables, gradients);
        Update update;
        synchronized (state) { // an optimizer may keep numbers from one step to the next
            update = rule(t, rate);
        }
        for (int i = 0; i < variables.size(); i++) {
            Variable w = variables.get(i);
            if (changes(w, gradients.get(i))) {
                MatrixView[] slots = state.slots(w);
                if (weightDecay != null && decays(w)) {
                    Backend.updates().blend((float) -(weightDecay * rate), w.block(), 1f, w.block());
                }
                MatrixView g = rules == null ? gradients.get(i).contiguous().block() : rules.ready(gradients.get(i), factor);
                Backend.updates().apply(update, w.block(), g, slots);
                w.changed();
            }
        }
    }

    private boolean decays(Variable variable) {
        for (String name : withoutDecay) {
            if (variable.name().contains(name)) {
                return false;
            }
        }
        return true;
    }

    // ------------------------------------------------------------------------------------- what optimizers fill in

    /**
     * The rule of one step, which then changes each variable: called once a step, before any of them is changed; for an
     * ensemble, once for each network.
     *
     * <p>A custom one is a lambda, as {@link StepRule} shows, with {@link #slotCount} slots, which are kept until the next step.
     *
     * @param t    the number of this change, from 1; the number of the step unless gradients are summed over several
     * @param rate the learning rate
     */
    protected StepRule update(int t, float rate) {
        throw new UnsupportedOperationException(getClass().getName() + " must override update, which gives the rule of its steps");
    }

    /** The rule of one step for the kernels: that of a custom {@link #update}, unless there is a kernel. */
    Update rule(int t, float rate) {
        StepRule custom = update(t, rate);
        return (w, g, slots, from, to) -> custom.apply(new StepRule.Values(w), new StepRule.Values(g),
                Arrays.stream(slots).map(StepRule.Values::new).toArray(StepRule.Values[]::new), from, to);
    }

    /** The number of values to remember for each weight; 0 by default. It must not change after the first step. */
    protected int slotCount() {
        return 0;
    }

    /** The initial value of slot {@code slot}, from 0; 0 by default. */
    protected float initialSlot(int slot) {
        return 0f;
    }

    // ------------------------------------------------------------------------------------- averages of the weights

    /**
     * The moving average of a variable, copied; the variable itself, copied, if that had no gradient yet.
     *
     * @throws IllegalStateException if no averages are kept, see {@code emaMomentum}
     */
    public final Tensor average(Variable variable) {
        if (!averages.areKept()) {
            throw new IllegalStateException("Averages of the weights are kept only with emaMomentum");
        }
        return averages.of(variable);
    }

    /** For the end of training: overwrites the variables, except frozen ones, with their averages, if these are kept. */
    public final void finalizeVariables(List<Variable> variables) {
        if (averages.areKept()) {
            averages.overwrite(variables);
        }
    }

    /** Whether averages of the weights are kept. */
    public final boolean keepsAverages() {
        return averages.areKept();
    }

    /** Whether gradients of several steps are summed. */
    final boolean accumulates() {
        return rules != null && rules.calls() > 1;
    }

    // --------------------------------------------------------------------------------------------------- state

    /**
     * Refuses to begin with the weights of another model: an optimizer counts the steps of one. The same model may be compiled
     * with it again, and other weights of it unfrozen.
     *
     * @param variables all weights of a model
     * @throws IllegalStateException if it has changed variables, and none of these
     */
    public final void requireOwn(List<Variable> variables) {
        boolean own = state.isEmpty();
        for (int i = 0; i < variables.size() && !own; i++) {
            own = state.has(variables.get(i));
        }
        if (!own) {
            throw new IllegalStateException("An optimizer trains one model, whose steps it counts. Received: "
                    + typeName() + " after " + steps + " steps of another model. Make a new one");
        }
    }

    /**
     * The state of this optimizer's rule for a variable: a tensor of its shape for each slot, copied; empty if there is none.
     */
    public final List<Tensor> state(Variable variable) {
        return state.copySlots(variable);
    }

    /**
     * All that is remembered of these variables, for {@link #restore}: of each its slots, the sum of its gradients if these are
     * accumulated, and its average if there is one; copied. For a variable without a gradient so far they are as many tensors of
     * shape {@code (0,)}.
     */
    public final List<Tensor> state(List<Variable> variables) {
        return state.copy(variables);
    }

    /**
     * Continues where an optimizer of the same settings was, so that the next steps are bit-identical.
     *
     * @param steps     its {@link #steps()}
     * @param variables corresponding variables, in the same order
     * @param copies    the result of its {@link #state(List)}
     * @throws IllegalArgumentException if the steps are below 0, or the state does not fit; nothing is changed then
     */
    public final void restore(int steps, List<Variable> variables, List<Tensor> copies) {
        Arguments.atLeast(0, "steps", steps);
        state.restore(variables, copies);
        this.steps = steps;
    }
}

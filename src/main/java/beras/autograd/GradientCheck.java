package beras.autograd;

import beras.tensor.Memory;
import beras.tensor.Operation.StopGradient;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Compares the gradients of a layer, or of a function of tensors, with finite differences, for tests:
 *
 * <pre>{@code
 * GradientCheck.Report report = GradientCheck.of(new Dense(3, "gelu")).check(x);
 * assertTrue(report.passed(), report::toString);
 *
 * GradientCheck distance = GradientCheck.of((p, q) -> p.subtract(q).square().sum(1).sqrt());
 * assertTrue(distance.order(2).check(a, b).passed());
 * }</pre>
 *
 * <p>A {@link GradientTape} records the function, and gives the gradients to each input and to each weight that takes part. The
 * recorded operations are computed again for inputs and weights of which one element is changed; central differences of the
 * results are extrapolated. They are computed in float, so a gradient is compared to about three digits, {@link #TOLERANCE}.
 * Fused operations are compared with their {@linkplain FusedOperation#composition composition}, too.
 *
 * <p>Computations through arrays or numbers, or by the forward of a layer, are not recorded, so they have no gradient. That too
 * is found, for the first order: the function is called again for inputs and weights that are moved a little, unless its result
 * is random, as with dropout.
 *
 * <p>Where the differences to both sides disagree there is a kink, as of {@code relu} at 0 or of {@code max} where two are equal, or
 * a jump, or the function is too steep for floats: such an element is skipped, and counted. Weights do not change. All but the
 * inputs and weights is constant, also results of {@link Tensor#stopGradient}. For a loss, whose truth gets no gradient, check
 * {@code p -> loss.call(p, truth)}.
 */
public final class GradientCheck {

    /** The deviation allowed by default, as a share of the largest element of a gradient. Differences of floats resolve about 1e-5. */
    public static final double TOLERANCE = 1e-3;

    /** A gradient that is small throughout is compared as if it were this share of the largest of all, or of the result's norm. */
    private static final double SMALL = 0.01;
    /** The allowed difference of a result computed in another way, as a share of the largest element. */
    private static final double VALUE_TOLERANCE = 1e-4;
    /** How far inputs and weights are moved, as a share of them, to compare the recorded operations with the function. */
    private static final double MOVE = 0x1p-8;
    /** The largest and the smallest step of a difference, as a share of an element of at least 1. */
    private static final double LARGEST_STEP = 0x1p-5;
    private static final double SMALLEST_STEP = 0x1p-17;
    /** The rounding of a result, as a share of its norm. */
    private static final double ROUNDING = 0x1p-22;

    private final String name;
    private final Function<List<Tensor>, Tensor> function;
    private final Supplier<List<Variable>> weights; // also unrecorded ones
    private int order = 1;
    private double tolerance = TOLERANCE;
    private boolean training = true;

    private GradientCheck(String name, Function<List<Tensor>, Tensor> function, Supplier<List<Variable>> weights) {
        this.name = name;
        this.function = function;
        this.weights = weights;
    }

    /** Checks a layer, an activation, or another node, with its weights. */
    public static GradientCheck of(Diffable diffable) {
        return new GradientCheck(diffable.toString(), inputs -> diffable.call(inputs.toArray(Tensor[]::new)), diffable::weights);
    }

    /** Checks a function of one tensor. */
    public static GradientCheck of(UnaryOperator<Tensor> function) {
        return ofList(inputs -> function.apply(inputs.get(0)));
    }

    /** Checks a function of two tensors. */
    public static GradientCheck of(BinaryOperator<Tensor> function) {
        return ofList(inputs -> function.apply(inputs.get(0), inputs.get(1)));
    }

    /** Checks a function of any number of tensors. */
    public static GradientCheck ofList(Function<List<Tensor>, Tensor> function) {
        return new GradientCheck("the function", function, List::of);
    }

    /**
     * Which derivatives are compared: 1, the default, the gradients; 2, the gradients of the gradients, by nested tapes; and so on.
     * For a gradient, the sum of its elements with random weights is differentiated in turn; the gradient itself is taken to be
     * right, so check the lower orders, too.
     *
     * @throws IllegalArgumentException if it is not at least 1
     */
    public GradientCheck order(int newOrder) {
        if (newOrder < 1) {
            throw new IllegalArgumentException("The order of derivatives must be at least 1. Received: " + newOrder);
        }
        order = newOrder;
        return this;
    }

    /**
     * The deviation allowed, as a share of the largest element of a gradient; {@link #TOLERANCE} by default.
     *
     * @throws IllegalArgumentException if it is not above 0
     */
    public GradientCheck tolerance(double newTolerance) {
        if (!(newTolerance > 0)) {
            throw new IllegalArgumentException("The tolerance must be above 0. Received: " + newTolerance);
        }
        tolerance = newTolerance;
        return this;
    }

    /** Has layers such as BatchNormalization behave as in inference; by default they do as in training, and update their state. */
    public GradientCheck inference() {
        training = false;
        return this;
    }

    /**
     * Compares the gradients at these inputs: to each of them, and to each weight.
     *
     * @throws IllegalArgumentException if the result depends on none of them on the tape
     * @throws UnsupportedOperationException from the second order on, if a fused operation has no composition
     */
    public Report check(Tensor... inputs) {
        GradientTape paused = GradientTape.pause();
        try {
            return new Comparison(Arrays.stream(inputs).map(Tensor::stopGradient).toList()).report(); // the same one twice counts as two
        } finally {
            GradientTape.resume(paused);
        }
    }

    /** The function, or a weighted sum of its derivatives. */
    private Tensor derivative(int n, List<Tensor> inputs) {
        if (n == 0) {
            return function.apply(inputs);
        }
        GradientTape tape = GradientTape.inside(training);
        Tensor target;
        try (tape) {
            tape.watch(inputs.toArray(Tensor[]::new));
            target = derivative(n - 1, inputs);
        }
        Tensor sum = Tensor.scalar(0);
        for (Tensor gradient : tape.gradient(target, sources(tape, inputs), upstream(n, target.shape()))) {
            sum = gradient == null ? sum : sum.add(gradient.multiply(upstream(-n, gradient.shape())).sum());
        }
        return sum;
    }

    private Tensor upstream(int n, Shape shape) {
        return Tensor.generate(new Rng(0, "upstream", n)::normal, shape.toArray());
    }

    /** The inputs, all weights that take part, and the weights of the checked node. */
    private List<Tensor> sources(GradientTape tape, List<Tensor> inputs) {
        Set<Tensor> variables = new LinkedHashSet<>();
        for (OperationCall use : tape.operations()) {
            use.inputs().stream().filter(Variable.class::isInstance).forEach(variables::add);
        }
        variables.addAll(weights.get());
        List<Tensor> sources = new ArrayList<>(inputs);
        variables.stream().filter(variable -> !((Variable) variable).isState()).forEach(sources::add);
        return sources;
    }

    /**
     * The result of a comparison.
     *
     * @param name      the checked function, as named in the text
     * @param compared  how many elements of gradients
     * @param skipped   how many were not compared, as there is a kink or a jump
     * @param deviation the largest error, as a share of the largest element of the gradient
     * @param tolerance the allowed error
     * @param worst     the place of the largest error, with expected and received values; or the operation whose composition is
     *     wrong
     */
    public record Report(String name, int compared, int skipped, double deviation, double tolerance, String worst) {

        /** Whether all that was compared agrees, and not all was skipped. */
        public boolean passed() {
            return deviation <= tolerance && (compared > 0 || skipped == 0);
        }

        /** In one sentence: the comparison, and the largest error, with its input or weight and element. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "The gradients of %s %s: deviation %.2g, tolerance %.2g, %s; %d elements compared, %d"
                    + " skipped at kinks", name, passed() ? "agree with differences" : "do not agree with differences", deviation,
                    tolerance, worst, compared, skipped);
        }
    }

    /** The gradients of the recorded operations, and their differences. */
    private final class Comparison {

        private final GradientTape tape = GradientTape.inside(training);
        private final List<Tensor> inputs;
        private final Tensor output;
        private final List<Tensor> sources;
        private final float[] upstream;
        private final double norm; // of the terms of the result's weighted sum

        Comparison(List<Tensor> inputs) {
            this.inputs = inputs;
            try (tape) {
                tape.watch(inputs.toArray(Tensor[]::new));
                output = derivative(order - 1, inputs);
            }
            sources = sources(tape, inputs);
            Tensor weights = upstream(0, output.shape());
            upstream = weights.toArray();
            float terms = output.multiply(weights).norm().item();
            norm = Float.isFinite(terms) ? terms : 0;
        }

        Report report() {
            List<Tensor> gradients = tape.gradient(output, sources, upstream(0, output.shape()));
            if (order == 1 && gradients.stream().allMatch(Objects::isNull)) {
                throw new IllegalArgumentException("The result of " + name + " depends on no input and no weight by operations of"
                        + " tensors or calls of layers: there is nothing to compare. Compute it by these");
            }
            String mistake = wrongComposition();
            mistake = mistake != null || order > 1 ? mistake : unrecorded();
            double small = SMALL * Math.max(gradients.stream().mapToDouble(Comparison::largest).max().orElse(0), norm);
            int compared = 0;
            int skipped = 0;
            double deviation = mistake == null ? 0 : Double.POSITIVE_INFINITY;
            String worst = mistake == null ? "everywhere" : mistake;
            for (int s = 0; s < sources.size(); s++) {
                float[] gradient = gradients.get(s) == null ? new float[sources.get(s).size()] : gradients.get(s).toArray();
                double scale = Math.max(largest(gradients.get(s)), small);
                for (int i = 0; i < gradient.length; i++) {
                    double expected = slope(sources.get(s), i, scale);
                    if (Double.isNaN(expected)) {
                        skipped++;
                        continue;
                    }
                    compared++;
                    double share = expected == gradient[i] ? 0 : Math.abs(expected - gradient[i]) / scale;
                    if (!(share <= deviation)) { // NaN is worst
                        deviation = Double.isNaN(share) ? Double.POSITIVE_INFINITY : share;
                        worst = "at " + place(s, i) + ": expected " + (float) expected + ", received " + gradient[i];
                    }
                }
            }
            return new Report(name, compared, skipped, deviation, tolerance, worst);
        }

        /** The difference between a composition and its operation; null if there is none. */
        private String wrongComposition() {
            for (OperationCall call : tape.operations()) {
                try {
                    if (call.operation() instanceof FusedOperation fused && !agree(call.output(), fused.composition(call))) {
                        return "as the composition of " + call + " gives " + fused.composition(call) + " in place of " + call.output();
                    }
                } catch (UnsupportedOperationException e) {
                    continue; // it has none
                }
            }
            return null;
        }

        /**
         * Compares the function with its recorded operations, at inputs and weights that are moved, one at a time: values that
         * went through arrays or numbers do not follow. A function with random results is not compared.
         */
        private String unrecorded() {
            for (int s = 0; s < sources.size() && function(inputs).equals(output); s++) {
                Tensor source = sources.get(s);
                Rng rng = new Rng(0, "move", s);
                float[] from = source.toArray();
                Tensor moved = Tensor.generate(i -> from[i] + Math.max(Math.abs(from[i]), 1) * MOVE * rng.normal(i),
                        source.shape().toArray());
                Tensor kept = source.copy();
                try {
                    if (source instanceof Variable weight) {
                        weight.assign(moved);
                    }
                    if (!agree(function(inputs.stream().map(input -> input == source ? moved : input).toList()),
                            again(source, moved, false))) {
                        return "as the result depends on " + owner(s) + " also through something that is not recorded, such as arrays,"
                                + " numbers, or the forward of a layer";
                    }
                } catch (IllegalArgumentException e) { // from a function that takes labels alone, for example
                    continue;
                } finally {
                    if (source instanceof Variable weight) {
                        weight.assign(kept);
                    }
                }
            }
            return null;
        }

        private Tensor function(List<Tensor> arguments) {
            GradientTape inner = GradientTape.inside(training);
            try (inner) {
                return function.apply(arguments);
            }
        }

        /** The recorded result, with another value of a source. */
        private Tensor again(Tensor source, Tensor moved, boolean stopped) {
            Map<Tensor, Tensor> values = new IdentityHashMap<>(Map.of(source, moved));
            for (OperationCall call : tape.operations()) {
                Tensor[] in = call.inputs().stream().map(input -> values.getOrDefault(input, input)).toArray(Tensor[]::new);
                values.put(call.output(), stopped && call.operation() instanceof StopGradient ? call.output()
                        : call.operation().compute(Memory.FRESH, in));
            }
            return values.getOrDefault(output, output);
        }

        private static boolean agree(Tensor a, Tensor b) {
            return a.shape().equals(b.shape()) && largest(a.subtract(b)) <= VALUE_TOLERANCE * largest(a);
        }

        /** The largest element, without its sign, that is finite. */
        private static double largest(Tensor tensor) {
            double largest = 0;
            for (float value : tensor == null ? new float[0] : tensor.toArray()) {
                largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
            }
            return largest;
        }

        private String owner(int source) {
            return sources.get(source) instanceof Variable weight ? "weight " + (source - inputs.size()) + " (" + weight.name() + ")"
                    : "input " + source;
        }

        private String place(int source, int position) {
            Tensor tensor = sources.get(source);
            int[] index = new int[tensor.rank()];
            for (int axis = index.length - 1, rest = position; axis >= 0; axis--) {
                index[axis] = rest % tensor.dim(axis);
                rest /= tensor.dim(axis);
            }
            return owner(source) + ", element " + Arrays.toString(index);
        }

        /**
         * The derivative by an element, NaN if there is none: by Richardson's extrapolation of the central differences in the
         * largest step and in half of it that agree. At a kink those to both sides do not approach each other, and near one the
         * central ones differ. A smaller step, as a steep function needs, may not be lost in the rounding.
         *
         * @param scale differences may disagree by the tolerance times this
         */
        private double slope(Tensor source, int position, double scale) {
            double x = source.toArray()[position];
            double steady = Double.NaN;
            for (double share = LARGEST_STEP; share >= SMALLEST_STEP; share /= 8) {
                double step = Math.max(Math.abs(x), 1) * share;
                if (share < LARGEST_STEP && norm * ROUNDING / step > tolerance * scale) {
                    break;
                }
                Tensor[] at = new Tensor[5];
                double[] moved = new double[5];
                for (int i = 0; i < at.length; i++) {
                    Tensor other = source.copy();
                    other.data()[position] += (float) ((i - 2) * step / 2);
                    moved[i] = other.data()[position];
                    at[i] = again(source, other, true);
                }
                double above = difference(at[4], at[2]) / (moved[4] - moved[2]);
                double below = difference(at[2], at[0]) / (moved[2] - moved[0]);
                double halfAbove = difference(at[3], at[2]) / (moved[3] - moved[2]);
                double halfBelow = difference(at[2], at[1]) / (moved[2] - moved[1]);
                double central = (above + below) / 2;
                double halfCentral = (halfAbove + halfBelow) / 2;
                double gap = Math.abs(above - below);
                boolean oneSlope = gap <= tolerance * scale || Math.abs(halfAbove - halfBelow) <= 0.75 * gap;
                double change = Math.abs(central - halfCentral);
                if (oneSlope && change <= tolerance * scale) {
                    steady = (4 * halfCentral - central) / 3;
                    if (change <= SMALL * Math.abs(central + halfCentral)) {
                        break; // else the slope is small beside others, and may be that of a function that is flat far off
                    }
                }
            }
            return steady;
        }

        /** The weighted sum of differences, to which unchanged elements add nothing. */
        private double difference(Tensor a, Tensor b) {
            float[] as = a.toArray();
            float[] bs = b.toArray();
            double sum = 0;
            for (int i = 0; i < as.length; i++) {
                sum += as[i] == bs[i] ? 0 : ((double) as[i] - bs[i]) * upstream[i];
            }
            return sum;
        }
    }
}

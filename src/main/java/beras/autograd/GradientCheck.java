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
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Compares the gradients of a layer, or of a function of tensors, with differences of what it computes, for tests:
 *
 * <pre>{@code
 * GradientCheck.Report report = GradientCheck.of(new Dense(3, "gelu")).check(x);
 * assertTrue(report.passed(), report::toString);
 *
 * GradientCheck distance = GradientCheck.of((p, q) -> p.subtract(q).square().sum(1).sqrt());
 * assertTrue(distance.order(2).check(a, b).passed());
 * }</pre>
 *
 * <p>A {@link GradientTape} records the function, and gives the gradients, in floats, to each input and to each weight that takes
 * part. What it has recorded is computed again in doubles, for inputs and weights changed a little: central differences of that
 * are precise to about 1e-8. So a gradient that is off by more than the rounding of floats is found. What computes by itself is
 * taken by its {@linkplain FusedOperation#composition composition}, which is compared with what it computes; without one it is computed in
 * floats, whose differences are precise to about {@link #FLOAT_TOLERANCE}.
 *
 * <p>What the function computes through arrays or numbers, or by the forward of a layer, is not recorded, so it has no gradient. That
 * too is found, of the first order: the function is called again for inputs and weights that are moved a little, unless it gives
 * something else each time, as with dropout.
 *
 * <p>Where the differences to both sides disagree there is a kink, as of {@code relu} at 0 or of {@code max} where two are equal, or
 * a jump: such an element is skipped, and counted. Weights are left as they are. All but the inputs and weights is constant, what
 * comes from {@link Tensor#stopGradient} too. Of a loss, whose truth gets no gradient, check {@code p -> loss.call(p, truth)}.
 */
public final class GradientCheck {

    /** The deviation allowed by default, as a share of the largest element of a gradient. Floats resolve 6e-8. */
    public static final double TOLERANCE = 1e-5;

    /** The smallest deviation allowed where differences are those of floats. */
    public static final double FLOAT_TOLERANCE = 1e-3;

    /** A gradient that is small throughout is compared as if it were this share of the largest of all, or of the result's terms. */
    private static final double SMALL = 0.01;
    /** A composition may be off by this share of the largest element that was computed. */
    private static final double VALUE_TOLERANCE = 1e-4;
    /** Inputs and weights are moved so far, as a share of them, to see whether what was recorded gives what the function does. */
    private static final double MOVE = 0x1p-8;

    /**
     * How differences are taken.
     *
     * @param step     as a share of an element of at least 1
     * @param smooth   at a kink, the differences to both sides deviate by more than this share of them
     * @param rounding of a result is below this share of the sum of its terms
     */
    private record Precision(double step, double smooth, double rounding) {

        static final Precision OF_DOUBLES = new Precision(0x1p-17, 1e-4, 0x1p-46);
        static final Precision OF_FLOATS = new Precision(0x1p-6, 1e-2, 0x1p-20);
    }

    private static final Program NO_COMPOSITION = new Program(List.of(), null);

    private final String name;
    private final Function<List<Tensor>, Tensor> function;
    private final Supplier<List<Variable>> weights; // also those that are not recorded
    private int order = 1;
    private double tolerance = TOLERANCE;
    private boolean training = true;

    private GradientCheck(String name, Function<List<Tensor>, Tensor> function, Supplier<List<Variable>> weights) {
        this.name = name;
        this.function = function;
        this.weights = weights;
    }

    /** Of a layer, an activation, or another node, with its weights. */
    public static GradientCheck of(Diffable diffable) {
        return new GradientCheck(diffable.toString(), inputs -> diffable.call(inputs.toArray(Tensor[]::new)), diffable::weights);
    }

    /** Of a function of one tensor. */
    public static GradientCheck of(UnaryOperator<Tensor> function) {
        return ofList(inputs -> function.apply(inputs.get(0)));
    }

    /** Of a function of two tensors. */
    public static GradientCheck of(BinaryOperator<Tensor> function) {
        return ofList(inputs -> function.apply(inputs.get(0), inputs.get(1)));
    }

    /** Of a function of any number of tensors. */
    public static GradientCheck ofList(Function<List<Tensor>, Tensor> function) {
        return new GradientCheck("the function", function, List::of);
    }

    /**
     * Which derivatives are compared: 1, the default, the gradients; 2, the gradients of the gradients, by nested tapes; and so on.
     * Of a gradient, the sum of its elements with random weights is differentiated in turn; it is taken to be right itself, so check
     * the lower orders, too.
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
     * @throws IllegalArgumentException if the result depends on none of them, as far as the tape knows
     * @throws UnsupportedOperationException from the second order on, if something computes by itself and has no composition
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

    /** The inputs, all weights that take part, and those of what is checked. */
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
     * What came of a comparison.
     *
     * @param name      what was checked, as it is named in the text
     * @param compared  how many elements of gradients
     * @param skipped   how many were not compared, as there is a kink or a jump
     * @param deviation the largest, as a share of the largest element of the same gradient
     * @param tolerance that allowed
     * @param worst     where the largest deviation is, what was expected and what received; or whose composition is wrong
     */
    public record Report(String name, int compared, int skipped, double deviation, double tolerance, String worst) {

        /** Whether all that was compared agrees, and not all was skipped. */
        public boolean passed() {
            return deviation <= tolerance && (compared > 0 || skipped == 0);
        }

        /** In one sentence: what was compared, and the largest deviation, with its input or weight and element. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "The gradients of %s %s: deviation %.2g, tolerance %.2g, %s; %d elements compared, %d"
                    + " skipped at kinks", name, passed() ? "agree with differences" : "do not agree with differences", deviation,
                    tolerance, worst, compared, skipped);
        }
    }

    /** What is computed from some tensors up to an output. */
    private record Program(List<OperationCall> calls, Tensor output) {}

    /** The gradients of what was recorded, and the same in doubles. */
    private final class Comparison {

        private final GradientTape tape = GradientTape.inside(training);
        private final List<Tensor> inputs;
        private final Program recorded;
        private final List<Tensor> sources;
        private final double[] upstream;
        private final Map<OperationCall, Program> compositions = new IdentityHashMap<>();
        private final Map<Tensor, Doubles> constants = new IdentityHashMap<>();
        private Precision precision = Precision.OF_DOUBLES;
        private String mistake; // a wrong composition, or what is not recorded; null: none

        Comparison(List<Tensor> inputs) {
            this.inputs = inputs;
            try (tape) {
                tape.watch(inputs.toArray(Tensor[]::new));
                recorded = new Program(tape.operations(), derivative(order - 1, inputs));
            }
            sources = sources(tape, inputs);
            upstream = Doubles.of(upstream(0, recorded.output.shape())).data();
        }

        Report report() {
            List<Tensor> gradients = tape.gradient(recorded.output, sources, upstream(0, recorded.output.shape()));
            if (order == 1 && gradients.stream().allMatch(Objects::isNull)) {
                throw new IllegalArgumentException("The result of " + name + " depends on no input and no weight by operations of"
                        + " tensors or calls of layers: there is nothing to compare. Compute it by these");
            }
            double[] result = run(recorded, new IdentityHashMap<>()).data(); // which also looks for compositions
            if (order == 1) {
                requireAllRecorded();
            }
            double[] terms = IntStream.range(0, result.length).mapToDouble(i -> Math.abs(result[i] * upstream[i])).toArray();
            double noise = DoubleStream.of(terms).sum() * precision.rounding / precision.step;
            List<double[]> slopes = sources.stream().map(source -> slopes(source, noise)).toList();
            double[] largest = slopes.stream().mapToDouble(Comparison::largest).toArray();
            double small = SMALL * Math.max(largest(largest), largest(terms));
            int compared = 0;
            int skipped = 0;
            double deviation = mistake == null ? 0 : Double.POSITIVE_INFINITY;
            String worst = mistake == null ? "everywhere" : mistake;
            for (int s = 0; s < sources.size(); s++) {
                float[] gradient = gradients.get(s) == null ? new float[sources.get(s).size()] : gradients.get(s).toArray();
                for (int i = 0; i < gradient.length; i++) {
                    double expected = slopes.get(s)[i];
                    if (Double.isNaN(expected)) {
                        skipped++;
                        continue;
                    }
                    compared++;
                    double difference = Math.abs(expected - gradient[i]);
                    double share = difference <= noise ? 0 : difference / Math.max(largest[s], small);
                    if (!(share <= deviation)) { // NaN is worst
                        deviation = Double.isNaN(share) ? Double.POSITIVE_INFINITY : share;
                        worst = "at " + place(s, i) + ": expected " + (float) expected + ", received " + gradient[i];
                    }
                }
            }
            double allowed = precision == Precision.OF_FLOATS ? Math.max(tolerance, FLOAT_TOLERANCE) : tolerance;
            return new Report(name, compared, skipped, deviation, allowed, worst);
        }

        /**
         * Compares the function with what was recorded of it, at inputs and weights that are moved, one at a time: what went through
         * arrays or numbers stays where it was. A function that gives something else each time is not compared.
         */
        private void requireAllRecorded() {
            for (int s = 0; s < sources.size() && mistake == null && function(inputs).equals(recorded.output); s++) {
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
                    if (!agree(function(inputs.stream().map(input -> input == source ? moved : input).toList()), again(source, moved))) {
                        mistake = "as the result depends on " + owner(s) + " also through something that is not recorded, such as arrays,"
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
        }

        /** What was recorded, in floats, with another value of a source. */
        private Tensor again(Tensor source, Tensor moved) {
            Map<Tensor, Tensor> values = new IdentityHashMap<>(Map.of(source, moved));
            for (OperationCall call : recorded.calls) {
                Tensor[] in = call.inputs().stream().map(input -> values.getOrDefault(input, input)).toArray(Tensor[]::new);
                values.put(call.output(), call.operation().compute(Memory.FRESH, in));
            }
            return values.getOrDefault(recorded.output, recorded.output).copy();
        }

        private static boolean agree(Tensor a, Tensor b) {
            return a.shape().equals(b.shape())
                    && largest(Doubles.of(a.subtract(b)).data()) <= VALUE_TOLERANCE * largest(Doubles.of(a).data());
        }

        private Tensor function(List<Tensor> arguments) {
            GradientTape inner = GradientTape.inside(training);
            try (inner) {
                return function.apply(arguments);
            }
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

        private static double largest(double[] values) {
            return DoubleStream.of(values).map(Math::abs).filter(value -> !Double.isNaN(value)).max().orElse(0);
        }

        /** The derivatives by each element of a source; NaN where there is none. */
        private double[] slopes(Tensor source, double noise) {
            Doubles values = Doubles.of(source);
            double[] slopes = new double[values.data().length];
            for (int i = 0; i < slopes.length; i++) {
                double x = values.data()[i];
                double step = Math.max(Math.abs(x), 1) * precision.step;
                double[] results = new double[5];
                for (int half = -2; half <= 2; half++) {
                    results[half + 2] = sum(source, values.with(i, x + half * step / 2));
                }
                slopes[i] = slope(results, step, noise);
            }
            return slopes;
        }

        /**
         * By Richardson's extrapolation of the central differences in a step and in half of it. At a kink those to both sides do
         * not come nearer to each other, and near one the central ones differ.
         */
        private double slope(double[] results, double step, double noise) {
            double share = precision.smooth;
            double above = (results[4] - results[2]) / step;
            double below = (results[2] - results[0]) / step;
            double central = (results[4] - results[0]) / (2 * step);
            double halfCentral = (results[3] - results[1]) / step;
            double gap = Math.abs(above - below);
            double halfGap = Math.abs(results[3] - 2 * results[2] + results[1]) * 2 / step;
            boolean oneSlope = halfGap <= 0.75 * gap || gap <= share * (Math.abs(above) + Math.abs(below)) + noise;
            boolean steady = Math.abs(central - halfCentral) <= share * (Math.abs(central) + Math.abs(halfCentral)) + noise;
            return oneSlope && steady ? (4 * halfCentral - central) / 3 : Double.NaN;
        }

        /** The weighted sum of the result's elements. */
        private double sum(Tensor source, Doubles changed) {
            Map<Tensor, Doubles> values = new IdentityHashMap<>();
            values.put(source, changed);
            double[] result = run(recorded, values).data();
            return IntStream.range(0, result.length).mapToDouble(i -> result[i] * upstream[i]).sum();
        }

        private Doubles run(Program program, Map<Tensor, Doubles> values) {
            for (OperationCall call : program.calls) {
                values.put(call.output(), compute(call, values));
            }
            return value(program.output, values);
        }

        private Doubles value(Tensor tensor, Map<Tensor, Doubles> values) {
            Doubles known = values.get(tensor);
            return known != null ? known : constants.computeIfAbsent(tensor, Doubles::of);
        }

        private Doubles compute(OperationCall call, Map<Tensor, Doubles> values) {
            Doubles[] in = call.inputs().stream().map(input -> value(input, values)).toArray(Doubles[]::new);
            if (call.operation() instanceof StopGradient) {
                return constants.computeIfAbsent(call.output(), Doubles::of);
            }
            if (!(call.operation() instanceof FusedOperation fused)) {
                return Doubles.compute(call.operation(), call.output().shape(), in);
            }
            if (!compositions.containsKey(call)) {
                compositions.put(call, composed(call, fused));
            }
            return compositions.get(call) != NO_COMPOSITION ? run(compositions.get(call), values)
                    : Doubles.of(fused.compute(Memory.FRESH, Arrays.stream(in).map(Doubles::round).toArray(Tensor[]::new)));
        }

        private Program composed(OperationCall call, FusedOperation fused) {
            GradientTape inner = GradientTape.inside(training);
            try (inner) {
                inner.watch(call.inputs().toArray(Tensor[]::new));
                Program composition = new Program(inner.operations(), fused.composition(call));
                double[] composed = run(composition, new IdentityHashMap<>()).data();
                double[] computed = Doubles.of(call.output()).data();
                for (int i = 0; i < computed.length; i++) {
                    if (Math.abs(composed[i] - computed[i]) > VALUE_TOLERANCE * largest(computed)) {
                        mistake = "as the composition of " + call + " gives " + (float) composed[i] + " in place of " + computed[i]
                                + " for element " + i + " of its result";
                    }
                }
                return composition;
            } catch (UnsupportedOperationException e) {
                precision = Precision.OF_FLOATS;
                return NO_COMPOSITION;
            }
        }
    }
}

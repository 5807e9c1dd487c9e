package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Definitions;
import beras.autograd.FusedOperation;
import beras.autograd.GradientTape;
import beras.autograd.OperationCall;
import beras.autograd.Workspace;
import beras.config.Config;
import beras.feed.Batch;
import beras.kernels.Threads;
import beras.losses.MeanSquaredError;
import beras.models.Functional;
import beras.models.Model;
import beras.optimizers.Adam;
import beras.saving.ConfigJson;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Layouts;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What every layer must do, checked for one layer by what it is told about it; in the spirit of Keras's {@code run_layer_test}.
 * Whatever a check needs is made anew, from the same seed.
 */
final class LayerCheck {

    /** A gradient may be off by this share of the largest of its tensor. The forward pass in floats resolves about 1e-5. */
    private static final double TOLERANCE = 3e-4;
    /** And by this much where it is small throughout. */
    private static final double SMALL = 1e-4;
    /** Of the central differences: a power of 2, so that it changes inputs by itself exactly. */
    private static final float STEP = 0x1p-5f;
    /** Of differences of gradients, which curve more. */
    private static final float SECOND_STEP = 0x1p-6f;
    /** Inputs are odd multiples of a tenth, nearly: two steps do not cross 0, another input, or a kink at a whole number. */
    private static final double GRID = 0.2;
    private static final double ON_GRID = 1024;

    /** A definition may be off by this share of the largest of its tensor. */
    private static final double DEFINED = 1e-6;
    private static final double[] KINKS = {-3, -1.2, -1, -0.5, -0.4, 0, 0.2, 0.4, 0.5, 1, 3};

    private static final int BATCH = 4;
    private static final int LARGE_WORK = 70_000;
    private static final int STEPS = 40;
    private static final long SEED = 7;

    private final String name;
    private final Supplier<? extends Layer> maker;
    private final List<Shape> inputs;
    private final Shape output;
    private List<Shape> trainable = List.of();
    private List<Shape> state = List.of();
    private List<List<Shape>> wrong = List.of();
    private int indices; // 0: inputs are no indices
    private double grid = GRID;
    private double rounding;

    private LayerCheck(String name, Supplier<? extends Layer> maker, List<Shape> inputs, Shape output) {
        this.name = name;
        this.maker = maker;
        this.inputs = inputs;
        this.output = output;
    }

    /**
     * A layer of one input without weights.
     *
     * @param input  the shape of one example
     * @param output the shape of what the layer makes of it
     */
    static LayerCheck of(String name, Supplier<? extends Layer> maker, Shape input, Shape output) {
        return of(name, maker, List.of(input), output);
    }

    /** A layer of several inputs without weights. */
    static LayerCheck of(String name, Supplier<? extends Layer> maker, List<Shape> inputs, Shape output) {
        return new LayerCheck(name, maker, inputs, output);
    }

    /** The shapes of the weights that can be trained. */
    LayerCheck weights(Shape... shapes) {
        trainable = List.of(shapes);
        return this;
    }

    /** The shapes of what the layer changes by itself; these come after the weights. */
    LayerCheck state(Shape... shapes) {
        state = List.of(shapes);
        return this;
    }

    /** Shapes of one input that are refused. */
    LayerCheck refuses(Shape... shapes) {
        return refuses(Stream.of(shapes).map(List::of).toList());
    }

    /** Shapes of several inputs that are refused. */
    LayerCheck refuses(List<List<Shape>> shapes) {
        wrong = shapes;
        return this;
    }

    /** Says that the inputs are indices below {@code count}, without a gradient. */
    LayerCheck indices(int count) {
        indices = count;
        return this;
    }

    /** Says that the inputs are odd multiples of half this, for a layer with kinks where they would be. */
    LayerCheck grid(double step) {
        grid = step;
        return this;
    }

    /** Says that gradients are sums of numbers of about this size, which may cancel each other, and off by their rounding. */
    LayerCheck rounds(double largest) {
        rounding = largest;
        return this;
    }

    /** The type of the layer. */
    String type() {
        return maker.get().typeName();
    }

    @Override
    public String toString() {
        return name;
    }

    // ------------------------------------------------------------------------------------------------ material

    private Layer unbuilt() {
        Layer layer = maker.get();
        layer.seedIfNone(SEED);
        return layer;
    }

    /** A built layer with weights and state that are none of the usual zeros and ones. */
    private Layer layer() {
        Layer layer = unbuilt();
        layer.build(inputs);
        for (int i = 0; i < layer.weights().size(); i++) {
            Variable weight = layer.weights().get(i);
            Rng rng = new Rng(SEED, "weights", i);
            weight.assign(Tensor.generate(e -> weight.isState() ? 0.5 + rng.uniform(e) : rounded(0.7 * rng.normal(e)),
                    weight.shape().toArray()));
        }
        return layer;
    }

    private static double rounded(double value) {
        return Math.rint(value * ON_GRID) / ON_GRID;
    }

    /** Inputs for a batch, all elements different. */
    private List<Tensor> batch(int size) {
        int count = inputs.stream().mapToInt(shape -> shape.prepend(size).size()).sum();
        return batch(size, n -> rounded((n - count / 2 + 0.5) * grid));
    }

    /** Inputs at which functions have kinks, many of them equal. */
    private List<Tensor> kinks(int size) {
        return batch(size, n -> KINKS[n % KINKS.length]);
    }

    /** Inputs for a batch: of each number from 0 on, or indices. */
    private List<Tensor> batch(int size, IntToDoubleFunction values) {
        List<Shape> shapes = inputs.stream().map(shape -> shape.prepend(size)).toList();
        int[] order = new Rng(SEED, "inputs", 0).permutation(shapes.stream().mapToInt(Shape::size).sum());
        List<Tensor> batch = new ArrayList<>();
        int from = 0;
        for (Shape shape : shapes) {
            int first = from;
            batch.add(Tensor.generate(i -> indices > 0 ? order[first + i] % indices : values.applyAsDouble(order[first + i]),
                    shape.toArray()));
            from += shape.size();
        }
        return batch;
    }

    private Tensor upstream(int size) {
        return Tensor.generate(new Rng(SEED, "upstream", 0)::normal, output.prepend(size).toArray());
    }

    private static GradientTape tape(boolean training) {
        return new GradientTape(new Workspace(), training);
    }

    private Tensor call(Layer layer, List<Tensor> batch, boolean training) {
        try (GradientTape tape = tape(training)) {
            return layer.call(batch.toArray(Tensor[]::new)).copy();
        }
    }

    // -------------------------------------------------------------------------------------------------- checks

    void infersItsShapes() {
        Layer layer = unbuilt();
        assertEquals(output, layer.outputShape(inputs));
        assertEquals(output, layer.apply(inputs.stream().map(LayerCheck::input).toArray(Node[]::new)).shape());
        assertFalse(layer.built());
        for (int size : new int[] {BATCH, 1, 0}) {
            List<Tensor> batch = batch(size);
            assertEquals(output.prepend(size), unbuilt().forward(batch.toArray(Tensor[]::new)).shape());
            assertEquals(output.prepend(size), call(unbuilt(), batch, true).shape());
            assertEquals(output.prepend(size), call(unbuilt(), batch, false).shape());
        }
    }

    private static Node input(Shape shape) {
        return new Input(shape.toArray()).apply();
    }

    void hasItsWeights() {
        Layer layer = unbuilt();
        layer.build(inputs);
        assertEquals(Stream.concat(trainable.stream(), state.stream()).toList(),
                layer.weights().stream().map(Tensor::shape).toList());
        assertEquals(trainable, layer.trainableVariables().stream().map(Tensor::shape).toList());
        assertEquals(state, layer.nonTrainableVariables().stream().map(Tensor::shape).toList());
        for (Layer each : Layer.withInner(List.of(layer))) {
            assertEquals(each.specs().size(), each.specs().stream().map(WeightSpec::name).distinct().count());
        }
        layer.trainable(false);
        assertEquals(List.of(), layer.trainableVariables());
        layer.trainable(true);
        assertEquals(trainable.size(), layer.trainableVariables().size());
        assertTrue(layer.nonTrainableVariables().stream().allMatch(Variable::isState));
    }

    void refusesWrongShapes() {
        for (List<Shape> shapes : wrong) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> unbuilt().outputShape(shapes), shapes::toString);
            assertTrue(e.getMessage().contains("Received"), e.getMessage());
            List<Tensor> batch = shapes.stream().map(shape -> Tensor.zeros(shape.prepend(BATCH))).toList();
            e = assertThrows(IllegalArgumentException.class, () -> layer().forward(batch.toArray(Tensor[]::new)),
                    shapes::toString);
            assertTrue(e.getMessage().contains("Received"), e.getMessage());
            assertThrows(IllegalArgumentException.class, () -> unbuilt().forward(batch.toArray(Tensor[]::new)),
                    shapes::toString);
        }
        assertThrows(IllegalArgumentException.class, unbuilt()::forward);
    }

    void isMadeAgainFromItsConfig() {
        Layer layer = layer();
        layer.named("other");
        Config config = layer.config();
        assertEquals(layer.typeName(), config.type());
        assertEquals(config, ConfigJson.read(ConfigJson.write(config)));
        Layer again = Layers.REGISTRY.of(config);
        assertEquals(layer.getClass(), again.getClass());
        assertEquals(config, again.config());
        assertEquals("other", again.name());
        again.build(inputs);
        Layer fresh = unbuilt();
        fresh.build(inputs);
        assertEquals(copies(fresh.weights()), copies(again.weights()));
        assertEquals(rules(fresh), rules(again));
        for (int i = 0; i < layer.weights().size(); i++) {
            again.weights().get(i).assign(layer.weights().get(i));
        }
        for (boolean training : new boolean[] {true, false}) {
            assertEquals(call(layer, batch(BATCH), training), call(again, batch(BATCH), training));
        }
        assertEquals(copies(layer.weights()), copies(again.weights()), "what is remembered of a call in training");
        assertThrows(IllegalArgumentException.class, () -> Layers.REGISTRY.of(config.with("colour", "red")));
    }

    /** The penalties and rules of all weights, described. */
    private static List<String> rules(Layer layer) {
        return layer.specs().stream().map(spec -> (spec.regularizer() == null ? "none" : spec.regularizer().config()) + ", "
                + (spec.constraint() == null ? "none" : spec.constraint().config())).toList();
    }

    /** Richardson's extrapolation of two central differences, of the layer's own forward pass. */
    void hasTheGradientsOfItsForwardPass() {
        for (boolean training : new boolean[] {true, false}) {
            List<Tensor> batch = batch(BATCH);
            Tensor upstream = upstream(BATCH);
            Layer layer = layer();
            List<Tensor> sources = sources(layer, batch);
            List<Tensor> gradients;
            try (GradientTape tape = tape(training)) {
                gradients = tape.gradient(layer.call(batch.toArray(Tensor[]::new)), sources, upstream);
            }
            for (int s = 0; s < sources.size(); s++) {
                compare(sources.get(s), gradients.get(s), STEP, () -> value(layer, batch, training, upstream),
                        (training ? "training" : "inference") + ", source " + s);
            }
        }
    }

    /** The definitions of all calls give what these have computed. */
    void isDefinedByOperations() {
        for (boolean training : new boolean[] {true, false}) {
            for (int size : new int[] {BATCH, 1, 0}) {
                GradientTape tape = Definitions.tape(training);
                try (tape) {
                    layer().call(batch(size).toArray(Tensor[]::new));
                }
                for (OperationCall use : tape.operations()) {
                    if (use.operation() instanceof FusedOperation) {
                        assertNear(use.output(), Definitions.of(use), use + (training ? ", training" : ", inference"));
                    }
                }
            }
        }
    }

    /** As an outer tape records them, also at kinks, and where inputs are equal. */
    void hasTheGradientsOfItsDefinition() {
        for (boolean training : new boolean[] {true, false}) {
            for (List<Tensor> batch : List.of(batch(BATCH), kinks(BATCH), batch(1), batch(0))) {
                Tensor upstream = upstream(batch.get(0).dim(0));
                Layer layer = layer();
                List<Tensor> sources = sources(layer, batch);
                List<Tensor> expected = gradients(layer, batch, sources, upstream, training);
                List<Tensor> actual;
                layer.noiseCalls(0); // the noise of the first call
                try (GradientTape outer = Definitions.tape(training)) {
                    actual = gradients(layer, batch, sources, upstream, training);
                }
                assertEquals(expected.size(), actual.size());
                for (int i = 0; i < expected.size(); i++) {
                    assertNear(expected.get(i), actual.get(i), (training ? "training" : "inference") + ", gradient " + i);
                }
            }
        }
    }

    /** Against differences of its own gradients: all derivatives of {@code sum(gradients * factors)}. */
    void hasGradientsOfItsGradients() {
        for (boolean training : new boolean[] {true, false}) {
            List<Tensor> batch = batch(BATCH);
            Tensor upstream = upstream(BATCH);
            Layer layer = layer();
            List<Tensor> sources = sources(layer, batch);
            List<Tensor> factors = new ArrayList<>();
            List<Tensor> derivatives;
            try (GradientTape outer = Definitions.tape(training)) {
                outer.watch(sources.toArray(Tensor[]::new));
                outer.watch(upstream);
                Tensor sum = Tensor.scalar(0);
                for (Tensor gradient : gradients(layer, batch, sources, upstream, training)) {
                    Rng rng = new Rng(SEED, "factors", factors.size());
                    factors.add(gradient == null ? null : Tensor.generate(rng::normal, gradient.shape().toArray()));
                    sum = gradient == null ? sum : sum.add(gradient.multiply(factors.get(factors.size() - 1)).sum());
                }
                derivatives = outer.gradient(sum, Stream.concat(sources.stream(), Stream.of(upstream)).toList());
            }
            String mode = training ? "training" : "inference";
            for (int s = 0; s < sources.size(); s++) {
                Tensor derivative = derivatives.get(s) == null ? Tensor.zeros(sources.get(s).shape()) : derivatives.get(s);
                compare(sources.get(s), derivative, SECOND_STEP,
                        () -> sumOfGradients(layer, batch, sources, upstream, training, factors), mode + ", source " + s);
            }
            if (!sources.isEmpty()) { // the gradients are linear in the upstream
                double sum = sumOfGradients(layer, batch, sources, upstream, training, factors)
                        - sumOfGradients(layer, batch, sources, Tensor.zeros(upstream.shape()), training, factors);
                assertEquals(sum, dot(derivatives.get(sources.size()), upstream), SMALL * Math.max(1, Math.abs(sum)), mode);
            }
        }
    }

    private static double sumOfGradients(Layer layer, List<Tensor> batch, List<Tensor> sources, Tensor upstream, boolean training,
            List<Tensor> factors) {
        layer.noiseCalls(0); // the noise of the first call
        List<Tensor> gradients = gradients(layer, batch, sources, upstream, training);
        double sum = 0;
        for (int i = 0; i < gradients.size(); i++) {
            sum += gradients.get(i) == null ? 0 : dot(gradients.get(i), factors.get(i));
        }
        return sum;
    }

    private static double dot(Tensor x, Tensor y) {
        float[] a = x.toArray();
        float[] b = y.toArray();
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** To all sources: those of the output, and those of each penalty. */
    private static List<Tensor> gradients(Layer layer, List<Tensor> batch, List<Tensor> sources, Tensor upstream,
            boolean training) {
        GradientTape tape = Definitions.tape(training);
        Tensor y;
        try (tape) {
            y = layer.call(batch.toArray(Tensor[]::new));
        }
        List<Tensor> gradients = new ArrayList<>(tape.gradient(y, sources, upstream));
        for (Tensor penalty : tape.penalties()) {
            gradients.addAll(tape.gradient(penalty, sources));
        }
        return gradients;
    }

    private List<Tensor> sources(Layer layer, List<Tensor> batch) {
        List<Tensor> sources = new ArrayList<>(indices > 0 ? List.of() : batch);
        sources.addAll(layer.trainableVariables());
        return sources;
    }

    private void assertNear(Tensor expected, Tensor actual, String what) {
        if (expected == null || actual == null) {
            assertEquals(expected, actual, what);
            return;
        }
        double largest = rounding;
        for (float value : expected.toArray()) {
            largest = Math.max(largest, Math.abs(value));
        }
        double allowed = DEFINED * largest;
        assertTrue(actual.allClose(expected, 0, allowed), () -> what + ": " + actual + " instead of " + expected);
    }

    /** Where there are local Jacobians; the others say that they have none. */
    void composesWhatItsLocalJacobiansSay() {
        for (boolean training : new boolean[] {true, false}) {
            Layer layer = layer();
            GradientTape tape = Definitions.tape(training);
            try (tape) {
                layer.call(batch(BATCH).toArray(Tensor[]::new));
            }
            Tensor y = layer.outputs().get(0); // before an activation, which has local Jacobians of its own
            Tensor upstream = upstream(BATCH);
            assertNear(() -> Definitions.weightsFromLocal(tape.call(y), upstream),
                    layer.composeWeightGradients(List.of(upstream)));
            if (layer instanceof BatchNormalization && training) {
                Exception e = assertThrows(UnsupportedOperationException.class, layer::inputGradients);
                assertTrue(e.getMessage().contains(" Jacobians "), e.getMessage());
            } else {
                assertNear(() -> Definitions.inputsFromLocal(tape.call(y), upstream),
                        layer.composeInputGradients(List.of(upstream)));
            }
        }
    }

    /** Inputs and upstream may be views. */
    void readsAnyLayout() {
        for (boolean training : new boolean[] {true, false}) {
            List<Tensor> expected = results(batch(BATCH), upstream(BATCH), training);
            for (UnaryOperator<Tensor> view : Layouts.ALL) {
                List<Tensor> batch = batch(BATCH).stream().map(view).toList();
                assertEquals(expected, results(batch, view.apply(upstream(BATCH)), training));
            }
        }
    }

    /** The output, and all gradients. */
    private List<Tensor> results(List<Tensor> batch, Tensor upstream, boolean training) {
        Layer layer = layer();
        List<Tensor> sources = sources(layer, batch);
        List<Tensor> results = new ArrayList<>();
        try (GradientTape tape = tape(training)) {
            Tensor y = layer.call(batch.toArray(Tensor[]::new));
            results.add(y);
            results.addAll(tape.gradient(y, sources, upstream));
            return results.stream().map(Tensor::copy).toList();
        }
    }

    private void assertNear(Supplier<List<Tensor>> definition, List<Tensor> composed) {
        List<Tensor> expected = definition.get();
        assertEquals(expected.size(), composed.size());
        for (int i = 0; i < expected.size(); i++) {
            float largest = Math.max(expected.get(i).max().item(), expected.get(i).negate().max().item());
            Tensor actual = composed.get(i);
            assertTrue(actual.allClose(expected.get(i), 0, Math.max(4 * Math.ulp(largest), DEFINED * rounding)),
                    () -> actual + " instead of " + definition.get());
        }
    }

    private void compare(Tensor source, Tensor gradient, float step, Supplier<Double> value, String what) {
        assertEquals(source.shape(), gradient.shape(), what);
        double[] differences = new double[source.size()];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = (4 * difference(source, i, step, value) - difference(source, i, 2 * step, value)) / 3;
        }
        double largest = Arrays.stream(differences).map(Math::abs).max().orElse(0);
        largest = Math.max(largest, rounding);
        float[] actual = gradient.toArray();
        for (int i = 0; i < differences.length; i++) {
            assertEquals(differences[i], actual[i], TOLERANCE * largest + SMALL, what + ", element " + i);
        }
    }

    private static double difference(Tensor source, int i, float step, Supplier<Double> value) {
        int at = source.offset() + i;
        float before = source.data()[at];
        source.data()[at] = before + step;
        double above = value.get();
        source.data()[at] = before - step;
        double below = value.get();
        source.data()[at] = before;
        return (above - below) / (2.0 * step);
    }

    /** {@code sum(upstream * y)} of a fresh layer with the weights of another: its first call has the same noise each time. */
    private double value(Layer weights, List<Tensor> batch, boolean training, Tensor upstream) {
        Layer layer = layer();
        for (int i = 0; i < layer.weights().size(); i++) {
            if (!layer.weights().get(i).isState()) {
                layer.weights().get(i).assign(weights.weights().get(i));
            }
        }
        float[] y = call(layer, batch, training).toArray();
        float[] u = upstream.toArray();
        return IntStream.range(0, y.length).mapToDouble(i -> (double) y[i] * u[i]).sum();
    }

    /** Several steps of training, on so much data that threads share them: outputs, gradients and what the layer remembers. */
    void givesTheSameBitsAgainAndOnAnyNumberOfThreads() {
        int threads = Threads.count();
        try {
            int size = 1 + LARGE_WORK / Math.min(output.size(), inputs.get(0).size());
            List<Tensor> batch = batch(size);
            Tensor upstream = upstream(size);
            Threads.set(1);
            List<int[]> expected = bits(batch, upstream);
            Threads.set(2);
            assertSameBits(expected, bits(batch, upstream));
        } finally {
            Threads.set(threads);
        }
    }

    private static void assertSameBits(List<int[]> expected, List<int[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), "tensor " + i);
        }
    }

    private List<int[]> bits(List<Tensor> batch, Tensor upstream) {
        Layer layer = layer();
        List<Tensor> sources = new ArrayList<>(batch);
        sources.addAll(layer.trainableVariables());
        List<int[]> bits = new ArrayList<>();
        for (int step = 0; step < 2; step++) {
            try (GradientTape tape = tape(true)) {
                Tensor y = layer.call(batch.toArray(Tensor[]::new));
                bits.add(bits(y));
                tape.gradient(y, sources, upstream).stream().filter(Objects::nonNull)
                        .forEach(gradient -> bits.add(bits(gradient)));
            }
        }
        layer.weights().forEach(weight -> bits.add(bits(weight)));
        return bits;
    }

    private static int[] bits(Tensor tensor) {
        float[] values = tensor.toArray();
        return IntStream.range(0, values.length).map(i -> Float.floatToRawIntBits(values[i])).toArray();
    }

    void predictsInManyThreadsAndLeavesNoTrace() {
        Model model = model();
        List<Tensor> weights = copies(model.weights());
        Tensor[] batch = batch(300).toArray(Tensor[]::new);
        Tensor expected = model.predict(batch);
        List<CompletableFuture<Tensor>> others = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> model.predict(batch))).toList();
        others.forEach(other -> assertEquals(expected, other.join()));
        assertEquals(expected, model.forward(batch));
        assertEquals(weights, copies(model.weights()));
    }

    void survivesAFile() {
        Model model = model();
        train(model, 3); // so that what the layer remembers has changed
        Model again;
        try {
            again = ModelFile.fromBytes(ModelFile.toBytes(new SavedModel(model)), name).model();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertEquals(copies(model.weights()), copies(again.weights()));
        Tensor[] batch = batch(BATCH).toArray(Tensor[]::new);
        assertEquals(model.predict(batch), again.predict(batch));
    }

    void trains() {
        Model model = model();
        List<Tensor> before = copies(model.weights());
        double[] losses = train(model, STEPS);
        assertTrue(Arrays.stream(losses).allMatch(Double::isFinite), () -> Arrays.toString(losses));
        double last = Arrays.stream(losses, STEPS - 10, STEPS).average().orElseThrow();
        assertTrue(last < 0.9 * losses[0], () -> Arrays.toString(losses));
        List<Tensor> after = copies(model.weights());
        for (int i = 0; i < after.size(); i++) {
            Variable weight = model.weights().get(i);
            assertTrue(weight.isState() || !before.get(i).equals(after.get(i)), weight.name() + " has not changed");
        }
    }

    /** The loss before each step. */
    private double[] train(Model model, int steps) {
        Tensor targets = Tensor.generate(new Rng(SEED, "targets", 0)::normal, 2 * BATCH, 2);
        Batch batch = new Batch(batch(2 * BATCH), List.of(targets), null);
        model.compile(new Adam(0.05f), new MeanSquaredError());
        return IntStream.range(0, steps).mapToDouble(step -> model.trainOnBatch(batch).get("loss")).toArray();
    }

    /** The layer between its inputs and a small Dense layer. */
    private Model model() {
        List<Node> nodes = inputs.stream().map(LayerCheck::input).toList();
        Node node = unbuilt().apply(nodes.toArray(Node[]::new));
        if (output.rank() != 1) {
            node = new Flatten().apply(node);
        }
        return new Functional(SEED, nodes, List.of(new Dense(2).apply(node)));
    }

    private static List<Tensor> copies(List<Variable> weights) {
        return weights.stream().map(Tensor::copy).toList();
    }
}

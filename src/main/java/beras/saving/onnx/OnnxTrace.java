package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.autograd.Call;
import beras.autograd.Callable;
import beras.autograd.CustomGradient;
import beras.autograd.Diffable;
import beras.autograd.FusedOperation;
import beras.autograd.GradientTape;
import beras.autograd.OperationCall;
import beras.autograd.Workspace;
import beras.layers.Layer;
import beras.saving.onnx.OnnxConversion.Use;
import beras.tensor.Operation;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * A layer as nodes of ONNX: the operations of tensors that a tape records of a batch, and the calls of layers inside that
 * {@link OnnxLayers} has. The first axis of a shape stays open. {@link OnnxWriter} makes each graph for batches of two sizes and of other
 * numbers, and refuses a graph that depends on them.
 */
final class OnnxTrace {

    /** The sizes of the two batches: primes that hardly any other axis has. */
    static final int[] BATCHES = {7, 11};

    /** Numbers that layers take, of a random number from 0 to 1 times the batch; some take whole ones alone, such as indices, or but 0 and 1. */
    private static final List<DoubleUnaryOperator> NUMBERS = List.of(x -> x, Math::floor, x -> Math.min(Math.round(x), 1));

    /** One step: an operation, a call of a layer that ONNX has, with everything inside, or a call that ONNX does not have. */
    private record Step(Object of, List<Tensor> inputs, Tensor output, OperationCall use) {

        static Step of(OperationCall use, Layer traced) {
            for (Optional<Call> call = use.within(); call.isPresent(); call = call.get().within()) {
                Diffable of = call.get().diffable();
                if (of instanceof CustomGradient || of instanceof Layer layer && layer != traced && OnnxLayers.has(layer)) {
                    return new Step(of, call.get().inputs(), call.get().output(), use);
                }
            }
            boolean isOwn = use.operation() instanceof FusedOperation && use.within().isPresent();
            return new Step(isOwn ? use.within().get().diffable() : use.operation(), use.inputs(), use.output(), use);
        }

        /**
         * The hidden computation: the function of a custom gradient, or the composition of a fused operation; null if there is
         * none.
         */
        Callable hidden() {
            if (of instanceof CustomGradient custom) {
                return x -> custom.function().apply(List.of(x));
            }
            boolean isFused = use.operation() instanceof FusedOperation && output == use.output()
                    && !(of instanceof Layer layer && OnnxLayers.has(layer));
            return isFused ? x -> ((FusedOperation) use.operation()).composition(use) : null;
        }
    }

    private final OnnxGraph graph;
    private final Use<?> use;
    private final int batch;
    private final Map<Tensor, String> names = new IdentityHashMap<>(); // by name: inputs, results of steps, and constants
    final Set<String> refusals = new LinkedHashSet<>(); // why ONNX does not have the layer; empty if it has
    final Set<String> inTrainingOnly = new LinkedHashSet<>(); // the layers inside that do something in training alone

    /** @param batch its size */
    OnnxTrace(OnnxGraph graph, Use<?> use, int batch) {
        this.graph = graph;
        this.use = use;
        this.batch = batch;
    }

    /** Adds the nodes, and gives the tensor that they make; that is of no use if there are {@link #refusals}. */
    String convert() {
        RuntimeException first = null;
        for (DoubleUnaryOperator numbers : NUMBERS) {
            try {
                return GradientTape.paused(() -> name(record(use.layer(), inputs(numbers))));
            } catch (RuntimeException e) { // whatever the layer throws
                first = first == null ? e : first;
            }
        }
        refusals.add("it fails for a batch of " + batch + ": " + first.getMessage());
        return use.x();
    }

    private List<Tensor> inputs(DoubleUnaryOperator numbers) {
        names.clear();
        List<Tensor> inputs = new ArrayList<>();
        for (Shape shape : use.shapes()) {
            Rng rng = new Rng(batch, "trace", inputs.size());
            Tensor input = Tensor.generate(i -> numbers.applyAsDouble(rng.uniform(i) * batch), shape.prepend(batch).toArray());
            names.put(input, use.inputs().get(inputs.size()));
            inputs.add(input);
        }
        return inputs;
    }

    /** Adds the nodes of a function, and returns its result. */
    private Tensor record(Callable function, List<Tensor> arguments) {
        Tensor[] tensors = arguments.toArray(Tensor[]::new);
        GradientTape tape = new GradientTape(new Workspace(), false); // whose calls no layer remembers
        Tensor made;
        try (tape) {
            tape.watch(tensors);
            made = function.call(tensors);
        }
        for (Step step : needed(tape.operations(), made)) {
            Tensor opened = opened(step);
            names.put(step.output, opened == null ? named(step) : name(opened));
        }
        return made;
    }

    /** The result of a step, computed by its hidden function; null if it hides nothing. */
    private Tensor opened(Step step) {
        Callable hidden = step.hidden();
        try {
            return hidden == null ? null : record(hidden, step.inputs);
        } catch (UnsupportedOperationException e) { // no composition
            return null;
        }
    }

    private List<Step> needed(List<OperationCall> operations, Tensor output) {
        Set<Tensor> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        needed.add(output);
        LinkedList<Step> leading = new LinkedList<>();
        for (int i = operations.size() - 1; i >= 0; i--) {
            Step step = Step.of(operations.get(i), use.layer());
            if (step.output == operations.get(i).output() && needed.contains(step.output)) {
                leading.addFirst(step);
                needed.addAll(step.inputs);
            }
        }
        return leading;
    }

    // --------------------------------------------------------------------------------------------------- steps

    private String named(Step step) {
        try {
            List<String> inputs = step.inputs.stream().map(this::name).toList();
            List<Shape> shapes = step.inputs.stream().map(Tensor::shape).toList();
            if (step.of instanceof Operation operation && !(operation instanceof FusedOperation)) {
                return OnnxOperations.convert(new OnnxOperations.Use<>(graph, operation, inputs, shapes, step.output.shape(),
                        size -> size == batch ? graph.batch(use.x()) : null));
            }
            refuseIf(!(step.of instanceof Layer layer) || layer == use.layer() || !OnnxLayers.has(layer),
                    "it has no conversion, and does not compute by operations of Tensor");
            return layer((Layer) step.of, inputs, shapes, step.output.shape());
        } catch (IllegalArgumentException e) { // of a conversion, too
            String type = step.of.getClass().getSimpleName();
            refusals.add(step.of == use.layer() ? type : (step.of instanceof Operation ? "its operation " + step.of
                    : "its layer " + (step.of instanceof Layer ? step.of : type)) + ": " + e.getMessage());
            return use.x();
        }
    }

    /** Adds a layer inside, without its activation, which has its own call. */
    private String layer(Layer layer, List<String> inputs, List<Shape> shapes, Shape output) {
        if (OnnxLayers.isOfTraining(layer)) {
            inTrainingOnly.add(layer.name() == null ? layer.typeName() : layer.name());
        }
        return OnnxLayers.convert(graph, new Use<>(layer, inputs, shapes.stream().map(this::example).toList(), example(output)));
    }

    private Shape example(Shape shape) {
        refuseIf(shape.rank() == 0 || shape.dim(0) != batch || shape.size() == 0,
                "it takes or gives a tensor in which the batch is not the first axis, or which has no elements");
        return shape.rest();
    }

    // -------------------------------------------------------------------------------------------------- tensors

    private String name(Tensor tensor) {
        String known = names.get(tensor);
        if (known == null) {
            known = tensor instanceof Variable weight && graph.has(weight) ? graph.weight(weight) : constant(tensor);
            names.put(tensor, known);
        }
        return known;
    }

    /** A tensor that no recorded operation has made. The same row for each example becomes one, which the graph repeats. */
    private String constant(Tensor tensor) {
        boolean isRepeated = tensor.rank() > 0 && tensor.dim(0) == batch
                && IntStream.range(1, batch).allMatch(i -> tensor.slice(0, i, i + 1).equals(tensor.slice(0, 0, 1)));
        String name = graph.constant("constant", (isRepeated ? tensor.slice(0, 0, 1) : tensor).contiguous());
        return isRepeated ? graph.of("Expand", name, graph.sizes(graph.batch(use.x()), tensor.shape().rest())) : name;
    }
}

package beras.saving.onnx;

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
import beras.saving.onnx.OnnxStep.Refusal;
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
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * A layer that is made of operations of tensors and of calls of other layers, as nodes of ONNX: what a tape has recorded of it. It
 * is run on batches of several sizes, with other numbers each time: what is the same in all runs is a constant of the graph, a size
 * that follows the batch is computed there, and what differs otherwise is refused, because the graph would be wrong for the next
 * batch.
 */
final class OnnxTrace {

    /** A step of a run: the use of an operation, the call of a layer that ONNX has, with all within it, or that of what it has not. */
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

        /** What it hides: the function of a custom gradient, or the composition of a fused operation; null if there is none. */
        Callable hidden() {
            if (of instanceof CustomGradient custom) {
                return x -> custom.function().apply(List.of(x));
            }
            boolean isFused = use.operation() instanceof FusedOperation && output == use.output()
                    && !(of instanceof Layer layer && OnnxLayers.has(layer));
            return isFused ? x -> ((FusedOperation) use.operation()).composition(use) : null;
        }

        /** What is the same in all runs. */
        Object kind() {
            return of instanceof Operation operation ? operation.name() : of;
        }
    }

    /** One run: what led to its output. */
    private static final class Run {

        final Tensor output;
        final List<Step> steps = new ArrayList<>();
        final Map<Tensor, Integer> numbers = new IdentityHashMap<>(); // of the inputs, then of what the steps made
        private final Layer traced;
        private final int inputs;

        Run(Layer function, List<Tensor> inputs) {
            this.traced = function;
            this.inputs = inputs.size();
            inputs.forEach(input -> numbers.put(input, numbers.size()));
            output = record(function, inputs);
        }

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
                if (opened == null) {
                    numbers.put(step.output, inputs + steps.size());
                    steps.add(step);
                } else if (numbers.containsKey(opened)) { // else a constant
                    numbers.put(step.output, numbers.get(opened));
                }
            }
            return made;
        }

        /** What a step gives by what it hides; null if it hides nothing. */
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
                Step step = Step.of(operations.get(i), traced);
                if (step.output == operations.get(i).output() && needed.contains(step.output)) {
                    leading.addFirst(step);
                    needed.addAll(step.inputs);
                }
            }
            return leading;
        }
    }

    /** What the graph has of tensors that no call has made, one of each run. */
    private record Constant(List<Tensor> tensors, String name) {

        boolean isOf(List<Tensor> others) {
            return IntStream.range(0, tensors.size()).allMatch(r -> tensors.get(r) == others.get(r));
        }
    }

    private final OnnxGraph graph;
    private final Use<?> use;
    private final List<Run> runs = new ArrayList<>();
    private final Map<Tensor, Constant> constants = new IdentityHashMap<>(); // by the tensor of the first run
    private final Set<String> refusals = new LinkedHashSet<>();
    private final Set<String> inTrainingOnly = new LinkedHashSet<>();
    private String batch; // its size as a tensor; null: not asked for yet

    OnnxTrace(OnnxGraph graph, Use<?> use) {
        this.graph = graph;
        this.use = use;
    }

    /** Why ONNX does not have the layer; empty if it has. */
    Set<String> refusals() {
        return refusals;
    }

    /** The layers inside that do something in training alone. */
    Set<String> inTrainingOnly() {
        return inTrainingOnly;
    }

    /** Adds the nodes, and gives the tensor that they make; that is of no use if there are {@link #refusals}. */
    String convert() {
        try {
            run();
            requireSameCalls();
            List<String> names = new ArrayList<>(use.inputs());
            for (int i = 0; i < first().steps.size(); i++) {
                names.add(named(i, names));
            }
            return tensor(runs.stream().map(run -> run.output).toList(), names);
        } catch (Refusal e) {
            refusals.add(e.getMessage());
            return use.x();
        }
    }

    // ---------------------------------------------------------------------------------------------------- runs

    private Run first() {
        return runs.get(0);
    }

    /** On numbers that differ in as much as possible; some layers take whole ones alone, such as indices, or but 0 and 1. */
    private void run() {
        try {
            run((draw, batchSize) -> draw * batchSize);
        } catch (Refusal ofFractions) {
            try {
                run((draw, batchSize) -> Math.floor(draw * batchSize));
            } catch (Refusal ofLarger) {
                run((draw, batchSize) -> Math.round(draw));
            }
        }
    }

    /** @param numbers of random numbers from 0 to 1, and the size of the batch */
    private void run(DoubleBinaryOperator numbers) {
        runs.clear();
        for (int batchSize : OnnxSize.BATCHES) {
            List<Tensor> inputs = new ArrayList<>();
            for (Shape shape : use.shapes()) {
                Rng rng = new Rng(batchSize, "trace", inputs.size());
                inputs.add(Tensor.generate(i -> numbers.applyAsDouble(rng.uniform(i), batchSize),
                        shape.prepend(batchSize).toArray()));
            }
            try {
                runs.add(GradientTape.paused(() -> new Run(use.layer(), inputs)));
            } catch (RuntimeException e) { // whatever the layer throws
                throw new Refusal("it fails for a batch of " + batchSize + ": " + e.getMessage());
            }
        }
    }

    private void requireSameCalls() {
        for (Run run : runs) {
            boolean same = run.steps.size() == first().steps.size();
            for (int i = 0; same && i < run.steps.size(); i++) {
                Step step = run.steps.get(i);
                Step first = first().steps.get(i);
                same = step.kind().equals(first.kind()) && step.inputs.size() == first.inputs.size();
            }
            if (!same) {
                throw new Refusal("what it computes depends on the batch");
            }
        }
    }

    // --------------------------------------------------------------------------------------------------- steps

    private String named(int i, List<String> names) {
        List<Step> steps = runs.stream().map(run -> run.steps.get(i)).toList();
        try {
            return converted(steps, names);
        } catch (IllegalArgumentException e) { // of a conversion, too
            Object of = steps.get(0).of;
            String type = of.getClass().getSimpleName();
            refusals.add(of == use.layer() ? type : (of instanceof Operation ? "its operation " + of
                    : "its layer " + (of instanceof Layer ? of : type)) + ": " + e.getMessage());
            return use.x();
        }
    }

    private String converted(List<Step> steps, List<String> names) {
        Object of = steps.get(0).of;
        if (of instanceof FusedOperation || of instanceof Diffable && !(of instanceof Layer layer && layer != use.layer() && OnnxLayers.has(layer))) {
            throw new Refusal("it has no conversion, and does not compute by operations of Tensor");
        }
        List<List<OnnxSize>> shapes = new ArrayList<>();
        List<String> inputs = new ArrayList<>();
        for (int j = 0; j < steps.get(0).inputs.size(); j++) {
            int number = j;
            List<Tensor> tensors = steps.stream().map(step -> step.inputs.get(number)).toList();
            shapes.add(shape(tensors));
            inputs.add(tensor(tensors, names));
        }
        List<OnnxSize> output = shape(steps.stream().map(Step::output).toList());
        if (of instanceof Layer layer) {
            return layer(layer, inputs, shapes, output);
        }
        List<Operation> operations = steps.stream().map(step -> (Operation) step.of).toList();
        return OnnxOperations.convert(graph, new OnnxStep<>(this, operations, inputs, shapes, output));
    }

    /** A layer inside, without its activation, which has a call of its own. */
    private String layer(Layer layer, List<String> inputs, List<List<OnnxSize>> shapes, List<OnnxSize> output) {
        if (OnnxLayers.isOfTraining(layer)) {
            inTrainingOnly.add(layer.name() == null ? layer.typeName() : layer.name());
        }
        return OnnxLayers.convert(graph, new Use<>(layer, inputs, shapes.stream().map(OnnxTrace::example).toList(), example(output)));
    }

    private static Shape example(List<OnnxSize> shape) {
        if (shape.isEmpty() || !shape.stream().skip(1).allMatch(OnnxSize::isFixed)) {
            throw new Refusal("it takes or gives a tensor in which the batch is not the first axis");
        }
        Shape example = Shape.of(shape.stream().skip(1).mapToInt(size -> size.seen()[0]).toArray());
        if (example.size() == 0) {
            throw new Refusal("it takes or gives a tensor without elements, of shape " + example);
        }
        return example;
    }

    private static List<OnnxSize> shape(List<Tensor> tensors) {
        int rank = tensors.get(0).rank();
        if (tensors.stream().anyMatch(tensor -> tensor.rank() != rank)) {
            throw new Refusal("the number of its axes depends on the batch");
        }
        return IntStream.range(0, rank)
                .mapToObj(axis -> new OnnxSize(tensors.stream().mapToInt(tensor -> tensor.dim(axis)).toArray())).toList();
    }

    // -------------------------------------------------------------------------------------------------- tensors

    /** The name of a tensor of all runs: an input of the layer, what a call made, a weight or another constant. */
    private String tensor(List<Tensor> tensors, List<String> names) {
        Integer number = first().numbers.get(tensors.get(0));
        for (int r = 1; r < tensors.size(); r++) {
            Integer other = runs.get(r).numbers.get(tensors.get(r));
            if (number == null ? other != null : !number.equals(other)) {
                throw new Refusal("which tensors it takes depends on the batch");
            }
        }
        if (number != null) {
            return names.get(number);
        }
        Tensor tensor = tensors.get(0);
        if (tensor instanceof Variable weight && graph.has(weight) && tensors.stream().allMatch(each -> each == weight)) {
            return graph.weight(weight);
        }
        Constant known = constants.get(tensor);
        if (known == null || !known.isOf(tensors)) {
            known = new Constant(tensors, constant(tensors));
            constants.put(tensor, known);
        }
        return known.name();
    }

    /** What no call has made: the same numbers in all runs, along axes that follow the batch as well. */
    private String constant(List<Tensor> tensors) {
        List<OnnxSize> shape = shape(tensors);
        Tensor part = tensors.get(0);
        for (int axis = 0; axis < shape.size(); axis++) {
            part = shape.get(axis).isFixed() || part.dim(axis) == 0 ? part : part.slice(axis, 0, 1);
        }
        for (Tensor tensor : tensors) {
            if (!part.shape().broadcast(tensor.shape()).equals(tensor.shape()) || !part.broadcastTo(tensor.shape()).equals(tensor)) {
                throw new Refusal("it takes a tensor, here of shape " + tensors.get(0).shape() + ", that depends on the batch, but that"
                        + " no recorded operation has computed");
            }
        }
        String name = graph.constant("constant", part.contiguous());
        return shape.stream().allMatch(OnnxSize::isFixed) ? name : graph.of("Expand", name, sizes(shape));
    }

    /**
     * Sizes as a tensor.
     *
     * @throws Refusal if one depends on the batch, but is no multiple of it
     */
    String sizes(List<OnnxSize> sizes) {
        if (sizes.stream().allMatch(OnnxSize::isFixed)) {
            return graph.integers("sizes", sizes.stream().mapToLong(size -> size.seen()[0]).toArray());
        }
        List<String> parts = new ArrayList<>();
        for (OnnxSize size : sizes) {
            int each = size.perExample();
            if (size.isFixed()) {
                parts.add(graph.integers("size", size.seen()[0]));
            } else if (each < 0) {
                throw new Refusal("a size depends on the batch, but is no multiple of it");
            } else {
                parts.add(each == 1 ? batch() : graph.of("Mul", batch(), graph.integers("each", each)));
            }
        }
        return parts.size() == 1 ? parts.get(0) : graph.op("Concat", parts, "axis", 0);
    }

    private String batch() {
        if (batch == null) {
            batch = graph.op("Shape", use.x(), "start", 0, "end", 1);
        }
        return batch;
    }
}

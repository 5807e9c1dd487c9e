package beras.saving.onnx;

import beras.autograd.Call;
import beras.autograd.Callable;
import beras.autograd.CustomGradient;
import beras.autograd.Diffable;
import beras.autograd.GradientTape;
import beras.autograd.Operator;
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

    /** One run: what led to its output. */
    private static final class Run {

        final Tensor output;
        final List<Call> calls = new ArrayList<>();
        final Map<Tensor, Integer> numbers = new IdentityHashMap<>(); // of the inputs, then of what the calls made
        private final int inputs;

        Run(Callable function, List<Tensor> inputs) {
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
            for (Call call : needed(tape.calls(), made)) {
                if (call.diffable() instanceof CustomGradient custom) { // which hides what its function computes
                    Integer number = numbers.get(record(x -> custom.function().apply(List.of(x)), call.inputs()));
                    if (number != null) { // else a constant
                        numbers.put(call.output(), number);
                    }
                } else {
                    numbers.put(call.output(), inputs + calls.size());
                    calls.add(call);
                }
            }
            return made;
        }

        private static List<Call> needed(List<Call> calls, Tensor output) {
            Set<Tensor> needed = Collections.newSetFromMap(new IdentityHashMap<>());
            needed.add(output);
            LinkedList<Call> leading = new LinkedList<>();
            for (int i = calls.size() - 1; i >= 0; i--) {
                Call call = calls.get(i);
                if (needed.contains(call.output())) {
                    leading.addFirst(call);
                    needed.addAll(call.inputs());
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
            for (int i = 0; i < first().calls.size(); i++) {
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
            boolean same = run.calls.size() == first().calls.size();
            for (int i = 0; same && i < run.calls.size(); i++) {
                Call call = run.calls.get(i);
                Call first = first().calls.get(i);
                same = kind(call.diffable()).equals(kind(first.diffable())) && call.inputs().size() == first.inputs().size();
            }
            if (!same) {
                throw new Refusal("what it computes depends on the batch");
            }
        }
    }

    private static Object kind(Diffable diffable) {
        return diffable instanceof Operator operator ? operator.operation().name() : diffable;
    }

    // --------------------------------------------------------------------------------------------------- calls

    private String named(int i, List<String> names) {
        List<Call> calls = runs.stream().map(run -> run.calls.get(i)).toList();
        try {
            return converted(calls, names);
        } catch (IllegalArgumentException e) { // of a conversion, too
            Diffable diffable = calls.get(0).diffable();
            String type = diffable.getClass().getSimpleName();
            refusals.add(diffable == use.layer() ? type : (diffable instanceof Operator ? "its operation " + diffable
                    : "its layer " + (diffable instanceof Layer ? diffable : type)) + ": " + e.getMessage());
            return use.x();
        }
    }

    private String converted(List<Call> calls, List<String> names) {
        Diffable diffable = calls.get(0).diffable();
        boolean isOperation = diffable instanceof Operator;
        if (!isOperation && !(diffable instanceof Layer layer && layer != use.layer() && OnnxLayers.has(layer))) {
            throw new Refusal("it has no conversion, and does not compute by operations of Tensor");
        }
        List<List<OnnxSize>> shapes = new ArrayList<>();
        List<String> inputs = new ArrayList<>();
        for (int j = 0; j < calls.get(0).inputs().size(); j++) {
            int number = j;
            List<Tensor> tensors = calls.stream().map(call -> call.input(number)).toList();
            shapes.add(shape(tensors));
            inputs.add(tensor(tensors, names));
        }
        List<OnnxSize> output = shape(calls.stream().map(Call::output).toList());
        return isOperation ? OnnxOperations.convert(graph, new OnnxStep<>(this, operations(calls), inputs, shapes, output))
                : layer((Layer) diffable, inputs, shapes, output);
    }

    private static List<Operation> operations(List<Call> calls) {
        return calls.stream().map(call -> ((Operator) call.diffable()).operation()).toList();
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

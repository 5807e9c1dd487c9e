package beras.saving.onnx;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.config.Config;
import beras.config.Settings;
import beras.initializers.Initializers;
import beras.layers.Layer;
import beras.layers.WeightSpec;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * An operator of ONNX that is no layer of BERAS, computed by operations of tensors; {@link OnnxFile#load} makes it from a node
 * of a graph. Gradients go through it; constants of the graph are state that no optimizer changes.
 */
public final class OnnxOperator extends Layer {

    static final String INPUT = "input"; // else the shape of a constant
    static final String NONE = "none";
    private static final int[] BATCHES = {2, 3};

    private static final long MOST_ELEMENTS = 1 << 26; // of an example

    private Config node;
    private List<String> inputs = List.of(INPUT);
    private final List<Supplier<Variable>> constants = new ArrayList<>();

    /** Without settings yet: made by its registry. */
    OnnxOperator() {}

    /**
     * @param node   its operator, attributes, and inputs of whole numbers under {@code input1} and so on
     * @param inputs the kind of each other input: computed, missing, or a constant of a shape
     */
    OnnxOperator(Config node, List<String> inputs) {
        this.node = node;
        this.inputs = inputs;
        declare();
    }

    private void declare() {
        List<String> shapes = shapes();
        while (constants.size() < shapes.size()) {
            int i = constants.size();
            constants.add(addWeight(any -> WeightSpec.state("constant" + i, shapeOf(shapes.get(i)), Initializers.zeros())));
        }
    }

    private List<String> shapes() {
        return inputs.stream().filter(input -> !input.equals(INPUT) && !input.equals(NONE)).toList();
    }

    private static Shape shapeOf(String text) {
        return Shape.of(Arrays.stream(text.split("\\D+")).filter(size -> !size.isEmpty()).mapToInt(Integer::parseInt).toArray());
    }

    @Override
    public void settings(Settings s) {
        node = s.required().config("node", node);
        inputs = s.texts("inputs", inputs);
        declare();
    }

    @Override
    protected int inputCount() {
        return (int) inputs.stream().filter(INPUT::equals).count();
    }

    @Override
    public Shape outputShape(List<Shape> shapes) {
        requireCount(shapes.size());
        shapes.forEach(shape -> requireMemory(shape.size(), 1));
        Shape[] made = new Shape[BATCHES.length];
        for (int i = 0; i < made.length; i++) {
            int batch = BATCHES[i];
            Tensor[] zeros = shapes.stream().map(shape -> Tensor.zeros(shape.prepend(batch))).toArray(Tensor[]::new);
            List<Tensor> none = shapes().stream().map(text -> Tensor.zeros(shapeOf(text))).toList();
            made[i] = GradientTape.paused(() -> compute(List.of(zeros), none)).shape();
            if (made[i].rank() == 0 || made[i].dim(0) != batch || !made[i].rest().equals(made[0].rest())) {
                throw new IllegalArgumentException("each example must be computed for itself. Received: " + node.type() + " of " + shapes
                        + " in a batch of " + batch + " makes " + made[i]);
            }
        }
        return made[0].rest();
    }

    @Override
    protected Tensor compute(Call call) {
        return compute(call.inputs(), constants.stream().map(Supplier::get).toList());
    }

    /** The result for inputs that are computed, and for the constants. */
    Tensor compute(List<Tensor> computed, List<? extends Tensor> known) {
        Tensor[] all = new Tensor[inputs.size()];
        Iterator<Tensor> ofInputs = computed.iterator();
        Iterator<? extends Tensor> others = known.iterator();
        for (int i = 0; i < all.length; i++) {
            all[i] = inputs.get(i).equals(INPUT) ? ofInputs.next() : inputs.get(i).equals(NONE) ? null : others.next();
        }
        return OnnxFunctions.compute(this, all);
    }

    /** Rejects sizes that a few bytes of a file can request, before memory is allocated. */
    static void requireMemory(double elements, double times) {
        if (elements * times > MOST_ELEMENTS) {
            throw new IllegalArgumentException("an operator may make " + MOST_ELEMENTS + " numbers of an example. Received: "
                    + (long) (elements * times));
        }
    }

    // ------------------------------------------------------------------------------------------------- attributes

    /** The operator. */
    String operator() {
        return node.type();
    }

    double number(String attribute, double otherwise) {
        return node.has(attribute) ? node.number(attribute) : otherwise;
    }

    boolean flag(String attribute, boolean otherwise) {
        return number(attribute, otherwise ? 1 : 0) != 0;
    }

    String text(String attribute, String otherwise) {
        return node.has(attribute) ? node.text(attribute) : otherwise;
    }

    /** Whole numbers of an input or, as in older opsets, of an attribute. */
    int[] integers(int input, String attribute, int... otherwise) {
        String name = node.has("input" + input) ? "input" + input : attribute;
        return node.has(name) ? node.integers(name) : otherwise;
    }

    /** An axis of examples, counted from 1. */
    int axis(double axis, Tensor x) {
        int from0 = OnnxFamily.axis((long) axis, x.rank());
        if (from0 == 0 && inputCount() > 0) {
            throw new IllegalArgumentException("the batch axis must stay as it is, or examples would be mixed. Received: axis " + (long) axis);
        }
        return from0;
    }

    @Override
    public String toString() {
        return "OnnxOperator(" + (node == null ? "" : node.type()) + ")";
    }
}

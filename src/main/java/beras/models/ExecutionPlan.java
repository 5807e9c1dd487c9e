package beras.models;

import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Node;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The calls of layers that compute the outputs of a graph from its inputs, in order. A fast plan fuses layers with those behind
 * them, except for outputs, and models within the model run by their fast plans; its results are bit-identical.
 */
final class ExecutionPlan {

    /**
     * Runs a layer on the values of some nodes, and stores its output as the value of another.
     *
     * @param unused of which nodes the values are not needed after it
     */
    private record Step(Layer layer, int[] inputs, int output, int[] unused) {

        Step(Layer layer, int[] inputs, int output) {
            this(layer, inputs, output, new int[0]);
        }
    }

    private final boolean fast;
    private final List<Step> steps;
    private final int nodes;
    private final int[] outputs;

    ExecutionPlan(Graph graph, boolean fast) {
        this.fast = fast;
        this.steps = steps(graph, fast);
        this.nodes = graph.nodes().size();
        this.outputs = graph.positions(graph.outputs());
    }

    private static List<Step> steps(Graph graph, boolean fast) {
        List<Step> list = new ArrayList<>();
        Map<Node, Integer> positions = new IdentityHashMap<>();
        Map<Node, Integer> uses = new IdentityHashMap<>();
        for (Node node : graph.nodes()) {
            positions.put(node, positions.size());
            count(node.inputs(), uses);
        }
        count(graph.outputs(), uses);
        Set<Node> ends = new HashSet<>(graph.outputs());
        Map<Node, Integer> made = new IdentityHashMap<>(); // positions in the list
        for (Node node : graph.nodes()) {
            if (node.layer() instanceof Input) {
                continue;
            }
            // A loss may look for the activation of an output, and then takes its input, the logits.
            boolean fuse = fast && !ends.contains(node) && !isPenalized(node.layer());
            Node before = node.inputs().size() == 1 ? node.inputs().get(0) : null;
            Integer at = fuse && before != null && uses.get(before) == 1 && !isPenalized(before.layer()) ? made.get(before)
                    : null;
            Layer both = at == null ? null : before.layer().fused(node.layer()).orElse(null);
            if (both != null) {
                list.set(at, new Step(both, list.get(at).inputs, positions.get(node)));
                made.remove(before);
            } else {
                made.put(node, list.size());
                Layer layer = fuse ? node.layer().fused().orElse(node.layer()) : node.layer();
                list.add(new Step(layer, graph.positions(node.inputs()), positions.get(node)));
            }
        }
        return releasing(list, graph.positions(graph.outputs()));
    }

    /** The same steps, each with the values that no later step needs, so that their memory can be reused. */
    private static List<Step> releasing(List<Step> list, int[] outputs) {
        Set<Integer> needed = new HashSet<>();
        for (int position : outputs) {
            needed.add(position);
        }
        List<Step> releasing = new ArrayList<>(list);
        for (int i = list.size() - 1; i >= 0; i--) {
            Step step = list.get(i);
            int[] unused = new int[step.inputs.length];
            int count = 0;
            for (int position : step.inputs) {
                if (needed.add(position)) {
                    unused[count++] = position;
                }
            }
            releasing.set(i, new Step(step.layer, step.inputs, step.output, Arrays.copyOf(unused, count)));
        }
        return List.copyOf(releasing);
    }

    /** Whether the result of this layer or of one inside counts by itself, too, and must be there. */
    private static boolean isPenalized(Layer layer) {
        for (Layer inner : Layer.withInner(List.of(layer))) {
            if (inner.activityRegularizer().isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static void count(List<Node> used, Map<Node, Integer> uses) {
        for (Node node : used) {
            uses.merge(node, 1, Integer::sum);
        }
    }

    /** The values of the outputs, from the values of the inputs. */
    Tensor[] run(Tensor... inputs) {
        Tensor[] values = new Tensor[nodes];
        System.arraycopy(inputs, 0, values, 0, inputs.length);
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Tensor[] arguments = new Tensor[step.inputs.length];
            for (int j = 0; j < arguments.length; j++) {
                arguments[j] = values[step.inputs[j]];
            }
            values[step.output] = fast && step.layer instanceof Model model ? model.run(arguments)[0] : step.layer.call(arguments);
            for (int position : step.unused) {
                values[position] = null;
            }
        }
        Tensor[] results = new Tensor[outputs.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = values[outputs[i]];
        }
        return results;
    }
}

package beras.models;

import beras.feed.ExampleShapes;
import beras.layers.Layer;
import beras.layers.Node;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The table that {@link Model#summary} gives. */
final class Summary {

    private static final String[] HEADER = {"Layer (type)", "Output shape", "Weights", "Multiply-adds", "Comes after"};

    /**
     * @param weights of all layers, each once
     */
    static String of(Graph graph, List<Variable> weights, long multiplyAdds) {
        List<String[]> rows = new ArrayList<>();
        rows.add(HEADER);
        addRows(graph.layers(), graph.nodes(), "", new HashSet<>(), rows);
        List<Variable> trainable = weights.stream().filter(Variable::trainable).toList();
        return table(rows) + "Weights: " + number(count(weights)) + ", of which trainable: " + number(count(trainable)) + "\n"
                + "Multiply-adds for one example" + (graph.inputs().stream().anyMatch(input -> input.shape().size() == 0)
                        ? ", with open axes of one step" : "") + ": " + number(multiplyAdds) + "\n";
    }

    /** The rows of nodes; the rows of a model among them follow it once, indented. */
    private static void addRows(Map<String, Layer> layers, List<Node> nodes, String indent, Set<Layer> shown,
            List<String[]> rows) {
        Map<Layer, String> names = new IdentityHashMap<>();
        layers.forEach((name, layer) -> names.put(layer, name));
        for (Node node : nodes) {
            rows.add(new String[] {indent + names.get(node.layer()) + " (" + node.layer().typeName() + ")",
                ExampleShapes.batch(node.shape()), number(count(node.layer().weights())),
                number(node.layer().multiplyAdds(Graph.shapes(node.inputs()))),
                node.inputs().stream().map(input -> names.get(input.layer())).collect(Collectors.joining(", "))});
            if (node.layer() instanceof Model model && shown.add(model)) {
                addRows(model.layersByName(), model.nodes(), indent + "  ", shown, rows);
            }
        }
    }

    private static long count(List<Variable> weights) {
        return weights.stream().mapToLong(Variable::size).sum();
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String table(List<String[]> rows) {
        int[] widths = new int[HEADER.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String padding = " ".repeat(widths[i] - row[i].length());
                line.append(i == 2 || i == 3 ? padding + row[i] : row[i] + padding).append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private Summary() {}
}

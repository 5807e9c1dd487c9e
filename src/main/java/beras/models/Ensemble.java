package beras.models;

import beras.layers.Average;
import beras.layers.Input;
import beras.layers.Node;
import beras.tensor.Shape;
import beras.tensor.Variable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Several networks with different initial weights, whose outputs are averaged. They make different errors, so the average is more
 * accurate, especially on small data sets (Lakshminarayanan et al., Simple and Scalable Predictive Uncertainty Estimation using
 * Deep Ensembles, 2017).
 *
 * <pre>{@code
 * Model model = Models.of(new Recipe().layers("64:relu,3:softmax").ensemble(5).seed(1), Shape.of(4));
 * }</pre>
 *
 * <p>Each network is trained on every batch as if it were alone, one thread for each. Training loss and metrics are means over
 * the networks, except for metrics that are not means over examples, such as AUC, F1 and R2, which use the outputs of all
 * networks together. Predictions, validation and {@link #evaluate}, and so the choice of the best epoch, use the averaged
 * output; with {@linkplain beras.feed.Batches#ofNets batches of networks}, each network is trained and validated on its own
 * examples. Other formats than BERAS's own keep it as a graph; trained further there, the average learns as one network.
 */
public final class Ensemble extends Model {

    private final List<Model> nets;

    /**
     * An ensemble of these models, without copying them.
     *
     * @throws IllegalArgumentException if there are fewer than two, one has several inputs or outputs, their shapes differ, or two have
     *     a weight in common
     */
    public Ensemble(List<? extends Model> nets) {
        this(List.copyOf(nets), null);
    }

    Ensemble(List<Model> nets, Graph.Filling filling) {
        super(graph(nets, filling));
        this.nets = nets;
    }

    private static Graph graph(List<Model> nets, Graph.Filling filling) {
        if (nets.size() < 2) {
            throw new IllegalArgumentException("An ensemble needs at least two nets. Received: " + nets.size());
        }
        for (Model net : nets) {
            if (net.inputShapes().size() != 1 || net.outputShapes().size() != 1) {
                throw new IllegalArgumentException("Each net of an ensemble has one input and one output. Received: one of "
                        + net.inputShapes().size() + " and " + net.outputShapes().size());
            }
            requireSame("takes", nets.get(0).inputShape(), net.inputShape());
            requireSame("gives", nets.get(0).outputShape(), net.outputShape());
        }
        Set<Variable> weights = new HashSet<>();
        for (Model net : nets) {
            for (Variable weight : net.weights()) {
                if (!weights.add(weight)) {
                    throw new IllegalArgumentException("Each net of an ensemble has weights of its own. Received: two with " + weight.name()
                            + ". Give each layers of its own, or make copies: model.copy()");
                }
            }
        }
        Node input = new Input(nets.get(0).inputShape().toArray()).apply();
        Node[] outputs = nets.stream().map(net -> net.apply(input)).toArray(Node[]::new);
        return new Graph(List.of(input), List.of(new Average().apply(outputs)), null, filling);
    }

    private static void requireSame(String what, Shape first, Shape other) {
        if (!first.equals(other)) {
            throw new IllegalArgumentException("All nets of an ensemble are of the same shapes. Received: one that " + what + " "
                    + other + " besides one that " + what + " " + first);
        }
    }

    /** The networks. */
    @Override
    public List<Model> nets() {
        return nets;
    }
}

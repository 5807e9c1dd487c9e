package beras.models;

import beras.autograd.GradientTape;
import beras.feed.Batch;
import beras.layers.Average;
import beras.layers.Input;
import beras.layers.Node;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.TrainStep;
import java.util.ArrayList;
import java.util.List;

/**
 * Several nets for the same, each with first weights of its own, whose outputs are averaged. They make different mistakes, so the
 * average makes fewer, most of all where there are few examples (Lakshminarayanan et al., Simple and Scalable Predictive
 * Uncertainty Estimation using Deep Ensembles, 2017).
 *
 * <pre>{@code
 * Model model = Models.of(new Recipe().layers("64:relu,3:softmax").ensemble(5).seed(1), Shape.of(4));
 * }</pre>
 *
 * <p>In training each net learns from every batch as if it were alone; loss and metrics of the training are the nets' means, but
 * for metrics that are no means over examples, such as AUC, F1 and R2, which are of what all nets gave together.
 * All else is of the average: what the model gives, what validation and {@link #evaluate} report, and so by what the best epoch is
 * chosen; but of {@linkplain beras.feed.Batches#sideBySide batches side by side} each net learns from examples of its own, and
 * validation is of what each gives for its own. Other formats than BERAS's own keep it as the graph that it is; trained further
 * there, the average learns as one net.
 */
public final class Ensemble extends Model {

    private final List<Model> nets;

    /**
     * Of these models, the very objects.
     *
     * @throws IllegalArgumentException if there are fewer than two, one has several inputs or outputs, or their shapes differ
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

    /** The nets. */
    public List<Model> nets() {
        return nets;
    }

    @Override
    public List<List<Variable>> weightsByNet() {
        List<List<Variable>> weights = new ArrayList<>();
        for (Model net : nets) {
            weights.add(net.weights());
        }
        return weights;
    }

    /** The average of all nets; of a batch that has examples for each net, what that net gives for its own. */
    @Override
    public Tensor[] run(Batch batch) {
        return batch.ofNets().isEmpty() ? super.run(batch) : new Tensor[] {joined(each(batch))};
    }

    @Override
    public float trainStep(TrainStep step) {
        GradientTape tape = step.tape();
        Tensor loss;
        try (tape) {
            List<Tensor> each = each(step.batch());
            loss = step.loss(each, step.batch().ofNets().isEmpty() ? outputNodes().get(0).layer().call(each.toArray(Tensor[]::new))
                    : joined(each));
        }
        return step.minimize(tape, loss);
    }

    /** What each net gives for its examples; nothing of nets that have none. */
    private List<Tensor> each(Batch batch) {
        List<Integer> sizes = batch.ofNets();
        if (!sizes.isEmpty() && sizes.size() != nets.size()) {
            throw new IllegalArgumentException("A batch has examples for each of " + nets.size() + " nets. Received: for " + sizes);
        }
        List<Tensor> each = new ArrayList<>();
        Tensor inputs = batch.inputs().get(0);
        int from = 0;
        for (int i = 0; i < nets.size(); i++) {
            if (sizes.isEmpty()) {
                each.add(nets.get(i).run(inputs)[0]);
            } else if (sizes.get(i) > 0) {
                each.add(nets.get(i).run(inputs.slice(from, from + sizes.get(i)))[0]);
                from += sizes.get(i);
            }
        }
        return each;
    }

    private static Tensor joined(List<Tensor> parts) {
        int rows = 0;
        for (Tensor part : parts) {
            rows += part.dim(0);
        }
        Tensor joined = Tensor.zeros(parts.get(0).shape().rest().prepend(rows));
        int at = 0;
        for (Tensor part : parts) {
            Tensor next = part.contiguous();
            System.arraycopy(next.data(), next.offset(), joined.data(), at, next.size());
            at += next.size();
        }
        return joined;
    }
}

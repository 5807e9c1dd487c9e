package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.regularizers.L1L2;
import beras.regularizers.Regularizer;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Lets its input pass unchanged, of any shape, and adds a penalty on it to the loss: the sum of
 * {@code l1 * |x| + l2 * x * x}, divided by the number of examples. It is the {@link #activityRegularizer} of this layer.
 */
public final class ActivityRegularization extends Layer implements KeepsSteps {

    private L1L2 penalty = new L1L2();

    /** No penalty. */
    public ActivityRegularization() {}

    /**
     * @param l1 finite and at least 0
     * @param l2 finite and at least 0
     * @throws IllegalArgumentException if one is not
     */
    public ActivityRegularization(double l1, double l2) {
        penalty = new L1L2(l1, l2);
    }

    @Override
    public void settings(Settings s) {
        penalty = new L1L2(s.real("l1", penalty.l1()), s.real("l2", penalty.l2()));
        if (super.activityRegularizer().isPresent()) {
            throw new IllegalArgumentException("ActivityRegularization takes l1 and l2, and no regularizer besides. Received: "
                    + super.activityRegularizer().get().config());
        }
    }

    @Override
    public Optional<Regularizer> activityRegularizer() {
        return penalty.l1() == 0f && penalty.l2() == 0f ? Optional.empty() : Optional.of(penalty);
    }

    /** That of the input. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0);
    }

    @Override
    protected Tensor compute(Call call) {
        return call.input(0);
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.initializers.Initializers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.List;

/**
 * {@code y = x > 0 ? x : alpha * x} with a slope {@code alpha} for each element of an example, which is learnt: He et al.
 * (2015). All elements along the axes of the setting {@code sharedAxes},
 * counted from 1, the first of an example, share one slope. The derivative is 1 above 0, {@code alpha} below, and 0
 * at 0.
 */
public final class PReLU extends FluentLayer<PReLU> implements KeepsSteps {

    private final WeightRules alphaRules = new WeightRules("alpha", Initializers.zeros());
    private int[] sharedAxes; // null: none

    /** With a slope for each element, at first 0. */
    public PReLU() {}

    @Override
    public void settings(Settings s) {
        WeightRules.settings(s, alphaRules);
        int[] axes = s.integers("sharedAxes", sharedAxes);
        for (int axis : axes == null ? new int[0] : axes) {
            if (axis < 1) {
                throw new IllegalArgumentException("sharedAxes of PReLU are counted from 1, as the batch axis is number 0."
                        + " Received: " + Arrays.toString(axes));
            }
        }
        sharedAxes = axes == null ? null : axes.clone();
    }

    /** The slopes, in the shape of an example, with size 1 along shared axes; null before the layer is built. */
    public Variable alpha() {
        return own("alpha");
    }

    /** {@code [alpha]}. */
    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        return List.of(alphaRules.spec(slopes(inputs.get(0))));
    }

    /** The shape of the slopes for examples of a shape. */
    private Shape slopes(Shape example) {
        int[] sizes = example.toArray();
        for (int axis : sharedAxes == null ? new int[0] : sharedAxes) {
            if (axis > sizes.length) {
                throw new IllegalArgumentException("PReLU with sharedAxes " + Arrays.toString(sharedAxes)
                        + " needs examples of as many axes. Received shape: " + example);
            }
            sizes[axis - 1] = 1;
        }
        return Shape.of(sizes);
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape slopes = slopes(input);
        if (alpha() != null && !alpha().shape().equals(slopes)) {
            throw new IllegalArgumentException("PReLU has slopes of shape " + alpha().shape()
                    + ", and needs examples of their shape, except for shared axes. Received shape: " + input);
        }
        return input;
    }

    @Override
    protected Tensor compute(Call call) {
        outputShape(example(call.input(0)));
        Tensor x = call.input(0);
        Tensor slopes = alpha();
        for (int axis = slopes.rank() - 1; axis >= 0; axis--) { // one by one, in the order in which their gradients are summed
            slopes = slopes.broadcastTo(slopes.shape().with(axis, x.dim(axis + 1)));
        }
        return x.relu().subtract(x.negate().relu().multiply(slopes));
    }
}

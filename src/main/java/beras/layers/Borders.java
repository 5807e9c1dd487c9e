package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** A layer without weights that adds or removes edges of images or sequences: the base class of both. */
public abstract class Borders extends Layer {

    private final String setting;
    private final boolean adds;
    private final int axes;
    private int[] sizes; // of each axis, before and after: top, bottom, left, right

    /**
     * @param setting the name of the sizes in settings
     * @param adds    whether edges are added, of zeros
     * @param axes    2 for images, 1 for sequences
     * @param sizes   one for all edges; or one for both of each axis; or two for each axis
     */
    Borders(String setting, boolean adds, int axes, int... sizes) {
        this.setting = setting;
        this.adds = adds;
        this.axes = axes;
        this.sizes = perEdge(sizes);
    }

    @Override
    public final void settings(Settings s) {
        sizes = perEdge(s.integers(setting, sizes));
    }

    private int[] perEdge(int... given) {
        int n = given == null ? 0 : given.length;
        if (n != 1 && n != axes && n != 2 * axes || Arrays.stream(given).anyMatch(size -> size < 0)) {
            throw new IllegalArgumentException(setting + " of " + getClass().getSimpleName() + " needs one size for all edges, or"
                    + (axes == 1 ? " [before, after]" : " [height, width], or [top, bottom, left, right]") + ", of at least 0. Received: "
                    + Arrays.toString(given));
        }
        int[] all = new int[2 * axes];
        Arrays.setAll(all, i -> given[n == 2 * axes ? i : n == 1 ? 0 : i / 2]);
        return all;
    }

    @Override
    public final Shape outputShape(Shape input) {
        String layer = getClass().getSimpleName();
        boolean fits = input.rank() == axes + 1;
        Shape output = input;
        for (int axis = 0; fits && axis < axes; axis++) {
            long size = input.dim(axis) + (adds ? 1 : -1) * ((long) sizes[2 * axis] + sizes[2 * axis + 1]);
            fits = size >= 1;
            output = fits ? output.with(axis, Windowing.axis(layer, size)) : output;
        }
        if (!fits) {
            throw new IllegalArgumentException(layer + " needs examples " + (axes == 1 ? "(steps, features)" : "(height, width, channels)")
                    + (adds ? "" : " of more " + (axes == 1 ? "steps" : "pixels") + " than are cut off, " + Arrays.toString(sizes))
                    + ". Received shape: " + input);
        }
        return output;
    }

    /** That of the input, and 0 where edges are added. */
    @Override
    public final OutputRange outputRange(List<OutputRange> inputs) {
        OutputRange x = inputs.get(0);
        return adds ? new OutputRange(Math.min(x.min(), 0), Math.max(x.max(), 0), x.independent(), x.source()) : x;
    }

    @Override
    protected final Tensor compute(Call call) {
        Tensor x = call.input(0);
        outputShape(example(x));
        for (int axis = axes; axis > 0; axis--) {
            int before = sizes[2 * axis - 2];
            int after = sizes[2 * axis - 1];
            x = adds ? x.pad(axis, before, after) : x.slice(axis, before, x.dim(axis) - after);
        }
        return x;
    }
}

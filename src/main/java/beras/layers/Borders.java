package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** A layer without weights that gives images other edges: what two such layers share, one of which undoes the other. */
public abstract class Borders extends Layer {

    private final String setting;
    private final boolean adds;
    private int[] sizes; // top, bottom, left, right

    /**
     * @param setting what the layer calls the sizes
     * @param adds    whether edges are added, of zeros
     * @param sizes   one for all edges; or top and bottom, left and right; or top, bottom, left, right
     */
    Borders(String setting, boolean adds, int... sizes) {
        this.setting = setting;
        this.adds = adds;
        this.sizes = perEdge(sizes);
    }

    @Override
    public final void settings(Settings s) {
        sizes = perEdge(s.integers(setting, sizes));
    }

    private int[] perEdge(int... given) {
        int n = given == null ? 0 : given.length;
        if (n != 1 && n != 2 && n != 4 || Arrays.stream(given).anyMatch(size -> size < 0)) {
            throw new IllegalArgumentException(setting + " of " + getClass().getSimpleName() + " needs one size for all edges, or"
                    + " [height, width], or [top, bottom, left, right], of at least 0. Received: " + Arrays.toString(given));
        }
        return n == 4 ? given.clone() : new int[] {given[0], given[0], given[n - 1], given[n - 1]};
    }

    @Override
    public final Shape outputShape(Shape input) {
        int sign = adds ? 1 : -1;
        long height = input.rank() != 3 ? -1 : input.dim(0) + sign * ((long) sizes[0] + sizes[1]);
        long width = input.rank() != 3 ? -1 : input.dim(1) + sign * ((long) sizes[2] + sizes[3]);
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs examples (height, width, channels)"
                    + (adds ? "" : " of more pixels than are cut off, " + Arrays.toString(sizes)) + ". Received shape: " + input);
        }
        String layer = getClass().getSimpleName();
        return Shape.of(Windowing.axis(layer, height), Windowing.axis(layer, width), input.dim(2));
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
        return adds ? x.pad(2, sizes[2], sizes[3]).pad(1, sizes[0], sizes[1])
                : x.slice(1, sizes[0], x.dim(1) - sizes[1]).slice(2, sizes[2], x.dim(2) - sizes[3]);
    }
}

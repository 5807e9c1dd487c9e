package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.layers.PReLU;
import beras.layers.Permute;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators on the elements of tensors that are layers with settings or weights. */
final class OnnxArithmetic extends OnnxFamily {

    private static final int CLIP_BY_INPUT = 11;

    OnnxArithmetic(OnnxImport graph) {
        super(graph);
    }

    void clip(OnnxReader.Node node) throws IOException {
        boolean byInput = graph.opset() >= CLIP_BY_INPUT;
        float least = byInput ? limit(node, 1, Float.NEGATIVE_INFINITY) : node.real("min", Float.NEGATIVE_INFINITY);
        float most = byInput ? limit(node, 2, Float.POSITIVE_INFINITY) : node.real("max", Float.POSITIVE_INFINITY);
        limited(node, x(node), least, most);
    }

    /** Numbers from the one to the other; of those without a limit infinities become the largest number. */
    private void limited(OnnxReader.Node node, Node x, float least, float most) {
        if (least == Float.NEGATIVE_INFINITY && most == Float.POSITIVE_INFINITY) {
            graph.put(node, x);
            return;
        }
        refuseIf(!(least < most), "the smallest number must be below the largest. Received: " + least + " and " + most);
        Layer layer = least != 0f ? activation("HardTanh", Math.max(least, -Float.MAX_VALUE), Math.min(most, Float.MAX_VALUE))
                : most >= Float.MAX_VALUE ? new ReLU() : activation("ReLU", most);
        graph.put(node, byElement(layer, x));
    }

    /** One with these settings, in order. */
    private static Layer activation(String type, Object... settings) {
        return Layers.ACTIVATIONS.of(Config.of(type, List.of(settings), Map.of()));
    }

    private float limit(OnnxReader.Node node, int input, float otherwise) throws IOException {
        Optional<OnnxTensor> limit = optional(node, input, "a limit");
        if (limit.isEmpty()) {
            return otherwise;
        }
        requireCount(limit.get(), 1);
        return limit.get().floats()[0];
    }

    void prelu(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        OnnxTensor slope = constant(node, 1, "the slope");
        if (slope.count() == 1 && slope.floats()[0] >= 0) { // what is learned may be negative
            graph.put(node, byElement(new LeakyReLU(slope.floats()[0]), x));
            return;
        }
        int rank = x.shape().rank();
        int[] shared = new int[rank]; // axes along which there is one slope, from 1
        int count = 0;
        boolean fits = slope.sizes().length <= rank;
        for (int axis = 0; fits && axis < rank; axis++) {
            int before = rank - slope.sizes().length; // axes that are missing in the slopes
            int size = axis < before ? 1 : slope.sizes()[axis - before];
            fits = size == 1 || size == x.shape().dim(axis);
            if (size == 1 && x.shape().dim(axis) > 1) {
                shared[count++] = axis + 1;
            }
        }
        refuseIf(!fits,
                "the slopes must fit examples of shape " + x.shape() + ". Received shape: " + Arrays.toString(slope.sizes()));
        if (x.layer() instanceof Permute && slope.count() == x.shape().dim(0) && count == rank - 1 && shared[0] == 2
                && (rank == 2 || rank == 3)) { // a slope for each channel, which are the first axis
            int[] pixels = rank == 2 ? new int[] {1} : new int[] {1, 2};
            graph.put(node, channelsFirst(graph.weighted(node, List.of(slope), List.of(Arrays.toString(pixels), "last"),
                    () -> prelu(pixels), layer -> fill(layer.alpha(), slope.floats())).apply(channelsLast(x))));
            return;
        }
        int[] axes = Arrays.copyOf(shared, count);
        graph.put(node, graph.weighted(node, List.of(slope), List.of(Arrays.toString(axes), x.shape()),
                () -> prelu(axes), layer -> fill(layer.alpha(), slope.floats())).apply(x));
    }

    private static PReLU prelu(int... axes) {
        return axes.length == 0 ? new PReLU() : new PReLU().sharedAxes(axes);
    }
}

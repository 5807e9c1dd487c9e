package beras.saving.onnx;

import beras.layers.Layer;
import beras.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * The ONNX form of a layer: the nodes that compute the same in inference. BERAS's own layers have theirs;
 * {@link OnnxFile#register} adds the conversion of a custom layer.
 *
 * @param <L> the layer
 */
public interface OnnxConversion<L extends Layer> {

    /**
     * Adds nodes to a graph, without the {@linkplain Layer#layers layers inside}, such as the activation that a layer ends with:
     * these follow by themselves.
     *
     * @return the tensor that the nodes make
     */
    String convert(OnnxGraph graph, Use<L> use);

    /**
     * One use of a layer.
     *
     * @param layer  the layer
     * @param inputs the names of the tensors that go in, each {@code (batch, ...)}
     * @param shapes of one example of each input
     * @param output shape of one example of the layer's output
     */
    record Use<L extends Layer>(L layer, List<String> inputs, List<Shape> shapes, Shape output) {

        /** The first tensor that goes in. */
        public String x() {
            return inputs.get(0);
        }

        /** A setting of the layer that is a number. */
        public float real(String setting) {
            return (float) layer.config().number(setting);
        }

        /** A setting with a number for each of some axes, of which one may stand for all; 1 if there is none. */
        public long[] perAxis(String setting, int axes) {
            int[] all = layer.config().has(setting) ? layer.config().integers(setting) : new int[] {1};
            long[] each = new long[axes];
            Arrays.setAll(each, axis -> all[all.length == 1 ? 0 : axis]);
            return each;
        }
    }
}

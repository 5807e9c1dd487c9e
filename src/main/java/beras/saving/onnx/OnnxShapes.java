package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.layers.Concatenate;
import beras.layers.Flatten;
import beras.layers.Node;
import beras.layers.Permute;
import beras.layers.Reshape;
import beras.saving.bytes.ElementType;
import beras.tensor.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators that give elements another place, or give shapes. */
final class OnnxShapes extends OnnxFamily {

    private static final int AXES_BY_INPUT = 13;

    OnnxShapes(OnnxImport graph) {
        super(graph);
    }

    void flatten(OnnxReader.Node node) {
        Node x = x(node);
        long axis = node.whole("axis", 1);
        refuseIf(axis != 1 && axis != -x.shape().rank(), "only the batch axis may stay. Received: axis " + axis);
        graph.put(node, new Flatten().apply(x));
    }

    /** An operator that gives each example another shape. */
    void reshape(OnnxReader.Node node) throws IOException {
        Config config = Config.of(node.type());
        if (node.type().equals("Reshape")) {
            long[] sizes = constant(node, 1, "the shape").integers();
            refuseIf(sizes.length == 0 || node.whole("allowzero", 0) != 0, "a shape with a batch axis is needed. Received: "
                    + Arrays.toString(sizes) + " with allowzero " + node.whole("allowzero", 0));
            sizes[0] = sizes[0] == OnnxImport.BATCH || graph.isBatch(sizes[0]) ? 0 : sizes[0]; // as it is
            config = config.with("shape", OnnxReader.clamped(sizes));
        } else {
            config = config.with("axes", OnnxReader.clamped(axes(node)));
        }
        Node x = x(node);
        Shape made = new OnnxOperator(config, List.of(OnnxOperator.INPUT)).outputShape(List.of(x.shape()));
        graph.put(node, made.equals(x.shape()) ? x : made.rank() == 1 ? new Flatten().apply(x) : new Reshape(made.toArray()).apply(x));
    }

    void transpose(OnnxReader.Node node) throws IOException {
        OnnxReader.Attribute perm = node.attributes().get("perm");
        Node x = x(node);
        int rank = x.shape().rank() + 1;
        long[] order = perm == null ? new long[0] : perm.wholes();
        int[] dims = new int[Math.max(0, order.length - 1)];
        boolean batchFirst = order.length == rank && order[0] == 0;
        for (int i = 1; batchFirst && i < rank; i++) {
            batchFirst = order[i] > 0 && order[i] < rank;
            dims[i - 1] = (int) order[i];
        }
        refuseIf(!batchFirst,
                "the batch axis must stay the first. Received: " + (perm == null ? "all turned round" : Arrays.toString(order)));
        graph.put(node, permuted(x, dims));
    }

    private long[] axes(OnnxReader.Node node) throws IOException {
        if (graph.opset() < AXES_BY_INPUT) {
            OnnxReader.Attribute axes = node.attributes().get("axes");
            return axes == null ? new long[0] : axes.wholes();
        }
        return node.input(1).isEmpty() ? new long[0] : constant(node, 1, "the axes").integers();
    }

    void concat(OnnxReader.Node node) throws IOException {
        Node first = x(node);
        int axis = axis(node.whole("axis", 0), first.shape().rank() + 1);
        Node[] all = node.inputs().stream().map(input -> graph.node(input, node.toString())).toArray(Node[]::new);
        if (axis > 0 && Arrays.stream(all).allMatch(x -> x.layer() instanceof Permute && first.layer() instanceof Permute
                && Arrays.equals(dims(x), dims(first)))) {
            Node[] befores = Arrays.stream(all).map(x -> x.inputs().get(0)).toArray(Node[]::new);
            graph.put(node, permuted(new Concatenate(dims(first)[axis - 1]).apply(befores), dims(first)));
            return;
        }
        graph.put(node, new Concatenate(axis).apply(all));
    }

    void shape(OnnxReader.Node node) {
        int[] shape = x(node).shape().toArray();
        double[] all = new double[shape.length + 1];
        Arrays.setAll(all, i -> i == 0 ? OnnxImport.BATCH : shape[i - 1]);
        int start = place(node.whole("start", 0), all.length);
        double[] part = Arrays.copyOfRange(all, start, Math.max(start, place(node.whole("end", all.length), all.length)));
        graph.put(node, OnnxTensor.of(node.outputs().get(0), ElementType.I64, part, part.length));
    }

    /** A place among so many axes; a negative one counts from behind, as those of Python do. */
    private static int place(long place, int count) {
        return (int) Math.min(Math.max(place < 0 ? place + count : place, 0), count);
    }

    /** The same number again and again. */
    void constantOfShape(OnnxReader.Node node) throws IOException {
        long[] sizes = constant(node, 0, "the shape").integers();
        OnnxTensor value = Optional.ofNullable(node.attributes().get("value")).map(OnnxReader.Attribute::tensor)
                .orElseGet(() -> OnnxTensor.of("zero", ElementType.F32, new double[1]));
        refuseIf(sizes.length != 1 || sizes[0] < 0 || sizes[0] > OnnxReader.MOST_NAME,
                "a constant of one axis is needed. Received shape: " + Arrays.toString(sizes));
        requireCount(value, 1);
        double[] values = new double[(int) sizes[0]];
        Arrays.fill(values, value.floats()[0]);
        graph.put(node, OnnxTensor.of(node.outputs().get(0), value.type(), values, values.length));
    }

    /** The same tensor under another name. */
    void pass(OnnxReader.Node node) throws IOException {
        Optional<Node> x = graph.found(node.input(0));
        if (x.isPresent()) {
            graph.put(node, x.get());
        } else {
            graph.put(node, graph.constant(node.input(0)).orElseGet(() -> {
                x(node);
                throw new AssertionError("no such tensor");
            }));
        }
    }

    void cast(OnnxReader.Node node) throws IOException {
        ElementType to = OnnxTensor.type(node.whole("to", 0));
        boolean real = to == ElementType.F32 || to == ElementType.F64;
        boolean index = (to == ElementType.I64 || to == ElementType.I32) && !graph.isOutput(node.outputs().get(0))
                && graph.users(node.outputs().get(0)).stream().allMatch(user -> is(user, "Gather")
                && user.input(1).equals(node.outputs().get(0)));
        refuseIf(graph.found(node.input(0)).isPresent() && !real && !index,
                "numbers are floats here, or indices of a table. Received: a cast to type " + node.whole("to", 0));
        pass(node);
    }
}

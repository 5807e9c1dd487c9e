package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.layers.Concatenate;
import beras.layers.Flatten;
import beras.layers.Node;
import beras.layers.Permute;
import beras.layers.Reshape;
import beras.saving.bytes.ElementType;
import beras.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
        graph.put(node, flat(x));
    }

    /** In one row. Where that is one of channels alone, or of pixels alone, it does not matter which came first. */
    private static Node flat(Node x) {
        if (x.layer() instanceof Permute) {
            Node before = x.inputs().get(0);
            int last = 0;
            boolean same = true;
            for (int dim : dims(x)) {
                same = same && (before.shape().dim(dim - 1) == 1 || dim > last);
                last = before.shape().dim(dim - 1) == 1 ? last : dim;
            }
            if (same) {
                return OnnxImages.withoutPixels(before).orElseGet(() -> new Flatten().apply(before));
            }
        }
        return OnnxImages.withoutPixels(x).orElseGet(() -> new Flatten().apply(x));
    }

    void reshape(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        long[] wanted = constant(node, 1, "the shape").integers();
        Shape shape = x.shape();
        int[] target = new int[Math.max(0, wanted.length - 1)];
        int open = -1;
        long known = 1;
        for (int i = 1; i < wanted.length; i++) {
            long size = wanted[i] == 0 && node.whole("allowzero", 0) == 0 && i <= shape.rank() ? shape.dim(i - 1) : wanted[i];
            if (size == -1 && open < 0) {
                open = i - 1;
            } else if (size < 1 || size > Integer.MAX_VALUE || known * size > Integer.MAX_VALUE) {
                throw mixed(wanted, shape);
            } else {
                target[i - 1] = (int) size;
                known *= size;
            }
        }
        if (open >= 0 && shape.size() % known == 0) {
            target[open] = (int) (shape.size() / known);
            known = shape.size();
        }
        // What is left for the batch axis must be the batch, or examples would be mixed.
        boolean batch = wanted.length > 0 && (wanted[0] == OnnxImport.BATCH || wanted[0] == 0 || graph.isBatch(wanted[0])
                || wanted[0] == -1 && open < 0);
        if (!batch || known != shape.size() || shape.size() == 0) {
            throw mixed(wanted, shape);
        }
        Shape made = Shape.of(target);
        graph.put(node, made.equals(shape) ? x : target.length == 1 ? flat(x) : new Reshape(target).apply(x));
    }

    private static IllegalArgumentException mixed(long[] wanted, Shape shape) {
        return new IllegalArgumentException("each example must keep its elements, and the batch axis its place. Received: "
                + Arrays.toString(wanted).replace(Long.toString(OnnxImport.BATCH), "batch") + " for examples of shape " + shape);
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

    void unsqueeze(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        long[] axes = axes(node);
        int rank = x.shape().rank() + 1 + axes.length;
        boolean[] added = new boolean[rank];
        for (long axis : axes) {
            added[axis(axis, rank)] = true;
        }
        int[] target = new int[rank - 1];
        int from = 0;
        for (int i = 1; i < rank; i++) {
            refuseIf(!added[i] && from == x.shape().rank(), "axes must differ. Received: " + Arrays.toString(axes));
            target[i - 1] = added[i] ? 1 : x.shape().dim(from++);
        }
        refuseIf(added[0] || from < x.shape().rank(), "no axis goes before the batch axis. Received: " + Arrays.toString(axes));
        graph.put(node, new Reshape(target).apply(x));
    }

    void squeeze(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        int rank = x.shape().rank() + 1;
        Set<Integer> away = new HashSet<>();
        for (long axis : axes(node)) {
            away.add(axis(axis, rank));
        }
        List<Integer> target = new ArrayList<>();
        for (int i = 1; i < rank; i++) {
            int size = x.shape().dim(i - 1);
            if (!away.contains(i)) {
                target.add(size);
            } else if (size != 1) {
                throw new IllegalArgumentException("only axes of size 1 go. Received: axis " + i + " of shape " + x.shape());
            }
        }
        refuseIf(away.isEmpty() || away.contains(0), "axes after the batch axis must be specified. Received: " + away);
        graph.put(node, new Reshape(target.stream().mapToInt(Integer::intValue).toArray()).apply(x));
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
        refuseIf(node.attributes().containsKey("start") || node.attributes().containsKey("end"),
                "the whole shape is needed. Received: a part of it");
        graph.put(node, OnnxTensor.of(node.outputs().get(0), ElementType.I64, all, all.length));
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

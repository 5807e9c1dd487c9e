package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.files.Excerpt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Operators on the few whole numbers that give sizes, in a row or a matrix: PyTorch's exporter turns those of pads by them. */
final class OnnxWholes extends OnnxFamily {

    private static final int MOST = 64; // axes are fewer

    private final Map<String, Integer> columns = new HashMap<>(); // of those that are matrices

    OnnxWholes(OnnxImport graph) {
        super(graph);
    }

    /** Whether the first input of a node gives sizes. */
    boolean are(OnnxReader.Node node) {
        return graph.found(node.input(0)).isEmpty() && isSizes(node.input(0));
    }

    private long[] values(String name, String what) throws IOException {
        long[] values = graph.sizes(name).orElseThrow(() -> new IllegalArgumentException(what + " must be known. Received: \""
                + name + "\""));
        refuseIf(values.length > MOST, what + " may have up to " + MOST + " numbers. Received: " + values.length);
        return values;
    }

    private void put(OnnxReader.Node node, long[] values, int width) {
        graph.put(node, values);
        columns.put(node.outputs().get(0), width);
    }

    private int width(OnnxReader.Node node) {
        return columns.getOrDefault(node.input(0), 1);
    }

    private static IllegalArgumentException other(String received) {
        return new IllegalArgumentException("of sizes BERAS reads rows, and matrices of two axes. Received: "
                + Excerpt.printable(received));
    }

    /** The same number again and again. */
    void constantOfShape(OnnxReader.Node node) throws IOException {
        long[] sizes = values(node.input(0), "the shape");
        Optional<OnnxTensor> value = Optional.ofNullable(node.attributes().get("value")).map(OnnxReader.Attribute::tensor);
        if (sizes.length != 1 || sizes[0] < 0 || sizes[0] > MOST || value.isEmpty() || value.get().count() != 1
                || !value.get().isIntegers()) {
            throw other("a constant of shape " + Arrays.toString(sizes));
        }
        long[] values = new long[(int) sizes[0]];
        Arrays.fill(values, value.get().integers()[0]);
        graph.put(node, values);
    }

    void reshape(OnnxReader.Node node) throws IOException {
        long[] values = values(node.input(0), "what gets another shape");
        long[] target = values(node.input(1), "the shape");
        long last = target.length == 0 ? 0 : target[target.length - 1];
        int width = (int) (target.length == 2 && last > 0 && last <= MOST ? last : 1);
        if (target.length != 2 && target.length != 1 || target.length == 2 && width != last || values.length % width != 0
                || target[0] != -1 && target[0] * width != values.length) {
            throw other("a reshape to " + Arrays.toString(target));
        }
        put(node, values, width);
    }

    /** Some rows, also from behind. */
    void slice(OnnxReader.Node node) throws IOException {
        long[] values = values(node.input(0), "what is cut");
        int width = width(node);
        int rows = values.length / width;
        long start = one(node, 1, 0);
        long end = one(node, 2, 0);
        long step = one(node, 4, 1);
        if (one(node, 3, 0) != 0 || step == 0 || Math.abs(step) > MOST) {
            throw other("a slice with step " + step + " along axis " + one(node, 3, 0));
        }
        long first = Math.min(Math.max(start < 0 ? start + rows : start, step > 0 ? 0 : -1), step > 0 ? rows : rows - 1);
        long last = Math.min(Math.max(end < 0 ? Math.max(end, -MOST - 1) + rows : end, -1), rows);
        List<long[]> taken = new ArrayList<>();
        for (long row = first; step > 0 ? row < last : row > last; row += step) {
            taken.add(Arrays.copyOfRange(values, (int) row * width, ((int) row + 1) * width));
        }
        put(node, taken.stream().flatMapToLong(Arrays::stream).toArray(), width);
    }

    private long one(OnnxReader.Node node, int input, long otherwise) throws IOException {
        if (node.input(input).isEmpty()) {
            return otherwise;
        }
        long[] values = values(node.input(input), "a place");
        if (values.length != 1) {
            throw other("several places: " + Arrays.toString(values));
        }
        return values[0];
    }

    void transpose(OnnxReader.Node node) throws IOException {
        long[] values = values(node.input(0), "what is turned");
        int width = width(node);
        int rows = values.length / width;
        put(node, LongStream.range(0, values.length).map(i -> values[(int) (i % rows * width + i / rows)]).toArray(), rows);
    }
}

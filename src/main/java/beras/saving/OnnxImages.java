package beras.saving;

import beras.layers.AveragePooling1D;
import beras.layers.AveragePooling2D;
import beras.layers.Conv1D;
import beras.layers.Conv2D;
import beras.layers.GlobalAveragePooling1D;
import beras.layers.GlobalAveragePooling2D;
import beras.layers.GlobalMaxPooling1D;
import beras.layers.GlobalMaxPooling2D;
import beras.layers.Layer;
import beras.layers.MaxPooling1D;
import beras.layers.MaxPooling2D;
import beras.layers.Node;
import beras.layers.ZeroPadding2D;
import beras.tensor.Variable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators on images and sequences. ONNX has their channels before the pixels, BERAS behind them. */
final class OnnxImages extends OnnxFamily {

    OnnxImages(OnnxImport graph) {
        super(graph);
    }

    /** How a window moves, by axis of pixels. */
    private record Moves(int[] window, int[] strides, int[] dilations, int[] before, int[] behind) {

        /** What {@code padding} is called that does the same for pixels of these sizes; empty if there is none. */
        Optional<String> padding(int... pixels) {
            boolean valid = true;
            boolean same = true;
            boolean causal = pixels.length == 1;
            for (int i = 0; i < pixels.length; i++) {
                long reach = (window[i] - 1L) * dilations[i] + 1;
                long places = (pixels[i] + strides[i] - 1L) / strides[i];
                long all = Math.max(0, (places - 1) * strides[i] + reach - pixels[i]);
                valid = valid && before[i] == 0 && behind[i] == 0;
                same = same && before[i] == all / 2 && behind[i] == all - all / 2;
                causal = causal && strides[i] == 1 && before[i] == reach - 1 && behind[i] == 0;
            }
            return valid ? Optional.of("valid") : same ? Optional.of("same") : causal ? Optional.of("causal") : Optional.empty();
        }
    }

    private static int[] perAxis(OnnxReader.Node node, String attribute, int count, int least, int... otherwise) {
        OnnxReader.Attribute given = node.attributes().get(attribute);
        if (given == null) {
            return otherwise;
        }
        long[] all = given.wholes();
        if (all.length != count || Arrays.stream(all).anyMatch(n -> n < least || n > Short.MAX_VALUE)) {
            throw new IllegalArgumentException(attribute + " must have " + count + " numbers from " + least + " to "
                    + Short.MAX_VALUE + ". Received: " + Arrays.toString(all));
        }
        return Arrays.stream(all).mapToInt(n -> (int) n).toArray();
    }

    private static int[] filled(int count, int value) {
        int[] all = new int[count];
        Arrays.fill(all, value);
        return all;
    }

    private static Moves moves(OnnxReader.Node node, int[] pixels, int... known) {
        int axes = pixels.length;
        int[] window = perAxis(node, "kernel_shape", axes, 1, known);
        int[] strides = perAxis(node, "strides", axes, 1, filled(axes, 1));
        int[] dilations = perAxis(node, "dilations", axes, 1, filled(axes, 1));
        int[] pads = perAxis(node, "pads", 2 * axes, 0, new int[2 * axes]);
        String auto = node.text("auto_pad", "NOTSET");
        if (auto.equals("SAME_UPPER")) {
            for (int i = 0; i < axes; i++) {
                long places = (pixels[i] + strides[i] - 1L) / strides[i];
                int all = (int) Math.max(0, (places - 1) * strides[i] + (window[i] - 1L) * dilations[i] + 1 - pixels[i]);
                pads[i] = all / 2;
                pads[i + axes] = all - all / 2;
            }
        }
        if (!List.of("NOTSET", "VALID", "SAME_UPPER").contains(auto) || window.length != axes || node.whole("ceil_mode",
                0) != 0) {
            throw new IllegalArgumentException("BERAS has the window with auto_pad NOTSET, VALID or SAME_UPPER and ceil_mode 0."
                    + " Received: " + auto + " and " + node.whole("ceil_mode", 0));
        }
        return new Moves(window, strides, dilations, Arrays.copyOf(pads, axes), Arrays.copyOfRange(pads, axes, 2 * axes));
    }

    /** Examples with their channels last. */
    private Node pixels(OnnxReader.Node node) {
        Node x = x(node);
        if (x.shape().rank() != 2 && x.shape().rank() != 3) {
            throw new IllegalArgumentException("examples must be images or sequences with channels. Received shape: "
                    + x.shape());
        }
        return channelsLast(x);
    }

    private static int[] sizes(Node pixels) {
        return Arrays.copyOf(pixels.shape().toArray(), pixels.shape().rank() - 1);
    }

    void conv(OnnxReader.Node node) {
        Node x = pixels(node);
        int[] pixels = sizes(x);
        OnnxTensor kernel = constant(node, 1, "the kernel");
        Optional<OnnxTensor> bias = optional(node, 2, "the bias");
        int channels = x.shape().dim(-1);
        long group = node.whole("group", 1);
        int[] shape = kernel.sizes();
        if (shape.length != pixels.length + 2 || kernel.count() == 0 || group < 1 || shape[0] % group != 0
                || shape[1] * group != channels) {
            throw new IllegalArgumentException("the kernel \"" + kernel.name() + "\" must fit " + channels + " channels in "
                    + group
                    + " groups. Received shape: " + Arrays.toString(shape));
        }
        int filters = shape[0];
        bias.ifPresent(terms -> requireCount(terms, filters));
        int[] window = Arrays.copyOfRange(shape, 2, shape.length);
        Moves moves = moves(node, pixels, window);
        if (!Arrays.equals(window, moves.window)) {
            throw new IllegalArgumentException("kernel_shape must be that of the kernel. Received: "
                    + Arrays.toString(moves.window));
        }
        Optional<String> padding = moves.padding(pixels);
        if (padding.isEmpty()) {
            if (pixels.length == 1) {
                throw new IllegalArgumentException("sequences are padded to the same length, causally or not at all. Received: "
                        + moves.before[0] + " before and " + moves.behind[0] + " behind");
            }
            x = new ZeroPadding2D(moves.before[0], moves.behind[0], moves.before[1], moves.behind[1]).apply(x);
        }
        String how = padding.orElse("valid");
        List<OnnxTensor> tensors = new ArrayList<>(List.of(kernel));
        bias.ifPresent(tensors::add);
        int groups = (int) group;
        List<?> settings = List.of(how, groups, Arrays.toString(moves.strides), Arrays.toString(moves.dilations));
        Node y = pixels.length == 1
                ? graph.weighted(node, tensors, settings, () -> new Conv1D(filters, window[0]).strides(moves.strides)
                        .dilationRate(moves.dilations).padding(how).groups(groups).useBias(bias.isPresent()),
                        layer -> fill(layer.weights(), kernel, bias)).apply(x)
                : graph.weighted(node, tensors, settings, () -> new Conv2D(filters, window).strides(moves.strides)
                        .dilationRate(moves.dilations).padding(how).groups(groups).useBias(bias.isPresent()),
                        layer -> fill(layer.weights(), kernel, bias)).apply(x);
        graph.put(node, channelsFirst(y));
    }

    /** The taps of a filter lie behind each other there, the filters of a tap here. */
    private static void fill(List<Variable> weights, OnnxTensor kernel, Optional<OnnxTensor> bias)
            throws IOException {
        float[] values = kernel.floats();
        float[] turned = new float[values.length];
        int filters = kernel.sizes()[0];
        int channels = kernel.sizes()[1];
        int taps = values.length / filters / channels;
        for (int i = 0; i < values.length; i++) {
            int tap = i % taps;
            int channel = i / taps % channels;
            turned[(tap * channels + channel) * filters + i / taps / channels] = values[i];
        }
        fill(weights.get(0), turned);
        if (bias.isPresent()) {
            fill(weights.get(1), bias.get().floats());
        }
    }

    void maxPool(OnnxReader.Node node) {
        pool(node, true);
    }

    void averagePool(OnnxReader.Node node) {
        pool(node, false);
    }

    private void pool(OnnxReader.Node node, boolean max) {
        Node x = pixels(node);
        int[] pixels = sizes(x);
        Moves moves = moves(node, pixels);
        Optional<String> padding = moves.padding(pixels).filter(how -> !how.equals("causal"));
        boolean counted = padding.isPresent() && !padding.get().equals("valid") && node.whole("count_include_pad", 0) != 0;
        if (padding.isEmpty() || counted || node.outputs().size() > 1 || !Arrays.equals(moves.dilations, filled(pixels.length,
                1))) {
            throw new IllegalArgumentException("BERAS pools without padding or to the same size, where padding does not"
                    + " count, and"
                    + " without dilation. Received: pads " + Arrays.toString(moves.before) + " and "
                    + Arrays.toString(moves.behind));
        }
        String how = padding.get();
        Layer layer = pixels.length == 1
                ? max ? new MaxPooling1D(moves.window[0]).strides(moves.strides).padding(how)
                : new AveragePooling1D(moves.window[0]).strides(moves.strides).padding(how)
                : max ? new MaxPooling2D(moves.window).strides(moves.strides).padding(how)
                : new AveragePooling2D(moves.window).strides(moves.strides).padding(how);
        graph.put(node, channelsFirst(layer.apply(x)));
    }

    void globalPool(OnnxReader.Node node, boolean max) {
        Node x = pixels(node);
        Layer layer = x.shape().rank() == 2
                ? max ? new GlobalMaxPooling1D().keepdims(true) : new GlobalAveragePooling1D().keepdims(true)
                : max ? new GlobalMaxPooling2D().keepdims(true) : new GlobalAveragePooling2D().keepdims(true);
        graph.put(node, channelsFirst(layer.apply(x)));
    }
}

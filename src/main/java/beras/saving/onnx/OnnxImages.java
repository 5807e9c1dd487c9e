package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.layers.Conv1D;
import beras.layers.Conv2D;
import beras.layers.Convolution;
import beras.layers.DepthwiseConv2D;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.layers.Permute;
import beras.layers.UpSampling2D;
import beras.layers.ZeroPadding2D;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.saving.bytes.ElementType;
import beras.tensor.Variable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Operators on images and sequences. ONNX has their channels before the pixels, BERAS behind them. */
final class OnnxImages extends OnnxFamily {

    OnnxImages(OnnxImport graph) {
        super(graph);
    }

    /**
     * How a window moves, by axis of pixels.
     *
     * @param padded  whether the file gives the padding, so that it may count
     * @param reaches whether the last window goes beyond what the file pads
     */
    private record Moves(int[] window, int[] strides, int[] dilations, int[] before, int[] behind, boolean padded,
            boolean reaches) {

        /** The {@code padding} with the same effect for pixels of these sizes; empty if there is none. */
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
        refuseIf(all.length != count || Arrays.stream(all).anyMatch(n -> n < least || n > Short.MAX_VALUE),
                attribute + " must have " + count + " numbers from " + least + " to " + Short.MAX_VALUE + ". Received: "
                + Arrays.toString(all));
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
        refuseIf(!List.of("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER").contains(auto) || window.length != axes,
                "BERAS has a window of " + axes + " axes, with auto_pad NOTSET, VALID, SAME_UPPER or SAME_LOWER. Received: "
                + window.length + " axes, and " + auto);
        boolean padded = false;
        boolean reaches = false;
        for (int i = 0; i < axes; i++) {
            long reach = (window[i] - 1L) * dilations[i] + 1;
            if (auto.startsWith("SAME")) {
                long places = (pixels[i] + strides[i] - 1L) / strides[i];
                int all = (int) Math.max(0, (places - 1) * strides[i] + reach - pixels[i]);
                pads[i] = auto.equals("SAME_LOWER") ? all - all / 2 : all / 2;
                pads[i + axes] = all - pads[i];
            }
            padded |= pads[i] + pads[i + axes] > 0;
            if (!auto.startsWith("SAME") && node.whole("ceil_mode", 0) != 0) { // as far behind as the last window reaches
                long beyond = (long) pixels[i] + pads[i] + pads[i + axes] - reach;
                long places = (beyond + strides[i] - 1) / strides[i] + 1;
                places -= (places - 1) * strides[i] >= (long) pixels[i] + pads[i] ? 1 : 0;
                int behind = (int) Math.max(0, (places - 1) * strides[i] + reach - pixels[i] - pads[i]);
                reaches |= behind > pads[i + axes];
                pads[i + axes] = behind;
            }
        }
        return new Moves(window, strides, dilations, Arrays.copyOf(pads, axes), Arrays.copyOfRange(pads, axes, 2 * axes), padded,
                reaches);
    }

    /** Examples with their channels last. */
    private Node pixels(OnnxReader.Node node) {
        Node x = x(node);
        refuseIf(x.shape().rank() != 2 && x.shape().rank() != 3,
                "examples must be images or sequences with channels. Received shape: " + x.shape());
        return channelsLast(x);
    }

    private static int[] sizes(Node pixels) {
        return Arrays.copyOf(pixels.shape().toArray(), pixels.shape().rank() - 1);
    }

    /** The window of a kernel, which must fit the channels, groups and {@code kernel_shape} of its node; so must the bias. */
    private int[] window(OnnxReader.Node node, OnnxTensor kernel, Optional<OnnxTensor> bias, int channels, int axes) {
        int[] shape = kernel.sizes();
        long group = node.whole("group", 1);
        boolean back = node.type().equals("ConvTranspose");
        refuseIf(shape.length != axes + 2 || kernel.count() == 0 || group < 1 || shape[0] % group != 0
                || (back ? shape[0] : shape[1] * group) != channels, "the kernel \"" + kernel.name() + "\" must fit " + channels
                + " channels in " + group + " groups. Received shape: " + Arrays.toString(shape));
        bias.ifPresent(terms -> requireCount(terms, back ? Math.toIntExact(shape[1] * group) : shape[0]));
        int[] window = Arrays.copyOfRange(shape, 2, shape.length);
        int[] given = perAxis(node, "kernel_shape", axes, 1, window);
        refuseIf(!Arrays.equals(window, given), "kernel_shape must be that of the kernel. Received: " + Arrays.toString(given));
        return window;
    }

    void conv(OnnxReader.Node node) {
        Node x = pixels(node);
        int[] pixels = sizes(x);
        OnnxTensor kernel = constant(node, 1, "the kernel");
        Optional<OnnxTensor> bias = optional(node, 2, "the bias");
        int channels = x.shape().dim(-1);
        int groups = (int) node.whole("group", 1);
        int[] window = window(node, kernel, bias, channels, pixels.length);
        int filters = kernel.sizes()[0];
        Moves moves = moves(node, pixels, window);
        Optional<String> padding = moves.padding(pixels);
        if (padding.isEmpty()) {
            refuseIf(pixels.length == 1, "sequences are padded to the same length, causally or not at all. Received: "
                    + moves.before[0] + " before and " + moves.behind[0] + " behind");
            x = new ZeroPadding2D(moves.before[0], moves.behind[0], moves.before[1], moves.behind[1]).apply(x);
        }
        String how = padding.orElse("valid");
        List<OnnxTensor> tensors = new ArrayList<>(List.of(kernel));
        bias.ifPresent(tensors::add);
        List<?> settings = List.of(how, groups, Arrays.toString(moves.strides), Arrays.toString(moves.dilations));
        Supplier<Convolution<?>> layer = pixels.length == 2 && groups > 1 && groups == channels
                ? () -> new DepthwiseConv2D(window).with("depthMultiplier", filters / channels)
                : pixels.length == 1 ? () -> new Conv1D(filters, window[0]).with("groups", groups)
                : () -> new Conv2D(filters, window).with("groups", groups);
        Node y = graph.weighted(node, tensors, settings, () -> layer.get().strides(moves.strides).with("dilationRate", moves.dilations)
                .padding(how).useBias(bias.isPresent()), made -> fill(made.weights(), kernel, bias)).apply(x);
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

    private static int[] pixelsOf(Node x) {
        refuseIf(x.shape().rank() < 2, "examples must be images or sequences with channels. Received shape: " + x.shape());
        return Arrays.copyOfRange(x.shape().toArray(), 1, x.shape().rank());
    }

    private static Config config(OnnxReader.Node node, Moves moves) {
        return Config.of(node.type()).with("kernel_shape", list(moves.window)).with("strides", list(moves.strides))
                .with("dilations", list(moves.dilations)).with("pads", list(moves.before, moves.behind));
    }

    private static List<Integer> list(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).boxed().toList();
    }

    void lpPool(OnnxReader.Node node) throws IOException {
        operator(node, config(node, moves(node, pixelsOf(x(node)))));
    }

    void pool(OnnxReader.Node node, boolean max) throws IOException {
        Moves moves = moves(node, pixelsOf(x(node)));
        refuseIf(node.outputs().size() > 1, "BERAS pools without indices. Received outputs: " + node.outputs());
        if (!layerPools(node, max, moves)) {
            refuseIf(node.whole("count_include_pad", 0) != 0 && moves.reaches, "the last window must end in the padding if that counts."
                    + " Received: pads " + list(moves.before, moves.behind));
            operator(node, config(node, moves));
        }
    }

    private boolean layerPools(OnnxReader.Node node, boolean max, Moves moves) {
        if (x(node).shape().rank() > 3 || !Arrays.equals(moves.dilations, filled(moves.dilations.length, 1))) {
            return false;
        }
        Node x = pixels(node);
        int[] pixels = sizes(x);
        Optional<String> padding = moves.padding(pixels).filter(how -> !how.equals("causal"));
        boolean counted = !max && node.whole("count_include_pad", 0) != 0 && moves.padded;
        // Zeros around an image do not change the maximum of numbers of at least 0, and a mean counts them.
        boolean zeros = pixels.length == 2 && (counted && !moves.reaches || padding.isEmpty() && max && isNotNegative(x));
        if ((padding.isEmpty() || counted) && !zeros) {
            return false;
        }
        String how = zeros ? "valid" : padding.get();
        if (zeros) {
            x = new ZeroPadding2D(moves.before[0], moves.behind[0], moves.before[1], moves.behind[1]).apply(x);
        }
        Layer layer = Layers.REGISTRY.of(Config.of((max ? "MaxPooling" : "AveragePooling") + pixels.length + "D")
                .with("poolSize", list(moves.window)).with("strides", list(moves.strides)).with("padding", how));
        graph.put(node, channelsFirst(layer.apply(x)));
        return true;
    }

    private static boolean isNotNegative(Node x) {
        return x.layer() instanceof Permute ? isNotNegative(x.inputs().get(0))
                : x.layer() instanceof ReLU relu && !relu.config().has("negativeSlope") || x.layer() instanceof Sigmoid;
    }

    // -------------------------------------------------------------------------------------------- of all pixels

    void globalPool(OnnxReader.Node node, boolean max) {
        Node x = pixels(node);
        Layer layer = Layers.REGISTRY.of(Config.of((max ? "GlobalMaxPooling" : "GlobalAveragePooling") + (x.shape().rank() - 1) + "D")
                .with("keepdims", true));
        graph.put(node, channelsFirst(layer.apply(x)));
    }

    // -------------------------------------------------------------------------------------------------- the other way

    /** The kernel lies as that of a convolution that goes back. Cropping that differs from BERAS's is done behind it. */
    void convTranspose(OnnxReader.Node node) throws IOException {
        int[] pixels = pixelsOf(x(node));
        int axes = pixels.length;
        OnnxTensor kernel = constant(node, 1, "the kernel");
        int[] window = window(node, kernel, optional(node, 2, "the bias"), x(node).shape().dim(0), axes);
        int[] strides = perAxis(node, "strides", axes, 1, filled(axes, 1));
        int[] dilations = perAxis(node, "dilations", axes, 1, filled(axes, 1));
        int[] more = perAxis(node, "output_padding", axes, 0, new int[axes]);
        int[] pads = perAxis(node, "pads", 2 * axes, 0, new int[2 * axes]);
        int[] output = perAxis(node, "output_shape", axes, 1, new int[axes]);
        boolean upper = node.text("auto_pad", "NOTSET").equals("SAME_UPPER");
        boolean same = upper || node.text("auto_pad", "NOTSET").equals("SAME_LOWER");
        for (int i = 0; i < axes; i++) {
            int full = Math.toIntExact((pixels[i] - 1L) * strides[i] + (window[i] - 1L) * dilations[i] + 1 + more[i]);
            output[i] = output[i] == 0 && same ? pixels[i] * strides[i] : output[i];
            if (output[i] > 0) {
                int cut = Math.max(0, full - output[i]);
                pads[i] = upper ? cut / 2 : cut - cut / 2;
            } else {
                output[i] = full - pads[i] - pads[i + axes];
            }
        }
        operator(node, Config.of(node.type()).with("strides", list(strides)).with("dilations", list(dilations))
                .with("pads", list(pads)).with("output_shape", list(output)).with("auto_pad", "NOTSET"));
    }

    void resize(OnnxReader.Node node) throws IOException {
        Node x = x(node);
        OnnxTensor scales = constant(node, 2, "the scales");
        String mode = node.text("mode", "nearest");
        String places = node.text("coordinate_transformation_mode", "half_pixel");
        String rounding = node.text("nearest_mode", "round_prefer_floor");
        boolean nearest = mode.equals("nearest") && (places.equals("asymmetric") && rounding.equals("floor")
                || places.equals("half_pixel") && rounding.startsWith("round_prefer"));
        boolean linear = mode.equals("linear") && List.of("half_pixel", "pytorch_half_pixel").contains(places);
        float[] factors = scales.count() == 4 && scales.type() == ElementType.F32 ? scales.floats() : new float[] {0};
        boolean fits = x.shape().rank() == 3 && factors.length == 4 && factors[0] == 1f && (factors[1] == 1f || factors[3] == 1f)
                && !node.attributes().containsKey("axes") && node.whole("antialias", 0) == 0;
        for (float factor : factors) {
            fits = fits && factor >= 1f && factor <= Short.MAX_VALUE && factor == (int) factor;
        }
        refuseIf(!fits || !nearest && !linear, "BERAS makes images larger by whole factors, nearest or linear. Received: mode "
                + mode + ", " + places + ", " + rounding + ", scales " + Arrays.toString(factors));
        boolean first = factors[3] != 1f || factors[1] == 1f && x.layer() instanceof Permute;
        Layer layer = new UpSampling2D((int) factors[first ? 2 : 1], (int) factors[first ? 3 : 2])
                .with("interpolation", nearest ? "nearest" : "bilinear");
        graph.put(node, first ? channelsFirst(layer.apply(channelsLast(x))) : layer.apply(x));
    }
}

package beras.saving.onnx;

import beras.config.InvalidDataException;
import beras.config.ProposedSetting;
import beras.prediction.Encoding;
import beras.prediction.Encoding.Step;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * An {@link Encoding} as nodes of ONNX before and behind a network. Each column is an input {@code (batch, 1)}: numbers are
 * doubles, and texts strings.
 */
final class OnnxEncoding {

    private static final Shape ONE = Shape.of(1);
    /** The largest double that does not become infinite as a float. */
    private static final double LARGEST = Math.nextDown(0x1.ffffffp127);

    private final OnnxGraph g;
    private final Encoding encoding;
    final List<String> lost = new ArrayList<>(); // differences of the graph, in sentences

    OnnxEncoding(OnnxGraph graph, Encoding encoding) {
        this.g = graph;
        this.encoding = encoding;
    }

    // --------------------------------------------------------------------------------------------------- inputs

    /** Adds the inputs and their encoding: the tensor of features in this shape. */
    String features(Shape shape) {
        List<String> inputs = new ArrayList<>();
        for (Encoding.Source source : encoding.sources()) {
            if (source instanceof Encoding.OtherTexts || source instanceof Encoding.Dates) {
                throw new InvalidDataException("ONNX has no operator that "
                        + (source instanceof Encoding.OtherTexts texts ? texts.how() : "reads dates") + ", as column " + source.name()
                        + " needs. Leave it out of the training, with " + new ProposedSetting("types", source.name() + "=ignored")
                        + ", or use the model here");
            }
            inputs.add(input(source));
        }
        List<String> features = new ArrayList<>();
        boolean hasTexts = false;
        for (int i = 0; i < inputs.size(); i++) {
            Encoding.Source source = encoding.sources().get(i);
            g.at("features/" + source.name());
            if (source instanceof Encoding.Pixels) {
                return g.reshape(g.of("Div", g.cast(inputs.get(i), OnnxFields.FLOAT), g.scalar("most", 255f)), shape.toArray());
            } else if (source instanceof Encoding.Numbers numbers) {
                numbers(numbers, inputs.get(i), features);
            } else {
                texts((Encoding.Texts) source, inputs.get(i), features);
                hasTexts = true;
            }
        }
        if (hasTexts) {
            lost.add("The graph takes texts as they are, numbers among them as training has them, in plain digits, or with .0"
                    + " behind, and does not remove spaces around them; a missing one is an empty text");
        }
        g.at("features");
        return g.op("Concat", features, "axis", 1L);
    }

    private String input(Encoding.Source source) {
        if (source instanceof Encoding.Pixels pixels) {
            return g.input(pixels.name(), OnnxFields.UINT8, pixels.shape(), "pixels from 0 to 255");
        }
        return source instanceof Encoding.Texts
                ? g.input(source.name(), OnnxFields.STRING, ONE, "a text; empty if it is missing")
                : g.input(source.name(), OnnxFields.DOUBLE, ONE, "a number; NaN if it is missing");
    }

    private void numbers(Encoding.Numbers column, String x, List<String> features) {
        // No comparison with NaN is true.
        String missing = g.op("Not", g.of("LessOrEqual", g.op("Abs", x), g.real("finite", LARGEST)));
        for (double mark : column.marks()) {
            missing = g.of("Or", missing, g.of("Equal", x, g.real("mark", mark)));
        }
        for (List<Step> chain : column.chains()) {
            List<String> results = List.of(x);
            for (Step step : chain) {
                results = results(step, results.get(0));
            }
            for (String result : results) {
                features.add(g.cast(g.op("Where", List.of(missing, g.real("none", 0), result)), OnnxFields.FLOAT));
            }
        }
        if (column.flagged()) {
            features.add(g.cast(missing, OnnxFields.FLOAT));
        }
    }

    /** The results of a step for a number. */
    private List<String> results(Step step, String x) {
        if (step instanceof Encoding.Clip clip) {
            String clipped = clip.max() < Double.POSITIVE_INFINITY ? g.of("Min", x, g.real("most", clip.max())) : x;
            return List.of(clip.min() > Double.NEGATIVE_INFINITY ? g.of("Max", clipped, g.real("least", clip.min())) : clipped);
        }
        if (step instanceof Encoding.Standardize of) {
            return List.of(g.of("Div", g.of("Sub", x, g.real("mean", of.mean())), g.real("deviation", of.standardDeviation())));
        }
        if (step instanceof Encoding.SmoothClip clip) {
            String share = g.of("Div", x, g.real("limit", clip.limit()));
            return List.of(g.of("Div", x, g.op("Sqrt", g.of("Add", g.of("Mul", share, share), g.real("one", 1)))));
        }
        if (step instanceof Encoding.PiecewiseLinear code) {
            return List.of(bins(code, x));
        }
        if (step instanceof Encoding.OneHot oneHot) {
            return List.of(oneHot(x, oneHot.width()));
        }
        String angle = g.of("Mul", x, g.real("circle", 2 * Math.PI)); // a circle
        return List.of(g.op("Sin", angle), g.op("Sin", g.of("Add", angle, g.real("quarter", Math.PI / 2))));
    }

    /** A piecewise-linear code: all bins in one tensor. */
    private String bins(Encoding.PiecewiseLinear code, String x) {
        int bins = code.edges().size() - 1;
        double[] lower = new double[bins];
        double[] upper = new double[bins];
        double[] center = new double[bins];
        double[] width = new double[bins];
        for (int i = 0; i < bins; i++) {
            lower[i] = code.edges().get(i);
            upper[i] = code.edges().get(i + 1);
            center[i] = Math.max(lower[i], Math.min(upper[i], code.center()));
            width[i] = (upper[i] - lower[i]) * 2 * Math.sqrt(bins);
        }
        String clipped = g.of("Max", g.of("Min", x, g.reals("upper", upper)), g.reals("lower", lower));
        return g.of("Div", g.of("Sub", clipped, g.reals("center", center)), g.reals("width", width));
    }

    private void texts(Encoding.Texts column, String x, List<String> features) {
        if (!column.numbers().isEmpty()) {
            features.add(numbers(column, x));
        }
        List<String> keys = new ArrayList<>();
        long[] places = new long[column.places().size()];
        for (Map.Entry<String, Integer> entry : column.places().entrySet()) {
            places[keys.size()] = entry.getValue();
            keys.add(entry.getKey());
        }
        features.add(g.cast(oneHot(g.op("LabelEncoder", x, "keys_strings", keys, "values_int64s", places, "default_int64",
                (long) column.others()), column.width()), OnnxFields.FLOAT));
    }

    /** The numbers that encode a text; unknown texts use the last row. */
    private String numbers(Encoding.Texts column, String x) {
        int width = column.numbers().values().iterator().next().size();
        List<String> keys = new ArrayList<>(column.numbers().keySet());
        float[] rows = new float[(keys.size() + 1) * width];
        for (int i = 0; i < keys.size(); i++) {
            for (int j = 0; j < width; j++) {
                rows[i * width + j] = column.numbers().get(keys.get(i)).get(j);
            }
        }
        String row = g.op("LabelEncoder", x, "keys_strings", keys, "values_int64s", LongStream.range(0, keys.size()).toArray(),
                "default_int64", (long) keys.size());
        String found = g.of("Gather", g.constant("numbers", Tensor.wrap(rows, keys.size() + 1, width)), row); // (batch, 1, width)
        return g.reshape(found, width);
    }

    /** True at each place; nowhere for a place that is not there. */
    private String oneHot(String place, int width) {
        return g.of("Equal", place, g.integers("places", LongStream.range(0, width).toArray()));
    }

    // -------------------------------------------------------------------------------------------------- outputs

    /** Adds the outputs that decode the output of the network. */
    void outputs(String y) {
        g.at("outputs");
        if (encoding.meaning() instanceof Encoding.Regression regression) {
            String restored = g.of("Add", g.of("Mul", g.cast(y, OnnxFields.DOUBLE),
                    g.real("deviation", regression.standardDeviation())),
                    g.real("mean", regression.mean()));
            restored = Double.isInfinite(regression.least()) ? restored
                    : g.of("Max", restored, g.real("least", regression.least()));
            restored = Double.isInfinite(regression.most()) ? restored : g.of("Min", restored, g.real("most", regression.most()));
            g.output(restored, "prediction", OnnxFields.DOUBLE, ONE);
            return;
        }
        Encoding.Labels meaning = (Encoding.Labels) encoding.meaning();
        String probabilities = y;
        if (meaning.outputs() < meaning.labels().size()) {
            probabilities = g.op("Concat", List.of(g.of("Sub", g.scalar("one", 1f), y), y), "axis", 1L);
        }
        String best = g.op("ArgMax", probabilities, "axis", 1L, "keepdims", 0L);
        String label = g.op("LabelEncoder", best, "keys_int64s", LongStream.range(0, meaning.labels().size()).toArray(),
                "values_strings", meaning.labels());
        g.output(label, "label", OnnxFields.STRING, Shape.of());
        g.output(probabilities, "probabilities", OnnxFields.FLOAT, Shape.of(meaning.labels().size()));
    }
}

package beras.saving.onnx;

import beras.config.Setting;
import beras.prediction.Encoding.Part;
import beras.prediction.Encoding.Step;
import beras.prediction.Encoding;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * An {@link Encoding} as nodes of ONNX before and behind a net. Each column is an input of its own, {@code (batch, 1)}: numbers
 * are doubles, texts strings, and dates days, for no operator reads dates.
 */
final class OnnxEncoding {

    private static final Shape ONE = Shape.of(1);
    private static final long DAYS_TO_YEAR_0 = 719_468; // from its first of March to the beginning of 1970
    private static final long DAYS_TO_YEAR_1 = 719_162; // from its first of January
    private static final long DAYS_OF_400_YEARS = 146_097;
    private static final long FIRST_WEEKDAY = 3; // 1970 began on a Thursday
    /** The largest double that does not become infinite as a float. */
    private static final double LARGEST = Math.nextDown(0x1.ffffffp127);

    private final OnnxGraph g;
    private final Encoding encoding;
    private final List<String> lost = new ArrayList<>();

    OnnxEncoding(OnnxGraph graph, Encoding encoding) {
        this.g = graph;
        this.encoding = encoding;
    }

    /** What the graph does otherwise, in sentences. */
    List<String> lost() {
        return lost;
    }

    // --------------------------------------------------------------------------------------------------- inputs

    /** Adds the inputs and what becomes of them: the tensor of features in this shape. */
    String features(Shape shape) {
        List<String> inputs = new ArrayList<>();
        for (Encoding.Source source : encoding.sources()) {
            if (source instanceof Encoding.OtherTexts texts) {
                throw new IllegalArgumentException("ONNX has no operator that " + texts.how() + ", as column " + texts.name()
                        + " needs. Leave it out of the training, with " + new Setting("types", texts.name() + "=ignored")
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
            } else if (source instanceof Encoding.Texts texts) {
                texts(texts, inputs.get(i), features);
                hasTexts = true;
            } else {
                dates((Encoding.Dates) source, inputs.get(i), features);
                lost.add("The graph does not read dates: it takes \"" + inputs.get(i) + "\" as days since 1970-01-01, with"
                        + " the time of day as a fraction, and NaN if it is missing");
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
                : g.input(source.name(), OnnxFields.DOUBLE, ONE, source instanceof Encoding.Numbers
                ? "a number; NaN if it is missing" : "days since 1970-01-01, with a fraction for the time; NaN if it is missing");
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

    /** What a step makes of a number. */
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

    /** The numbers that stand for a text; those of all that have none are in the last row. */
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

    // ---------------------------------------------------------------------------------------------------- dates

    private void dates(Encoding.Dates column, String x, List<String> features) {
        String missing = g.op("Not", g.of("LessOrEqual", g.op("Abs", x), g.real("finite", LARGEST)));
        String there = g.cast(g.op("Not", missing), OnnxFields.FLOAT);
        String days = g.op("Where", List.of(missing, g.real("none", 0), x));
        String whole = g.op("Floor", days);
        String time = g.of("Sub", days, whole);
        String day = g.cast(whole, OnnxFields.INT64);
        List<String> parts = new ArrayList<>();
        for (Part part : column.parts()) {
            results(part.step(), switch (part.number()) {
                case YEAR -> g.cast(year(day), OnnxFields.DOUBLE);
                case SEASON -> season(day);
                case WEEKDAY -> g.of("Mod", plus(day, FIRST_WEEKDAY), g.integers("week", 7));
                case TIME -> time;
                case DAYS -> days;
            }).forEach(result -> parts.add(g.cast(result, OnnxFields.FLOAT)));
        }
        parts.forEach(part -> features.add(g.of("Mul", part, there)));
        if (column.flagged()) {
            features.add(g.cast(missing, OnnxFields.FLOAT));
        }
    }

    private String plus(String a, long b) {
        return b == 0 ? a : g.of("Add", a, g.integers("plus", b));
    }

    private String over(String a, long b) {
        return g.of("Div", a, g.integers("over", b));
    }

    private String times(String a, long b) {
        return g.of("Mul", a, g.integers("times", b));
    }

    /** The year of a day, counted from March, so that leap days come last. */
    private String year(String day) {
        String z = plus(day, DAYS_TO_YEAR_0);
        String era = over(z, DAYS_OF_400_YEARS);
        String ofEra = g.of("Sub", z, times(era, DAYS_OF_400_YEARS));
        String leaps = g.of("Add", g.of("Sub", over(ofEra, 1460), over(ofEra, 36_524)), over(ofEra, 146_096));
        String yearOfEra = over(g.of("Sub", ofEra, leaps), 365);
        String before = g.of("Sub", g.of("Add", times(yearOfEra, 365), over(yearOfEra, 4)), over(yearOfEra, 100));
        String january = g.of("GreaterOrEqual", g.of("Sub", ofEra, before), g.integers("january", 306));
        return g.of("Add", g.of("Add", yearOfEra, times(era, 400)), g.cast(january, OnnxFields.INT64));
    }

    /** The share of the year that is over. */
    private String season(String day) {
        String year = year(day);
        String first = firstDay(plus(year, -1));
        String length = g.of("Sub", firstDay(year), first);
        return g.of("Div", g.cast(g.of("Sub", day, first), OnnxFields.DOUBLE), g.cast(length, OnnxFields.DOUBLE));
    }

    /** The first day after so many years. */
    private String firstDay(String years) {
        String leaps = g.of("Add", g.of("Sub", over(years, 4), over(years, 100)), over(years, 400));
        return plus(g.of("Add", times(years, 365), leaps), -DAYS_TO_YEAR_1);
    }

    // -------------------------------------------------------------------------------------------------- outputs

    /** Adds the outputs that say what the output of the net means. */
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

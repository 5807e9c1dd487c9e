package beras.build;

import java.util.List;
import java.util.stream.Collectors;

/** Writes loops over the elements of a row, of arrays and numbers: in plain Java, which defines them, and over vectors. */
final class RowGenerator {

    private static final List<Row> ROWS = List.of(
            new Row("normalize", "x, mean, scale, shift, y", "fma(x - mean, scale, shift)"),
            new Row("normalizeGradient", "upstream, upstreamMean, scale, x, mean, slope, out",
                    "fma(mean - x, slope, (upstream - upstreamMean) * scale)"),
            new Row("squaredDifferences", "x, float shift, out", "difference * difference", "difference = x - shift"),
            new Row("normalizeRow", "x, float mean, float inverse, scale, shift, y", "fma((x - mean) * inverse, scale, shift)"),
            new Row("multiplyByNormalized", "x, float mean, float inverse, terms", "terms * ((x - mean) * inverse)"),
            new Row("normalizeRowGradient", "x, float mean, float inverse, scale, upstream, float a, float b, out",
                    "fma((x - mean) * inverse, -b, upstream * scale - a) * inverse"),
            new Row("addNormalized", "x, float mean, float inverse, upstream, out", "fma(upstream, (x - mean) * inverse, out)"),
            new Row("divide", "float divisor, y", "y / divisor"));

    private static final String SCALAR = """
            package beras.kernels;

            /** Loops over the elements of a row. */
            class RowLoops {
            """;
    private static final String VECTOR = """
            package beras.kernels;

            import static beras.kernels.Lanes.COUNT;
            import static beras.kernels.Lanes.FLOATS;
            import static jdk.incubator.vector.FloatVector.broadcast;
            import static jdk.incubator.vector.FloatVector.fromArray;

            import jdk.incubator.vector.FloatVector;

            /** {@link RowLoops} with SIMD. */
            final class VectorRowLoops extends RowLoops {
            """;

    /**
     * @param parameters the numbers and arrays; the last array is written
     * @param steps      values that are used several times
     */
    private record Row(String name, String parameters, String value, String... steps) {

        List<String> names() {
            return List.of(parameters.split(", "));
        }

        List<String> arrays() {
            return names().stream().filter(name -> !name.startsWith("float ")).toList();
        }

        String out() {
            return arrays().get(arrays().size() - 1);
        }

        private String begin() {
            return "    void " + name + "(" + names().stream()
                    .map(name -> name.startsWith("float ") ? name : "float[] " + name + ", int " + name + "Offset")
                    .collect(Collectors.joining(", ")) + ", int n) {\n";
        }

        String scalar() {
            ScalarCode code = new ScalarCode();
            arrays().forEach(array -> code.names.put(array, array + "[" + array + "Offset + i]"));
            StringBuilder method = new StringBuilder("\n    /** {@code " + out() + " = " + value + "}"
                    + (steps.length == 0 ? "" : " with {@code " + String.join("; ", steps) + "}") + ". */\n" + begin());
            method.append("        for (int i = 0; i < n; i++) {\n");
            for (String step : steps) {
                method.append("            float " + step.split(" = ")[0] + " = " + code.of(Expression.of(step.split(" = ")[1])) + ";\n");
            }
            return method + "            " + code.names.get(out()) + " = " + code.of(Expression.of(value)) + ";\n        }\n    }\n";
        }

        String vector() {
            VectorCode code = new VectorCode(new ScalarCode(), false);
            arrays().forEach(array -> code.lanes.put(array, "fromArray(FLOATS, " + array + ", " + array + "Offset + i)"));
            StringBuilder body = new StringBuilder();
            for (String step : steps) {
                String variable = step.split(" = ")[0];
                body.append("            FloatVector " + variable + " = " + code.of(Expression.of(step.split(" = ")[1])) + ";\n");
                code.lanes.put(variable, variable);
            }
            body.append("            " + code.of(Expression.of(value)) + ".intoArray(" + out() + ", " + out() + "Offset + i);\n");
            StringBuilder method = new StringBuilder("\n    @Override\n" + begin() + "        int bound = FLOATS.loopBound(n);\n");
            code.constants.values().forEach(constant -> method.append("        " + constant + "\n"));
            return method + "        for (int i = 0; i < bound; i += COUNT) {\n" + body + "        }\n        super." + name + "("
                    + names().stream().map(name -> name.startsWith("float ") ? name.substring(6) : name + ", " + name + "Offset + bound")
                            .collect(Collectors.joining(", ")) + ", n - bound);\n    }\n";
        }
    }

    static String scalar() {
        return ROWS.stream().map(Row::scalar).collect(Collectors.joining("", SCALAR, "}\n"));
    }

    static String vector() {
        return ROWS.stream().map(Row::vector).collect(Collectors.joining("", VECTOR, "}\n"));
    }

    private RowGenerator() {}
}

package beras.build;

import beras.build.Expression.Kind;
import beras.build.Formulas.Function;
import beras.build.Formulas.Op;
import beras.build.Formulas.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes {@link Formulas} in plain Java, as constants of enumerations and in operations of tensors; {@link LoopGenerator} with vectors. */
final class FunctionGenerator {

    /** Those that are computed in double, by hand; there are no vectors of them. */
    static final Set<String> BY_HAND = Set.of("sin", "cos", "erf", "power", "clip", "clips", "celu", "celuSlope", "logSigmoid",
            "logSigmoidSlope", "squarePlus", "squarePlusSlope", "tanhShrink", "tanhShrinkSlope");

    // --------------------------------------------------------------------------------------------- enumerations

    static String enumeration(String name, String doc, List<Op> ops, String members) {
        String constants = ops.stream().map(op -> comment(op.doc(), "    ") + "    " + op.name() + (members.isEmpty() ? "" : "(" + isOfOutput(op) + ")"))
                .collect(Collectors.joining(",\n"));
        return "package beras.kernels;\n\n" + comment(doc, "") + "public enum " + name + " {\n" + constants + (members.isEmpty() ? "\n" : ";\n\n")
                + members + "}\n";
    }

    static String unary() {
        return enumeration("UnaryOp", """
                An elementwise function of one number, with an optional parameter {@code alpha}.

                <p>Each constant has one function in {@code ScalarMath} and may have one with SIMD; both give the same bits.""",
                Formulas.UNARY, """
                    private final boolean differentiableFromOutput;

                    UnaryOp(boolean differentiableFromOutput) {
                        this.differentiableFromOutput = differentiableFromOutput;
                    }

                    /** Whether the derivative follows from the output alone, so that the input need not be kept. */
                    public boolean differentiableFromOutput() {
                        return differentiableFromOutput;
                    }
                """);
    }

    private static boolean isOfOutput(Op op) {
        return op.isOfSign() || op.slope().count("x") == 0;
    }

    private static String comment(String text, String indent) {
        return text.contains("\n") ? text.lines().map(line -> (indent + " * " + line).stripTrailing())
                .collect(Collectors.joining("\n", indent + "/**\n", "\n" + indent + " */\n")) : indent + "/** " + text + " */\n";
    }

    // --------------------------------------------------------------------------------------------------- scalar

    /** How a class names numbers and functions, its own and those of others. */
    static ScalarCode codeOf(String owner) {
        ScalarCode code = new ScalarCode();
        BY_HAND.forEach(function -> code.calls.put(function, "FloatMath."));
        Formulas.NUMBERS.forEach((name, value) -> {
            code.names.put(name, owner.equals("ScalarMath") ? name : "ScalarMath." + name);
            if (value.startsWith("int ")) {
                code.ints.add(name);
            }
        });
        Formulas.FUNCTIONS.forEach((name, function) -> code.calls.put(name, function.owner.equals(owner) ? "" : function.owner + "."));
        return code;
    }

    static String scalarMath() {
        StringBuilder out = new StringBuilder("""
                package beras.kernels;

                import java.util.EnumSet;
                import java.util.Set;

                /** The definition of the functions of {@link UnaryOp} and {@link BinaryOp}, with their derivatives. */
                final class ScalarMath {

                """);
        out.append(withoutVectors("UnaryOp", "WITHOUT_VECTORS", Formulas.UNARY, false));
        out.append(withoutVectors("UnaryOp", "SLOPES_WITHOUT_VECTORS", Formulas.UNARY, true));
        out.append(withoutVectors("BinaryOp", "OF_TWO_WITHOUT_VECTORS", Formulas.BINARY, false) + "\n");
        Formulas.NUMBERS.forEach((name, value) -> out.append("    static final " + (value.startsWith("int ") ? value.replace("int ", "int " + name + " = ")
                : "float " + name + " = " + value) + ";\n"));
        out.append(functions("ScalarMath"));
        out.append("""

                    /** Each function that takes some operations is a method: this one is compiled into its loops, if it has at most 325 bytes. */
                    static float apply(UnaryOp op, float alpha, float x) {
                """ + cases("ScalarMath", Formulas.UNARY, false) + """

                    /** The derivative of {@code op} at {@code x}, where {@code y = op(x)}. */
                    static float derivative(UnaryOp op, float alpha, float x, float y) {
                """ + cases("ScalarMath", Formulas.UNARY, true) + """

                    static float apply(BinaryOp op, float a, float b) {
                """ + cases("ScalarMath", Formulas.BINARY, false));
        return out + "\n    private ScalarMath() {}\n}\n";
    }

    private static String withoutVectors(String type, String name, List<Op> ops, boolean slopes) {
        return ops.stream().filter(op -> !hasVectors(slopes ? op.slope() : op.value())).map(op -> type + "." + op.name())
                .collect(Collectors.joining(", ", "    static final Set<" + type + "> " + name + " = EnumSet.of(", ");\n"));
    }

    static String lossMath() {
        return """
                package beras.kernels;

                /** The functions of {@link LossOp} with their derivatives. */
                final class LossMath {
                """ + functions("LossMath") + """

                    static float apply(LossOp op, float alpha, float p, float t) {
                """ + cases("LossMath", Formulas.LOSSES, false) + """

                    /** The derivative of {@code op} by the prediction. */
                    static float derivative(LossOp op, float alpha, float p, float t) {
                """ + cases("LossMath", Formulas.LOSSES, true) + "\n    private LossMath() {}\n}\n";
    }

    private static String cases(String owner, List<Op> ops, boolean slopes) {
        return ops.stream().map(op -> "            case " + op.name() + " -> " + codeOf(owner).of(slopes ? op.slope() : op.value()) + ";\n")
                .collect(Collectors.joining("", "        return switch (op) {\n", "        };\n    }\n"));
    }

    private static String functions(String owner) {
        return Formulas.FUNCTIONS.values().stream().filter(function -> function.owner.equals(owner)).map(function -> function(owner, function))
                .collect(Collectors.joining());
    }

    private static String function(String owner, Function function) {
        ScalarCode code = codeOf(owner);
        StringBuilder out = new StringBuilder("\n    static float " + function.name + function.parameters.stream()
                .map(name -> name.startsWith("int ") ? name : "float " + name).collect(Collectors.joining(", ", "(", ") {\n")));
        function.parameters.stream().filter(name -> name.startsWith("int ")).forEach(name -> code.ints.add(name.substring(4)));
        List<Step> steps = function.steps.stream().filter(step -> step.value() != null).toList();
        Expression value = function.value;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            List<Step> rest = steps.subList(i + 1, steps.size());
            if (step.isKept() && step.value().is(Kind.CALL) && value.count(step.name()) == 1
                    && rest.stream().allMatch(next -> next.value().count(step.name()) == 0)) { // computed only where it is chosen
                value = value.map(e -> e.equals(Expression.name(step.name())) ? step.value() : e);
                continue;
            }
            List<String> polynomial = Formulas.POLYNOMIALS.get(step.value().name());
            if (polynomial == null) {
                out.append("        " + code.type(step.value()) + " " + step.name() + " = " + code.of(step.value()) + ";\n");
                if (code.isInt(step.value())) {
                    code.ints.add(step.name());
                }
                continue;
            }
            String x = code.of(step.value().part(0));
            String known = polynomial.get(polynomial.size() - 1);
            for (int k = polynomial.size() - 2; k >= 0; k--) {
                out.append("        " + (known.equals(step.name()) ? "" : "float ") + step.name() + " = Math.fma(" + known + ", " + x + ", "
                        + polynomial.get(k) + ");\n");
                known = step.name();
            }
        }
        return out + "        return " + code.of(value) + ";\n    }\n";
    }

    // -------------------------------------------------------------------------------------------------- tensors

    static String slopes() {
        StringBuilder out = new StringBuilder("""
                package beras.autograd;

                import beras.kernels.UnaryOp;
                import beras.tensor.Tensor;

                /** The derivatives of {@link UnaryOp} in operations, so that a tape can record them. */
                final class Slopes {

                    /** The derivative at {@code x}, where {@code y = op(x)}; there is none where {@link #exist} is false. */
                    static Tensor of(UnaryOp op, float alpha, Tensor x, Tensor y) {
                        return switch (op) {
                """);
        String without = Formulas.UNARY.stream().filter(op -> op.recorded() == null).map(Op::name).collect(Collectors.joining(", "));
        TensorCode code = new TensorCode();
        code.tensors.putAll(Map.of("x", "x", "y", "y"));
        Formulas.UNARY.stream().filter(op -> op.recorded() != null)
                .forEach(op -> out.append("            case " + op.name() + " -> " + code.of(op.recorded()) + ";\n"));
        out.append("            case " + without + " -> throw new IllegalArgumentException(\"No derivative of \" + op);\n        };\n    }\n\n");
        out.append("    static boolean exist(UnaryOp op) {\n        return switch (op) {\n            case " + without
                + " -> false;\n            default -> true;\n        };\n    }\n");
        Formulas.FUNCTIONS.values().stream().filter(function -> function.owner.equals("Slopes")).forEach(function -> {
            TensorCode own = new TensorCode();
            own.tensors.put("x", "x");
            out.append("\n    private static Tensor " + function.name + "(Tensor x) {\n");
            for (Step step : function.steps) {
                out.append("        Tensor " + step.name() + " = " + own.of(step.value()) + ";\n");
                own.tensors.put(step.name(), step.name());
            }
            out.append("        return " + own.of(function.value) + ";\n    }\n");
        });
        return out + "\n    private Slopes() {}\n}\n";
    }

    // -------------------------------------------------------------------------------------------------- vectors

    static String vectorMath() {
        LoopGenerator loops = new LoopGenerator(true);
        Formulas.FUNCTIONS.values().stream().filter(function -> function.isShared).forEach(loops::add);
        kernels(loops, true);
        return """
                package beras.kernels;

                import static beras.kernels.Lanes.COUNT;
                import static beras.kernels.Lanes.FLOATS;
                import static jdk.incubator.vector.FloatVector.broadcast;
                import static jdk.incubator.vector.FloatVector.fromArray;

                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.IntVector;
                import jdk.incubator.vector.VectorMask;
                import jdk.incubator.vector.VectorOperators;

                /**
                 * {@link ScalarMath} with SIMD: the same operations in the same order, hence the same bits.
                 *
                 * <p>The length of every range is a multiple of the lane count. An empty range is one empty block, so that {@link WarmUp}
                 * reaches the loops over its vectors.
                 */
                final class VectorMath {

                    /** Elements between two loops of one function. */
                    private static final int CHUNK = 256;

                    // Constants as vectors. An operation with a plain number broadcasts it by a virtual call, which is only inlined while a
                    // single species is in use in the JVM; and broadcasts in the loop eat the compiler's inlining budget.
                """ + loops.constants().stream().map(constant -> "    private static final " + constant + "\n").collect(Collectors.joining())
                + loops.methods() + "\n    private VectorMath() {}\n}\n";
    }

    static String vectorFunctions() {
        LoopGenerator loops = new LoopGenerator(false);
        kernels(loops, false);
        return """
                package beras.kernels;

                import static beras.kernels.Lanes.COUNT;
                import static beras.kernels.Lanes.FLOATS;
                import static jdk.incubator.vector.FloatVector.broadcast;
                import static jdk.incubator.vector.FloatVector.fromArray;

                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.VectorOperators;

                /** The functions of {@link UnaryOp} and {@link BinaryOp} with SIMD. */
                class VectorFunctions extends ScalarElements {

                    @Override
                    void map(UnaryOp op, float alpha, MatrixView x, MatrixView y, int from, int to) {
                        int bound = FLOATS.loopBound(to - from);
                        float[] xs = x.data;
                        int xOffset = x.offset + from;
                        float[] outs = y.data;
                        int outOffset = y.offset + from;
                        switch (op) {
                """ + dispatch(Formulas.UNARY, false, ", outs, outOffset, bound);") + """
                            default -> bound = 0; // computed in double
                        }
                        super.map(op, alpha, x, y, from + bound, to);
                    }

                    @Override
                    void mapGradient(UnaryOp op, float alpha, MatrixView x, MatrixView y, MatrixView upstream, MatrixView out, int from, int to) {
                        int bound = FLOATS.loopBound(to - from);
                        float[] xs = x.data;
                        int xOffset = x.offset + from;
                        float[] ys = y.data;
                        int yOffset = y.offset + from;
                        float[] us = upstream.data;
                        int uOffset = upstream.offset + from;
                        float[] outs = out.data;
                        int outOffset = out.offset + from;
                        switch (op) {
                """ + dispatch(Formulas.UNARY, true, ", us, uOffset, outs, outOffset, bound);") + """
                            default -> bound = 0; // computed in double
                        }
                        super.mapGradient(op, alpha, x, y, upstream, out, from + bound, to);
                    }

                    /** How many elements it has computed: all or none. */
                    static int zipLanes(BinaryOp op, float[] as, int aOffset, float[] bs, int bOffset, float[] outs, int outOffset, int bound) {
                        switch (op) {
                """ + dispatch(Formulas.BINARY, false, ", outs, outOffset, bound);") + """
                            default -> {
                                return 0; // computed in double
                            }
                        }
                        return bound;
                    }
                """ + loops.methods() + "}\n";
    }

    /** The loops of all functions: large ones are in a class that has constants, the others where they are called. */
    private static void kernels(LoopGenerator loops, boolean large) {
        Set<String> known = new HashSet<>();
        for (boolean slopes : new boolean[] {false, true}) {
            for (Op op : Formulas.UNARY) {
                Expression value = slopes ? op.slope() : op.value();
                Kernel kernel = kernel(op, value, slopes);
                if (hasVectors(value) && kernel.isLarge() == large && (slopes || !value.is(Kind.NAME)) && known.add(kernel.name())) {
                    loops.add(kernel.name(), kernel.function(), slopes);
                }
            }
        }
        if (!large) {
            Formulas.BINARY.stream().filter(op -> hasVectors(op.value()))
                    .forEach(op -> loops.add(camel(op.name()), kernel(op, op.value(), false).function(), false));
        }
    }

    /** @param numbers given for the parameters after the first */
    private record Kernel(String name, Function function, List<Expression> numbers, boolean isLarge) {}

    private static Kernel kernel(Op op, Expression value, boolean isSlope) {
        Function function = value.is(Kind.CALL) ? Formulas.FUNCTIONS.get(value.name()) : null;
        if (function != null && value.part(0).is(Kind.NAME)) {
            return new Kernel(function.name.replace("Slope", "Gradient"), function, value.parts().subList(1, value.parts().size()), true);
        }
        List<String> parameters = List.of("x", "y", "a", "b", "alpha").stream().filter(name -> value.count(name) > 0).toList();
        return new Kernel(camel(op.name()) + (isSlope ? "Gradient" : ""), Function.of(parameters, value),
                parameters.contains("alpha") ? List.of(Expression.name("alpha")) : List.of(), false);
    }

    static boolean hasVectors(Expression e) {
        return !e.is(Kind.CALL) || !BY_HAND.contains(e.name()) && !e.name().equals("floor")
                ? e.parts().stream().allMatch(FunctionGenerator::hasVectors) : false;
    }

    private static String dispatch(List<Op> ops, boolean slopes, String tail) {
        StringBuilder out = new StringBuilder();
        for (Op op : ops) {
            Expression value = slopes ? op.slope() : op.value();
            Kernel kernel = kernel(op, value, slopes);
            if (!slopes && value.is(Kind.NAME)) {
                out.append("            case " + op.name() + " -> System.arraycopy(xs, xOffset, outs, outOffset, bound);\n");
            } else if (hasVectors(value)) {
                String name = (kernel.isLarge() ? "VectorMath." : "") + kernel.name();
                String numbers = kernel.numbers().stream().map(number -> codeOf("VectorFunctions").of(number) + ", ").collect(Collectors.joining());
                String inputs = List.of("x", "y", "a", "b").stream().filter(input -> value.count(input) > 0)
                        .map(input -> input + "s, " + input + "Offset").collect(Collectors.joining(", "));
                String shift = !slopes && kernel.name().equals("exp") ? ", 0f" : "";
                out.append("            case " + op.name() + " -> " + name + "(" + numbers + (inputs + shift + tail).replaceFirst("^, ", "") + "\n");
            }
        }
        return out.toString();
    }

    private static String camel(String constant) {
        StringBuilder camel = new StringBuilder();
        for (String word : constant.toLowerCase(Locale.ROOT).split("_")) {
            camel.append(camel.length() == 0 ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return camel.toString();
    }

    private FunctionGenerator() {}
}

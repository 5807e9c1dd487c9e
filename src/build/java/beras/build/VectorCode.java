package beras.build;

import beras.build.Expression.Kind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An {@link Expression} in operations on vectors, in the order of the scalar code. A part that is the same for all lanes becomes a
 * vector before the loop: a broadcast in the loop would eat the compiler's inlining budget.
 */
final class VectorCode {

    private static final Map<String, String> COMPARISONS = Map.of("<", "LT", ">", "GT", "<=", "LE", ">=", "GE", "==", "EQ", "!=", "NE");
    private static final Map<String, String> NUMBERS = Map.of("0", "zero", "1", "one", "2", "two", "4", "four", "6", "six", "0.5",
            "half", "0.25", "quarter");
    private static final Map<String, String> METHODS = Map.ofEntries(Map.entry("+", "add"), Map.entry("-", "sub"),
            Map.entry("*", "mul"), Map.entry("/", "div"), Map.entry("bits", "reinterpretAsInts"),
            Map.entry("toFloat", "reinterpretAsFloats"), Map.entry("shr", "lanewise"), Map.entry("shl", "lanewise"),
            Map.entry("neg", "neg"), Map.entry("&&", "and"), Map.entry("||", "or"));

    /** What the names of vectors stand for; all other names are numbers. */
    final Map<String, String> lanes = new HashMap<>();
    /** How numbers are written. */
    final ScalarCode numbers;
    /** The declarations of vectors of one number, by their names. */
    final Map<String, String> constants = new LinkedHashMap<>();
    private final boolean isStatic;

    /** @param isStatic whether vectors of one number are constants of the class and not variables before a loop */
    VectorCode(ScalarCode numbers, boolean isStatic) {
        this.numbers = numbers;
        this.isStatic = isStatic;
    }

    boolean isUniform(Expression e) {
        return e.is(Kind.NAME) ? !lanes.containsKey(e.name()) : e.parts().stream().allMatch(this::isUniform);
    }

    String type(Expression e) {
        return e.isComparison() ? "VectorMask<Float>" : numbers.isInt(e) ? "IntVector" : "FloatVector";
    }

    String of(Expression e) {
        return of(e, false);
    }

    private String of(Expression e, boolean whole) {
        if (isUniform(e)) {
            return constant(e, whole || numbers.isInt(e));
        }
        if (e.is(Kind.NAME)) {
            return lanes.get(e.name());
        }
        boolean ofInts = e.isComparison() ? e.parts().stream().anyMatch(numbers::isInt) : numbers.isInt(e);
        Expression first = e.part(0);
        Expression second = e.parts().size() > 1 ? e.part(1) : null;
        switch (e.name()) {
            case "?":
                return of(e.part(2)) + ".blend(" + of(second) + ", " + of(first) + ")";
            case "clamp":
                return of(first) + ".max(" + of(second) + ").min(" + of(e.part(2)) + ")";
            case "shr", "shl":
                return of(first, true) + ".lanewise(VectorOperators." + (e.name().equals("shr") ? "ASHR" : "LSHL") + ", "
                        + second.name() + ")";
            default:
        }
        if (COMPARISONS.containsKey(e.name())) {
            return of(first, ofInts) + ".compare(VectorOperators." + COMPARISONS.get(e.name()) + ", " + of(second, ofInts) + ")";
        }
        // The operand that varies does the call, where two commute.
        boolean swap = (e.isOperator("+") || e.isOperator("*") || e.name().equals("max") || e.name().equals("min")) && isUniform(first);
        Expression receiver = swap ? second : first;
        return of(receiver, ofInts) + "." + METHODS.getOrDefault(e.name(), e.name()) + e.parts().stream().skip(1)
                .map(part -> of(swap ? first : part, ofInts)).collect(Collectors.joining(", ", "(", ")"));
    }

    private String constant(Expression e, boolean whole) {
        boolean minus = e.isOperator("neg");
        Expression positive = minus ? e.part(0) : e;
        String value = whole && e.is(Kind.NUMBER) ? e.name() : numbers.of(e);
        String name = positive.is(Kind.NAME) ? positive.name()
                : positive.is(Kind.NUMBER) ? NUMBERS.getOrDefault(positive.name(), "n" + positive.name().replace('.', '_')) : null;
        boolean isOfClass = isStatic && name != null && (positive.is(Kind.NUMBER) || name.equals(name.toUpperCase(Locale.ROOT)));
        if (name == null) {
            name = "number" + constants.size();
        }
        if (!isOfClass && name.equals(name.toUpperCase(Locale.ROOT))) {
            name = camel(name);
        }
        name = isOfClass ? (minus ? "MINUS_" : "") + name.toUpperCase(Locale.ROOT)
                : (minus ? "minus" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) : name) + "s";
        String vector = whole ? "IntVector.broadcast(Lanes.INTS, " + value + ");" : "broadcast(FLOATS, " + value + ");";
        for (Map.Entry<String, String> known : constants.entrySet()) {
            if (known.getValue().endsWith(" = " + vector)) {
                return known.getKey();
            }
        }
        constants.put(name, (whole ? "IntVector " : "FloatVector ") + name + " = " + vector);
        return name;
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        for (String word : name.toLowerCase(Locale.ROOT).split("_")) {
            camel.append(camel.length() == 0 ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return camel.toString();
    }
}

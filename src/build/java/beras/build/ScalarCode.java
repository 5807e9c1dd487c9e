package beras.build;

import beras.build.Expression.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An {@link Expression} in plain Java, of floats, and of ints where it takes numbers apart into their bits. */
final class ScalarCode {

    private static final Map<String, String> LIBRARY = Map.ofEntries(Map.entry("abs", "Math.abs"), Map.entry("min", "Math.min"),
            Map.entry("max", "Math.max"), Map.entry("fma", "Math.fma"), Map.entry("sign", "Math.signum"),
            Map.entry("sqrt", "(float) Math.sqrt"), Map.entry("floor", "(float) Math.floor"), Map.entry("bits", "Float.floatToRawIntBits"),
            Map.entry("toFloat", "Float.intBitsToFloat"));
    /** How strongly operators bind; names and calls bind most. */
    private static final Map<String, Integer> STRENGTH = Map.ofEntries(Map.entry("?", 0), Map.entry("||", 1), Map.entry("&&", 2), Map.entry("and", 3),
            Map.entry("==", 4), Map.entry("!=", 4), Map.entry("<", 5), Map.entry(">", 5), Map.entry("<=", 5), Map.entry(">=", 5),
            Map.entry("shr", 6), Map.entry("shl", 6), Map.entry("+", 7), Map.entry("-", 7), Map.entry("*", 8), Map.entry("/", 8),
            Map.entry("neg", 9));
    private static final Map<String, String> OF_INTS = Map.of("shr", ">>", "shl", "<<", "and", "&");
    private static final int CAST = 9;
    private static final int MOST = 10;

    /** What names stand for, others for themselves. */
    final Map<String, String> names = new HashMap<>();
    /** Which class has a function that is not its own. */
    final Map<String, String> calls = new HashMap<>();
    /** Names of ints. */
    final Set<String> ints = new HashSet<>();

    String of(Expression e) {
        return of(e, 0, isInt(e));
    }

    boolean isInt(Expression e) {
        return switch (e.kind()) {
            case NUMBER -> false;
            case NAME -> ints.contains(e.name());
            case CALL -> e.name().equals("bits") || OF_INTS.containsKey(e.name());
            case OPERATOR -> !e.isComparison() && e.parts().stream().anyMatch(this::isInt);
        };
    }

    String type(Expression e) {
        return e.isComparison() ? "boolean" : isInt(e) ? "int" : "float";
    }

    private String of(Expression e, int least, boolean whole) {
        if (e.is(Kind.NUMBER)) {
            return whole ? e.name() : e.name() + "f";
        }
        if (e.is(Kind.NAME)) {
            return names.getOrDefault(e.name(), e.name());
        }
        if (e.is(Kind.CALL) && e.name().equals("clamp")) { // Math.max and min would take a third of the time of exp
            Expression x = e.part(0);
            return of(choice("<", x, e.part(1), choice(">", x, e.part(2), x)), least, false);
        }
        Integer own = STRENGTH.get(e.name());
        if (own == null) {
            String call = LIBRARY.getOrDefault(e.name(), calls.getOrDefault(e.name(), "") + e.name());
            String text = call + e.parts().stream().map(part -> of(part, 0, isInt(part)))
                    .collect(Collectors.joining(", ", "(", ")"));
            return enclosed(text, call.startsWith("(") ? CAST : MOST, least);
        }
        boolean ofInts = e.isComparison() ? e.parts().stream().anyMatch(this::isInt) : isInt(e);
        return enclosed(switch (e.name()) {
            case "neg" -> "-" + of(e.part(0), own + (e.part(0).isOperator("neg") ? 1 : 0), ofInts);
            case "?" -> of(e.part(0), 1, false) + " ? " + of(e.part(1), 1, ofInts) + " : " + of(e.part(2), 0, ofInts);
            default -> of(e.part(0), own, ofInts) + " " + OF_INTS.getOrDefault(e.name(), e.name()) + " "
                    + of(e.part(1), own + 1, ofInts);
        }, own, least);
    }

    private static String enclosed(String text, int own, int least) {
        return own < least ? "(" + text + ")" : text;
    }

    private static Expression choice(String comparison, Expression a, Expression b, Expression otherwise) {
        return new Expression(Kind.OPERATOR, "?", List.of(new Expression(Kind.OPERATOR, comparison, List.of(a, b)), b, otherwise));
    }
}

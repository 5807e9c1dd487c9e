package beras.build;

import beras.build.Expression.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** An {@link Expression} in operations of tensors, which a tape can record. */
final class TensorCode {

    private static final Map<String, String> METHODS = Map.ofEntries(Map.entry("+", "add"), Map.entry("-", "subtract"),
            Map.entry("*", "multiply"), Map.entry("/", "divide"), Map.entry("neg", "negate"), Map.entry("<", "less"), Map.entry(">", "greater"), Map.entry("<=", "lessEqual"), Map.entry(">=", "greaterEqual"),
            Map.entry("&&", "multiply"), Map.entry("min", "minimum"), Map.entry("max", "maximum"));

    /** What the names of tensors stand for; {@code alpha} is a number, as are those of {@link Formulas}. */
    final Map<String, String> tensors = new HashMap<>();

    String of(Expression e) {
        if (isNumber(e)) {
            return "Tensor.scalar(" + number(e) + ")";
        }
        if (e.is(Kind.NAME)) {
            return tensors.get(e.name());
        }
        Expression first = e.part(0);
        switch (e.name()) {
            case "?":
                return e.part(1).name().equals("1") && e.part(2).name().equals("0") ? of(first)
                        : "Tensor.where(" + of(first) + ", " + of(e.part(1)) + ", " + of(e.part(2)) + ")";
            case "fma":
                return of(first) + ".multiply(" + argument(e.part(1)) + ").add(" + argument(e.part(2)) + ")";
            default:
        }
        if (Formulas.FUNCTIONS.containsKey("Tensor." + e.name())) {
            return e.name() + "(" + of(first) + ")";
        }
        boolean swap = isNumber(first) && (e.isOperator("+") || e.isOperator("*"));
        return of(swap ? e.part(1) : first) + "." + METHODS.getOrDefault(e.name(), e.name()) + e.parts().stream().skip(1)
                .map(part -> argument(swap ? first : part)).collect(Collectors.joining(", ", "(", ")"));
    }

    private String argument(Expression e) {
        return isNumber(e) ? number(e) : of(e);
    }

    private boolean isNumber(Expression e) {
        return e.is(Kind.NAME) ? !tensors.containsKey(e.name()) : e.parts().stream().allMatch(this::isNumber);
    }

    private static String number(Expression e) {
        return switch (e.kind()) {
            case NUMBER -> e.name();
            case NAME -> Formulas.NUMBERS.getOrDefault(e.name(), e.name());
            default -> e.isOperator("neg") ? "-" + number(e.part(0))
                    : number(e.part(0)) + "f " + e.name() + " " + number(e.part(1));
        };
    }
}

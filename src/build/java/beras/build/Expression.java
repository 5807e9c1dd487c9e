package beras.build;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A formula of the tables, in Java's syntax: numbers, names, calls, {@code + - * /}, comparisons, {@code && ||} and
 * {@code c ? a : b}. What a minus sign precedes is the operator {@code neg}, and a choice the operator {@code ?}.
 */
record Expression(Kind kind, String name, List<Expression> parts) {

    enum Kind { NUMBER, NAME, CALL, OPERATOR }

    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(0x[0-9a-f.]+p-?[0-9]+|[0-9]+(?:\\.[0-9]+)?(?:e-?[0-9]+)?|[A-Za-z_][A-Za-z_0-9]*|&&|\\|\\||[<>=!]=|[-+*/<>?:(),])");
    /** From those that bind least. */
    private static final List<List<String>> LEVELS = List.of(List.of("||"), List.of("&&"), List.of("<", ">", "<=", ">=", "==", "!="),
            List.of("+", "-"), List.of("*", "/"));

    static Expression name(String name) {
        return new Expression(Kind.NAME, name, List.of());
    }

    static Expression call(String name, Expression... arguments) {
        return new Expression(Kind.CALL, name, List.of(arguments));
    }

    boolean is(Kind aKind) {
        return kind == aKind;
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && name.equals(operator);
    }

    boolean isComparison() {
        return kind == Kind.OPERATOR && LEVELS.subList(0, 3).stream().anyMatch(level -> level.contains(name));
    }

    Expression part(int i) {
        return parts.get(i);
    }

    /** How often a name occurs. */
    int count(String aName) {
        return kind == Kind.NAME ? name.equals(aName) ? 1 : 0 : parts.stream().mapToInt(part -> part.count(aName)).sum();
    }

    /** This with each part replaced, then itself. */
    Expression map(UnaryOperator<Expression> change) {
        return change.apply(new Expression(kind, name, parts.stream().map(part -> part.map(change)).toList()));
    }

    static Expression of(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (matcher.lookingAt()) {
            tokens.add(matcher.group(1));
            end = matcher.end();
            matcher.region(end, text.length());
        }
        if (!text.substring(end).isBlank()) {
            throw new IllegalArgumentException("Expected a formula. Received: " + text + ", at: " + text.substring(end));
        }
        Parser parser = new Parser(tokens, text);
        Expression expression = parser.choice();
        parser.requireEnd();
        return expression;
    }

    private static final class Parser {

        private final List<String> tokens;
        private final String text;
        private int next;

        Parser(List<String> tokens, String text) {
            this.tokens = tokens;
            this.text = text;
        }

        Expression choice() {
            Expression condition = binary(0);
            if (!found("?")) {
                return condition;
            }
            Expression first = choice();
            require(":");
            return new Expression(Kind.OPERATOR, "?", List.of(condition, first, choice()));
        }

        private Expression binary(int level) {
            if (level == LEVELS.size()) {
                return unary();
            }
            Expression left = binary(level + 1);
            while (next < tokens.size() && LEVELS.get(level).contains(tokens.get(next))) {
                left = new Expression(Kind.OPERATOR, tokens.get(next++), List.of(left, binary(level + 1)));
            }
            return left;
        }

        private Expression unary() {
            if (found("-")) {
                return new Expression(Kind.OPERATOR, "neg", List.of(unary()));
            }
            if (found("(")) {
                Expression inner = choice();
                require(")");
                return inner;
            }
            String token = next < tokens.size() ? tokens.get(next++) : "";
            if (!token.isEmpty() && Character.isDigit(token.charAt(0))) {
                return new Expression(Kind.NUMBER, token, List.of());
            }
            if (token.isEmpty() || !Character.isLetter(token.charAt(0))) {
                throw new IllegalArgumentException("Expected a number or a name. Received: " + token + " in: " + text);
            }
            if (!found("(")) {
                return name(token);
            }
            List<Expression> arguments = new ArrayList<>();
            do {
                arguments.add(choice());
            } while (found(","));
            require(")");
            return new Expression(Kind.CALL, token, arguments);
        }

        private boolean found(String token) {
            boolean found = next < tokens.size() && tokens.get(next).equals(token);
            next += found ? 1 : 0;
            return found;
        }

        private void require(String token) {
            if (!found(token)) {
                throw new IllegalArgumentException("Expected " + token + " as part " + next + " of the formula. Received: " + text);
            }
        }

        void requireEnd() {
            if (next < tokens.size()) {
                throw new IllegalArgumentException("Expected the end of the formula. Received: " + tokens.get(next) + " in: " + text);
            }
        }
    }
}

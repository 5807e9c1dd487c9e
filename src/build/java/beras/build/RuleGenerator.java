package beras.build;

import beras.build.Expression.Kind;
import beras.build.Rules.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes each rule of {@link Rules} as a record, which is its definition in plain Java, and as a loop over vectors. */
final class RuleGenerator {

    private static final String SCALAR = """
            package beras.kernels;

            import static beras.kernels.ScalarUpdates.FIRST_MOMENT_ROUNDER;
            import static beras.kernels.ScalarUpdates.SECOND_MOMENT_ROUNDER;

            /** The {@link Update}s of this library. */
            public final class UpdateRules {
            """;
    private static final String VECTOR = """
            package beras.kernels;

            import static beras.kernels.Lanes.COUNT;
            import static beras.kernels.Lanes.FLOATS;
            import static jdk.incubator.vector.FloatVector.broadcast;
            import static jdk.incubator.vector.FloatVector.fromArray;

            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.VectorOperators;

            /** {@link UpdateRules} with SIMD. */
            class VectorRules extends ScalarUpdates {

                @Override
                void apply(Update update, MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {
                    int bound = FLOATS.loopBound(to - from);
            """;

    private final Rule rule;
    private final List<Line> lines;

    /** @param onlyIf the number that must not be 0 or false; null for none */
    private record Line(String onlyIf, String target, Expression value) {}

    private RuleGenerator(Rule rule) {
        this.rule = rule;
        lines = rule.lines().stream().map(RuleGenerator::line).toList();
    }

    private static Line line(String text) {
        int colon = text.indexOf(": ");
        boolean isConditional = colon > 0 && colon < text.indexOf('=');
        String[] sides = text.substring(isConditional ? colon + 2 : 0).split(" = ", 2);
        return new Line(isConditional ? text.substring(0, colon) : null, sides[0], Expression.of(sides[1]).map(RuleGenerator::rounded));
    }

    private static Expression rounded(Expression e) {
        if (!e.is(Kind.CALL) || !e.name().equals("first") && !e.name().equals("second")) {
            return e;
        }
        Expression rounder = Expression.name(e.name().equals("first") ? "FIRST_MOMENT_ROUNDER" : "SECOND_MOMENT_ROUNDER");
        return new Expression(Kind.OPERATOR, "-", List.of(new Expression(Kind.OPERATOR, "+", List.of(e.part(0), rounder)), rounder));
    }

    static String scalar() {
        return Rules.all().stream().map(rule -> new RuleGenerator(rule).asRecord())
                .collect(Collectors.joining("\n", SCALAR + "\n", "\n    private UpdateRules() {}\n}\n"));
    }

    static String vector() {
        StringBuilder out = new StringBuilder(VECTOR);
        String otherwise = "        ";
        for (Rule rule : Rules.all()) {
            RuleGenerator generator = new RuleGenerator(rule);
            out.append(otherwise).append("if (update instanceof UpdateRules." + rule.name() + " rule) {\n");
            out.append("            " + generator.methodName() + "(rule, w.data, w.offset + from, g.data, g.offset + from, ");
            for (String slot : rule.slots()) {
                String index = generator.index(slot, number -> "rule." + generator.test(number, true), "0"); // or any, for it is not used then
                out.append("slots[" + index + "].data, slots[" + index + "].offset + from, ");
            }
            out.append("bound);\n");
            otherwise = "        } else ";
        }
        out.append("        } else {\n            bound = 0; // a rule of somebody else\n        }\n");
        out.append("        super.apply(update, w, g, slots, from + bound, to);\n    }\n");
        Rules.all().forEach(rule -> out.append('\n').append(new RuleGenerator(rule).asLoop()));
        return out + "}\n";
    }

    // -------------------------------------------------------------------------------------------------- numbers

    private String numberType(String number) {
        return rule.numbers().contains(number + "?") ? "boolean" : "float";
    }

    private static String bare(String marked) {
        return marked.replaceAll("[*?].*", "");
    }

    private static String oneMinus(String number) {
        return "oneMinus" + number.substring(0, 1).toUpperCase(Locale.ROOT) + number.substring(1);
    }

    /** Numbers with their complements. */
    private List<String> components() {
        List<String> components = new ArrayList<>();
        for (String number : rule.numbers()) {
            components.add(bare(number));
            if (number.endsWith("*")) {
                components.add(oneMinus(bare(number)));
            }
        }
        return components;
    }

    /** Whether a number is not 0 or false. */
    private String test(String number, boolean isCall) {
        return number + (isCall ? "()" : "") + (numberType(number).equals("boolean") ? "" : " != 0f");
    }

    /** Which slot that is: how many come before. */
    private String index(String slot, Function<String, String> test, String absent) {
        int always = 0;
        List<String> perhaps = new ArrayList<>();
        for (String other : rule.slots().subList(0, rule.slots().indexOf(slot))) {
            if (other.contains("?")) {
                perhaps.add("(" + test.apply(other.substring(other.indexOf('?') + 1)) + " ? 1 : 0)");
            } else {
                always++;
            }
        }
        perhaps.add(0, String.valueOf(always));
        String index = String.join(" + ", perhaps);
        return absent == null || !slot.contains("?") ? index : test.apply(slot.substring(slot.indexOf('?') + 1)) + " ? " + index + " : " + absent;
    }

    // --------------------------------------------------------------------------------------------------- scalar

    private String asRecord() {
        int tags = rule.doc().contains("\n@") ? rule.doc().indexOf("\n@") : rule.doc().length();
        String doc = rule.doc().substring(0, tags) + "\nSlots {@code " + rule.slots().stream().map(RuleGenerator::bare).toList() + "}"
                + roundings() + "." + rule.doc().substring(tags).replaceFirst("\n", "\n\n");
        StringBuilder out = new StringBuilder(doc.lines().map(line -> ("     * " + line).stripTrailing())
                .collect(Collectors.joining("\n", "    /**\n", "\n     */\n")));
        String components = components().stream().map(name -> numberType(name) + " " + name).collect(Collectors.joining(", "));
        out.append("    public record " + rule.name() + "(" + components + ") implements Update {\n\n");
        if (components().size() > rule.numbers().size()) {
            out.append("        public " + rule.name() + "(" + rule.numbers().stream()
                    .map(number -> (number.endsWith("*") ? "double" : numberType(bare(number))) + " " + bare(number))
                    .collect(Collectors.joining(", ")) + ") {\n            this(" + rule.numbers().stream()
                    .map(number -> number.endsWith("*") ? "(float) " + bare(number) + ", (float) (1 - " + bare(number) + ")" : bare(number))
                    .collect(Collectors.joining(", ")) + ");\n        }\n\n");
        }
        out.append("        @Override\n");
        out.append("        public void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to) {\n");
        for (String slot : rule.slots()) {
            out.append("            MatrixView " + bare(slot) + " = " + (slot.contains("?")
                    ? test(slot.substring(slot.indexOf('?') + 1), false) + " ? slots[" + index(slot, number -> test(number, false), null) + "] : null"
                    : "slots[" + index(slot, number -> test(number, false), null) + "]") + ";\n");
        }
        out.append("            for (int i = from; i < to; i++) {\n");
        ScalarCode code = new ScalarCode();
        Statements statements = new Statements("float", array -> array + ".data[" + array + ".offset + i]",
                (array, value) -> array + ".data[" + array + ".offset + i] = " + value + ";", code.names, code::of, number -> test(number, false));
        return out + statements.of(lines) + "            }\n        }\n    }\n";
    }

    private String roundings() {
        return lines.stream().filter(line -> isArray(line.target) && line.value.isOperator("-") && line.value.part(1).name().endsWith("ROUNDER"))
                .map(line -> "{@code " + line.target + "} as a " + (line.value.part(1).name().startsWith("FIRST") ? "first" : "second") + " moment")
                .collect(Collectors.collectingAndThen(Collectors.joining(", "), all -> all.isEmpty() ? "" : "; rounded are " + all));
    }

    private boolean isArray(String name) {
        return name.equals("w") || name.equals("g") || rule.slots().stream().anyMatch(slot -> bare(slot).equals(name));
    }

    // --------------------------------------------------------------------------------------------------- vector

    private String methodName() {
        return rule.name().substring(0, 1).toLowerCase(Locale.ROOT) + rule.name().substring(1);
    }

    private String asLoop() {
        ScalarCode numbers = new ScalarCode();
        components().forEach(name -> numbers.names.put(name, "rule." + name + "()"));
        VectorCode code = new VectorCode(numbers, false);
        Statements statements = new Statements("FloatVector", array -> "fromArray(FLOATS, " + array + ", " + array + "Offset + i)",
                (array, value) -> value + ".intoArray(" + array + ", " + array + "Offset + i);", code.lanes, code::of,
                number -> "rule." + test(number, true));
        String body = statements.of(lines);
        List<String> arrays = new ArrayList<>(List.of("w", "g"));
        rule.slots().forEach(slot -> arrays.add(bare(slot)));
        StringBuilder out = new StringBuilder("    private static void " + methodName() + "(UpdateRules." + rule.name() + " rule, "
                + arrays.stream().map(array -> "float[] " + array + ", int " + array + "Offset, ").collect(Collectors.joining()) + "int bound) {\n");
        if (rule.name().equals("Adam")) {
            out.append("        if (bound == 0) { // as the warm-up calls it most\n            return;\n        }\n");
        }
        code.constants.values().forEach(constant -> out.append("        " + constant + "\n"));
        return out + "        for (int i = 0; i < bound; i += COUNT) {\n" + body.replaceAll("(?m)^    ", "") + "        }\n    }\n";
    }

    /** The lines of a rule: an array is read where it is first used, and written where it is assigned. */
    private final class Statements {

        private interface Store {
            String of(String array, String value);
        }

        private final StringBuilder out = new StringBuilder();
        private final Map<String, String> known;
        private final Set<String> variables = new HashSet<>();
        private final String type;
        private final Function<String, String> load;
        private final Store store;
        private final Function<Expression, String> code;
        private final Function<String, String> test;
        private String indent = "                ";

        Statements(String type, Function<String, String> load, Store store, Map<String, String> known, Function<Expression, String> code,
                Function<String, String> test) {
            this.type = type;
            this.load = load;
            this.store = store;
            this.known = known;
            this.code = code;
            this.test = test;
        }

        String of(List<Line> all) {
            String open = null;
            for (int k = 0; k < all.size(); k++) {
                Line line = all.get(k);
                if (open != null && !open.equals(line.onlyIf)) {
                    end();
                }
                if (line.onlyIf != null && !line.onlyIf.equals(open)) {
                    begin("if (" + test.apply(line.onlyIf) + ") {");
                }
                open = line.onlyIf;
                write(line, all.subList(k, all.size()));
            }
            return out.toString();
        }

        private void write(Line line, List<Line> rest) {
            for (String array : arraysOf(line.value)) {
                if (!known.containsKey(array)) {
                    int uses = usesBeforeAssigned(array, rest);
                    if (uses > 1) {
                        add(type + " " + array + "i = " + load.apply(array) + ";");
                        known.put(array, array + "i");
                        variables.add(array);
                    } else {
                        known.put(array, load.apply(array));
                    }
                }
            }
            Expression choice = choiceByNumber(line.value);
            if (choice == null) {
                assign(line.target, line.value, rest.size() == 1);
                return;
            }
            begin("if (" + test.apply(choice.part(0).name()) + ") {");
            assign(line.target, line.value.map(e -> e.equals(choice) ? choice.part(1) : e), rest.size() == 1);
            middle();
            assign(line.target, line.value.map(e -> e.equals(choice) ? choice.part(2) : e), rest.size() == 1);
            end();
        }

        private int usesBeforeAssigned(String array, List<Line> rest) {
            int uses = 0;
            for (Line line : rest) {
                uses += line.value.count(array);
                if (line.target.equals(array)) {
                    break;
                }
            }
            return uses;
        }

        /** The last value of an array is not needed as a variable. */
        private void assign(String target, Expression value, boolean isLast) {
            String text = code.apply(value);
            if (isArray(target) && (isLast || value.is(Kind.NAME))) {
                add(store.of(target, text));
                return;
            }
            String variable = isArray(target) ? target + "i" : target;
            add((variables.add(target) ? type + " " : "") + variable + " = " + text + ";");
            known.put(target, variable);
            if (isArray(target)) {
                add(store.of(target, variable));
            }
        }

        private Expression choiceByNumber(Expression e) {
            if (e.isOperator("?") && e.part(0).is(Kind.NAME)) {
                return e;
            }
            return e.parts().stream().map(this::choiceByNumber).filter(part -> part != null).findFirst().orElse(null);
        }

        private List<String> arraysOf(Expression e) {
            return e.is(Kind.NAME) ? isArray(e.name()) ? List.of(e.name()) : List.of()
                    : e.parts().stream().flatMap(part -> arraysOf(part).stream()).distinct().toList();
        }

        private void add(String line) {
            out.append(indent).append(line).append('\n');
        }

        private void begin(String line) {
            add(line);
            indent += "    ";
        }

        private void middle() {
            indent = indent.substring(4);
            begin("} else {");
        }

        private void end() {
            indent = indent.substring(4);
            add("}");
        }
    }
}

package beras.build;

import beras.build.Expression.Kind;
import beras.build.Formulas.Function;
import beras.build.Formulas.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Writes functions of {@link Formulas} as loops over vectors, for {@link FunctionGenerator}. */
final class LoopGenerator {

    private static final Set<String> INPUTS = Set.of("x", "y", "a", "b", "v");

    private static final Function SIGN = Function.of(List.of("x"), Expression.of("x > 0 ? 1 : x < 0 ? -1 : x"));

    private final boolean isStatic;
    private final Map<String, String> constants = new LinkedHashMap<>();
    private final StringBuilder methods = new StringBuilder();

    /** What is kept, by name: its block of scratch memory. */
    private Map<String, Integer> blocks;
    /** The steps of one function, those of all that it calls among them. */
    private List<Step> steps;
    private Set<String> names;
    private List<String> inputs;
    private List<String> numbers;
    private int loops;

    /** @param isStatic whether vectors of one number are constants of the class */
    LoopGenerator(boolean isStatic) {
        this.isStatic = isStatic;
    }

    Collection<String> constants() {
        return constants.values();
    }

    StringBuilder methods() {
        return methods;
    }

    // ------------------------------------------------------------------------------------------------- functions

    /** A shared function. */
    void add(Function function) {
        add(function.name, function, false);
    }

    /** @param isSlope whether the function is multiplied with the upstream gradient */
    void add(String method, Function function, boolean isSlope) {
        if (function.isShared && methods.indexOf(" " + method + "(") > 0) {
            return;
        }
        loops = 0;
        steps = new ArrayList<>();
        names = new HashSet<>(Set.of("i", "n", "from", "size", "scratch", "out", "upstream"));
        inputs = function.parameters.stream().filter(INPUTS::contains).toList();
        numbers = function.parameters.stream().filter(parameter -> !INPUTS.contains(parameter) && !parameter.isEmpty()).toList();
        names.addAll(function.parameters);
        for (Step step : function.steps) {
            steps.add(step.value() == null ? step : new Step(step.name(), inlined(step.value()), step.isKept()));
            if (step.value() != null) {
                names.add(step.name());
            }
        }
        Expression value = inlined(function.value);
        blocks = new HashMap<>();
        int block = steps.stream().filter(step -> callOfShared(step) != null).mapToInt(step -> blocksOf(callOfShared(step))).max().orElse(0);
        for (Step step : steps) {
            if (step.isKept()) {
                blocks.put(step.name(), block++);
            }
        }
        String out = isSlope ? "out" : "y";
        if (blocks.isEmpty()) {
            loop(method, "static", List.of(new Store(null, out, out + "Offset + i", value)), isSlope);
            return;
        }
        inBlocks(method, block, value, out, isSlope, function.isShared);
    }

    private Function callOfShared(Step step) {
        Function called = step.isKept() && step.value().is(Kind.CALL) ? Formulas.FUNCTIONS.get(step.value().name()) : null;
        return called != null && called.isShared ? called : null;
    }

    private static int blocksOf(Function shared) {
        return (int) shared.steps.stream().filter(Step::isKept).count();
    }

    /** An expression without calls, except of shared functions: their steps go before it. */
    private Expression inlined(Expression expression) {
        return expression.map(e -> {
            if (!e.is(Kind.CALL)) {
                return e;
            }
            if (e.name().equals("sign")) { // 1, -1, or x itself if it is 0 or NaN
                return bodyOf(SIGN, e.parts());
            }
            List<String> polynomial = Formulas.POLYNOMIALS.get(e.name());
            if (polynomial != null) {
                Expression p = Expression.name(polynomial.get(polynomial.size() - 1));
                for (int k = polynomial.size() - 2; k >= 0; k--) {
                    Expression coefficient = Expression.name(polynomial.get(k));
                    p = k == polynomial.size() - 2 ? Expression.call("fma", e.part(0), p, coefficient) : Expression.call("fma", p, e.part(0), coefficient);
                }
                return p;
            }
            Function function = Formulas.FUNCTIONS.get(e.name());
            return function == null || function.isShared ? e : bodyOf(function, e.parts());
        });
    }

    private Expression bodyOf(Function function, List<Expression> arguments) {
        Map<String, Expression> known = new HashMap<>();
        for (int k = 0; k < arguments.size(); k++) {
            String parameter = function.parameters.get(k).replace("int ", "");
            if (arguments.get(k).parts().isEmpty()) {
                known.put(parameter, arguments.get(k));
            } else {
                known.put(parameter, Expression.name(fresh(parameter)));
                steps.add(new Step(known.get(parameter).name(), arguments.get(k), false));
            }
        }
        for (Step step : function.steps) {
            Expression value = inlined(substituted(step.value(), known));
            known.put(step.name(), Expression.name(fresh(step.name())));
            steps.add(new Step(known.get(step.name()).name(), value, step.isKept()));
        }
        return inlined(substituted(function.value, known));
    }

    private static Expression substituted(Expression expression, Map<String, Expression> known) {
        return expression.map(e -> e.is(Kind.NAME) ? known.getOrDefault(e.name(), e) : e);
    }

    private String fresh(String base) {
        String candidate = base;
        for (int k = 2; !names.add(candidate); k++) {
            candidate = base + k;
        }
        return candidate;
    }

    // ---------------------------------------------------------------------------------------------------- blocks

    /** Loops of one block, one after the other, and a loop over blocks around them. */
    private void inBlocks(String method, int count, Expression value, String out, boolean isSlope, boolean isShared) {
        StringBuilder calls = new StringBuilder();
        StringBuilder outer = methods; // loops are written after their callers
        List<Store> pending = new ArrayList<>();
        List<String> bodies = new ArrayList<>();
        Consumer<List<Store>> flush = stores -> {
            if (!stores.isEmpty()) {
                int start = methods.length();
                calls.append("CALL" + loop(method + ++loops, "private static", stores, isSlope && stores.get(0).name == null));
                bodies.add(methods.substring(start));
                methods.setLength(start);
                stores.clear();
            }
        };
        for (Step step : steps) {
            Function shared = callOfShared(step);
            if (step.value() == null) {
                flush.accept(pending);
            } else if (shared != null) {
                Expression argument = step.value().part(0);
                int block = blocks.get(step.name());
                boolean isInput = argument.is(Kind.NAME) && inputs.contains(argument.name());
                if (!isInput) {
                    pending.add(new Store(step.name(), "scratch", at(block), argument));
                    flush.accept(pending);
                }
                String from = isInput ? argument.name() + ", " + argument.name() + "Offset + from" : "scratch, " + atBlock(block);
                String shift = shared.name.equals("exp") ? ", 0f" : "";
                String scratch = blocksOf(shared) > 0 ? ", scratch" : "";
                calls.append("CALL" + shared.name + (blocksOf(shared) > 0 ? "OfBlock" : "") + "(" + from + shift + scratch + ", scratch, "
                        + atBlock(block) + ", size);\n");
            } else if (step.isKept()) {
                pending.add(new Store(step.name(), "scratch", at(blocks.get(step.name())), step.value()));
            }
        }
        flush.accept(pending);
        pending.add(new Store(null, out, out + "Offset + i", value));
        flush.accept(pending);

        String arrays = inputs.stream().map(input -> "float[] " + input + ", int " + input + "Offset, ").collect(Collectors.joining())
                + (isSlope ? "float[] upstream, int upstreamOffset, " : "");
        String outs = "float[] " + out + ", int " + out + "Offset, ";
        String given = numbers.stream().map(number -> "float " + number + ", ").collect(Collectors.joining());
        outer.append("\n    static void " + method + "(" + given + arrays + outs + "int n) {\n        float[] scratch = Scratch.floats("
                + atBlock(count) + ");\n        int from = 0;\n        do {\n            int size = Math.min(CHUNK, n - from);\n");
        if (isShared) {
            String input = inputs.get(0);
            outer.append("            " + method + "OfBlock(" + input + ", " + input + "Offset + from, scratch, " + out + ", " + out + "Offset + from, size);\n");
        } else {
            outer.append(calls.toString().replace("CALL", "            "));
        }
        outer.append("            from += size;\n        } while (from < n);\n    }\n");
        if (isShared) {
            outer.append("\n    /** In the first blocks of {@code scratch}; the output may be the input. */\n    private static void " + method + "OfBlock("
                    + arrays + "float[] scratch, " + outs + "int size) {\n" + calls.toString().replace("CALL", "        ").replace(" + from", "") + "    }\n");
        }
        bodies.forEach(outer::append);
    }

    private static String atBlock(int block) {
        return block == 0 ? "0" : block == 1 ? "CHUNK" : block + " * CHUNK";
    }

    private static String at(int block) {
        return block == 0 ? "i" : atBlock(block) + " + i";
    }

    // ----------------------------------------------------------------------------------------------------- loops

    /** @param name of a step; null: the value of the function */
    private record Store(String name, String array, String index, Expression value) {}

    /** Writes a method with one loop, and returns its call for one block. */
    private String loop(String method, String modifiers, List<Store> stores, boolean isSlope) {
        boolean isWhole = blocks.isEmpty();
        String shift = isWhole && method.equals("exp") ? "shift" : null;
        Set<String> needed = new LinkedHashSet<>();
        stores.forEach(store -> needed(store.value, needed, stores));
        ScalarCode scalar = FunctionGenerator.codeOf("");
        VectorCode code = new VectorCode(scalar, isStatic);
        List<String> read = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        for (String input : inputs) {
            int uses = stores.stream().mapToInt(store -> store.value.count(input)).sum()
                    + steps.stream().filter(step -> needed.contains(step.name()) && !isLoaded(step, stores)).mapToInt(step -> step.value().count(input)).sum();
            if (uses > 0) {
                read.add(input);
                String load = "fromArray(FLOATS, " + input + ", " + input + "Offset + i)" + (shift == null ? "" : ".sub(shifts)");
                code.lanes.put(input, uses == 1 ? load : input + "i");
                body.append(uses == 1 ? "" : "            FloatVector " + input + "i = " + load + ";\n");
            }
        }
        boolean usesScratch = stores.stream().anyMatch(store -> store.array.equals("scratch"));
        for (Step step : steps) {
            if (step.value() == null || !needed.contains(step.name())) {
                continue;
            }
            boolean isLoaded = isLoaded(step, stores);
            usesScratch |= isLoaded;
            String text = isLoaded ? "fromArray(FLOATS, scratch, " + at(blocks.get(step.name())) + ")" : code.of(step.value());
            if (!isLoaded && scalar.isInt(step.value())) {
                scalar.ints.add(step.name());
            }
            body.append("            " + (isLoaded ? "FloatVector" : code.type(step.value())) + " " + step.name() + " = " + text + ";\n");
            code.lanes.put(step.name(), step.name());
        }
        for (Store store : stores) {
            boolean isKnown = store.name != null && needed.contains(store.name);
            String text = isKnown ? store.name : code.of(store.value);
            body.append("            " + (isSlope ? "fromArray(FLOATS, upstream, upstreamOffset + i).mul(" + text + ")" : text) + ".intoArray(" + store.array
                    + ", " + store.index + ");\n");
        }
        List<String> used = numbers.stream().filter(number -> body.indexOf(number + "s") >= 0).toList();
        if (isWhole) {
            used = numbers;
        }
        List<String> parameters = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        used.forEach(number -> {
            parameters.add("float " + number);
            arguments.add(number);
        });
        List<String> arrays = new ArrayList<>(isWhole ? inputs : read);
        if (isSlope) {
            arrays.add("upstream");
        }
        boolean first = true;
        String out = stores.get(0).array;
        for (String array : arrays) {
            parameters.add("float[] " + array + ", int " + array + "Offset");
            arguments.add(array + ", " + array + "Offset + from");
            if (first && shift != null) {
                parameters.add("float shift");
            }
            first = false;
        }
        if (usesScratch) {
            parameters.add("float[] scratch");
            arguments.add("scratch");
        }
        if (!out.equals("scratch")) {
            parameters.add("float[] " + out + ", int " + out + "Offset");
            arguments.add(out + ", " + out + "Offset + from");
        }
        methods.append("\n    " + modifiers + " void " + method + "(" + String.join(", ", parameters) + ", int n) {\n");
        if (shift != null) {
            methods.append("        FloatVector shifts = broadcast(FLOATS, shift);\n");
        }
        code.constants.forEach((constant, declaration) -> {
            if (isStatic && constant.equals(constant.toUpperCase(Locale.ROOT))) {
                constants.put(constant, declaration);
            } else {
                methods.append("        " + declaration + "\n");
            }
        });
        methods.append("        for (int i = 0; i < n; i += COUNT) {\n" + body + "        }\n    }\n");
        return method + "(" + String.join(", ", arguments) + ", size);\n";
    }

    /** Whether a step waits in scratch memory, from a loop before. */
    private boolean isLoaded(Step step, List<Store> stores) {
        return step.isKept() && stores.stream().noneMatch(store -> step.name().equals(store.name));
    }

    private void needed(Expression e, Set<String> all, List<Store> stores) {
        for (Step step : steps) {
            if (step.value() != null && e.count(step.name()) > 0 && all.add(step.name()) && !isLoaded(step, stores)) {
                needed(step.value(), all, stores);
            }
        }
    }
}

package beras.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes the sources that the build derives from tables and templates: {@code java beras.build.Generator FOLDER}. A file that would
 * not change is left alone, so that nothing is compiled again.
 */
public final class Generator {

    private static final int MOST = 130;
    private static final Pattern OPERATOR = Pattern.compile(" ([-+*/?:]|&&|implements) ");

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        write(folder, "beras/kernels/Tiles.java", "TileGenerator", TileGenerator.source());
        write(folder, "beras/kernels/UpdateRules.java", "Rules", RuleGenerator.scalar());
        write(folder, "beras/kernels/VectorRules.java", "Rules", RuleGenerator.vector());
        write(folder, "beras/kernels/RowLoops.java", "RowGenerator", RowGenerator.scalar());
        write(folder, "beras/kernels/VectorRowLoops.java", "RowGenerator", RowGenerator.vector());
        functions(folder);
    }

    private static void functions(Path folder) throws IOException {
        write(folder, "beras/kernels/UnaryOp.java", "Formulas", FunctionGenerator.unary());
        write(folder, "beras/kernels/BinaryOp.java", "Formulas",
                FunctionGenerator.enumeration("BinaryOp", "An elementwise function of two numbers.", Formulas.BINARY, ""));
        write(folder, "beras/kernels/LossOp.java", "Formulas", FunctionGenerator.enumeration("LossOp", """
                An elementwise loss of a prediction {@code p} and its truth {@code t}, with an optional parameter {@code alpha}. What Keras
                calls its fuzz factor, here {@code fuzz}, is 1e-7.""", Formulas.LOSSES, ""));
        write(folder, "beras/kernels/ScalarMath.java", "Formulas", FunctionGenerator.scalarMath());
        write(folder, "beras/kernels/LossMath.java", "Formulas", FunctionGenerator.lossMath());
        write(folder, "beras/kernels/VectorMath.java", "Formulas", FunctionGenerator.vectorMath());
        write(folder, "beras/kernels/VectorFunctions.java", "Formulas", FunctionGenerator.vectorFunctions());
        write(folder, "beras/autograd/Slopes.java", "Formulas", FunctionGenerator.slopes());
    }

    private static void write(Path folder, String name, String from, String source) throws IOException {
        Path file = folder.resolve(name);
        String text = "// Generated from src/build/java/beras/build/" + from + ".java: change that, not this file.\n"
                + source.lines().map(line -> wrapped(line, line.length() - line.stripLeading().length() + 8)).collect(Collectors.joining("\n", "", "\n"));
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
    }

    /** Breaks a line of code that is too long where the fewest parentheses are open, as late as possible. */
    private static String wrapped(String line, int continued) {
        if (line.length() <= MOST || line.strip().startsWith("*")) {
            return line;
        }
        int end = 0;
        int fewest = Integer.MAX_VALUE;
        int depth = 0;
        int indent = line.length() - line.stripLeading().length();
        for (int i = indent; i < MOST; i++) {
            char c = line.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            boolean beforeOperator = c == ' ' && OPERATOR.matcher(line).region(i, line.length()).lookingAt();
            boolean isBreak = c == ' ' && line.charAt(i - 1) == ',' || beforeOperator || c == '.' && line.charAt(i - 1) == ')';
            if (isBreak && depth <= fewest && i > indent + 20) {
                fewest = depth;
                end = i;
            }
        }
        return end == 0 ? line
                : line.substring(0, end) + "\n" + wrapped(" ".repeat(continued) + line.substring(end).stripLeading(), continued);
    }

    private Generator() {}
}

package beras;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of Javadoc compile: each is a method's body, or the members of a class, with the imports of all exported packages and of
 * a few of the JDK. Names that an example takes for granted, such as {@code model}, have the types of {@link #KNOWN}.
 */
@Tag("once")
class JavadocExamplesTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)<pre>\\{@code\\s*\\n(.*?)\\n[ *]*\\}</pre>");
    /** A type declared in an example, which in a method has no modifiers but final. */
    private static final Pattern TYPE =
            Pattern.compile("(?m)^(?:public |private |static )*(?=(?:final |abstract )*(?:class|record|interface) )");
    private static final Pattern METHOD = Pattern.compile("(?s)(?:@Override\\s+)?(?:public|protected|private) (?!final class|class|record|static final).*");

    /** What examples take for granted: the type of a name, or of one in the examples of a package or class. */
    private static final Map<String, String> KNOWN = new TreeMap<>();

    static {
        List.of("x", "y", "a", "b", "penalty").forEach(name -> KNOWN.put(name, "Tensor"));
        List.of("model", "net", "old", "sameModel").forEach(name -> KNOWN.put(name, "Model"));
        List.of("file", "path").forEach(name -> KNOWN.put(name, "Path"));
        List.of("left", "right").forEach(name -> KNOWN.put(name, "Node"));
        List.of("images", "held").forEach(name -> KNOWN.put(name, "Images"));
        KNOWN.putAll(Map.of("dense", "Dense", "adam", "Adam", "outer", "GradientTape", "classes", "int[]", "seed", "long",
                "schema", "TableSchema", "preprocessor", "Preprocessor", "predictor", "Predictor", "recipe", "Recipe", "options", "FitOptions"));
        KNOWN.putAll(Map.of("dataset", "Dataset", "examples", "Examples", "batches", "Batches", "row", "Map<String, Object>", "training",
                "RecipeTraining", "data", "TrainingData", "set", "TrainingSet", "source", "DataSource", "target", "TableTarget.Labels",
                "reader", "Reader"));
        KNOWN.putAll(Map.of("noise", "Layer", "beras/tables model", "TableModel", "ConformalSets model", "TableModel", "TableTraining training", "TableTraining"));
    }

    private static final List<String> IMPORTS = List.of("static org.junit.jupiter.api.Assertions.*", "java.io.*", "java.nio.file.*",
            "java.nio.charset.StandardCharsets", "java.util.*", "java.util.function.*", "java.time.*", "beras.data.table.TableTarget.Task",
            "beras.data.table.TableColumn.Type", "beras.tables.TablePredictions.Row", "own.Gain", "own.Quartic");

    /** What the class has whose methods an example shows. */
    private static final Map<String, String> OUTER = Map.of("MeanMetric", "extends MeanMetric", "Trainable", "extends Sequential", "TrainStep", "extends Sequential");

    /** The classes that a user meets first. */
    private static final List<String> FIRST = List.of("Tensor", "Variable", "GradientTape", "GradientCheck", "Sequential", "Functional", "Model",
            "Ensemble", "Layer", "Layers", "Input", "Node", "Dense", "Conv2D", "MaxPooling2D", "Flatten", "Dropout", "BatchNormalization",
            "Embedding", "Loss", "Losses", "CategoricalCrossEntropy", "Metrics", "ClassificationReport", "ConfusionMatrix", "Optimizer",
            "Adam", "SGD", "Schedules", "Initializers", "FitOptions", "History", "Evaluation", "Callback", "EarlyStopping",
            "LambdaCallback", "Recipe", "ModelFile", "SavedModel", "Predictor", "Prediction", "ModelCheckpoint", "BackupAndRestore",
            "TableTraining", "TableModel", "TableFile", "TableSchema", "Tuning", "ImageSets", "Images", "ImageAugmentation",
            "PictureFolder", "Examples", "Dataset", "Compute", "ModelServer");

    private record Example(String name, Path file, String text) {

        String source(List<String> imports) {
            boolean isMethod = METHOD.matcher(text).matches();
            String body = isMethod ? text : TYPE.matcher(text).replaceAll("") + "\n;"; // an example may be an expression
            String known = KNOWN.keySet().stream().filter(each -> !each.contains(" ") && takesForGranted(each))
                    .map(each -> typeOf(each) + " " + each).collect(Collectors.joining(isMethod ? "; " : ", "));
            String outer = isMethod ? OUTER.getOrDefault(type(), "") : "";
            return imports.stream().map(each -> "import " + each + "; ").collect(Collectors.joining()) + "\nabstract class " + name + " "
                    + outer + " {\ninterface Reader { boolean next(float[] into, int at); boolean hasNext(); }\n"
                    + (isMethod ? known + ";" : "void example(" + known + ") throws Exception {\n") + body + (isMethod ? "" : "\n}") + "\n}\n";
        }

        private String type() {
            return file.getFileName().toString().replace(".java", "");
        }

        private String typeOf(String variable) {
            return KNOWN.entrySet().stream().filter(each -> each.getKey().endsWith(" " + variable)
                    && file.toString().contains(each.getKey().split(" ")[0])).map(Map.Entry::getValue).findFirst().orElse(KNOWN.get(variable));
        }

        private boolean takesForGranted(String variable) {
            boolean isDeclared = Pattern.compile("[\\w>\\]] " + variable + "( =|;|,|\\)| :)").matcher(text).find();
            boolean isParameter = Pattern.compile("\\b" + variable + "(?:, \\w+)*\\)? ->").matcher(text).find();
            return !isDeclared && !isParameter && Pattern.compile("(?<![.\\w\"])" + variable + "\\b").matcher(text).find();
        }
    }

    @TempDir
    Path folder;

    private static List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".java")).sorted().toList()) {
                int number = 0;
                for (MatchResult found : EXAMPLE.matcher(Files.readString(file)).results().toList()) {
                    String type = SOURCES.relativize(file).toString().replace(".java", "").replaceAll("\\W", "_");
                    examples.add(new Example(type + "_" + number++, file, found.group(1).replaceAll("(?m)^ *\\* ?", "")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return examples;
    }

    private static List<String> imports() throws IOException {
        Matcher exported = Pattern.compile("exports (beras[\\w.]*);").matcher(Files.readString(SOURCES.resolve("module-info.java")));
        return Stream.concat(IMPORTS.stream(), exported.results().map(found -> found.group(1) + ".*")).toList();
    }

    @Test
    void eachExampleCompiles() throws IOException {
        List<Example> examples = examples();
        assertTrue(examples.size() > 60, () -> examples.size() + " examples");
        List<String> imports = imports();
        List<JavaFileObject> sources = new ArrayList<>();
        for (Example example : examples) {
            sources.add(new SimpleJavaFileObject(URI.create("string:///" + example.name + ".java"), JavaFileObject.Kind.SOURCE) {

                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return example.source(imports);
                }
            });
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (var manager = compiler.getStandardFileManager(found, Locale.ROOT, null)) {
            manager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder));
            compiler.getTask(null, manager, found, List.of("-proc:none", "-nowarn", "-Xmaxerrs", "1000", "-cp", System.getProperty("java.class.path")),
                    null, sources).call();
        }
        assertEquals("", found.getDiagnostics().stream().filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> each.getSource().getName() + ": " + each.getMessage(Locale.ROOT).replaceAll("\\s+", " ") + "\n  "
                        + line(each)).collect(Collectors.joining("\n")));
    }

    private static String line(Diagnostic<? extends JavaFileObject> error) {
        try {
            return error.getSource().getCharContent(true).toString().split("\n")[(int) error.getLineNumber() - 1].strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theClassesThatAUserMeetsFirstHaveAnExample() {
        List<String> with = examples().stream().map(example -> example.file.getFileName().toString().replace(".java", "")).toList();
        assertEquals(List.of(), FIRST.stream().filter(name -> !with.contains(name)).toList());
    }
}

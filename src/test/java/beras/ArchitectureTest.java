package beras;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.*;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The shape of the house: who may use whom, and what nobody may use. */
@Tag("core")
@Tag("once")
public class ArchitectureTest {

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("beras");

    /** Each package with those it may use, besides itself. */
    public static final Map<String, Set<String>> MAY_USE = new LinkedHashMap<>();

    /** What sits on top of the library, and may bring libraries of others. */
    private static final Set<String> ABOVE_MODELS =
            Set.of("data", "saving", "tables", "sources", "bits", "runs", "digits", "serve", "report", "cli");

    static {
        MAY_USE.put("config", Set.of());
        MAY_USE.put("kernels", Set.of());
        MAY_USE.put("compute", Set.of("kernels"));
        MAY_USE.put("tensor", Set.of("kernels"));
        MAY_USE.put("autograd", Set.of("kernels", "tensor"));
        MAY_USE.put("initializers", Set.of("config", "tensor"));
        MAY_USE.put("regularizers", Set.of("config", "kernels", "tensor", "autograd"));
        MAY_USE.put("constraints", Set.of("config", "kernels", "tensor"));
        MAY_USE.put("files", Set.of());
        MAY_USE.put("layers", Set.of("config", "kernels", "tensor", "autograd", "initializers", "regularizers", "constraints"));
        MAY_USE.put("losses", Set.of("config", "kernels", "tensor", "autograd", "layers"));
        MAY_USE.put("prediction", Set.of("config", "kernels", "tensor"));
        MAY_USE.put("feed", Set.of("config", "kernels", "prediction", "tensor")); // a thread that makes batches leaves training its helpers
        MAY_USE.put("metrics", Set.of("config", "kernels", "tensor", "autograd", "losses", "feed")); // any loss serves as a metric
        MAY_USE.put("evaluation", Set.of("config", "tensor", "prediction", "metrics"));
        MAY_USE.put("optimizers", Set.of("autograd", "config", "kernels", "tensor"));
        Set<String> library = new TreeSet<>(MAY_USE.keySet());
        MAY_USE.put("training", Set.copyOf(library));
        library.add("training");
        MAY_USE.put("models", Set.copyOf(library)); // which have fit, and so need training; not the other way round
        library.add("models");
        MAY_USE.put("data", Set.copyOf(library));
        library.remove("kernels"); // as for users of the module, which does not export them: there is compute
        MAY_USE.put("saving", Set.copyOf(library));
        library.add("saving");
        library.add("data");
        MAY_USE.put("tables", Set.copyOf(library));
        library.add("digits");
        MAY_USE.put("serve", Set.copyOf(library)); // which reads pages of them
        library.remove("digits");
        library.add("tables");
        MAY_USE.put("sources", Set.copyOf(library));
        MAY_USE.put("runs", Set.copyOf(library));
        library.add("runs");
        MAY_USE.put("report", Set.copyOf(library));
        library.add("report");
        library.add("serve");
        MAY_USE.put("digits", Set.of("config", "data", "feed", "initializers", "layers", "losses", "metrics", "models", "optimizers", "prediction",
                "saving", "tensor"));
        library.add("digits");
        library.add("sources");
        MAY_USE.put("bits", Set.of("compute", "config", "data", "feed", "files", "initializers", "layers", "losses", "models", "optimizers",
                "sources", "tables", "tensor", "training"));
        library.add("bits");
        MAY_USE.put("cli", Set.copyOf(library));
    }

    private static String[] packages(Iterable<String> names) {
        List<String> packages = new ArrayList<>();
        names.forEach(name -> packages.add("beras." + name + ".."));
        return packages.toArray(String[]::new);
    }

    private static String[] belowAndInModels() {
        return packages(MAY_USE.keySet().stream().filter(name -> !ABOVE_MODELS.contains(name)).toList());
    }

    // ----------------------------------------------------------------------------------------------- directions

    @Test
    void everyPackageUsesOnlyThoseBelowIt() {
        MAY_USE.forEach((name, below) -> {
            Set<String> others = new TreeSet<>(MAY_USE.keySet());
            others.removeAll(below);
            others.remove(name);
            if (!others.isEmpty()) {
                noClasses().that().resideInAPackage("beras." + name + "..")
                        .should().dependOnClassesThat().resideInAnyPackage(packages(others))
                        .allowEmptyShould(ABOVE_MODELS.contains(name))
                        .because("dependencies point one way").check(MAIN);
            }
        });
    }

    @Test
    void thereIsNoPackageWithoutARule() {
        Set<String> packages = MAIN.stream().map(c -> c.getPackageName().split("\\.")[1])
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> unknown = new TreeSet<>(packages);
        unknown.removeAll(MAY_USE.keySet());
        assertEquals(Set.of(), unknown);
        assertTrue(packages.containsAll(Set.of("kernels", "tensor", "autograd", "layers", "models", "cli")),
                packages::toString);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("beras.(*)..").should().beFreeOfCycles().check(MAIN);
        slices().matching("beras.cli.(*)").should().beFreeOfCycles().check(MAIN);
        noClasses().that().resideInAPackage("beras.data.table.values").should().dependOnClassesThat().resideInAPackage("beras.data.table")
                .because("they say what a cell is, whatever table it is in").check(MAIN);
    }

    /** Formats use what they share, which knows none of them: they are found as services. */
    @Test
    void formatsOfFilesDoNotKnowEachOther() {
        slices().matching("beras.saving.(*)").should().notDependOnEachOther()
                .ignoreDependency(describe("is any class", any -> true), resideInAPackage("beras.saving.bytes")).check(MAIN);
        noClasses().that().resideInAPackage("beras.saving.bytes").should().dependOnClassesThat(
                resideInAPackage("beras.saving..").and(describe("are not of bytes",
                        c -> !c.getPackageName().equals("beras.saving.bytes")))).check(MAIN);
        noClasses().that().resideInAPackage("beras.saving").should().dependOnClassesThat(
                resideInAPackage("beras.saving.*").and(describe("are not of bytes",
                        c -> !c.getPackageName().equals("beras.saving.bytes")))).check(MAIN);
    }

    /** Digits are a form of pictures, which is a service, and pages of them are read by one command and one class of the server. */
    @Test
    void onlyWhatReadsPagesKnowsDigits() {
        noClasses().that().resideOutsideOfPackage("beras.digits..").and()
                .haveNameNotMatching("beras\\.(cli\\.models\\.RelayCommand|serve\\.ServedPages).*")
                .should().dependOnClassesThat().resideInAPackage("beras.digits..").check(MAIN);
    }

    @Test
    void layersDoNotKnowTheClassesOfActivations() {
        noClasses().that().resideInAPackage("beras.layers")
                .should().dependOnClassesThat().resideInAPackage("beras.layers.activations").check(MAIN);
    }

    // ------------------------------------------------------------------------------------------------ libraries

    @Test
    void onlyKernelsUseTheVectorApi() {
        DescribedPredicate<JavaClass> vectorApi = resideInAPackage("jdk.incubator.vector..");
        noClasses().that().resideOutsideOfPackage("beras.kernels..").should().dependOnClassesThat(vectorApi).check(MAIN);
        assertFails(noClasses().should().dependOnClassesThat(vectorApi));
    }

    @Test
    void theLibraryNeedsTheJdkAlone() {
        Set<String> javaBase = ModuleLayer.boot().findModule("java.base").orElseThrow().getPackages();
        DescribedPredicate<JavaClass> base = describe("are in module java.base",
                c -> javaBase.contains(c.getBaseComponentType().getPackageName()) || c.getBaseComponentType().isPrimitive());
        DescribedPredicate<JavaClass> allowed =
                base.or(resideInAnyPackage(belowAndInModels())).or(resideInAPackage("jdk.incubator.vector"));
        classes().that().resideInAnyPackage(belowAndInModels()).should().onlyDependOnClassesThat(allowed)
                .check(MAIN);
    }

    // ------------------------------------------------------------------------------------------- input and output

    @Test
    void onlyTheCommandLinePrintsAndExits() {
        DescribedPredicate<JavaAccess<?>> talking = describe("print, read or end the process", access -> {
            String owner = access.getTargetOwner().getName();
            String name = access.getTarget().getName();
            return owner.equals("java.lang.System")
                    && Set.of("out", "err", "in", "exit", "setOut", "setErr", "console").contains(name)
                    || owner.equals("java.lang.Runtime") && Set.of("exit", "halt").contains(name)
                    || name.equals("printStackTrace");
        });
        noClasses().that().resideOutsideOfPackage("beras.cli..").should().accessTargetWhere(talking).check(MAIN);
        assertFails(noClasses().should().accessTargetWhere(talking));
    }

    /**
     * What blames a file catches the exceptions that the library throws for bad data, not those of its own bugs. Named here are those
     * that catch more: they check a value of an option, read JSON, or report the failure as what it is.
     */
    @Test
    void noBugIsReportedAsBadData() {
        Set<String> mayCatchAny = Set.of("cli.options.Usage.check", "cli.terminal.Console.backend", "cli.terminal.Console.start",
                "cli.training.TrainSetup.makeNet", // values of options
                "cli.options.ConfigFile.read", "runs.Json.parse", // JSON
                "runs.RunReader.verify", // the name of a file
                "cli.options.Usage.requireDrawing", "cli.training.TrainRun.conclude", "cli.training.TrainRun.kept",
                "cli.training.TrainRun.train", "cli.training.TrainSetup.fitted", "serve.ClientConnection.head", "serve.ClientConnection.run",
                "serve.ModelServer.endLate", "serve.ModelServer.work", // failures that are reported
                "cli.terminal.Interruption.close", "cli.terminal.StandardOutput.isBrokenPipe"); // the JDK's
        Set<Class<?>> ofBugs = Set.of(Exception.class, RuntimeException.class, IllegalArgumentException.class,
                IllegalStateException.class, NullPointerException.class, ArithmeticException.class, ClassCastException.class,
                IndexOutOfBoundsException.class, UnsupportedOperationException.class);
        Set<String> found = MAIN.stream().filter(resideInAnyPackage("beras.cli..", "beras.runs..", "beras.report..", "beras.serve.."))
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(code -> code.getTryCatchBlocks().stream().flatMap(block -> block.getCaughtThrowables().stream())
                        .anyMatch(caught -> ofBugs.stream().anyMatch(caught::isEquivalentTo)))
                .map(code -> code.getOwner().getName().substring("beras.".length()) + "." + code.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(mayCatchAny), found);
    }

    // ----------------------------------------------------------------------------------------------- same bits

    @Test
    void noResultComesFromFunctionsWhoseBitsAreNotFixed() {
        Set<String> loose = Set.of("exp", "expm1", "log", "log10", "log1p", "pow", "cbrt", "hypot", "sin", "cos", "tan",
                "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh");
        noClasses().that().resideInAnyPackage(belowAndInModels()).should().accessTargetWhere(describe(
                "are functions of Math with an error of one ulp",
                access -> access.getTargetOwner().isEquivalentTo(Math.class)
                        && loose.contains(access.getTarget().getName())))
                .because("Math.exp and its like may change bits with the JIT tier or the processor").check(MAIN);
    }

    @Test
    void noVectorOperationWithoutFixedBitsIsUsed() {
        Set<String> loose = Set.of("EXP", "EXPM1", "LOG", "LOG10", "LOG1P", "POW", "CBRT", "HYPOT", "SIN", "COS", "TAN",
                "ASIN", "ACOS", "ATAN", "ATAN2", "SINH", "COSH", "TANH");
        noClasses().should().accessTargetWhere(describe("are lane operations with an error of one ulp", access ->
                access.getTargetOwner().getName().equals("jdk.incubator.vector.VectorOperators")
                        && loose.contains(access.getTarget().getName()))).check(MAIN);
    }

    @Test
    void randomNumbersComeFromRngAlone() {
        Set<String> generators = Set.of("java.util.Random", "java.util.SplittableRandom",
                "java.util.concurrent.ThreadLocalRandom", "java.security.SecureRandom");
        DescribedPredicate<JavaAccess<?>> random = describe("are random", access ->
                generators.contains(access.getTargetOwner().getName())
                        || access.getTargetOwner().isEquivalentTo(Math.class)
                                && access.getTarget().getName().equals("random")
                        || access.getTarget().getName().equals("randomUUID")
                        || access.getTargetOwner().isEquivalentTo(Collections.class)
                                && access.getTarget().getName().equals("shuffle"));
        noClasses().that().doNotHaveFullyQualifiedName("beras.tensor.Rng").should().accessTargetWhere(random).check(MAIN);
        assertFails(noClasses().should().accessTargetWhere(random));
    }

    // -------------------------------------------------------------------------------------------- documentation

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        Path sources = Path.of("src/main/java/beras");
        try (Stream<Path> files = Files.walk(sources)) {
            Set<Path> folders = files.filter(f -> f.toString().endsWith(".java")).map(Path::getParent)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertTrue(folders.size() >= 11, folders::toString);
            List<Path> silent = folders.stream()
                    .filter(folder -> !Files.exists(folder.resolve("package-info.java"))).toList();
            assertEquals(List.of(), silent);
        }
    }

    /** A rule that holds everywhere could be one that looks at nothing: this one must find something. */
    private static void assertFails(ArchRule canary) {
        assertThrows(AssertionError.class, () -> canary.check(MAIN));
    }
}

package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.files.Library;
import com.google.gson.JsonObject;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library that is missing is told with its coordinates, before a training and not after it. */
@Tag("saving")
class MissingLibraryTest {

    private static final Path KERAS = Path.of("src/test/resources/keras/mlp_adam.keras");

    @TempDir
    Path folder;

    private static URL place(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    /** What a program finds that has BERAS, and the libraries with these classes. */
    @SuppressWarnings("unchecked")
    private Map<String, String> answers(Class<?>... libraries) throws Exception {
        Files.copy(KERAS, folder.resolve("m.keras"));
        List<URL> path = new ArrayList<>(List.of(place(ModelFile.class), place(WithoutLibraries.class)));
        Stream.of(libraries).map(MissingLibraryTest::place).forEach(path::add);
        try (URLClassLoader loader = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> program = loader.loadClass(WithoutLibraries.class.getName());
            return new TreeMap<>(((Function<Path, Map<String, String>>) program.getConstructor().newInstance()).apply(folder));
        }
    }

    private static String missing(String user, Library library) {
        return "IllegalStateException: " + user + " needs the library " + library.coordinates() + ", which is not on the class"
                + " path. Add it to the dependencies of your build, or use beras.jar, which has it";
    }

    @Test
    void theJdkAloneIsNotEnoughForFiles() throws Exception {
        String model = missing("A model file", Library.GSON);
        Map<String, String> expected = new TreeMap<>();
        for (String what : List.of("load", "bytes", "save", "keras", "leavesOut", "checkpoint", "checkpoint of keras", "backup")) {
            expected.put(what, model);
        }
        expected.put("onnx", missing("A file of ONNX", Library.GSON));
        expected.put("onnx load", missing("A file of ONNX", Library.GSON));
        expected.put("torch", missing("A .safetensors file", Library.GSON));
        expected.put("torch load", missing("A .safetensors file", Library.GSON));
        expected.put("TensorBoard", "nothing");
        assertEquals(expected, answers());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("events"), folder.resolve("m.keras")), files.sorted().toList());
        }
    }

    @Test
    void filesOfKerasNeedOneMore() throws Exception {
        Map<String, String> answers = answers(JsonObject.class);
        for (String what : List.of("load", "keras", "leavesOut", "checkpoint of keras")) {
            assertEquals(missing("A .keras file", Library.JHDF), answers.get(what), what);
        }
        assertEquals("nothing", answers.get("save"));
    }

    /** In a named module, other words: there the library may be at hand and not be seen. */
    @Test
    void aModuleIsToldWhatToRequire() throws Exception {
        ModuleFinder finder = ModuleFinder.of(Path.of(place(ModelFile.class).toURI()));
        Configuration configuration = ModuleLayer.boot().configuration().resolve(finder, ModuleFinder.of(), Set.of("beras"));
        ModuleLayer layer = ModuleLayer.boot().defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());
        Method load = layer.findLoader("beras").loadClass(ModelFile.class.getName()).getMethod("load", Path.class);
        InvocationTargetException e = assertThrows(InvocationTargetException.class, () -> load.invoke(null, KERAS));
        assertEquals("A model file needs the library " + Library.GSON.coordinates() + ", which is not on the module path, or not"
                + " among the modules of this program: add it, and `requires com.google.gson;` to your module-info.java, or start"
                + " Java with --add-modules com.google.gson", e.getCause().getMessage());
    }

    /** The versions of the build, and the modules that these classes are in. */
    @Test
    void coordinatesAndModulesAreRight() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        for (Library library : Library.values()) {
            String[] parts = library.coordinates().split(":");
            assertEquals(3, parts.length, library.coordinates());
            assertTrue(pom.contains("<groupId>" + parts[0] + "</groupId>\n        <artifactId>" + parts[1] + "</artifactId>"),
                    library.coordinates());
            assertTrue(pom.contains(".version>" + parts[2] + "</"), library.coordinates());
            library.require("This test");
        }
        String module = Files.readString(Path.of("src/main/java/module-info.java"));
        for (String name : List.of("com.google.gson", "io.jhdf", "org.apache.commons.csv")) {
            assertTrue(module.contains("requires static " + name + ";"), name);
        }
        assertTrue(HdfFile.class.getName().startsWith("io.jhdf"));
    }
}

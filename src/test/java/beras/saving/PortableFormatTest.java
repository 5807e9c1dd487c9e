package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.tensor.Tensor;
import beras.training.Recipe;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The family of formats as a whole. */
@Tag("model")
class PortableFormatTest {

    @TempDir
    private Path folder;

    private static Sequential net() {
        return new Sequential(1, new Input(3), new Dense(4, "relu"), new Dense(2, "softmax"));
    }

    private Path write(PortableFormat format, String name) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            format.write(new SavedModel(net()), out);
        }
        return file;
    }

    @Test
    void aFormatWithoutALineIsSeen() {
        Set<String> classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("beras.saving").stream()
                .filter(type -> type.isAssignableTo(PortableFormat.class) && !type.isInterface()).map(JavaClass::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> listed = PortableFormat.all().stream().map(format -> format.getClass().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(classes, listed);
        assertTrue(listed.contains("BerasFile"));
        assertEquals(listed.size(), PortableFormat.all().stream().map(PortableFormat::suffix).distinct().count());
    }

    /** What every command relies on: by its name, and without a description of the net where the file contains it. */
    @Test
    void everyFormatReadsWhatItWrote() throws IOException {
        Tensor x = Tensor.generate(i -> i / 7.0, 5, 3);
        for (PortableFormat format : PortableFormat.all()) {
            Path file = write(format, "net" + format.suffix());
            assertSame(format, PortableFormat.reading(file));
            assertSame(format, PortableFormat.of(Path.of("NET" + format.suffix().toUpperCase(Locale.ROOT))));
            if (format.containsNet()) {
                assertEquals(net().predict(x), ModelFile.load(file).model().predict(x));
                Exception e = assertThrows(IllegalArgumentException.class, () -> ModelFile.load(file, net()));
                assertTrue(e.getMessage().contains("do not specify them"), e.getMessage());
            } else {
                assertEquals(net().predict(x), ModelFile.load(file, net()).model().predict(x));
                Exception e = assertThrows(ModelFormatException.class, () -> ModelFile.load(file));
                assertTrue(e.getMessage().startsWith(file + ": A file of weights contains no network"), e.getMessage());
            }
            SavedModel described = new SavedModel(net()).recipe(new Recipe());
            List<String> lost = format.leavesOut(described);
            assertEquals(lost, format.write(described, OutputStream.nullOutputStream()).lost());
            assertTrue(format != PortableFormat.own() || lost.isEmpty(), lost::toString);
        }
    }

    @Test
    void theContentTellsWhatTheNameDoesNot() throws IOException {
        Tensor x = Tensor.ones(1, 3);
        PortableFormat beras = PortableFormat.own();
        PortableFormat keras = PortableFormat.of(Path.of("x.keras"));
        for (Path file : List.of(write(beras, "a.safetensors"), write(beras, "b.keras"), write(beras, "c"), write(keras, "d"),
                write(keras, "e.beras"))) {
            assertEquals(net().predict(x), ModelFile.load(file).model().predict(x), file.toString());
        }
        Path text = Files.writeString(folder.resolve("f.txt"), "neither of them");
        Exception e = assertThrows(ModelFormatException.class, () -> ModelFile.load(text));
        assertTrue(e.getMessage().contains("its name ends with one of " + PortableFormat.suffixes()), e.getMessage());
    }

    /** A name does not make a model lose its layers. */
    @Test
    void modelsAreSavedWhole() throws IOException {
        for (PortableFormat format : PortableFormat.all()) {
            Path file = folder.resolve("saved" + format.suffix());
            if (format.containsNet()) {
                ModelFile.save(net(), file);
                assertFalse(ModelFile.load(file).model().layers().isEmpty(), format.suffix());
            } else {
                assertRefused("Files that end with " + format.suffix() + " have weights alone", file);
            }
        }
    }

    private static void assertRefused(String reason, Path file) {
        for (Executable use : List.<Executable>of(() -> ModelFile.save(net(), file),
                () -> ModelFile.replace(new SavedModel(net()), file), () -> ModelFile.leavesOut(new SavedModel(net()), file),
                () -> ModelFile.keepsPreprocessor(file), () -> ModelFile.requireName(file),
                () -> new SmallTraining().fit(new ModelCheckpoint(file.toString())),
                () -> new SmallTraining().fit(new BackupAndRestore(file)))) {
            String message = assertThrows(IllegalArgumentException.class, use).getMessage();
            assertTrue(message.startsWith(reason) && message.endsWith("Received: " + file), message);
        }
        assertFalse(Files.exists(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.h5", "m.hdf5", "m.pt", "m.pth", "m.pb", "m.tflite", "m.joblib", "m.pkl", "m.npy", "m.H5", "m.beras.bak", "v1.2"})
    void foreignEndingsAreRefusedBeforeTraining(String name) {
        Path file = folder.resolve(name);
        assertRefused("BERAS writes no models under names that end with " + name.substring(name.lastIndexOf('.')) + ". Take one of"
                + " .beras, .keras, .onnx, or no ending for BERAS's own", file);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> PortableFormat.of(file)).getMessage().contains(". Take one of"
                + " .beras, .safetensors, .npz, .keras, .onnx, or no ending"), "weights alone can be converted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m", ".model", "M.BERAS"})
    void noEndingIsThatOfBeras(String name) throws IOException {
        Path file = folder.resolve(name);
        ModelFile.save(net(), file);
        assertSame(PortableFormat.own(), PortableFormat.reading(file));
        assertEquals(List.of(), ModelFile.leavesOut(new SavedModel(net()), file));
    }

    /** The name that a pattern gives, with a number in it, not that of the pattern. */
    @Test
    void theEndingsOfPatternsAreThoseOfTheirFiles() throws IOException {
        for (String pattern : List.of("m-{val_loss:.2f}", "m.{epoch}", "{epoch}.h5")) {
            assertThrows(IllegalArgumentException.class,
                    () -> new SmallTraining().fit(new ModelCheckpoint(folder + "/" + pattern)), pattern);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
        new SmallTraining().fit(new ModelCheckpoint(folder + "/m-{epoch}"), new ModelCheckpoint(folder + "/{val_loss:.2f}.beras"));
    }
}

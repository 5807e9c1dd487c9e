package beras.saving;

import beras.files.Bytes;
import beras.files.Library;
import beras.files.Sha256;
import beras.files.WholeFile;
import beras.models.Model;
import beras.saving.bytes.Safetensors;
import beras.training.Trainable;
import beras.training.Training;
import beras.training.TrainingLock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Saves models to files and loads them, bit-identically.
 *
 * <p>A file is in the safetensors format, so that other programs can read its weights, {@code dense/kernel} and so on; the rest
 * of a {@link SavedModel} is in its metadata, under names that begin with {@code beras.}, and so is a checksum over the whole
 * file.
 *
 * <p>Files of every {@link PortableFormat} are read, whatever their names are. Formats that contain whole models are written:
 * the ending of the name decides, {@code .beras}, {@code .keras} or {@code .onnx}; a name without an ending means BERAS's own
 * format, any other ending is rejected. {@link #leavesOut} lists the parts that the format cannot hold.
 *
 * <p>All of this needs the library Gson, and files of Keras 3, {@code .keras}, also jHDF: a missing library is reported as an
 * {@link IllegalStateException} with the coordinates to add, and by callbacks before training. A program on the module path
 * declares {@code requires com.google.gson;}, and {@code requires io.jhdf;}.
 *
 * <pre>{@code
 * ModelFile.save(model, Path.of("digits.beras"));          // .keras and .onnx, too
 * Model same = ModelFile.load(Path.of("digits.beras")).model();
 * }</pre>
 */
public final class ModelFile {

    /**
     * Saves a model with how it is compiled, whole or not at all, and never replaces a file. While another thread trains it, that
     * waits between two steps until the file is written; so does a training run that begins meanwhile. Parts that the format
     * cannot hold are left out, with a warning of the {@link System.Logger} of this class's name for each. BERAS's own format
     * leaves out how the model is compiled if a type or function in it is not registered, a single metric of such a type, and a
     * custom {@code trainStep}. {@link #leavesOut} lists it beforehand.
     *
     * @throws IllegalArgumentException if the type or the function of a layer is not registered, naming it, or
     *     {@link #requireName} rejects the name
     * @throws FileAlreadyExistsException if the file is there
     * @throws IOException if it cannot be written
     */
    public static void save(Model model, Path file) throws IOException {
        save(new SavedModel(model), file);
    }

    /** As {@link #save(Model, Path)}, with all that belongs to the model. */
    public static void save(SavedModel saved, Path file) throws IOException {
        save(saved, file, sentence -> warn(file, sentence));
    }

    /**
     * As {@link #save(SavedModel, Path)}, without the logger.
     *
     * @param leftOut receives the parts left out, in sentences
     */
    public static void save(SavedModel saved, Path file, Consumer<String> leftOut) throws IOException {
        write(saved, file, false).forEach(leftOut);
    }

    /**
     * As {@link #save(SavedModel, Path)}, in the place of a file that may be there; if writing fails, that is still there,
     * unchanged.
     */
    public static void replace(SavedModel saved, Path file) throws IOException {
        replace(saved, file, sentence -> warn(file, sentence));
    }

    /** As {@link #replace(SavedModel, Path)}, without the logger, see {@link #save(SavedModel, Path, Consumer)}. */
    public static void replace(SavedModel saved, Path file, Consumer<String> leftOut) throws IOException {
        write(saved, file, true).forEach(leftOut);
    }

    /** Writes a model; returns the parts left out, in sentences. */
    private static List<String> write(SavedModel saved, Path file, boolean overwrite) throws IOException {
        PortableFormat format = format(file);
        List<String> lost = new ArrayList<>();
        WholeFile.write(file, overwrite, out -> lost.addAll(format.write(saved, out).lost()));
        return lost;
    }

    /**
     * As {@link #write(SavedModel, Path, boolean)}, for a callback: each part left out is a warning of its training run.
     *
     * @param warned collects the warnings given, so that each comes once
     */
    static void write(SavedModel saved, Path file, boolean overwrite, Training training, Set<String> warned) throws IOException {
        for (String lost : write(saved, file, overwrite)) {
            if (warned.add(lost)) {
                training.warn(file + ": " + lost);
            }
        }
    }

    private static void warn(Path file, String sentence) {
        System.getLogger(ModelFile.class.getName()).log(System.Logger.Level.WARNING, "{0}: {1}", file, sentence);
    }

    /** That of the name, if it has models whole. */
    private static PortableFormat format(Path file) {
        requireLibrary();
        return PortableFormat.ofModel(file);
    }

    /**
     * Rejects a name under which no model can be saved: its ending belongs to no {@link PortableFormat}, or to one of weights
     * alone. A name without an ending stands for BERAS's own format.
     *
     * @throws IllegalArgumentException if so; the message proposes another ending
     */
    public static void requireName(Path file) {
        format(file);
    }

    /**
     * The parts of a model that are left out when it is saved under this name, in sentences. BERAS's own format leaves out a
     * custom {@code trainStep}, and how the model is compiled, or a metric, if its type is not registered.
     *
     * @throws IllegalArgumentException if the model cannot be saved under this name at all
     */
    public static List<String> leavesOut(SavedModel saved, Path file) {
        return format(file).leavesOut(saved);
    }

    /** Whether the preprocessor is kept when a model is saved under this name. */
    public static boolean keepsPreprocessor(Path file) {
        return format(file).keepsPreprocessor();
    }

    /** The SHA-256, in hexadecimal, of all weights in order, as little-endian float32. */
    public static String weightsSha256(Model model) {
        DigestOutputStream digesting = new DigestOutputStream(OutputStream.nullOutputStream(), Sha256.begin());
        try (TrainingLock saving = TrainingLock.ofSaving(model.weights())) {
            Safetensors.writeElements(model.weights(), digesting);
        } catch (IOException e) {
            throw new AssertionError("The null stream does not fail", e);
        }
        return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    }

    /**
     * Loads a model, without running an initializer. Nothing is allocated by a size that the file merely claims.
     *
     * @throws ModelFormatException if the file is of no {@link PortableFormat}, is truncated or changed, is of a newer version,
     *     holds layers that are unknown or do not fit each other or their weights, or has weights alone
     * @throws IOException if it cannot be read
     */
    public static SavedModel load(Path file) throws IOException {
        requireLibrary();
        PortableFormat format = PortableFormat.reading(file);
        try {
            return format.read(file, Optional.empty()).saved();
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(file, e.getMessage(), e);
        }
    }

    /**
     * Loads the weights of a network from a file of weights alone.
     *
     * @throws IllegalArgumentException if the file contains its own network
     * @throws ModelFormatException as {@link #load(Path)}, and if the file does not fit the network
     * @throws IOException if it cannot be read
     */
    public static SavedModel load(Path file, Model net) throws IOException {
        requireLibrary();
        return PortableFormat.reading(file).read(file, Optional.of(net)).saved();
    }

    /**
     * A model as the bytes of a file in BERAS's own format, for who keeps or sends it elsewhere.
     *
     * @throws IllegalArgumentException if a layer is of a type that cannot be saved
     * @throws UncheckedIOException if another thread changes the weights meanwhile, outside of {@code fit} and {@code trainOnBatch}
     */
    public static byte[] toBytes(SavedModel saved) {
        requireLibrary();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            BerasFile.writeModel(saved, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        return out.toByteArray();
    }

    /**
     * The model that {@link #toBytes} wrote, or the bytes of a file in BERAS's own format.
     *
     * @param name the name of the bytes in errors
     * @throws ModelFormatException as {@link #load(Path)}
     */
    public static SavedModel fromBytes(byte[] bytes, String name) throws ModelFormatException {
        requireLibrary();
        try {
            return FormatSupport.readModel(name, BerasFile.HEADER, Bytes.of(bytes), BerasFile::read);
        } catch (ModelFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError("Memory does not fail", e);
        }
    }

    /**
     * The model that is to be saved during training.
     *
     * @throws IllegalArgumentException if it is no {@link Model}, or has a layer that cannot be saved
     */
    static Model requireSavable(Trainable net, String callback) {
        if (!(net instanceof Model model)) {
            throw new IllegalArgumentException(callback + " saves a Model. Received: " + net.getClass().getName());
        }
        requireLibrary();
        BerasFile.requireSavable(model);
        return model;
    }

    /**
     * Whether a model that is saved under this name is in BERAS's own format.
     *
     * @throws IllegalArgumentException as {@link #requireName}
     */
    public static boolean isOwn(Path file) {
        return format(file) == PortableFormat.own();
    }

    /** Before the class of any format is needed. */
    private static void requireLibrary() {
        Library.GSON.require("A model file");
    }

    private ModelFile() {}
}

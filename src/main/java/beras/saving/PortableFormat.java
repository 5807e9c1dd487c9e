package beras.saving;

import beras.config.InvalidDataException;
import beras.files.Bytes;
import beras.models.Model;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A file format of models, BERAS's own or another program's. A new one is a public class that implements this with a
 * constructor without arguments, and a provider of this service: its name in
 * {@code META-INF/services/beras.saving.PortableFormat}, or {@code provides} in a {@code module-info}. {@link ModelFile} and
 * all commands then read and write it. {@link FormatSupport} has the code that formats share.
 */
public interface PortableFormat {

    /** A model that was read, and the report about its weights. */
    record Imported(SavedModel saved, WeightReport report) {}

    /** The ending of file names, with the dot and in lower case. */
    String suffix();

    /** Whether a file is of this format; the name decides if the content does not. */
    @SuppressWarnings("exports") // who writes a format elsewhere has no need of the bytes
    default boolean isOne(Path file, Bytes bytes) throws IOException {
        return isNameOf(file);
    }

    /** Whether such files contain the network, not its weights alone. */
    default boolean containsNet() {
        return true;
    }

    /** Whether such files keep the preprocessor, without which a model cannot read tables. */
    default boolean keepsPreprocessor() {
        return containsNet();
    }

    /**
     * Writes a model, which another thread may be training: under a {@link beras.training.TrainingLock#ofSaving}.
     *
     * @throws InvalidDataException if the format has no place for one of its layers
     * @throws IOException if it cannot be written
     */
    WeightReport write(SavedModel saved, OutputStream out) throws IOException;

    /**
     * Reads a model.
     *
     * @param net the network whose weights are set from a file of weights alone; empty for a file that contains its network
     * @throws InvalidDataException if a network is missing, or is given for a file that contains its own
     * @throws ModelFormatException if the file is malformed, or does not fit the network
     * @throws IOException if it cannot be read
     */
    Imported read(Path file, Optional<Model> net) throws IOException;

    /**
     * The parts of a model that such a file cannot hold, in sentences.
     *
     * @throws InvalidDataException as {@link #write}
     */
    default List<String> leavesOut(SavedModel saved) {
        try {
            return write(saved, OutputStream.nullOutputStream()).lost();
        } catch (IOException e) {
            throw new AssertionError("The null stream does not fail", e);
        }
    }

    /** Whether a file of this name is to be written in this format. */
    default boolean isNameOf(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(suffix());
    }

    /** All formats, in the order in which they are tried on a file; BERAS's comes first. */
    static List<PortableFormat> all() {
        return Formats.ALL;
    }

    /** BERAS's own format. */
    static PortableFormat own() {
        return BerasFile.FORMAT;
    }

    /** How the names of files end, of all formats. */
    static String suffixes() {
        return suffixes(false);
    }

    /** @param whole whether only formats that contain the network are listed */
    private static String suffixes(boolean whole) {
        return all().stream().filter(format -> !whole || format.containsNet()).map(PortableFormat::suffix).collect(Collectors.joining(", "));
    }

    /**
     * The format of a file that is to be written, by the ending of its name; BERAS's own if it has none.
     *
     * @throws IllegalArgumentException if no format has this ending, saying which there are
     */
    static PortableFormat of(Path file) {
        return of(file, false);
    }

    /**
     * As {@link #of(Path)}, of a file that is to have a model whole.
     *
     * @throws IllegalArgumentException also if files of this ending have weights alone
     */
    static PortableFormat ofModel(Path file) {
        PortableFormat format = of(file, true);
        if (!format.containsNet()) {
            throw new IllegalArgumentException("Files that end with " + format.suffix() + " have weights alone, and a model would"
                    + " lose its layers. Save it as .beras, and its weights by PyTorchFile, NumpyFile or the command `convert`."
                    + " Received: " + file);
        }
        return format;
    }

    private static PortableFormat of(Path file, boolean whole) {
        if (own().isNameOf(file)) {
            return own(); // without looking for others
        }
        for (PortableFormat format : all()) {
            if (format.isNameOf(file)) {
                return format;
            }
        }
        String name = String.valueOf(file.getFileName());
        if (name.lastIndexOf('.') > 0) {
            throw new IllegalArgumentException("BERAS writes no models under names that end with "
                    + name.substring(name.lastIndexOf('.')) + ". Take one of " + suffixes(whole) + ", or no ending for BERAS's own:"
                    + " Keras reads .keras, other programs .onnx, PyTorch the weights in .safetensors, which PyTorchFile and `convert`"
                    + " write. Received: " + file);
        }
        return own();
    }

    /**
     * The format of a file to be read, by its first bytes and the ending of its name; BERAS's if none matches, whose error then
     * gives the reason.
     *
     * @throws IOException if it cannot be read
     */
    static PortableFormat reading(Path file) throws IOException {
        try (Bytes bytes = Bytes.open(file)) {
            if (own().isOne(file, bytes)) {
                return own();
            }
            for (PortableFormat format : all()) {
                if (format.isOne(file, bytes)) {
                    return format;
                }
            }
        }
        return own();
    }
}

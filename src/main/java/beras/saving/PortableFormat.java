package beras.saving;

import beras.models.Model;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A file format of other programs, for {@code export} and {@code import}. A new one is a class that implements this, and a line
 * in {@link #ALL}.
 */
public interface PortableFormat {

    /** All formats. */
    List<PortableFormat> ALL = List.of(new PyTorchFormat(), new NumpyFormat(), new KerasPortable(),
            new OnnxFormat());

    /**
     * What a file of weights does not tell about its net.
     *
     * @param net        the net itself, whose weights are then set; for formats that have weights alone
     * @param activation after each layer but the last, if the net is to follow from shapes
     * @param output     after the last
     */
    record Hints(Optional<Model> net, Optional<String> activation, Optional<String> output) {}

    /** What was read, and how. */
    record Imported(SavedModel saved, WeightReport report) {}

    /** How names of such files end, with the dot and in lower case. */
    String suffix();

    /**
     * Writes a model.
     *
     * @throws IllegalArgumentException if the format has no place for one of its layers
     * @throws IOException if it cannot be written
     */
    WeightReport write(SavedModel saved, OutputStream out) throws IOException;

    /**
     * Reads a model.
     *
     * @throws IllegalArgumentException if a hint lacks or is wrong
     * @throws ModelFormatException if the file is no good, or does not fit the net
     * @throws IOException if it cannot be read
     */
    Imported read(Path file, Hints hints) throws IOException;

    /**
     * The format of a file, by the end of its name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static PortableFormat of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return ALL.stream().filter(format -> name.endsWith(format.suffix())).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The name of the file must end with one of "
                        + ALL.stream().map(PortableFormat::suffix).collect(Collectors.joining(", ")) + ". Received: " + file));
    }
}

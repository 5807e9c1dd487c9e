package beras.bench.endtoend;

import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The data: 60,000 images of 28 x 28 to train on, 10,000 to test on, ten classes. */
enum DataSet {
    MNIST("mnist", "digits", Path.of("data"), "", 97),
    FASHION_MNIST("fashion-mnist", "clothes", Path.of("/usr/share/datasets/fashion-mnist"), "-fashion-mnist", 86);

    private final String name;
    private final String images;
    private final Path folder;
    private final String suffix;
    private final int goodPercent;

    DataSet(String name, String images, Path folder, String suffix, int goodPercent) {
        this.name = name;
        this.images = images;
        this.folder = folder;
        this.suffix = suffix;
        this.goodPercent = goodPercent;
    }

    /** Reads a name. */
    static final class Parser implements ITypeConverter<DataSet> {
        @Override
        public DataSet convert(String name) {
            return Stream.of(values()).filter(data -> data.name.equals(name)).findFirst().orElseThrow(
                    () -> new TypeConversionException("expected mnist or fashion-mnist. Received: " + name));
        }
    }

    /** The subject of the images. */
    String images() {
        return images;
    }

    /** The default folder: MNIST in the repository, the other in Debian's package. */
    Path folder() {
        return folder;
    }

    /** The suffix of names of results files. */
    String suffix() {
        return suffix;
    }

    /** The test accuracy that every party comes to within a few epochs. */
    int goodPercent() {
        return goodPercent;
    }
}

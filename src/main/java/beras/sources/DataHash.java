package beras.sources;

import beras.data.image.ImageSets;
import beras.data.image.PictureFolder;
import beras.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The SHA-256 of data, by which a model file identifies its training data. */
public final class DataHash {

    /**
     * The hash of a table, a file of arrays, a set of images or a folder of pictures.
     *
     * @return empty for a source that may never end, such as a pipe
     * @throws IOException if the data cannot be read
     */
    public static Optional<String> of(Path data) throws IOException {
        if (Files.isDirectory(data)) {
            if (!ImageSets.isIn(data)) {
                return Optional.of(PictureFolder.open(data).sha256());
            }
            return ofFiles(ImageSets.files(data));
        }
        return ofFiles(List.of(data));
    }

    private static Optional<String> ofFiles(List<Path> files) throws IOException {
        return files.stream().allMatch(file -> Files.isRegularFile(file)) ? Optional.of(Sha256.of(files)) : Optional.empty();
    }

    private DataHash() {}
}

package beras.sources;

import beras.data.image.Mnist;
import beras.data.image.PictureFolder;
import beras.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The SHA-256 of data, by which a model file knows those that it was trained on. */
public final class DataHash {

    /**
     * The hash of a table, a file of arrays, a set of images or a folder of pictures.
     *
     * @return empty for what may never end, such as a pipe
     * @throws IOException if the data cannot be read
     */
    public static Optional<String> of(Path data) throws IOException {
        if (Files.isDirectory(data)) {
            if (!Mnist.isIn(data)) {
                return Optional.of(PictureFolder.open(data).sha256());
            }
            List<Path> files = Mnist.files(data);
            return files.stream().allMatch(Files::isRegularFile) ? Optional.of(Sha256.of(files)) : Optional.empty();
        }
        return Files.isRegularFile(data) ? Optional.of(Sha256.of(List.of(data))) : Optional.empty();
    }

    private DataHash() {}
}

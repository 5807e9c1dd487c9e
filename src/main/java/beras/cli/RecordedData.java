package beras.cli;

import beras.data.image.ImageSets;
import beras.data.image.PictureFolder;
import beras.files.Sha256;
import beras.tables.TableOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Data that the file of a training names. They are read only if they are those that it was trained on, by their SHA-256: a file
 * from anybody may name any other, of which nothing may be shown or learnt.
 */
final class RecordedData {

    /**
     * Refuses data other than those that were trained on. Standard input is not looked at.
     *
     * @param validation rows to validate; null: none are named
     * @param hashes     that are recorded
     * @param expected   such as {@code the data that m.beras was trained on}
     * @throws Failure if they are others
     */
    static void require(Path data, Path validation, Map<String, String> hashes, String expected) {
        require(data, hashes.get(TableOrigin.DATA_HASH), expected);
        if (validation != null) {
            require(validation, hashes.get(TableOrigin.VALIDATION_HASH), expected);
        }
    }

    private static void require(Path data, String hash, String expected) {
        if (StandardInput.isNamedBy(data)) {
            return;
        }
        String received = "other data, by their SHA-256";
        try {
            if (!Files.exists(data)) {
                received = "nothing at " + data.toAbsolutePath();
            } else if (sha256(data).equals(Optional.ofNullable(hash))) {
                return;
            }
        } catch (IOException e) { // its reason might show what is there
            received = "what cannot be read as data";
        }
        throw new Failure(Exit.BAD_DATA, data + ": expected " + expected + ". Received: " + received);
    }

    /** Empty for what may never end, such as a pipe. */
    private static Optional<String> sha256(Path data) throws IOException {
        if (Files.isDirectory(data)) {
            if (!ImageSets.isIn(data)) {
                return Optional.of(PictureFolder.open(data).sha256());
            }
            List<Path> files = ImageSets.files(data);
            return files.stream().allMatch(Files::isRegularFile) ? Optional.of(Sha256.of(files)) : Optional.empty();
        }
        return Files.isRegularFile(data) ? Optional.of(Sha256.of(List.of(data))) : Optional.empty();
    }

    private RecordedData() {}
}

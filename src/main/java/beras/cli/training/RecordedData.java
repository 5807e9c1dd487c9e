package beras.cli.training;

import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.StandardInput;
import beras.files.FileFailure;
import beras.sources.DataHash;
import beras.tables.TableOrigin;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Data named in the file of a training run. They are read only if their SHA-256 is that of the training data: a file from
 * anybody may name any other, which must not be shown or learnt from.
 */
public final class RecordedData {

    /**
     * Rejects data other than the training data. Standard input is not checked.
     *
     * @param validation validation rows; null: none
     * @param hashes     as recorded
     * @param expected   such as {@code the data that m.beras was trained on}
     * @throws Failure if they are others
     */
    public static void require(Path data, Path validation, Map<String, String> hashes, String expected) {
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
            } else if (DataHash.of(data).equals(Optional.ofNullable(hash))) {
                return;
            }
        } catch (FileSystemException e) {
            received = "what cannot be read: " + FileFailure.reason(e);
        } catch (IOException e) { // its reason might reveal contents
            received = "what cannot be read as data";
        }
        throw new Failure(Exit.BAD_DATA, data + ": expected " + expected + ". Received: " + received);
    }

    private RecordedData() {}
}

package beras.saving;

import beras.files.Bytes;
import beras.files.Excerpt;
import beras.files.FileFailure;
import com.google.gson.JsonParseException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;

/** Reads a file of others: whatever is wrong in it is told with its name. */
final class FileReading {

    /** What is made of the bytes of a file. */
    interface Reader<T> {
        T read(Bytes file) throws IOException;
    }

    /**
     * Reads a file.
     *
     * @throws ModelFormatException if the reader finds something wrong
     * @throws IOException if the file cannot be read
     */
    static <T> T of(Path path, Reader<T> reader) throws IOException {
        try (Bytes file = Bytes.open(path)) {
            return reader.read(file);
        } catch (EOFException | IllegalArgumentException e) {
            String reason = e.getMessage() == null ? "the file ends too early" : e.getMessage();
            throw new ModelFormatException(path, Excerpt.message(reason), e);
        }
    }

    /**
     * Reads a file that describes its model in JSON.
     *
     * @param json what errors call the JSON, such as {@code config.json}
     * @throws ModelFormatException if the reader finds something wrong
     * @throws IOException if the file cannot be read
     */
    static SavedModel ofModel(Path path, String json, Reader<SavedModel> reader) throws IOException {
        try (Bytes file = Bytes.open(path)) {
            return ofModel(path.toString(), json, file, reader);
        }
    }

    /** As {@link #ofModel(Path, String, Reader)}, of bytes in memory. */
    static SavedModel ofModel(String name, String json, Bytes file, Reader<SavedModel> reader) throws IOException {
        try {
            return reader.read(file);
        } catch (EOFException e) {
            throw new ModelFormatException(name, e.getMessage(), e);
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
            throw new ModelFormatException(name, json + " is not the JSON of a model: " + FileFailure.ofJson(e), e);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(name, e.getMessage(), e);
        }
    }

    private FileReading() {}
}

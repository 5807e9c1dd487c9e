package beras.saving;

import beras.files.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** A format of model files: one class each, and a line in {@link ModelFile}. */
interface ModelFormat {

    /** What files of this format end with, such as {@code .beras}. */
    String suffix();

    /** Whether a file begins as those of this format do. */
    boolean isOne(Bytes file) throws IOException;

    /**
     * Reads a file that {@linkplain #isOne begins} right.
     *
     * @throws IllegalArgumentException if it is damaged, or holds no model that BERAS can make
     */
    SavedModel read(Bytes file) throws IOException;

    /**
     * Writes a file.
     *
     * @throws IllegalArgumentException if the model cannot be told in this format
     */
    void write(SavedModel saved, OutputStream out) throws IOException;

    /** What belongs to a model, but has no place in this format. */
    default List<String> leavesOut(SavedModel saved) {
        return List.of();
    }

    /** Whether a file of this name is to be written in this format. */
    default boolean isNameOf(Path file) {
        return file.toString().endsWith(suffix());
    }
}

package beras.spark;

import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import java.io.Serializable;
import java.io.UncheckedIOException;

/**
 * The file of a model in memory. Broadcast, it is sent to each executor once and opened there once, by the first task that
 * needs it; the opened model goes with the broadcast.
 */
final class ModelBytes implements Serializable {

    private static final long serialVersionUID = 1;

    private final byte[] bytes;
    private transient SavedModel opened; // null: not in this JVM yet

    /** For a model that is already open. */
    ModelBytes(SavedModel opened) {
        this.bytes = ModelFile.toBytes(opened);
        this.opened = opened;
    }

    private ModelBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The same file, to be opened again: tasks must not share a network with a caller who may train it. */
    ModelBytes unopened() {
        return new ModelBytes(bytes);
    }

    /** The model. Any number of tasks may predict with it. */
    synchronized SavedModel open() {
        if (opened == null) {
            try {
                opened = ModelFile.fromBytes(bytes, "the model");
            } catch (ModelFormatException e) {
                throw new UncheckedIOException(e);
            }
        }
        return opened;
    }

    int size() {
        return bytes.length;
    }
}

package beras.spark;

import beras.kernels.Backend;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.broadcast.Broadcast;

/** The models that a JVM predicts with: each is opened once, by the first task that needs it. */
final class OpenModels {

    /** So many are kept open, those that were used last. */
    private static final int MOST = 8;

    private static final Map<String, SavedModel> OPEN = new LinkedHashMap<>(MOST, 0.75f, true) {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SavedModel> eldest) {
            return size() > MOST;
        }
    };

    private static final AtomicBoolean SAID = new AtomicBoolean();

    /** A model that is sent to each JVM once. */
    record Sent(Broadcast<byte[]> bytes, String sha256) implements Serializable {

        private static final long serialVersionUID = 1;

        /** The model, opened. Any number of tasks may predict with it. */
        SavedModel open() {
            synchronized (OPEN) {
                SavedModel known = OPEN.get(sha256);
                if (known == null) {
                    sayIfScalar();
                    try {
                        known = ModelFile.fromBytes(bytes.value(), "the model");
                    } catch (ModelFormatException e) {
                        throw new UncheckedIOException(e);
                    }
                    OPEN.put(sha256, known);
                }
                return known;
            }
        }
    }

    /** Says once in a JVM why it is slow, if it is. */
    static void sayIfScalar() {
        if (!Backend.isVector() && SAID.compareAndSet(false, true)) {
            System.getLogger(OpenModels.class.getName()).log(System.Logger.Level.WARNING, "BERAS runs " + Backend.describe()
                    + ". Of executors that is spark.executor.extraJavaOptions");
        }
    }

    private OpenModels() {}
}

package beras.spark;

import beras.data.table.TableTarget.Task;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;

/**
 * Learns to predict one of some labels from the other columns of a DataFrame, see {@link BerasEstimator}.
 *
 * <pre>{@code
 * BerasModel model = new BerasClassifier().setLabelCol("species").setEpochs(10).fit(rows);
 * }</pre>
 */
public final class BerasClassifier extends BerasEstimator<BerasClassifier> {

    private static final long serialVersionUID = 1;

    /** With the defaults. */
    public BerasClassifier() {
        this(newUid("beras"));
    }

    /** With the defaults, and a name of its own among the stages of a pipeline. */
    public BerasClassifier(String uid) {
        super(uid, Task.CLASSIFICATION);
    }

    /** Reads what {@link #write} has written. */
    public static MLReader<BerasClassifier> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads what {@link #save} has written. */
    public static BerasClassifier load(String path) {
        return read().load(path);
    }

    @Override
    BerasClassifier self() {
        return this;
    }
}

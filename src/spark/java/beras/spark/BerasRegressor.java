package beras.spark;

import beras.data.table.TableTarget.Task;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.StructType;

/**
 * Learns to predict a number from the other columns of a DataFrame, see {@link BerasEstimator}.
 *
 * <pre>{@code
 * BerasModel model = new BerasRegressor().setLabelCol("price").setEpochs(10).fit(rows);
 * }</pre>
 */
public final class BerasRegressor extends BerasEstimator<BerasRegressor> {

    private static final long serialVersionUID = 1;

    /** With the defaults. */
    public BerasRegressor() {
        this(newUid("beras"));
    }

    /** With the defaults, and a unique name among the stages of a pipeline. */
    public BerasRegressor(String uid) {
        super(uid, Task.REGRESSION);
    }

    /** Reads a stage written by {@link #write}. */
    public static MLReader<BerasRegressor> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads a stage written by {@link #save}. */
    public static BerasRegressor load(String path) {
        return read().load(path);
    }

    @Override
    StructType addOutputs(StructType predicted) {
        return predicted;
    }

    @Override
    BerasRegressor self() {
        return this;
    }
}

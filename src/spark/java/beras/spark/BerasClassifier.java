package beras.spark;

import beras.data.table.TableTarget.Task;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/**
 * Learns to predict one of some labels from the other columns of a DataFrame, see {@link BerasEstimator}.
 *
 * <pre>{@code
 * BerasModel model = new BerasClassifier().setLabelCol("species").setEpochs(10).fit(rows);
 * }</pre>
 */
public final class BerasClassifier extends BerasEstimator<BerasClassifier> {

    private static final long serialVersionUID = 1;

    private final Param<String> probabilityCol;
    private final Param<String> rawPredictionCol;
    private final Param<String> predictedLabelCol;

    /** With the defaults. */
    public BerasClassifier() {
        this(newUid("beras"));
    }

    /** With the defaults, and a unique name among the stages of a pipeline. */
    public BerasClassifier(String uid) {
        super(uid, Task.CLASSIFICATION);
        this.probabilityCol = OutputColumn.PROBABILITY.param(this);
        this.rawPredictionCol = OutputColumn.RAW_PREDICTION.param(this);
        this.predictedLabelCol = OutputColumn.PREDICTED_LABEL.param(this);
        setDefault(probabilityCol, OutputColumn.PROBABILITY.byDefault());
        setDefault(rawPredictionCol, OutputColumn.RAW_PREDICTION.byDefault());
        setDefault(predictedLabelCol, OutputColumn.PREDICTED_LABEL.byDefault());
    }

    /** Reads a stage written by {@link #write}. */
    public static MLReader<BerasClassifier> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads a stage written by {@link #save}. */
    public static BerasClassifier load(String path) {
        return read().load(path);
    }

    /** See {@link BerasModel#setProbabilityCol}. */
    public Param<String> probabilityCol() {
        return probabilityCol;
    }

    /** See {@link BerasModel#setRawPredictionCol}. */
    public Param<String> rawPredictionCol() {
        return rawPredictionCol;
    }

    /** See {@link BerasModel#setPredictedLabelCol}. */
    public Param<String> predictedLabelCol() {
        return predictedLabelCol;
    }

    /** See {@link BerasModel#setProbabilityCol}. */
    public BerasClassifier setProbabilityCol(String name) {
        return with(probabilityCol, name);
    }

    /** See {@link BerasModel#setRawPredictionCol}. */
    public BerasClassifier setRawPredictionCol(String name) {
        return with(rawPredictionCol, name);
    }

    /** See {@link BerasModel#setPredictedLabelCol}. */
    public BerasClassifier setPredictedLabelCol(String name) {
        return with(predictedLabelCol, name);
    }

    @Override
    StructType addOutputs(StructType predicted) {
        StructType all = OutputColumn.PROBABILITY.appendTo(predicted, getOrDefault(probabilityCol), Metadata.empty());
        all = OutputColumn.RAW_PREDICTION.appendTo(all, getOrDefault(rawPredictionCol), Metadata.empty());
        return OutputColumn.PREDICTED_LABEL.appendTo(all, getOrDefault(predictedLabelCol), Metadata.empty());
    }

    @Override
    BerasClassifier self() {
        return this;
    }
}

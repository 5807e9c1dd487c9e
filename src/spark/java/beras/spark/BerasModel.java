package beras.spark;

import beras.data.table.TableColumn;
import beras.data.table.TableColumn.Input.Kind;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.models.Model;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A model of BERAS as a stage of Spark ML, which predicts the rows of DataFrames, streaming ones too, bit-identical to
 * {@code beras.jar predict}.
 *
 * <pre>{@code
 * BerasModel model = BerasModel.fromFile("houses.beras");
 * model.transform(rows).write().parquet("prices");
 * }</pre>
 *
 * <p>A model of a table finds its columns by their names, in any order, and encodes the values as in the file that it was
 * trained on; null is a missing value. Numbers may come as numbers or as text, dates as dates, timestamps (in the time zone of
 * the session) or text. If all its columns are numbers, they may also come in one
 * {@linkplain #setFeaturesCol column of vectors}. Any other model takes the network's inputs from such a column.
 *
 * <p>It adds these columns, unless their names are empty:
 * <ul>
 * <li>{@code prediction}: the number that evaluators compare with the label's column. For a regression the number itself, in
 *     units of the table. For classes the value of the label if all labels are numbers; else the index of the label among
 *     {@link #labels}, and the column has the labels in its metadata, as a {@link NominalAttribute}. For a network without a
 *     table that ends in one sigmoid, or in one unit whose loss is from logits, 0 or 1; in another single unit, a number.
 * <li>{@code probability}, of classes: a vector with the probability of each, in the order of {@link #labels}.
 * <li>{@code rawPrediction}, of classes: a vector with an unbounded score of each, as in Spark's logistic regression: of two
 * classes the log-odds of the second and its negative, of more the logarithms of the probabilities, or the logits.
 * <li>{@code predictedLabel}, of a model with the labels of its data: the label.
 * </ul>
 *
 * <p>The model is sent to each executor once, and opened there once; each task predicts in its own thread, a few hundred rows at
 * a time. Copies share the broadcast.
 */
public final class BerasModel extends org.apache.spark.ml.Model<BerasModel> implements MLWritable {

    private static final long serialVersionUID = 1;
    /** To send bytes, Spark holds them about so many times in the driver's heap: serialized, in blocks, and packed. */
    private static final int COPIES = 3;
    private static final String FEATURES = "features";

    private final String uid;
    private final Sending model;
    private final Param<String> featuresCol;
    private final Param<String> predictionCol;
    private final Param<String> probabilityCol;
    private final Param<String> rawPredictionCol;
    private final Param<String> predictedLabelCol;

    BerasModel(String uid, SavedModel saved) {
        this(uid, new Sending(saved));
    }

    private BerasModel(String uid, Sending model) {
        this.uid = uid;
        this.model = model;
        this.featuresCol = CheckedParams.column(this, "featuresCol", "the column of vectors or arrays to predict from; not set:"
                + " the columns of the model's own table, or, of a model of none, " + FEATURES);
        this.predictionCol = OutputColumn.PREDICTION.param(this);
        this.probabilityCol = OutputColumn.PROBABILITY.param(this);
        this.rawPredictionCol = OutputColumn.RAW_PREDICTION.param(this);
        this.predictedLabelCol = OutputColumn.PREDICTED_LABEL.param(this);
        for (OutputColumn column : OutputColumn.values()) {
            setDefault(param(column), column.byDefault());
        }
    }

    /** The driver's model and its broadcast, which all copies of a stage share. */
    private static final class Sending implements Serializable {

        private static final long serialVersionUID = 1;

        private final ModelBytes bytes;
        private transient Meaning meaning; // null: not yet
        private transient Broadcast<ModelBytes> sent; // null: not yet
        private transient SparkContext sentBy;

        Sending(SavedModel saved) {
            Model net = saved.model();
            if (net.inputShapes().size() != 1 || net.outputShapes().size() != 1 || net.outputShape().rank() != 1) {
                throw new IllegalArgumentException("A model of one input and one output, which is a row of numbers, is needed."
                        + " Received: one from " + net.inputShapes() + " to " + net.outputShapes());
            }
            this.bytes = new ModelBytes(saved);
        }

        synchronized Meaning meaning() {
            if (meaning == null) {
                meaning = new Meaning(bytes.open());
            }
            return meaning;
        }

        synchronized Broadcast<ModelBytes> sent(SparkContext context) {
            if (sent == null || sentBy != context) {
                requireRoom(bytes.size(), Runtime.getRuntime().maxMemory());
                try {
                    sent = JavaSparkContext.fromSparkContext(context).broadcast(bytes.unopened());
                } catch (OutOfMemoryError e) {
                    throw tooLarge(bytes.size(), Runtime.getRuntime().maxMemory(), e);
                }
                sentBy = context;
            }
            return sent;
        }
    }

    // ------------------------------------------------------------------------------------------------- where from

    /**
     * A model with all that belongs to it.
     *
     * @throws IllegalArgumentException if it has several inputs or outputs, or one whose output is no row of numbers
     */
    public static BerasModel of(SavedModel saved) {
        return new BerasModel(Identifiable$.MODULE$.randomUID("beras"), saved);
    }

    /**
     * Reads a model file, of any supported format if it is on the driver's machine; from another file system that Hadoop
     * supports, such as {@code hdfs:} or {@code s3a:}, in BERAS's own.
     *
     * @throws ModelFormatException if the file is no model
     * @throws IOException if it cannot be read
     */
    public static BerasModel fromFile(String path) throws IOException {
        return of(HadoopFiles.isLocal(path) ? ModelFile.load(Path.of(HadoopFiles.localPath(path)))
                : ModelFile.fromBytes(HadoopFiles.ofThread().read(path), path));
    }

    /** Reads a model written by {@link #write}. */
    public static MLReader<BerasModel> read() {
        return new BerasModelReader();
    }

    /**
     * Reads a model written by {@link #save}.
     *
     * @throws IllegalArgumentException if it is not one; the message names the missing part
     */
    public static BerasModel load(String path) {
        return read().load(path);
    }

    /** Writes the model into a folder, as stages of Spark ML are written: whole, or so that {@link #load} refuses it. */
    @Override
    public MLWriter write() {
        return new BerasModelWriter(this);
    }

    // ------------------------------------------------------------------------------------------------- parameters

    @Override
    public String uid() {
        return uid;
    }

    /** See {@link #setFeaturesCol}. */
    public Param<String> featuresCol() {
        return featuresCol;
    }

    /** See {@link #setPredictionCol}. */
    public Param<String> predictionCol() {
        return predictionCol;
    }

    /** See {@link #setProbabilityCol}. */
    public Param<String> probabilityCol() {
        return probabilityCol;
    }

    /** See {@link #setRawPredictionCol}. */
    public Param<String> rawPredictionCol() {
        return rawPredictionCol;
    }

    /** See {@link #setPredictedLabelCol}. */
    public Param<String> predictedLabelCol() {
        return predictedLabelCol;
    }

    /**
     * The column of vectors, or arrays of floats or doubles, to predict from. A model of a table takes from it the values of
     * the table's columns, which must all be numbers, in their order, NaN for a missing one; any other model takes the
     * network's inputs. Not set, a model of a table finds its columns by their names, any other model takes {@code features}.
     */
    public BerasModel setFeaturesCol(String name) {
        set(featuresCol, name);
        return this;
    }

    /** The column for the class or the number; default {@code prediction}, empty for none. */
    public BerasModel setPredictionCol(String name) {
        set(predictionCol, name);
        return this;
    }

    /** The column for the probability of each class; default {@code probability}, empty for none. */
    public BerasModel setProbabilityCol(String name) {
        set(probabilityCol, name);
        return this;
    }

    /** The column for an unbounded score of each class; default {@code rawPrediction}, empty for none. */
    public BerasModel setRawPredictionCol(String name) {
        set(rawPredictionCol, name);
        return this;
    }

    /** The column for the label; default {@code predictedLabel}, empty for none. */
    public BerasModel setPredictedLabelCol(String name) {
        set(predictedLabelCol, name);
        return this;
    }

    @Override
    public BerasModel copy(ParamMap extra) {
        BerasModel copy = copyValues(new BerasModel(uid, model), extra);
        return copy.setParent(parent());
    }

    /** The model with all that belongs to it. */
    public SavedModel saved() {
        return model.bytes.open();
    }

    /**
     * The labels of the classes, in the order of {@code probability} and {@code rawPrediction}; numbers from 0 on if the model
     * has no labels of its data; empty for numbers.
     */
    public List<String> labels() {
        return model.meaning().labels();
    }

    /** The SHA-256 of the weights, as in {@code beras.jar info} and {@code train --json}. */
    public String weightsSha256() {
        return ModelFile.weightsSha256(saved().model());
    }

    /** The schema of the model's table; empty if it is of none. */
    private Optional<TableSchema> table() {
        return saved().preprocessor().orElse(null) instanceof TablePreprocessor table ? Optional.of(table.schema())
                : Optional.empty();
    }

    private Optional<String> features() {
        String name = isSet(featuresCol) ? getOrDefault(featuresCol) : "";
        return !name.isEmpty() ? Optional.of(name) : table().isPresent() ? Optional.empty() : Optional.of(FEATURES);
    }

    private Param<String> param(OutputColumn column) {
        return switch (column) {
            case PREDICTION -> predictionCol;
            case PROBABILITY -> probabilityCol;
            case RAW_PREDICTION -> rawPredictionCol;
            case PREDICTED_LABEL -> predictedLabelCol;
        };
    }

    private List<OutputColumn> outputs() {
        List<OutputColumn> outputs = new ArrayList<>();
        for (OutputColumn column : OutputColumn.values()) {
            boolean possible = switch (column) {
                case PREDICTION -> true;
                case PROBABILITY, RAW_PREDICTION -> model.meaning().isOfClasses();
                case PREDICTED_LABEL -> model.meaning().isNamed();
            };
            if (possible && !getOrDefault(param(column)).isEmpty()) {
                outputs.add(column);
            }
        }
        return outputs;
    }

    // -------------------------------------------------------------------------------------------------- predicting

    /**
     * The rows with predictions.
     *
     * @throws IllegalArgumentException if a column is missing or of a type that the model cannot take, a column to add is there
     *     already, or the model is too large for the driver to send
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = dataset.schema();
        StructType predicted = transformSchema(schema);
        Broadcast<ModelBytes> sent = model.sent(dataset.sparkSession().sparkContext());
        OutputColumn[] outputs = outputs().toArray(OutputColumn[]::new);
        Scoring scoring = table().isPresent()
                ? Scoring.ofCells(sent, schema, cells(schema, table().orElseThrow(), Cells.zone(dataset.sparkSession())), outputs)
                : Scoring.ofFeatures(sent, schema, new VectorColumn(schema, features().orElseThrow(),
                        saved().model().inputShape().size()), outputs);
        return dataset.as(WholeRow.taken(schema)).mapPartitions(scoring, WholeRow.given(predicted)).toDF();
    }

    /** Where the values of the table's columns come from. */
    private Cells cells(StructType schema, TableSchema table, String zone) {
        List<String> names = new ArrayList<>(); // null for columns that the model does not look at
        boolean[] used = new boolean[table.columns().size()];
        for (TableColumn column : table.columns()) {
            used[names.size()] = column.width() > 0;
            names.add(column.width() > 0 ? column.name() : null);
        }
        return features().isPresent() ? Cells.ofVector(schema, features().get(), used, List.of(), zone)
                : new Cells(schema, names, zone);
    }

    /**
     * The columns of rows with predictions.
     *
     * @throws IllegalArgumentException as {@link #transform}
     */
    @Override
    public StructType transformSchema(StructType schema) {
        if (features().isPresent()) {
            table().ifPresent(BerasModel::requireNumbers);
            Columns.requireVectors(schema, features().get());
        } else {
            for (TableColumn column : table().orElseThrow().columns()) {
                if (column.width() > 0) {
                    requireFits(schema, column);
                }
            }
        }
        StructType predicted = schema;
        for (OutputColumn column : outputs()) {
            String name = getOrDefault(param(column));
            predicted = column.appendTo(predicted, name, column == OutputColumn.PREDICTION ? labelled(name) : Metadata.empty());
        }
        return predicted;
    }

    /** The metadata of predictions that are indices of labels. */
    private Metadata labelled(String name) {
        return !model.meaning().isOfClasses() || model.meaning().isNumeric() ? Metadata.empty()
                : NominalAttribute.defaultAttr().withName(name).withValues(labels().toArray(String[]::new)).toMetadata();
    }

    private static void requireNumbers(TableSchema table) {
        for (TableColumn column : table.columns()) {
            if (column.width() > 0 && !column.isNumeric()) {
                throw new IllegalArgumentException("A model takes the columns of its table from a vector if all are numbers."
                        + " Received: one whose column " + Columns.quoted(column.name()) + " is a "
                        + column.noun()
                        + ". Clear featuresCol: then the columns are found by their names");
            }
        }
    }

    private static void requireFits(StructType schema, TableColumn column) {
        StructField field = Columns.required(schema, column.name(), "which the model needs");
        Cells.Kind kind = Cells.Kind.of(field.dataType());
        Set<Kind> accepted = column.input().kinds();
        if (kind == null || !accepted.contains(kind.ofInput())) {
            throw Columns.unexpected(field, accepted.size() == Kind.values().length ? "text, numbers, booleans or dates"
                    : accepted.stream().filter(each -> each != Kind.TEXT).sorted().map(each -> each.name().toLowerCase(Locale.ROOT) + "s")
                            .collect(Collectors.joining(" or ")) + ", or text that says such");
        }
    }

    /** Refuses a model that the driver surely cannot send, before Spark runs out of memory somewhere. */
    static void requireRoom(long bytes, long heap) {
        if (bytes * COPIES > heap) {
            throw tooLarge(bytes, heap, null);
        }
    }

    private static IllegalArgumentException tooLarge(long bytes, long heap, Throwable cause) {
        return new IllegalArgumentException("A model of " + (bytes >> 20) + " MB takes about " + (bytes * COPIES >> 20)
                + " MB of the driver's heap to be sent to executors. Received: a heap of " + (heap >> 20)
                + " MB. Start Spark with a larger --driver-memory", cause);
    }

    @Override
    public String toString() {
        return "BerasModel " + uid + ", from " + saved().model().inputShape() + " to " + saved().model().outputShape();
    }
}

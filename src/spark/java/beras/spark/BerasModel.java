package beras.spark;

import beras.data.table.TableColumn;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.files.Excerpt;
import beras.files.Sha256;
import beras.models.Model;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A model of BERAS as a stage of Spark ML, which predicts the rows of DataFrames, streaming ones too, to the bits of
 * {@code beras.jar predict}.
 *
 * <pre>{@code
 * BerasModel model = BerasModel.fromFile("houses.beras");
 * model.transform(rows).write().parquet("prices");
 * }</pre>
 *
 * <p>A model of a table finds its columns by their names, whatever their order, and does with the values what it did with those
 * of the file that it was trained on; null is a missing value. Numbers may come as numbers or as text, dates as dates, timestamps
 * (in the time zone of the session) or text. Any other model, and one whose {@link #setFeaturesCol features column} is set, takes
 * the numbers of the net itself from one column of vectors, or arrays of floats or doubles.
 *
 * <p>It adds three columns, or those of them that have names:
 * <ul>
 * <li>{@code prediction}: the number of the class, from 0, as Spark's evaluators take it; or the amount, in units of the table;
 *     of a net of one output without a table that output.
 * <li>{@code probability}, of classes: a vector of what the net gives for each.
 * <li>{@code predictedLabel}, of a table with labels: the label.
 * </ul>
 *
 * <p>The model is sent to each executor once, and opened there once; each task predicts in its own thread, a few hundred rows at
 * a time.
 */
public final class BerasModel extends org.apache.spark.ml.Model<BerasModel> implements MLWritable {

    private static final long serialVersionUID = 1;
    /** To send bytes, Spark holds them about so many times in the driver's heap: serialized, in blocks, and packed. */
    private static final int COPIES = 3;
    private static final int SHOWN = 60;
    private static final int LISTED = 50;

    private final String uid;
    private final byte[] bytes;
    private transient SavedModel saved; // null: not opened since this was deserialized
    private transient OpenModels.Sent sent; // null: not yet
    private transient SparkContext sentBy;
    private final Param<String> featuresCol;
    private final Param<String> predictionCol;
    private final Param<String> probabilityCol;
    private final Param<String> predictedLabelCol;

    BerasModel(String uid, SavedModel saved) {
        this.uid = uid;
        Model net = saved.model();
        if (net.inputShapes().size() != 1 || net.outputShapes().size() != 1 || net.outputShape().rank() != 1) {
            throw new IllegalArgumentException("A model of one input and one output, which is a row of numbers, is needed."
                    + " Received: one from " + net.inputShapes() + " to " + net.outputShapes());
        }
        this.saved = saved;
        this.bytes = ModelFile.toBytes(saved);
        this.featuresCol = new Param<>(this, "featuresCol", "the column of what the net takes, vectors or arrays; not set: the"
                + " columns of the model's own table, or, of a model of none, features");
        this.predictionCol = new Param<>(this, "predictionCol", "the column for the class or the amount; empty: none");
        this.probabilityCol = new Param<>(this, "probabilityCol",
                "the column for what the net gives for each class; empty: none");
        this.predictedLabelCol = new Param<>(this, "predictedLabelCol", "the column for the label; empty: none");
        setDefault(predictionCol, Names.PREDICTION);
        setDefault(probabilityCol, Names.PROBABILITY);
        setDefault(predictedLabelCol, Names.PREDICTED_LABEL);
    }

    /** The names that columns have if nothing else is said. */
    static final class Names {

        static final String FEATURES = "features";
        static final String PREDICTION = "prediction";
        static final String PROBABILITY = "probability";
        static final String PREDICTED_LABEL = "predictedLabel";

        private Names() {}
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
     * Reads a model file, of any format that BERAS knows if it is on the driver's machine; from another file system that Hadoop
     * reads, such as {@code hdfs:} or {@code s3a:}, in BERAS's own.
     *
     * @throws ModelFormatException if the file is no model
     * @throws IOException if it cannot be read
     */
    public static BerasModel fromFile(String path) throws IOException {
        return of(HadoopFiles.isLocal(path) ? ModelFile.load(Path.of(HadoopFiles.localPath(path)))
                : ModelFile.fromBytes(HadoopFiles.read(path), path));
    }

    /** Reads what {@link #write} has written. */
    public static MLReader<BerasModel> read() {
        return new BerasModelReader();
    }

    /**
     * Reads what {@link #save} has written.
     *
     * @throws IllegalArgumentException if it is not that, naming what lacks
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

    /** See {@link #setPredictedLabelCol}. */
    public Param<String> predictedLabelCol() {
        return predictedLabelCol;
    }

    /**
     * The column of what the net takes, vectors or arrays. Not set, a model of a table takes the columns of that, any other model
     * {@code features}.
     */
    public BerasModel setFeaturesCol(String name) {
        set(featuresCol, name);
        return this;
    }

    /** The column for the number of the class, or for the amount; default {@code prediction}, empty for none. */
    public BerasModel setPredictionCol(String name) {
        set(predictionCol, name);
        return this;
    }

    /** The column for what the net gives for each class; default {@code probability}, empty for none. */
    public BerasModel setProbabilityCol(String name) {
        set(probabilityCol, name);
        return this;
    }

    /** The column for the label; default {@code predictedLabel}, empty for none. */
    public BerasModel setPredictedLabelCol(String name) {
        set(predictedLabelCol, name);
        return this;
    }

    @Override
    public BerasModel copy(ParamMap extra) {
        BerasModel copy = copyValues(new BerasModel(uid, saved()), extra);
        return copy.setParent(parent());
    }

    /** The model with all that belongs to it. */
    public SavedModel saved() {
        if (saved == null) {
            try {
                saved = ModelFile.fromBytes(bytes, uid);
            } catch (ModelFormatException e) {
                throw new UncheckedIOException(e);
            }
        }
        return saved;
    }

    /** The SHA-256 of the weights, as {@code beras.jar info} and {@code train --json} tell it. */
    public String weightsSha256() {
        return ModelFile.weightsSha256(saved().model());
    }

    /** What the model's table is like; empty if it is of none. */
    private Optional<TableSchema> table() {
        return saved().preprocessor().orElse(null) instanceof TablePreprocessor table ? Optional.of(table.schema())
                : Optional.empty();
    }

    private boolean takesColumns() {
        return table().isPresent() && !isSet(featuresCol);
    }

    private String featuresName() {
        return isSet(featuresCol) ? getOrDefault(featuresCol) : Names.FEATURES;
    }

    private boolean gives(Param<String> column) {
        if (getOrDefault(column).isEmpty()) {
            return false;
        }
        boolean classes = saved().model().outputShape().size() > 1;
        return column == predictionCol || classes && (column == probabilityCol
                || table().map(TableSchema::target).orElse(null) instanceof TableTarget.Labels);
    }

    // -------------------------------------------------------------------------------------------------- predicting

    /**
     * The rows with what the model says about them.
     *
     * @throws IllegalArgumentException if a column lacks or is of a type that the model cannot take, a column to add is there
     *     already, or the model is too large for the driver to send
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = dataset.schema();
        StructType predicted = transformSchema(schema);
        OpenModels.Sent model = sent(dataset.sparkSession());
        boolean prediction = gives(predictionCol);
        boolean probability = gives(probabilityCol);
        boolean label = gives(predictedLabelCol);
        Scoring scoring = takesColumns()
                ? Scoring.ofCells(model, schema, new Cells(schema, usedColumns(), dataset.sparkSession().conf().get(
                        "spark.sql.session.timeZone")), prediction, probability, label)
                : Scoring.ofFeatures(model, schema, featuresName(), prediction, probability, label);
        return dataset.as(WholeRow.taken(schema)).mapPartitions(scoring, WholeRow.given(predicted)).toDF();
    }

    /**
     * The columns of rows with predictions.
     *
     * @throws IllegalArgumentException as {@link #transform}
     */
    @Override
    public StructType transformSchema(StructType schema) {
        if (takesColumns()) {
            TableSchema table = table().orElseThrow();
            for (TableColumn column : table.columns()) {
                if (column.width() > 0) {
                    requireFits(schema, column);
                }
            }
        } else {
            requireFeatures(schema, featuresName());
        }
        StructType predicted = schema;
        predicted = add(predicted, predictionCol, DataTypes.DoubleType);
        predicted = add(predicted, probabilityCol, SQLDataTypes.VectorType());
        return add(predicted, predictedLabelCol, DataTypes.StringType);
    }

    private StructType add(StructType schema, Param<String> column, DataType type) {
        if (!gives(column)) {
            return schema;
        }
        String name = getOrDefault(column);
        if (Arrays.stream(schema.fieldNames()).anyMatch(name::equalsIgnoreCase)) {
            throw new IllegalArgumentException("There is a column " + Excerpt.quoted(name, SHOWN) + " already: choose another "
                    + column.name() + ", or drop it. Received the columns: " + listed(schema));
        }
        boolean always = type.equals(DataTypes.DoubleType);
        return schema.add(name, type, !always);
    }

    private static void requireFits(StructType schema, TableColumn column) {
        DataType type = required(schema, column.name(), "which the model needs").dataType();
        Cells.Kind kind = Cells.Kind.of(type);
        String expected = null;
        if (column instanceof TableColumn.Numeric) {
            expected = kind == Cells.Kind.TEXT || kind != null && kind.isNumber() ? null
                    : "numbers, or text that says such";
        } else if (column instanceof TableColumn.Date) {
            expected = kind != null && kind != Cells.Kind.BOOLEAN ? null : "dates, timestamps, or text that says such";
        } else if (kind == null) {
            expected = "text, numbers, booleans or dates";
        }
        if (expected != null) {
            throw new IllegalArgumentException("Column " + Excerpt.quoted(column.name(), SHOWN) + ": expected " + expected
                    + ". Received: " + type.simpleString());
        }
    }

    private static void requireFeatures(StructType schema, String name) {
        DataType type = required(schema, name, "of vectors or arrays of what the net takes").dataType();
        boolean array = type instanceof ArrayType list
                && (list.elementType() instanceof DoubleType || list.elementType() instanceof FloatType);
        if (!array && !type.equals(SQLDataTypes.VectorType())) {
            throw new IllegalArgumentException("Column " + Excerpt.quoted(name, SHOWN)
                    + ": expected vectors, or arrays of floats or doubles. Received: " + type.simpleString());
        }
    }

    /** A column that must be there. */
    static StructField required(StructType schema, String name, String purpose) {
        int place = Arrays.asList(schema.fieldNames()).indexOf(name);
        if (place < 0) {
            throw new IllegalArgumentException("Expected a column " + Excerpt.quoted(name, SHOWN) + ", " + purpose
                    + ". Received the columns: " + listed(schema));
        }
        return schema.fields()[place];
    }

    private static String listed(StructType schema) {
        String[] names = schema.fieldNames();
        String shown = String.join(", ", Arrays.asList(names).subList(0, Math.min(LISTED, names.length)));
        return names.length <= LISTED ? shown : shown + " and " + (names.length - LISTED) + " more";
    }

    /** The names of the columns of the model's table, null for those that it does not look at. */
    private List<String> usedColumns() {
        List<String> used = new ArrayList<>();
        table().orElseThrow().columns().forEach(column -> used.add(column.width() > 0 ? column.name() : null));
        return used;
    }

    private synchronized OpenModels.Sent sent(SparkSession session) {
        SparkContext context = session.sparkContext();
        if (sent == null || sentBy != context) {
            requireRoom(bytes.length, Runtime.getRuntime().maxMemory());
            try {
                sent = new OpenModels.Sent(JavaSparkContext.fromSparkContext(context).broadcast(bytes),
                        HexFormat.of().formatHex(Sha256.begin().digest(bytes)));
            } catch (OutOfMemoryError e) {
                throw tooLarge(bytes.length, Runtime.getRuntime().maxMemory(), e);
            }
            sentBy = context;
        }
        return sent;
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

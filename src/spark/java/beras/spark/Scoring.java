package beras.spark;

import beras.compute.Compute;
import beras.data.table.TablePreprocessor;
import beras.files.Excerpt;
import beras.models.Model;
import beras.saving.InputBuffer;
import beras.saving.Predictor;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The prediction of a task for the rows of its partition: batch by batch, in its own thread alone. It takes and returns rows in
 * Spark's internal form, see {@link WholeRow}.
 */
final class Scoring implements MapPartitionsFunction<InternalRow, InternalRow> {

    private static final long serialVersionUID = 1;
    private static final int SHOWN = 300;
    private static final VectorUDT VECTORS = new VectorUDT();

    private final Broadcast<ModelBytes> model;
    private final StructType schema; // of the rows that come
    private final Cells cells; // null: the features are in one column
    private final VectorColumn features; // null: in the columns of the model's table
    private final OutputColumn[] added;

    private Scoring(Broadcast<ModelBytes> model, StructType schema, Cells cells, VectorColumn features, OutputColumn[] added) {
        this.model = model;
        this.schema = schema;
        this.cells = cells;
        this.features = features;
        this.added = added;
    }

    /** For rows with the cells of the model's table. */
    static Scoring ofCells(Broadcast<ModelBytes> model, StructType schema, Cells cells, OutputColumn... added) {
        return new Scoring(model, schema, cells, null, added);
    }

    /** For rows with all inputs of the network in one column. */
    static Scoring ofFeatures(Broadcast<ModelBytes> model, StructType schema, VectorColumn features, OutputColumn... added) {
        return new Scoring(model, schema, null, features, added);
    }

    @Override
    public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
        VectorWarning.warnIfScalar();
        return new Predicted(rows, model.value().open());
    }

    private final class Predicted implements Iterator<InternalRow> {

        private final Iterator<InternalRow> rows;
        private final Model net;
        private final Meaning meaning;
        private final TablePreprocessor table; // null: the model is of none
        private final int outputWidth;
        private final InputBuffer inputs;
        private final InternalRow[] batch;
        private int size; // rows of the batch
        private int given; // how many of them
        private Tensor outputs; // of all of them
        private final Object[] values = new Object[added.length];
        private final JoinedRow predicted = new JoinedRow(null, new GenericInternalRow(values));

        Predicted(Iterator<InternalRow> rows, SavedModel opened) {
            this.rows = rows;
            this.net = opened.model();
            this.meaning = new Meaning(opened);
            this.table = opened.preprocessor().orElse(null) instanceof TablePreprocessor own ? own.lenient() : null;
            this.outputWidth = net.outputShape().size();
            this.inputs = new InputBuffer(net.inputShape());
            this.batch = new InternalRow[inputs.capacity()];
        }

        @Override
        public boolean hasNext() {
            return given < size || rows.hasNext();
        }

        /** A row with the added columns, in memory that is used again for the next, as in Spark. */
        @Override
        public InternalRow next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (given == size) {
                predict();
            }
            InternalRow of = batch[given];
            try {
                add(outputs.data(), outputs.offset() + given * outputWidth);
            } catch (IllegalArgumentException e) { // an output is not finite
                throw failure(of, e);
            }
            given++;
            return predicted.withLeft(of);
        }

        private void predict() {
            size = 0;
            given = 0;
            while (!inputs.isFull() && rows.hasNext()) {
                InternalRow next = rows.next();
                try {
                    encode(next, inputs.array(), inputs.at());
                } catch (IllegalArgumentException e) {
                    throw failure(next, e);
                }
                inputs.add();
                keep(next);
            }
            Tensor taken = inputs.take();
            Compute.alone(() -> outputs = Predictor.outputs(net, taken)); // there is a task for each core
        }

        /** Adds a copy to the batch, in the memory of an earlier one if that is possible: Spark uses that of a row again. */
        private void keep(InternalRow next) {
            if (batch[size] instanceof UnsafeRow copy && next instanceof UnsafeRow unsafe) {
                copy.copyFrom(unsafe);
            } else {
                batch[size] = next.copy();
            }
            size++;
        }

        private IllegalArgumentException failure(InternalRow of, IllegalArgumentException cause) {
            String shown = CatalystTypeConverters.convertToScala(of, schema).toString();
            return new IllegalArgumentException("Row " + Excerpt.quoted(shown, SHOWN) + ": " + cause.getMessage(), cause);
        }

        private void encode(InternalRow of, float[] into, int at) {
            if (cells != null) {
                cells.encode(of, table, into, at);
                return;
            }
            double[] numbers = features.numbers(of);
            for (int i = 0; i < net.inputShape().size(); i++) {
                into[at + i] = (float) numbers[i];
            }
        }

        /** Sets the columns that are added to a row. */
        private void add(float[] outputs, int at) {
            if (!meaning.isOfClasses()) {
                double value = meaning.value(outputs, at);
                for (int i = 0; i < added.length; i++) {
                    values[i] = value; // there is no other column
                }
                return;
            }
            float[] scores = meaning.scores(outputs, at);
            int best = meaning.best(scores);
            for (int i = 0; i < added.length; i++) {
                values[i] = switch (added[i]) {
                    case PREDICTION -> meaning.value(best);
                    case PROBABILITY -> VECTORS.serialize(Vectors.dense(meaning.probabilities(scores)));
                    case RAW_PREDICTION -> VECTORS.serialize(Vectors.dense(meaning.raw(scores)));
                    case PREDICTED_LABEL -> UTF8String.fromString(meaning.labels().get(best));
                };
            }
        }
    }
}

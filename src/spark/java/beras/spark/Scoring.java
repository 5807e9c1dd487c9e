package beras.spark;

import beras.data.table.TablePreprocessor;
import beras.feed.Prediction;
import beras.files.Excerpt;
import beras.kernels.Threads;
import beras.models.Model;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What a task does to predict the rows of its partition: batch by batch, in its own thread alone. It takes and gives rows as
 * Spark keeps them, see {@link WholeRow}.
 */
final class Scoring implements MapPartitionsFunction<InternalRow, InternalRow> {

    private static final long serialVersionUID = 1;
    /** Rows at a time; the results do not depend on it. */
    private static final int BATCH = 256;
    private static final int SHOWN = 300;
    private static final VectorUDT VECTORS = new VectorUDT();

    private final OpenModels.Sent model;
    private final StructType schema; // of the rows that come
    private final Cells cells; // null: the features are in one column
    private final int features; // the place of that column
    private final boolean prediction;
    private final boolean probability;
    private final boolean label;

    private Scoring(OpenModels.Sent model, StructType schema, Cells cells, int features, boolean prediction,
            boolean probability, boolean label) {
        this.model = model;
        this.schema = schema;
        this.cells = cells;
        this.features = features;
        this.prediction = prediction;
        this.probability = probability;
        this.label = label;
    }

    /** Of rows whose cells are those of the model's own table. */
    static Scoring ofCells(OpenModels.Sent model, StructType schema, Cells cells, boolean prediction, boolean probability,
            boolean label) {
        return new Scoring(model, schema, cells, -1, prediction, probability, label);
    }

    /** Of rows that have all that the net takes in one column of vectors or arrays. */
    static Scoring ofFeatures(OpenModels.Sent model, StructType schema, String column, boolean prediction, boolean probability,
            boolean label) {
        return new Scoring(model, schema, null, schema.fieldIndex(column), prediction, probability, label);
    }

    @Override
    public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
        SavedModel opened = model.open();
        return new Predicted(rows, opened.model(), opened.preprocessor().orElse(null) instanceof TablePreprocessor table
                ? table.lenient() : null);
    }

    private final class Predicted implements Iterator<InternalRow> {

        private final Iterator<InternalRow> rows;
        private final Model net;
        private final TablePreprocessor table; // null: the model is of none
        private final int width;
        private final int outputWidth;
        private final float[] inputs;
        private final InternalRow[] batch = new InternalRow[BATCH];
        private int size; // rows of the batch
        private int given; // how many of them
        private Tensor outputs; // of all of them
        private final Object[] said = new Object[(prediction ? 1 : 0) + (probability ? 1 : 0) + (label ? 1 : 0)];
        private final JoinedRow predicted = new JoinedRow(null, new GenericInternalRow(said));

        Predicted(Iterator<InternalRow> rows, Model net, TablePreprocessor table) {
            this.rows = rows;
            this.net = net;
            this.table = table;
            this.width = net.inputShape().size();
            this.outputWidth = net.outputShape().size();
            this.inputs = new float[BATCH * width];
        }

        @Override
        public boolean hasNext() {
            return given < size || rows.hasNext();
        }

        /** A row with what is added, in memory that is used again for the next, as Spark does. */
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
                say(outputs.data(), outputs.offset() + given * outputWidth);
            } catch (IllegalArgumentException e) { // what the net gives is not finite
                throw failure(of, e);
            }
            given++;
            return predicted.withLeft(of);
        }

        private void predict() {
            size = 0;
            given = 0;
            while (size < BATCH && rows.hasNext()) {
                InternalRow next = rows.next();
                try {
                    encode(next, size * width);
                } catch (IllegalArgumentException e) {
                    throw failure(next, e);
                }
                keep(next);
            }
            Tensor taken = Tensor.wrap(inputs, net.inputShape().prepend(BATCH)).slice(0, size);
            Threads.alone(() -> outputs = net.predict(taken).contiguous()); // there is a task for each core
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
            String values = CatalystTypeConverters.convertToScala(of, schema).toString();
            return new IllegalArgumentException("Row " + Excerpt.quoted(values, SHOWN) + ": " + cause.getMessage(), cause);
        }

        private void encode(InternalRow of, int at) {
            if (cells == null) {
                encodeFeatures(of, at);
            } else {
                cells.encode(of, table, inputs, at);
            }
        }

        private void encodeFeatures(InternalRow of, int at) {
            DataType type = schema.fields()[features].dataType();
            if (of.isNullAt(features)) {
                throw expected("the " + width + " numbers that the model takes", "null");
            } else if (type instanceof ArrayType list) {
                ArrayData numbers = of.getArray(features);
                requireWidth(numbers.numElements());
                for (int i = 0; list.containsNull() && i < width; i++) {
                    if (numbers.isNullAt(i)) {
                        throw expected("numbers", "null as number " + i);
                    }
                }
                if (list.elementType() instanceof FloatType) {
                    System.arraycopy(numbers.toFloatArray(), 0, inputs, at, width);
                } else {
                    narrow(numbers.toDoubleArray(), at);
                }
            } else {
                Vector vector = VECTORS.deserialize(of.getStruct(features, VECTORS.sqlType().length()));
                requireWidth(vector.size());
                narrow(vector.toArray(), at);
            }
        }

        private void narrow(double[] numbers, int at) {
            for (int i = 0; i < width; i++) {
                inputs[at + i] = (float) numbers[i];
            }
        }

        private void requireWidth(int size) {
            if (size != width) {
                throw expected("the " + width + " numbers that the model takes", size + " numbers");
            }
        }

        private IllegalArgumentException expected(String what, String received) {
            return new IllegalArgumentException("Column " + Excerpt.quoted(schema.fieldNames()[features], SHOWN) + ": expected "
                    + what + ". Received: " + received);
        }

        /** Sets the columns that are added to a row. */
        private void say(float[] outputs, int at) {
            Prediction found = table != null ? table.decode(outputs, at)
                    : outputWidth == 1 ? Prediction.ofAmount(outputs[at])
                    : Prediction.ofLabels(Collections.nCopies(outputWidth, ""),
                            Arrays.copyOfRange(outputs, at, at + outputWidth));
            int place = 0;
            if (prediction) {
                said[place++] = found.isLabel() ? (double) found.labelIndex() : found.amount();
            }
            if (probability) {
                double[] shares = new double[outputWidth];
                for (int i = 0; i < outputWidth; i++) {
                    shares[i] = outputs[at + i];
                }
                said[place++] = VECTORS.serialize(Vectors.dense(shares));
            }
            if (label) {
                said[place] = UTF8String.fromString(found.label());
            }
        }
    }
}

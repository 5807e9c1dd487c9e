package beras.spark;

import beras.data.table.TablePreprocessor;
import beras.feed.Prediction;
import beras.files.Excerpt;
import beras.kernels.Threads;
import beras.models.Model;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** What a task does to predict the rows of its partition: batch by batch, in its own thread alone. */
final class Scoring implements MapPartitionsFunction<Row, Row> {

    private static final long serialVersionUID = 1;
    /** Rows at a time; the results do not depend on it. */
    private static final int BATCH = 256;
    private static final int SHOWN = 300;

    private final OpenModels.Sent model;
    private final Cells cells; // null: the features are in one column
    private final int features; // the place of that column
    private final String featuresName;
    private final boolean prediction;
    private final boolean probability;
    private final boolean label;

    private Scoring(OpenModels.Sent model, Cells cells, int features, String featuresName, boolean prediction,
            boolean probability, boolean label) {
        this.model = model;
        this.cells = cells;
        this.features = features;
        this.featuresName = featuresName;
        this.prediction = prediction;
        this.probability = probability;
        this.label = label;
    }

    /** Of rows whose cells are those of the model's own table. */
    static Scoring ofCells(OpenModels.Sent model, Cells cells, boolean prediction, boolean probability, boolean label) {
        return new Scoring(model, cells, -1, "", prediction, probability, label);
    }

    /** Of rows that have all that the net takes in one column of vectors or arrays. */
    static Scoring ofFeatures(OpenModels.Sent model, int column, String name, boolean prediction, boolean probability,
            boolean label) {
        return new Scoring(model, null, column, name, prediction, probability, label);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        SavedModel opened = model.open();
        return new Predicted(rows, opened.model(), opened.preprocessor().orElse(null) instanceof TablePreprocessor table
                ? table.lenient() : null);
    }

    private final class Predicted implements Iterator<Row> {

        private final Iterator<Row> rows;
        private final Model net;
        private final TablePreprocessor table; // null: the model is of none
        private final int width;
        private final float[] inputs;
        private final List<Object[]> batch = new ArrayList<>(BATCH);
        private final Object[] row;
        private int known; // columns of a row, before those that are added
        private Iterator<Row> done = Collections.emptyIterator();

        Predicted(Iterator<Row> rows, Model net, TablePreprocessor table) {
            this.rows = rows;
            this.net = net;
            this.table = table;
            this.width = net.inputShape().size();
            this.inputs = new float[BATCH * width];
            this.row = cells == null ? null : new Object[cells.count()];
        }

        @Override
        public boolean hasNext() {
            return done.hasNext() || rows.hasNext();
        }

        @Override
        public Row next() {
            if (!done.hasNext()) {
                if (!rows.hasNext()) {
                    throw new NoSuchElementException();
                }
                done = predict();
            }
            return done.next();
        }

        private Iterator<Row> predict() {
            batch.clear();
            while (batch.size() < BATCH && rows.hasNext()) {
                Object[] values = values(rows.next());
                try {
                    encode(values, batch.size() * width);
                } catch (IllegalArgumentException e) {
                    throw failure(values, e);
                }
                batch.add(values);
            }
            Tensor taken = Tensor.wrap(inputs, net.inputShape().prepend(BATCH)).slice(0, batch.size());
            Tensor[] outputs = new Tensor[1];
            Threads.alone(() -> outputs[0] = net.predict(taken).contiguous()); // there is a task for each core
            List<Row> predicted = new ArrayList<>(batch.size());
            int size = net.outputShape().size();
            for (int i = 0; i < batch.size(); i++) {
                try {
                    add(batch.get(i), outputs[0].data(), outputs[0].offset() + i * size, size);
                    predicted.add(RowFactory.create(batch.get(i)));
                } catch (IllegalArgumentException e) { // what the net gives is not finite
                    throw failure(batch.get(i), e);
                }
            }
            return predicted.iterator();
        }

        /** What a row holds, with room for what is added. */
        private Object[] values(Row of) {
            known = of.size();
            Object[] values = new Object[known + (prediction ? 1 : 0) + (probability ? 1 : 0) + (label ? 1 : 0)];
            for (int i = 0; i < known; i++) {
                values[i] = of.get(i);
            }
            return values;
        }

        private IllegalArgumentException failure(Object[] values, IllegalArgumentException cause) {
            Row row = RowFactory.create(Arrays.copyOf(values, known));
            return new IllegalArgumentException("Row " + Excerpt.quoted(row.toString(), SHOWN) + ": " + cause.getMessage(), cause);
        }

        private void encode(Object[] values, int at) {
            if (cells == null) {
                encodeVector(values[features], at);
            } else {
                cells.read(values, row);
                table.encode(Arrays.asList(row), inputs, at);
            }
        }

        private void encodeVector(Object value, int at) {
            int size = value instanceof Vector vector ? vector.size()
                    : value instanceof scala.collection.Seq<?> list ? list.size() : -1;
            if (size != width) {
                throw new IllegalArgumentException("Column " + Excerpt.quoted(featuresName, SHOWN) + ": expected the " + width
                        + " numbers that the model takes. Received: " + (value == null ? "null" : size + " numbers"));
            }
            for (int i = 0; i < width; i++) {
                Object number = value instanceof Vector vector ? (Object) vector.apply(i)
                        : ((scala.collection.Seq<?>) value).apply(i);
                if (number == null) {
                    throw new IllegalArgumentException("Column " + Excerpt.quoted(featuresName, SHOWN)
                            + ": expected numbers. Received: null as number " + i);
                }
                inputs[at + i] = ((Number) number).floatValue();
            }
        }

        /** Adds what the net says about a row. */
        private void add(Object[] values, float[] outputs, int at, int size) {
            Prediction said = table != null ? table.decode(outputs, at)
                    : size == 1 ? Prediction.ofAmount(outputs[at])
                    : Prediction.ofLabels(Collections.nCopies(size, ""), Arrays.copyOfRange(outputs, at, at + size));
            int place = known;
            if (prediction) {
                values[place++] = said.isLabel() ? (double) said.labelIndex() : said.amount();
            }
            if (probability) {
                double[] shares = new double[size];
                for (int i = 0; i < size; i++) {
                    shares[i] = outputs[at + i];
                }
                values[place++] = Vectors.dense(shares);
            }
            if (label) {
                values[place] = said.label();
            }
        }
    }
}

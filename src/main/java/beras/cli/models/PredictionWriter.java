package beras.cli.models;

import beras.prediction.Prediction;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes predictions, one a row: its number, columns that are kept, what is predicted, and probabilities if asked. */
public abstract class PredictionWriter {

    /** How the rows are written. */
    public enum Format { CSV, JSONL }

    private static final String ROW = "row";
    private static final String PROBABILITIES = "probabilities";
    private static final String CLOSEST = "closest"; // label, where none is predicted

    private final Set<String> names = new HashSet<>();

    /**
     * Begins to write.
     *
     * @param target what is predicted
     * @param labels those whose probabilities are written; empty: none
     * @param sets   how intervals or sets are written; empty: not
     * @param kept   the names of the columns that are kept
     */
    static PredictionWriter of(Format format, Writer out, String target, List<String> labels, Optional<SetFields> sets,
            List<String> kept) throws IOException {
        return format == Format.CSV ? new Csv(out, target, labels, sets, kept) : new Json(out, target, !labels.isEmpty(), sets, kept);
    }

    /**
     * Writes a row.
     *
     * @param number from 1
     * @param cells  of the columns that are kept
     * @param text   what is predicted, as people read it
     */
    abstract void write(long number, List<String> cells, Prediction prediction, String text) throws IOException;

    /**
     * Writes a row of what could not be read: nothing is predicted.
     *
     * @param number from 1
     * @param cells  of the columns that are kept
     */
    abstract void writeUnread(long number, List<String> cells) throws IOException;

    /** A name that no other column of the output has: if need be, with a word behind it. */
    private String own(String name, String word) {
        String own = name;
        while (!names.add(own)) {
            own += " (" + word + ")";
        }
        return own;
    }

    String predicted(String target) {
        return own(target, "predicted");
    }

    List<String> fields(Optional<SetFields> sets) {
        return sets.map(SetFields::names).orElse(List.of()).stream().map(this::predicted).toList();
    }

    List<String> kept(List<String> columns) {
        return columns.stream().map(name -> own(name, "given")).toList();
    }

    private static final class Csv extends PredictionWriter {

        private final CSVPrinter csv;
        private final int predictedColumns;
        private final boolean probabilities;
        private final Optional<SetFields> sets;

        Csv(Writer out, String target, List<String> labels, Optional<SetFields> sets, List<String> kept) throws IOException {
            csv = new CSVPrinter(out, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get());
            probabilities = !labels.isEmpty();
            this.sets = sets;
            List<String> last = new ArrayList<>();
            String row = predicted(ROW);
            last.add(predicted(target));
            last.addAll(fields(sets));
            labels.forEach(label -> last.add(predicted(target + " = " + label)));
            predictedColumns = last.size();
            List<String> header = new ArrayList<>(List.of(row));
            header.addAll(kept(kept));
            header.addAll(last);
            csv.printRecord(header);
        }

        @Override
        void writeUnread(long number, List<String> cells) throws IOException {
            begin(number, cells);
            for (int i = 0; i < predictedColumns; i++) {
                csv.print("");
            }
            csv.println();
        }

        private void begin(long number, List<String> cells) throws IOException {
            csv.print(number);
            for (String cell : cells) {
                csv.print(cell);
            }
        }

        @Override
        void write(long number, List<String> cells, Prediction prediction, String text) throws IOException {
            begin(number, cells);
            csv.print(text);
            for (String field : sets.map(each -> each.texts(prediction)).orElse(List.of())) {
                csv.print(field);
            }
            if (probabilities) {
                for (double probability : prediction.probabilities().values()) {
                    csv.print((float) probability); // all digits
                }
            }
            csv.println();
        }
    }

    private static final class Json extends PredictionWriter {

        private final Writer out;
        private final String row;
        private final String target;
        private final String probabilities; // null: none
        private final Optional<SetFields> sets;
        private final List<String> fields; // their names
        private final List<String> kept;
        private final String closest;

        Json(Writer out, String target, boolean probabilities, Optional<SetFields> sets, List<String> kept) {
            this.out = out;
            this.row = predicted(ROW);
            this.target = predicted(target);
            this.sets = sets;
            this.fields = fields(sets);
            this.probabilities = probabilities ? predicted(PROBABILITIES) : null;
            this.kept = kept(kept);
            this.closest = predicted(CLOSEST);
        }

        @Override
        void writeUnread(long number, List<String> cells) throws IOException {
            Map<String, Object> object = begun(number, cells);
            object.put(target, null);
            end(object);
        }

        private Map<String, Object> begun(long number, List<String> cells) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put(row, number);
            for (int i = 0; i < cells.size(); i++) {
                object.put(kept.get(i), cells.get(i).isEmpty() ? null : cells.get(i));
            }
            return object;
        }

        private void end(Map<String, Object> object) throws IOException {
            beras.runs.Json.write(new JsonWriter(out), object);
            out.write('\n');
        }

        @Override
        void write(long number, List<String> cells, Prediction prediction, String text) throws IOException {
            Map<String, Object> object = begun(number, cells);
            object.put(target, prediction.isRejected() ? null : prediction.isLabel() ? text : new BigDecimal(text));
            if (prediction.isRejected()) {
                object.put(closest, prediction.label());
            }
            List<Object> values = sets.map(each -> each.values(prediction)).orElse(List.of());
            for (int i = 0; i < values.size(); i++) {
                object.put(fields.get(i), values.get(i));
            }
            if (probabilities != null) {
                Map<String, Float> byLabel = new LinkedHashMap<>();
                prediction.probabilities().forEach((label, probability) -> byLabel.put(label, probability.floatValue()));
                object.put(probabilities, byLabel);
            }
            end(object);
        }
    }
}

package beras.cli.models;

import beras.feed.Prediction;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes predictions, one a row: its number, columns that are kept, what is predicted, and probabilities if asked. */
public abstract class PredictionWriter {

    /** How the rows are written. */
    public enum Format { CSV, JSONL }

    private static final String ROW = "row";
    private static final String PROBABILITIES = "probabilities";

    private final Set<String> names = new HashSet<>();

    /**
     * Begins to write.
     *
     * @param target what is predicted
     * @param labels those whose probabilities are written; empty: none
     * @param kept   the names of the columns that are kept
     */
    static PredictionWriter of(Format format, Writer out, String target, List<String> labels, List<String> kept) throws IOException {
        return format == Format.CSV ? new Csv(out, target, labels, kept) : new Json(out, target, !labels.isEmpty(), kept);
    }

    /**
     * Writes a row.
     *
     * @param number from 1
     * @param cells  of the columns that are kept
     * @param text   what is predicted, as people read it
     */
    abstract void write(long number, List<String> cells, Prediction prediction, String text) throws IOException;

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

    List<String> kept(List<String> columns) {
        return columns.stream().map(name -> own(name, "given")).toList();
    }

    private static final class Csv extends PredictionWriter {

        private final CSVPrinter csv;
        private final boolean probabilities;

        Csv(Writer out, String target, List<String> labels, List<String> kept) throws IOException {
            csv = new CSVPrinter(out, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get());
            probabilities = !labels.isEmpty();
            List<String> last = new ArrayList<>();
            String row = predicted(ROW);
            last.add(predicted(target));
            labels.forEach(label -> last.add(predicted(target + " = " + label)));
            List<String> header = new ArrayList<>(List.of(row));
            header.addAll(kept(kept));
            header.addAll(last);
            csv.printRecord(header);
        }

        @Override
        void write(long number, List<String> cells, Prediction prediction, String text) throws IOException {
            csv.print(number);
            for (String cell : cells) {
                csv.print(cell);
            }
            csv.print(text);
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
        private final List<String> kept;

        Json(Writer out, String target, boolean probabilities, List<String> kept) {
            this.out = out;
            this.row = predicted(ROW);
            this.target = predicted(target);
            this.probabilities = probabilities ? predicted(PROBABILITIES) : null;
            this.kept = kept(kept);
        }

        @Override
        void write(long number, List<String> cells, Prediction prediction, String text) throws IOException {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put(row, number);
            for (int i = 0; i < cells.size(); i++) {
                fields.put(kept.get(i), cells.get(i).isEmpty() ? null : cells.get(i));
            }
            fields.put(target, prediction.isLabel() ? text : new BigDecimal(text));
            if (probabilities != null) {
                Map<String, Float> byLabel = new LinkedHashMap<>();
                prediction.probabilities().forEach((label, probability) -> byLabel.put(label, probability.floatValue()));
                fields.put(probabilities, byLabel);
            }
            beras.runs.Json.write(new JsonWriter(out), fields);
            out.write('\n');
        }
    }
}

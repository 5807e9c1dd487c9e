package beras.cli.models;

import beras.data.table.NamedValues;
import beras.prediction.Prediction;
import beras.prediction.PredictionFields;
import beras.runs.Csv;
import beras.runs.Json;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVPrinter;

/** Writes predictions, one a row: its number, kept columns, the prediction, and optionally probabilities. */
public final class PredictionWriter {

    /** How the rows are written. */
    public enum Format { CSV, JSONL }

    private final Set<String> names = new HashSet<>();
    private final Writer out;
    private final CSVPrinter csv; // null: JSON lines are written
    private final PredictionFields form;
    private final String row;
    private final String target;
    private final List<String> setNames;
    private final List<String> probabilities; // a column for each label, or one field; empty: none
    private final List<String> kept;
    private final String closest; // label, where none is predicted

    /**
     * Begins to write.
     *
     * @param target the name of the target
     * @param labels the labels of the probabilities to write; empty: none
     * @param form   of the values
     * @param kept   the names of the kept columns
     */
    PredictionWriter(Format format, Writer out, String target, List<String> labels, PredictionFields form, List<String> kept)
            throws IOException {
        this.out = out;
        this.form = form;
        boolean isCsv = format == Format.CSV;
        this.row = own("row", "predicted");
        this.target = own(target, "predicted");
        this.setNames = own(form.setNames(), "predicted");
        this.probabilities = own(isCsv ? labels.stream().map(label -> target + " = " + label).toList()
                : labels.isEmpty() ? List.of() : List.of("probabilities"), "predicted");
        this.kept = own(kept, "given");
        this.closest = own("closest", "predicted");
        this.csv = isCsv ? Csv.printer(out) : null;
        if (isCsv) {
            List<String> header = new ArrayList<>(List.of(row));
            header.addAll(this.kept);
            header.add(this.target);
            header.addAll(setNames);
            header.addAll(probabilities);
            csv.printRecord(header);
        }
    }

    private List<String> own(List<String> columns, String word) {
        return columns.stream().map(name -> own(name, word)).toList();
    }

    /** A name that no other column of the output has: if need be, with a word behind it. */
    private String own(String name, String word) {
        String own = name;
        while (!names.add(own)) {
            own += " (" + word + ")";
        }
        return own;
    }

    /**
     * Writes a row.
     *
     * @param number     from 1
     * @param cells      of the kept columns
     * @param prediction empty for an unreadable example
     */
    void write(long number, List<String> cells, Optional<Prediction> prediction) throws IOException {
        if (csv == null) {
            Json.write(new JsonWriter(out), fields(number, cells, prediction));
            out.write('\n');
            return;
        }
        csv.print(number);
        for (String cell : cells) {
            csv.print(cell);
        }
        csv.print(prediction.map(form.text()).orElse(""));
        for (Object value : prediction.map(form::setValues).orElse(List.copyOf(Collections.nCopies(setNames.size(), "")))) {
            csv.print(value instanceof List<?> labels ? NamedValues.join(labels.stream().map(String.class::cast).toList())
                    : value instanceof BigDecimal exact ? exact.toPlainString() : value);
        }
        List<Double> all = probabilities.isEmpty() || prediction.isEmpty() ? List.of()
                : List.copyOf(prediction.get().probabilities().values());
        for (int label = 0; label < probabilities.size(); label++) {
            csv.print(all.isEmpty() ? "" : (Object) all.get(label).floatValue()); // all digits
        }
        csv.println();
    }

    private Map<String, Object> fields(long number, List<String> cells, Optional<Prediction> read) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put(row, number);
        for (int i = 0; i < cells.size(); i++) {
            object.put(kept.get(i), cells.get(i).isEmpty() ? null : cells.get(i));
        }
        object.put(target, null);
        read.ifPresent(prediction -> {
            object.put(target, form.value(prediction));
            if (prediction.isRejected()) {
                object.put(closest, prediction.label());
            }
            List<Object> values = form.setValues(prediction);
            for (int i = 0; i < values.size(); i++) {
                object.put(setNames.get(i), values.get(i));
            }
            probabilities.forEach(name -> object.put(name, PredictionFields.scores(prediction)));
        });
        return object;
    }
}

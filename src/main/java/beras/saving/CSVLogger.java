package beras.saving;

import beras.files.AppendedFile;
import beras.files.WholeFile;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Outcome;
import beras.training.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a line of numbers for each epoch to a CSV file: the epoch, counted from 0, and the numbers of the logs.
 *
 * <pre>
 *   epoch,loss,accuracy,val_loss,val_accuracy,learning_rate
 *   0,0.3456,0.9012,0.2001,0.9401,0.001
 * </pre>
 * A line is in the file when its epoch ends, and never half of one; if it cannot be written, it is with the next, or when training
 * ends. A number that the first epoch had and another has not is {@code NA}.
 */
public final class CSVLogger implements Callback {

    private static final String EPOCH = "epoch";
    private static final String MISSING = "NA";

    private final Path file;
    private boolean overwrite;
    private List<Logs> earlier = List.of();

    private List<String> columns; // null: not read yet
    private boolean isHeaderWritten;
    private final StringBuilder unwritten = new StringBuilder(); // lines; empty unless writing them has failed
    private boolean own;

    /** Writes to {@code file}, when the first epoch ends. Its folder must be there. */
    public CSVLogger(Path file) {
        this.file = file;
    }

    /** Whether a file may be replaced that this callback did not write; default false. */
    public CSVLogger overwrite(boolean value) {
        overwrite = value;
        return this;
    }

    /**
     * The epochs, from 0 on, whose lines replace the present ones of the file: for a resumed training run, its
     * {@link beras.training.TrainingState#history}. So the file is whole even if it lost lines. Default: none.
     */
    public CSVLogger startWith(List<Logs> epochs) {
        earlier = List.copyOf(epochs);
        return this;
    }

    @Override
    public boolean isLogger() {
        return true;
    }

    /**
     * @throws UncheckedIOException if the file cannot be written, or is there and may not be replaced
     * @throws IllegalArgumentException if an epoch to {@linkplain #startWith start with} has a number that the first has not
     */
    @Override
    public void onTrainBegin(Training training) {
        columns = null;
        isHeaderWritten = false;
        unwritten.setLength(0);
        try {
            WholeFile.requireWritable(file, overwrite || own);
            if (!earlier.isEmpty()) {
                for (int epoch = 0; epoch < earlier.size(); epoch++) {
                    add(epoch, earlier.get(epoch));
                }
                write();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends the line of an epoch; before the first, a header with the names of its metrics. */
    private void add(int epoch, Logs logs) {
        if (columns == null) {
            columns = new ArrayList<>(List.of(EPOCH));
            columns.addAll(logs.names());
            unwritten.append(line(columns));
        }
        unwritten.append(line(row(epoch, logs.values())));
    }

    private void write() throws IOException {
        byte[] bytes = unwritten.toString().getBytes(StandardCharsets.UTF_8);
        if (isHeaderWritten) {
            AppendedFile.append(file, bytes);
        } else {
            WholeFile.write(file, overwrite || own, out -> out.write(bytes));
            own = true;
            isHeaderWritten = true;
        }
        unwritten.setLength(0);
    }

    /**
     * @throws IllegalArgumentException if the logs have a number for which the file has no column
     * @throws UncheckedIOException if the line cannot be written; the previous file remains
     */
    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        try {
            add(epoch, logs);
            write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @throws UncheckedIOException if lines are still unwritten, and cannot be written
     */
    @Override
    public void onTrainEnd(Outcome outcome) {
        try {
            if (unwritten.length() > 0) {
                write();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Object> row(int epoch, Map<String, Double> values) {
        List<String> unknown = new ArrayList<>(values.keySet());
        unknown.removeAll(columns);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("The columns of " + file + " are " + columns + ". Received also: " + unknown);
        }
        List<Object> row = new ArrayList<>(List.of(epoch));
        columns.stream().skip(1).forEach(name -> row.add(values.containsKey(name) ? values.get(name) : MISSING));
        return row;
    }

    private static String line(List<?> cells) {
        return cells.stream().map(Object::toString).map(cell -> cell.matches("[^\",\r\n]*") ? cell
                : "\"" + cell.replace("\"", "\"\"") + "\"").collect(Collectors.joining(",")) + "\n";
    }
}

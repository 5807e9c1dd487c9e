package beras.saving;

import beras.files.AppendedFile;
import beras.files.Library;
import beras.files.WholeFile;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Outcome;
import beras.training.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

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
    private CSVFormat format;
    private boolean append;
    private boolean overwrite;
    private List<Logs> earlier = List.of();

    private List<String> columns; // null: not known yet
    private boolean isHeaderWritten;
    private final StringBuilder unwritten = new StringBuilder(); // lines; empty unless writing them has failed
    private boolean own;

    /** Writes to {@code file}, when the first epoch ends. Its folder must be there. */
    public CSVLogger(Path file) {
        Library.CSV.require("CSVLogger");
        this.file = file;
        this.format = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();
    }

    /**
     * What stands between the cells; default a comma.
     *
     * @throws IllegalArgumentException if it is a double quote or ends a line
     */
    public CSVLogger separator(char value) {
        if (value == '"' || value == '\n' || value == '\r') {
            throw new IllegalArgumentException("The separator must not be a double quote nor end a line. Received: character "
                    + (int) value);
        }
        format = format.builder().setDelimiter(value).get();
        return this;
    }

    /**
     * Whether to add to the file if it is there, which must have the same columns; default false. A training that is
     * resumed removes the last lines if they are of epochs that it makes again, or if the last one was cut off.
     */
    public CSVLogger append(boolean value) {
        append = value;
        return this;
    }

    /**
     * Whether a file may be replaced that this callback did not write; default false. Without effect if lines are
     * {@linkplain #append appended}.
     */
    public CSVLogger overwrite(boolean value) {
        overwrite = value;
        return this;
    }

    /**
     * Epochs from 0 on whose lines the file has first, in place of what is there: of a training that is resumed, those of its
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
     * @throws UncheckedIOException if the file cannot be written, is there and may not be replaced, or is to be added to
     *     and is not whole lines of one number of cells under a header that begins with {@code epoch}
     * @throws IllegalArgumentException if an epoch to {@linkplain #startWith start with} has a number that the first has not
     */
    @Override
    public void onTrainBegin(Training training) {
        columns = null;
        isHeaderWritten = false;
        unwritten.setLength(0);
        try {
            WholeFile.requireWritable(file, append || overwrite || own);
            if (!earlier.isEmpty()) {
                for (int epoch = 0; epoch < earlier.size(); epoch++) {
                    add(epoch, earlier.get(epoch));
                }
                write();
            } else if (append && Files.exists(file) && Files.size(file) > 0) {
                columns = readColumns(training.resumedEpoch());
                isHeaderWritten = columns != null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds the line of an epoch to those that are to be written; before the first, a header of its numbers. */
    private void add(int epoch, Logs logs) throws IOException {
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
            WholeFile.write(file, append || overwrite || own, out -> out.write(bytes));
            own = true;
            isHeaderWritten = true;
        }
        unwritten.setLength(0);
    }

    /** The columns of the file, from the end of which lines of the epoch {@code resumed} and later ones are removed. */
    private List<String> readColumns(OptionalInt resumed) throws IOException {
        int made = resumed.orElse(Integer.MAX_VALUE);
        String whole;
        try {
            whole = WholeFile.readString(file);
        } catch (CharacterCodingException e) {
            throw broken("it must be text in UTF-8. Received: other bytes");
        }
        if (!whole.endsWith("\n") && resumed.isEmpty()) {
            throw broken("its last line has no end. Received: " + whole.substring(whole.lastIndexOf('\n') + 1));
        }
        String text = whole.substring(0, whole.lastIndexOf('\n') + 1);
        if (text.isEmpty()) {
            return null; // not even the header is whole
        }
        List<String> header = null;
        long end = Long.MAX_VALUE; // of the lines that stay
        try (CSVParser parser = CSVParser.parse(text, format)) {
            for (CSVRecord row : parser) {
                if (header == null) {
                    header = row.toList();
                } else if (row.size() != header.size()) {
                    throw broken("line " + parser.getCurrentLineNumber() + " must have " + header.size()
                            + " cells, as the header has. Received: " + row.size());
                } else if (epoch(row.get(0), parser.getCurrentLineNumber()) < made) {
                    end = Long.MAX_VALUE;
                } else {
                    end = Math.min(end, row.getCharacterPosition());
                }
            }
        } catch (UncheckedIOException e) {
            throw broken("it must be CSV. Received: " + e.getCause().getMessage());
        }
        if (header == null || !header.get(0).equals(EPOCH)) {
            throw broken("its first line must begin with " + EPOCH + ". Received: " + header);
        }
        int kept = (int) Math.min(end, text.length());
        if (kept < whole.length()) {
            byte[] rest = text.substring(0, kept).getBytes(StandardCharsets.UTF_8);
            WholeFile.write(file, true, out -> out.write(rest));
        }
        return header;
    }

    private int epoch(String cell, long line) throws FileSystemException {
        try {
            return Integer.parseInt(cell);
        } catch (NumberFormatException e) {
            throw broken("line " + line + " must begin with the number of an epoch. Received: " + cell);
        }
    }

    private FileSystemException broken(String reason) {
        return new FileSystemException(file.toString(), null, "cannot add to this file: " + reason
                + ". Correct it, or write to another");
    }

    /**
     * @throws IllegalArgumentException if the logs have a number for which the file has no column
     * @throws UncheckedIOException if the line cannot be written; the file is then what it was
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

    private String line(List<?> cells) throws IOException {
        StringBuilder line = new StringBuilder();
        try (CSVPrinter printer = new CSVPrinter(line, format)) {
            printer.printRecord(cells);
        }
        return line.toString();
    }
}

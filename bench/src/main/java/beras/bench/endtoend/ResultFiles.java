package beras.bench.endtoend;

import beras.bench.Machine;
import beras.files.WholeFile;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The two CSV files of a session: every epoch, and the summary. */
record ResultFiles(Path folder, DataSet data, String jdk, String machine) {

    private static final String EPOCHS = "training";
    private static final String SUMMARY = "training-summary";
    private static final String[] EPOCH_COLUMNS = {"library", "version", "threads", "hidden", "batch", "run", "epoch",
        "epoch_seconds", "test_accuracy", "seconds_since_start", "wall_seconds", "peak_mb", "other_cores", "jdk", "backend",
        "machine"};
    private static final String[] SUMMARY_COLUMNS = {"hidden", "batch", "threads", "measure", "unit", "library", "version",
        "median", "min", "max", "to_beras", "runs", "disturbed_runs", "jdk", "machine"};

    @FunctionalInterface
    private interface Rows {
        void printTo(CSVPrinter csv) throws IOException;
    }

    void writeEpochs(List<Trial> trials) throws IOException {
        write(EPOCHS, EPOCH_COLUMNS, csv -> {
            for (Trial trial : trials) {
                Task task = trial.task();
                for (Epoch epoch : trial.epochs()) {
                    csv.printRecord(trial.library(), trial.version(), task.threads(), task.hidden(), task.batch(), trial.run(),
                            epoch.number(), decimals(epoch.seconds(), 4), decimals(epoch.testAccuracy(), 4),
                            decimals(epoch.sinceStart(), 3), decimals(trial.wallSeconds(), 3), decimals(trial.peakMb(), 0),
                            decimals(trial.otherCores(), 2), jdk, trial.backend(), machine);
                }
            }
        });
    }

    void writeSummary(List<Summary> summaries) throws IOException {
        write(SUMMARY, SUMMARY_COLUMNS, csv -> {
            for (Summary summary : summaries) {
                Task task = summary.task();
                csv.printRecord(task.hidden(), task.batch(), task.threads(), summary.measure().title(data),
                        summary.measure().unit(), summary.library(), summary.version(), decimals(summary.median(), 3),
                        decimals(summary.min(), 3), decimals(summary.max(), 3), decimals(summary.toBeras(), 2),
                        summary.runs(), summary.disturbedRuns(), jdk, machine);
            }
        });
    }

    /** Matches summaries of all JDKs and machines. */
    static String summaries(DataSet data) {
        return start(SUMMARY, data) + "*.csv";
    }

    private static String start(String kind, DataSet data) {
        return kind + data.suffix() + "-jdk";
    }

    private void write(String kind, String[] columns, Rows rows) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader(columns).setRecordSeparator('\n')
                .setCommentMarker('#').setHeaderComments("commit " + Machine.commit()).get();
        Path file = folder.resolve(start(kind, data) + Runtime.Version.parse(jdk).feature() + "-" + machine + ".csv");
        WholeFile.write(file, true, out -> {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            CSVPrinter csv = new CSVPrinter(writer, format);
            rows.printTo(csv);
            csv.flush();
        });
    }

    /** Nothing for NaN. */
    static String decimals(double value, int digits) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}

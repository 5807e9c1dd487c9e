package beras.bench;

import beras.files.WholeFile;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * A result as it is kept. A number that does not apply is NaN, and an empty cell in the file.
 *
 * @param score the mean of all measured iterations of all forks, in {@code unit}
 * @param error half the width of the 99.9 % confidence interval of {@code score}
 * @param min the slowest iteration
 * @param max the fastest iteration
 * @param percentOfPeak of the fma peak, measured in the same run on as many threads
 * @param overScalar score over that of BERAS's scalar kernels on one thread at the same work
 */
record Row(String benchmark, String shape, int threads, String jdk, String backend, String unit, double score, double error,
        int forks, double min, double max, double percentOfPeak, double overScalar, String machine) {

    private enum Column {
        benchmark, shape, threads, jdk, backend, unit, score, error, forks, min, max, percent_of_peak, over_scalar, machine
    }

    private static final CSVFormat FORMAT = CSVFormat.DEFAULT.builder().setHeader(Column.class).setRecordSeparator('\n')
            .setCommentMarker('#').get();
    /** More digits than the machine repeats would only make files differ. */
    private static final MathContext DIGITS = new MathContext(4);

    /** Writes the file atomically, replacing an earlier one. */
    static void write(Path file, List<Row> rows) throws IOException {
        WholeFile.write(file, true, out -> {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            CSVPrinter printer = new CSVPrinter(writer, FORMAT.builder().setHeaderComments("commit " + Machine.commit()).get());
            for (Row row : rows) {
                printer.printRecord(row.benchmark, row.shape, row.threads, row.jdk, row.backend, row.unit, number(row.score),
                        number(row.error), row.forks, number(row.min), number(row.max), number(row.percentOfPeak),
                        number(row.overScalar), row.machine);
            }
            printer.flush();
        });
    }

    /** @throws IOException if the file cannot be read, or was not written by {@link #write} */
    static List<Row> read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file);
                CSVParser parser = CSVParser.parse(reader, FORMAT.builder().setSkipHeaderRecord(true).get())) {
            return parser.stream().map(Row::of).toList();
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is not a file of results: " + e.getMessage(), e);
        }
    }

    private static Row of(CSVRecord record) {
        return new Row(record.get(Column.benchmark), record.get(Column.shape), Integer.parseInt(record.get(Column.threads)),
                record.get(Column.jdk), record.get(Column.backend), record.get(Column.unit), number(record.get(Column.score)),
                number(record.get(Column.error)), Integer.parseInt(record.get(Column.forks)), number(record.get(Column.min)),
                number(record.get(Column.max)), number(record.get(Column.percent_of_peak)),
                number(record.get(Column.over_scalar)), record.get(Column.machine));
    }

    static String number(double value) {
        return Double.isNaN(value) ? "" : new BigDecimal(value).round(DIGITS).toPlainString();
    }

    private static double number(String cell) {
        return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }
}

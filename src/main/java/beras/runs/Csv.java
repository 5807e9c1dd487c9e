package beras.runs;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** CSV as all commands write it: in UTF-8, with a line feed behind each record. */
public final class Csv {

    /** Writes records one by one. */
    @SuppressWarnings("exports") // who calls this has Commons CSV
    public static CSVPrinter printer(Appendable out) throws IOException {
        return new CSVPrinter(out, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get());
    }

    /** Writes all records of a file. */
    public static void write(OutputStream out, List<? extends List<?>> records) throws IOException {
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        printer(writer).printRecords(records);
        writer.flush();
    }

    private Csv() {}
}

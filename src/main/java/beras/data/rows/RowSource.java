package beras.data.rows;

import beras.data.DataException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** The rows of a table one after the other, whatever kind of file they are in. */
public interface RowSource {

    /** The number of bytes by which a binary file format is recognized. */
    int FIRST_BYTES = 4;
    /** The first word of a file of Weka. */
    String ARFF = "@relation";

    /** The names of the columns in the file, read once, before any row; empty if the file is empty. */
    List<String> names() throws DataException;

    /**
     * Goes to the next row.
     *
     * @return false after the last
     * @throws DataException if the row is no such, or has not one cell for each name
     */
    boolean next() throws DataException;

    /** A cell of the row; empty if it has no value. */
    String cell(int column);

    /** Whether a cell of the row is surely a number with a decimal point, whatever other cells of the column are. */
    default boolean isNumber(int column) {
        return false;
    }

    /** The line in which the row begins. */
    long line();

    /** Remarks for the user about the form of the file, as far as it was read. */
    List<String> remarks();

    /**
     * The rows of an open file, which the caller closes: its first bytes or characters or its name decide the kind.
     *
     * @param encoding  of the text; null: the file shows it
     * @param options   how the lines of CSV are laid out
     * @param sheet     of a workbook; null: the first
     * @param isMissing whether a cell has no value
     */
    static RowSource of(DataFile file, Charset encoding, CsvOptions options, String sheet, Predicate<String> isMissing)
            throws DataException {
        byte[] first = file.peek(FIRST_BYTES);
        Workbook.requireNotOld(file, first);
        if (Archive.begins(first)) {
            ZipFile zip = Archive.open(file);
            if (!Workbook.isIn(zip)) {
                return of(Archive.table(file, zip), encoding, options, sheet, isMissing);
            }
            requireNoText(file, encoding, options, "a workbook");
            DataFile table = Workbook.table(file, zip, sheet);
            return new CsvRows(table, new TextReader(table, StandardCharsets.UTF_8),
                    new CsvOptions(Optional.of(','), options.skipLines(), options.headerLines(), options.skipFooter()), isMissing);
        }
        if (sheet != null) {
            throw file.error("expected a workbook (.xlsx) with the sheet " + CsvRows.shown(sheet) + ", as given. Received: no"
                    + " workbook. Leave the sheet out");
        }
        if (ParquetRows.begin(first)) {
            requireNoText(file, encoding, options, "a Parquet file");
            requireNoLayout(file, options, "a Parquet file");
            return new ParquetRows(file);
        }
        return ofText(file, encoding, options, isMissing);
    }

    private static RowSource ofText(DataFile file, Charset encoding, CsvOptions options, Predicate<String> isMissing)
            throws DataException {
        TextReader text = new TextReader(file, encoding);
        if (JsonRows.begin(text.peek(JsonRows.FIRST_CHARACTERS), file.name())) {
            requireNoLayout(file, options, "JSON objects");
            return new JsonRows(file, text);
        }
        if (new String(text.peek(ARFF.length())).equalsIgnoreCase(ARFF)) {
            throw file.error("expected CSV, JSON, Parquet or a workbook (.xlsx). Received: ARFF, by its first word " + ARFF
                    + ". Save the table as CSV");
        }
        return new CsvRows(file, text, options, isMissing);
    }

    private static void requireNoText(DataFile file, Charset encoding, CsvOptions options, String what) throws DataException {
        requireNoSeparator(file, options, what);
        if (encoding != null) {
            throw file.error("expected text in " + encoding + ", as given. Received: " + what + ". Leave the encoding out");
        }
    }

    private static void requireNoSeparator(DataFile file, CsvOptions options, String what) throws DataException {
        if (options.separator().isPresent()) {
            throw file.error("expected cells with " + CsvDialect.name(options.separator().get()) + " between them, as given."
                    + " Received: " + what + ". Leave the separator out");
        }
    }

    private static void requireNoLayout(DataFile file, CsvOptions options, String what) throws DataException {
        requireNoSeparator(file, options, what);
        if (!options.equals(CsvOptions.AS_SHOWN)) {
            throw file.error("expected lines of CSV, as the options for lines to skip or lines of names apply to CSV alone. Received: " + what
                    + ". Leave that out");
        }
    }

    /** Whether a file has a name with one of these endings, packed or not. */
    static boolean endsWith(String name, String... endings) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        return Stream.of(endings).anyMatch(plain::endsWith);
    }
}

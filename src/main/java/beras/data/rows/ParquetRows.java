package beras.data.rows;

import beras.data.DataException;
import beras.data.parquet.ColumnReader;
import beras.data.parquet.ColumnType;
import beras.data.parquet.ParquetFile;
import beras.data.parquet.ParquetFile.Column;
import beras.files.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Rows of a Parquet file. A cell is the text that CSV has of the value, so that a model does not depend on the kind of file:
 * {@code 0.1} of a float or double, {@code 2024-01-31 12:30:00} of a timestamp. Values in structures are columns such as
 * {@code address.city}; lists and maps are no cells.
 */
final class ParquetRows implements RowSource {

    private static final byte[] MAGIC = {'P', 'A', 'R', '1'};
    private static final byte[] ENCRYPTED = {'P', 'A', 'R', 'E'};

    private final DataFile file;
    private final ParquetFile parquet;
    private final List<String> names = new ArrayList<>();
    private final Set<String> repeated = new LinkedHashSet<>();
    private final List<ColumnReader> columns = new ArrayList<>();
    private final BitSet numbers = new BitSet();
    private final String[] cells;
    private long row;

    /** Whether these are the first bytes of a Parquet file. */
    static boolean begin(byte[] first) {
        return Arrays.equals(first, MAGIC) || Arrays.equals(first, ENCRYPTED);
    }

    ParquetRows(DataFile file) throws DataException {
        this.file = file;
        try {
            this.parquet = new ParquetFile(file.openAtAnyPosition(Bytes::open));
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw file.error(e.getMessage());
        }
        List<Column> all = parquet.columns();
        for (int i = 0; i < all.size(); i++) {
            Column column = all.get(i);
            if (column.isRepeated()) {
                repeated.add(column.name());
            } else {
                numbers.set(names.size(), isNumber(column.type()));
                names.add(column.name());
                columns.add(parquet.reader(i, new ParquetText(column.type())));
            }
        }
        if (names.isEmpty()) {
            throw file.error("expected a Parquet file with columns of one value a row. Received: lists or maps, "
                    + Archive.listed(repeated));
        }
        this.cells = new String[names.size()];
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public boolean next() throws DataException {
        if (row == parquet.rows()) {
            return false;
        }
        row++;
        for (int i = 0; i < cells.length; i++) {
            try {
                columns.get(i).next();
                cells[i] = columns.get(i).text();
            } catch (IOException e) {
                throw file.error("column " + CsvRows.shown(names.get(i)) + ", row " + row + ": " + e.getMessage());
            }
        }
        return true;
    }

    @Override
    public String cell(int column) {
        return cells[column];
    }

    @Override
    public boolean isNumber(int column) {
        return numbers.get(column) && !cells[column].isEmpty();
    }

    /** The number of the row, as the lines of a CSV file with the same rows: the first is that of the names. */
    @Override
    public long line() {
        return row + 1;
    }

    @Override
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>(file.remarks());
        remarks.add("The file is Parquet");
        if (!repeated.isEmpty()) {
            boolean isOne = repeated.size() == 1;
            remarks.add(repeated.size() + (isOne ? " column is a list or map, and is" : " columns are lists or maps, and are")
                    + " ignored: " + Archive.listed(repeated));
        }
        return remarks;
    }

    private static boolean isNumber(ColumnType type) {
        return switch (type.meaning()) {
            case DECIMAL, FLOAT16, UNSIGNED -> true;
            case PLAIN -> switch (type.physical()) {
                case INT32, INT64, FLOAT, DOUBLE -> true;
                default -> false;
            };
            default -> false;
        };
    }
}

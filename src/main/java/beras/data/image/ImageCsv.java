package beras.data.image;

import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.DataFile;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import org.apache.commons.csv.CSVRecord;

/**
 * Square images as CSV, the common form of MNIST: a line for each image, its label first and then its pixels row by row,
 * all whole numbers, pixels 0 to 255.
 *
 * <p>The number of columns decides whether there are labels: a square number, such as 784 = 28 x 28, is pixels alone, one more
 * is a label and pixels. UTF-8, with or without a byte-order mark; any line ends; blank lines are skipped; plain or gzip.
 */
public final class ImageCsv {

    private static final int PIXEL_VALUES = 256;

    /**
     * Reads images. The first line is a header if its first cell is not a number, and the others are not all pixel values or
     * just count from 0 or 1, as pandas names columns.
     *
     * @param classes labels are 0 to {@code classes - 1}; 1 to 256
     * @throws DataException if the file is missing or empty, a line is too short or too long, or a cell is not a whole number
     *         in its range
     */
    public static Images read(Path path, int classes) throws DataException {
        try (DataFile file = DataFile.open(path)) {
            return read(file, classes);
        }
    }

    static Images read(DataFile file, int classes) throws DataException {
        Images.requireClasses(classes);
        CsvRows rows = CsvRows.lines(file);
        Grid grid = null;
        for (CSVRecord row = rows.read(); row != null; row = rows.read()) {
            if (grid == null) {
                grid = new Grid(file, classes, row, rows.line());
                if (grid.hasHeader()) {
                    continue;
                }
            }
            grid.add(row, rows);
        }
        if (grid == null) {
            throw file.error("expected a line of numbers for each image. Received: an empty file");
        }
        return grid.images();
    }

    /** The whole number that a cell holds, or -1 if it is none or negative. */
    private static int number(String cell) {
        try {
            return Math.max(Integer.parseInt(cell.strip()), -1);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The images read so far. */
    private static final class Grid {

        private final DataFile file;
        private final int classes;
        private final CSVRecord header;
        private final long firstLine;
        private final int columns;
        private final int side;
        private final boolean labelled;
        private final byte[] row;
        private final ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        private final ByteArrayOutputStream labels = new ByteArrayOutputStream();

        Grid(DataFile file, int classes, CSVRecord first, long line) throws DataException {
            this.file = file;
            this.classes = classes;
            this.header = isHeader(first) ? first : null;
            this.firstLine = line;
            this.columns = first.size();
            this.labelled = squareRoot(columns) == 0;
            this.side = squareRoot(labelled ? columns - 1 : columns);
            if (side == 0) {
                throw file.error("line " + line + ": expected a square number of columns (784 for pixels of 28 x 28) or one more"
                        + " (785 with a label in front). Received: " + columns + " columns");
            }
            this.row = new byte[side * side];
        }

        private static boolean isHeader(CSVRecord first) {
            // A mistyped label before good pixels is an error to report, not a header to skip; but 0, 1, 2 ... are names.
            boolean pixelsFollow = first.size() > 1;
            boolean counting = first.size() > 2;
            int start = first.size() > 1 ? number(first.get(1)) : 0;
            for (int i = 1; i < first.size(); i++) {
                int value = number(first.get(i));
                pixelsFollow &= value >= 0 && value < PIXEL_VALUES;
                counting &= value == start + i - 1;
            }
            return number(first.get(0)) < 0 && (!pixelsFollow || counting && (start == 0 || start == 1));
        }

        /** The square root, or 0 if it is not whole. */
        private static int squareRoot(int n) {
            int root = (int) Math.sqrt(n);
            return root * root == n ? root : 0;
        }

        boolean hasHeader() {
            return header != null;
        }

        void add(CSVRecord cells, CsvRows rows) throws DataException {
            if (cells.size() != columns) {
                throw file.error("line " + rows.line() + ": expected " + columns + " columns, as in line " + firstLine
                        + ". Received: " + cells.size() + ", the last is " + column(Math.min(cells.size(), columns) - 1)
                        + ". Complete the line or remove it");
            }
            int next = 0;
            if (labelled) {
                labels.write(value(cells, next++, classes, "a label", rows));
            }
            for (int i = 0; i < row.length; i++) {
                row[i] = (byte) value(cells, next++, PIXEL_VALUES, "a pixel", rows);
            }
            pixels.write(row, 0, row.length);
        }

        private int value(CSVRecord cells, int column, int end, String what, CsvRows rows) throws DataException {
            String cell = cells.get(column);
            int value = number(cell);
            if (value < 0 || value >= end) {
                throw file.error("line " + rows.line(column) + ", " + column(column) + ": expected " + what
                        + ", a whole number from 0 to " + (end - 1) + ". Received: " + CsvRows.shown(cell)
                        + ". Correct the cell or remove the line");
            }
            return value;
        }

        private String column(int column) {
            return "column " + (column + 1) + (header == null ? "" : " (" + header.get(column) + ")");
        }

        Images images() throws DataException {
            if (pixels.size() == 0) {
                throw file.error("expected a line of numbers for each image. Received: a header in line " + firstLine + " alone");
            }
            return new Images(pixels.toByteArray(), side, side, labelled ? labels.toByteArray() : null, classes);
        }
    }

    private ImageCsv() {}
}

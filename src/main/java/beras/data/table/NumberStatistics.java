package beras.data.table;

import beras.data.table.Table.Place;
import beras.data.table.values.NumberSample;

/** The numbers of a column: their mean and standard deviation, or a sample of them. */
final class NumberStatistics {

    final NumberSample sample; // null: mean and standard deviation are counted instead
    long count; // finite numbers
    Place firstOther; // the first cell that is no finite number; null: none
    boolean hasTexts; // whether some cells are no numbers at all
    double mean; // only if no numbers are kept
    private double squares;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    String minText = ""; // the cell, for a mark of missing values is compared as text
    String maxText = "";
    boolean isWhole = true; // all of them
    boolean isRising = true; // each is greater than the one before
    private double last = Double.NEGATIVE_INFINITY;

    /** @param sampled so many numbers are kept at most, in place of mean and standard deviation; 0: none */
    NumberStatistics(int sampled) {
        sample = sampled == 0 ? null : new NumberSample(sampled);
    }

    /** Adds the number in a cell of the table's current row; NaN if it is none, infinity if it is not finite. */
    void add(double value, Table table, int column) {
        if (Double.isFinite(value)) {
            minText = value < min ? table.cell(column) : minText;
            maxText = value > max ? table.cell(column) : maxText;
            add(value);
            return;
        }
        hasTexts |= Double.isNaN(value);
        firstOther = firstOther == null ? new Place(table.line(), table.cell(column)) : firstOther;
    }

    /** Takes in a finite number. */
    void add(double value) {
        count++;
        if (sample == null) { // Welford's sums, in the order of the rows
            double before = value - mean;
            mean += before / count;
            squares += before * (value - mean);
        }
        min = Math.min(min, value);
        max = Math.max(max, value);
        isWhole &= value == Math.rint(value);
        isRising &= value > last;
        last = value;
    }

    /** The standard deviation of the numbers, dividing by their number; 0 only if they are one. Only if no numbers are kept. */
    double standardDeviation() {
        return min >= max ? 0 : Math.max(Math.sqrt(squares / count), Double.MIN_VALUE);
    }
}

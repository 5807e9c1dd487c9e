package beras.data.table;

import beras.data.rows.CsvRows;
import beras.data.table.values.NumberCounts;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** A smallest or largest number that is far from all others, as an outlier is or a mark of missing values such as -9999. */
final class FarNumbers {

    /** A number is far if its distance is more than this times the range of all others. */
    private static final double FAR = 5;
    /** Among fewer different others none is far. */
    private static final int FEW_OTHERS = 4;
    private static final double PER_CENT = 100;
    private static final double SMALLEST_SHARE = 0.1; // in per cent, that is shown

    /** A sentence that names such numbers; empty if there are none. */
    static String note(NumberStatistics numbers, NumberCounts counts) {
        double[] values = DoubleStream.concat(Arrays.stream(counts.values()), DoubleStream.of(numbers.min, numbers.max))
                .sorted().distinct().toArray();
        int last = values.length - 1;
        if (values.length <= FEW_OTHERS) {
            return "";
        }
        double below = values[1] - values[0];
        double above = values[last] - values[last - 1];
        double between = FAR * (values[last - 1] - values[1]);
        boolean both = values.length > FEW_OTHERS + 1 && below > between && above > between;
        boolean isLowFar = both || below > FAR * (values[last] - values[1]);
        if (!isLowFar && above <= FAR * (values[last - 1] - values[0])) {
            return "";
        }
        String low = described(numbers.minText, values[0], counts);
        String high = described(numbers.maxText, values[last], counts);
        String marks = both ? numbers.minText + ',' + numbers.maxText : isLowFar ? numbers.minText : numbers.maxText;
        return (both ? low + " and " + high : isLowFar ? low : high) + " of the values " + (both ? "are" : "is") + " far from all others: add "
                + ColumnStatistics.na(marks) + " if " + (both ? "they mark" : "it marks") + " missing values";
    }

    /** A number and its share. */
    private static String described(String text, double value, NumberCounts counts) {
        int place = Arrays.binarySearch(counts.values(), value);
        double share = place < 0 ? 0 : PER_CENT * counts.count(place) / counts.count(); // else not sampled
        return CsvRows.shown(text) + " in " + (share < SMALLEST_SHARE ? "less than " + SMALLEST_SHARE
                : share < 1 ? String.format(Locale.ROOT, "%.1f", share) : Math.round(share)) + " %";
    }

    private FarNumbers() {}
}

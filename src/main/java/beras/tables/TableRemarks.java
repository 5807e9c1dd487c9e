package beras.tables;

import beras.data.table.CellCounts;
import beras.data.table.TableColumn;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.files.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Differences between rows and the training rows, in sentences without full stops. */
public final class TableRemarks {

    /** Up to so many columns are listed with the number of rows outside the training range. */
    private static final int SHOWN = 5;
    /** Fewer rows may well have unusual values alone. */
    private static final int FEW_ROWS = 5;

    /**
     * The remarks of a reader so far: the form of the file; numbers that are clipped; categories that the model does not list,
     * and missing values in columns without such in training, which {@link TableReader#strict} rejects.
     *
     * @param advice follows the values that {@link TableReader#strict} rejects, such as the option for it
     */
    public static List<String> of(TableReader reader, TableSchema schema, String advice) {
        List<String> remarks = new ArrayList<>(reader.remarks());
        CellCounts counts = reader.counts();
        Map<String, Long> beyond = counts.clipped();
        Map<String, Long> unknown = counts.unknown();
        Map<String, Long> none = counts.missing();
        Map<String, Long> like = counts.likeTraining();
        List<String> unlike = new ArrayList<>(); // columns without a single value as in training
        if (!beyond.isEmpty()) {
            remarks.add(clipped(beyond));
        }
        for (TableColumn column : schema.columns()) {
            String name = "Column \"" + column.name() + "\": ";
            long unlisted = unknown.getOrDefault(column.name(), 0L);
            if (unlisted > 0) {
                remarks.add(name + rows(unlisted) + (unlisted == 1 ? " has" : " have")
                        + " a " + column.noun() + (column.others() > 0 ? " that the model does not list; treated as rare"
                                : " not seen in training; treated as unknown") + advice);
            }
            long missing = none.getOrDefault(column.name(), 0L);
            if (missing > 0 && column.missing() == 0) {
                remarks.add(name + rows(missing) + (missing == 1 ? " has" : " have") + " no value (none was missing in training); "
                        + column.ifMissing() + advice);
            }
            if (column.width() > 0 && !like.containsKey(column.name()) && (missing == counts.rows() ? column.missing() == 0 : counts.rows() - missing >= FEW_ROWS)
                    && counts.rows() >= FEW_ROWS) {
                unlike.add('"' + column.name() + '"');
            }
        }
        if (!unlike.isEmpty()) {
            remarks.add("Warning: none of the " + counts.rows() + " rows has a value like those of training in "
                    + (unlike.size() == 1 ? "the column " : "the columns ") + Excerpt.list(unlike, SHOWN)
                    + ": predictions cannot depend on it as in training. Check for another unit, spelling or order of columns");
        }
        return remarks;
    }

    /** In many columns some numbers are always a little larger than in training, so one line will do. */
    private static String clipped(Map<String, Long> beyond) {
        String most = beyond.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()).limit(SHOWN)
                .map(column -> column.getKey() + " (" + rows(column.getValue()) + ")").collect(Collectors.joining(", "));
        return "Numbers outside the training range are clipped to it: "
                + (beyond.size() <= SHOWN ? most : "in " + beyond.size() + " columns, most in " + most);
    }

    private static String rows(long count) {
        return count + (count == 1 ? " row" : " rows");
    }

    private TableRemarks() {}
}

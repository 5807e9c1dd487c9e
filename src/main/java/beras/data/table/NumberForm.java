package beras.data.table;

import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.Decimal;
import beras.data.table.Table.Place;
import beras.data.table.values.Quantity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the numbers of a column are written, as the {@linkplain Table#head first rows} show: with which decimal mark, and whether other
 * things than a number are beside it, such as one unit. The columns of one file differ in it. Numbers that later rows write otherwise
 * are no numbers.
 *
 * @param comma      whether decimals come after a comma
 * @param quantities whether a {@link Quantity} is a number, too; not where most cells are texts, or limits of which few differ
 * @param unit       of the quantities; empty if they have none
 * @param several    the words behind numbers if they are several, in a clause; empty if they are not
 * @param examples   cells that are quantities, of each kind of them the first
 */
record NumberForm(boolean comma, boolean quantities, String unit, String several, List<Place> examples) {

    private static final int EXAMPLES = 3;
    /** So many cells behind, the other decimal mark, or numbers at all, are given up. */
    private static final int HOPELESS = 100;

    /**
     * As the first rows of a table show it.
     *
     * @param quantities whether they may be numbers
     * @param asked      whether they are numbers however few differ
     */
    static NumberForm of(Table table, int column, boolean quantities, boolean asked) throws DataException {
        List<Table.Row> rows = table.head().stream().filter(row -> !table.isMissing(row.cells()[column])).toList();
        boolean comma = numbers(rows, column, true, quantities) > numbers(rows, column, false, quantities);
        NumberForm plain = new NumberForm(comma, false, "", "", List.of());
        long numbers = numbers(rows, column, comma, quantities);
        if (!quantities || rows.size() - numbers >= HOPELESS && rows.size() > 2 * numbers) {
            return plain;
        }
        long limits = 0;
        TreeMap<String, Long> units = new TreeMap<>();
        Map<String, Place> examples = new LinkedHashMap<>();
        for (Table.Row row : rows) {
            String cell = row.cells()[column];
            Optional<Quantity> quantity = Double.isNaN(plain.parse(cell, row.numbers()[column])) ? Quantity.parse(cell, comma) : Optional.empty();
            if (quantity.isPresent()) {
                limits += quantity.get().isLimit() ? 1 : 0;
                units.merge(quantity.get().unit(), 1L, Long::sum);
                examples.putIfAbsent(quantity.get().unit() + quantity.get().isLimit(), new Place(row.line(), cell));
            }
        }
        // Limits of which few differ are categories: as numbers they would be less.
        boolean few = rows.stream().map(row -> row.cells()[column]).distinct().count() <= TableOptions.ALWAYS_LISTED;
        if (few && !asked && limits > ColumnStatistics.SHARE_OF_MISTAKES * rows.size()) {
            return plain;
        }
        units.remove("");
        String most = units.keySet().stream().reduce("", (one, other) -> units.get(other) > units.getOrDefault(one, 0L) ? other : one);
        boolean isRare = units.getOrDefault(most, 0L) <= ColumnStatistics.SHARE_OF_MISTAKES * numbers; // a mistake, such as 12o
        List<String> several = units.entrySet().stream().map(unit -> CsvRows.shown(unit.getKey()) + " in " + unit.getValue()).toList();
        return new NumberForm(comma, true, isRare ? "" : most, several.size() < 2 ? "" : Table.listed(several, EXAMPLES) + " values",
                examples.values().stream().limit(EXAMPLES).toList());
    }

    /** How many cells are numbers with one decimal mark. */
    private static long numbers(List<Table.Row> rows, int column, boolean comma, boolean quantities) {
        long numbers = 0;
        long others = 0;
        for (Table.Row row : rows) {
            String cell = row.cells()[column];
            double number = Decimal.parse(cell, comma && !row.numbers()[column]);
            boolean isNumber = Double.isFinite(number) || Double.isNaN(number) && quantities && Quantity.parse(cell, comma).isPresent();
            numbers += isNumber ? 1 : 0;
            others += isNumber ? 0 : 1;
            if (others >= HOPELESS && others > numbers) {
                break;
            }
        }
        return numbers;
    }

    /**
     * Parses a cell.
     *
     * @param isTyped whether it is {@linkplain Table#isNumber surely} a number with a point
     * @return infinity if it is not finite as a float; NaN if it is no number
     */
    double parse(String cell, boolean isTyped) {
        double number = Decimal.parse(cell, comma && !isTyped);
        return Double.isNaN(number) && quantities ? Quantity.parse(cell, comma, unit) : number;
    }
}

package beras.data.table;

import beras.data.rows.CsvRows;
import beras.data.table.NumberTally.Place;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;

/**
 * What the cells of a column are as numbers if decimals are written in one way: plain ones, and {@link Quantity quantities} by their
 * unit, for the whole column must have one.
 */
final class WrittenNumbers implements Serializable {

    private static final long serialVersionUID = 1;

    /** A column of more different units has none. */
    private static final int MOST_UNITS = 16;
    /** So many cells behind, quantities are given up. */
    private static final int HOPELESS = 100;
    private static final int EXAMPLES = 3;

    private final int sampled;
    private final boolean comma;
    private final NumberTally plain;
    private long quantities;
    private long others; // cells that are neither
    private long garbled; // those of them that begin with a digit all the same
    private Place firstGarbled; // null: none
    private long limits;
    private final boolean looked; // for quantities
    private TreeMap<String, NumberTally> byUnit; // null: not looked at, or given up
    private final LinkedHashMap<String, Place> examples = new LinkedHashMap<>(); // by what is written beside the number
    private final TreeMap<String, Place> firsts = new TreeMap<>(); // the first cell of each unit
    private transient NumberTally last; // that took in the last cell; null: it is no finite number
    private transient double lastValue;

    /**
     * @param comma      whether decimals come after a comma
     * @param sampled    as that of {@link NumberTally}
     * @param quantities whether they are looked at
     */
    WrittenNumbers(boolean comma, int sampled, boolean quantities) {
        this.comma = comma;
        this.sampled = sampled;
        this.plain = new NumberTally(sampled);
        this.looked = quantities;
        this.byUnit = quantities ? new TreeMap<>() : null;
    }

    /** What has been taken in, where decimals come after a comma and no cell yet says something else so. */
    WrittenNumbers withComma() {
        WrittenNumbers other = new WrittenNumbers(true, sampled, looked);
        other.add(this);
        return other;
    }

    /** Begins a row, whose cell may be no number. */
    void begin() {
        last = null;
    }

    /**
     * Takes in a cell of the table's current row.
     *
     * @param value that it says as a plain number
     */
    void add(double value, Table table, int column) {
        if (!Double.isNaN(value) || !looked || !addQuantity(table, column)) {
            plain.add(value, table, column);
            last = Double.isFinite(value) ? plain : null;
            lastValue = value;
        }
    }

    /** Samples the number that was taken in last, of a row of this {@link NumberSample#level}. */
    void sample(byte level) {
        if (last != null) {
            last.sample().add(lastValue, level);
        }
    }

    private boolean addQuantity(Table table, int column) {
        String cell = table.cell(column);
        Quantity quantity = byUnit == null ? null : Quantity.parse(cell, comma).orElse(null);
        if (quantity == null) {
            others++;
            if (Character.isDigit(cell.charAt(0))) {
                garbled++;
                firstGarbled = firstGarbled == null ? new Place(table.line(column), cell) : firstGarbled;
            }
            if (byUnit != null && others >= HOPELESS && others > count()) {
                giveUp();
            }
            return false;
        }
        quantities++;
        limits += quantity.isLimit() ? 1 : 0;
        Place place = new Place(table.line(column), cell);
        if (examples.size() < EXAMPLES) {
            examples.putIfAbsent(quantity.unit() + quantity.isLimit(), place);
        }
        firsts.putIfAbsent(quantity.unit(), place);
        last = byUnit.computeIfAbsent(quantity.unit(), none -> new NumberTally(sampled));
        last.add(quantity.value(), table, column);
        lastValue = quantity.value();
        if (byUnit.size() > MOST_UNITS) {
            giveUp();
        }
        return true;
    }

    private void giveUp() {
        byUnit = null;
        quantities = 0;
        firsts.values().forEach(plain::addOther);
    }

    /** Takes in the cells that follow, which another one has seen. */
    void add(WrittenNumbers next) {
        plain.add(next.plain);
        quantities += next.quantities;
        others += next.others;
        garbled += next.garbled;
        firstGarbled = firstGarbled == null ? next.firstGarbled : firstGarbled;
        limits += next.limits;
        next.firsts.forEach(firsts::putIfAbsent);
        next.examples.forEach((unit, place) -> {
            if (examples.size() < EXAMPLES) {
                examples.putIfAbsent(unit, place);
            }
        });
        if (byUnit != null && next.byUnit != null) {
            next.byUnit.forEach((unit, numbers) -> byUnit.computeIfAbsent(unit, none -> new NumberTally(sampled)).add(numbers));
        }
        if (byUnit != null && (next.byUnit == null || byUnit.size() > MOST_UNITS)) {
            giveUp();
        }
    }

    /** How many cells are finite numbers, or quantities of any unit. */
    long count() {
        return plain.count() + quantities;
    }

    /** How many cells are quantities of which only a limit is known. */
    long limits() {
        return limits;
    }

    /** How many cells begin with a digit, but are neither numbers nor quantities. */
    long garbled() {
        return garbled;
    }

    /** The first of these; null if there is none. */
    Place firstGarbled() {
        return firstGarbled;
    }

    /** Cells that are quantities, of each kind of them the first. */
    Iterable<Place> examples() {
        return examples.values();
    }

    /** The plain numbers; quantities are none. */
    NumberTally plain() {
        if (quantities == 0) {
            return plain;
        }
        NumberTally numbers = new NumberTally(sampled);
        numbers.add(plain);
        firsts.values().forEach(numbers::addOther);
        return numbers;
    }

    /** All numbers of one unit, or of none; those of another are none. */
    NumberTally in(String unit) {
        NumberTally numbers = new NumberTally(sampled);
        numbers.add(plain);
        byUnit.forEach((word, quantity) -> {
            if (word.isEmpty() || word.equals(unit)) {
                numbers.addBetween(quantity);
            } else {
                numbers.addOther(firsts.get(word));
            }
        });
        return numbers;
    }

    /** Whether there are quantities. */
    boolean hasQuantities() {
        return quantities > 0;
    }

    /** The unit of most quantities that have one; empty if none has. */
    String unit() {
        String most = ""; // rarer ones are mistakes, such as 12o
        for (String unit : byUnit == null ? List.<String>of() : byUnit.keySet()) {
            most = !unit.isEmpty() && (most.isEmpty() || byUnit.get(unit).count() > byUnit.get(most).count()) ? unit : most;
        }
        return !most.isEmpty() && byUnit.get(most).count() > ColumnTally.SHARE_OF_MISTAKES * count() ? most : "";
    }

    /** The words behind numbers if they are several, each with how often it is there, in a clause; empty if there are not. */
    String severalUnits() {
        List<String> units = new ArrayList<>();
        if (byUnit != null) {
            byUnit.keySet().stream().filter(unit -> !unit.isEmpty())
                    .forEach(unit -> units.add(CsvRows.shown(unit) + " in " + byUnit.get(unit).count()));
        }
        return units.size() < 2 ? "" : Table.listed(units, EXAMPLES) + " values";
    }
}

package beras.data.table;

import beras.data.table.NumberTally.Place;
import beras.data.table.Units.Sense;
import java.io.Serializable;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the cells of a column are as numbers if decimals are written in one way: plain ones, and {@link Quantity quantities} by what is
 * written beside them, for what that means the whole column shows.
 */
final class WrittenNumbers implements Serializable {

    private static final long serialVersionUID = 1;

    /** A column of more different units has none. */
    private static final int MOST_UNITS = 64;
    /** So many cells behind, quantities are given up. */
    private static final int HOPELESS = 100;
    private static final int EXAMPLES = 3;
    /** Such a share of the numbers have a word that stands for a unit only where it is usual. */
    private static final double HALF = 0.5;

    private final int sampled;
    private final boolean comma;
    private final NumberTally plain;
    private long quantities;
    private long others; // cells that are neither
    private long limits;
    private long ranges;
    private TreeMap<String, NumberTally> byUnit = new TreeMap<>(); // null: not looked at, or given up
    private final LinkedHashMap<String, Place> examples = new LinkedHashMap<>();
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
        this.byUnit = quantities ? new TreeMap<>() : null;
    }

    /** What has been taken in, where decimals come after a comma and no cell yet says something else so. */
    WrittenNumbers withComma() {
        WrittenNumbers other = new WrittenNumbers(true, sampled, byUnit != null);
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
        if (Double.isNaN(value) && byUnit != null && addQuantity(table, column)) {
            return;
        }
        plain.add(value, table, column);
        last = Double.isFinite(value) ? plain : null;
        lastValue = value;
    }

    /** Samples the number that was taken in last, of a row of this {@link NumberSample#level}. */
    void sample(byte level) {
        if (last != null) {
            last.sample().add(lastValue, level);
        }
    }

    private boolean addQuantity(Table table, int column) {
        Optional<Quantity> found = Quantity.parse(table.cell(column), comma);
        if (found.isEmpty()) {
            others++;
            if (others >= HOPELESS && others > count()) {
                giveUp();
            }
            return false;
        }
        Quantity quantity = found.get();
        quantities++;
        limits += quantity.kind() == Quantity.Kind.LIMIT ? 1 : 0;
        ranges += quantity.kind() == Quantity.Kind.RANGE ? 1 : 0;
        if (examples.size() < EXAMPLES) {
            examples.putIfAbsent(quantity.unit() + quantity.kind(), new Place(table.line(column), table.cell(column)));
        }
        NumberTally numbers = byUnit.get(quantity.unit());
        if (numbers == null) {
            numbers = new NumberTally(sampled);
            byUnit.put(quantity.unit(), numbers);
            firsts.put(quantity.unit(), new Place(table.line(column), table.cell(column)));
        }
        numbers.add(quantity.value(), table, column);
        last = Double.isFinite(quantity.value()) ? numbers : null;
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
        limits += next.limits;
        ranges += next.ranges;
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

    /** How many cells are finite numbers, or quantities of any kind. */
    long count() {
        return plain.count() + quantities;
    }

    /** How many cells are quantities of which only the limits are known. */
    long inexact() {
        return limits + ranges;
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

    /** All numbers, in one unit; quantities that measure something else are none. */
    NumberTally in(Sense unit) {
        NumberTally numbers = new NumberTally(sampled);
        numbers.add(plain);
        for (Map.Entry<String, NumberTally> each : byUnit.entrySet()) {
            String word = each.getKey();
            if (word.isEmpty() || !Double.isNaN(Units.in(1, word, unit))) {
                numbers.addBetween(each.getValue().scaled(value -> new Quantity(value, word, Quantity.Kind.EXACT).in(unit)));
            } else {
                numbers.addOther(firsts.get(word));
            }
        }
        return numbers;
    }

    /**
     * The unit of most quantities: of the kind that most are of, the most frequent one. A number without one may be of any. Numbers of
     * thousands and millions have none.
     *
     * @return empty if there are no quantities, or half of the cells have no unit that is known, nor the same word
     */
    Optional<Sense> unit() {
        if (quantities == 0) {
            return Optional.empty();
        }
        Map<String, Long> kinds = new TreeMap<>();
        Map<String, Long> first = new TreeMap<>(); // as their first sense, which decides between equals
        byUnit.forEach((word, numbers) -> {
            if (!word.isEmpty() && (Units.isLikely(word) || numbers.count() >= HALF * count())) {
                Units.senses(word).forEach(sense -> kinds.merge(sense.dimension(), numbers.count(), Long::sum));
                first.merge(Units.senses(word).get(0).dimension(), numbers.count(), Long::sum);
            }
        });
        Optional<String> kind = kinds.keySet().stream().max(Comparator.<String>comparingLong(kinds::get)
                .thenComparing(each -> first.getOrDefault(each, 0L)).thenComparing(Comparator.reverseOrder()));
        if (kind.isEmpty() && !byUnit.containsKey("")) {
            return Optional.empty();
        }
        if (kind.isEmpty() || kind.get().equals(Units.NUMBER)) {
            return Optional.of(Units.ofSymbol(""));
        }
        Map<Sense, Long> units = new LinkedHashMap<>();
        byUnit.forEach((word, numbers) -> Units.senses(word).stream().filter(sense -> sense.dimension().equals(kind.get()))
                .forEach(sense -> units.merge(sense, numbers.count(), Long::sum)));
        return units.keySet().stream().max(Comparator.<Sense>comparingLong(units::get).thenComparing(Sense::symbol));
    }
}

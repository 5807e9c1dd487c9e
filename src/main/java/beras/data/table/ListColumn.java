package beras.data.table;

import beras.config.Config;
import beras.data.DataException;
import beras.data.rows.Decimal;
import beras.data.table.RowEncoder.Found;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A column of lists of values, as {@code a;b;c}: a 1 at the place of each value of the list, then one if there is another value,
 * if any training row had such, then one where the list is missing, likewise.
 */
public final class ListColumn extends TableColumn {

    /** Among equally good separators the first is taken, which stands for an array of JSON. */
    private static final String SEPARATORS = "[;|,";
    private static final char JSON = '[';
    /** At most so many values have a feature each. */
    private static final int MOST_VALUES = 256;
    /** A list of more values is cut. */
    private static final int LONGEST = 1000;
    /** The least share of rows with several values in a column of lists. */
    private static final double SHARE_OF_SEVERAL = 0.1;
    /** A value of a list has so many words on average at most: beyond, a comma is that of a sentence. */
    private static final double MOST_WORDS = 3;

    private final char separator;
    private final List<String> values;
    private final long others;
    private final Map<String, Integer> places = new HashMap<>();
    private final Set<String> sharedNumbers; // that several values are, so that no other spelling means one of them

    /**
     * @param separator between values; {@code [}: the cell is an array of JSON
     * @param values    the most frequent ones, in the order of their text
     * @param others    how many training rows have another value
     */
    ListColumn(String name, long missing, String note, char separator, List<String> values, long others) {
        super(Type.LIST, name, missing, note, values.size() + (others > 0 ? 1 : 0));
        this.separator = separator;
        this.values = List.copyOf(values);
        this.others = others;
        values.forEach(value -> places.put(value, places.size()));
        require(!values.isEmpty() && places.size() == values.size(), "values must be at least one, and differ", values);
        require(others >= 0, "others must be at least 0", others);
        require(SEPARATORS.indexOf(separator) >= 0, "the separator must be one of " + SEPARATORS, separator);
        this.sharedNumbers = Spellings.addKeys(places, Decimal::canonical);
    }

    // -------------------------------------------------------------------------------------------------- inference

    /** The values of lists with this separator. */
    private record Split(char separator, Map<String, Long> items, long rows, long several, long parts, long words,
            boolean varies) {

        static Split of(Map<String, Long> texts, char separator) {
            Map<String, Long> items = new TreeMap<>();
            long rows = 0;
            long several = 0;
            long parts = 0;
            long words = 0;
            Set<Integer> sizes = new HashSet<>();
            for (Map.Entry<String, Long> text : texts.entrySet()) {
                List<String> list = ListColumn.items(text.getKey(), separator);
                long count = text.getValue();
                rows += count;
                several += list.size() > 1 && !(separator == ',' && Decimal.isNumber(text.getKey())) ? count : 0;
                sizes.add(list.size());
                for (String item : list) {
                    parts++;
                    words += 1 + item.chars().filter(c -> c == ' ').count();
                    items.merge(item, count, Long::sum);
                }
            }
            return new Split(separator, items, rows, several, parts, words, sizes.size() > 1);
        }

        /** Whether these are lists: values come again in other company, and are short. */
        boolean areLists(int texts) {
            long often = items.values().stream().filter(count -> count >= TableOptions.OFTEN).mapToLong(count -> count).sum();
            long all = items.values().stream().mapToLong(count -> count).sum();
            return several >= SHARE_OF_SEVERAL * rows && items.size() < texts && words <= MOST_WORDS * parts && 2 * often >= all
                    && (separator != ',' || varies);
        }
    }

    private static Split best(ColumnStatistics cells) {
        Map<String, Long> texts = cells.texts();
        Split best = null;
        for (char separator : SEPARATORS.toCharArray()) {
            Split split = Split.of(texts, separator);
            best = best == null || split.several > best.several ? split : best;
        }
        return best;
    }

    /** Whether cells are lists of values, more of them than a category has features for anyway. */
    static boolean fits(ColumnStatistics cells) {
        return cells.present >= ColumnStatistics.FEW_ROWS && !cells.areNumbers()
                && cells.texts().size() > TableOptions.ALWAYS_LISTED && best(cells).areLists(cells.texts().size());
    }

    static TableColumn learn(ColumnStatistics cells) throws DataException {
        Split split = best(cells);
        if (split.several == 0) {
            throw cells.table.columnError(cells.place, "lists of values with ; | or , between them, or arrays of JSON. Received: none of several"
                    + " values");
        }
        Map<String, Long> frequencies = ColumnStatistics.mostFrequentFirst(split.items);
        List<String> listed = CategoryColumn.listed(frequencies, Math.min(MOST_VALUES, cells.options.maxCategories()));
        Set<String> known = Set.copyOf(listed);
        long others = cells.texts().entrySet().stream().filter(text -> !known.containsAll(items(text.getKey(), split.separator)))
                .mapToLong(Map.Entry::getValue).sum();
        return new ListColumn(cells.name(), cells.missing, "", split.separator, listed, others);
    }

    /** The different values of a list, in its order. */
    static List<String> items(String text, char separator) {
        List<String> items = new ArrayList<>();
        boolean json = separator == JSON && text.startsWith("[") && text.endsWith("]") && text.length() > 1;
        String within = json ? text.substring(1, text.length() - 1) : text;
        char between = separator == JSON ? ',' : separator;
        StringBuilder item = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i <= within.length() && items.size() < LONGEST; i++) {
            char c = i < within.length() ? within.charAt(i) : between;
            if (i == within.length() || c == between && !quoted && (json || separator != JSON)) {
                String stripped = item.toString().strip();
                if (!stripped.isEmpty() && !items.contains(stripped)) {
                    items.add(stripped);
                }
                item.setLength(0);
            } else if (json && c == '"') {
                quoted = !quoted;
            } else {
                if (json && c == '\\' && i + 1 < within.length()) {
                    c = within.charAt(++i);
                }
                item.append(c);
            }
        }
        return items;
    }

    // ------------------------------------------------------------------------------------------------------ facts

    /** The most frequent values, in the order of their text. */
    public List<String> values() {
        return values;
    }

    @Override
    public String becomes() {
        return "a list of " + values.size() + " values, "
                + (separator == JSON ? "arrays of JSON" : "with " + separator + " between them");
    }

    @Override
    public long others() {
        return others;
    }

    @Override
    List<String> valueFeatures() {
        List<String> features = new ArrayList<>();
        values.forEach(value -> features.add(name() + " has " + value));
        if (others > 0) {
            features.add(name() + " has another");
        }
        return features;
    }

    @Override
    public Input input() {
        return new Input(Set.of(Input.Kind.TEXT), values,
                separator == JSON ? "An array of JSON as text." : "Values with " + separator + " between them.");
    }

    @Override
    public List<Level> levels(Tensor rows, int most) {
        return frequent(0, values, rows, most);
    }

    // --------------------------------------------------------------------------------------------------- encoding

    @Override
    Found encodeValue(Object cell, float[] out, int at) {
        boolean known = false;
        boolean unknown = false;
        for (String item : items(RowEncoder.text(cell), separator)) {
            Integer place = place(item);
            if (place != null) {
                out[at + place] = 1f;
                known = true;
                continue;
            }
            unknown = true;
            if (others > 0) {
                out[at + values.size()] = 1f;
            }
        }
        return !unknown ? Found.VALUE : known ? Found.PARTLY_LISTED : Found.UNLISTED;
    }

    @Override
    String listed() {
        return "a list of values that the model lists, such as " + values.get(0);
    }

    private Integer place(String item) {
        Integer own = places.get(item);
        if (own != null) {
            return own;
        }
        String number = Decimal.canonical(item);
        return sharedNumbers.contains(number) ? null : places.get(number);
    }

    // ----------------------------------------------------------------------------------------------------- config

    @Override
    void addSettings(Map<String, Object> settings) {
        settings.put("separator", String.valueOf(separator));
        settings.put("values", values);
        settings.put("others", others);
    }

    static ListColumn read(Config config) {
        String separator = config.text("separator");
        return new ListColumn(config.text("name"), config.whole("missing"), config.text("note"),
                separator.length() == 1 ? separator.charAt(0) : ' ', config.texts("values"), config.whole("others"));
    }
}

package beras.data.table;

import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.table.TableColumn.Date.Part;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableTarget.Task;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Learns a {@link TableSchema} from a table in one pass. */
final class TableInference {

    /** How many different values are counted over all columns together, unless each column gets few then. */
    private static final int MOST_DISTINCT_TOGETHER = 1_000_000;
    /** A column of which such a share of the values differ looks like an id. */
    private static final double SHARE_OF_IDS = 0.9;
    /** At most so many remarks are listed in an error. */
    private static final int LISTED = 20;
    /** So many values that look like ids may be categories all the same. */
    private static final int MOST_IDS = 100;
    /** So few different values are counted of each column, however many columns there are. */
    private static final int LEAST_DISTINCT = 100;
    /** At least such a share of a column of digits begins with 0 if these are codes. */
    private static final double SHARE_OF_ZEROS = 0.01;
    private static final String ID = "id";
    /** The last word in the name of a column of codes. */
    private static final Set<String> NAMES_OF_CODES = Set.of(ID, "code", "codes", "zip", "zipcode", "postcode", "plz", "fips");
    /** Values of so many words on average are text. */
    private static final int WORDS_OF_TEXT = 6;
    /** In fewer rows nothing looks like an id, or like a value that is none. */
    private static final int FEW_ROWS = 20;

    private static final String COUNTS_AS_MISSING =
            " counts as missing: if it is a value, give the marks of missing values with --na only:";

    private static final int NO_TARGET = -1;
    private static final int EXAMPLES = 3;

    private final Table table;
    private final TableOptions options;
    private final int target;
    private final TargetValues allTargets; // null: there is no target
    private final TableTally tally;

    /** @param target null: none */
    private TableInference(Table table, String target, TableOptions options) throws DataException {
        this.table = table;
        this.options = options;
        this.target = target == null ? NO_TARGET : table.column(target, "the target");
        for (String name : options.types().keySet()) {
            if (table.column(name, "whose type is given") == this.target) {
                throw new IllegalArgumentException("The target has a task, not a type. Received a type for: " + name);
            }
        }
        int columns = table.columns().size();
        int distinct = Math.min(ColumnTally.MOST_DISTINCT, Math.max(LEAST_DISTINCT, MOST_DISTINCT_TOGETHER / columns));
        ColumnTally[] tallies = new ColumnTally[columns];
        for (int i = 0; i < columns; i++) {
            Type asked = options.types().get(table.columns().get(i));
            boolean fully = i == this.target || asked == Type.CATEGORY;
            tallies[i] = new ColumnTally(fully ? ColumnTally.MOST_DISTINCT : distinct, asked == Type.DATE);
        }
        this.tally = new TableTally(tallies);
        this.allTargets = target == null ? null : new TargetValues(table, this.target, options, tally.allTargets);
    }

    /** Looks at the rows of a part of a table, of which there is one at least. */
    static TableTally tally(Table table, String target, TableOptions options) throws DataException {
        TableInference inference = new TableInference(table, target, options);
        inference.read();
        return inference.tally;
    }

    /** Learns from what was seen of the rows already; those of the table are not looked at. */
    static TableSchema infer(Table table, String target, TableOptions options, TableTally seen) throws DataException {
        TableInference inference = new TableInference(table, target, options);
        inference.tally.add(seen);
        return inference.schema();
    }

    static TableSchema infer(TableFile file, String target, TableOptions options) throws DataException {
        try (Table table = Table.open(file)) {
            TableInference inference = new TableInference(table, target, options);
            TableSchema schema = inference.infer();
            table.remarks().forEach(options.onRemark());
            if (inference.tally.withoutTarget > 0) {
                options.onRemark().accept(inference.leftOut());
            }
            return schema;
        }
    }

    static TableProfile profile(TableFile file, Optional<String> target, TableOptions options) throws DataException {
        try (Table table = Table.open(file)) {
            return new TableInference(table, target.orElse(null), options).profile();
        }
    }

    /** That rows without a target are left out, and that they may have a label that is taken for a mark of missing values. */
    private String leftOut() throws DataException {
        String mark = allTargets.task() == Task.CLASSIFICATION ? doubtfulMark(tally.allTargets) : "";
        return leftOut(tally.withoutTarget, name(target)) + (mark.isEmpty() ? "" : "; " + mark);
    }

    private static String doubtfulMark(ColumnTally tally) {
        return tally.present() < FEW_ROWS ? "" : tally.doubtfulMark().map(found -> found + COUNTS_AS_MISSING).orElse("");
    }

    /** That rows without a target are left out. */
    static String leftOut(long rows, String target) {
        return rows + (rows == 1 ? " row has" : " rows have") + " no value of the target " + CsvRows.shown(target)
                + (rows == 1 ? ", and is left out" : ", and are left out");
    }

    /** Looks at all rows. */
    private void read() throws DataException {
        while (table.next()) {
            tally.seen++;
            if (target != NO_TARGET) {
                if (table.isMissing(table.cell(target))) {
                    tally.withoutTarget++;
                    tally.allTargets.countMark(table.cell(target));
                    continue;
                }
                allTargets.add();
            }
            if (options.rows().test(table.row())) {
                tally.rows++;
                for (int i = 0; i < tally.columns.length; i++) {
                    tally.columns[i].add(table, i);
                }
            }
        }
    }

    /** How many rows there are to train on. */
    private long requireRows() throws DataException {
        if (tally.rows == 0) {
            throw table.error("expected rows to train on. Received: none of the " + tally.seen + " that there are"
                    + (tally.withoutTarget > 0 ? ", of which " + tally.withoutTarget + " have no target" : ""));
        }
        return tally.rows;
    }

    private TableProfile profile() throws DataException {
        read();
        long rows = requireRows();
        List<TableProfile.Column> columns = new ArrayList<>();
        for (int i = 0; i < tally.columns.length; i++) {
            columns.add(profile(i, rows));
        }
        List<String> remarks = new ArrayList<>(table.remarks());
        if (tally.withoutTarget > 0) {
            remarks.add(leftOut());
        }
        return new TableProfile(rows, columns, remarks);
    }

    private TableProfile.Column profile(int column, long rows) throws DataException {
        ColumnTally seen = tally.columns[column];
        TableColumn taken = column == target ? null : column(column, rows);
        boolean numbers = seen.numbers().count() > 0 && (taken == null ? seen.isNumeric()
                : taken instanceof TableColumn.Numeric);
        return new TableProfile.Column(name(column), Optional.ofNullable(taken).map(TableColumn::type),
                taken == null ? seen.missing() : taken.missing(),
                seen.isUncounted() ? OptionalLong.empty() : OptionalLong.of(seen.distinct()),
                numbers ? OptionalDouble.of(seen.numbers().least()) : OptionalDouble.empty(),
                numbers ? OptionalDouble.of(seen.numbers().most()) : OptionalDouble.empty(),
                seen.present() == 0 ? List.of() : seen.examples(EXAMPLES),
                taken == null ? "" : joined(becomes(taken, seen), taken.note()));
    }

    /** What a column becomes, if that is not plain from its type; empty if it is. */
    private static String becomes(TableColumn column, ColumnTally tally) {
        if (column instanceof TableColumn.Category category && category.others() > 0) {
            return category.values().size() + " values have a feature each, the others share one";
        }
        if (column instanceof TableColumn.Date date) {
            DateTally.Order order = tally.dates().orElseThrow().order();
            return "from " + shown(order.first(), date) + " to " + shown(order.last(), date) + "; becomes "
                    + date.parts().stream().map(Part::toString).collect(Collectors.joining(", "));
        }
        return "";
    }

    private static String shown(LocalDateTime when, TableColumn.Date column) {
        return column.parts().contains(Part.TIME) ? when.toString() : when.toLocalDate().toString();
    }

    private TableSchema infer() throws DataException {
        read();
        return schema();
    }

    private TableSchema schema() throws DataException {
        long rows = requireRows();
        TableTarget learnt = target();
        List<TableColumn> columns = new ArrayList<>();
        for (int i = 0; i < tally.columns.length; i++) {
            if (i != target) {
                columns.add(column(i, rows));
            }
        }
        TableSchema schema = new TableSchema(learnt, columns, rows, table.missing());
        if (schema.width() == 0) {
            throw table.error("expected a column to learn from, besides the target. Received: none. "
                    + Table.listed(schema.remarks().stream().map(TableSchema.Remark::text).toList(), LISTED));
        }
        return schema;
    }

    // --------------------------------------------------------------------------------------------------- the target

    private TableTarget target() throws DataException {
        if (allTargets.task() == Task.REGRESSION) {
            allTargets.requireNumbers("a finite number, as the target of a regression is");
            // All are numbers in this way, so those to train on are, too, though these alone may not show which way it is.
            NumberTally numbers = tally.columns[target].numbers(allTargets.hasDecimalComma());
            requireSeveral(numbers.deviation() > 0);
            return new TableTarget.Amount(name(target), numbers.mean(), numbers.deviation(), allTargets.hasDecimalComma());
        }
        List<String> labels = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        for (List<String> spellings : allTargets.requireLabels()) {
            labels.add(spellings.get(0));
            counts.add(spellings.stream().mapToLong(tally.columns[target]::count).sum());
        }
        requireSeveral(counts.stream().filter(count -> count > 0).count() > 1);
        return new TableTarget.Labels(name(target), labels, counts);
    }

    private void requireSeveral(boolean several) throws DataException {
        if (!several) {
            List<String> marks = tally.allTargets.marks();
            throw table.error("column " + (target + 1) + " (" + name(target)
                    + "): expected a target of different values in the rows to train on. Received: only "
                    + CsvRows.shown(tally.columns[target].first())
                    + (marks.isEmpty() ? "" : "; " + String.join(", ", marks) + COUNTS_AS_MISSING));
        }
    }

    private String name(int column) {
        return table.columns().get(column);
    }

    // ------------------------------------------------------------------------------------------------- other columns

    private TableColumn column(int column, long rows) throws DataException {
        ColumnTally seen = tally.columns[column];
        Type type = options.types().get(name(column));
        if (type == Type.IGNORED) {
            return ignored(column, "as asked");
        }
        if (seen.present() == 0) {
            return ignored(column, "all values are missing");
        }
        if (type == Type.DATE || type == null && seen.isMostly(seen.dates().map(DateTally::count).orElse(0L))) {
            return date(column);
        }
        boolean numbers = !seen.numbers().hasTexts() || seen.isMostly(seen.numbers().count());
        String codes = type == null && numbers ? codes(column, rows) : "";
        return type == Type.NUMERIC || type == null && numbers && codes.isEmpty() ? numeric(column, rows)
                : category(column, rows, codes);
    }

    private TableColumn ignored(int column, String why) {
        return new TableColumn.Ignored(name(column), tally.columns[column].missing(), why);
    }

    private TableColumn numeric(int column, long rows) throws DataException {
        ColumnTally seen = tally.columns[column];
        NumberTally numbers = seen.numbers();
        if (numbers.count() == 0) {
            seen.requireNumbers(table, column, RowEncoder.FINITE_NUMBER);
        }
        long others = seen.present() - numbers.count();
        long missing = seen.missing() + others;
        if (numbers.deviation() == 0 && missing == 0) {
            return ignored(column, "all values are " + CsvRows.shown(seen.first()));
        }
        boolean counts = rows >= FEW_ROWS && seen.present() == rows && numbers.isWhole() && numbers.isRising();
        if (counts && table.isNameless(column) && !options.types().containsKey(name(column))) {
            return ignored(column, "it has no name and counts the rows");
        }
        String note = others > 0 ? mistakes(others, seen, "number", numbers.firstOther())
                : counts ? "each value is above the one before, as numbers of rows are: leave it out if it is one"
                : haveZeros(seen) && !options.types().containsKey(name(column)) ? "some begin with 0, such as "
                        + CsvRows.shown(seen.firstLedByZero()) + ", as codes do, but too many differ for a category: they count"
                        + " as numbers"
                : "";
        return new TableColumn.Numeric(name(column), missing, note, numbers.mean(), numbers.deviation(), seen.hasDecimalComma(),
                numbers.least(), numbers.most());
    }

    private static String mistakes(long others, ColumnTally tally, String kind, NumberTally.Place first) {
        return others + " of " + tally.present() + " values " + (others == 1 ? "is no " + kind + " and counts"
                : "are no " + kind + "s and count") + " as missing, such as " + shown(first);
    }

    private static String shown(NumberTally.Place place) {
        return CsvRows.shown(place.cell()) + (place.line() == 0 ? "" : " in line " + place.line());
    }

    // --------------------------------------------------------------------------------------------------------- dates

    private TableColumn date(int column) throws DataException {
        ColumnTally seen = tally.columns[column];
        DateTally dates = seen.dates().orElseThrow();
        DateTally.Order order = dates.order();
        if (dates.count() == 0) {
            NumberTally.Place wrong = order.days().firstOther();
            throw table.error(column, wrong.line(), RowEncoder.DATE, wrong.cell());
        }
        long others = seen.present() - dates.count();
        long missing = seen.missing() + others;
        if (order.parts().isEmpty() && missing == 0) {
            return ignored(column, "all values are " + CsvRows.shown(seen.first()));
        }
        NumberTally.Place undecided = dates.undecided();
        String note = undecided == null ? "" : "no value shows whether the month or the day comes first: " + shown(undecided)
                + " is taken for " + DateText.read(undecided.cell(), order.isMonthFirst()).toLocalDate();
        return new TableColumn.Date(name(column), missing,
                joined(note, others == 0 ? "" : mistakes(others, seen, "date", order.days().firstOther())), order.isMonthFirst(),
                order.parts(), order.days().mean(), order.days().deviation(), order.years().mean(), order.years().deviation());
    }

    // ---------------------------------------------------------------------------------------------------- categories

    /** Why numbers are codes, not amounts; empty if they are not. */
    private String codes(int column, long rows) {
        ColumnTally seen = tally.columns[column];
        String word = lastWord(name(column));
        boolean zeros = haveZeros(seen);
        if (!zeros && !(seen.isMostly(seen.codes()) && NAMES_OF_CODES.contains(word))) {
            return "";
        }
        // If there are too many for a category, as numbers they may say something; only ids say nothing.
        if (!word.equals(ID) && (seen.isUncounted() || isLikeIds(seen, rows))) {
            return "";
        }
        return "the numbers are taken for codes, as "
                + (zeros ? "some begin with 0, such as " + CsvRows.shown(seen.firstLedByZero()) : "the name of the column says");
    }

    /** Whether whole numbers begin with 0, as codes do. */
    private static boolean haveZeros(ColumnTally tally) {
        return tally.isMostly(tally.codes()) && tally.codesLedByZero() > 0
                && tally.codesLedByZero() >= SHARE_OF_ZEROS * tally.present();
    }

    /** In lower case: {@code id} of {@code userId}, {@code user_id} and {@code User ID}. */
    private static String lastWord(String name) {
        String[] words = name.split("[^\\p{L}\\p{N}]+|(?<=\\p{Ll})(?=\\p{Lu})");
        return words.length == 0 ? "" : words[words.length - 1].toLowerCase(Locale.ROOT);
    }

    private static boolean isLikeIds(ColumnTally tally, long rows) {
        return rows >= FEW_ROWS && tally.distinct() >= SHARE_OF_IDS * tally.present();
    }

    /** @param codes why its numbers are codes; empty if they are not */
    private TableColumn category(int column, long rows, String codes) throws DataException {
        ColumnTally seen = tally.columns[column];
        seen.unifySpellings();
        boolean asked = options.types().get(name(column)) == Type.CATEGORY;
        boolean isMixed = !asked && codes.isEmpty() && seen.numbers().count() > 0;
        String doubt = isMixed ? seen.numbers().count() + " of " + seen.present() + " values are numbers, but not "
                + shown(seen.numbers().firstOther()) : codes;
        boolean text = seen.meanWords() >= WORDS_OF_TEXT;
        if (seen.isUncounted()) {
            if (asked) {
                throw table.error("column " + (column + 1) + " (" + name(column)
                        + "): too many different values for a category,"
                        + " of which at most " + ColumnTally.MOST_DISTINCT + " are counted, of at most "
                        + ColumnTally.MOST_CHARACTERS + " characters together. Remove it");
            }
            return ignored(column, joined("there are too many different values, as of " + (text ? "free text" : "ids"), doubt));
        }
        if (seen.distinct() == 1 && seen.missing() == 0) {
            return ignored(column, "all values are " + CsvRows.shown(seen.first()));
        }
        boolean likeIds = !asked && isLikeIds(seen, rows);
        String ids = likeIds ? seen.distinct() + " of " + seen.present() + " values differ, as those of "
                + (text ? "free text" : "ids") + " do" : "";
        boolean surely = text || lastWord(name(column)).equals(ID) || seen.distinct()
                > Math.min(MOST_IDS, options.maxCategories());
        if (likeIds && surely) {
            return ignored(column, joined(ids, doubt));
        }
        List<String> values = seen.values();
        int listed = Math.min(values.size(), options.maxCategories());
        while (listed > TableOptions.ALWAYS_LISTED && seen.count(values.get(listed - 1)) < TableOptions.OFTEN) {
            listed--;
        }
        List<String> frequent = values.subList(0, listed);
        long others = seen.present() - frequent.stream().mapToLong(seen::count).sum();
        return new TableColumn.Category(name(column), seen.missing(), joined(joined(ids, doubt), doubtfulMark(seen)),
                frequent.stream().sorted().toList(), others);
    }

    private static String joined(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? one + other : one + "; " + other;
    }
}

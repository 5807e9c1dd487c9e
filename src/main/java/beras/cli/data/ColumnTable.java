package beras.cli.data;

import beras.cli.options.TableTypes;
import beras.cli.terminal.Text;
import beras.cli.terminal.TextTable;
import beras.data.table.TableColumn;
import beras.data.table.TableProfile;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The columns of a table, one a line: what each is taken for, and what there is to say of it. */
public final class ColumnTable {

    /** More columns than that would hide the rest. */
    static final int MOST_SHORT = 40;

    private static final int WIDEST_NAME = 30;
    private static final int LONGEST_EXAMPLE = 24;
    private static final String TARGET = "target";

    /** One line; the first two cells and the last are texts, those between numbers. */
    private record Line(List<String> cells, boolean isRemarkable) {}

    private final List<String> header;
    private final List<Line> lines = new ArrayList<>();

    private ColumnTable(String... header) {
        this.header = List.of(header);
    }

    // ----------------------------------------------------------------------------------------------- what is there

    /** What a table shows before any training. */
    public static ColumnTable of(TableProfile profile) {
        ColumnTable table = new ColumnTable("column", "taken as", "values", "missing", "what is there");
        for (TableProfile.Column column : profile.columns()) {
            table.add(column.missing() > 0 || !column.note().isEmpty(), column.name(),
                    column.type().map(TableTypes::word).orElse(TARGET),
                    column.values().isEmpty() ? "many" : Long.toString(column.values().getAsLong()),
                    Long.toString(column.missing()),
                    contents(column));
        }
        return table;
    }

    private static String contents(TableProfile.Column column) {
        String there = column.least().isPresent()
                ? "from " + Text.number(column.least().getAsDouble()) + " to " + Text.number(column.most().getAsDouble())
                : column.examples().stream().map(example -> Text.cut(example, LONGEST_EXAMPLE)).collect(Collectors.joining(", "));
        return joined(there, Text.options(column.note()));
    }

    /** What a model makes of a table. */
    public static ColumnTable of(TableSchema schema) {
        ColumnTable table = new ColumnTable("column", "taken as", "features", "missing", "note");
        for (TableColumn column : schema.columns()) {
            table.add(column.missing() > 0 || !note(column).isEmpty(), column.name(), TableTypes.word(column.type()),
                    Integer.toString(column.width()), Long.toString(column.missing()), joined(column.becomes(), note(column)));
        }
        TableTarget target = schema.target();
        String unseen = unseen(target);
        table.add(!unseen.isEmpty(), target.name(), TARGET, "", "", joined(
                target.labels().isEmpty() ? "a number" : "one of " + target.labels().size() + " labels", unseen));
        schema.sampleWeight().ifPresent(weight -> table.add(false, weight.name(), "weight", "", "",
                "how much a row counts, relative to the mean of " + Text.decimals(weight.mean(), Text.decimalsOf(weight.mean(), 4))));
        return table;
    }

    private static String note(TableColumn column) {
        return joined(column.others() > 0 ? "rare values in " + Text.count(column.others(), "row") + " share a feature" : "",
                Text.options(column.note()));
    }

    private static String unseen(TableTarget target) {
        List<String> unseen = new ArrayList<>();
        for (int i = 0; i < target.labels().size(); i++) {
            if (target.counts().get(i) == 0) {
                unseen.add('"' + target.labels().get(i) + '"');
            }
        }
        return unseen.isEmpty() ? "" : "no row to train on has " + String.join(", ", unseen);
    }

    private static String joined(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
    }

    private void add(boolean isRemarkable, String... cells) {
        lines.add(new Line(List.of(cells), isRemarkable));
    }

    // --------------------------------------------------------------------------------------------------- for people

    /** All columns, a line each that fits so many columns of the terminal; notes go on below themselves. */
    public List<String> lines(int width) {
        return lines(lines, width);
    }

    /**
     * At most {@link #MOST_SHORT} of the columns, first those of which there is something to say, and how many more there are.
     *
     * @param where all of them are shown, to end a sentence
     */
    public List<String> shortLines(String where, int width) {
        if (lines.size() <= MOST_SHORT) {
            return lines(width);
        }
        List<Line> first = new ArrayList<>(lines);
        first.sort(Comparator.comparing(line -> !line.isRemarkable));
        long remarkable = lines.stream().filter(Line::isRemarkable).count();
        List<String> shown = lines(first.subList(0, MOST_SHORT), width);
        shown.add("And " + Text.count(lines.size() - MOST_SHORT, "column") + " more, " + (remarkable > MOST_SHORT
                ? remarkable - MOST_SHORT + " of them with missing values or a note" : "without missing values or a note")
                + "; all are shown by " + where);
        return shown;
    }

    private List<String> lines(List<Line> shown, int width) {
        TextTable table = new TextTable("l", "  l", "  r", "  r", "  l").add(header);
        int last = header.size() - 1;
        for (Line line : shown) {
            List<String> cells = new ArrayList<>(line.cells);
            cells.subList(0, last).replaceAll(cell -> Text.cut(cell, WIDEST_NAME));
            table.add(cells);
        }
        return table.lines(width);
    }

    // ------------------------------------------------------------------------------------------------- for programs

    /** Each column by the words of the header. */
    public List<Map<String, Object>> fields() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Line line : lines) {
            Map<String, Object> fields = new LinkedHashMap<>();
            for (int i = 0; i < header.size(); i++) {
                boolean isNumber = i >= 2 && i < header.size() - 1;
                if (!isNumber) {
                    fields.put(word(header.get(i)), line.cells.get(i));
                } else if (!line.cells.get(i).isEmpty()) {
                    fields.put(word(header.get(i)), Long.valueOf(line.cells.get(i)));
                }
            }
            all.add(fields);
        }
        return all;
    }

    private static String word(String title) {
        return title.replace(' ', '_');
    }

    /** All cells, with whole names, below the words of the header. */
    public List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>(List.of(header.stream().map(ColumnTable::word).toList()));
        lines.forEach(line -> rows.add(line.cells));
        return rows;
    }
}

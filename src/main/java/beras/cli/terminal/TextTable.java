package beras.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** A table of text, whose columns are as wide on a terminal as their widest cells. */
public final class TextTable {

    /** A text of fewer columns of the terminal is not read with ease. */
    private static final int LEAST_TEXT = 24;
    private static final String GAP = "  ...";

    private final String[] columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Without rows.
     *
     * @param columns the text before the cells of each column, {@code l} for left-aligned or {@code r} for right-aligned cells,
     *     and the minimum width if needed: {@code "l", " r9"} is a column of text, and two spaces before each of numbers, as
     *     the last is for all that follow
     */
    public TextTable(String... columns) {
        this.columns = columns;
    }

    /** Adds a row; returns this. */
    public TextTable add(List<String> cells) {
        rows.add(cells);
        return this;
    }

    /** As {@link #add(List)}. */
    public TextTable add(String... cells) {
        return add(List.of(cells));
    }

    /** The lines, without spaces at their ends, however wide. */
    public List<String> lines() {
        return lines(Integer.MAX_VALUE);
    }

    /**
     * The lines, of so many columns of the terminal at most if the table has more than two: a text at the right goes on below
     * itself, or columns in the middle are left out, which dots show.
     */
    public List<String> lines(int most) { // without streams, as training on a table prints one at its start
        int[] widths = widths();
        int count = widths.length;
        int width = 0;
        for (int i = 0; i < count; i++) {
            width += letter(column(i)) + widths[i];
        }
        if (width > most && count > 2) {
            int text = most - width + widths[count - 1];
            return text >= LEAST_TEXT && isText(count - 1) ? wrapped(text) : without(widths, width, most);
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String room = " ".repeat(widths[i] - Text.columns(row.get(i)));
                line.append(column(i), 0, letter(column(i))).append(isText(i) ? row.get(i) + room : room + row.get(i));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private int[] widths() {
        int count = 0;
        for (List<String> row : rows) {
            count = Math.max(count, row.size());
        }
        int[] widths = new int[count];
        for (int i = 0; i < count; i++) {
            String min = column(i).substring(letter(column(i)) + 1);
            widths[i] = min.isEmpty() ? 0 : Integer.parseInt(min);
            for (List<String> row : rows) {
                widths[i] = i < row.size() ? Math.max(widths[i], Text.columns(row.get(i))) : widths[i];
            }
        }
        return widths;
    }

    /** With the last column of so many columns of the terminal, in several lines. */
    private List<String> wrapped(int text) {
        TextTable table = new TextTable(columns);
        int last = widths().length - 1;
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>(row);
            for (String line : last < row.size() ? Text.wrap(row.get(last), text) : List.of("")) {
                if (last < row.size()) {
                    cells.set(last, line);
                }
                table.add(List.copyOf(cells));
                cells.replaceAll(cell -> "");
            }
        }
        return table.lines();
    }

    /** Without columns of the middle. */
    private List<String> without(int[] widths, int width, int most) {
        int from = (widths.length + 1) / 2;
        int to = from;
        for (int left = width + GAP.length(); left > most && (from > 1 || to < widths.length - 1);) {
            int dropped = widths.length - 1 - to >= from - 1 ? to++ : --from;
            left -= letter(column(dropped)) + widths[dropped];
        }
        String[] kept = new String[widths.length - to + from + 1];
        for (int i = 0; i < kept.length; i++) {
            int of = i < from ? i : i + to - from - 1;
            kept[i] = i == from ? "  l" : column(of).substring(0, letter(column(of)) + 1) + widths[of];
        }
        TextTable table = new TextTable(kept);
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>(row.subList(0, Math.min(from, row.size())));
            if (row.size() > from) {
                cells.add("...");
                cells.addAll(row.subList(Math.min(to, row.size()), row.size()));
            }
            table.add(cells);
        }
        return table.lines();
    }

    private boolean isText(int number) {
        return column(number).charAt(letter(column(number))) == 'l';
    }

    private String column(int number) {
        return columns[Math.min(number, columns.length - 1)];
    }

    /** Where the letter of a column is. */
    private static int letter(String column) {
        return Math.max(column.indexOf('l'), column.indexOf('r'));
    }
}

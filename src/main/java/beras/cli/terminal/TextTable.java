package beras.cli.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A table of text, whose columns are as wide as their widest cells. */
public final class TextTable {

    private final String[] columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Without rows.
     *
     * @param columns what stands before the cells of each column, {@code l} for cells at the left or {@code r} for cells at the
     *                right, and the minimum width if that matters: {@code "l", "  r9"} is a column of text, and two
     *                spaces before each of numbers, as the last is for all that follow
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

    /** The lines, without spaces at their ends. */
    public List<String> lines() { // without streams, for a training on a table prints one at its start
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (i == widths.size()) {
                    String min = column(i).substring(letter(column(i)) + 1);
                    widths.add(min.isEmpty() ? 0 : Integer.parseInt(min));
                }
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int letter = letter(column(i));
                String room = " ".repeat(widths.get(i) - row.get(i).length());
                line.append(column(i), 0, letter).append(column(i).charAt(letter) == 'l' ? row.get(i) + room : room + row.get(i));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private String column(int number) {
        return columns[Math.min(number, columns.length - 1)];
    }

    /** Where the letter of a column is. */
    private static int letter(String column) {
        return Math.max(column.indexOf('l'), column.indexOf('r'));
    }

    /** Prints the lines. */
    public void print(PrintStream out) {
        for (String line : lines()) {
            out.println(line);
        }
    }
}

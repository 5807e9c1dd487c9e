package beras.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A table of text, whose columns are as wide as their widest cells. */
final class TextTable {

    private final String[] columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Without rows.
     *
     * @param columns what stands before the cells of each column, {@code l} for cells at the left or {@code r} for cells at the
     *                right, and how wide the column is at least if that matters: {@code "l", "  r9"} is a column of text, and two
     *                spaces before each of numbers, as the last is for all that follow
     */
    TextTable(String... columns) {
        this.columns = columns;
    }

    /** Adds a row; returns this. */
    TextTable add(List<String> cells) {
        rows.add(cells);
        return this;
    }

    /** As {@link #add(List)}. */
    TextTable add(String... cells) {
        return add(List.of(cells));
    }

    /** The lines, without spaces at their ends. */
    List<String> lines() {
        List<StringBuilder> lines = new ArrayList<>();
        rows.forEach(row -> lines.add(new StringBuilder()));
        for (int i = 0; i < rows.stream().mapToInt(List::size).max().orElse(0); i++) {
            String column = columns[Math.min(i, columns.length - 1)];
            int place = Math.max(column.indexOf('l'), column.indexOf('r'));
            String least = column.substring(place + 1);
            int width = least.isEmpty() ? 0 : Integer.parseInt(least);
            for (List<String> row : rows) {
                width = i < row.size() ? Math.max(width, row.get(i).length()) : width;
            }
            for (int row = 0; row < rows.size(); row++) {
                String cell = i < rows.get(row).size() ? rows.get(row).get(i) : "";
                String room = " ".repeat(width - cell.length());
                lines.get(row).append(column, 0, place).append(column.charAt(place) == 'l' ? cell + room : room + cell);
            }
        }
        return lines.stream().map(line -> line.toString().stripTrailing()).toList();
    }

    void print(PrintStream out) {
        lines().forEach(out::println);
    }
}

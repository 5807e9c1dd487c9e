package beras.cli.terminal;

import beras.runs.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The result of a command as data: sections of rows for people, and values by name for programs. */
public final class Result {

    /** A title, which may be empty, above rows. */
    private record Section(String title, TextTable rows) {}

    private static final int DECIMALS = 4;

    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final List<Section> sections = new ArrayList<>();

    /** Adds values for programs: names, each followed by its value. */
    public Result put(Object... namesAndValues) {
        return putAll(Json.object(namesAndValues));
    }

    /** Adds values for programs by their names. */
    public Result putAll(Map<String, ?> values) {
        fields.putAll(values);
        return this;
    }

    /** Begins a section without a title. */
    public Result section() {
        return section("", "l");
    }

    /** Begins a section; its columns are as of {@link TextTable}. */
    public Result section(String title, String... columns) {
        sections.add(new Section(title, new TextTable(columns)));
        return this;
    }

    /** Adds a row to the section. */
    public Result row(String... cells) {
        return row(List.of(cells));
    }

    /** As {@link #row(String...)}. */
    public Result row(List<String> cells) {
        last().add(cells);
        return this;
    }

    /** As {@link #row(String...)}, of a name and other cells. */
    public Result row(String name, Collection<String> others) {
        return row(Stream.concat(Stream.of(name), others.stream()).toList());
    }

    /** Adds lines to the section. */
    public Result lines(Iterable<String> lines) {
        lines.forEach(this::row);
        return this;
    }

    private TextTable last() {
        return sections.get(sections.size() - 1).rows;
    }

    /** A number as all sections show it, with four decimals. */
    public static String number(double number) {
        return Text.decimals(number, DECIMALS);
    }

    /** The values for programs. */
    public Map<String, Object> fields() {
        return fields;
    }

    /** The sections, with an empty line between two, however wide. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        each(Integer.MAX_VALUE, lines::add, lines::add);
        return lines;
    }

    private void each(int width, Consumer<String> title, Consumer<String> line) {
        boolean isFirst = true;
        for (Section section : sections) {
            List<String> rows = section.rows.lines(width);
            if (!isFirst && !(section.title.isEmpty() && rows.isEmpty())) {
                line.accept("");
            }
            if (!section.title.isEmpty()) {
                title.accept(section.title);
            }
            rows.forEach(line);
            isFirst &= section.title.isEmpty() && rows.isEmpty();
        }
    }

    /** Prints one JSON object, or the sections. */
    public void print(Console console, boolean json) throws IOException {
        if (json) {
            console.printJson(fields);
        } else {
            each(console.terminal().width(), title -> console.print(Style.HEADING, title), console.out()::println);
        }
    }
}

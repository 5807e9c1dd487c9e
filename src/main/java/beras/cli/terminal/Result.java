package beras.cli.terminal;

import beras.runs.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Prints one JSON object, or the sections, with an empty line between two. */
    public void print(Console console, boolean json) throws IOException {
        if (json) {
            console.printJson(fields);
            return;
        }
        boolean isFirst = true;
        for (Section section : sections) {
            List<String> rows = section.rows.lines(console.terminal().width());
            boolean isEmpty = section.title.isEmpty() && rows.isEmpty();
            if (!isFirst && !isEmpty) {
                console.out().println("");
            }
            if (!section.title.isEmpty()) {
                console.print(Style.HEADING, section.title);
            }
            rows.forEach(console.out()::println);
            isFirst &= isEmpty;
        }
    }
}

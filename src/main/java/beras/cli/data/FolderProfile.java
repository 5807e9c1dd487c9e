package beras.cli.data;

import beras.cli.options.TableTypes;
import beras.cli.terminal.Text;
import beras.cli.terminal.TextTable;
import beras.data.image.PictureFolder;
import beras.data.image.PictureFolder.Part;
import beras.runs.Json;
import beras.tensor.Shape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How many pictures of which class and size are in a folder. */
final class FolderProfile {

    private static final String CLASS = "class";
    private static final String PICTURES = "pictures";
    private static final int MOST_NAME = 40;

    private final PictureFolder folder;
    private final List<Shape> sizes;
    private final List<Part> parts = new ArrayList<>(); // those that have folders; none: there is one number for each class

    /** Reads the beginnings of all files. */
    FolderProfile(Path data) throws IOException {
        folder = PictureFolder.open(data);
        sizes = folder.sizes();
        for (Part part : Part.values()) {
            if (folder.tells(part)) {
                parts.add(part);
            }
        }
    }

    void print(PrintStream out, boolean json) throws IOException {
        if (json) {
            out.println(Json.text(fields()));
        } else {
            print(out);
        }
    }

    /** The numbers of a class, by what they are of. */
    private Map<String, Long> counts(int label) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Part part : parts) {
            counts.put(TableTypes.word(part), count(label, folder.part(part)));
        }
        if (parts.isEmpty()) {
            counts.put(PICTURES, count(label, folder.all()));
        }
        return counts;
    }

    private long count(int label, int[] which) {
        long count = 0;
        for (int i : which) {
            count += folder.label(i) == label ? 1 : 0;
        }
        return count;
    }

    private int least(int axis) {
        return sizes.stream().mapToInt(size -> size.dim(axis)).min().orElse(0);
    }

    private int most(int axis) {
        return sizes.stream().mapToInt(size -> size.dim(axis)).max().orElse(0);
    }

    private void print(PrintStream out) {
        out.println(Text.count(folder.count(), "picture") + " of " + folder.classes().size() + " classes, of " + least(0) + " to "
                + most(0) + " rows and " + least(1) + " to " + most(1) + " columns");
        TextTable table = new TextTable("l", "  r10").add(row(CLASS, counts(0).keySet()));
        for (int label = 0; label < folder.classes().size(); label++) {
            table.add(row(folder.classes().get(label), counts(label).values()));
        }
        table.print(out);
    }

    private static List<String> row(String name, Collection<?> cells) {
        return Stream.concat(Stream.of(Text.cut(name, MOST_NAME)), cells.stream().map(Object::toString)).toList();
    }

    private Map<String, Object> fields() {
        List<Map<String, Object>> classes = new ArrayList<>();
        for (int label = 0; label < folder.classes().size(); label++) {
            classes.add(Json.object("name", folder.classes().get(label)));
            classes.get(label).putAll(counts(label));
        }
        return Json.object("data", folder.toString(), PICTURES, folder.count(), "classes", classes,
                "rows", List.of(least(0), most(0)), "columns", List.of(least(1), most(1)));
    }
}

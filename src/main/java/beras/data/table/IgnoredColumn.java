package beras.data.table;

import beras.config.Config;
import beras.data.table.RowEncoder.Found;
import beras.feed.Encoding;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A column that is left out; the note says why. */
public final class IgnoredColumn extends TableColumn {

    /**
     * @throws IllegalArgumentException if the name is empty or {@code missing} is below 0
     */
    public IgnoredColumn(String name, long missing, String note) {
        super(name, missing, note);
    }

    static IgnoredColumn learn(SeenColumn seen) {
        return seen.ignored("as asked");
    }

    static IgnoredColumn read(Config config) {
        return new IgnoredColumn(config.text("name"), config.whole("missing"), config.text("note"));
    }

    @Override
    void addSettings(Map<String, Object> values) {}

    @Override
    public Type type() {
        return Type.IGNORED;
    }

    @Override
    List<String> valueFeatures() {
        return List.of();
    }

    @Override
    public String noun() {
        return "value";
    }

    @Override
    public String ifMissing() {
        return "the column is left out";
    }

    @Override
    public Input input() {
        return new Input(Set.of(Input.Kind.values()), List.of(), "It is not used.");
    }

    @Override
    public Map<String, Object> facts() {
        return Map.of();
    }

    @Override
    Found encodeValue(Object cell, boolean strict, float[] out, int at) {
        throw new AssertionError("a column without features");
    }

    @Override
    String expected() {
        throw new AssertionError("a column without features");
    }

    @Override
    Encoding.Source source(MissingMarks marks) {
        throw new AssertionError("a column without features");
    }
}

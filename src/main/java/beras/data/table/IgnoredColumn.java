package beras.data.table;

import beras.config.Config;

/** A column that is left out; the note has the reason. */
public final class IgnoredColumn extends TableColumn {

    /**
     * @throws IllegalArgumentException if the name is empty or {@code missing} is below 0
     */
    public IgnoredColumn(String name, long missing, String note) {
        super(Type.IGNORED, name, missing, note, -1);
    }

    static IgnoredColumn learn(ColumnStatistics cells) {
        return cells.ignored("as requested");
    }

    static IgnoredColumn read(Config config) {
        return new IgnoredColumn(config.text("name"), config.whole("missing"), config.text("note"));
    }
}
